//! Tests: how query texts are read. The table is `readings.tsv`.

use index_schema::When;
use jiff::{Timestamp, tz::TimeZone};

use super::{Field, Parsed, Passage, Query, Zone, parse, parse_date, read_as};

/// A line each: a query text, how it is read, and the notices with it, separated by ` | `. In the text `\t`, `\n` and
/// `\_` stand for a tab, a line end and a no-break space. Lines that begin with `# ` are headings.
const TABLE: &str = include_str!("readings.tsv");

const GUIDE: &str = include_str!("../cli/guide/query.md");
const GUIDE_IN_DANISH: &str = include_str!("../cli/guide/query.da.md");
const GUIDE_TO_DATES: &str = include_str!("../cli/guide/dates.md");

fn copenhagen() -> TimeZone {
    TimeZone::get("Europe/Copenhagen").expect("a bundled zone")
}

fn now() -> Timestamp {
    "2017-03-15T12:00:00Z".parse().expect("a moment")
}

fn reading(text: &str) -> Parsed {
    parse(text, now(), &copenhagen())
}

#[test]
fn every_text_of_the_table_is_read_as_it_says() {
    let mut rows = 0;
    for line in TABLE.lines().filter(|line| !line.starts_with("# ")) {
        let mut columns = line.split('\t');
        let text = columns.next().expect("a column");
        let expected = columns
            .next()
            .unwrap_or_else(|| panic!("no reading: {line}"));
        let notices = columns.next().unwrap_or_default();
        let text = text
            .replace("\\t", "\t")
            .replace("\\n", "\n")
            .replace("\\_", "\u{A0}");

        let parsed = reading(&text);
        assert_eq!(read_as(&parsed.query), expected, "text: {text}");
        assert_eq!(parsed.notices.join(" | "), notices, "text: {text}");
        assert_eq!(reading(expected).query, parsed.query, "reading: {expected}");
        rows += 1;
    }
    assert!(rows >= 300, "{rows} rows");
}

/// The examples in the blocks of a kind: what stands before two blanks.
fn examples<'a>(guide: &'a str, kind: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in guide.lines() {
        match line.strip_prefix("```") {
            Some(opened) => inside = opened == kind,
            None if inside => found.push(line.split("  ").next().unwrap_or(line)),
            None => {}
        }
    }
    found
}

#[test]
fn every_example_of_the_guides_is_understood_and_the_same_in_both_languages() {
    let guide = examples(GUIDE, "query");
    let in_danish = examples(GUIDE_IN_DANISH, "query");
    assert_eq!(guide.len(), in_danish.len());
    assert!(guide.len() > 40);
    for (english, danish) in guide.into_iter().zip(in_danish) {
        let parsed = reading(english);
        assert_eq!(parsed.notices, Vec::<String>::new(), "{english}");
        assert_ne!(parsed.query, Query::Everything, "{english}");
        assert_eq!(reading(danish), parsed, "{danish}");
    }
}

#[test]
fn every_date_of_the_guide_is_one() {
    let dates = examples(GUIDE_TO_DATES, "date");
    assert!(dates.len() > 20);
    for date in dates {
        let read = parse_date(date, now(), &copenhagen());
        assert!(read.is_ok(), "{date}: {read:?}");
    }
}

fn word(word: &str) -> Passage {
    Passage::Word(word.to_owned())
}

fn anywhere(what: Passage) -> Query {
    within(Zone::Anywhere, what)
}

fn within(zone: Zone, what: Passage) -> Query {
    Query::Text { zone, what }
}

fn near(distance: u32, ordered: bool, passages: Vec<Passage>) -> Passage {
    Passage::Near {
        distance,
        ordered,
        passages,
    }
}

#[test]
fn or_binds_tighter_than_and() {
    assert_eq!(
        reading("minister krig OR fred").query,
        Query::And(vec![
            anywhere(word("minister")),
            Query::Or(vec![anywhere(word("krig")), anywhere(word("fred"))]),
        ])
    );
}

#[test]
fn not_takes_the_next_word_only() {
    assert_eq!(
        reading("krig IKKE fred ro").query,
        Query::And(vec![
            anywhere(word("krig")),
            Query::Not(Box::new(anywhere(word("fred")))),
            anywhere(word("ro")),
        ])
    );
}

