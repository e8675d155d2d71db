//! What questions to small archives find, and in which order.

use index_schema::{Mark, State, TimeSpan};
use jiff::{Timestamp, tz::TimeZone};

use super::{LocalSearcher, drafts::Draft, questions::*};
use crate::{
    backend::Searcher,
    query::{Field, Passage, Query, Zone},
    search::{SearchRequest, Sort},
};

fn span(from: &str, to: &str) -> TimeSpan {
    let second = |t: &str| t.parse::<Timestamp>().expect("a moment").as_second();
    TimeSpan {
        start: second(&format!("{from}T00:00:00Z")),
        end: second(&format!("{to}T00:00:00Z")),
    }
}

fn date(from: &str, to: &str) -> Query {
    Query::Date {
        written: String::new(),
        span: span(from, to),
    }
}

fn field(field: Field, value: &str) -> Query {
    Query::Field {
        field,
        value: value.to_owned(),
    }
}

fn harbour() -> Vec<Draft> {
    vec![
        item("a", "Havnen i Esbjerg udvides. Borgmesteren glæder sig.")
            .headline("Esbjerg Havn vokser")
            .source("Ritzau/Reuters")
            .date("2017-03-14"),
        item("b", "Fiskerne i Hanstholm venter på bedre vejr.")
            .source("TT")
            .date("2017-03"),
        item("c", "Vejret bliver bedre, og fiskerne sejler.").date("2017-04-01T08:30:00+02:00"),
        item("d", "Bedre tider for havne i Jylland, siger borgmester."),
        item("e", "En gammel udgave om havnen.").state(State::Superseded),
        item("f", "Hemmelig havn indtil i morgen.").embargo(NOW + 60),
        item("g", "Havnen er fri nu.")
            .embargo(NOW - 60)
            .date("2016"),
        item("h", "Tilbageholdt havn.").state(State::Withheld),
    ]
}

#[test]
fn a_word_is_found_in_headline_and_body_in_any_inflection() {
    for in_segment in [1, 3, 100] {
        let index = index(&harbour(), in_segment);
        assert_eq!(found(&index, text(word("fiskere"))), ["b", "c"]);
        assert_eq!(found(&index, text(word("borgmester"))), ["a", "d"]);
        let headline = Query::Text {
            zone: Zone::Headline,
            what: word("havn"),
        };
        assert_eq!(found(&index, headline), ["a"]);
        assert_eq!(found(&index, text(word("flyvemaskine"))), [""; 0]);
        assert_eq!(found(&index, text(word("—"))), [""; 0]);
    }
}

#[test]
fn and_or_not_combine() {
    let index = index(&harbour(), 2);
    let both = Query::And(vec![text(word("bedre")), text(word("vejr"))]);
    assert_eq!(found(&index, both), ["b", "c"]);
    let either = Query::Or(vec![text(word("Esbjerg")), text(word("Hanstholm"))]);
    assert_eq!(found(&index, either.clone()), ["a", "b"]);
    let without = Query::And(vec![text(word("bedre")), not(either.clone())]);
    assert_eq!(found(&index, without), ["c", "d"]);
    assert_eq!(found(&index, not(either)), ["c", "d", "g"]);
    assert_eq!(found(&index, not(not(text(word("Esbjerg"))))), ["a"]);
    // a word of punctuation asks for nothing
    let dash = Query::And(vec![text(word("–")), text(word("Esbjerg"))]);
    assert_eq!(found(&index, dash), ["a"]);
}

#[test]
fn what_must_not_be_seen_is_in_no_answer() {
    for in_segment in [1, 3, 100] {
        let index = index(&harbour(), in_segment);
        assert_eq!(found(&index, Query::Everything), ["a", "b", "c", "d", "g"]);
        for id in ["e", "f", "h"] {
            assert_eq!(found(&index, field(Field::Id, id)), [""; 0]);
        }
        assert_eq!(found(&index, field(Field::Language, "da-DK")).len(), 5);
        let ask = |change: fn(&mut SearchRequest)| {
            let mut request = request(text(word("udgave")));
            request.query = Query::Or(vec![
                request.query,
                text(word("hemmelig")),
                field(Field::Id, "h"),
            ]);
            change(&mut request);
            let hits = answer(&index, &request);
            hits.hits
                .into_iter()
                .map(|h| (h.id, h.status))
                .collect::<Vec<_>>()
        };
        assert_eq!(ask(|_| ()), []);
        let old = ("e".to_owned(), "superseded".to_owned());
        assert_eq!(ask(|r| r.all_versions = true), [old]);
        let secret = ("f".to_owned(), "embargoed".to_owned());
        assert_eq!(ask(|r| r.embargoed = true), [secret]);
    }
}

