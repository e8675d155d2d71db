//! Tests: what holds for any text.

use std::collections::HashSet;

use jiff::{Timestamp, tz::TimeZone};
use proptest::prelude::*;

use super::{Passage, Query, names::FIELDS, parse, read_as};

/// Pieces that mean something, next to each other in every order.
const PIECES: &[&str] = &[
    "AND",
    "OG",
    "OR",
    "ELLER",
    "NOT",
    "IKKE",
    "ANDNOT",
    "NEAR/5",
    "W/3",
    "ONEAR",
    "ONEAR/2",
    "NEAR/0",
    "headline:",
    "brødtekst:",
    "source:",
    "id:",
    "date:",
    "Dato:",
    "atleast2:",
    "mindst3:",
    "atleast0:",
    "(",
    ")",
    "\"",
    "»",
    "«",
    "„",
    "“",
    "”",
    "'",
    "’",
    "=",
    "-",
    "–",
    "~",
    "*",
    "?",
    ":",
    "/",
    "..",
    ",",
    ".",
    "\u{A0}",
    "\t",
    "krig",
    "Fred",
    "EU",
    "EU-topmøde",
    "KRIG",
    "m?n",
    "sundheds*",
    "landmyne~",
    "2017",
    "2017-03",
    "7d",
    "marts",
    "i går",
    "uge 11",
    "14/3/2017",
    "..2016",
    "2016..",
    "\"marts 2016\"",
    "date:\"marts 2016\"..",
    "date:..\"2017\"",
    "12:30",
    "http://dr.dk/?id=3",
    "e\u{301}",
    "½",
    "ª",
    "\u{FEFF}",
];

fn pieced() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[a-zæøåA-ZÆØÅ0-9]{1,4}",
    ];
    let blank = prop_oneof![3 => Just(" "), 2 => Just("")];
    prop::collection::vec((piece, blank), 0..24).prop_map(|pieces| {
        let mut text = String::new();
        for (piece, blank) in pieces {
            text.push_str(&piece);
            text.push_str(blank);
        }
        text
    })
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![6 => pieced(), 1 => any::<String>()]
}

fn read(text: &str) -> Query {
    let now: Timestamp = "2017-03-15T12:00:00Z".parse().expect("a moment");
    let zone = TimeZone::get("Europe/Copenhagen").expect("a bundled zone");
    parse(text, now, &zone).query
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn a_reading_reads_as_itself(text in any_text()) {
        let query = read(&text);
        let written = read_as(&query);
        prop_assert_eq!(read(&written), query, "{}", written);
    }

    #[test]
    fn no_letter_and_no_digit_is_lost(text in any_text()) {
        let query = read(&text);
        let mut kept = HashSet::new();
        leaves(&query, &mut |leaf| kept.extend(runs(leaf).map(str::to_owned)));
        for run in runs(&text) {
            prop_assert!(kept.contains(run) || is_syntax(run, &text), "{} in {:?}", run, query);
        }
    }

    #[test]
    fn a_tree_is_never_larger_than_its_text(text in any_text()) {
        let (nodes, depth) = size(&read(&text));
        prop_assert!(nodes <= 2 * text.len() + 1);
        prop_assert!(depth <= 40);
    }
}

#[test]
fn words_on_both_sides_of_a_quote_stay_two() {
    let text = "date:\u{201e} \"marts 2016\"AND \u{201e} ";
    let mut kept = Vec::new();
    leaves(&read(text), &mut |leaf| {
        kept.extend(runs(leaf).map(str::to_owned));
    });
    assert_eq!(kept, ["marts", "2016", "AND"]);
}

