//! Exit codes and sentences.

use std::{io::Read, os::unix::ffi::OsStrExt, process::Stdio};

use crate::{
    harness::{Desk, Said},
    stories::{desk_with, total},
};

#[test]
fn without_an_index_there_is_a_sentence_and_the_command_that_makes_one() {
    let desk = Desk::new();
    for command in [&["query", "x"][..], &["show", "x"], &["status"]] {
        desk.run(command)
            .exits(2)
            .prints_nothing()
            .complains("wiresearch: no index in ")
            .complains("hint: make one with `wiresearch -i ");
    }
}

#[test]
fn misuse_is_exit_code_2_and_says_how_it_is_used() {
    let desk = Desk::new();
    for arguments in [
        &["query"][..],
        &["query", "x", "--format", "xml"],
        &["query", "x", "-n", "many"],
        &["query", "x", "--json", "--format", "csv"],
        &["no-such-command"],
        &["show"],
        &["analyze"],
        &["-q", "-v", "status"],
    ] {
        let said = desk.run(arguments);
        said.exits(2).prints_nothing().complains("error: ");
    }
}

#[test]
fn an_empty_argument_is_no_place() {
    // as a script gives it whose variable is not set; below the working folder lies everything that is indexed
    let desk = desk_with(3);
    for arguments in [
        &["index", ""][..],
        &["backup", ""],
        &["forget", "", "--yes"],
        &["forget", "feeds/00", "", "--yes"],
        &["show", ""],
    ] {
        desk.run(arguments)
            .exits(2)
            .prints_nothing()
            .complains("error: a value is required for ");
    }
    assert_eq!(total(&desk), 3);
}

#[test]
fn a_date_that_is_none_is_named_with_a_cure() {
    Desk::new()
        .run(["query", "x", "--since", "torsk"])
        .exits(2)
        .complains("'torsk' is not a date")
        .complains("wiresearch help dates");
}

#[test]
fn an_empty_condition_is_an_error_and_hides_nothing_silently() {
    let desk = desk_with(1);
    for (option, sentence) in [
        ("--since=", "'' is not a date"),
        ("--until= ", "'' is not a date"),
        ("--source=", "'--source <SOURCE>': it is empty"),
        ("--lang= ", "'--lang <LANG>': it is empty"),
    ] {
        desk.run(["query", "havn", option])
            .exits(2)
            .prints_nothing()
            .complains(sentence);
    }
}

#[test]
fn a_range_is_no_end_of_a_range_and_is_not_offered_as_one() {
    let desk = Desk::new();
    desk.run(["query", "x", "--since", "2017-03..2017-05"])
        .exits(2)
        .complains("2017-03..2017-05 is a range: give its ends to --since and --until");
    let said = desk.run(["query", "x", "--until", "torsk"]);
    assert!(!said.exits(2).stderr().contains(".."), "{said}");
}

#[test]
fn a_query_in_quotes_may_begin_with_an_excluded_word() {
    // it is read as a query, so what is missing is the index
    let desk = Desk::new();
    for text in [
        "-fred krig",
        "-kilde:afp krig",
        "-date:2017 krig",
        "-krig* x",
        "-krig, x",
        "-å x",
    ] {
        desk.run(["query", text]).exits(2).complains("no index");
        desk.run(["query", "-n", "5", text])
            .exits(2)
            .complains("no index");
    }
    desk.run(["query", "--", "-fred", "krig"])
        .exits(2)
        .complains("no index");
    for flag in ["--nosuch", "-x", "-krig"] {
        desk.run(["query", flag, "krig"])
            .exits(2)
            .complains("error: unexpected argument");
    }
}

#[test]
fn an_excluded_word_in_quotes_excludes() {
    let desk = desk_with(3);
    for (text, count) in [
        ("-date:2021-04-02 havn", "2\n"),
        ("-nummer* havn", "0\n"),
        ("-havnen, telegram", "0\n"),
    ] {
        let said = desk.run(["query", "--count", text]);
        assert_eq!(said.stdout(), count, "{said}");
    }
}

#[test]
fn inspect_names_what_it_cannot_read_and_reads_the_rest() {
    let desk = Desk::new();
    let picture = desk.write("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    let dispatch = desk.write(
        "b.txt",
        " date 2017-03 Der er fundet miner i området.\n\n/ritzau/\n",
    );
    let files = [picture, "missing.txt".into(), desk.path("feeds"), dispatch];
    let run = |flag: Option<&str>| {
        let arguments = ["inspect".into()].into_iter().chain(flag.map(Into::into));
        desk.run(arguments.chain(files.iter().cloned()))
    };
    let said = run(None);
    said.exits(2)
        .complains("a.txt: ")
        .complains("missing.txt: cannot be opened")
        .complains("feeds: is a folder")
        .prints("Der er fundet miner");
    let said = run(Some("--json"));
    let lines = said.exits(2).json_lines();
    assert_eq!(lines.len(), 4, "{said}");
    let errors = lines.iter().filter(|l| l["error"].is_string()).count();
    assert_eq!(errors, 3, "{said}");
    assert_eq!(lines[3]["date"], "2017-03");
    assert_eq!(lines[3]["source"], "Ritzau");
    assert_eq!(lines[3]["words"], 7);
}

#[test]
fn inspect_has_the_keys_it_promises() {
    let desk = Desk::new();
    desk.write("b.txt", " date 2017-03 Der er fundet miner.\n\n/ritzau/\n");
    let said = desk.run(["inspect", "--json", "b.txt"]);
    let object = said.succeeds().json();
    let keys: Vec<&String> = object.as_object().unwrap().keys().collect();
    let mut promised =
        "file item format id guid version date source credit headline slug byline place \
                        language status embargo urgency body words"
            .split_whitespace()
            .collect::<Vec<_>>();
    promised.sort_unstable();
    let mut keys: Vec<&str> = keys.into_iter().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, promised);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let desk = Desk::new();
    let lines = "minister\n".repeat(200_000);
    desk.write("lines", &lines);
    let mut command = desk.command(["analyze", "--tokens", "lines"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    Said::of(&command, output).succeeds();
}

#[test]
fn an_argument_that_is_not_utf_8_is_taken_as_latin_1() {
    let desk = Desk::new();
    let query = std::ffi::OsStr::from_bytes(b"r\xf8dgr\xf8d");
    desk.run(["-v".as_ref(), "query".as_ref(), query])
        .exits(2)
        .complains("no index");
}

#[test]
fn what_steers_a_terminal_does_not_come_back_in_an_error() {
    let desk = Desk::new();
    let said = desk.run(["inspect", "\u{1b}[31mred\u{202e}"]);
    said.exits(2);
    assert!(!said.stderr().contains(['\u{1b}', '\u{202e}']), "{said}");
}

#[test]
fn a_full_disk_is_an_error() {
    let full = std::fs::File::options().write(true).open("/dev/full");
    let Ok(full) = full else {
        eprintln!("skipped: no /dev/full here");
        return;
    };
    let desk = Desk::new();
    for arguments in [
        &["completions", "bash"][..],
        &["--version"],
        &["--help"],
        &["query", "--help"],
    ] {
        let full = full.try_clone().expect("a second handle");
        let mut command = desk.command(arguments);
        let output = command.stdout(full).output().expect("the program runs");
        Said::of(&command, output)
            .exits(2)
            .complains("cannot write the output");
    }
}
