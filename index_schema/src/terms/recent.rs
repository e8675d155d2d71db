//! The terms of the words seen last, near the core.

use std::hint;

use arrayvec::ArrayString;

use super::{WordTerms, layout::Layout, remembered::Hashed};

/// Places for words; a hash has one of them, and the last word with it stays.
const PLACES: usize = 1 << 14;
/// Bytes for a word and its terms: a place is one line of a core's cache. Longer words are rare ones.
const ROOM: usize = 44;

/// Remembers a few thousand words. Half the words of a text are some hundred small ones, which never leave it for long.
#[derive(Debug)]
pub(super) struct Recent {
    places: Box<[Place]>,
}

/// A word and its terms.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C, align(64))]
struct Place {
    hash: u64,
    layout: Layout,
    text: ArrayString<ROOM>,
}

impl Default for Recent {
    fn default() -> Self {
        Self {
            places: vec![Place::default(); PLACES].into(),
        }
    }
}

impl Recent {
    /// The terms of a word, if it is still there.
    #[inline]
    pub(super) fn get(&self, word: Hashed<'_>) -> Option<WordTerms<'_>> {
        let place = &self.places[word.hash as usize % PLACES];
        let is_there =
            place.hash == word.hash && place.layout.is_of(word.word, place.text.as_bytes());
        is_there.then(|| place.layout.terms(&place.text))
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
        let Some((layout, pieces)) = Layout::of(word.word, terms).filter(|(l, _)| l.len() <= ROOM)
        else {
            return;
        };
        let place = &mut self.places[word.hash as usize % PLACES];
        place.hash = word.hash;
        place.layout = layout;
        place.text.clear();
        for piece in pieces {
            place.text.push_str(piece);
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
            let terms = WordTerms(&word);
            recent.put(Hashed::of(&word), terms);
            assert_eq!(recent.get(Hashed::of(&word)), Some(terms));
            assert_eq!(recent.get(Hashed::of("og")), None);
        }
    }

    #[test]
    fn a_long_word_is_not_kept() {
        let mut recent = Recent::default();
        let long = "å".repeat(ROOM);
        let terms = WordTerms(&long);
        recent.put(Hashed::of("å"), terms);
        assert_eq!(recent.get(Hashed::of("å")), None);
        assert_eq!(recent.get(Hashed::of("")), None);
    }
}
