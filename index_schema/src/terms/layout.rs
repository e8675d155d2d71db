//! How a word and its terms lie in one string.

use super::WordTerms;

/// Where a word and its terms lie in a string that begins with them.
///
/// The terms of most words begin with the word as it was written. Such terms begin with the word, not behind it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Layout {
    /// Where the terms end.
    end: u16,
    /// Bytes of the word; 0 where there is none.
    word: u8,
    /// Where the terms begin.
    start: u8,
}

impl Layout {
    /// The layout of a word with its terms, and what is written; `None` if they are longer than those of any word.
    #[inline]
    pub(super) fn of<'a>(word: &'a str, terms: WordTerms<'a>) -> Option<(Self, [&'a str; 2])> {
        let len = u8::try_from(word.len()).ok()?;
        let (start, behind) = match terms.0.strip_prefix(word) {
            Some(behind) => (0, behind),
            None => (len, terms.0),
        };
        let layout = Self {
            end: u16::try_from(word.len() + behind.len()).ok()?,
            word: len,
            start,
        };
        Some((layout, [word, behind]))
    }

    /// Whether there is no word.
    #[inline]
    pub(super) fn is_free(self) -> bool {
        self.word == 0
    }

    /// Whether a string begins with the word.
    #[inline]
    pub(super) fn is_of(self, word: &str, text: &[u8]) -> bool {
        text.get(..self.word.into()) == Some(word.as_bytes())
    }

    /// Bytes that are written.
    #[inline]
    pub(super) fn len(self) -> usize {
        self.end.into()
    }

    /// The terms in the string.
    #[inline]
    pub(super) fn terms(self, text: &str) -> WordTerms<'_> {
        WordTerms(&text[self.start.into()..self.end.into()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let long = "a".repeat(200);
        for (word, terms, len) in [
            ("by", "by", 2),
            ("byen", "byen+\u{1e}by", 8),
            ("Byen", "byen+\u{1e}by", 12),
            (&long, "b", 201),
        ] {
            let terms = WordTerms(terms);
            let (layout, pieces) = Layout::of(word, terms).expect("short");
            let text = pieces.concat();
            assert!(layout.is_of(word, text.as_bytes()) && !layout.is_of("b", text.as_bytes()));
            assert_eq!((layout.terms(&text), layout.len()), (terms, len), "{word}");
        }
    }

    #[test]
    fn what_is_longer_than_any_word_has_none() {
        let of = |word: &str, terms: &str| Layout::of(word, WordTerms(terms)).is_some();
        assert!(!of(&"a".repeat(256), "b") && !of("a", &"b".repeat(1 << 16)));
    }
}
