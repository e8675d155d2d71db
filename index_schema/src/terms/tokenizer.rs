//! The tokenizer that takes strings of terms apart again.

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

/// Name of the tokenizer in an index's schema.
pub(crate) const TERMS: &str = "terms_1";

/// Registers the tokenizer; every opener of an index must do so, since the engine stores only the name.
pub fn register(manager: &TokenizerManager) {
    manager.register(TERMS, TextAnalyzer::from(Terms::default()));
}

/// The terms in a string of terms, each with its position.
pub fn terms_of(text: &str) -> impl Iterator<Item = (u32, &str)> {
    TermsOf {
        rest: text,
        position: 0,
    }
}

struct TermsOf<'a> {
    rest: &'a str,
    position: u32,
}

impl<'a> Iterator for TermsOf<'a> {
    type Item = (u32, &'a str);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.rest.as_bytes();
        let mut start = 0;
        loop {
            match bytes.get(start)? {
                b' ' => self.position += 1,
                0x1f => {}
                _ => break,
            }
            start += 1;
        }
        let length = bytes[start..].iter().position(|b| matches!(b, b' ' | 0x1f));
        let end = length.map_or(bytes.len(), |length| start + length);
        let term = &self.rest[start..end];
        self.rest = &self.rest[end..];
        Some((self.position, term))
    }
}

/// Splits strings of terms.
#[derive(Clone, Debug, Default)]
struct Terms {
    token: Token,
}

struct TermStream<'a> {
    terms: TermsOf<'a>,
    token: &'a mut Token,
}

impl Tokenizer for Terms {
    type TokenStream<'a> = TermStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TermStream<'a> {
        TermStream {
            terms: TermsOf {
                rest: text,
                position: 0,
            },
            token: &mut self.token,
        }
    }
}

impl TokenStream for TermStream<'_> {
    fn advance(&mut self) -> bool {
        let Some((position, term)) = self.terms.next() else {
            return false;
        };
        self.token.reset();
        self.token.position = position as usize;
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
}
