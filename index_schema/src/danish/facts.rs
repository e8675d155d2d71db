//! What the word lists say about words, as small numbers in a hash table: no word can be read back from it.

use std::ops::ControlFlow::{Break, Continue};

use super::slots::{free_slot, look_up, slots_for};
use super::spelled::{Run, Spelled};

/// Key space of the table.
const SPACE: u64 = 1;

/// What is told of a run of letters, each kind with an odd number that keeps it apart from the others.
#[derive(Clone, Copy)]
#[repr(u64)]
enum Kind {
    /// As a written form; the numbers are those of [`FormFacts`].
    Form = 0x9E37_79B9_7F4A_7C15,
    /// As a stem with the inflection cut off roughly: frequency, use as head of a compound.
    Stem = 0xBF58_476D_1CE4_E5B9,
    /// As a lemma: support by forms, support in a first reading, weight in the lexicon.
    Lemma = 0x94D0_49BB_1331_11EB,
    /// As the letters around a place in a word: how often it is a boundary.
    Place = 0xD6E8_FEB8_6659_FD93,
    /// As what forms and stems begin with; has no numbers.
    Beginning = 0xA24B_AED4_963E_E407,
    /// As a form that the lexicon has; has no numbers.
    Known = 0xC2B2_AE3D_27D4_EB4F,
}

/// Bytes of a slot: a fingerprint of the key, then six numbers.
const SLOT: usize = 8;

/// Bytes of the filter before the slots. Most of what is asked for was never seen, and this much stays in a core's own
/// cache, where the slots do not.
const FILTER: usize = 1 << 19;

/// A hash table from runs of letters to six small numbers, read in place.
///
/// All that is told of the same letters lies together, so that the second question finds its answer near.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'m> {
    filter: Filter<'m>,
    slots: &'m [[u8; SLOT]],
}

/// What is known of a written form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FormFacts {
    /// How often it was seen, as [`quantise`] has it.
    pub count: u8,
    /// Word class and further marks.
    pub marks: u8,
    /// How often it is the first part of a compound, with no linking letter, with -s-, with -e-; quantised.
    pub left: [u8; 3],
    /// How often it is the last part of a compound, quantised.
    pub right: u8,
}

impl FormFacts {
    /// Mark of a word that joins others and is no part of a compound.
    pub const FUNCTION: u8 = 16;
    /// Mark of a prefix.
    pub const PREFIX: u8 = 32;
    /// Mark of a word that is itself a compound.
    pub const COMPOUND: u8 = 128;
    /// Mark of an ending that looks like a word.
    pub const SUFFIX: u8 = 64;
    /// Mark of a form that is mostly a name.
    pub const NAME: u8 = 8;
    /// Mark of a form that is not its own lemma.
    pub const INFLECTED: u8 = 4;
    /// The two bits of the word class: 0 unknown, 1 noun, 2 verb, 3 adjective.
    pub const CLASS: u8 = 3;
    /// A noun.
    pub const NOUN: u8 = 1;

    /// Whether it is mostly a name.
    #[inline]
    pub fn is_name(self) -> bool {
        self.marks & Self::NAME != 0
    }

    /// Whether it is an inflected form.
    #[inline]
    pub fn is_inflected(self) -> bool {
        self.marks & Self::INFLECTED != 0
    }
}

/// What is known of a lemma.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LemmaFacts {
    /// How many seen forms might belong to it, quantised.
    pub soft: u8,
    /// How many seen forms do in a first reading, quantised.
    pub hard: u8,
    /// Its weight in the lexicon, quantised; 0 when it is not there.
    pub lexicon: u8,
    /// Its word classes there, a bit each: noun, verb, adjective, name.
    pub classes: u8,
}

impl LemmaFacts {
    /// Bit of the nouns among the word classes.
    pub const NOUN: u8 = 1;
}

/// A count as a byte: sixteen times its natural logarithm.
pub fn quantise(count: f64) -> u8 {
    (16.0 * (1.0 + count.max(0.0)).ln()).round().min(255.0) as u8
}

/// The logarithm that a quantised count stands for.
#[inline]
pub fn log(quantised: u8) -> f32 {
    f32::from(quantised) * (1.0 / 16.0)
}

