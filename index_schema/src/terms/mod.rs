//! Analysed text on its way into the index.
//!
//! A dispatch is analysed once, outside the engine, and handed over as strings of terms. A blank goes on to the next
//! position; terms that share a position are joined by U+001F. So the index holds what the analyzer said, whichever
//! engine keeps it: any engine with a white-space tokenizer can hold the fields with one term a position.

mod analysed;
mod field_analyzer;
mod layout;
mod recent;
mod remembered;
mod tokenizer;

pub use field_analyzer::FieldAnalyzer;
pub(crate) use tokenizer::TERMS;
pub use tokenizer::register;

/// Goes on to the next position.
const NEXT: char = ' ';
/// Joins terms of one position.
const SAME: char = '\u{1f}';
/// Ends the exact form of a word that is not its own main token. No letter of a term.
const INFLECTED: char = '+';

/// The terms of one text, ready for the three fields of its zone.
///
/// Most words of a text are their own main token, and one term says both. Only the others have a term in two fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ZoneTerms {
    /// Exact forms; those that are not their own main token are marked.
    pub exact: String,
    /// Main tokens where they differ; for a word with hyphens those of its pieces, too.
    pub lemma: String,
    /// Parts of compounds.
    pub parts: String,
}

impl ZoneTerms {
    /// Analyses a text.
    pub fn of(text: &str, analyzer: &mut FieldAnalyzer) -> Self {
        // about as long as they become: exact forms are the text and some marks, two words of five have another main token
        let (mut exact, mut lemma, mut parts) = (
            Positioned::with_capacity(text.len() / 8 * 9),
            Positioned::with_capacity(text.len() / 2),
            Positioned::with_capacity(text.len() / 4),
        );
        let mut position = 0;
        analyzer.words(text, |word| {
            Positioned::add(&mut exact, position, word.exact);
            Positioned::add(&mut lemma, position, word.lemma);
            Positioned::add(&mut parts, position, word.parts);
            position += 1;
        });
        Self {
            exact: exact.terms,
            lemma: lemma.terms,
            parts: parts.terms,
        }
    }
}

/// The exact forms of a text, unmarked: for a field that has nothing else.
pub(crate) fn exact_forms(text: &str, analyzer: &mut FieldAnalyzer) -> String {
    let mut forms = String::new();
    analyzer.words(text, |word| {
        forms.push_str(unmarked(word.exact));
        forms.push(NEXT);
    });
    forms
}

/// The main tokens of a text, for a field that has nothing else.
pub(crate) fn main_tokens(text: &str, analyzer: &mut FieldAnalyzer) -> String {
    let mut tokens = String::new();
    analyzer.words(text, |word| {
        tokens.push_str(match word.lemma {
            "" => word.exact,
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

/// What the fields hold for one word: terms joined by [`SAME`], or nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct WordTerms<'a> {
    exact: &'a str,
    lemma: &'a str,
    parts: &'a str,
}

/// Terms at positions, one string.
#[derive(Debug)]
struct Positioned {
    terms: String,
    /// The position of the last one.
    at: usize,
}

impl Positioned {
    /// None yet, and room for so many bytes.
    fn with_capacity(bytes: usize) -> Self {
        Self {
            terms: String::with_capacity(bytes),
            at: 0,
        }
    }

    #[inline]
    fn add(&mut self, position: usize, terms: &str) {
        if terms.is_empty() {
            return;
        }
        while self.at < position {
            self.terms.push(NEXT);
            self.at += 1;
        }
        self.terms.push_str(terms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_share_their_positions() {
        let terms = ZoneTerms::of("EU-topmøde i 1.000 byer", &mut FieldAnalyzer::new());
        assert_eq!(terms.exact, "eu-topmøde+ i 1.000+ byer+");
        assert_eq!(terms.lemma, "eutopmød\u{1f}eu\u{1f}topmød  1000 by");
        assert_eq!(terms.parts, "top\u{1f}mød");
    }

    #[test]
    fn a_short_field_has_one_kind_of_terms() {
        let mut analyzer = FieldAnalyzer::new();
        let text = "EU's byer: miner";
        assert_eq!(exact_forms(text, &mut analyzer), "eu's byer miner ");
        assert_eq!(main_tokens(text, &mut analyzer), "eu by mine ");
    }
}
