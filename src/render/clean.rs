//! What a terminal must not be told by a dispatch.
//!
//! Text comes from feeds, and a feed is not to be trusted with the reader's terminal: an escape sequence could recolour,
//! rewrite or answer for what stands there, and a bidirectional override could show another sentence than the one that
//! is stored (Unicode Technical Report 36, 3.2; CVE-2021-42574).

use std::borrow::Cow;

/// The same text without characters that steer a terminal: white space becomes a blank, the rest U+FFFD.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| steers(c) || is_break(c)) {
        return Cow::Borrowed(text);
    }
    let replace = |c| match c {
        c if is_break(c) => ' ',
        c if steers(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    Cow::Owned(text.chars().map(replace).collect())
}

/// Whether a character steers a terminal or hides what is written: C0 and C1 controls, and the overrides, embeddings and
/// isolates of the bidirectional algorithm (UAX #9). The plain marks U+200E, U+200F and U+061C belong to honest text.
pub(super) fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_break(c: char) -> bool {
    matches!(
        c,
        '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_is_left() {
        let all: String = (0..0x3000).filter_map(char::from_u32).collect();
        assert!(clean(&all).chars().all(|c| !steers(c)));
        assert_eq!(
            clean("a\u{1b}[31mb\u{9b}0m\u{7f}\u{202e}c"),
            "a\u{fffd}[31mb\u{fffd}0m\u{fffd}\u{fffd}c"
        );
    }

    #[test]
    fn honest_text_is_not_copied() {
        let text = "Æblegrød 🍏 e\u{301} \u{200f}\u{a0}–";
        assert!(matches!(clean(text), Cow::Borrowed(same) if same == text));
        assert_eq!(clean("a\tb\r\nc"), "a b  c");
    }
}
