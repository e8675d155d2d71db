//! The terms of words that were just analysed, until they are remembered.

use super::{INFLECTED, SAME, WordTerms};
use crate::danish::Forms;

/// The terms of some words, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Analysed {
    text: String,
    words: Vec<Ends>,
}

/// Where the terms of a word begin, and where those of each field end.
#[derive(Clone, Copy, Debug)]
struct Ends {
    start: usize,
    exact: usize,
    lemma: usize,
    parts: usize,
}

impl Analysed {
    /// Forgets all words.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.words.clear();
    }

    /// Takes a word in; its terms.
    pub(super) fn add(&mut self, forms: &Forms) -> WordTerms<'_> {
        let start = self.text.len();
        self.text.push_str(&forms.exact);
        let inflected = forms.main != forms.exact;
        if inflected {
            self.text.push(INFLECTED);
        }
        let exact = self.text.len();
        if inflected {
            self.text.push_str(&forms.main);
        }
        // a word by itself between hyphens counts as much as one between blanks
        self.add_parts(forms, exact, true);
        let lemma = self.text.len();
        self.add_parts(forms, lemma, false);
        let parts = self.text.len();
        self.words.push(Ends {
            start,
            exact,
            lemma,
            parts,
        });
        self.terms(self.words.len() - 1)
    }

    /// Adds the parts that are whole words, or those that are not, to the terms that begin at a place.
    fn add_parts(&mut self, forms: &Forms, start: usize, whole: bool) {
        for part in forms.parts.iter().filter(|part| part.whole == whole) {
            if self.text.len() > start {
                self.text.push(SAME);
            }
            self.text.push_str(&part.term);
        }
    }

    /// The terms of the word that was taken in after so many others.
    pub(super) fn terms(&self, place: usize) -> WordTerms<'_> {
        let ends = self.words[place];
        WordTerms {
            exact: &self.text[ends.start..ends.exact],
            lemma: &self.text[ends.exact..ends.lemma],
            parts: &self.text[ends.lemma..ends.parts],
        }
    }
}
