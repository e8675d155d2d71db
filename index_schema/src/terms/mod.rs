//! Analysed text on its way into the index.
//!
//! A dispatch is analysed once, outside the engine, and handed over as words of a [`Vocabulary`], which has the terms of each
//! word in the three fields of a zone: terms of one field are joined by U+001F, fields by U+001E.
//!
//! The short fields, and zones for [another engine](ZoneTerms::field), are strings of terms: a blank goes on to the next position. So
//! the index holds what the analyzer said, whichever engine keeps it: any engine with a white-space tokenizer can hold the
//! fields with one term a position.

mod analysed;
mod field_analyzer;
mod recent;
mod tokenizer;
mod vocabularies;
mod vocabulary;

use std::sync::Arc;

pub use field_analyzer::FieldAnalyzer;
pub(crate) use tokenizer::TERMS;
pub use tokenizer::{register, terms_of};
pub use vocabularies::Vocabularies;
pub use vocabulary::{Vocabulary, Words};

/// Ends a word, and goes on to the next position.
const NEXT: char = ' ';
/// Joins terms of one field at one position.
const SAME: char = '\u{1f}';
/// Goes on to the terms of a word in the next field.
const FIELD: char = '\u{1e}';
/// Ends the exact form of a word that is not its own main token. No letter of a term.
const INFLECTED: char = '+';

/// The fields of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZoneField {
    /// Exact forms; those that are not their own main token are marked.
    ///
    /// Most words of a text are their own main token, and one term says both. Only the others have a term in two fields.
    Exact,
    /// Main tokens where they differ; for a word with hyphens those of its pieces, too.
    Lemma,
    /// Parts of compounds.
    Parts,
}

impl ZoneField {
    /// All of them, in the order in which a word has its terms.
    pub const ALL: [Self; 3] = [Self::Exact, Self::Lemma, Self::Parts];

    /// The terms in this field of a word, of which all terms are given, as a [`Vocabulary`] has them.
    pub fn terms(self, word: &[u8]) -> impl Iterator<Item = &[u8]> {
        let mut fields = word.split(|byte| *byte == FIELD as u8);
        let terms = fields.nth(self as usize).unwrap_or_default();
        let terms = terms.split(|byte| *byte == SAME as u8);
        terms.filter(|term| !term.is_empty())
    }

    /// The same, joined by [`SAME`].
    fn joined(self, word: &str) -> &str {
        word.split(FIELD).nth(self as usize).unwrap_or_default()
    }
}

/// The terms of one text, ready for the three fields of its zone: a word of a vocabulary for each position.
#[derive(Clone, Debug, Default)]
pub struct ZoneTerms {
    vocabulary: Arc<Vocabulary>,
    words: Vec<u32>,
}

impl ZoneTerms {
    /// Analyses texts; together they take less time than one by one.
    pub fn of(texts: &[&str], analyzer: &mut FieldAnalyzer) -> Vec<Self> {
        let (vocabulary, words) = analyzer.words(texts);
        let words = words.into_iter().map(|words| Self {
            vocabulary: Arc::clone(&vocabulary),
            words,
        });
        words.collect()
    }

    /// The vocabulary that [`words`](Self::words) are numbers in. Texts that were analysed one after the other share it, as a rule.
    pub fn vocabulary(&self) -> &Arc<Vocabulary> {
        &self.vocabulary
    }

    /// The words of the text in order; each has terms.
    pub fn words(&self) -> &[u32] {
        &self.words
    }

    /// What one field holds as one string, for an engine that splits it at blanks: see [`terms_of`].
    pub fn field(&self, field: ZoneField) -> String {
        self.strung(|word| field.joined(word))
    }

    /// The exact forms, unmarked, as one string: for a field that has nothing else.
    pub(crate) fn exact_forms(&self) -> String {
        self.strung(|word| unmarked(ZoneField::Exact.joined(word)))
    }

    /// The main tokens as one string: for a field that has nothing else.
    pub(crate) fn main_tokens(&self) -> String {
        self.strung(|word| match ZoneField::Lemma.joined(word) {
            "" => ZoneField::Exact.joined(word),
            lemma => lemma,
        })
    }

    /// Some terms of each word as one string.
    fn strung(&self, of: impl Fn(&str) -> &str) -> String {
        let mut terms = String::new();
        if self.words.is_empty() {
            return terms;
        }
        let words = self.vocabulary.read();
        for number in &self.words {
            terms.push_str(of(words.terms(*number)));
            terms.push(NEXT);
        }
        terms
    }
}

/// An exact form as it marks a word that is not its own main token.
pub(crate) fn marked(form: &str) -> String {
    format!("{form}{INFLECTED}")
}

/// An exact form without that mark.
pub(crate) fn unmarked(term: &str) -> &str {
    term.strip_suffix(INFLECTED).unwrap_or(term)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_share_their_positions() {
        let all = ZoneTerms::of(&["EU-topmøde i 1.000 byer"], &mut FieldAnalyzer::default());
        let terms = &all[0];
        let [exact, lemma, parts] = ZoneField::ALL.map(|field| terms.field(field));
        assert_eq!(exact, "eu-topmøde+ i 1.000+ byer+ ");
        assert_eq!(lemma, "eutopmød\u{1f}eu\u{1f}topmød  1000 by ");
        assert_eq!(parts, "top\u{1f}mød    ");
        let words = terms.vocabulary().read();
        for (position, number) in (0..).zip(terms.words()) {
            let word = words.terms(*number).as_bytes();
            for (field, whole) in ZoneField::ALL.into_iter().zip([&exact, &lemma, &parts]) {
                let terms: Vec<_> = field.terms(word).collect();
                let of_field = terms_of(whole).filter(|(at, _)| *at == position);
                let expected: Vec<_> = of_field.map(|(_, term)| term.as_bytes()).collect();
                assert_eq!(terms, expected);
            }
        }
    }

    #[test]
    fn a_short_field_has_one_kind_of_terms() {
        let texts = ["", "EU's byer: miner"];
        let terms = ZoneTerms::of(&texts, &mut FieldAnalyzer::default());
        assert_eq!(terms[1].exact_forms(), "eu's byer miner ");
        assert_eq!(terms[1].main_tokens(), "eu by mine ");
        assert_eq!(terms[0].main_tokens(), "");
    }
}
