//! The help as it is read: the whole of it is a golden file.

use crate::harness::{Desk, is_as_expected};

/// The subcommands, as the program's own help lists them.
fn subcommands(desk: &Desk) -> Vec<String> {
    let help = desk.run(["--help"]);
    let help = help.succeeds().stdout();
    let list = help.split_once("Commands:\n").unwrap().1;
    let list = list.split("\n\n").next().unwrap();
    let names: Vec<String> = list
        .lines()
        .filter(|l| l.starts_with("  ") && !l.starts_with("   "))
        .filter_map(|l| l.split_whitespace().next())
        .map(str::to_owned)
        .collect();
    assert!(names.len() > 8, "{help}");
    names
}

#[test]
fn the_whole_help_reads_as_expected() {
    let desk = Desk::new();
    is_as_expected(
        "help/wiresearch.txt",
        desk.run(["--help"]).succeeds().stdout(),
    );
    is_as_expected("help/short.txt", desk.run(["-h"]).succeeds().stdout());
    for name in subcommands(&desk) {
        let help = desk.run([&name, "--help"]);
        is_as_expected(&format!("help/{name}.txt"), help.succeeds().stdout());
    }
}

#[test]
fn no_golden_help_is_left_of_a_subcommand_that_went() {
    let known = subcommands(&Desk::new());
    let folder = crate::harness::project().join("tests/expected/help");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let name = name.trim_end_matches(".txt");
        let general = ["wiresearch", "short"].contains(&name);
        assert!(general || known.iter().any(|k| k == name), "{name}");
    }
}

#[test]
fn help_on_the_query_is_the_command_and_then_the_language() {
    let desk = Desk::new();
    let said = desk.run(["help", "query"]);
    let text = said.succeeds().stdout();
    let command = text.find("Usage: wiresearch query").unwrap();
    let language = text.find("\nThe query language\n").unwrap();
    assert!(command < language);
    assert!(text.starts_with(desk.run(["query", "--help"]).stdout()));
}

#[test]
fn every_topic_and_every_subcommand_has_help() {
    let desk = Desk::new();
    for topic in ["query", "søgning", "dates", "formats", "cron"] {
        let said = desk.run(["help", topic]);
        assert!(said.succeeds().stdout().lines().count() > 5, "{said}");
    }
    for name in subcommands(&desk) {
        desk.run(["help", &name])
            .succeeds()
            .prints("Usage: wiresearch");
    }
    desk.run(["help", "nothing"])
        .exits(2)
        .prints_nothing()
        .complains("hint: ");
}

#[test]
fn without_a_command_the_help_is_an_error() {
    Desk::new()
        .run([""; 0])
        .exits(2)
        .prints_nothing()
        .complains("Usage:");
}

#[test]
fn completions_name_every_subcommand() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish"] {
        let said = desk.run(["completions", shell]);
        for name in subcommands(&desk) {
            said.succeeds().prints(&name);
        }
    }
}

#[test]
fn there_is_a_man_page_for_every_subcommand_and_for_the_language_in_two() {
    let desk = Desk::new();
    desk.run(["man", "man"]).succeeds().prints_nothing();
    let mut pages = vec!["man1/wiresearch.1".to_owned()];
    pages.extend(
        subcommands(&desk)
            .iter()
            .map(|n| format!("man1/wiresearch-{n}.1")),
    );
    pages.extend(["wiresearch-query", "wiresearch-søgning"].map(|n| format!("man7/{n}.7")));
    for page in pages {
        let text = std::fs::read_to_string(desk.path("man").join(&page)).unwrap();
        assert!(
            text.contains(".TH wiresearch") && text.contains(".SH NAME"),
            "{page}"
        );
    }
    desk.write("a-file", "");
    desk.run(["man", "a-file"]).exits(2).complains("a-file");
}