impl<'m> Facts<'m> {
    /// Reads a table where it lies.
    pub fn read(bytes: &'m [u8]) -> Self {
        let (filter, slots) = bytes.split_at_checked(FILTER).unwrap_or((&[], &[]));
        let (slots, _) = slots.as_chunks::<SLOT>();
        // A length that is no power of two cannot come from the writer below; an empty table answers nothing.
        let slots = if slots.len().is_power_of_two() {
            slots
        } else {
            &[]
        };
        Self {
            filter: Filter::read(filter),
            slots,
        }
    }

    /// Whether a form or a stem may begin so, or be no longer; if not, none does.
    #[inline]
    pub fn may_begin(&self, run: Run) -> bool {
        self.filter.may_have(Key::of(run, Kind::Beginning))
    }

    /// Whether the lexicon may have a form; if not, it has not.
    #[inline]
    pub fn may_be_known(&self, run: Run) -> bool {
        self.filter.may_have(Key::of(run, Kind::Known))
    }

    /// What is known of a form.
    #[inline]
    pub fn form(&self, run: Run) -> Option<FormFacts> {
        let [count, marks, l0, l1, l2, right] = self.find(run, Kind::Form)?;
        Some(FormFacts {
            count,
            marks,
            left: [l0, l1, l2],
            right,
        })
    }

    /// How often forms of a stem are seen, and how often they are the head of a compound; quantised.
    #[inline]
    pub fn stem(&self, run: Run) -> (u8, u8) {
        self.find(run, Kind::Stem).map_or((0, 0), |n| (n[0], n[1]))
    }

    /// What is known of a lemma.
    #[inline]
    pub fn lemma(&self, run: Run) -> LemmaFacts {
        self.find(run, Kind::Lemma)
            .map_or_else(LemmaFacts::default, |n| LemmaFacts {
                soft: n[0],
                hard: n[1],
                lexicon: n[2],
                classes: n[3],
            })
    }

    /// How much the two letters on each side of a place speak for a boundary there, as a logarithm of odds.
    #[inline]
    pub fn boundary(&self, word: &Spelled, at: usize) -> f32 {
        if at < 2 || at + 2 > word.len() {
            return 0.0;
        }
        self.find(word.run(at - 2, at + 2), Kind::Place)
            .map_or(0.0, |n| (f32::from(n[0]) - 128.0) / 16.0)
    }

    #[inline]
    fn find(&self, run: Run, kind: Kind) -> Option<[u8; 6]> {
        let key = Key::of(run, kind);
        if !self.filter.may_have(key) {
            return None;
        }
        let print = key.fingerprint();
        let slot = look_up(self.slots, key.run, |slot| {
            match u16::from_le_bytes([slot[0], slot[1]]) {
                found if found == print => Break(Some(slot)),
                0 => Break(None),
                _ => Continue(()),
            }
        })?;
        Some([slot[2], slot[3], slot[4], slot[5], slot[6], slot[7]])
    }
}

/// Where something told of a run of letters stands, and how it is known there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// The same for all that is told of the run.
    run: u64,
    /// Another for each kind.
    kind: u64,
}

impl Key {
    #[inline]
    fn of(run: Run, kind: Kind) -> Self {
        let run = run.key(SPACE);
        let kind = run.wrapping_mul(kind as u64);
        Self { run, kind }
    }

    #[inline]
    fn fingerprint(self) -> u16 {
        ((self.kind >> 48) as u16).max(1)
    }
}

/// A Bloom filter in words of 64 bits: a key has three bits in one of them.
#[derive(Clone, Copy, Debug)]
struct Filter<'m>(&'m [[u8; 8]]);

impl<'m> Filter<'m> {
    fn read(bytes: &'m [u8]) -> Self {
        Self(bytes.as_chunks::<8>().0)
    }

    /// The bytes of a filter with some keys.
    fn write<'k>(keys: impl IntoIterator<Item = &'k Key>) -> Vec<u8> {
        let mut words = vec![0u64; FILTER / 8];
        for &key in keys {
            words[Self::place(key)] |= Self::bits(key);
        }
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    /// Whether a key is there; one that is not may seem to be, if rarely.
    #[inline]
    fn may_have(self, key: Key) -> bool {
        let bits = Self::bits(key);
        let word = self.0.get(Self::place(key));
        word.is_some_and(|word| u64::from_le_bytes(*word) & bits == bits)
    }

    #[inline]
    fn place(key: Key) -> usize {
        (key.run >> 24) as usize % (FILTER / 8)
    }

    #[inline]
    fn bits(key: Key) -> u64 {
        let bit = |shift: u32| 1 << (key.kind >> shift & 63);
        bit(29) | bit(35) | bit(41)
    }
}

