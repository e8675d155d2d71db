//! Text to words: where each written word begins and ends.

use super::abbreviations;

/// Longest term, in bytes; longer words are cut there, at a character boundary.
pub const MAX_TERM_BYTES: usize = 255;

/// A written word in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// First byte.
    pub(super) start: usize,
    /// First byte after it.
    pub(super) end: usize,
    /// For the first half of `Syd- og Nordkorea`: the word that completes it.
    pub(super) completed: Option<(usize, usize)>,
}

/// Finds the written words: letters and digits, with `'`, `’`, `-` between them, `.`, `,` and `:` between digits, and
/// abbreviations with their full stops.
pub(super) fn split(text: &str, mut each: impl FnMut(Span)) {
    split_while(text, |span| {
        each(span);
        true
    });
}

/// The same, until the answer is no.
pub(super) fn split_while(text: &str, mut goes_on: impl FnMut(Span) -> bool) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let len = letter(text, at);
        if len == 0 {
            at += char_len(bytes[at]);
            continue;
        }
        let start = at;
        let mut end = at + len;
        loop {
            // most letters are these
            while bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
                end += 1;
            }
            // and most words end so
            if bytes.get(end) == Some(&b' ') {
                break;
            }
            match letter(text, end) {
                0 => match joint(text, start, end) {
                    0 => break,
                    n => end += n,
                },
                n => end += n,
            }
        }
        if bytes.get(end) == Some(&b'.') {
            end = with_stops(text, start, end);
        }
        let span = Span {
            start,
            end,
            completed: match bytes.get(end) {
                Some(b'-') => completing_word(text, end),
                _ => None,
            },
        };
        if !goes_on(span) {
            return;
        }
        at = end;
    }
}

/// Bytes of the letter, digit or combining mark at a place; 0 for anything else and at the end.
#[inline]
fn letter(text: &str, at: usize) -> usize {
    match text.as_bytes().get(at) {
        None => 0,
        Some(byte) if byte.is_ascii() => byte.is_ascii_alphanumeric().into(),
        // å, æ, ø, é and their capitals, without the tables of Unicode
        Some(0xC3) => match text.as_bytes().get(at + 1) {
            Some(0x97 | 0xB7) => 0,
            _ => 2,
        },
        Some(_) => other_letter(text, at),
    }
}

/// The same of any other character.
fn other_letter(text: &str, at: usize) -> usize {
    let is_letter =
        |c: &char| c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(*c);
    let c = text.get(at..).and_then(|rest| rest.chars().next());
    c.filter(is_letter).map_or(0, char::len_utf8)
}

#[inline]
fn char_len(first: u8) -> usize {
    match first {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}

/// Bytes of a sign that joins what is before it in the word to what follows; 0 when none does.
fn joint(text: &str, start: usize, at: usize) -> usize {
    let bytes = text.as_bytes();
    let len = match bytes.get(at) {
        Some(b'\'' | b'-' | b'.' | b',' | b':') => 1,
        Some(0xE2) if text[at..].starts_with('\u{2019}') => 3,
        _ => return 0,
    };
    let joins = match bytes[at] {
        b'.' | b',' | b':' => {
            bytes[at - 1].is_ascii_digit() && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
        }
        // The genitive of Niels' and Damaskus' is a quotation mark as often; it changes no term and stays outside.
        _ => letter(text, at + len) > 0,
    };
    if joins && at > start { len } else { 0 }
}

/// The end of an abbreviation with its full stops, if one begins at `start`, and the first stop is at `end`; else `end`.
fn with_stops(text: &str, start: usize, end: usize) -> usize {
    let bytes = text.as_bytes();
    if end - start > 8 {
        return end;
    }
    // f.eks., bl.a., m.fl.: letters and stops, at most a dozen.
    let mut far = end;
    while far - start < 12
        && bytes
            .get(far)
            .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'.')
    {
        far += 1;
    }
    let whole = text[start..far].trim_end_matches('.');
    let stop = start + whole.len();
    if whole.len() > end - start && letter(text, far) == 0 && abbreviations::takes_stop(whole) {
        return stop + usize::from(bytes.get(stop) == Some(&b'.'));
    }
    end + usize::from(abbreviations::takes_stop(&text[start..end]))
}

/// The word that completes a first half such as `Syd-` in `Syd- og Nordkorea`, whose hyphen is at `end`.
fn completing_word(text: &str, end: usize) -> Option<(usize, usize)> {
    let rest = text.get(end + 1..)?;
    let after = rest.trim_start_matches([' ', '\n', '\u{a0}']);
    if after.len() == rest.len() || rest.len() - after.len() > 4 {
        return None;
    }
    let last = ["og ", "eller ", "samt ", "til ", "og\n", "eller\n"]
        .iter()
        .find_map(|w| after.strip_prefix(w))?;
    let from = text.len() - last.len();
    let mut to = from;
    while to - from < 128 {
        match letter(text, to) {
            0 => break,
            n => to += n,
        }
    }
    (to > from).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let mut words = Vec::new();
        split(text, |w| words.push(&text[w.start..w.end]));
        words
    }

    #[test]
    fn hyphens_and_apostrophes_stay_inside_words() {
        assert_eq!(
            words("EU-topmøde i USA's by"),
            ["EU-topmøde", "i", "USA's", "by"]
        );
        assert_eq!(
            words("- nej, \u{201d}Lars\u{2019}\u{201d}"),
            ["nej", "Lars"]
        );
    }

    #[test]
    fn numbers_are_one_word() {
        assert_eq!(
            words("1.000 kl. 14.30, den 17. maj"),
            ["1.000", "kl.", "14.30", "den", "17", "maj"]
        );
        assert_eq!(words("1,5 pct."), ["1,5", "pct."]);
    }

    #[test]
    fn abbreviations_are_one_word() {
        assert_eq!(
            words("f.eks. dem, bl.a. her"),
            ["f.eks.", "dem", "bl.a.", "her"]
        );
        assert_eq!(words("slut.Ny"), ["slut", "Ny"]);
    }

    #[test]
    fn a_first_half_knows_the_word_that_completes_it() {
        let text = "Syd- og Nordkorea";
        let mut spans = Vec::new();
        split(text, |s| spans.push(s));
        assert_eq!(spans[0].completed, Some((8, text.len())));
        assert_eq!(spans.len(), 3);
        assert_eq!(spans[2].completed, None);
    }
}
