//! Text to words: first form, with a Snowball stem as main token.

use unicode_normalization::UnicodeNormalization;

use super::{Forms, Why};

/// Longest term, in bytes; longer words are cut there, at a character boundary.
pub const MAX_TERM_BYTES: usize = 255;

/// Finds the written words: letters and digits, with `'`, `’`, `-`, `.`, `,` and `:` inside.
pub(super) fn split(text: &str, mut each: impl FnMut(usize, usize)) {
    let joins = |c: char| matches!(c, '\'' | '\u{2019}' | '-' | '.' | ',' | ':');
    let mut start = None;
    let mut chars = text.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) {
            start.get_or_insert(i);
        } else if let Some(s) = start {
            let inside = match c {
                '\'' | '\u{2019}' | '-' => chars.peek().is_some_and(|&(_, n)| n.is_alphanumeric()),
                '.' | ',' | ':' => {
                    text[..i].ends_with(|p: char| p.is_ascii_digit())
                        && chars.peek().is_some_and(|&(_, n)| n.is_ascii_digit())
                }
                _ => false,
            };
            if !(joins(c) && inside) {
                each(s, i);
                start = None;
            }
        }
    }
    if let Some(s) = start {
        each(s, text.len());
    }
}

/// The forms of a written word.
pub(super) fn forms(written: &str) -> Forms {
    let mut exact: String = written
        .nfc()
        .flat_map(char::to_lowercase)
        .map(|c| if c == '\u{2019}' { '\'' } else { c })
        .collect();
    if exact.len() > MAX_TERM_BYTES {
        exact.truncate(exact.floor_char_boundary(MAX_TERM_BYTES));
    }
    let stem = frostem::Stemmer::new(frostem::Algorithm::Danish)
        .stem(&exact)
        .into_owned();
    let main = stem.replace("aa", "å");
    Forms {
        exact: exact.into(),
        main: main.into(),
        parts: Box::default(),
        why: Why::Rule,
    }
}
