//! What a terminal gets and a pipe does not. The terminal is one of `script` (util-linux).

use std::process::Stdio;

use unicode_width::UnicodeWidthStr;

use crate::harness::{Desk, Said};

const DISPATCH: &str = " date 2017-03-14 Der er fundet landminer i et boligkvarter i Palmyra.\n\n\
    Sundhedsministeriets arbejdsmarkedsstyrelseskontorchef siger \u{1b}[2J\u{202e}og mere.\n\n/ritzau/Reuters\n";

/// Runs a shell command on a terminal of so many columns and lines; `None` without `script`.
fn on_a_terminal(desk: &Desk, columns: u32, rows: u32, command: &str) -> Option<Said> {
    let wiresearch = env!("CARGO_BIN_EXE_wiresearch");
    let typed = format!(
        "stty cols {columns} rows {rows} -opost; {}",
        command.replace("wiresearch", wiresearch)
    );
    let mut script = desk.command_of("script", ["-qec", &typed, "/dev/null"]);
    script.stdin(Stdio::null());
    match script.output() {
        Ok(output) => Some(Said::of(&script, output)),
        Err(_) => {
            eprintln!("skipped: no `script` here");
            None
        }
    }
}

fn desk(term: &str) -> Desk {
    let desk = Desk::new().with("TERM", term);
    desk.write("a.txt", DISPATCH);
    desk
}

#[test]
fn twenty_columns_are_filled_and_not_overrun() {
    let desk = desk("dumb");
    let Some(said) = on_a_terminal(&desk, 20, 50, "wiresearch inspect a.txt") else {
        return;
    };
    said.exits(0).prints("arbejdsmarkedsstyrel\n");
    for line in said.stdout().lines() {
        assert!(line.width() <= 20, "{line:?}{said}");
    }
}

/// What is left of a text when the terminal has done what its escape sequences say: links and styles.
fn seen(text: &str) -> String {
    let mut seen = String::new();
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('\u{1b}') {
        seen.push_str(before);
        let end = if escape.starts_with(']') {
            "\u{1b}\\"
        } else {
            "m"
        };
        rest = escape.split_once(end).unwrap().1;
    }
    seen + rest
}

#[test]
fn twenty_columns_are_enough_for_every_answer() {
    for term in ["dumb", "xterm-256color"] {
        let desk = Desk::with_samples().with("TERM", term).with("PAGER", "cat");
        let path = crate::harness::project().join("sample_wire/plain-text/001-palmyra.txt");
        desk.write(
            "feeds/speciallægepraksisplanlægningsstabiliseringsperiode.txt",
            " date 2018-05 Speciallægepraksisplanlægningsstabiliseringsperioden er forbi.\n\n/ritzau/\n",
        );
        desk.run(["index", "feeds"]).succeeds();
        for command in [
            "query mine --facets --timeline=day --explain",
            "query miner NEAR/5 hær OR landmine --full",
            "query speciallægepraksisplanlægningsstabiliseringsperiode --explain",
            "query landmner Palmyra 2>&1",
            "query speciallægepraksisplanlægningsstabiliseringsplanlægger 2>&1",
            &format!("show {} --query mine", path.display()),
            "status",
            "analyze Sundhedsministeren og speciallægepraksisplanlægningsstabiliseringsperioden",
            "analyze --query Sundhedsministeren og vejret",
        ] {
            let Some(said) = on_a_terminal(&desk, 20, 50, &format!("wiresearch {command}")) else {
                return;
            };
            let text = seen(said.stdout());
            assert!(text.lines().count() > 2, "{said}");
            for line in text.lines() {
                assert!(line.width() <= 20, "{line:?}{said}");
            }
        }
    }
}

#[test]
fn colours_are_for_terminals_that_show_them() {
    let coloured = |term: &str, variable: Option<&str>, flags: &str| {
        let mut desk = desk(term);
        if let Some(variable) = variable {
            desk = desk.with(variable, "1");
        }
        let command = format!("wiresearch {flags} inspect a.txt");
        on_a_terminal(&desk, 80, 50, &command).map(|s| s.exits(0).stdout().contains('\u{1b}'))
    };
    let Some(usual) = coloured("xterm-256color", None, "") else {
        return;
    };
    assert!(usual);
    assert_eq!(coloured("dumb", None, ""), Some(false));
    assert_eq!(
        coloured("xterm-256color", Some("NO_COLOR"), ""),
        Some(false)
    );
    assert_eq!(
        coloured("xterm-256color", None, "--color never"),
        Some(false)
    );
    assert_eq!(
        coloured("dumb", Some("NO_COLOR"), "--color always"),
        Some(true)
    );
}

