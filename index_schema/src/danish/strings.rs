//! A table from strings to a few bytes each, read in place and exact: the words themselves stand in it.

use std::ops::ControlFlow::{Break, Continue};

use super::slots::{free_slot, look_up, slots_for};
use super::spelled::{Run, Spelled};

/// Key space of the index.
const SPACE: u64 = 4;

/// Bits of a slot that hold a place in the heap; those above hold a fingerprint, so that most of the words that are not in
/// the table are turned away without a look at the heap.
const PLACE: u32 = 22;

/// A hash index over a heap of entries: `length of word, word, length of value, value`.
#[derive(Clone, Copy, Debug)]
pub struct Strings<'m> {
    slots: &'m [[u8; 4]],
    heap: &'m [u8],
}

impl<'m> Strings<'m> {
    /// Reads a table where it lies; an impossible one answers nothing.
    pub fn read(bytes: &'m [u8]) -> Self {
        let none = Self {
            slots: &[],
            heap: &[],
        };
        let Some((head, rest)) = bytes.split_first_chunk::<4>() else {
            return none;
        };
        let slots = u32::from_le_bytes(*head) as usize;
        let Some((index, heap)) = slots
            .checked_mul(4)
            .and_then(|len| rest.split_at_checked(len))
        else {
            return none;
        };
        if !slots.is_power_of_two() {
            return none;
        }
        Self {
            slots: index.as_chunks::<4>().0,
            heap,
        }
    }

    /// The value of a word.
    pub fn get(&self, word: &str) -> Option<&'m [u8]> {
        self.find(Run::of(word), |found| found == word.as_bytes())
    }

    /// The value of the letters `from..to` of a word.
    pub fn get_run(&self, word: &Spelled, from: usize, to: usize) -> Option<&'m [u8]> {
        let letters = &word.letters()[from..to];
        self.find(word.run(from, to), |found| spells(found, letters))
    }

    /// The value of a word with a mark before it.
    pub fn get_marked(&self, mark: char, word: &str) -> Option<&'m [u8]> {
        let run = Run::default().then(mark).then_all(word);
        self.find(run, |found| behind(mark, found) == Some(word.as_bytes()))
    }

    /// The value of the letters from `from` on of a word, with a mark before them.
    pub fn get_marked_end(&self, mark: char, word: &Spelled, from: usize) -> Option<&'m [u8]> {
        let run = Run::default().then(mark).then_run(word, from, word.len());
        let letters = &word.letters()[from..];
        self.find(run, |found| {
            behind(mark, found).is_some_and(|f| spells(f, letters))
        })
    }

    #[inline]
    fn find(&self, run: Run, is_meant: impl Fn(&[u8]) -> bool) -> Option<&'m [u8]> {
        let key = run.key(SPACE);
        look_up(self.slots, key, |slot| {
            let slot = u32::from_le_bytes(*slot);
            if slot == 0 {
                return Break(None);
            }
            if slot >> PLACE != fingerprint(key) {
                return Continue(());
            }
            match self.entry((slot & ((1 << PLACE) - 1)) as usize) {
                Some((found, value)) if is_meant(found) => Break(Some(value)),
                Some(_) => Continue(()),
                None => Break(None),
            }
        })
    }

    fn entry(&self, offset: usize) -> Option<(&'m [u8], &'m [u8])> {
        let (&len, rest) = self.heap.get(offset..)?.split_first()?;
        let (word, rest) = rest.split_at_checked(usize::from(len))?;
        let (&len, rest) = rest.split_first()?;
        Some((word, rest.get(..usize::from(len))?))
    }
}

#[inline]
fn fingerprint(key: u64) -> u32 {
    (key >> (32 + PLACE)) as u32
}

/// What follows a mark.
fn behind(mark: char, bytes: &[u8]) -> Option<&[u8]> {
    bytes.strip_prefix(mark.encode_utf8(&mut [0; 4]).as_bytes())
}

/// Whether bytes are the UTF-8 of some letters.
fn spells(mut bytes: &[u8], letters: &[char]) -> bool {
    let mut buffer = [0; 4];
    for letter in letters {
        match bytes.strip_prefix(letter.encode_utf8(&mut buffer).as_bytes()) {
            Some(rest) => bytes = rest,
            None => return false,
        }
    }
    bytes.is_empty()
}

/// Writes a table of strings; used by the trainer.
pub fn write_strings(entries: &std::collections::BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let slots = slots_for(entries.len());
    let mut index = vec![0u32; slots];
    let mut heap = vec![0u8];
    for (word, value) in entries {
        let (Ok(word_len), Ok(value_len)) = (u8::try_from(word.len()), u8::try_from(value.len()))
        else {
            continue;
        };
        assert!(heap.len() < 1 << PLACE, "too many words for a slot");
        let key = Run::of(word).key(SPACE);
        let at = free_slot(slots, key, |at| index[at] != 0);
        index[at] = fingerprint(key) << PLACE | heap.len() as u32;
        heap.push(word_len);
        heap.extend_from_slice(word.as_bytes());
        heap.push(value_len);
        heap.extend_from_slice(value);
    }
    let mut table = (slots as u32).to_le_bytes().to_vec();
    table.extend(index.iter().flat_map(|o| o.to_le_bytes()));
    table.extend(heap);
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let entries = [
            ("mænd", vec![3, b'a']),
            ("by", vec![]),
            ("", vec![9]),
            ("+mænd", vec![1]),
        ]
        .map(|(w, v)| (w.to_owned(), v))
        .into();
        let table = write_strings(&entries);
        let read = Strings::read(&table);
        assert_eq!(read.get("mænd"), Some(&[3, b'a'][..]));
        assert_eq!(read.get("by"), Some(&[][..]));
        assert_eq!(read.get(""), Some(&[9][..]));
        assert_eq!(read.get("byer"), None);
        let word = Spelled::new("landmænd").expect("short");
        assert_eq!(read.get_run(&word, 4, 8), Some(&[3, b'a'][..]));
        assert_eq!(read.get_run(&word, 3, 8), None);
        assert_eq!(read.get_marked('+', "mænd"), Some(&[1][..]));
        assert_eq!(read.get_marked('+', "by"), None);
        assert_eq!(read.get_marked_end('+', &word, 4), Some(&[1][..]));
        assert_eq!(read.get_marked_end('=', &word, 4), None);
    }

    #[test]
    fn a_damaged_table_answers_nothing() {
        for bytes in [&[][..], &[1], &[3, 0, 0, 0, 1], &[255; 9]] {
            assert_eq!(Strings::read(bytes).get("by"), None);
        }
    }
}
