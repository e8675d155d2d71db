//! What the analysis makes of the words that texts have, worked out beforehand.
//!
//! Most of the work on a new word goes into its parts, and most of those are words that have been seen. The table says for
//! each of them what lexicon, rules and splitter say, and nothing of its own: an analysis without it finds the same, later.

use std::collections::BTreeMap;
use std::ops::ControlFlow::{Break, Continue};

use super::entry::Entry;
use super::slots::{free_slot, look_up, slots_for};
use super::spelled::{Run, Spelled};
use super::suffixes::Rule;
use super::{Why, forms, lemma, model::Model};

/// Key space of the table.
const SPACE: u64 = 6;
/// Bytes of a rule: how many are used, and an [`Entry`] whose marks say where the main token comes from.
const RULE: usize = 12;
/// Marks of rules.
const LEXICON: u8 = 0;
const IRREGULAR: u8 = 1;
const BY_RULE: u8 = 2;
/// Bits of a slot that hold the number of a rule, counted from one; 0 in a free slot.
const NUMBER: u32 = 10;
/// The bit of a slot that says that a word is no compound.
const WHOLE: u32 = 1 << NUMBER;
/// Bits of a slot that hold a fingerprint of the word are those above.
const PRINT: u32 = NUMBER + 1;

/// A hash table from words to what is made of them, read in place.
#[derive(Clone, Copy, Debug)]
pub struct Answers<'m> {
    rules: &'m [[u8; RULE]],
    slots: &'m [[u8; 4]],
}

/// What is made of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Answer<'m> {
    /// How its main token is made.
    pub(super) rule: Rule<'m>,
    /// Where that comes from.
    pub(super) why: Why,
    /// It has no parts, with a capital or without.
    pub(super) whole: bool,
}

impl<'m> Answers<'m> {
    /// Reads a table where it lies; an impossible one answers nothing.
    pub fn read(bytes: &'m [u8]) -> Self {
        Self::parts(bytes).unwrap_or(Self {
            rules: &[],
            slots: &[],
        })
    }

    fn parts(bytes: &'m [u8]) -> Option<Self> {
        let (rules, rest) = bytes.split_first_chunk::<4>()?;
        let rules = u32::from_le_bytes(*rules) as usize;
        let (rules, slots) = rest.split_at_checked(rules.checked_mul(RULE)?)?;
        let slots = slots.as_chunks::<4>().0;
        slots.len().is_power_of_two().then_some(Self {
            rules: rules.as_chunks::<RULE>().0,
            slots,
        })
    }

    /// What is made of a word; `None` if it is not worked out. One other word in a million seems to be, so only counted ones
    /// are asked for: see [`Model::answer`].
    #[inline]
    fn of(&self, run: Run) -> Option<Answer<'m>> {
        let key = run.key(SPACE);
        look_up(self.slots, key, |slot| match u32::from_le_bytes(*slot) {
            0 => Break(None),
            slot if slot >> PRINT == fingerprint(key) => Break(self.answer(slot)),
            _ => Continue(()),
        })
    }

    fn answer(&self, slot: u32) -> Option<Answer<'m>> {
        let number = (slot & (WHOLE - 1)) as usize;
        let [len, entry @ ..] = self.rules.get(number.checked_sub(1)?)?;
        let entry = Entry::read(entry.get(..usize::from(*len))?)?;
        Some(Answer {
            rule: entry.rule,
            why: match entry.marks {
                LEXICON => Why::Lexicon,
                IRREGULAR => Why::Irregular,
                _ => Why::Rule,
            },
            whole: slot & WHOLE != 0,
        })
    }
}

impl<'m> Model<'m> {
    /// What is made of a word, if it is a counted form for which that was worked out.
    #[inline]
    pub(super) fn answer(&self, word: &Spelled) -> Option<Answer<'m>> {
        let run = word.run(0, word.len());
        let answer = self.answers.of(run)?;
        self.facts.form(run).map(|_| answer)
    }
}

