//! Words that were analysed, with their terms.

use std::{
    hash::BuildHasher,
    hint,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use foldhash::fast::FixedState;

/// Bytes of text that a word takes, about.
const TEXT: usize = 32;

/// Words with their terms, each with a number, in the order in which they were first seen. A text is a list of such numbers.
///
/// Threads share one. It only grows; what bounds it is that there are [others](super::Vocabularies) after it.
#[derive(Debug, Default)]
pub struct Vocabulary(RwLock<Words>);

/// The words of a [`Vocabulary`].
#[derive(Debug, Default)]
pub struct Words {
    /// A hash table; open addressing, at most two thirds full.
    slots: Vec<Slot>,
    words: Vec<Word>,
    /// For each word itself and its terms.
    text: String,
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

/// A slot of the hash table; with what is needed to tell a word from another, so that nothing but its letters is looked at.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// So many bits of the hash.
    print: u32,
    /// One more than the number; 0 where the slot is free.
    place: u32,
    /// Where the word lies in the text.
    start: u32,
    len: u32,
}

/// Where the terms of a word begin in the text, and where they end.
///
/// The terms of most words begin with the word as it was written. Such terms begin with the word, not behind it.
#[derive(Clone, Copy, Debug)]
struct Word {
    terms: u32,
    end: u32,
}

impl Vocabulary {
    /// An empty one with room for so many words: to grow is to copy all of them, and again.
    pub(super) fn with_room_for(words: usize) -> Self {
        Self(RwLock::new(Words {
            slots: vec![Slot::default(); (words * 3 / 2 + 1).next_power_of_two()],
            words: Vec::with_capacity(words),
            text: String::with_capacity(words * TEXT),
        }))
    }

    /// The words, to be looked at.
    pub fn read(&self) -> RwLockReadGuard<'_, Words> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, Words> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Words {
    /// How many there are: all numbers are smaller.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// All terms of the word with a number; [`ZoneField::terms`](super::ZoneField::terms) tells them apart.
    #[inline]
    pub fn terms(&self, number: u32) -> &str {
        let word = &self.words[number as usize];
        &self.text[word.terms as usize..word.end as usize]
    }

    /// The number of a word.
    #[inline]
    pub(super) fn find(&self, word: Hashed<'_>) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let print = word.hash as u32;
        let mut at = print as usize & mask;
        loop {
            let slot = self.slots[at];
            let number = slot.place.checked_sub(1)?;
            if slot.print == print && self.letters(slot) == word.word.as_bytes() {
                return Some(number);
            }
            at = (at + 1) & mask;
        }
    }

    /// The word of a slot as it was written.
    #[inline]
    fn letters(&self, slot: Slot) -> &[u8] {
        &self.text.as_bytes()[slot.start as usize..][..slot.len as usize]
    }

    /// Looks at the first place that a word may have, and at the word there.
    #[inline]
    pub(super) fn look_at(&self, word: Hashed<'_>) {
        let Some(mask) = self.slots.len().checked_sub(1) else {
            return;
        };
        let slot = self.slots[word.hash as usize & mask];
        hint::black_box(self.text.as_bytes().get(slot.start as usize));
    }

    /// Takes a word in, unless it is there; its number.
    pub(super) fn put(&mut self, word: Hashed<'_>, terms: &str) -> u32 {
        if let Some(number) = self.find(word) {
            return number;
        }
        let start = self.text.len() as u32;
        let number = self.put_nameless(word.word, terms);
        if self.words.len() * 3 > self.slots.len() * 2 {
            self.grow();
        }
        let slot = Slot {
            print: word.hash as u32,
            place: number + 1,
            start,
            len: word.word.len() as u32,
        };
        insert(&mut self.slots, slot);
        number
    }

    /// Takes the terms of a word in that is not looked up again; its number.
    pub(super) fn put_nameless(&mut self, word: &str, terms: &str) -> u32 {
        let start = self.text.len();
        self.text.push_str(word);
        let from = match terms.strip_prefix(word) {
            Some(behind) => {
                self.text.push_str(behind);
                0
            }
            None => {
                self.text.push_str(terms);
                word.len()
            }
        };
        self.words.push(Word {
            terms: (start + from) as u32,
            end: self.text.len() as u32,
        });
        self.words.len() as u32 - 1
    }

    fn grow(&mut self) {
        let mut slots = vec![Slot::default(); (self.slots.len() * 2).max(64)];
        for slot in self.slots.iter().filter(|slot| slot.place > 0) {
            insert(&mut slots, *slot);
        }
        self.slots = slots;
    }
}

/// Puts a word into the first free slot.
fn insert(slots: &mut [Slot], slot: Slot) {
    let mask = slots.len() - 1;
    let mut at = slot.print as usize & mask;
    while slots[at].place > 0 {
        at = (at + 1) & mask;
    }
    slots[at] = slot;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_keeps_its_number_and_its_terms() {
        let mut words = Words::default();
        for n in 0..1000 {
            let word = n.to_string();
            assert_eq!(words.find(Hashed::of(&word)), None);
            // terms that begin with the word, and others
            let terms = format!("{}b", if n % 2 == 0 { &word } else { "a" });
            assert_eq!(words.put(Hashed::of(&word), &terms), n);
            assert_eq!(words.put(Hashed::of(&word), "else"), n);
            assert_eq!(words.find(Hashed::of(&word)), Some(n));
            assert_eq!(words.terms(n), terms);
        }
        assert_eq!(words.terms(0), "0b");
        assert_eq!(words.len(), 1000);
    }

    #[test]
    fn a_nameless_word_is_not_found() {
        let mut words = Words::default();
        let number = words.put_nameless("", "syd");
        assert_eq!(words.terms(number), "syd");
        assert_eq!(words.find(Hashed::of("")), None);
        assert_eq!(words.put(Hashed::of("syd"), "syd"), number + 1);
    }
}
