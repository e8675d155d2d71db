//! An entry of the lexicon: a known form, and the rule that makes its main token.

use super::model::Model;
use super::spelled::Spelled;
use super::strings::Strings;
use super::suffixes::Rule;

/// What the lexicon says of a form.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'m> {
    /// How its lemma is made.
    pub rule: Rule<'m>,
    /// Marks, see the constants.
    pub marks: u8,
}

impl<'m> Entry<'m> {
    /// Mark of an irregular form of a verb: found behind a prefix too.
    pub const VERB: u8 = 1;
    /// Mark of an irregular form of a noun that is also safe to find as the head of a compound.
    pub const HEAD: u8 = 2;
    /// Mark of a form from the irregular table.
    pub const IRREGULAR: u8 = 4;

    /// Mark of a name.
    pub const NAME: u8 = 8;
    /// Mark of a present tense that is no noun: as the head of a compound it is who does it (*cigaretsælger*).
    pub const PRESENT: u8 = 16;

    /// Looks a form up.
    pub fn find(lexicon: &Strings<'m>, form: &str) -> Option<Self> {
        Self::read(lexicon.get(form)?)
    }

    /// Looks up the letters `from..to` of a word.
    #[inline]
    pub(super) fn find_run(
        model: &Model<'m>,
        word: &Spelled,
        from: usize,
        to: usize,
    ) -> Option<Self> {
        // most ends of a word are none, and the filter is near
        if !model.facts.may_be_known(word.run(from, to)) {
            return None;
        }
        Self::read(model.lexicon.get_run(word, from, to)?)
    }

    /// Reads an entry.
    pub fn read(bytes: &'m [u8]) -> Option<Self> {
        let [cut, marks, add @ ..] = bytes else {
            return None;
        };
        Some(Self {
            rule: Rule {
                cut: usize::from(*cut),
                add: std::str::from_utf8(add).ok()?,
            },
            marks: *marks,
        })
    }

    /// The bytes of an entry; used by the trainer.
    pub fn write(form: &str, lemma: &str, marks: u8) -> Vec<u8> {
        let same = form
            .chars()
            .zip(lemma.chars())
            .take_while(|(a, b)| a == b)
            .count();
        let mut bytes = vec![(form.chars().count() - same) as u8, marks];
        bytes.extend(lemma.chars().skip(same).collect::<String>().as_bytes());
        bytes
    }
}