#[test]
fn an_embargo_ends_by_itself() {
    let index = index(&harbour(), 100);
    let mut request = request(text(word("hemmelig")));
    request.now = jiff::Timestamp::from_second(NOW + 60).expect("a moment");
    assert_eq!(ids(&answer(&index, &request)), ["f"]);
}

#[test]
fn phrases_take_inflections_but_no_gaps() {
    let index = index(&harbour(), 2);
    assert_eq!(found(&index, text(phrase(&["bedre", "vejret"]))), ["b"]);
    assert_eq!(found(&index, text(phrase(&["vejr", "bedre"]))), [""; 0]);
    let exact = Passage::Exact("bedre vejr".to_owned());
    assert_eq!(found(&index, text(exact)), ["b"]);
    let exact = Passage::Exact("havnen".to_owned());
    assert_eq!(found(&index, text(exact)), ["a", "g"]);
    // a word of several written tokens is a phrase
    assert_eq!(found(&index, text(word("havne/i"))), ["a", "d"]);
}

#[test]
fn no_passage_runs_from_the_headline_into_the_body() {
    let items = [item("x", "Havnen lukker.").headline("Storm over Esbjerg")];
    let index = index(&items, 1);
    assert_eq!(found(&index, text(phrase(&["Esbjerg", "havn"]))), [""; 0]);
    let close = near(9, false, &[word("storm"), word("lukker")]);
    assert_eq!(found(&index, text(close)), [""; 0]);
    // but mentions add up
    let items = [item("x", "Havn og havn.").headline("Havn")];
    let index = super::questions::index(&items, 1);
    let thrice = |times| {
        let what = Box::new(word("havn"));
        text(Passage::AtLeast { times, what })
    };
    assert_eq!(found(&index, thrice(3)), ["x"]);
    assert_eq!(found(&index, thrice(4)), [""; 0]);
}

#[test]
fn truncated_words_match_whole_words() {
    let index = index(&harbour(), 2);
    assert_eq!(found(&index, text(pattern("BORG*"))), ["a", "d"]);
    assert_eq!(found(&index, text(pattern("*mester"))), ["d"]);
    assert_eq!(found(&index, text(pattern("v?jr*"))), ["b", "c"]);
    let misspelt = Passage::Misspelt("hansthlom".to_owned());
    assert_eq!(found(&index, text(misspelt)), ["b"]);
    let close = near(3, true, &[pattern("fisk*"), pattern("v*")]);
    assert_eq!(found(&index, text(close)), ["b"]);
}

#[test]
fn dates_overlap_and_undated_dispatches_match_none() {
    let index = index(&harbour(), 2);
    let march = date("2017-03-10", "2017-03-20");
    assert_eq!(found(&index, march.clone()), ["a", "b"]);
    assert_eq!(found(&index, not(march)), ["c", "d", "g"]);
    // the whole of a leap year, up to its last day
    for day in ["2016-01-01", "2016-06-01", "2016-12-31"] {
        assert_eq!(found(&index, date(day, "2017-01-01")), ["g"], "{day}");
    }
    assert_eq!(found(&index, date("2017-01-01", "2017-01-02")), [""; 0]);
    assert_eq!(found(&index, date("1999-01-01", "2000-01-01")), [""; 0]);
    let mut request = request(text(word("bedre")));
    request.date = Some(span("2017-03-31", "2018-01-01"));
    assert_eq!(ids(&answer(&index, &request)).len(), 2);
}

#[test]
fn sources_match_by_any_part() {
    let index = index(&harbour(), 2);
    for value in [
        "ritzau",
        "Reuters",
        "ritzau/reuters",
        "Ritzau Reuters",
        "re*s",
    ] {
        assert_eq!(found(&index, field(Field::Source, value)), ["a"], "{value}");
    }
    assert_eq!(
        found(&index, field(Field::Source, "reuters ritzau")),
        [""; 0]
    );
    let mut request = request(Query::Everything);
    request.sources = vec!["tt".to_owned(), "reuters".to_owned()];
    assert_eq!(answer(&index, &request).total, 2);
    request.languages = vec!["en".to_owned()];
    assert_eq!(answer(&index, &request).total, 0);
}

