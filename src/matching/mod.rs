//! Where a query stands in a text: the same answer as an engine's, from the text alone.
//!
//! A [`Matcher`] is made once for a query and asked about any number of texts. It says which words to mark, and it says
//! whether a dispatch answers the query at all, so that an engine can be tested against it.

mod asked;
mod conditions;
mod spans;
mod spelling;

use index_schema::{Dispatch, danish::Analyzer};

pub(crate) use self::asked::ask;
use self::conditions::{Condition, Conditions, Occurrences};
pub(crate) use self::spelling::errors;
pub use self::{spans::Span, spelling::errors_allowed};
use crate::query::{Query, Zone};

/// After so many bytes of text the analyzer forgets the words that it has seen, so that a long stream of dispatches
/// needs bounded memory.
const REMEMBERED: usize = 4 << 20;

/// A query, prepared to be looked for in texts.
#[derive(Debug)]
pub struct Matcher {
    /// `None` for a query that asks for nothing, which nothing answers.
    tree: Option<Tree>,
    texts: Vec<TextCondition>,
    conditions: Conditions,
    seen: Seen,
}

/// The words of the texts read so far, so that the next text is read faster: most of its words are among them.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    analyzer: Analyzer,
    bytes: usize,
}

/// The query again, with its conditions on text replaced by their numbers.
#[derive(Debug)]
enum Tree {
    Everything,
    Text(usize),
    Other(Query),
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
}

#[derive(Debug)]
struct TextCondition {
    zone: Zone,
    what: Condition,
    /// It stands outside every NOT.
    wanted: bool,
}

/// A stretch of a text that a query asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// First byte in the text.
    pub start: usize,
    /// First byte after it.
    pub end: usize,
    /// The number of the condition that it meets, in the order of the query.
    pub condition: usize,
}

impl Matcher {
    /// Prepares a query; without `compounds`, words inside compounds do not count.
    pub fn new(query: &Query, compounds: bool) -> Self {
        Self::with(Seen::default(), query, compounds)
    }

    /// The same with the words that another one has seen.
    pub(crate) fn with(seen: Seen, query: &Query, compounds: bool) -> Self {
        let mut matcher = Self {
            tree: None,
            texts: Vec::new(),
            conditions: Conditions::new(compounds),
            seen,
        };
        matcher.tree = matcher.plant(query, true);
        matcher
    }

    /// The words it has seen, for the next one.
    pub(crate) fn into_seen(self) -> Seen {
        self.seen
    }

    /// What asks for nothing, as punctuation does, is left out.
    fn plant(&mut self, query: &Query, wanted: bool) -> Option<Tree> {
        let mut all = |queries: &[Query]| {
            let trees = queries.iter().filter_map(|q| self.plant(q, wanted));
            Some(trees.collect::<Vec<_>>()).filter(|t| !t.is_empty())
        };
        match query {
            Query::Everything => Some(Tree::Everything),
            Query::And(queries) => all(queries).map(Tree::And),
            Query::Or(queries) => all(queries).map(Tree::Or),
            Query::Not(query) => Some(Tree::Not(Box::new(self.plant(query, false)?))),
            Query::Field { .. } | Query::Date { .. } => Some(Tree::Other(query.clone())),
            Query::Text { zone, what } => {
                let what = self.conditions.add(what)?;
                self.texts.push(TextCondition {
                    zone: *zone,
                    what,
                    wanted,
                });
                Some(Tree::Text(self.texts.len() - 1))
            }
        }
    }

    /// Whether a dispatch answers the query. Conditions on other things than text are decided by `other`.
    pub fn matches(
        &mut self,
        dispatch: &Dispatch,
        other: &mut dyn FnMut(&Query, &Dispatch) -> bool,
    ) -> bool {
        let headline = self.read(dispatch.headline.as_deref().unwrap_or_default(), None);
        let body = self.read(&dispatch.body, None);
        let stands: Vec<bool> = self
            .texts
            .iter()
            .map(|t| match t.zone {
                Zone::Headline => t.what.is_met(&[&headline]),
                Zone::Body => t.what.is_met(&[&body]),
                Zone::Anywhere => t.what.is_met(&[&headline, &body]),
            })
            .collect();
        let tree = self.tree.as_ref();
        tree.is_some_and(|t| t.holds(&stands, &mut |q| other(q, dispatch)))
    }

