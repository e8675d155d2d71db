//! The terms of words seen before.

use std::{hash::BuildHasher, hint};

use foldhash::fast::FixedState;

use super::{WordTerms, layout::Layout};

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
            let Slot { layout, start, .. } = self.old.slots[place];
            let text = &self.old.text[start as usize..][..layout.len()];
            // it may be one more than the generation takes: no more than are in the old one
            self.young.add(word, layout, &[text]);
        }
    }

    /// Looks at the place of a word that is asked for soon.
    #[inline]
    pub(super) fn look_at(&self, word: Hashed<'_>) {
        self.young.look_at(word);
    }

    /// Remembers a word, unless it is there already or longer than any word.
    pub(super) fn put(&mut self, word: Hashed<'_>, terms: WordTerms<'_>) {
        let Some((layout, pieces)) = Layout::of(word.word, terms) else {
            return;
        };
        if self.young.find(word).is_some() {
            return;
        }
        if self.young.words >= self.most {
            std::mem::swap(&mut self.young, &mut self.old);
            self.young.clear();
        }
        self.young.add(word, layout, &pieces);
    }
}

/// A hash table over one long string; open addressing, at most two thirds full.
#[derive(Debug, Default)]
struct Generation {
    slots: Vec<Slot>,
    words: usize,
    /// For each word itself and its terms.
    text: String,
}

/// Where a word and its terms lie in the text; free if it has no word.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// So many bits of the hash.
    print: u32,
    start: u32,
    layout: Layout,
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
        hint::black_box(self.text.as_bytes().get(slot.start as usize).copied());
    }

    /// The place of a word.
    #[inline]
    fn find(&self, word: Hashed<'_>) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let print = word.hash as u32;
        let mut at = print as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.layout.is_free() {
                return None;
            }
            if slot.print == print {
                let text = &self.text.as_bytes()[slot.start as usize..];
                if slot.layout.is_of(word.word, text) {
                    return Some(at);
                }
            }
            at = (at + 1) & mask;
        }
    }

    #[inline]
    fn terms(&self, place: usize) -> WordTerms<'_> {
        let Slot { layout, start, .. } = self.slots[place];
        layout.terms(&self.text[start as usize..])
    }

    /// Adds a word and what is written of it.
    fn add(&mut self, word: Hashed<'_>, layout: Layout, pieces: &[&str]) {
        if (self.words + 1) * 3 > self.slots.len() * 2 {
            self.grow();
        }
        let slot = Slot {
            print: word.hash as u32,
            start: self.text.len() as u32,
            layout,
        };
        for piece in pieces {
            self.text.push_str(piece);
        }
        self.words += 1;
        insert(&mut self.slots, slot);
    }

    fn grow(&mut self) {
        let mut slots = vec![Slot::default(); (self.slots.len() * 2).max(64)];
        for slot in self.slots.iter().filter(|s| !s.layout.is_free()) {
            insert(&mut slots, *slot);
        }
        self.slots = slots;
    }
}

/// Puts a word into the first free place.
fn insert(slots: &mut [Slot], slot: Slot) {
    let mask = slots.len() - 1;
    let mut at = slot.print as usize & mask;
    while !slots[at].layout.is_free() {
        at = (at + 1) & mask;
    }
    slots[at] = slot;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(remembered: &mut Remembered, word: &str) {
        let terms = format!("a{word}");
        remembered.put(Hashed::of(word), WordTerms(&terms));
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
            assert_eq!(terms.0, format!("a{word}"));
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