#[test]
fn truncated_places_are_found_as_they_are_written() {
    let place =
        |key: &str, place: &str| item(key, "Noget.").with(|d| d.place = Some(place.to_owned()));
    let items = [
        place("a", "Aarhus"),
        place("b", "Århus"),
        place("c", "Aabenraa"),
    ];
    let index = index(&items, 1);
    for (value, expected) in [
        ("Aarh*", &["a", "b"][..]),
        ("århu*", &["a", "b"]),
        ("*AARHUS", &["a", "b"]),
        ("Aab?nraa", &["c"]),
        ("aa*", &["a", "b", "c"]),
    ] {
        assert_eq!(
            found(&index, field(Field::Place, value)),
            expected,
            "{value}"
        );
    }
}

#[test]
fn orders_are_the_same_for_every_layout_of_segments() {
    let mut items = harbour();
    for n in 0..30 {
        items.push(item(&format!("t{n:02}"), "Havnen i tåge.").date("2018-01-01"));
        items.push(item(&format!("u{n:02}"), "Havnen i tåge uden dato."));
    }
    let ask = |index: &LocalSearcher, sort: Sort, offset: usize, limit: Option<usize>| {
        let mut request = request(text(word("havn")));
        (request.sort, request.offset, request.limit) = (sort, offset, limit);
        let hits = answer(index, &request);
        assert_eq!(hits.total, 63);
        let mut streamed = Vec::new();
        let count = index
            .stream(&request, &mut |hit| {
                streamed.push(hit);
                Ok(())
            })
            .expect("hits");
        assert_eq!(count, hits.hits.len() as u64);
        assert_eq!(streamed, hits.hits);
        let told = hits.hits.into_iter().map(|h| (h.id, h.score.to_bits()));
        told.collect::<Vec<_>>()
    };
    let one = index(&items, 1000);
    for in_segment in [5, 40] {
        let several = index(&items, in_segment);
        for sort in [Sort::Relevance, Sort::Newest, Sort::Oldest] {
            let all = ask(&one, sort, 0, None);
            assert_eq!(all.len(), 63);
            assert_eq!(ask(&several, sort, 0, None), all);
            for (offset, limit) in [(0, 1), (0, 10), (5, 20), (31, 2), (60, 10), (70, 10)] {
                let page = ask(&several, sort, offset, Some(limit));
                let end = all.len().min(offset + limit);
                assert_eq!(page, all[offset.min(end)..end]);
            }
        }
    }
}

#[test]
fn newest_and_oldest_put_the_more_precise_first_and_undated_last() {
    let items = [
        item("year", "x").date("2017"),
        item("first-day", "x").date("2017-01-01"),
        item("month", "x").date("2017-03"),
        item("day", "x").date("2017-03-14"),
        item("undated-b", "x"),
        item("undated-a", "x"),
    ];
    // nothing tells these two apart but their keys
    let mut undated = ["undated-a", "undated-b"];
    undated.sort_unstable_by_key(|key| index_schema::key_hash(key));
    let index = index(&items, 2);
    let mut request = request(Query::Everything);
    request.sort = Sort::Newest;
    let newest = ["day", "month", "first-day", "year", undated[0], undated[1]];
    assert_eq!(ids(&answer(&index, &request)), newest);
    request.sort = Sort::Oldest;
    let oldest = ["first-day", "year", "month", "day", undated[0], undated[1]];
    assert_eq!(ids(&answer(&index, &request)), oldest);
}

#[test]
fn a_headline_counts_more_than_a_body_and_a_rare_word_more_than_a_frequent_one() {
    let mut items = vec![
        item("body", "Færgen ved Samsø sejler igen efter stormen.").headline("Kort nyt fra øerne"),
        item("headline", "Kort nyt fra øerne efter stormen sejler igen.")
            .headline("Færgen ved Samsø"),
        item("rare", "Kort nyt om hvalrossen."),
    ];
    items.extend((0..20).map(|n| item(&format!("n{n}"), "Kort nyt fra landet.")));
    let index = index(&items, 5);
    let hits = answer(&index, &request(text(word("færgen"))));
    assert_eq!(ids(&hits), ["headline", "body"]);
    let either = Query::Or(vec![text(word("nyt")), text(word("hvalrossen"))]);
    assert_eq!(ids(&answer(&index, &request(either)))[0], "rare");
}

/// Both words with so many others between them, in texts of the same length.
fn apart(key: &str, between: usize) -> Draft {
    let others = |n| vec!["bølge"; n].join(" ");
    let body = format!(
        "Havnen {} fiskerne {}",
        others(between),
        others(70 - between)
    );
    item(key, &body)
}

