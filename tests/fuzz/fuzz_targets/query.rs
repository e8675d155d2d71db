//! Any text is read, reads back as the same query, and loses no letter and no digit.

#![no_main]

use std::sync::LazyLock;

use jiff::{Timestamp, tz::TimeZone};
use libfuzzer_sys::fuzz_target;
use wiresearch::query::{parse, parse_since_until, read_as};

static NOW: LazyLock<Timestamp> = LazyLock::new(|| "2017-03-15T12:00:00Z".parse().unwrap());
static ZONE: LazyLock<TimeZone> = LazyLock::new(|| TimeZone::get("Europe/Copenhagen").unwrap());

fuzz_target!(|text: &str| {
    let parsed = parse(text, *NOW, &ZONE);
    let written = read_as(&parsed.query);
    assert_eq!(
        parse(&written, *NOW, &ZONE).query,
        parsed.query,
        "{written}"
    );

    let mut kept: Vec<&str> = runs(&written).collect();
    kept.sort_unstable();
    for run in runs(text) {
        assert!(
            kept.binary_search(&run).is_ok() || is_syntax(run),
            "{run} is not in {written}"
        );
    }

    let (since, until) = text.split_once('\n').unwrap_or((text, ""));
    let _ = parse_since_until(Some(since), Some(until), *NOW, &ZONE);
});

fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|run| !run.is_empty())
}

/// Operators and fields are written back by their English names, distances and numbers as plain ones.
fn is_syntax(run: &str) -> bool {
    let name = run.to_lowercase();
    let names = [
        "AND",
        "OG",
        "OR",
        "ELLER",
        "NOT",
        "ANDNOT",
        "IKKE",
        "NEAR",
        "ONEAR",
        "W",
        "text",
        "tekst",
        "headline",
        "rubrik",
        "body",
        "brødtekst",
        "source",
        "kilde",
        "slug",
        "stikord",
        "byline",
        "af",
        "place",
        "sted",
        "lang",
        "sprog",
        "id",
        "category",
        "kategori",
        "date",
        "dato",
    ];
    names.contains(&run)
        || names.contains(&name.as_str())
        || name.starts_with("atleast")
        || name.starts_with("mindst")
        || run.bytes().all(|b| b.is_ascii_digit())
}
