//! Letters: the exact form of a word, and the letters that its main token is made from.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::MAX_TERM_BYTES;

/// The exact form: lower case, NFC, U+2019 as `'`, otherwise as written, cut at [`MAX_TERM_BYTES`].
pub(super) fn exact(written: &str) -> String {
    if is_exact(written) {
        return written.to_owned();
    }
    let mut exact = String::with_capacity(written.len());
    // Four times the limit is more than any lower-casing or composition can shrink to nothing.
    let written = up_to(written, MAX_TERM_BYTES * 4);
    let mut push = |c: char| {
        if c == '\u{2019}' {
            exact.push('\'');
        } else {
            exact.extend(
                c.to_lowercase()
                    .filter(|c| !c.is_control() && !c.is_whitespace()),
            );
        }
    };
    if is_nfc_quick(written.chars()) == IsNormalized::Yes {
        written.chars().for_each(&mut push);
    } else {
        written.nfc().for_each(&mut push);
    }
    // Lower-casing can leave a mark apart from its letter (İ); such a form is composed once more.
    if is_nfc_quick(exact.chars()) != IsNormalized::Yes {
        exact = exact.nfc().collect();
    }
    exact.truncate(up_to(&exact, MAX_TERM_BYTES).len());
    exact
}

/// An exact form without the full stop of an abbreviation, which a query takes for the end of its sentence.
pub(super) fn without_stop(mut exact: String) -> String {
    if exact.len() > 1 && exact.ends_with('.') {
        exact.pop();
    }
    exact
}

/// Whether a word beyond doubt is its own exact form: small letters of the alphabet, digits and hyphens, not too many.
fn is_exact(written: &str) -> bool {
    let is_small = |c: char| matches!(c, 'a'..='z' | 'æ' | 'ø' | 'å' | '0'..='9' | '-');
    written.len() <= MAX_TERM_BYTES && written.chars().all(is_small)
}

/// Words that keep their é, because without it they are other words; also the beginnings of their other forms.
const KEEP_ACUTE: &[&str] = &[
    "armé", "allé", "andré", "rosé", "passé", "logé", "karré", "puré", "gelé", "entré", "filé",
    "posé", "linné", "porté", "coupé", "frappé", "exposé", "pavé", "touché", "carré", "dér", "fór",
];

/// Names that keep it, as they stand: *Renée* and *Renee* are one.
const NAMES_WITH_ACUTE: &[&str] = &["rené", "renés"];

/// The name that may be meant by a word without its accent.
pub(super) fn name_with_acute(bare: &str) -> Option<&'static str> {
    let mut names = NAMES_WITH_ACUTE.iter().copied();
    names.find(|name| name.replace('é', "e") == bare)
}

/// The letters for the main token of an exact form: foreign letters as their Danish neighbours, accents off.
///
/// `ö`, `ä`, `ü` become `ø`, `æ`, `y`; é stays only where it makes another word (*armé*, *arme*).
pub(super) fn danish(exact: &str) -> String {
    if exact.is_ascii() {
        return exact.to_owned();
    }
    let keep = exact.contains('é')
        && (NAMES_WITH_ACUTE.contains(&exact) || KEEP_ACUTE.iter().any(|w| exact.starts_with(w)));
    let mut letters = String::with_capacity(exact.len());
    for c in exact.chars() {
        match c {
            'å' | 'æ' | 'ø' => letters.push(c),
            'é' if keep => letters.push(c),
            'ö' | 'ő' => letters.push('ø'),
            'ä' => letters.push('æ'),
            'ü' | 'ű' => letters.push('y'),
            'ß' => letters.push_str("ss"),
            'þ' => letters.push_str("th"),
            'ð' => letters.push('d'),
            'ł' => letters.push('l'),
            'đ' => letters.push('d'),
            'ı' => letters.push('i'),
            'œ' => letters.push('ø'),
            _ if c.is_ascii() => letters.push(c),
            _ => letters.extend(
                std::iter::once(c)
                    .nfd()
                    .filter(|c| !unicode_normalization::char::is_combining_mark(*c)),
            ),
        }
    }
    letters.truncate(up_to(&letters, MAX_TERM_BYTES).len());
    letters
}

/// As much of a text as fits into so many bytes.
pub(super) fn up_to(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// å for aa.
pub(super) fn fold_aa(word: &str) -> String {
    word.replace("aa", "å")
}

/// Whether a word has an aa.
pub(super) fn has_aa(word: &str) -> bool {
    word.as_bytes().windows(2).any(|pair| pair == b"aa")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exact_form_is_lower_case_and_composed() {
        assert_eq!(exact("EU’s"), "eu's");
        assert_eq!(exact("A\u{30a}rhus"), "århus");
        assert_eq!(exact("İ"), "i\u{307}");
        assert_eq!(exact("a\u{85}b"), "ab");
    }

    #[test]
    fn the_exact_form_is_cut_at_a_letter() {
        let long = exact(&"å".repeat(70_000));
        assert_eq!(long.len(), 254);
    }

    #[test]
    fn foreign_letters_become_their_danish_neighbours() {
        assert_eq!(danish("göteborg"), "gøteborg");
        assert_eq!(danish("citroën"), "citroen");
        assert_eq!(danish("müller"), "myller");
        assert_eq!(danish("café"), "cafe");
        assert_eq!(danish("arméen"), "arméen");
        assert_eq!(danish("århus"), "århus");
    }
}
