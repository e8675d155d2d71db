//! Poor surroundings: plain locales, closed pipes, an index that is empty, damaged or being written.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use crate::harness::{Desk, Said};

const INDEX: &str = "home/.local/share/wiresearch";

fn story(n: usize) -> String {
    format!(
        " date 2021-04-{:02} Telegram nummer {n} om havnen.\n\nFærgen sejlede.\n\n/ritzau/\n",
        n % 28 + 1
    )
}

fn desk_with(stories: usize) -> Desk {
    let desk = Desk::new();
    for n in 0..stories {
        desk.write(&format!("feeds/{n}.txt"), story(n));
    }
    desk.run(["index", "feeds"]).succeeds();
    desk
}

#[test]
fn a_plain_locale_gets_plain_bars_and_is_asked_in_utf_8() {
    let desk = desk_with(3).with("LC_ALL", "C");
    let said = desk.run(["query", "færge", "--timeline=year", "--facets"]);
    said.succeeds().prints("2021  3  ####").prints("3 hits");
    assert!(!said.stdout().contains('█'), "{said}");
    desk.run(["show", "feeds/0.txt"])
        .succeeds()
        .prints("Færgen sejlede.");
    desk.run(["query", "fægren"]).exits(1).complains("færgen");
}

#[test]
fn a_pipe_that_nobody_reads_is_no_error_for_any_command() {
    let desk = desk_with(3);
    for arguments in [
        &["query", "færge"][..],
        &["query", "færge", "--count"],
        &["query", "færge", "--timeline", "--facets", "--explain"],
        &["query", "færge", "-n", "all", "--format", "jsonl"],
        &["show", "feeds/0.txt"],
        &["show", "feeds/0.txt", "--format", "json"],
        &["status"],
        &["status", "--json"],
        &["verify"],
        &["inspect", "feeds/0.txt"],
        &["analyze", "færge"],
        &["config"],
        &["help", "query"],
        &["--help"],
        &["completions", "bash"],
    ] {
        let mut command = desk.command(arguments);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        Said::of(&command, child.wait_with_output().unwrap()).succeeds();
    }
    // and a reader of what went wrong may leave, too
    let mut child = desk
        .command(["query", "fægre"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn an_index_without_dispatches_answers_everything() {
    let desk = Desk::new();
    desk.run(["index", "feeds"]).succeeds();
    desk.run(["query", "færge", "--facets", "--timeline"])
        .exits(1)
        .prints_nothing()
        .complains("no hits");
    desk.run(["query", "--", "-færge"])
        .exits(1)
        .complains("no hits");
    desk.run(["query", "færge", "--count"])
        .exits(1)
        .prints("0\n");
    for format in ["jsonl", "csv", "paths"] {
        desk.run(["query", "færge", "--format", format, "-n", "all"])
            .exits(1);
    }
    let said = desk.run(["query", "færge", "--json", "--facets", "--timeline"]);
    let answer = said.exits(1).json();
    assert_eq!(answer["total"], 0);
    assert_eq!(answer["hits"], serde_json::json!([]));
    assert_eq!(answer["timeline"], serde_json::json!([]));
    desk.run(["show", "feeds/0.txt"])
        .exits(1)
        .complains("no dispatch feeds/0.txt");
    desk.run(["status"]).succeeds().prints("dispatches    0");
    desk.run(["verify"]).succeeds();
}

/// The files of the index that hold something.
fn files_of_index(desk: &Desk) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![desk.path(INDEX)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if entry.metadata().unwrap().len() > 0 {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// What may befall a file.
type Harm = fn(&Path, &[u8]);

const HARMS: [(&str, Harm); 7] = [
    ("first byte flipped", |path, bytes| flip(path, bytes, 0)),
    ("middle byte flipped", |path, bytes| {
        flip(path, bytes, bytes.len() / 2);
    }),
    ("last byte flipped", |path, bytes| {
        flip(path, bytes, bytes.len() - 1);
    }),
    ("cut in half", |path, bytes| {
        fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
    }),
    ("all but cut off", |path, bytes| {
        fs::write(path, &bytes[..bytes.len().min(4)]).unwrap();
    }),
    ("emptied", |path, _| fs::write(path, b"").unwrap()),
    ("missing", |path, _| fs::remove_file(path).unwrap()),
];

fn flip(path: &Path, bytes: &[u8], at: usize) {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 0x55;
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_damaged_index_is_an_error_or_does_no_harm_and_verify_sees_it() {
    let desk = desk_with(30);
    let query = ["query", "færge nummer", "--format", "jsonl", "-n", "all"];
    let sound = desk.run(query).succeeds().stdout().to_owned();
    let files = files_of_index(&desk);
    assert!(files.len() > 6, "{files:?}");
    for path in files {
        let bytes = fs::read(&path).unwrap();
        for (what, harm) in HARMS {
            harm(&path, &bytes);
            let said = desk.run(query);
            let case = format!("{} {what}", path.display());
            if said.stdout() != sound || !said.stderr().is_empty() {
                said.exits(2).complains("wiresearch: ");
            }
            let no_panic =
                |said: &Said| assert!(!said.stderr().contains("panicked"), "{case}{said}");
            no_panic(&said);
            for command in [&["verify"][..], &["status"], &["show", "feeds/3.txt"]] {
                let said = desk.run(command);
                no_panic(&said);
                let name = path.file_name().unwrap().to_str().unwrap();
                // the list of files that may be removed holds names, and may be missing
                let shows = name != ".managed.json" || what == "emptied";
                if command == ["verify"] && shows {
                    let is_told =
                        ["meta.json", "current"].contains(&name) || said.stderr().contains(name);
                    assert!(is_told, "{case}{said}");
                    assert!(!said.stderr().is_empty(), "{case}{said}");
                    said.exits(2).prints_nothing();
                }
            }
            fs::write(&path, &bytes).unwrap();
        }
    }
    assert_eq!(desk.run(query).succeeds().stdout(), sound);
}

#[test]
fn a_rebuild_needs_the_records_only() {
    let desk = desk_with(30);
    for end in [".managed.json", ".pos", ".term"] {
        let ends = |path: &&PathBuf| path.to_string_lossy().ends_with(end);
        let files = files_of_index(&desk);
        let file = files.iter().find(ends).unwrap();
        flip(file, &fs::read(file).unwrap(), 0);
        desk.run(["verify"]).exits(2).complains(end);
        desk.run(["index", "--rebuild"]).succeeds();
        desk.run(["verify"]).succeeds();
    }
    let files = files_of_index(&desk);
    let positions = files
        .iter()
        .find(|p| p.extension().is_some_and(|e| e == "pos"));
    fs::remove_file(positions.unwrap()).unwrap();
    desk.run(["query", "færge"])
        .exits(2)
        .complains("it is missing");
    desk.run(["backup", "copy"])
        .exits(2)
        .complains("it is missing");
    desk.run(["index", "--rebuild"]).succeeds();
    desk.run(["query", "--count", "færge"])
        .succeeds()
        .prints("30\n");
}

#[test]
fn an_index_that_is_being_written_answers_from_the_last_commit() {
    let desk = desk_with(50);
    for n in 50..3000 {
        desk.write(&format!("feeds/{n}.txt"), story(n));
    }
    let mut run = desk
        .command(["index"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut counts = Vec::new();
    let code = loop {
        let said = desk.run(["query", "--count", "færge"]);
        counts.push(said.succeeds().stdout().trim().parse::<u32>().unwrap());
        desk.run(["query", "færge", "--facets", "--timeline"])
            .succeeds();
        desk.run(["show", "feeds/1.txt"]).succeeds();
        if let Some(status) = run.try_wait().unwrap() {
            break status.code();
        }
    };
    assert_eq!(code, Some(0));
    assert_eq!(counts[0], 50);
    assert!(counts.is_sorted(), "{counts:?}");
    desk.run(["query", "--count", "færge"])
        .succeeds()
        .prints("3000\n");
}
