//! Questions for tests, and small archives to put them to.

use index_schema::Record;
use jiff::{Timestamp, tz::TimeZone};

use super::{
    LocalSearcher,
    drafts::{Draft, record},
};
use crate::{
    backend::Searcher,
    query::{Passage, Query, Zone},
    search::{Hits, SearchRequest},
};

/// What time it is in tests: 2020-01-01T00:00:00Z.
pub(super) const NOW: i64 = 1_577_836_800;

/// A current Danish dispatch with a body.
pub(super) fn item(key: &str, body: &str) -> Draft {
    record(key).body(body).language("da")
}

/// An index of the items, so many in a segment.
pub(super) fn index(items: &[Draft], in_segment: usize) -> LocalSearcher {
    let records: Vec<Record> = items.iter().map(|i| i.0.clone()).collect();
    let segments: Vec<&[Record]> = records.chunks(in_segment.max(1)).collect();
    LocalSearcher::in_memory(&segments)
}

/// A request for everything that the query finds, as it is without any flag.
pub(super) fn request(query: Query) -> SearchRequest {
    let now = Timestamp::from_second(NOW).expect("a moment");
    let zone = TimeZone::get("Europe/Copenhagen").expect("a bundled zone");
    SearchRequest {
        query,
        limit: None,
        ..SearchRequest::new("", now, &zone)
    }
}

pub(super) fn word(text: &str) -> Passage {
    Passage::Word(text.to_owned())
}

pub(super) fn pattern(text: &str) -> Passage {
    Passage::Pattern(text.to_owned())
}

pub(super) fn phrase(words: &[&str]) -> Passage {
    Passage::Phrase(words.iter().map(|w| word(w)).collect())
}

pub(super) fn near(distance: u32, ordered: bool, passages: &[Passage]) -> Passage {
    Passage::Near {
        distance,
        ordered,
        passages: passages.to_vec(),
    }
}

/// The passage anywhere.
pub(super) fn text(what: Passage) -> Query {
    Query::Text {
        zone: Zone::Anywhere,
        what,
    }
}

pub(super) fn not(query: Query) -> Query {
    Query::Not(Box::new(query))
}

/// What a sound index answers.
pub(super) fn answer(index: &LocalSearcher, request: &SearchRequest) -> Hits {
    index.search(request).expect("an answer")
}

/// The answer's ids, in their order.
pub(super) fn ids(hits: &Hits) -> Vec<&str> {
    hits.hits.iter().map(|h| h.id.as_str()).collect()
}

/// The ids that a query finds, sorted.
pub(super) fn found(index: &LocalSearcher, query: Query) -> Vec<String> {
    let hits = answer(index, &request(query));
    assert_eq!(hits.total, hits.hits.len() as u64);
    let mut ids: Vec<String> = hits.hits.into_iter().map(|h| h.id).collect();
    ids.sort();
    ids
}
