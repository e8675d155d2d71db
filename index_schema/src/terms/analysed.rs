//! The terms of words that were just analysed, until they are remembered.

use super::{FIELD, INFLECTED, SAME};
use crate::danish::Forms;

/// The terms of some words, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Analysed {
    text: String,
    /// Where those of each word end.
    ends: Vec<usize>,
}

impl Analysed {
    /// Forgets all words.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// Takes the terms of a word in that were made before.
    pub(super) fn copy(&mut self, terms: &str) {
        self.text.push_str(terms);
        self.ends.push(self.text.len());
    }

    /// Takes the terms in once more that were taken in after so many others.
    pub(super) fn repeat(&mut self, nth: usize) {
        let start = nth.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.extend_from_within(start..self.ends[nth]);
        self.ends.push(self.text.len());
    }

    /// Takes a word in.
    pub(super) fn add(&mut self, forms: &Forms) {
        let inflected = forms.main != forms.exact;
        self.text.push_str(&forms.exact);
        if inflected {
            self.text.push(INFLECTED);
        }
        let pieces = forms.parts.iter().filter(|part| part.whole);
        let parts = forms.parts.iter().filter(|part| !part.whole);
        if inflected || !forms.parts.is_empty() {
            self.text.push(FIELD);
        }
        let main = inflected.then_some(&*forms.main);
        // a word by itself between hyphens counts as much as one between blanks
        self.add_joined(main.into_iter().chain(pieces.map(|part| &*part.term)));
        let mut parts = parts.map(|part| &*part.term).peekable();
        if parts.peek().is_some() {
            self.text.push(FIELD);
        }
        self.add_joined(parts);
        self.ends.push(self.text.len());
    }

    /// Adds terms of one field.
    fn add_joined<'a>(&mut self, terms: impl Iterator<Item = &'a str>) {
        for (n, term) in terms.enumerate() {
            if n > 0 {
                self.text.push(SAME);
            }
            self.text.push_str(term);
        }
    }

    /// The terms of each word.
    pub(super) fn terms(&self) -> impl Iterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let terms = &self.text[start..*end];
            start = *end;
            terms
        })
    }
}