#[test]
fn only_exclusions_ask_for_everything_but_those() {
    let without = |w| Query::Not(Box::new(anywhere(word(w))));
    assert_eq!(reading("-krig").query, without("krig"));
    assert_eq!(
        reading("-krig NOT fred").query,
        Query::And(vec![without("krig"), without("fred")])
    );
    assert_eq!(reading("?!").query, Query::Everything);
}

#[test]
fn a_phrase_holds_words_and_patterns_and_an_exact_one_exact_words() {
    assert_eq!(
        reading("\"syr* tropper\"").query,
        anywhere(Passage::Phrase(vec![
            Passage::Pattern("syr*".into()),
            word("tropper"),
        ]))
    );
    assert_eq!(
        reading("=\"syriske tropper\"").query,
        anywhere(Passage::Phrase(vec![
            Passage::Exact("syriske".into()),
            Passage::Exact("tropper".into()),
        ]))
    );
}

#[test]
fn near_takes_phrases_patterns_and_groups() {
    assert_eq!(
        reading("(miner OR bom*) NEAR/5 \"syriske hær\" NEAR/5 by").query,
        anywhere(near(
            5,
            false,
            vec![
                Passage::AnyOf(vec![word("miner"), Passage::Pattern("bom*".into())]),
                Passage::Phrase(vec![word("syriske"), word("hær")]),
                word("by"),
            ]
        ))
    );
}

#[test]
fn changing_distances_nest_from_the_left() {
    assert_eq!(
        reading("a ONEAR/5 b W/3 c").query,
        anywhere(near(
            3,
            false,
            vec![near(5, true, vec![word("a"), word("b")]), word("c")]
        ))
    );
}

#[test]
fn a_field_before_a_bracket_is_the_field_of_each_word() {
    assert_eq!(
        reading("rubrik:(krig OR =fred)").query,
        Query::Or(vec![
            within(Zone::Headline, word("krig")),
            within(Zone::Headline, Passage::Exact("fred".into())),
        ])
    );
    let source = |value: &str| Query::Field {
        field: Field::Source,
        value: value.to_owned(),
    };
    assert_eq!(
        reading("kilde:(TT OR NTB)").query,
        Query::Or(vec![source("TT"), source("NTB")])
    );
}

#[test]
fn at_least_counts_a_group_together() {
    assert_eq!(
        reading("body:atleast3:(krig OR fred)").query,
        within(
            Zone::Body,
            Passage::AtLeast {
                times: 3,
                what: Box::new(Passage::AnyOf(vec![word("krig"), word("fred")])),
            }
        )
    );
}

#[test]
fn a_date_keeps_its_text_and_its_span() {
    let march: When = "2017-03".parse().expect("a month");
    assert_eq!(
        reading("dato:»marts 2017«").query,
        Query::Date {
            written: "marts 2017".into(),
            span: march.span(&copenhagen()),
        }
    );
}

#[test]
fn brackets_that_nest_too_deep_are_punctuation() {
    let nested = |levels: usize| {
        format!(
            "{}krig{}",
            "a OR (b NEAR/2 (".repeat(levels),
            "))".repeat(levels)
        )
    };
    let deep = reading(&nested(15));
    assert_eq!(deep.notices, Vec::<String>::new());
    let json = serde_json::to_string(&deep.query).expect("a query");
    assert_eq!(
        serde_json::from_str::<Query>(&json).expect("a query"),
        deep.query
    );
    assert_eq!(reading(&read_as(&deep.query)).query, deep.query);

    for levels in [16, 40, 1000] {
        let parsed = reading(&nested(levels));
        assert_eq!(
            parsed.notices,
            ["brackets nest too deep and are read as punctuation"]
        );
        assert_eq!(reading(&read_as(&parsed.query)).query, parsed.query);
    }
}

#[test]
fn words_are_listed_as_typed_without_the_excluded_ones() {
    let parsed = reading(
        "krig \"syriske tropper\" headline:(by* OR krig) -fred krig =haven landmyne~ kilde:TT",
    );
    let words: Vec<(&str, String)> = parsed
        .words
        .iter()
        .map(|w| (w.written.as_str(), read_as(&w.query)))
        .collect();
    let expected = [
        ("krig", "krig"),
        ("syriske", "\"syriske\""),
        ("tropper", "\"tropper\""),
        ("headline:by*", "headline:by*"),
        ("headline:krig", "headline:krig"),
        ("=haven", "=haven"),
        ("landmyne~", "landmyne~"),
    ];
    assert_eq!(words.len(), expected.len());
    for (found, expected) in words.iter().zip(expected) {
        assert_eq!((found.0, found.1.as_str()), expected);
    }
}
