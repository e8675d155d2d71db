//! Analysed text on its way into the index.
//!
//! A dispatch is analysed once, outside the engine, and handed over as strings of terms. A blank goes on to the next
//! position; terms that share a position are joined by U+001F, and the fields of a zone are kept apart by U+001E. So the index holds what the analyzer said, whichever
//! engine keeps it: any engine with a white-space tokenizer can hold the fields with one term a position.

mod analysed;
mod field_analyzer;
mod layout;
mod recent;
mod remembered;
mod tokenizer;

pub use field_analyzer::FieldAnalyzer;
pub use tokenizer::{TERMS, register, terms_of};

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

    /// The terms in this field of a word, of which all terms are given, as [`ZoneTerms::words`] has them.
    pub fn terms(self, word: &[u8]) -> impl Iterator<Item = &[u8]> {
        let mut fields = word.split(|byte| *byte == FIELD as u8);
        let terms = fields.nth(self as usize).unwrap_or_default();
        let terms = terms.split(|byte| *byte == SAME as u8);
        terms.filter(|term| !term.is_empty())
    }
}

/// The terms of one text, ready for the three fields of its zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ZoneTerms {
    /// All terms of each word, ended by [`NEXT`].
    words: String,
}

impl ZoneTerms {
    /// Analyses a text.
    pub fn of(text: &str, analyzer: &mut FieldAnalyzer) -> Self {
        // about as long as they become: two words of five have another main token
        let mut words = String::with_capacity(text.len() / 4 * 7);
        analyzer.words(text, |word| {
            words.push_str(word.0);
            words.push(NEXT);
        });
        Self { words }
    }

    /// Each word as all of its terms, which [`ZoneField::terms`] tells apart, with its position. Words without any are left out.
    pub fn words(&self) -> impl Iterator<Item = (u32, &[u8])> {
        let words = self.words.as_bytes().split(|byte| *byte == NEXT as u8);
        (0..).zip(words).filter(|(_, word)| !word.is_empty())
    }

    /// What one field holds as one string, for an engine that splits it at blanks: see [`terms_of`].
    pub fn field(&self, field: ZoneField) -> String {
        let mut terms = String::new();
        for word in self.words.split_terminator(NEXT) {
            terms.push_str(word.split(FIELD).nth(field as usize).unwrap_or_default());
            terms.push(NEXT);
        }
        terms
    }
}

/// The exact forms of a text, unmarked: for a field that has nothing else.
pub(crate) fn exact_forms(text: &str, analyzer: &mut FieldAnalyzer) -> String {
    let mut forms = String::new();
    analyzer.words(text, |word| {
        forms.push_str(unmarked(word.of(ZoneField::Exact)));
        forms.push(NEXT);
    });
    forms
}

/// The main tokens of a text, for a field that has nothing else.
pub(crate) fn main_tokens(text: &str, analyzer: &mut FieldAnalyzer) -> String {
    let mut tokens = String::new();
    analyzer.words(text, |word| {
        tokens.push_str(match word.of(ZoneField::Lemma) {
            "" => word.of(ZoneField::Exact),
            lemma => lemma,
        });
        tokens.push(NEXT);
    });
    tokens
}

/// An exact form as it marks a word that is not its own main token.
pub(crate) fn marked(form: &str) -> String {
    format!("{form}{INFLECTED}")
}

/// An exact form without that mark.
pub(crate) fn unmarked(term: &str) -> &str {
    term.strip_suffix(INFLECTED).unwrap_or(term)
}

/// All terms of one written word: those of each field joined by [`SAME`], the fields by [`FIELD`]. Empty fields at the end are
/// left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct WordTerms<'a>(&'a str);

impl<'a> WordTerms<'a> {
    /// Those of one field, joined.
    fn of(self, field: ZoneField) -> &'a str {
        self.0.split(FIELD).nth(field as usize).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_share_their_positions() {
        let terms = ZoneTerms::of("EU-topmøde i 1.000 byer", &mut FieldAnalyzer::new());
        let [exact, lemma, parts] = ZoneField::ALL.map(|field| terms.field(field));
        assert_eq!(exact, "eu-topmøde+ i 1.000+ byer+ ");
        assert_eq!(lemma, "eutopmød\u{1f}eu\u{1f}topmød  1000 by ");
        assert_eq!(parts, "top\u{1f}mød    ");
        for (position, word) in terms.words() {
            for (field, whole) in ZoneField::ALL.into_iter().zip([&exact, &lemma, &parts]) {
                let terms: Vec<_> = field.terms(word).map(|term| (position, term)).collect();
                let of_field = terms_of(whole).map(|(position, term)| (position, term.as_bytes()));
                let expected: Vec<_> = of_field.filter(|(at, _)| *at == position).collect();
                assert_eq!(terms, expected);
            }
        }
    }

    #[test]
    fn a_short_field_has_one_kind_of_terms() {
        let mut analyzer = FieldAnalyzer::new();
        let text = "EU's byer: miner";
        assert_eq!(exact_forms(text, &mut analyzer), "eu's byer miner ");
        assert_eq!(main_tokens(text, &mut analyzer), "eu by mine ");
    }
}
