//! Random archives and questions, the same in every run.

use index_schema::{State, TimeSpan, When};

use super::super::{drafts::Draft, questions::*};
use crate::{
    query::{Field, Passage, Query, Zone},
    search::{SearchRequest, Sort},
};

/// Marsaglia's xorshift: the same archives and questions in every run.
pub(super) struct Chance {
    state: u64,
    /// The words of this archive: few, so that they meet.
    pub(super) words: Vec<&'static str>,
}

impl Chance {
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 16) as usize % end
    }

    pub(super) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    pub(super) fn seeded(seed: u64) -> Self {
        Self {
            state: seed,
            words: Vec::new(),
        }
    }

    pub(super) fn word(&mut self) -> &'static str {
        let at = self.below(self.words.len());
        self.words[at]
    }

    fn words(&mut self, most: usize) -> String {
        let count = self.below(most + 1);
        let words: Vec<&str> = (0..count).map(|_| self.word()).collect();
        words.join(" ")
    }

    pub(super) fn item(&mut self, number: usize) -> Draft {
        let mut item = item(&format!("d{number:02}"), &self.words(18));
        if self.below(2) == 0 {
            item = item.headline(&self.words(5));
        }
        if self.below(3) > 0 {
            item = item.date(self.one(DATES));
        }
        if self.below(3) > 0 {
            item = item.source(self.one(SOURCES));
        }
        if self.below(4) == 0 {
            item = item.with(|d| d.language = Some("sv-SE".to_owned()));
        }
        if self.below(5) == 0 {
            item = item.state(self.one(&[State::Superseded, State::Withheld]));
        }
        match self.below(8) {
            0 => item.embargo(NOW + 1),
            1 => item.embargo(NOW),
            _ => item,
        }
    }

    pub(super) fn passage(&mut self, depth: usize) -> Passage {
        let kinds = if depth == 0 { 8 } else { 15 };
        match self.below(kinds) {
            0..=3 => word(self.word()),
            4 => word(self.one(&["havne/i", "–", "EU/topmøde", "ukendt", "i vejret"])),
            5 => Passage::Exact(
                self.one(&["havnen", "i vejret", "Aarhus", "–", "EU"])
                    .to_owned(),
            ),
            6 => pattern(self.one(&["h*", "*minister", "mi?er*", "?", "*n", "land*e*", "x*"])),
            7 => Passage::Misspelt(
                self.one(&["havn", "hanven", "rergeringen", "og", "vrej"])
                    .to_owned(),
            ),
            8..=10 => Passage::Phrase(self.passages(depth, 3)),
            11 => Passage::AnyOf(self.passages(depth, 3)),
            12 | 13 => near(
                self.below(6) as u32,
                self.below(2) == 0,
                &self.passages(depth, 3),
            ),
            _ => Passage::AtLeast {
                times: self.below(4) as u32,
                what: Box::new(self.passage(depth - 1)),
            },
        }
    }

    fn passages(&mut self, depth: usize, most: usize) -> Vec<Passage> {
        let count = self.below(most) + 1;
        (0..count).map(|_| self.passage(depth - 1)).collect()
    }

    pub(super) fn query(&mut self, depth: usize) -> Query {
        match self.below(if depth == 0 { 7 } else { 12 }) {
            0..=3 => Query::Text {
                zone: self.one(&[Zone::Anywhere, Zone::Anywhere, Zone::Headline, Zone::Body]),
                what: self.passage(2),
            },
            4 => Query::Date {
                written: String::new(),
                span: self.span(),
            },
            5 => Query::Field {
                field: Field::Source,
                value: self
                    .one(&["ritzau", "ritzau/reuters", "tt", "–"])
                    .to_owned(),
            },
            6 => match self.below(4) {
                0 => Query::Everything,
                1 => Query::Field {
                    field: Field::Id,
                    value: format!("d{:02}", self.below(12)),
                },
                _ => Query::Field {
                    field: Field::Language,
                    value: self.one(&["da", "sv", "en"]).to_owned(),
                },
            },
            7..=9 => {
                let count = self.below(3) + 1;
                Query::And((0..count).map(|_| self.query(depth - 1)).collect())
            }
            10 => {
                let count = self.below(3) + 1;
                Query::Or((0..count).map(|_| self.query(depth - 1)).collect())
            }
            _ => not(self.query(depth - 1)),
        }
    }

    fn span(&mut self) -> TimeSpan {
        let zone = jiff::tz::TimeZone::UTC;
        let mut date = || -> When { self.one(DATES).parse().expect("a date of the list") };
        let (first, second) = (date(), date());
        let (first, second) = (first.span(&zone), second.span(&zone));
        TimeSpan {
            start: first.start.min(second.start),
            end: first.end.max(second.end),
        }
    }

    pub(super) fn request(&mut self) -> SearchRequest {
        let mut request = request(self.query(2));
        request.compounds = self.below(4) > 0;
        request.all_versions = self.below(4) == 0;
        request.embargoed = self.below(4) == 0;
        request.sort = self.one(&[Sort::Relevance, Sort::Relevance, Sort::Newest, Sort::Oldest]);
        if self.below(6) == 0 {
            request.date = Some(self.span());
        }
        if self.below(6) == 0 {
            request.sources = vec!["tt".to_owned(), "reuters".to_owned()];
        }
        if self.below(6) == 0 {
            request.languages = vec!["da-DK".to_owned()];
        }
        request
    }
}

pub(super) const WORDS: &[&str] = &[
    "havn",
    "havnen",
    "havne",
    "havne-",
    "havne- og landmine",
    "minister",
    "ministeren",
    "statsminister",
    "statsministeren",
    "landmine",
    "landminer",
    "miner",
    "land",
    "regering",
    "regeringen",
    "krig",
    "EU-topmøde",
    "topmøde",
    "EU",
    "vejr",
    "vejret",
    "og",
    "i",
    "i",
    "nyt",
    "Aarhus",
    "Århus",
    "letbane",
    "stats",
    "sommerhus",
    "sommer",
    "hus",
];

const DATES: &[&str] = &[
    "2016",
    "2017",
    "2017-03",
    "2017-03-14",
    "2017-03-15T23:30:00+01:00",
    "2017-04",
    "2018-01-01",
];

const SOURCES: &[&str] = &["Ritzau", "Ritzau/Reuters", "TT", "Reuters/TT"];