#[test]
fn without_colours_nothing_is_bold_or_dimmed_or_a_link_either() {
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let desk = Desk::with_samples().with("TERM", "xterm").with(name, value);
        let query = "wiresearch query Palmyra --facets --timeline; wiresearch query landmner";
        let Some(said) = on_a_terminal(&desk, 80, 200, query) else {
            return;
        };
        said.exits(1).prints("Palmyra").prints("no hits");
        assert!(!said.stdout().contains('\u{1b}'), "{said}");
    }
}

#[test]
fn a_pipe_gets_plain_text() {
    let desk = desk("xterm-256color");
    let said = desk.run(["inspect", "a.txt"]);
    assert!(!said.succeeds().stdout().contains('\u{1b}'), "{said}");
    let said = desk.run(["--color", "always", "inspect", "a.txt"]);
    said.succeeds().prints("\u{1b}[");
}

#[test]
fn what_steers_a_terminal_never_comes_out_of_a_dispatch() {
    let desk = desk("dumb");
    let Some(said) = on_a_terminal(&desk, 80, 50, "wiresearch inspect a.txt") else {
        return;
    };
    let steers = |c: char| (c.is_control() && !matches!(c, '\n' | '\r')) || c == '\u{202e}';
    assert!(!said.exits(0).stdout().contains(steers), "{said}");
    for flag in ["--json", "--color=always"] {
        let said = desk.run(["inspect", "a.txt", flag]);
        let plain = said.succeeds().stdout();
        assert!(
            !plain.contains("\u{1b}[2J") && !plain.contains('\u{202e}'),
            "{said}"
        );
    }
}

#[test]
fn one_is_no_plural() {
    let desk = desk("xterm");
    let Some(said) = on_a_terminal(&desk, 80, 50, "wiresearch index a.txt") else {
        return;
    };
    said.exits(0)
        .prints("1 file: 1 new, 0 changed, 0 unchanged; 1 dispatch in ");
    desk.run(["status"]).succeeds().prints(", 1 segment\n");
    let said = desk.run(["verify"]);
    said.succeeds()
        .prints(" files, 1 dispatch with its versions, 1 feed file\n");
}

#[test]
fn the_pager_gets_what_is_longer_than_the_screen() {
    let desk = desk("dumb").with("PAGER", "sed 's/^/> /'");
    let Some(short) = on_a_terminal(&desk, 80, 50, "wiresearch inspect a.txt") else {
        return;
    };
    assert!(!short.exits(0).stdout().contains("> "), "{short}");
    let long = on_a_terminal(&desk, 80, 5, "wiresearch inspect a.txt").unwrap();
    let paged = long.exits(0).stdout().lines().all(|l| l.starts_with("> "));
    assert!(paged, "{long}");
    // a reader who leaves early is no error, nor is a pager that is not there
    let desk = desk.with("PAGER", "head -n 1");
    let left = on_a_terminal(&desk, 80, 5, "wiresearch inspect a.txt a.txt a.txt").unwrap();
    assert_eq!(left.exits(0).stdout().lines().count(), 1, "{left}");
    let piped = desk.run(["inspect", "a.txt"]);
    assert!(piped.succeeds().stdout().lines().count() > 1);
}

#[test]
fn paths_are_links_on_terminals_only() {
    let samples = Desk::with_samples().with("TERM", "xterm");
    let query = "wiresearch query Palmyra";
    let Some(said) = on_a_terminal(&samples, 80, 200, query) else {
        return;
    };
    said.exits(0).prints("\u{1b}]8;;file:///");
    let said = samples.run(["--color", "always", "query", "Palmyra"]);
    assert!(!said.succeeds().stdout().contains("\u{1b}]8"), "{said}");
}
