//! Analysed text on its way into the index.
//!
//! A dispatch is analysed once, outside the engine, and handed over as strings of terms. A blank goes on to the next
//! position; terms that share a position are joined by U+001F. So the index holds what the analyzer said, whichever
//! engine keeps it: any engine with a white-space tokenizer can hold the fields with one term a position.

mod field_analyzer;
mod remembered;
mod tokenizer;

pub use field_analyzer::FieldAnalyzer;
pub(crate) use tokenizer::TERMS;
pub use tokenizer::register;

/// Goes on to the next position.
const NEXT: char = ' ';
/// Joins terms of one position.
const SAME: char = '\u{1f}';

/// The terms of one text, ready for the three fields of its zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ZoneTerms {
    /// Exact forms.
    pub exact: String,
    /// Main tokens; for a word with hyphens those of its pieces, too.
    pub lemma: String,
    /// Parts of compounds.
    pub parts: String,
}

impl ZoneTerms {
    /// Analyses a text.
    pub fn of(text: &str, analyzer: &mut FieldAnalyzer) -> Self {
        let mut terms = Self::default();
        terms.exact.reserve(text.len());
        terms.lemma.reserve(text.len());
        let mut gap = 0;
        let mut first = true;
        analyzer.words(text, |word| {
            if !first {
                terms.exact.push(NEXT);
                terms.lemma.push(NEXT);
                gap += 1;
            }
            first = false;
            terms.exact.push_str(word.exact);
            terms.lemma.push_str(word.lemma);
            if !word.parts.is_empty() {
                terms.parts.extend(std::iter::repeat_n(NEXT, gap));
                gap = 0;
                terms.parts.push_str(word.parts);
            }
        });
        terms
    }
}

/// What the fields hold for one word: terms joined by [`SAME`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct WordTerms<'a> {
    exact: &'a str,
    lemma: &'a str,
    parts: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_and_lemma_have_a_position_for_each_written_word() {
        let terms = ZoneTerms::of("EU-topmøde i 1.000 byer", &mut FieldAnalyzer::new());
        assert_eq!(terms.exact, "eu-topmøde i 1.000 byer");
        assert_eq!(terms.lemma, "eutopmød\u{1f}eu\u{1f}topmød i 1000 by");
        assert_eq!(terms.parts, "top\u{1f}mød");
        assert_eq!(
            terms.exact.split(' ').count(),
            terms.lemma.split(' ').count()
        );
    }
}
