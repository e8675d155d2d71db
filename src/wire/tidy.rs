//! Text as a dispatch keeps it: Unicode NFC, no control characters, paragraphs separated by one empty line.

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Removes control characters (tabs and form feeds become blanks), and what is invisible and would break a word in
/// two: soft hyphens, zero-width spaces, byte order marks. Line ends become `\n`, letters are composed (NFC).
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' | '\u{b}' | '\u{c}' | '\u{a0}' | '\u{2007}' | '\u{202f}' => out.push(' '),
            '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => {}
            '\n' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    if is_nfc(&out) {
        out
    } else {
        out.nfc().collect()
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
