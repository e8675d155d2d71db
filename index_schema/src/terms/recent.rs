//! The words seen last, near the core.

use std::hint;

use arrayvec::ArrayString;

use super::vocabulary::Hashed;

/// Places for words; a hash has one of them, and the last word with it stays.
const PLACES: usize = 1 << 14;
/// Bytes for a word: two places are one line of a core's cache. Longer words are rare ones.
const ROOM: usize = 23;

/// Remembers the numbers of some ten thousand words. Half the words of a text are some hundred small ones, which never leave it
/// for long.
#[derive(Debug)]
pub(super) struct Recent {
    places: Box<[Place]>,
}

/// A word with its number.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
struct Place {
    word: ArrayString<ROOM>,
    number: u32,
}

impl Default for Recent {
    fn default() -> Self {
        Self {
            places: vec![Place::default(); PLACES].into(),
        }
    }
}

impl Recent {
    /// The number of a word, if it is still there.
    #[inline]
    pub(super) fn get(&self, word: Hashed<'_>) -> Option<u32> {
        let place = &self.places[word.hash as usize % PLACES];
        (&place.word == word.word).then_some(place.number)
    }

    /// Looks at the place of a word that is asked for soon.
    #[inline]
    pub(super) fn look_at(&self, word: Hashed<'_>) {
        hint::black_box(self.places[word.hash as usize % PLACES].number);
    }

    /// Remembers a word, unless it is too long.
    #[inline]
    pub(super) fn put(&mut self, word: Hashed<'_>, number: u32) {
        if let Ok(short) = ArrayString::from(word.word) {
            let place = &mut self.places[word.hash as usize % PLACES];
            (place.word, place.number) = (short, number);
        }
    }

    /// Forgets all words.
    pub(super) fn clear(&mut self) {
        self.places.fill(Place::default());
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
            recent.put(Hashed::of(&word), n);
            assert_eq!(recent.get(Hashed::of(&word)), Some(n));
            assert_eq!(recent.get(Hashed::of("og")), None);
        }
        recent.clear();
        assert_eq!(recent.get(Hashed::of("99999")), None);
    }

    #[test]
    fn a_long_word_is_not_kept() {
        let mut recent = Recent::default();
        let long = "å".repeat(ROOM);
        recent.put(Hashed::of(&long), 1);
        assert_eq!(recent.get(Hashed::of(&long)), None);
    }
}
