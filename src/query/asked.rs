//! The words of a query one by one, for counting them and for finding near spellings.

use std::collections::HashSet;

use super::{Passage, Query, Zone, names, read_as};

/// A word or pattern of a query, and the query for it alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedWord {
    /// As typed: `landminer`, `=haven`, `sundheds*`, `landmyne~`, `headline:krig`.
    pub written: String,
    /// What it asks for by itself: a word of the headline in the headline, a word of a phrase as a whole word.
    pub query: Query,
}

/// Every word that is asked for, once, in the order written; none that is excluded.
pub(super) fn words(query: &Query) -> Vec<AskedWord> {
    let mut found = Found::default();
    found.query(query);
    found.words
}

#[derive(Default)]
struct Found {
    words: Vec<AskedWord>,
    seen: HashSet<String>,
}

impl Found {
    fn query(&mut self, query: &Query) {
        match query {
            Query::Text { zone, what } => self.passage(*zone, what, false),
            Query::And(queries) | Query::Or(queries) => queries.iter().for_each(|q| self.query(q)),
            Query::Everything | Query::Field { .. } | Query::Date { .. } | Query::Not(_) => {}
        }
    }

    fn passage(&mut self, zone: Zone, passage: &Passage, in_phrase: bool) {
        match passage {
            Passage::Word(_) | Passage::Exact(_) | Passage::Pattern(_) | Passage::Misspelt(_) => {
                self.add(zone, passage, in_phrase);
            }
            Passage::Phrase(passages) => {
                passages.iter().for_each(|p| self.passage(zone, p, true));
            }
            Passage::AnyOf(passages) | Passage::Near { passages, .. } => {
                passages
                    .iter()
                    .for_each(|p| self.passage(zone, p, in_phrase));
            }
            Passage::AtLeast { what, .. } => self.passage(zone, what, in_phrase),
        }
    }

    fn add(&mut self, zone: Zone, word: &Passage, in_phrase: bool) {
        let typed = match word {
            Passage::Word(word) | Passage::Pattern(word) => word.clone(),
            Passage::Exact(word) => format!("={word}"),
            Passage::Misspelt(word) => format!("{word}~"),
            _ => return,
        };
        let written = format!("{}{typed}", names::before_zone(zone));
        let whole = in_phrase && matches!(word, Passage::Word(_));
        let what = match whole {
            true => Passage::Phrase(vec![word.clone()]),
            false => word.clone(),
        };
        let query = Query::Text { zone, what };
        if self.seen.insert(read_as(&query)) {
            self.words.push(AskedWord { written, query });
        }
    }
}