    /// What to mark in a text of a zone (the headline or the body) of a dispatch that was found, in order; marks of
    /// different conditions may overlap. What a NOT excludes is never marked.
    pub fn marks(&mut self, zone: Zone, text: &str) -> Vec<Mark> {
        self.marks_at(zone, text, None)
    }

    /// The same when it is known at which positions words stand that the query asks for; others may be among them, and words
    /// that are truncated or misspelt in the query need not be.
    pub(crate) fn marks_at(&mut self, zone: Zone, text: &str, at: Option<&[u32]>) -> Vec<Mark> {
        let read = self.read(text, at);
        let mut marks = Vec::new();
        for (condition, t) in self.texts.iter().enumerate() {
            if !t.wanted || !covers(t.zone, zone) {
                continue;
            }
            let found = t.what.find(&read);
            t.what.mark(&read, &found, &found.spans, &mut |start, end| {
                marks.push(Mark {
                    start,
                    end,
                    condition,
                });
            });
        }
        marks.sort_unstable();
        marks.dedup();
        marks
    }

    /// Whether any of it can be marked in a body.
    pub fn looks_at_bodies(&self) -> bool {
        let marks = |t: &TextCondition| t.wanted && covers(t.zone, Zone::Body);
        self.texts.iter().any(marks)
    }

    fn read(&mut self, text: &str, at: Option<&[u32]>) -> Occurrences {
        // a few words of each text fill nothing
        if at.is_none() {
            self.seen.bytes += text.len();
        }
        if self.seen.bytes > REMEMBERED {
            self.seen = Seen::default();
            self.seen.bytes = text.len();
        }
        self.conditions.read(text, at, &mut self.seen.analyzer)
    }
}

/// Whether a condition on one zone is a condition on the other.
fn covers(condition: Zone, zone: Zone) -> bool {
    condition == Zone::Anywhere || zone == Zone::Anywhere || condition == zone
}