/// Writes a table of facts; used by the trainer.
#[derive(Clone, Debug, Default)]
pub struct FactsWriter {
    entries: std::collections::BTreeMap<Key, [u8; 6]>,
    /// What only the filter tells.
    filtered: std::collections::BTreeSet<Key>,
}

impl FactsWriter {
    /// Sets what is known of a form.
    pub fn form(&mut self, form: &str, facts: FormFacts) {
        let [l0, l1, l2] = facts.left;
        let numbers = [facts.count, facts.marks, l0, l1, l2, facts.right];
        let key = Key::of(Run::of(form), Kind::Form);
        self.entries.insert(key, numbers);
        self.begin(form);
    }

    fn begin(&mut self, letters: &str) {
        let mut run = Run::default();
        for letter in letters.chars() {
            run = run.then(letter);
            self.filtered.insert(Key::of(run, Kind::Beginning));
        }
    }

    /// Tells of a form that the lexicon has.
    pub fn known(&mut self, form: &str) {
        self.filtered.insert(Key::of(Run::of(form), Kind::Known));
    }

    /// Sets the frequency of a stem and its use as a head.
    pub fn stem(&mut self, stem: &str, count: u8, head: u8) {
        let key = Key::of(Run::of(stem), Kind::Stem);
        self.entries.insert(key, [count, head, 0, 0, 0, 0]);
        self.begin(stem);
    }

    /// Sets what is known of a lemma.
    pub fn lemma(&mut self, lemma: &str, facts: LemmaFacts) {
        let key = Key::of(Run::of(lemma), Kind::Lemma);
        let numbers = [facts.soft, facts.hard, facts.lexicon, facts.classes, 0, 0];
        self.entries.insert(key, numbers);
    }

    /// Sets how much the four letters around a place speak for a boundary in their middle.
    pub fn boundary(&mut self, letters: &str, odds: f64) {
        let odds = (128.0 + 16.0 * odds).round().clamp(0.0, 255.0) as u8;
        let key = Key::of(Run::of(letters), Kind::Place);
        self.entries.insert(key, [odds, 0, 0, 0, 0, 0]);
    }

    /// The table.
    pub fn finish(&self) -> Vec<u8> {
        let slots = slots_for(self.entries.len());
        let mut table = vec![0u8; slots * SLOT];
        for (&key, numbers) in &self.entries {
            let is_taken = |at: usize| table[at * SLOT..at * SLOT + 2] != [0, 0];
            let at = free_slot(slots, key.run, is_taken);
            table[at * SLOT..at * SLOT + 2].copy_from_slice(&key.fingerprint().to_le_bytes());
            table[at * SLOT + 2..(at + 1) * SLOT].copy_from_slice(numbers);
        }
        let mut bytes = Filter::write(self.entries.keys().chain(&self.filtered));
        bytes.extend(table);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut writer = FactsWriter::default();
        let facts = FormFacts {
            count: 7,
            marks: FormFacts::NAME,
            left: [1, 2, 3],
            right: 4,
        };
        writer.form("sø", facts);
        writer.stem("sø", 9, 8);
        writer.known("søen");
        let table = writer.finish();
        let read = Facts::read(&table);
        assert_eq!(read.form(Run::of("sø")), Some(facts));
        assert_eq!(read.stem(Run::of("sø")), (9, 8));
        assert_eq!(read.form(Run::of("so")), None);
        assert_eq!(read.lemma(Run::of("sø")), LemmaFacts::default());
        assert!(read.may_begin(Run::of("s")) && read.may_begin(Run::of("sø")));
        assert!(!read.may_begin(Run::of("søs")));
        assert!(read.may_be_known(Run::of("søen")) && !read.may_be_known(Run::of("sø")));
    }

    #[test]
    fn a_damaged_table_answers_nothing() {
        assert_eq!(Facts::read(&[1; 24]).form(Run::of("by")), None);
        assert_eq!(Facts::read(&[]).form(Run::of("by")), None);
    }
}
