//! Text to the terms of its fields, word by word.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::{
    WordTerms,
    analysed::Analysed,
    recent::Recent,
    remembered::{Age, Hashed, Remembered},
};
use crate::danish::{self, MAX_TERM_BYTES, Written, model::Model};

/// Words kept in each of the two generations that all threads share. A word takes some fifty bytes.
const WORDS: usize = 300_000;
/// Words of a text that are looked up together.
const ROW: usize = 256;

/// Turns texts into the terms of their fields; remembers the words that it has seen.
///
/// One for each thread, made from each other by [`sharing`](Self::sharing): what one has seen, no other analyses again.
#[derive(Debug)]
pub struct FieldAnalyzer {
    model: Model<'static>,
    /// Those that this thread has seen last.
    recent: Recent,
    /// Those that any thread has seen.
    seen: Arc<RwLock<Remembered>>,
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
        Self::with(Arc::new(RwLock::new(Remembered::of(WORDS))))
    }

    /// Another one, for another thread, that knows the words of this one.
    #[must_use]
    pub fn sharing(&self) -> Self {
        Self::with(Arc::clone(&self.seen))
    }

    fn with(seen: Arc<RwLock<Remembered>>) -> Self {
        Self {
            model: Model::shipped(),
            recent: Recent::default(),
            seen,
            analysed: Analysed::default(),
        }
    }

    /// Hands over the terms of each word of a text, in order.
    pub(super) fn words(&mut self, text: &str, mut each: impl FnMut(WordTerms<'_>)) {
        let mut row = Vec::with_capacity(ROW);
        danish::written_words(text, |word| {
            row.push((word, Hashed::of(word.text)));
            if row.len() == ROW {
                self.row(&row, &mut each);
                row.clear();
            }
        });
        self.row(&row, &mut each);
    }

    /// The same for a row of words.
    ///
    /// Each step is done for all of them before the next begins: the waits for the memory overlap, and the analysis of
    /// new words finds its code and tables where the last one left them.
    fn row(&mut self, row: &[(Written<'_>, Hashed<'_>)], each: &mut impl FnMut(WordTerms<'_>)) {
        for (_, hashed) in row {
            self.recent.look_at(*hashed);
        }
        let far = |(word, hashed): &&(Written<'_>, Hashed<'_>)| {
            !is_alone(word) && !self.recent.has(*hashed)
        };
        let far: Vec<_> = row.iter().filter(far).collect();
        let (mut new, mut old) = (Vec::new(), Vec::new());
        {
            let seen = read(&self.seen);
            for (_, hashed) in &far {
                seen.look_at(*hashed);
            }
            for (word, hashed) in far {
                match seen.get(*hashed) {
                    Some((terms, age)) => {
                        self.recent.put(*hashed, terms);
                        if age == Age::Old {
                            old.push(*hashed);
                        }
                    }
                    None => new.push((word, *hashed)),
                }
            }
        }
        // no lock is held meanwhile: two threads may analyse the same word once each
        self.analysed.clear();
        new.retain(|(word, hashed)| {
            // what is new in a text often stands in it twice
            let is_new = self.recent.get(*hashed).is_none();
            if is_new {
                let terms = self.analysed.add(&word.forms(&self.model));
                self.recent.put(*hashed, terms);
            }
            is_new
        });
        if !old.is_empty() || !new.is_empty() {
            let mut seen = write(&self.seen);
            for hashed in old {
                seen.renew(hashed);
            }
            for (place, (_, hashed)) in new.into_iter().enumerate() {
                seen.put(hashed, self.analysed.terms(place));
            }
        }
        for (word, hashed) in row {
            match self.recent.get(*hashed) {
                Some(terms) if !is_alone(word) => each(terms),
                _ => self.word(word, *hashed, each),
            }
        }
    }

    /// The same for a word that is not near.
    fn word(
        &mut self,
        word: &Written<'_>,
        hashed: Hashed<'_>,
        each: &mut impl FnMut(WordTerms<'_>),
    ) {
        if !is_alone(word)
            && let Some((terms, _)) = read(&self.seen).get(hashed)
        {
            return each(terms);
        }
        self.analysed.clear();
        each(self.analysed.add(&word.forms(&self.model)));
    }
}

/// Whether a word is remembered by nobody: what its neighbours or its length make of it is no use to the next one.
#[inline]
fn is_alone(word: &Written<'_>) -> bool {
    word.is_completed() || word.text.len() > MAX_TERM_BYTES
}

fn read(seen: &RwLock<Remembered>) -> RwLockReadGuard<'_, Remembered> {
    seen.read().unwrap_or_else(PoisonError::into_inner)
}

fn write(seen: &RwLock<Remembered>) -> RwLockWriteGuard<'_, Remembered> {
    seen.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(analyzer: &mut FieldAnalyzer, text: &str) -> Vec<String> {
        let mut seen = Vec::new();
        analyzer.words(text, |w| {
            seen.push(w.0.to_owned());
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

    #[test]
    fn a_text_of_many_rows_has_the_terms_of_its_words() {
        // more words than are kept near, with one in every row that its neighbour completes
        let words: Vec<String> = (0..18_000)
            .map(|n| match n % 100 {
                0 => "Syd- og Nordkorea".to_owned(),
                50 => "landminerne".to_owned(),
                _ => format!("b{n}"),
            })
            .collect();
        let mut each = FieldAnalyzer::new();
        let alone: Vec<_> = words.iter().flat_map(|w| terms(&mut each, w)).collect();
        let mut analyzer = FieldAnalyzer::new();
        let text = words.join(" ");
        assert_eq!(terms(&mut analyzer, &text), alone);
        assert_eq!(terms(&mut analyzer, &text), alone);
    }
}
