//! Danish analysis: text becomes words, and each word an exact form, a main token and the parts of a compound.
//!
//! Imports nothing from its siblings.

mod abbreviations;
mod acronyms;
pub mod answers;
mod ask;
mod cache;
pub mod choice;
mod chosen;
pub mod compounds;
mod endings;
pub mod entry;
pub mod facts;
mod forms;
mod irregular;
pub mod lemma;
mod letters;
pub mod model;
mod numbers;
mod old;
mod places;
pub mod readings;
mod related;
mod signs;
mod slots;
pub mod spelled;
pub mod strings;
pub mod suffixes;
mod together;
mod variants;
mod words;

pub use ask::{ask, index_tokens, index_tokens_by, query_tokens, split};
pub use words::MAX_TERM_BYTES;

use cache::Cache;
use model::Model;
use words::Span;

/// Version of the analysis; part of the fingerprint of an index. Any change of a term asks for a new one.
pub const ANALYSIS: &str = "da-9";

/// What one written word becomes in the index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forms {
    /// Lower-cased, NFC, U+2019 as `'`, otherwise as written.
    pub exact: Box<str>,
    /// The main token: the same for all inflections of a word.
    pub main: Box<str>,
    /// The parts of a compound, as main tokens; empty for other words. Never the main token itself.
    pub parts: Box<[Part]>,
    /// Why the main token and the parts are what they are.
    pub why: Why,
}

/// A part of a compound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its main token.
    pub term: Box<str>,
    /// The letters of the written word that it covers: a half-open range of its `char`s.
    pub chars: (u32, u32),
    /// Whether it is a word by itself between hyphens: it counts as much as one between blanks.
    pub whole: bool,
}

/// Where a main token comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Why {
    /// As written, but for case and letters.
    #[default]
    Written,
    /// The lexicon.
    Lexicon,
    /// The table of irregular forms.
    Irregular,
    /// A suffix rule.
    Rule,
    /// A number, a time or a decade.
    Number,
    /// An abbreviation.
    Abbreviation,
    /// A word with hyphens: the token of the joined word.
    Hyphen,
    /// A suffix rule, and the word is a compound.
    Split,
    /// The first half of two compounds that share a head: `Syd- og Nordkorea`.
    Completed,
    /// An old spelling of a word that is known in the modern one.
    OldSpelling,
}

/// A word of a text: its position is its place in the order of words.
#[derive(Clone, Copy, Debug)]
pub struct Word<'a> {
    /// First byte in the text.
    pub start: usize,
    /// First byte after it.
    pub end: usize,
    /// What it becomes.
    pub forms: &'a Forms,
}

/// What a word of a query asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// First byte in the query text.
    pub start: usize,
    /// First byte after it.
    pub end: usize,
    /// Its exact form.
    pub exact: Box<str>,
    /// Its main token; looked for in the lemma field and among the parts.
    pub main: Box<str>,
    /// Main tokens of other spellings, and of other words with this form; looked for in the same places and ranked lower.
    pub variants: Vec<Box<str>>,
    /// Exact forms that stand in an index under the main token of another word: *tog* (took), for *toget* (the train).
    pub forms: Vec<Box<str>>,
    /// Main tokens of words made from this one or it from them: *oversvømme*, for *oversvømmelse*. No part of a phrase.
    pub related: Vec<Box<str>>,
    /// For a compound: the main tokens of its parts, which mean the same when they stand close to each other.
    pub apart: Vec<Vec<Box<str>>>,
    /// How many positions apart those may stand.
    pub apart_within: u32,
}

/// Turns text into words; remembers the forms of words it has seen.
#[derive(Debug)]
pub struct Analyzer {
    model: Model<'static>,
    seen: Cache,
}

impl Default for Analyzer {
    fn default() -> Self {
        Self::new()
    }
}

impl Analyzer {
    /// A fresh analyzer; costs nothing.
    pub fn new() -> Self {
        Self {
            model: Model::shipped(),
            seen: Cache::default(),
        }
    }

    /// Hands over the words of a text, in order.
    pub fn words(&mut self, text: &str, mut each: impl FnMut(Word<'_>)) {
        let Self { model, seen } = self;
        written_words(text, |word| {
            let (start, end) = (word.start, word.start + word.text.len());
            // Longer words are kept by nobody: each would push out many others.
            if word.is_completed() || word.text.len() > MAX_TERM_BYTES {
                let forms = word.forms(model);
                each(Word {
                    start,
                    end,
                    forms: &forms,
                });
                return;
            }
            let forms = seen.get(word.text, || forms::forms(model, word.text));
            each(Word { start, end, forms });
        });
    }
}

/// A written word of a text, not yet analysed.
#[derive(Clone, Copy, Debug)]
pub struct Written<'t> {
    /// First byte in the text.
    pub start: usize,
    /// The word.
    pub text: &'t str,
    /// The word that completes it: the *Nordkorea* of `Syd- og Nordkorea`.
    completing: Option<&'t str>,
}

impl<'t> Written<'t> {
    fn of(text: &'t str, span: Span) -> Self {
        Self {
            start: span.start,
            text: &text[span.start..span.end],
            completing: span.completed.map(|(from, to)| &text[from..to]),
        }
    }

    /// Whether a word behind it may complete it; then its forms are not those of the same word elsewhere.
    #[inline]
    pub fn is_completed(&self) -> bool {
        self.completing.is_some()
    }

    /// What it becomes.
    pub fn forms(&self, model: &Model<'_>) -> Forms {
        let completed = self
            .completing
            .and_then(|whole| forms::completed_forms(model, self.text, whole));
        completed.unwrap_or_else(|| forms::forms(model, self.text))
    }
}

/// Hands over the written words of a text, in order.
pub fn written_words<'t>(text: &'t str, mut each: impl FnMut(Written<'t>)) {
    words::split(text, |span| each(Written::of(text, span)));
}

#[cfg(test)]
mod tests;