#[test]
fn any_piece_over_and_over_is_read() {
    for piece in [
        "(",
        ")",
        "()",
        "(a",
        "a)",
        "\"",
        "\" ",
        "»",
        "»\"",
        "\"»a",
        "-",
        "- ",
        "-a ",
        "NOT ",
        "a NOT ",
        "NOT -a ",
        "OR ",
        "a OR ",
        "a AND ",
        "a NEAR/5 ",
        "a NEAR/5 b NEAR/6 ",
        "(a NEAR/5 ",
        "headline:",
        "headline:(",
        "headline:\"",
        "-headline:(",
        "atleast2:",
        "atleast2:(a ",
        "atleast2:(",
        "source:",
        "source:(",
        "date:",
        "date:(",
        "date:2017-",
        "date:\"1 ",
        "date:marts ",
        "date:\"2016\"..2017 ",
        "date:2016..\"2017\" ",
        "date:\"1\"..\"",
        "date:\"1\"..",
        "=",
        "=\"",
        "=\"a ",
        "*",
        "?",
        "~",
        "a*",
        "a?",
        "a~",
        "å",
        "a",
        "a ",
        "..",
        "1",
        "1.",
        ":",
        "'",
        "\u{301}",
        "a\u{301}",
        " ",
    ] {
        // a lower-case letter, so that operators count
        let text = format!("b {}", piece.repeat((1 << 17) / piece.len()));
        let query = read(&text);
        let (nodes, depth) = size(&query);
        assert!(nodes <= 2 * text.len(), "{piece}");
        assert!(depth <= 40, "{piece}: {depth}");
        assert_eq!(read(&read_as(&query)), query, "{piece}");
    }
}

/// Every word, value and date of the tree.
fn leaves(query: &Query, each: &mut dyn FnMut(&str)) {
    match query {
        Query::Everything => {}
        Query::Text { what, .. } => words(what, each),
        Query::Field { value, .. } => each(value),
        Query::Date { written, .. } => each(written),
        Query::And(queries) | Query::Or(queries) => queries.iter().for_each(|q| leaves(q, each)),
        Query::Not(query) => leaves(query, each),
    }
}

fn words(passage: &Passage, each: &mut dyn FnMut(&str)) {
    match passage {
        Passage::Word(w) | Passage::Exact(w) | Passage::Pattern(w) | Passage::Misspelt(w) => {
            each(w);
        }
        Passage::Phrase(passages) | Passage::AnyOf(passages) | Passage::Near { passages, .. } => {
            passages.iter().for_each(|p| words(p, each));
        }
        Passage::AtLeast { what, .. } => words(what, each),
    }
}

fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|run| !run.is_empty())
}

/// Whether a run of letters and digits can be part of the syntax of the text.
fn is_syntax(run: &str, text: &str) -> bool {
    let name = run.to_lowercase();
    let operators = [
        "AND", "OG", "OR", "ELLER", "NOT", "ANDNOT", "IKKE", "NEAR", "ONEAR", "W",
    ];
    operators.contains(&run)
        || FIELDS.iter().any(|(field, _)| *field == name) && text.contains(&format!("{run}:"))
        || ["atleast", "mindst"].iter().any(|n| name.starts_with(n))
            && text.contains(&format!("{run}:"))
        || ["NEAR", "W"]
            .iter()
            .any(|n| text.contains(&format!("{n}/{run}")))
}

/// How many nodes a tree has, and how deep it is.
fn size(query: &Query) -> (usize, usize) {
    fn sum(parts: impl Iterator<Item = (usize, usize)>) -> (usize, usize) {
        parts.fold((1, 1), |(nodes, depth), (n, d)| {
            (nodes + n, depth.max(d + 1))
        })
    }
    fn of_passage(passage: &Passage) -> (usize, usize) {
        match passage {
            Passage::Phrase(passages)
            | Passage::AnyOf(passages)
            | Passage::Near { passages, .. } => sum(passages.iter().map(of_passage)),
            Passage::AtLeast { what, .. } => sum([of_passage(what)].into_iter()),
            _ => (1, 1),
        }
    }
    match query {
        Query::Text { what, .. } => sum([of_passage(what)].into_iter()),
        Query::And(queries) | Query::Or(queries) => sum(queries.iter().map(size)),
        Query::Not(query) => sum([size(query)].into_iter()),
        _ => (1, 1),
    }
}
