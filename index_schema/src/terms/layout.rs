//! How a word and its terms lie in one string.

use super::WordTerms;

/// Where a word and its terms end in a string that begins with them: word, exact form, lemma, parts.
///
/// Most exact forms begin with the word as it was written, and add a mark at most. Such a form begins with the word, not behind
/// it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Layout {
    exact: u16,
    lemma: u16,
    parts: u16,
    /// Bytes of the word; 0 where there is none.
    word: u8,
    exact_from: u8,
}

impl Layout {
    /// The layout of a word with its terms, and what is written; `None` if they are longer than those of any word.
    #[inline]
    pub(super) fn of<'a>(word: &'a str, terms: WordTerms<'a>) -> Option<(Self, [&'a str; 4])> {
        let word_len = u8::try_from(word.len()).ok()?;
        let (exact_from, behind) = match terms.exact.strip_prefix(word) {
            Some(behind) => (0, behind),
            None => (word_len, terms.exact),
        };
        let exact = word.len() + behind.len();
        let lemma = exact + terms.lemma.len();
        let parts = u16::try_from(lemma + terms.parts.len()).ok()?;
        let layout = Self {
            exact: exact as u16,
            lemma: lemma as u16,
            parts,
            word: word_len,
            exact_from,
        };
        Some((layout, [word, behind, terms.lemma, terms.parts]))
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
        self.parts.into()
    }

    /// The terms in the string.
    #[inline]
    pub(super) fn terms(self, text: &str) -> WordTerms<'_> {
        let (exact, lemma, parts) = (self.exact.into(), self.lemma.into(), self.parts.into());
        WordTerms {
            exact: &text[self.exact_from.into()..exact],
            lemma: &text[exact..lemma],
            parts: &text[lemma..parts],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let long = "a".repeat(200);
        for (word, exact, len) in [
            ("by", "by", 10),
            ("byen", "byen+", 13),
            ("Byen", "byen+", 17),
            (&long, "b", 209),
        ] {
            let terms = WordTerms {
                exact,
                lemma: "en\u{1f}to",
                parts: "tre",
            };
            let (layout, pieces) = Layout::of(word, terms).expect("short");
            let text = pieces.concat();
            assert!(layout.is_of(word, text.as_bytes()) && !layout.is_of("b", text.as_bytes()));
            assert_eq!((layout.terms(&text), layout.len()), (terms, len), "{word}");
        }
    }

    #[test]
    fn what_is_longer_than_any_word_has_none() {
        let of = |word: &str, exact: &str| {
            let terms = WordTerms {
                exact,
                ..WordTerms::default()
            };
            Layout::of(word, terms).is_some()
        };
        assert!(!of(&"a".repeat(256), "b") && !of("a", &"b".repeat(1 << 16)));
    }
}
