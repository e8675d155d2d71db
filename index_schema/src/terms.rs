//! Analysed text on its way into the index, and the tokenizer that takes it apart again.
//!
//! A dispatch is analysed once, outside the engine, and handed over as three strings of terms. A blank goes on to the
//! next position; terms that share a position are joined by U+001F. So the index holds what the analyzer said, whichever
//! engine keeps it: any engine with a white-space tokenizer can hold the fields with one term a position.

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use crate::danish::Analyzer;

/// Name of the tokenizer in an index's schema.
pub(crate) const TERMS: &str = "terms_1";

const NEXT: char = ' ';
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
    pub fn of(text: &str, analyzer: &mut Analyzer) -> Self {
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
            terms.exact.push_str(&word.forms.exact);
            terms.lemma.push_str(&word.forms.main);
            let mut inside = false;
            for part in &word.forms.parts {
                if part.whole {
                    terms.lemma.push(SAME);
                    terms.lemma.push_str(&part.term);
                    continue;
                }
                if inside {
                    terms.parts.push(SAME);
                }
                inside = true;
                terms.parts.extend(std::iter::repeat_n(NEXT, gap));
                gap = 0;
                terms.parts.push_str(&part.term);
            }
        });
        terms
    }
}

/// Registers the tokenizer; every opener of an index must do so, since the engine stores only the name.
pub fn register(manager: &TokenizerManager) {
    manager.register(TERMS, TextAnalyzer::from(Terms::default()));
}

/// Splits strings of terms.
#[derive(Clone, Debug, Default)]
struct Terms {
    token: Token,
}

struct TermStream<'a> {
    rest: &'a str,
    position: usize,
    token: &'a mut Token,
}

impl Tokenizer for Terms {
    type TokenStream<'a> = TermStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TermStream<'a> {
        TermStream {
            rest: text,
            position: 0,
            token: &mut self.token,
        }
    }
}

impl TokenStream for TermStream<'_> {
    fn advance(&mut self) -> bool {
        loop {
            match self.rest.as_bytes().first() {
                None => return false,
                Some(b' ') => self.position += 1,
                Some(0x1f) => {}
                Some(_) => break,
            }
            self.rest = &self.rest[1..];
        }
        let end = self.rest.find([NEXT, SAME]).unwrap_or(self.rest.len());
        let (term, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.token.reset();
        self.token.position = self.position;
        self.token.text.push_str(term);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_go_on_and_separators_stay() {
        let mut terms = Terms::default();
        let mut stream = terms.token_stream(" stat\u{1f}minister  land\u{1f}mine");
        let mut seen = Vec::new();
        while stream.advance() {
            seen.push((stream.token().text.clone(), stream.token().position));
        }
        let expected = [("stat", 1), ("minister", 1), ("land", 3), ("mine", 3)];
        assert_eq!(seen, expected.map(|(t, p)| (t.to_owned(), p)));
    }

    #[test]
    fn exact_and_lemma_have_a_position_for_each_written_word() {
        let terms = ZoneTerms::of("EU-topmøde i 1.000 byer", &mut Analyzer::new());
        assert_eq!(terms.exact, "eu-topmøde i 1.000 byer");
        assert_eq!(terms.lemma, "eutopmød\u{1f}eu\u{1f}topmød i 1000 by");
        assert_eq!(terms.parts, "top\u{1f}mød");
        assert_eq!(
            terms.exact.split(' ').count(),
            terms.lemma.split(' ').count()
        );
    }
}
