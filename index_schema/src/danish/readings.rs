//! The other words that a form may belong to: *tog* is what somebody took, and a train.

use super::spelled::Spelled;
use super::strings::Strings;
use super::suffixes::Rule;

/// The tokens of the other words of a form: nouns first where its main token is a verb's, verbs where it is a noun's.
#[derive(Clone, Copy, Debug)]
pub struct Readings<'m> {
    tokens: &'m str,
    /// What the first is to the form's main token: [`NOUN`](Self::NOUN), [`VERB`](Self::VERB) or neither.
    kind: u8,
    /// Bytes in which the first token agrees with the form.
    same: usize,
    /// Letters of the form behind those.
    cut: usize,
}

impl<'m> Readings<'m> {
    /// Stands before a form in the lexicon where its other words are told: no written word begins so.
    const MARK: char = '+';

    /// The first other word is a noun, and the form's main token none.
    pub const NOUN: u8 = 1;
    /// The first other word is a verb, and the form's main token a noun.
    pub const VERB: u8 = 2;

    /// The key in the lexicon of a form's other words.
    pub fn key(form: &str) -> String {
        format!("{}{form}", Self::MARK)
    }

    /// The key in the lexicon of the forms that a word shares with others and that have the token of another.
    pub fn key_of_token(token: &str) -> String {
        format!("={token}")
    }

    /// The other words of a form.
    pub fn of(lexicon: &Strings<'m>, form: &str) -> Option<Self> {
        Self::read(lexicon.get_marked(Self::MARK, form)?, form.chars())
    }

    /// The other words of the form that a word ends with, from a letter on.
    pub(super) fn of_end(lexicon: &Strings<'m>, word: &Spelled, from: usize) -> Option<Self> {
        let value = lexicon.get_marked_end(Self::MARK, word, from)?;
        Self::read(value, word.letters()[from..].iter().copied())
    }

    fn read(value: &'m [u8], form: impl Iterator<Item = char>) -> Option<Self> {
        let (&kind, tokens) = value.split_first()?;
        let tokens = std::str::from_utf8(tokens).ok()?;
        let mut first = tokens.split(' ').next()?.chars();
        let (mut same, mut cut) = (0, 0);
        for letter in form {
            if cut == 0 && first.next() == Some(letter) {
                same += letter.len_utf8();
            } else {
                cut += 1;
            }
        }
        Some(Self {
            tokens,
            kind,
            same,
            cut,
        })
    }

    /// The forms that have another token, but may be forms of the word with this one.
    pub fn forms_of(lexicon: &Strings<'m>, token: &str) -> impl Iterator<Item = &'m str> + use<'m> {
        let forms = lexicon.get(&Self::key_of_token(token)).unwrap_or_default();
        let forms = std::str::from_utf8(forms).unwrap_or_default();
        forms.split_ascii_whitespace()
    }

    /// The tokens.
    pub fn tokens(&self) -> impl Iterator<Item = &'m str> + use<'m> {
        self.tokens.split(' ')
    }

    /// The first noun, where the form's main token is none.
    pub fn noun(&self) -> Option<&'m str> {
        self.tokens().next().filter(|_| self.kind == Self::NOUN)
    }

    /// Whether the first is a verb, and the form's main token a noun.
    pub fn is_verb(&self) -> bool {
        self.kind == Self::VERB
    }

    /// The rule that makes the first token of the form.
    pub fn rule(&self) -> Rule<'m> {
        let first = self.tokens().next().unwrap_or_default();
        Rule {
            cut: self.cut,
            add: &first[self.same..],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::danish::strings::write_strings;

    #[test]
    fn a_form_of_two_words_knows_the_other() {
        let entries = [
            (Readings::key("tog"), b"\x01tog".to_vec()),
            (Readings::key_of_token("tog"), b"tog toges".to_vec()),
            (Readings::key("led"), b"\x00leddet lid".to_vec()),
        ];
        let table = write_strings(&entries.into());
        let lexicon = Strings::read(&table);
        let tog = Readings::of(&lexicon, "tog").expect("written above");
        assert_eq!(tog.noun(), Some("tog"));
        assert_eq!(tog.rule(), Rule { cut: 0, add: "" });
        let led = Readings::of(&lexicon, "led").expect("written above");
        assert_eq!(led.tokens().collect::<Vec<_>>(), ["leddet", "lid"]);
        assert_eq!(
            (led.noun(), led.rule()),
            (None, Rule { cut: 0, add: "det" })
        );
        assert_eq!(Readings::forms_of(&lexicon, "tog").count(), 2);
        assert_eq!(Readings::forms_of(&lexicon, "by").count(), 0);
        assert!(Readings::of(&lexicon, "by").is_none());
    }
}
