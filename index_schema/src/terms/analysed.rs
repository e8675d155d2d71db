//! The terms of words that were just analysed, until they are remembered.

use super::{FIELD, INFLECTED, SAME, WordTerms};
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

    /// Takes a word in; its terms.
    pub(super) fn add(&mut self, forms: &Forms) -> WordTerms<'_> {
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
        self.terms(self.ends.len() - 1)
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

    /// The terms of the word that was taken in after so many others.
    pub(super) fn terms(&self, place: usize) -> WordTerms<'_> {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        WordTerms(&self.text[start..self.ends[place]])
    }
}