#[inline]
fn fingerprint(key: u64) -> u32 {
    (key >> (32 + PRINT)) as u32
}

/// Works out what is made of some words by a model that has no answers yet; used by the trainer.
pub fn write_answers<'w>(model: &Model<'_>, words: impl Iterator<Item = &'w str>) -> Vec<u8> {
    let mut rules: BTreeMap<[u8; RULE], u32> = BTreeMap::new();
    let mut answers = Vec::new();
    for word in words {
        let Some(rule) = rule_of(model, word) else {
            continue;
        };
        let next = rules.len() as u32 + 1;
        let number = *rules.entry(rule).or_insert(next);
        if number >= WHOLE {
            continue;
        }
        let whole = if forms::is_whole(model, word) {
            WHOLE
        } else {
            0
        };
        answers.push((Run::of(word).key(SPACE), number | whole));
    }
    let mut index = vec![0u32; slots_for(answers.len())];
    for (key, answer) in answers {
        let at = free_slot(index.len(), key, |at| index[at] != 0);
        index[at] = fingerprint(key) << PRINT | answer;
    }
    let mut by_number: Vec<_> = rules.into_iter().collect();
    by_number.sort_unstable_by_key(|(_, number)| *number);
    let mut table = (by_number.len() as u32).to_le_bytes().to_vec();
    table.extend(by_number.iter().flat_map(|(rule, _)| rule));
    table.extend(index.iter().flat_map(|slot| slot.to_le_bytes()));
    table
}

/// The bytes of the rule that makes a word's main token; `None` where more than a rule does.
fn rule_of(model: &Model<'_>, word: &str) -> Option<[u8; RULE]> {
    let (token, why) = lemma::lemma(model, word);
    let mark = match why {
        Why::Lexicon => LEXICON,
        Why::Irregular => IRREGULAR,
        Why::Rule => BY_RULE,
        _ => return None,
    };
    let entry = Entry::write(word, &token, mark);
    let mut rule = [0; RULE];
    rule[0] = entry.len() as u8;
    rule[1..].get_mut(..entry.len())?.copy_from_slice(&entry);
    Some(rule)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::danish::model::Tables;

    fn without_answers() -> Model<'static> {
        Model {
            answers: Answers::read(&[]),
            ..Model::shipped()
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let model = without_answers();
        let words = ["mænd", "byerne", "landminerne", "smugleren"];
        let table = write_answers(&model, words.into_iter());
        let answers = Answers::read(&table);
        for word in words {
            let spelled = Spelled::new(word).expect("short");
            let run = spelled.run(0, spelled.len());
            let answer = answers.of(run).expect("written above");
            let (token, why) = lemma::lemma(&model, word);
            assert_eq!((lemma::apply(word, answer.rule), answer.why), (token, why));
            assert_eq!(answer.whole, word != "landminerne", "{word}");
        }
        assert_eq!(answers.of(Run::of("by")), None);
    }

    #[test]
    fn the_answers_are_those_of_the_analysis() {
        let (shipped, slow) = (Model::shipped(), without_answers());
        let golden = include_str!("../../analysis.tsv").lines();
        let lexicon = include_str!("model/source/lexicon.tsv").lines().step_by(5);
        for line in golden.chain(lexicon) {
            let word = line.split('\t').next().unwrap_or_default().to_lowercase();
            let mut letters = word.chars();
            let first = letters.next().unwrap_or(' ').to_uppercase();
            let capital = first.chain(letters).collect();
            for word in [word, capital] {
                let by = |model| forms::forms(model, &word);
                assert_eq!(by(&shipped), by(&slow), "{word}");
            }
        }
    }

    #[test]
    fn a_damaged_table_answers_nothing() {
        for bytes in [&[][..], &[255; 9], &[0; 8], &[0; 12]] {
            assert_eq!(Answers::read(bytes).of(Run::of("by")), None);
        }
        let model = Model::read(&Tables::default());
        assert_eq!(model.answers.of(Run::of("by")), None);
    }
}
