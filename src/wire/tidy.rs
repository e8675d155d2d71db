//! Text as a dispatch keeps it: Unicode NFC, no control characters, paragraphs separated by one empty line.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::scan;

/// Removes control characters (tabs and form feeds become blanks), and what is invisible and would break a word in
/// two: soft hyphens, zero-width spaces, byte order marks. Line ends become `\n`, letters are composed (NFC).
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if scan::position(text.as_bytes(), may_be_unclean).is_none() {
        return composed(text.into());
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = scan::position(rest.as_bytes(), may_be_unclean) {
        out.push_str(&rest[..at]);
        let mut chars = rest[at..].chars();
        let Some(c) = chars.next() else { break };
        rest = chars.as_str();
        match c {
            '\r' => {
                if !rest.starts_with('\n') {
                    out.push('\n');
                }
            }
            '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' | '\u{b}' | '\u{c}' | '\u{a0}' | '\u{2007}' | '\u{202f}' => out.push(' '),
            '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out.push_str(rest);
    composed(out.into())
}

/// Whether a character that begins with this byte may have to go or to change: a control character, or one of the blocks with
/// invisible ones. Danish letters begin with another.
fn may_be_unclean(byte: u8) -> bool {
    byte < 0x20 && byte != b'\n' || matches!(byte, 0x7f | 0xc2 | 0xe2 | 0xef)
}

/// A text in NFC. Of what is below U+0300, everything is.
fn composed(text: Cow<'_, str>) -> Cow<'_, str> {
    match scan::position(text.as_bytes(), |b| b >= 0xcc).is_none() || is_nfc(&text) {
        true => text,
        false => text.nfc().collect::<String>().into(),
    }
}

/// The text on one line, white space collapsed; `None` if nothing is left.
pub(super) fn one_line(text: &str) -> Option<String> {
    let text = clean(text);
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    (!out.is_empty()).then_some(out)
}

/// The paragraphs of a text in which empty lines separate them. Lines inside a paragraph stay lines.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut paragraph = String::new();
    for line in clean(text).lines().map(str::trim) {
        if line.is_empty() {
            if !paragraph.is_empty() {
                all.push(std::mem::take(&mut paragraph));
            }
            continue;
        }
        if !paragraph.is_empty() {
            paragraph.push('\n');
        }
        paragraph.push_str(line);
    }
    if !paragraph.is_empty() {
        all.push(paragraph);
    }
    all
}

/// Adds a name to a list once. No dispatch has a thousand keywords, and finding doubles among more takes its time.
pub(super) fn add_name(name: String, all: &mut Vec<String>) {
    const MOST: usize = 1000;
    if all.len() < MOST && !all.contains(&name) {
        all.push(name);
    }
}

/// Paragraphs as a body.
pub(super) fn body(paragraphs: &[String]) -> String {
    paragraphs.join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_go_and_letters_are_composed() {
        assert_eq!(
            clean("A\u{30a}rhus\u{1b}[31m\r\nby\rog\tland"),
            "Århus[31m\nby\nog land"
        );
        assert_eq!(clean("lands\u{ad}hold"), "landshold");
        assert_eq!(
            clean("\u{feff}”a\u{a0}b”\u{2028}\u{7f}c\t–\u{212b}\r\n\r\u{85}µ"),
            "”a b”\nc –Å\n\n\nµ"
        );
    }

    #[test]
    fn any_number_of_empty_lines_separates_paragraphs() {
        assert_eq!(paragraphs("a\n\n\n \t\n\nb\nc\r\n\r\n"), ["a", "b\nc"]);
        assert!(paragraphs(" \n\n").is_empty());
    }

    #[test]
    fn a_headline_is_one_line() {
        assert_eq!(one_line(" To\n  linjer ").as_deref(), Some("To linjer"));
        assert_eq!(one_line("\u{feff} \n"), None);
    }
}
