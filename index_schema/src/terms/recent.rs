//! The terms of the words seen last, near the core.

use std::hint;

use super::{WordTerms, remembered::Hashed};

/// Places for words; a hash has one of them, and the last word with it stays.
const PLACES: usize = 1 << 14;
/// Bytes for a word and its terms: a place is one line of a core's cache. Longer words are rare ones.
const ROOM: usize = 52;

/// Remembers a few thousand words. Half the words of a text are some hundred small ones, which never leave it for long.
#[derive(Debug)]
pub(super) struct Recent {
    places: Box<[Place]>,
}

/// A word and its terms, one behind the other.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Place {
    hash: u64,
    /// 0 where no word was seen yet.
    word: u8,
    exact: u8,
    lemma: u8,
    parts: u8,
    text: [u8; ROOM],
}

const FREE: Place = Place {
    hash: 0,
    word: 0,
    exact: 0,
    lemma: 0,
    parts: 0,
    text: [0; ROOM],
};

impl Default for Recent {
    fn default() -> Self {
        Self {
            places: vec![FREE; PLACES].into(),
        }
    }
}

impl Recent {
    /// The terms of a word, if it is still there.
    #[inline]
    pub(super) fn get(&self, word: Hashed<'_>) -> Option<WordTerms<'_>> {
        let place = &self.places[word.hash as usize % PLACES];
        let text = word.word.as_bytes();
        if place.hash != word.hash || place.text.get(..place.word.into())? != text {
            return None;
        }
        let exact = text.len();
        let lemma = exact + usize::from(place.exact);
        let parts = lemma + usize::from(place.lemma);
        let end = parts + usize::from(place.parts);
        Some(WordTerms {
            exact: place.text.get(exact..lemma)?,
            lemma: place.text.get(lemma..parts)?,
            parts: place.text.get(parts..end)?,
        })
    }

    /// Whether a word is there, in all likelihood.
    #[inline]
    pub(super) fn has(&self, word: Hashed<'_>) -> bool {
        self.places[word.hash as usize % PLACES].hash == word.hash
    }

    /// Looks at the place of a word that is asked for soon.
    #[inline]
    pub(super) fn look_at(&self, word: Hashed<'_>) {
        hint::black_box(self.has(word));
    }

    /// Remembers a word, unless it is too long.
    pub(super) fn put(&mut self, word: Hashed<'_>, terms: WordTerms<'_>) {
        let texts = [word.word.as_bytes(), terms.exact, terms.lemma, terms.parts];
        if texts.iter().map(|text| text.len()).sum::<usize>() > ROOM {
            return;
        }
        let [word_len, exact, lemma, parts] = texts.map(|text| text.len() as u8);
        let place = &mut self.places[word.hash as usize % PLACES];
        *place = Place {
            hash: word.hash,
            word: word_len,
            exact,
            lemma,
            parts,
            ..FREE
        };
        let mut at = 0;
        for text in texts {
            place.text[at..at + text.len()].copy_from_slice(text);
            at += text.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_of_a_place_stays() {
        let mut recent = Recent::default();
        for n in 0..100_000 {
            let word = n.to_string();
            let terms = WordTerms {
                exact: word.as_bytes(),
                lemma: b"a",
                parts: b"",
            };
            recent.put(Hashed::of(&word), terms);
            assert_eq!(recent.get(Hashed::of(&word)), Some(terms));
            assert_eq!(recent.get(Hashed::of("og")), None);
        }
    }

    #[test]
    fn a_long_word_is_not_kept() {
        let mut recent = Recent::default();
        let long = "å".repeat(ROOM);
        let terms = WordTerms {
            exact: long.as_bytes(),
            ..WordTerms::default()
        };
        recent.put(Hashed::of("å"), terms);
        assert_eq!(recent.get(Hashed::of("å")), None);
        assert_eq!(recent.get(Hashed::of("")), None);
    }
}