impl Tree {
    fn holds(&self, stands: &[bool], other: &mut dyn FnMut(&Query) -> bool) -> bool {
        match self {
            Self::Everything => true,
            Self::Text(number) => stands[*number],
            Self::Other(query) => other(query),
            Self::And(trees) => trees.iter().all(|t| t.holds(stands, other)),
            Self::Or(trees) => trees.iter().any(|t| t.holds(stands, other)),
            Self::Not(tree) => !tree.holds(stands, other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{Field, Passage};

    fn word(word: &str) -> Passage {
        Passage::Word(word.into())
    }

    fn near(distance: u32, ordered: bool, words: &[&str]) -> Passage {
        Passage::Near {
            distance,
            ordered,
            passages: words.iter().map(|w| word(w)).collect(),
        }
    }

    fn text(zone: Zone, what: Passage) -> Query {
        Query::Text { zone, what }
    }

    fn marked(what: Passage, body: &str) -> Vec<&str> {
        let marks = Matcher::new(&text(Zone::Anywhere, what), true).marks(Zone::Body, body);
        marks.iter().map(|m| &body[m.start..m.end]).collect()
    }

    fn answers(query: &Query, headline: &str, body: &str) -> bool {
        let dispatch = Dispatch {
            headline: Some(headline.to_owned()),
            body: body.to_owned(),
            ..Dispatch::default()
        };
        Matcher::new(query, true).matches(&dispatch, &mut |_, _| false)
    }

    #[test]
    fn neighbours_are_marked_where_they_are_near() {
        let body =
            "Hæren kom. Ingen talte om krigen den dag, men siden kom hæren og krigen til byen.";
        assert_eq!(
            marked(near(2, true, &["hæren", "krigen"]), body),
            ["hæren", "krigen"]
        );
        assert_eq!(marked(near(2, true, &["krigen", "hæren"]), body), [""; 0]);
        assert_eq!(
            marked(near(7, false, &["krigen", "hæren"]), body),
            ["Hæren", "krigen", "hæren", "krigen"]
        );
    }

    #[test]
    fn a_phrase_takes_whole_words_and_inflections() {
        let phrase = Passage::Phrase(vec![word("syrisk"), word("soldat")]);
        assert_eq!(
            marked(phrase.clone(), "Den syriske soldat og de syriske soldater."),
            ["syriske soldat", "syriske soldater"]
        );
        assert_eq!(marked(phrase, "Den syriske, lille soldat."), [""; 0]);
    }

    #[test]
    fn a_group_within_a_phrase_takes_each_of_its_words() {
        let phrase = Passage::Phrase(vec![
            word("syriske"),
            Passage::AnyOf(vec![word("by"), Passage::Pattern("trop*".into())]),
        ]);
        assert_eq!(
            marked(phrase, "syriske tropper i en syrisk by"),
            ["syriske tropper", "syrisk by"]
        );
    }

    #[test]
    fn mentions_are_counted() {
        let query = |times| {
            let what = Box::new(word("miner"));
            text(Zone::Anywhere, Passage::AtLeast { times, what })
        };
        let body = "Miner er miner, sagde han om minerne.";
        assert!(answers(&query(3), "", body));
        assert!(!answers(&query(4), "", body));
        assert!(answers(&query(4), "Miner fundet", body));
    }

    #[test]
    fn a_passage_does_not_run_from_headline_to_body() {
        let phrase = text(
            Zone::Anywhere,
            Passage::Phrase(vec![word("syriske"), word("tropper")]),
        );
        assert!(answers(&phrase, "Syriske tropper", "Intet nyt."));
        assert!(!answers(&phrase, "De syriske", "tropper venter."));
        assert!(!answers(
            &text(Zone::Headline, word("tropper")),
            "De syriske",
            "tropper venter."
        ));
    }

    #[test]
    fn the_whole_tree_is_asked() {
        let [a, b] = ["broen", "havnen"].map(|w| text(Zone::Anywhere, word(w)));
        let and_not = Query::And(vec![a.clone(), Query::Not(Box::new(b.clone()))]);
        assert!(answers(&and_not, "Broen lukker", ""));
        assert!(!answers(&and_not, "Broen lukker", "Havnen også."));
        let field = Query::Field {
            field: Field::Source,
            value: "ritzau".into(),
        };
        assert!(!answers(
            &Query::And(vec![a.clone(), field.clone()]),
            "Broen",
            ""
        ));
        assert!(answers(&Query::Or(vec![b, field, a]), "Broen", ""));
    }

    #[test]
    fn what_asks_for_nothing_is_left_out() {
        let [nothing, a] = ["?!", "broen"].map(|w| text(Zone::Anywhere, word(w)));
        assert!(answers(
            &Query::And(vec![nothing.clone(), a.clone()]),
            "Broen",
            ""
        ));
        assert!(!answers(&Query::Or(vec![nothing.clone(), a]), "Havnen", ""));
        for query in [
            nothing.clone(),
            Query::Not(Box::new(nothing)),
            Query::And(Vec::new()),
        ] {
            assert!(!answers(&query, "Broen", ""));
        }
        let phrase = Passage::Phrase(vec![word("broen"), word("–"), word("lukker")]);
        assert!(answers(&text(Zone::Anywhere, phrase), "Broen lukker", ""));
    }

    #[test]
    fn a_word_that_the_analyzer_takes_apart_is_a_phrase() {
        assert_eq!(
            marked(word("krig/fred"), "krig og fred, krig/fred"),
            ["krig/fred"]
        );
        assert_eq!(
            marked(Passage::Exact("krig/fred".into()), "krigs fred, krig fred"),
            ["krig fred"]
        );
        assert_eq!(marked(word("?!"), "krig?!"), [""; 0]);
    }
}
