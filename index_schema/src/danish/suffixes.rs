//! Suffix rules: how likely each way from a form to its lemma is, given the last letters of the form.

use std::ops::ControlFlow::{Break, Continue};

use super::slots::{free_slot, look_up, slots_for};
use super::spelled::{Run, Spelled};

/// Longest suffix looked at, in letters.
pub const MAX_SUFFIX: usize = 9;
/// Most ways kept for a suffix.
pub const MAX_WAYS: usize = 6;
/// Key space of the suffixes.
const SPACE: u64 = 5;
/// Bytes of a rule: letters to cut, length of the ending to add, and that ending.
const RULE: usize = 12;
/// Bytes of a slot: a fingerprint of the suffix, then where its ways stand.
const SLOT: usize = 4;
/// Letter that stands before the first of a word, so that a suffix can say "the whole word".
pub const BEFORE: char = '^';

/// Cuts letters off the end of a form and adds an ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule<'m> {
    /// Letters to cut.
    pub cut: usize,
    /// Ending to add.
    pub add: &'m str,
}

/// One way from a form to its lemma.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// Number of the rule.
    pub rule: u8,
    /// How unlikely it is: sixteen times the negative logarithm of its probability.
    pub cost: u8,
}

/// The table of suffixes, read in place.
#[derive(Clone, Copy, Debug)]
pub struct Suffixes<'m> {
    rules: &'m [[u8; RULE]],
    slots: &'m [[u8; SLOT]],
    heap: &'m [u8],
}

impl<'m> Suffixes<'m> {
    /// Reads a table where it lies; an impossible one answers nothing.
    pub fn read(bytes: &'m [u8]) -> Self {
        Self::parts(bytes).unwrap_or(Self {
            rules: &[],
            slots: &[],
            heap: &[],
        })
    }

    fn parts(bytes: &'m [u8]) -> Option<Self> {
        let (rules, rest) = bytes.split_first_chunk::<4>()?;
        let (slots, rest) = rest.split_first_chunk::<4>()?;
        let (rules, slots) = (u32::from_le_bytes(*rules), u32::from_le_bytes(*slots));
        let (rules, rest) = rest.split_at_checked((rules as usize).checked_mul(RULE)?)?;
        let (index, heap) = rest.split_at_checked((slots as usize).checked_mul(SLOT)?)?;
        slots.is_power_of_two().then_some(Self {
            rules: rules.as_chunks::<RULE>().0,
            slots: index.as_chunks::<SLOT>().0,
            heap,
        })
    }

    /// The rule of a number.
    #[inline]
    pub fn rule(&self, number: u8) -> Option<Rule<'m>> {
        let [cut, len, add @ ..] = self.rules.get(usize::from(number))?;
        let add = std::str::from_utf8(add.get(..usize::from(*len))?).ok()?;
        Some(Rule {
            cut: usize::from(*cut),
            add,
        })
    }

    /// The number of the rule that leaves a word as it is.
    pub fn itself(&self) -> Option<u8> {
        let number = self.rules.iter().position(|rule| rule[..2] == [0, 0])?;
        u8::try_from(number).ok()
    }

    /// How many rules there are.
    pub fn rule_count(&self) -> usize {
        self.rules.len()
    }

    /// The ways of the longest suffix of `word` that the table knows, likeliest first.
    pub fn ways(&self, word: &Spelled) -> impl Iterator<Item = Way> + use<'m> {
        let n = word.len();
        let whole = (n < MAX_SUFFIX).then(|| Run::default().then(BEFORE).then_run(word, 0, n));
        let found = whole
            .and_then(|run| self.find(run))
            .or_else(|| {
                (0..=n.min(MAX_SUFFIX))
                    .rev()
                    .find_map(|len| self.find(word.run(n - len, n)))
            })
            .unwrap_or(&[]);
        found
            .as_chunks::<2>()
            .0
            .iter()
            .map(|&[rule, cost]| Way { rule, cost })
    }

    #[inline]
    fn find(&self, suffix: Run) -> Option<&'m [u8]> {
        let key = suffix.key(SPACE);
        let print = ((key >> 48) as u16).max(1).to_le_bytes();
        let offset = look_up(self.slots, key, |&[p0, p1, offset @ ..]| match [p0, p1] {
            found if found == print => Break(Some(offset)),
            [0, 0] => Break(None),
            _ => Continue(()),
        })?;
        let list = self.heap.get(usize::from(u16::from_le_bytes(offset))..)?;
        let (&ways, rest) = list.split_first()?;
        rest.get(..usize::from(ways) * 2)
    }
}

/// Writes the table of suffixes; used by the trainer.
pub fn write_suffixes(
    rules: &[(usize, String)],
    suffixes: &std::collections::BTreeMap<String, Vec<Way>>,
) -> Vec<u8> {
    let slots = slots_for(suffixes.len());
    let mut index = vec![[0u8; SLOT]; slots];
    let mut heap = Vec::new();
    // Many suffixes have the same ways: each list is written once.
    let mut written: std::collections::HashMap<Vec<u8>, usize> = std::collections::HashMap::new();
    for (suffix, ways) in suffixes {
        let mut list = vec![ways.len() as u8];
        list.extend(ways.iter().flat_map(|w| [w.rule, w.cost]));
        let offset = *written.entry(list).or_insert_with_key(|list| {
            let at = heap.len();
            assert!(at <= u16::MAX.into(), "too many ways for a slot");
            heap.extend_from_slice(list);
            at
        });
        let key = Run::of(suffix).key(SPACE);
        let print = ((key >> 48) as u16).max(1).to_le_bytes();
        let offset = (offset as u16).to_le_bytes();
        let at = free_slot(slots, key, |at| index[at][..2] != [0, 0]);
        index[at] = [print[0], print[1], offset[0], offset[1]];
    }
    let mut table = (rules.len() as u32).to_le_bytes().to_vec();
    table.extend((slots as u32).to_le_bytes());
    for (cut, add) in rules {
        let mut rule = [0u8; RULE];
        rule[0] = *cut as u8;
        rule[1] = add.len() as u8;
        rule[2..2 + add.len()].copy_from_slice(add.as_bytes());
        table.extend(rule);
    }
    table.extend(index.iter().flatten());
    table.extend(heap);
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_known_suffix_decides() {
        let ways = |rule| vec![Way { rule, cost: 3 }];
        let suffixes = [("", ways(0)), ("er", ways(1)), ("^er", ways(0))]
            .map(|(s, w)| (s.to_owned(), w))
            .into();
        let table = write_suffixes(&[(0, String::new()), (2, "e".to_owned())], &suffixes);
        let read = Suffixes::read(&table);
        let first = |w: &str| read.ways(&Spelled::new(w).expect("short")).next();
        assert_eq!(first("byer"), Some(Way { rule: 1, cost: 3 }));
        assert_eq!(first("er"), Some(Way { rule: 0, cost: 3 }));
        assert_eq!(first("by"), Some(Way { rule: 0, cost: 3 }));
        assert_eq!(read.rule(1), Some(Rule { cut: 2, add: "e" }));
        assert_eq!(read.rule(9), None);
    }

    #[test]
    fn a_damaged_table_answers_nothing() {
        let word = Spelled::new("by").expect("short");
        for bytes in [&[][..], &[255; 8], &[0; 8]] {
            assert_eq!(Suffixes::read(bytes).ways(&word).next(), None);
        }
    }
}
