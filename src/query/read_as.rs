//! The query tree in the query language: how a text was read, for people, and to be read again.

use std::fmt;

use super::{
    Field, Passage, Query, Zone, names,
    words::{is_blank, is_bracket, is_quote, trimmed_to_stars},
};

/// Writes a query in the query language, so that its reading can be checked at a glance.
///
/// What [`parse`](super::parse) made of any text reads back as the same tree. AND is a blank; brackets stand
/// wherever OR or NEAR are part of something larger; a word that looks like an operator or a field stands between
/// apostrophes.
pub fn read_as(query: &Query) -> String {
    let mut written = Written::default();
    written.query(query, Place::Alone);
    // Capitals alone are text, in which an operator would be a word.
    match written.operators && !written.out.contains(char::is_lowercase) {
        true => format!("text:({})", written.out),
        false => written.out,
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&read_as(self))
    }
}

#[derive(Default)]
struct Written {
    out: String,
    /// Whether there is an operator in it.
    operators: bool,
}

/// Whether something stands by itself or as part of something larger.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Alone,
    Part,
}

impl Written {
    fn query(&mut self, query: &Query, place: Place) {
        match query {
            Query::Everything => {}
            Query::Text { zone, what } => {
                self.out.push_str(names::before_zone(*zone));
                let alone = place == Place::Alone && *zone == Zone::Anywhere;
                self.passage(what, if alone { place } else { Place::Part });
            }
            Query::Field { field, value } => {
                self.out.push_str(names::of_field(*field));
                self.out.push(':');
                self.value(value, |bare| {
                    *field == Field::Id || trimmed_to_stars(bare) == bare
                });
            }
            Query::Date { written, .. } => {
                self.out.push_str("date:");
                self.value(written, |_| true);
            }
            Query::And(queries) => self.list(queries, " ", place, Self::query),
            Query::Or(queries) => self.list(queries, " OR ", place, Self::query),
            Query::Not(inner) => {
                self.operators = true;
                self.out.push_str("NOT ");
                self.query(inner, Place::Part);
            }
        }
    }

    fn passage(&mut self, passage: &Passage, place: Place) {
        match passage {
            Passage::Word(word) if looks_like_more(word) => {
                self.out.push('\'');
                self.out.push_str(word);
                self.out.push('\'');
            }
            Passage::Word(_) | Passage::Exact(_) | Passage::Pattern(_) | Passage::Misspelt(_) => {
                self.leaf(passage);
            }
            Passage::Phrase(words) => self.phrase(words),
            Passage::AnyOf(passages) => self.list(passages, " OR ", Place::Part, Self::passage),
            Passage::Near {
                distance,
                ordered,
                passages,
            } => {
                let name = if *ordered { "ONEAR" } else { "NEAR" };
                let operator = format!(" {name}/{distance} ");
                self.list(passages, &operator, place, Self::passage);
            }
            Passage::AtLeast { times, what } => {
                self.out.push_str(&format!("atleast{times}:"));
                self.passage(what, Place::Part);
            }
        }
    }

    fn phrase(&mut self, words: &[Passage]) {
        let exact = words.iter().all(|w| matches!(w, Passage::Exact(_)));
        self.out.push_str(if exact { "=\"" } else { "\"" });
        for (i, word) in words.iter().enumerate() {
            if i > 0 {
                self.out.push(' ');
            }
            match word {
                Passage::Exact(word) if exact => self.out.push_str(word),
                other => self.leaf(other),
            }
        }
        self.out.push('"');
    }

    fn leaf(&mut self, passage: &Passage) {
        match passage {
            Passage::Word(word) | Passage::Pattern(word) => self.out.push_str(word),
            Passage::Exact(word) => {
                self.out.push('=');
                self.out.push_str(word);
            }
            Passage::Misspelt(word) => {
                self.out.push_str(word);
                self.out.push('~');
            }
            larger => self.passage(larger, Place::Part),
        }
    }

    /// The parts with the operator between them, in brackets unless they stand alone.
    fn list<T>(
        &mut self,
        parts: &[T],
        between: &str,
        place: Place,
        each: fn(&mut Self, &T, Place),
    ) {
        if place == Place::Part {
            self.out.push('(');
        }
        for (i, part) in parts.iter().enumerate() {
            if i > 0 {
                self.operators |= between != " ";
                self.out.push_str(between);
            }
            each(self, part, Place::Part);
        }
        if place == Place::Part {
            self.out.push(')');
        }
    }

    /// A value, in quotes where it needs them: of a make that it does not hold itself.
    fn value(&mut self, value: &str, stays: impl Fn(&str) -> bool) {
        let splits = |c| is_blank(c) || is_bracket(c) || is_quote(c);
        if !value.contains(splits) && stays(value) {
            self.out.push_str(value);
            return;
        }
        let (open, close) = if !value.contains('"') {
            ('"', '"')
        } else if !value.contains(['»', '«']) {
            ('»', '«')
        } else {
            ('„', '“')
        };
        self.out.push(open);
        self.out.push_str(value);
        self.out.push(close);
    }
}

/// Whether the bare word would be an operator or a field.
fn looks_like_more(word: &str) -> bool {
    names::operator(word).is_some() || names::take(word).is_some()
}
