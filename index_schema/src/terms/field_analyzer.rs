//! Text to the words of a vocabulary.

use std::{collections::HashMap, sync::Arc};

use foldhash::fast::FixedState;

use super::{
    analysed::Analysed,
    recent::Recent,
    vocabularies::Vocabularies,
    vocabulary::{Hashed, Vocabulary},
};
use crate::danish::{self, MAX_TERM_BYTES, Written, model::Model};

/// Words that a vocabulary takes before analyzers go on to the next one. A word takes some sixty bytes.
const WORDS: usize = 300_000;
/// Words that are looked up together.
const ROW: usize = 256;
/// New words that are analysed together at most.
const NEW: usize = 1024;

/// Turns texts into words of a vocabulary; remembers the words that it has seen. One for each thread.
#[derive(Debug)]
pub struct FieldAnalyzer {
    model: Model<'static>,
    vocabularies: Vocabularies,
    /// The one in use here, and the one before it: what is frequent is not analysed again.
    vocabulary: Arc<Vocabulary>,
    before: Arc<Vocabulary>,
    /// Words of the one in use that this thread has seen last.
    recent: Recent,
    analysed: Analysed,
}

impl Default for FieldAnalyzer {
    fn default() -> Self {
        Self::new(&Vocabularies::default())
    }
}

impl FieldAnalyzer {
    /// One that shares what it sees.
    pub fn new(vocabularies: &Vocabularies) -> Self {
        Self {
            model: Model::shipped(),
            vocabularies: vocabularies.clone(),
            vocabulary: vocabularies.current(),
            before: Arc::default(),
            recent: Recent::default(),
            analysed: Analysed::default(),
        }
    }

    /// The words of each of some texts, in order, and the vocabulary that they are numbers in.
    ///
    /// Each step is done for many words before the next begins, whichever texts they stand in: the waits for the memory
    /// overlap, and the analysis of new words finds its code and tables where the last one left them.
    pub(super) fn words(&mut self, texts: &[&str]) -> (Arc<Vocabulary>, Vec<Vec<u32>>) {
        self.go_on_when_full();
        let bytes: usize = texts.iter().map(|text| text.len()).sum();
        let mut found = Found {
            // a word and what is before the next one take six bytes or more
            numbers: Vec::with_capacity(bytes / 6),
            new: Vec::with_capacity(NEW / 4),
        };
        let mut ends = Vec::with_capacity(texts.len());
        let mut row = Vec::with_capacity(ROW);
        for text in texts {
            danish::written_words(text, |word| {
                row.push((word, Hashed::of(word.text)));
                if row.len() == ROW {
                    self.find(&row, &mut found);
                    row.clear();
                }
            });
            ends.push(found.numbers.len() + row.len());
        }
        self.find(&row, &mut found);
        self.take_in(&mut found);
        let mut start = 0;
        let of_each = ends.into_iter().map(|end| {
            let words = found.numbers[start..end].to_vec();
            start = end;
            words
        });
        (Arc::clone(&self.vocabulary), of_each.collect())
    }

    /// Goes on to the next vocabulary if this one is full.
    fn go_on_when_full(&mut self) {
        if self.vocabulary.read().len() < WORDS {
            return;
        }
        let next = self.vocabularies.after(&self.vocabulary, WORDS);
        self.before = std::mem::replace(&mut self.vocabulary, next);
        self.recent.clear();
    }

    /// Adds the numbers of a row of words; new ones get theirs later.
    fn find<'t>(&mut self, row: &[(Written<'t>, Hashed<'t>)], found: &mut Found<'t>) {
        for (_, hashed) in row {
            self.recent.look_at(*hashed);
        }
        let first = found.numbers.len();
        let mut far = Vec::with_capacity(row.len());
        for (nth, (word, hashed)) in row.iter().enumerate() {
            let near = self.recent.get(*hashed).filter(|_| !is_alone(word));
            if near.is_none() {
                far.push(nth);
            }
            found.numbers.push(near.unwrap_or_default());
        }
        {
            let words = self.vocabulary.read();
            for &nth in &far {
                words.look_at(row[nth].1);
            }
            for nth in far {
                let (word, hashed) = row[nth];
                let place = first + nth;
                match words.find(hashed).filter(|_| !is_alone(&word)) {
                    Some(number) => {
                        self.recent.put(hashed, number);
                        found.numbers[place] = number;
                    }
                    None => found.new.push(New {
                        word,
                        hashed,
                        place,
                    }),
                }
            }
        }
        if found.new.len() >= NEW {
            self.take_in(found);
        }
    }

    /// Takes in the words that the vocabulary does not have.
    fn take_in(&mut self, found: &mut Found<'_>) {
        if found.new.is_empty() {
            return;
        }
        // what the others add to is not locked meanwhile: two may analyse the same word once each
        self.analysed.clear();
        let before = self.before.read();
        // what is new in a text often stands in it twice
        let mut twins: HashMap<u64, usize, FixedState> = HashMap::default();
        for (nth, New { word, hashed, .. }) in found.new.iter().enumerate() {
            if is_alone(word) {
                self.analysed.add(&word.forms(&self.model));
                continue;
            }
            let first = *twins.entry(hashed.hash).or_insert(nth);
            if first < nth && found.new[first].word.text == word.text {
                self.analysed.repeat(first);
            } else if let Some(number) = before.find(*hashed) {
                self.analysed.copy(before.terms(number));
            } else {
                self.analysed.add(&word.forms(&self.model));
            }
        }
        drop(before);
        let mut words = self.vocabulary.write();
        for (new, terms) in found.new.drain(..).zip(self.analysed.terms()) {
            let number = match is_alone(&new.word) {
                true => words.put_nameless("", terms),
                false => words.put(new.hashed, terms),
            };
            found.numbers[new.place] = number;
            if !is_alone(&new.word) {
                self.recent.put(new.hashed, number);
            }
        }
    }
}

