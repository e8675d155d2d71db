//! Questions for tests, and small archives to put them to.

use index_schema::{Dispatch, Hash, Origin, RawPath, Record, State};
use jiff::{Timestamp, tz::TimeZone};

use super::LocalSearcher;
use crate::{
    backend::Searcher,
    query::{Passage, Query, Zone},
    search::{Hits, SearchRequest},
};

/// What time it is in tests: 2020-01-01T00:00:00Z.
pub(super) const NOW: i64 = 1_577_836_800;

/// A dispatch in the making.
#[derive(Clone, Debug)]
pub(super) struct Item(pub(super) Record);

/// A current dispatch with a body.
pub(super) fn item(key: &str, body: &str) -> Item {
    let dispatch = Dispatch {
        format: "plain-text".to_owned(),
        guid: Some(key.to_owned()),
        body: body.to_owned(),
        language: Some("da".to_owned()),
        ..Dispatch::default()
    };
    Item(Record {
        key: key.to_owned(),
        state: State::Current,
        content: Hash::of(format!("{key} {body}").as_bytes()),
        origins: vec![Origin {
            root: 0,
            path: RawPath::Text(format!("{key}.txt")),
            member: None,
            item: 0,
        }],
        revision: 0,
        embargo_until: None,
        dispatch: Some(dispatch),
        tombstone: None,
    })
}

impl Item {
    pub(super) fn with(mut self, change: impl FnOnce(&mut Dispatch)) -> Self {
        change(self.0.dispatch.get_or_insert_default());
        self
    }

    pub(super) fn headline(self, text: &str) -> Self {
        self.with(|d| d.headline = Some(text.to_owned()))
    }

    pub(super) fn source(self, text: &str) -> Self {
        self.with(|d| d.source = Some(text.to_owned()))
    }

    pub(super) fn date(self, text: &str) -> Self {
        self.with(|d| d.date = Some(text.parse().unwrap()))
    }

    pub(super) fn state(mut self, state: State) -> Self {
        self.0.state = state;
        self
    }

    pub(super) fn embargo(mut self, until: i64) -> Self {
        self.0.embargo_until = Some(until);
        self
    }
}

/// An index of the items, so many in a segment.
pub(super) fn index(items: &[Item], in_segment: usize) -> LocalSearcher {
    let records: Vec<Record> = items.iter().map(|i| i.0.clone()).collect();
    let segments: Vec<&[Record]> = records.chunks(in_segment.max(1)).collect();
    LocalSearcher::in_memory(&segments)
}

/// A request for everything that the query finds, as it is without any flag.
pub(super) fn request(query: Query) -> SearchRequest {
    let now = Timestamp::from_second(NOW).unwrap();
    let zone = TimeZone::get("Europe/Copenhagen").unwrap();
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

/// The answer's ids, in their order.
pub(super) fn ids(hits: &Hits) -> Vec<&str> {
    hits.hits.iter().map(|h| h.id.as_str()).collect()
}

/// The ids that a query finds, sorted.
pub(super) fn found(index: &LocalSearcher, query: Query) -> Vec<String> {
    let hits = index.search(&request(query)).unwrap();
    assert_eq!(hits.total, hits.hits.len() as u64);
    let mut ids: Vec<String> = hits.hits.into_iter().map(|h| h.id).collect();
    ids.sort();
    ids
}
