//! Every example in GUIDE.md, README.md and the topics of `wiresearch help` is run.
//!
//! An example is a fenced block marked `console`. A line `$ …` is run by a shell in a desk that has `sample_wire`; what
//! follows until the next `$` is what it prints. `…` there stands for anything, in a line or as lines of its own;
//! nothing there stands for anything at all. `# exits 1` at the end of a command is its exit code.

use std::{fs, process::Stdio};

use crate::harness::{Desk, Said, project};

/// A command and what it prints.
#[derive(Debug, PartialEq)]
struct Example {
    command: String,
    code: i32,
    output: Vec<String>,
}

/// The examples of a text.
fn examples(markdown: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut inside = false;
    for line in markdown.lines() {
        if line.starts_with("```") {
            inside = line.trim() == "```console";
            continue;
        }
        if !inside {
            continue;
        }
        match (line.strip_prefix("$ "), examples.last_mut()) {
            (Some(command), _) => {
                let (command, code) = match command.rsplit_once("  # exits ") {
                    Some((command, code)) => (command, code.trim().parse().unwrap()),
                    None => (command, 0),
                };
                examples.push(Example {
                    command: command.to_owned(),
                    code,
                    output: Vec::new(),
                });
            }
            (None, Some(last)) => last.output.push(line.to_owned()),
            (None, None) => panic!("output before the first command: {line}"),
        }
    }
    examples
}

/// Whether lines are as an example has them.
fn fits(expected: &[String], found: &[&str]) -> bool {
    let Some((first, rest)) = expected.split_first() else {
        return found.is_empty();
    };
    if first.trim() == "…" {
        return (0..=found.len()).any(|skip| fits(rest, &found[skip..]));
    }
    let Some((line, others)) = found.split_first() else {
        return false;
    };
    line_fits(first, line) && fits(rest, others)
}

fn line_fits(expected: &str, found: &str) -> bool {
    let Some((start, rest)) = expected.split_once('…') else {
        return expected.trim_end() == found.trim_end();
    };
    // a snippet may have dots of its own, so each piece is looked for where it comes first
    let Some(mut found) = found.strip_prefix(start) else {
        return false;
    };
    let mut pieces = rest.split('…').peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return found.trim_end().ends_with(piece.trim_end());
        }
        match found.find(piece) {
            Some(at) => found = &found[at + piece.len()..],
            None => return false,
        }
    }
    true
}

/// A desk on which the examples may be typed: `wiresearch` is found, and `sample_wire` is there.
fn desk_for_examples() -> Desk {
    let desk = Desk::new();
    std::os::unix::fs::symlink(project().join("sample_wire"), desk.path("sample_wire")).unwrap();
    desk
}

fn run(desk: &Desk, command: &str) -> Said {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_wiresearch"));
    let folder = program.parent().unwrap().to_str().unwrap();
    let path = format!("{folder}:{}", std::env::var("PATH").unwrap_or_default());
    let mut shell = desk.command_of("sh", ["-c", command]);
    shell.env("PATH", path).stdin(Stdio::null());
    let output = shell.output().unwrap();
    Said::of(&shell, output)
}

/// Runs the examples of a text, one after the other on one desk.
fn check(name: &str) {
    let text = fs::read_to_string(project().join(name)).unwrap();
    let desk = desk_for_examples();
    for example in examples(&text) {
        let said = run(&desk, &example.command);
        said.exits(example.code);
        let found: Vec<&str> = said.stdout().lines().chain(said.stderr().lines()).collect();
        let fits = example.output.is_empty() || fits(&example.output, &found);
        let expected = example.output.join("\n");
        assert!(fits, "{name}: expected\n{expected}\n--- found{said}");
    }
}

#[test]
fn examples_are_found_and_compared() {
    let text = "x\n```console\n$ a b  # exits 1\none … three\n…\n$ c\n```\n```\n$ d\n```\n";
    let found = examples(text);
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].command.as_str(), found[0].code), ("a b", 1));
    assert!(fits(&found[0].output, &["one two three"]));
    assert!(fits(&found[0].output, &["one two three", "x", "y"]));
    assert!(!fits(&found[0].output, &["one two four"]));
    assert!(!fits(&found[0].output, &["x", "one two three"]));
    assert!(line_fits("a … b … c", "a 1 b 2 b 3 c"));
    assert!(!line_fits("a", "a b"));
}

#[test]
fn every_example_of_the_readme_is_run() {
    check("README.md");
}

#[test]
fn every_example_of_the_guide_is_run() {
    check("GUIDE.md");
}

#[test]
fn every_example_of_the_topics_is_run() {
    let desk = Desk::with_samples();
    for topic in ["query", "query.da", "dates", "formats", "cron"] {
        let name = format!("src/cli/guide/{topic}.md");
        check(&name);
        let text = fs::read_to_string(project().join(&name)).unwrap();
        for command in shell_commands(&text) {
            // what a query finds is the reader's archive's business; that it is understood is ours
            let said = run(&desk, command);
            let understood = said.stderr().is_empty() || said.stderr().starts_with("no hits");
            assert!(understood, "{name}{said}");
        }
    }
}

/// The lines of blocks marked `sh`.
fn shell_commands(markdown: &str) -> Vec<&str> {
    let mut commands = Vec::new();
    let mut inside = false;
    for line in markdown.lines() {
        if line.starts_with("```") {
            inside = line.trim() == "```sh";
        } else if inside && line.starts_with("wiresearch ") {
            commands.push(line);
        }
    }
    commands
}