#[test]
fn words_that_stand_close_to_each_other_count_more() {
    let items = [apart("far", 60), apart("near", 2), apart("nearer", 0)];
    let index = index(&items, 2);
    let both = vec![text(word("havn")), text(word("fisker"))];
    let hits = answer(&index, &request(Query::And(both.clone())));
    assert_eq!(ids(&hits), ["nearer", "near", "far"]);
    // a filter is none of the words
    let mut filtered = request(Query::And(both));
    filtered.languages = vec!["da".to_owned()];
    assert_eq!(answer(&index, &filtered).hits, hits.hits);
    // one of two words that are enough
    let either = Query::Or(vec![text(word("fisker")), text(word("matros"))]);
    let either = Query::And(vec![text(word("havn")), either]);
    let hits = answer(&index, &request(either));
    assert_eq!(ids(&hits), ["nearer", "near", "far"]);
}

#[test]
fn pages_of_close_words_are_those_of_the_whole_list() {
    let items: Vec<Draft> = (0..120)
        .map(|n| apart(&format!("t{n:03}"), n * 37 % 70).date("2018-01-01"))
        .collect();
    let both = Query::And(vec![text(word("havn")), text(word("fisker"))]);
    let ask = |index: &LocalSearcher, offset: usize, limit: Option<usize>| {
        let mut request = request(both.clone());
        (request.offset, request.limit) = (offset, limit);
        let hits = answer(index, &request).hits;
        let told = hits.into_iter().map(|h| (h.id, h.score.to_bits()));
        told.collect::<Vec<_>>()
    };
    let all = ask(&index(&items, 1000), 0, None);
    let scores = all.iter().map(|(_, score)| f32::from_bits(*score));
    assert!(scores.is_sorted_by(|a, b| a >= b));
    for in_segment in [7, 1000] {
        let index = index(&items, in_segment);
        for (offset, limit) in [(0, 1), (0, 10), (45, 10), (50, 50), (100, 50)] {
            let end = all.len().min(offset + limit);
            assert_eq!(ask(&index, offset, Some(limit)), all[offset..end]);
        }
    }
}

#[test]
fn what_is_not_ranked_stands_after_what_is() {
    let items = [
        item("a", "Intet.").source("Ritzau").date("2019-01-01"),
        item("b", "Havnen.").date("2017-01-01"),
    ];
    let index = index(&items, 2);
    let either = Query::Or(vec![field(Field::Source, "ritzau"), text(word("havn"))]);
    let hits = answer(&index, &request(either));
    assert_eq!(ids(&hits), ["b", "a"]);
    assert_eq!(hits.hits[1].score, 0.0);
}

#[test]
fn hits_carry_what_is_stored() {
    let mut full = item("urn:x:1", "Brødtekst om havnen.")
        .headline("Rubrik")
        .source("Ritzau")
        .date("2017-03-14T12:30:00+01:00")
        .with(|d| {
            d.marks = vec![Mark::Correction];
            d.related = Some("1st Ld".to_owned());
            d.version = Some("2".to_owned());
            d.urgency = Some("3".to_owned());
        });
    let mut gone = full.0.origins[0].clone();
    gone.path = index_schema::RawPath::Text("gone.txt".to_owned());
    gone.item = 7;
    full.0.origins[0].member = Some("dag.xml".to_owned());
    full.0.origins[0].item = 3;
    full.0.origins.insert(0, gone);
    let files = [super::drafts::file(
        "gone.txt",
        index_schema::Outcome::Gone,
        &[],
    )];
    let index = super::drafts::with_files(LocalSearcher::in_memory(&[&[full.0]]), &files);
    let mut request = request(text(word("havn")));
    request.full = true;
    let hits = answer(&index, &request);
    let hit = &hits.hits[0];
    assert_eq!((hit.id.as_str(), hit.item), ("urn:x:1", 3));
    assert_eq!(hit.date.as_deref(), Some("2017-03-14T12:30:00+01:00"));
    assert_eq!(hit.marks, ["RETTELSE", "1st Ld"]);
    assert_eq!(hit.path, "urn:x:1.xml!dag.xml");
    assert_eq!(hit.status, "usable");
    assert!(hit.score > 0.0);
    let full = hit.full.as_ref().expect("asked for");
    assert_eq!(full.body, "Brødtekst om havnen.");
    assert_eq!(full.paths, ["gone.txt", "urn:x:1.xml!dag.xml"]);
}