/// Words of texts that are being looked up.
struct Found<'t> {
    /// Their numbers; 0 for a new word.
    numbers: Vec<u32>,
    new: Vec<New<'t>>,
}

/// A word that the vocabulary does not have.
struct New<'t> {
    word: Written<'t>,
    hashed: Hashed<'t>,
    /// Where its number goes.
    place: usize,
}

/// Whether a word is remembered by nobody: what its neighbours or its length make of it is no use to the next one.
#[inline]
fn is_alone(word: &Written<'_>) -> bool {
    word.is_completed() || word.text.len() > MAX_TERM_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(analyzer: &mut FieldAnalyzer, text: &str) -> Vec<String> {
        let (vocabulary, numbers) = analyzer.words(&[text]);
        let words = vocabulary.read();
        let terms = numbers.iter().flatten();
        terms
            .map(|number| words.terms(*number).to_owned())
            .collect()
    }

    #[test]
    fn a_word_seen_by_any_thread_has_the_same_terms() {
        let text = "Landminerne og EU-topmødet: Syd- og Nordkorea, 1.000 mænd. Landminerne igen, og Syd- da";
        let shared = Vocabularies::default();
        let mut first = FieldAnalyzer::new(&shared);
        let fresh = terms(&mut first, text);
        assert_eq!(fresh[0], fresh[8]);
        // the first one is completed by its neighbour, the second stands alone
        assert_ne!(fresh[3], fresh[11]);
        assert!(fresh.iter().all(|terms| !terms.is_empty()));
        assert_eq!(terms(&mut first, text), fresh);
        assert_eq!(terms(&mut FieldAnalyzer::new(&shared), text), fresh);
        assert_eq!(terms(&mut FieldAnalyzer::default(), text), fresh);
    }

    #[test]
    fn a_text_of_many_rows_has_the_terms_of_its_words() {
        // more words than are kept near, with one in every row that its neighbour completes
        let words: Vec<String> = (0..40_000)
            .map(|n| match n % 100 {
                0 => "Syd- og Nordkorea".to_owned(),
                50 => "landminerne".to_owned(),
                _ => format!("b{n}"),
            })
            .collect();
        let mut each = FieldAnalyzer::default();
        let alone: Vec<_> = words.iter().flat_map(|w| terms(&mut each, w)).collect();
        let mut analyzer = FieldAnalyzer::default();
        let text = words.join(" ");
        assert_eq!(terms(&mut analyzer, &text), alone);
        assert_eq!(terms(&mut analyzer, &text), alone);
    }

    #[test]
    fn a_full_vocabulary_is_followed_by_another_for_all_threads() {
        let shared = Vocabularies::default();
        let [mut one, mut other] = [(); 2].map(|()| FieldAnalyzer::new(&shared));
        let many: Vec<String> = (0..WORDS).map(|n| format!("{n}x")).collect();
        let (first, _) = one.words(&[&many.join(" ")]);
        let fresh = terms(&mut FieldAnalyzer::default(), "7x landminerne");
        assert_eq!(terms(&mut one, "7x landminerne"), fresh);
        let (next, numbers) = one.words(&["7x landminerne"]);
        assert!(!Arc::ptr_eq(&first, &next));
        assert_eq!(next.read().len(), 2);
        assert_eq!(other.words(&["7x landminerne"]).1, numbers);
        assert_eq!(next.read().len(), 2);
    }
}
