//! The output formats, on the samples.

use std::collections::BTreeSet;

use crate::harness::{Desk, is_as_expected};

/// Figures that differ from run to run, and the folder of the project, blanked.
fn settled(text: &str) -> String {
    let folder = crate::harness::project().to_str().unwrap();
    let mut settled = String::new();
    for line in text.replace(folder, "").lines() {
        let line = match line.rsplit_once(" (") {
            Some((before, after)) if after.ends_with(" ms)") || after.ends_with(" s)") => {
                format!("{before} (…)")
            }
            _ => line.to_owned(),
        };
        settled.push_str(&line);
        settled.push('\n');
    }
    settled
}

#[test]
fn text_is_as_expected_in_every_width() {
    let desk = Desk::with_samples();
    for columns in ["20", "80", "200"] {
        let mut command = desk.command([
            "query",
            "mine",
            "--sort",
            "newest",
            "--timeline=year",
            "--facets",
        ]);
        let output = command.env("COLUMNS", columns).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        is_as_expected(&format!("query/text.{columns}.txt"), &settled(&text));
    }
}

#[test]
fn json_has_the_keys_it_promises() {
    let desk = Desk::with_samples();
    let said = desk.run([
        "query",
        "--json",
        "Palmyra landminer",
        "--facets",
        "--timeline",
    ]);
    let answer = said.succeeds().json();
    let keys = |value: &serde_json::Value| -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    let expected = |list: &str| {
        list.split_whitespace()
            .map(str::to_owned)
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(
        keys(&answer),
        expected("format query read_as total took_ms hits facets timeline")
    );
    assert_eq!(answer["format"], 1);
    assert_eq!(answer["total"], answer["hits"].as_array().unwrap().len());
    let promised =
        expected("id guid version date source headline language status path item score snippet");
    assert!(keys(&answer["hits"][0]).is_superset(&promised), "{said}");
    let marks = &answer["hits"][0]["snippet"]["marks"];
    assert!(marks.as_array().is_some_and(|m| !m.is_empty()), "{said}");
    let said = desk.run(["query", "--json", "--full", "Palmyra"]);
    assert!(said.succeeds().json()["hits"][0]["body"].is_string());
}

#[test]
fn json_lines_are_the_hits_of_the_object() {
    let desk = Desk::with_samples();
    for limit in ["3", "all"] {
        let run = |format| desk.run(["query", "mine", "--full", "-n", limit, "--format", format]);
        let lines = run("jsonl");
        let object = run("json");
        let hits = object.succeeds().json()["hits"].clone();
        assert_eq!(serde_json::Value::from(lines.succeeds().json_lines()), hits);
    }
}

#[test]
fn every_format_agrees_on_how_many_there_are() {
    let desk = Desk::with_samples();
    let run = |flags: &[&str]| {
        let said = desk.run(["query", "mine", "-n", "all"].iter().chain(flags));
        said.succeeds().stdout().to_owned()
    };
    let count: usize = run(&["--count"]).trim().parse().unwrap();
    assert!(count > 2);
    assert_eq!(run(&["--format", "jsonl"]).lines().count(), count);
    assert_eq!(run(&["--format", "paths"]).lines().count(), count);
    assert_eq!(run(&["-0"]).matches('\0').count(), count);
    let csv = run(&["--format", "csv"]);
    let rows = csv::Reader::from_reader(csv.as_bytes()).into_records();
    assert_eq!(rows.map(Result::unwrap).count(), count);
    assert!(csv.starts_with("id,guid,version,date,") && csv.ends_with("\r\n"));
    assert!(run(&[]).contains(&format!("{count} hits (")));
}

#[test]
fn pages_follow_one_another() {
    let desk = Desk::with_samples();
    let paths = |flags: &[&str]| -> Vec<String> {
        let arguments = ["query", "mine", "--format", "paths"];
        let said = desk.run(arguments.iter().chain(flags));
        said.exits(0).stdout().lines().map(str::to_owned).collect()
    };
    let all = paths(&["-n", "all"]);
    let first = paths(&["-n", "2"]);
    let second = paths(&["-n", "all", "--offset", "2"]);
    assert_eq!([first, second].concat(), all);
}

#[test]
fn none_asked_for_is_the_count_and_beyond_the_last_is_said() {
    let desk = Desk::with_samples();
    let text = |flags: &[&str]| {
        let said = desk.run(["query", "mine"].iter().chain(flags));
        settled(said.succeeds().stdout())
    };
    assert_eq!(text(&["-n", "0"]), "10 hits (…)\n");
    assert_eq!(text(&["--offset", "10"]), "no more of 10 hits (…)\n");
    assert!(text(&["-n", "0", "--timeline=year"]).starts_with("2012  "));
}

#[test]
fn nul_goes_with_paths_only() {
    let desk = Desk::with_samples();
    for format in ["text", "json", "jsonl", "csv"] {
        desk.run(["query", "mine", "-0", "--format", format])
            .exits(2)
            .prints_nothing()
            .complains(&format!("expected --format paths, found {format}"));
    }
    let paths = desk.run(["query", "mine", "-0", "--format", "paths"]);
    assert_eq!(
        paths.succeeds().stdout(),
        desk.run(["query", "mine", "-0"]).succeeds().stdout()
    );
}

#[test]
fn a_query_without_a_word_says_that_it_finds_everything() {
    let desk = Desk::with_samples();
    for text in ["", "*", "()"] {
        desk.run(["query", text, "--count"])
            .exits(0)
            .prints("48\n")
            .complains("leaves no dispatch out");
    }
    // nothing was typed that could mean something else
    desk.run(["query", "--since", "1990", "--count"]).succeeds();
    desk.run(["query", "-q", "*", "--count"]).succeeds();
}

#[test]
fn no_hits_are_exit_code_1_with_advice_on_standard_error() {
    let desk = Desk::with_samples();
    let said = desk.run(["query", "Palmyra landmner"]);
    said.exits(1)
        .prints_nothing()
        .complains("no hits")
        .complains("landmner")
        .complains("Palmyra");
    for format in ["jsonl", "csv", "paths"] {
        desk.run(["query", "Palmyra landmner", "--format", format])
            .exits(1)
            .complains("no hits");
    }
    let said = desk.run(["query", "--json", "Palmyra landmner"]);
    let answer = said.exits(1).json();
    assert_eq!(answer["total"], 0);
    assert_eq!(answer["suggestions"][0]["word"], "landmner");
    desk.run(["query", "--count", "Palmyra landmner"])
        .exits(1)
        .prints("0\n");
    desk.run(["-q", "query", "Palmyra landmner"])
        .exits(1)
        .prints_nothing();
}

#[test]
fn only_what_was_given_is_to_be_left_out() {
    let desk = Desk::with_samples();
    for (given, named) in [
        (&["--since", "2090"][..], "hit without --since\n"),
        (&["--until", "1990"], "hit without --until\n"),
        (
            &["--since", "2090", "--until", "2091"],
            "hit without --since, --until\n",
        ),
    ] {
        desk.run([&["query", "Palmyra"], given].concat())
            .exits(1)
            .complains(named);
    }
}

#[test]
fn an_explanation_without_hits_counts_each_word_once() {
    let desk = Desk::with_samples();
    for format in ["text", "jsonl"] {
        let said = desk.run(["query", "Palmyra landmner", "--explain", "--format", format]);
        said.exits(1).complains("near it: landminer");
        let both = format!("{}{}", said.stdout(), said.stderr());
        let lines = both
            .lines()
            .map(|l| l.split_whitespace().collect::<Vec<_>>());
        let lines: Vec<Vec<&str>> = lines.collect();
        let counts = |word: &str| lines.iter().filter(|l| l[..].starts_with(&[word])).count();
        assert_eq!(counts("Palmyra"), 1, "{said}");
        assert!(
            lines.iter().any(|l| l[..].starts_with(&["landmner", "0"])),
            "{said}"
        );
    }
}

#[test]
fn a_closed_pipe_ends_a_long_answer_quietly() {
    let desk = Desk::with_samples();
    for format in ["text", "json", "jsonl", "csv", "paths"] {
        let mut command = desk.command(["query", "i", "-n", "all", "--full", "--format", format]);
        let mut child = command
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        crate::harness::Said::of(&command, output).succeeds();
    }
}

#[test]
fn show_prints_what_query_found_also_by_path() {
    let desk = Desk::with_samples();
    let answer = desk
        .run(["query", "--json", "--full", "Palmyra landminer"])
        .json();
    let hit = &answer["hits"][0];
    let id = hit["id"].as_str().unwrap();
    let path = hit["path"].as_str().unwrap();
    let shown = desk.run(["show", "--format", "json", id, path]);
    let lines = shown.succeeds().json_lines();
    assert_eq!(lines[0], lines[1]);
    for (key, value) in hit.as_object().unwrap() {
        let of_a_search = ["score", "snippet", "opening", "headline_marks"].contains(&key.as_str());
        assert!(of_a_search || &lines[0][key] == value, "{key}{shown}");
    }
    desk.run(["show", id, "no-such-id"])
        .exits(1)
        .prints("Palmyra")
        .complains("no dispatch no-such-id");
    desk.run(["--color", "always", "show", id, "--query", "Palmyra"])
        .succeeds()
        .prints("\u{1b}[1m\u{1b}[31mPalmyra");
}

#[test]
fn status_has_the_keys_it_promises() {
    let desk = Desk::with_samples();
    let status = desk.run(["status", "--json"]).succeeds().json();
    for key in "dispatches dates sources roots last_run bytes schema analysis rejected passed_over \
                gone embargoed killed"
        .split_whitespace()
    {
        assert!(status.get(key).is_some(), "{key}");
    }
    desk.run(["status"])
        .succeeds()
        .prints("dispatches")
        .prints("Ritzau");
}

#[test]
fn a_path_that_is_not_utf_8_comes_out_as_it_is() {
    use std::os::unix::ffi::OsStrExt;
    let desk = Desk::new();
    let name = b"feeds/r\xf8d.txt";
    let path = desk.path("").join(std::ffi::OsStr::from_bytes(name));
    if std::fs::write(&path, " date 2017-03 Der er fundet miner.\n").is_err() {
        eprintln!("skipped: file names are UTF-8 here");
        return;
    }
    desk.run(["index", "feeds"]).succeeds();
    let output = desk.command(["query", "miner", "-0"]).output().unwrap();
    assert!(output.stdout.ends_with(b"feeds/r\xf8d.txt\0"));
    let hit = desk.run(["query", "miner", "--json"]).json();
    assert!(
        hit["hits"][0]["path"]
            .as_str()
            .unwrap()
            .ends_with("r\u{fffd}d.txt")
    );
    // and goes in again, as a shell completes it or `query -0` names it
    let name = path.strip_prefix(desk.path("")).unwrap().as_os_str();
    for named in [name, path.as_os_str()] {
        let shown = desk.run(["show".as_ref(), named]);
        shown.succeeds().prints("Der er fundet miner.");
    }
    let unknown = std::ffi::OsStr::from_bytes(b"r\xf8v.txt");
    desk.run(["show".as_ref(), unknown])
        .exits(1)
        .complains("no dispatch r\u{fffd}v.txt");
    desk.run(["forget".as_ref(), "--yes".as_ref(), unknown])
        .exits(2)
        .complains("r\u{fffd}v.txt is no dispatch");
    desk.run(["forget".as_ref(), "--yes".as_ref(), name])
        .exits(0)
        .complains("erased 1 dispatch, 1 version\n");
    desk.run(["query", "miner"]).exits(1);
}
