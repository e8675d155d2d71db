//! `analyze`: tables for people, lines for scorers.

use crate::harness::Desk;

#[test]
fn each_word_is_shown_with_its_forms() {
    let said = Desk::new().run(["analyze", "Statsministeren", "tager over"]);
    let lines: Vec<&str> = said.succeeds().stdout().lines().collect();
    assert_eq!(lines.len(), 4, "{said}");
    assert!(lines[0].starts_with("word "), "{said}");
    assert!(
        lines[1].starts_with("Statsministeren  statsministeren  "),
        "{said}"
    );
}

#[test]
fn lines_are_answered_with_lines() {
    let desk = Desk::new();
    let input = "Haven og havene\n\nhav\r\n\u{1f34f}";
    for flags in [
        &["--tokens", "-"][..],
        &["--tokens", "-", "--query"],
        &["--splits", "-"],
    ] {
        let said = desk.run_with(["analyze"].iter().chain(flags), input);
        let lines: Vec<&str> = said.succeeds().stdout().lines().collect();
        let texts: Vec<&str> = lines
            .iter()
            .map(|l| l.split('\t').next().unwrap())
            .collect();
        assert_eq!(texts, ["Haven og havene", "", "hav", "\u{1f34f}"], "{said}");
        assert!(lines.iter().all(|l| l.matches('\t').count() == 1), "{said}");
    }
    let tokens = desk.run_with(["analyze", "--tokens", "-"], "hav\nhavet");
    let tokens: Vec<&str> = tokens
        .stdout()
        .lines()
        .map(|l| l.split_once('\t').unwrap().1)
        .collect();
    assert_eq!(tokens[0], tokens[1]);
}

#[test]
fn a_file_that_is_not_there_is_an_error() {
    let said = Desk::new().run(["analyze", "--tokens", "nowhere.txt"]);
    said.exits(2)
        .prints_nothing()
        .complains("cannot open nowhere.txt");
}