#[test]
fn words_are_counted_by_themselves_when_there_are_no_hits() {
    let index = index(&harbour(), 2);
    let (a, b) = (text(word("fiskerne")), text(word("flyvemaskine")));
    let mut request = request(Query::And(vec![a.clone(), b.clone()]));
    request.words = vec![("fiskerne".to_owned(), a), ("flyvemaskine".to_owned(), b)];
    let hits = answer(&index, &request);
    let words = hits.words.expect("counted");
    let counts: Vec<_> = words.iter().map(|w| (w.word.as_str(), w.count)).collect();
    assert_eq!(counts, [("fiskerne", 2), ("flyvemaskine", 0)]);
    assert!(words[0].read_as.starts_with("fisk"), "{}", words[0].read_as);
}

#[test]
fn counting_takes_no_hits() {
    let index = index(&harbour(), 2);
    let mut request = request(text(word("havn")));
    request.count_only = true;
    let hits = answer(&index, &request);
    assert_eq!((hits.total, hits.hits.len()), (3, 0));
    request.count_only = false;
    request.limit = Some(0);
    let hits = answer(&index, &request);
    assert_eq!((hits.total, hits.hits.len()), (3, 0));
}

#[test]
fn versions_of_one_dispatch_stand_together_the_current_one_first() {
    let mut items = Vec::new();
    for n in 0..6 {
        let old = item("a", &format!("Havnen nummer {n}.")).date("2017-03-14");
        items.push(old.state(State::Superseded));
    }
    items.push(item("a", "Havnen nu.").date("2017-03-14"));
    items.push(item("b", "Havnen nu.").date("2017-03-14"));
    let ask = |in_segment| {
        let mut request = request(text(word("havn")));
        (request.all_versions, request.full) = (true, true);
        request.sort = Sort::Newest;
        let hits = answer(&index(&items, in_segment), &request).hits;
        // b stands before all of a or behind them
        let first = usize::from(hits[0].id == "b");
        assert!(hits[first..first + 7].iter().all(|hit| hit.id == "a"));
        assert_eq!(hits[first].status, "usable");
        let bodies = hits.into_iter().map(|h| h.full.expect("asked for").body);
        bodies.collect::<Vec<_>>()
    };
    let all = ask(100);
    assert_eq!(all.len(), 8);
    for in_segment in [1, 3] {
        assert_eq!(ask(in_segment), all);
    }
}

#[test]
fn a_page_may_end_between_two_versions_of_a_dispatch() {
    let of = |key: &str, version: &str, state| {
        let text = item(key, "Havnen er stor.").date("2017-03-14");
        text.version(version).state(state)
    };
    let mut items = Vec::new();
    for key in ["a", "b", "c", "d"] {
        // the older ones come first, as they do on the wire
        items.push(of(key, "1", State::Superseded));
        items.push(of(key, "2", State::Superseded));
        items.push(of(key, "3", State::Current));
    }
    for sort in [Sort::Relevance, Sort::Newest] {
        for in_segment in [2, 3, 5, 12] {
            let index = index(&items, in_segment);
            let ask = |offset, limit| {
                let mut request = request(text(word("havn")));
                (request.all_versions, request.sort) = (true, sort);
                (request.offset, request.limit) = (offset, limit);
                let hits = answer(&index, &request).hits.into_iter();
                hits.map(|h| (h.id, h.version, h.status))
                    .collect::<Vec<_>>()
            };
            let all = ask(0, None);
            assert_eq!(all.len(), 12);
            assert!(
                all.iter()
                    .step_by(3)
                    .all(|(_, _, status)| status == "usable")
            );
            for size in 1..12 {
                let pages = (0..12).step_by(size).map(|at| ask(at, Some(size)));
                assert_eq!(
                    pages.flatten().collect::<Vec<_>>(),
                    all,
                    "{in_segment} {size}"
                );
            }
        }
    }
}

#[test]
fn a_word_that_stands_elsewhere_in_the_text_is_not_misspelt() {
    let index = index(&[item("a", "Havnen lukker.").headline("Stormen kommer")], 1);
    let asked = |text: &str| {
        let zone = TimeZone::get("Europe/Copenhagen").expect("a bundled zone");
        let now = Timestamp::from_second(NOW).expect("a moment");
        answer(&index, &SearchRequest::new(text, now, &zone))
    };
    let hits = asked("headline:havnen");
    assert_eq!(hits.words.expect("counted")[0].word, "headline:havnen");
    assert_eq!(hits.suggestions, None);
    let hits = asked("headline:havnne");
    let suggestion = &hits.suggestions.expect("one")[0];
    assert_eq!(suggestion.word, "headline:havnne");
    assert_eq!(suggestion.instead[0].word, "havnen");
}
