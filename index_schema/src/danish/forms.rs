//! A written word to its forms.

use super::model::Model;
use super::{Forms, MAX_TERM_BYTES, Part, Why, abbreviations, lemma, letters, numbers};

/// Endings behind an apostrophe: `USA's`, `tv'et`, `1990'erne`.
const APOSTROPHE_ENDINGS: &[&str] = &[
    "s", "et", "en", "er", "erne", "ets", "ens", "ernes", "ere", "ene", "e", "erens", "",
];

/// The forms of a written word.
pub(super) fn forms(model: &Model<'_>, written: &str) -> Forms {
    let exact = letters::exact(written);
    let (mut main, why, parts) = main_and_parts(model, written, &exact);
    if main.is_empty() {
        // Nothing but accents.
        main = exact.as_str().into();
    }
    let parts = parts
        .into_iter()
        .filter(|p| p.term != main && !p.term.is_empty())
        .collect();
    Forms {
        exact: exact.into(),
        main,
        parts,
        why,
    }
}

fn main_and_parts(model: &Model<'_>, written: &str, exact: &str) -> (Box<str>, Why, Vec<Part>) {
    if let Some(number) = numbers::main(exact) {
        return (number.into(), Why::Number, Vec::new());
    }
    if let Some(word) = abbreviations::meaning(exact) {
        let (main, _) = lemma::lemma(model, word);
        return (main.into(), Why::Abbreviation, Vec::new());
    }
    let exact = exact.strip_suffix('.').unwrap_or(exact);
    let bare = without_apostrophe(exact);
    if bare.contains('-') {
        return hyphenated(model, bare);
    }
    // USAs, FNs: a genitive without its apostrophe.
    let acronym = written
        .strip_suffix('s')
        .filter(|w| w.chars().count() > 1 && w.chars().all(char::is_uppercase));
    let bare = if acronym.is_some() {
        &bare[..bare.len() - 1]
    } else {
        bare
    };
    plain(model, bare)
}

/// The word before an apostrophe and an ending.
fn without_apostrophe(exact: &str) -> &str {
    match exact.rsplit_once('\'') {
        Some((word, ending)) if !word.is_empty() && APOSTROPHE_ENDINGS.contains(&ending) => word,
        _ => exact,
    }
}

/// A word of letters only, as a rule.
fn plain(model: &Model<'_>, word: &str) -> (Box<str>, Why, Vec<Part>) {
    let word = letters::danish(word);
    let (token, why) = token(model, &word);
    (token.into(), why, Vec::new())
}

/// The main token of a word with Danish letters.
fn token(model: &Model<'_>, word: &str) -> (String, Why) {
    let word = if word.contains("aa") {
        letters::fold_aa(word)
    } else {
        word.to_owned()
    };
    let (mut token, why) = lemma::lemma(model, &word);
    if token.contains("aa") {
        token = letters::fold_aa(&token);
    }
    token.truncate(token.floor_char_boundary(MAX_TERM_BYTES));
    (token, why)
}

/// `EU-topmøde`: the token of the joined word; the pieces and what they hold are its parts.
fn hyphenated(model: &Model<'_>, word: &str) -> (Box<str>, Why, Vec<Part>) {
    let mut parts = Vec::new();
    let mut at = 0u32;
    for piece in word.split('-') {
        let len = piece.chars().count() as u32;
        if !piece.is_empty() {
            let (main, _, inner) = match numbers::main(piece) {
                Some(number) => (number.into(), Why::Number, Vec::new()),
                None => plain(model, without_apostrophe(piece)),
            };
            parts.push(Part {
                term: main,
                chars: (at, at + len),
            });
            parts.extend(inner.into_iter().map(|p| Part {
                term: p.term,
                chars: (p.chars.0 + at, p.chars.1 + at),
            }));
        }
        at += len + 1;
    }
    let joined = word.replace('-', "");
    let (main, _, _) = plain(model, &joined);
    (main, Why::Hyphen, parts)
}
