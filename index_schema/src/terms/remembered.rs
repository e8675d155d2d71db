//! The terms of words seen before.

use std::{hash::BuildHasher, hint};

use foldhash::fast::FixedState;

use super::WordTerms;

/// Remembers the terms of words in two generations: a full young one becomes the old one, and what is not asked for
/// there is forgotten. Bounded, and the frequent words never leave it.
#[derive(Debug)]
pub(super) struct Remembered {
    young: Generation,
    old: Generation,
    /// Words that a generation takes.
    most: usize,
}

/// A word with its hash, taken once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hashed<'a> {
    pub(super) word: &'a str,
    pub(super) hash: u64,
}

impl<'a> Hashed<'a> {
    #[inline]
    pub(super) fn of(word: &'a str) -> Self {
        Self {
            word,
            hash: FixedState::with_seed(0).hash_one(word),
        }
    }
}

/// The generation that a word is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    Young,
    Old,
}

impl Remembered {
    /// Remembers at least so many words.
    pub(super) fn of(most: usize) -> Self {
        Self {
            young: Generation::default(),
            old: Generation::default(),
            most,
        }
    }

    /// The terms of a word, if it was seen; one of the old generation is to be [renewed](Self::renew).
    #[inline]
    pub(super) fn get(&self, word: Hashed<'_>) -> Option<(WordTerms<'_>, Age)> {
        if let Some(place) = self.young.find(word) {
            return Some((self.young.terms(place), Age::Young));
        }
        let place = self.old.find(word)?;
        Some((self.old.terms(place), Age::Old))
    }

    /// Takes a word of the old generation into the young one.
    pub(super) fn renew(&mut self, word: Hashed<'_>) {
        if self.young.find(word).is_none()
            && let Some(place) = self.old.find(word)
        {
            // it may be one more than the generation takes: no more than are in the old one
            self.young.add(word, self.old.terms(place));
        }
    }

    /// Looks at the place of a word that is asked for soon.
    #[inline]
    pub(super) fn look_at(&self, word: Hashed<'_>) {
        self.young.look_at(word);
    }

    /// Remembers a word, unless it is there already or longer than any word.
    pub(super) fn put(&mut self, word: Hashed<'_>, terms: WordTerms<'_>) {
        let longest = terms
            .exact
            .len()
            .max(terms.lemma.len())
            .max(terms.parts.len());
        if word.word.len() > u8::MAX.into() || longest > u16::MAX.into() {
            return;
        }
        if self.young.find(word).is_some() {
            return;
        }
        if self.young.words >= self.most {
            std::mem::swap(&mut self.young, &mut self.old);
            self.young.clear();
        }
        self.young.add(word, terms);
    }
}

/// A hash table over one long string; open addressing, at most two thirds full.
#[derive(Debug, Default)]
struct Generation {
    slots: Vec<Slot>,
    words: usize,
    /// For each word itself and its terms.
    text: Vec<u8>,
}

/// Where a word and its terms lie in the text; free if it has no word.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// So many bits of the hash.
    print: u32,
    start: u32,
    exact: u16,
    lemma: u16,
    parts: u16,
    word: u8,
}

impl Generation {
    fn clear(&mut self) {
        self.slots.fill(Slot::default());
        self.words = 0;
        self.text.clear();
    }

    /// Looks at the first place that a word may have, and at its text.
    #[inline]
    fn look_at(&self, word: Hashed<'_>) {
        let Some(mask) = self.slots.len().checked_sub(1) else {
            return;
        };
        let slot = &self.slots[word.hash as usize & mask];
        hint::black_box(self.text.get(slot.start as usize).copied());
    }

    /// The place of a word.
    #[inline]
    fn find(&self, word: Hashed<'_>) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let print = word.hash as u32;
        let mut at = print as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.word == 0 {
                return None;
            }
            if slot.print == print {
                let start = slot.start as usize;
                let known = &self.text[start..start + usize::from(slot.word)];
                if known == word.word.as_bytes() {
                    return Some(at);
                }
            }
            at = (at + 1) & mask;
        }
    }

    #[inline]
    fn terms(&self, place: usize) -> WordTerms<'_> {
        let slot = self.slots[place];
        let exact = slot.start as usize + usize::from(slot.word);
        let lemma = exact + usize::from(slot.exact);
        let parts = lemma + usize::from(slot.lemma);
        WordTerms {
            exact: &self.text[exact..lemma],
            lemma: &self.text[lemma..parts],
            parts: &self.text[parts..parts + usize::from(slot.parts)],
        }
    }

    /// Adds a word; its place.
    fn add(&mut self, word: Hashed<'_>, terms: WordTerms<'_>) -> usize {
        if (self.words + 1) * 3 > self.slots.len() * 2 {
            self.grow();
        }
        let slot = Slot {
            print: word.hash as u32,
            start: self.text.len() as u32,
            exact: terms.exact.len() as u16,
            lemma: terms.lemma.len() as u16,
            parts: terms.parts.len() as u16,
            word: word.word.len() as u8,
        };
        for text in [word.word.as_bytes(), terms.exact, terms.lemma, terms.parts] {
            self.text.extend_from_slice(text);
        }
        self.words += 1;
        insert(&mut self.slots, slot)
    }

    fn grow(&mut self) {
        let mut slots = vec![Slot::default(); (self.slots.len() * 2).max(64)];
        for slot in self.slots.iter().filter(|s| s.word > 0) {
            insert(&mut slots, *slot);
        }
        self.slots = slots;
    }
}

/// Puts a word into the first free place; that place.
fn insert(slots: &mut [Slot], slot: Slot) -> usize {
    let mask = slots.len() - 1;
    let mut at = slot.print as usize & mask;
    while slots[at].word > 0 {
        at = (at + 1) & mask;
    }
    slots[at] = slot;
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(remembered: &mut Remembered, word: &str) {
        let terms = WordTerms {
            exact: word.as_bytes(),
            lemma: b"a",
            parts: &word.as_bytes()[..1],
        };
        remembered.put(Hashed::of(word), terms);
    }

    #[test]
    fn words_are_forgotten_when_there_are_too_many() {
        let mut remembered = Remembered::of(100);
        put(&mut remembered, "og");
        for n in 0..1000 {
            let word = n.to_string();
            assert_eq!(remembered.get(Hashed::of(&word)), None);
            put(&mut remembered, &word);
            let (terms, _) = remembered.get(Hashed::of(&word)).expect("put above");
            assert_eq!(
                (terms.exact, terms.lemma, terms.parts),
                (word.as_bytes(), &b"a"[..], &word.as_bytes()[..1])
            );
            // asked for all the time, and so never forgotten
            let (_, age) = remembered.get(Hashed::of("og")).expect("renewed");
            if age == Age::Old {
                remembered.renew(Hashed::of("og"));
            }
        }
        assert!(remembered.young.words + remembered.old.words <= 300);
    }

    #[test]
    fn what_is_longer_than_any_word_is_not_remembered() {
        let mut remembered = Remembered::of(100);
        let long = "a".repeat(256);
        put(&mut remembered, &long);
        assert_eq!(remembered.get(Hashed::of(&long)), None);
    }
}
