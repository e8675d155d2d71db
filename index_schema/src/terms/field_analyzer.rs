//! Text to the terms of its fields, word by word.

use std::sync::{Arc, Mutex, PoisonError};

use super::{
    INFLECTED, SAME, WordTerms,
    recent::Recent,
    remembered::{Hashed, Remembered},
};
use crate::danish::{self, Forms, MAX_TERM_BYTES, Written, model::Model};

/// Words kept in each of the two generations that all threads share. A word takes some fifty bytes.
const WORDS: usize = 300_000;
/// The shared words lie in so many groups, each under a lock of its own.
const GROUPS: usize = 16;
/// Words of a text that are looked at together.
const AHEAD: usize = 16;

/// Turns texts into the terms of their fields; remembers the words that it has seen.
///
/// One for each thread, made from each other by [`sharing`](Self::sharing): what one has seen, no other analyses again.
#[derive(Debug)]
pub struct FieldAnalyzer {
    model: Model<'static>,
    /// Those that this thread has seen last.
    recent: Recent,
    /// Those that any thread has seen.
    seen: Arc<[Mutex<Remembered>; GROUPS]>,
    analysed: Analysed,
}

impl Default for FieldAnalyzer {
    fn default() -> Self {
        Self::new()
    }
}

impl FieldAnalyzer {
    /// A fresh one.
    pub fn new() -> Self {
        let group = |_| Mutex::new(Remembered::of(WORDS / GROUPS));
        Self::with(Arc::new(std::array::from_fn(group)))
    }

    /// Another one, for another thread, that knows the words of this one.
    #[must_use]
    pub fn sharing(&self) -> Self {
        Self::with(Arc::clone(&self.seen))
    }

    fn with(seen: Arc<[Mutex<Remembered>; GROUPS]>) -> Self {
        Self {
            model: Model::shipped(),
            recent: Recent::default(),
            seen,
            analysed: Analysed::default(),
        }
    }

    /// Hands over the terms of each word of a text, in order.
    pub(super) fn words(&mut self, text: &str, mut each: impl FnMut(WordTerms<'_>)) {
        // the places of some words are looked at together, so that the waits for the memory overlap
        let mut ahead = Vec::with_capacity(AHEAD);
        danish::written_words(text, |word| {
            let hashed = Hashed::of(word.text);
            self.recent.look_at(hashed);
            ahead.push((word, hashed));
            if ahead.len() == AHEAD {
                for (word, hashed) in ahead.drain(..) {
                    self.word(word, hashed, &mut each);
                }
            }
        });
        for (word, hashed) in ahead {
            self.word(word, hashed, &mut each);
        }
    }

    fn word(
        &mut self,
        word: Written<'_>,
        hashed: Hashed<'_>,
        each: &mut impl FnMut(WordTerms<'_>),
    ) {
        let Self {
            model,
            recent,
            seen,
            analysed,
        } = self;
        // what its neighbours or its length make of a word is no use to the next one
        if word.is_completed() || word.text.len() > MAX_TERM_BYTES {
            return each(analysed.with(&word.forms(model)));
        }
        if let Some(terms) = recent.get(hashed) {
            return each(terms);
        }
        let group = &seen[hashed.group(GROUPS)];
        let lock = || group.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(terms) = lock().get(hashed) {
            recent.put(hashed, terms);
            return each(terms);
        }
        // no lock is held meanwhile: two threads may analyse the same word once each
        let terms = analysed.with(&word.forms(model));
        lock().put(hashed, terms);
        each(terms);
    }
}

/// The terms of the last word that was analysed.
#[derive(Debug, Default)]
struct Analysed {
    exact: String,
    lemma: String,
    parts: String,
}

impl Analysed {
    fn with(&mut self, forms: &Forms) -> WordTerms<'_> {
        self.exact.clear();
        self.lemma.clear();
        self.parts.clear();
        self.exact.push_str(&forms.exact);
        if forms.main != forms.exact {
            self.exact.push(INFLECTED);
            self.lemma.push_str(&forms.main);
        }
        for part in &forms.parts {
            // a word by itself between hyphens counts as much as one between blanks
            let terms = match part.whole {
                true => &mut self.lemma,
                false => &mut self.parts,
            };
            if !terms.is_empty() {
                terms.push(SAME);
            }
            terms.push_str(&part.term);
        }
        WordTerms {
            exact: &self.exact,
            lemma: &self.lemma,
            parts: &self.parts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(analyzer: &mut FieldAnalyzer, text: &str) -> Vec<String> {
        let mut seen = Vec::new();
        analyzer.words(text, |w| {
            seen.push(format!("{} {} {}", w.exact, w.lemma, w.parts));
        });
        seen
    }

    #[test]
    fn a_word_seen_by_any_thread_has_the_same_terms() {
        let text = "Landminerne og EU-topmødet: Syd- og Nordkorea, 1.000 mænd. Landminerne igen";
        let mut first = FieldAnalyzer::new();
        let fresh = terms(&mut first, text);
        assert_eq!(fresh[0], fresh[8]);
        assert_eq!(terms(&mut first, text), fresh);
        assert_eq!(terms(&mut first.sharing(), text), fresh);
        assert_eq!(terms(&mut FieldAnalyzer::new(), text), fresh);
    }
}
