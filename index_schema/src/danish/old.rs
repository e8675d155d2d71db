//! Spelling before 1948 and near it: kj, gj, ei, øi, ph.

use super::entry::Entry;
use super::model::Model;
use super::spelled::Run;

/// What was written, and what is written now.
const CHANGES: &[(&str, &str)] = &[
    ("kjø", "kø"),
    ("kjæ", "kæ"),
    ("kje", "ke"),
    ("gjæ", "gæ"),
    ("gjø", "gø"),
    ("gje", "ge"),
    ("skjø", "skø"),
    ("ei", "ej"),
    ("øi", "øj"),
    ("ph", "f"),
    ("ie", "i"),
];

/// The modern spelling of a word that is unknown as it stands, and known with it.
pub(super) fn modern(model: &Model<'_>, word: &str) -> Option<String> {
    if !looks_old(word) || known(model, word) {
        return None;
    }
    let mut all = word.to_owned();
    for (old, new) in CHANGES {
        if all.contains(old) {
            all = all.replace(old, new);
            if known(model, &all) {
                return Some(all);
            }
        }
    }
    None
}

/// Whether a word has the two letters that an old spelling is known by.
fn looks_old(word: &str) -> bool {
    // The second byte of ø is enough: of what else ends on it no change below is found.
    let old = |pair: &[u8]| {
        matches!(
            pair,
            [b'k' | b'g', b'j'] | [b'e' | 0xB8, b'i'] | [b'p', b'h'] | [b'i', b'e']
        )
    };
    word.as_bytes().windows(2).any(old)
}

fn known(model: &Model<'_>, word: &str) -> bool {
    Entry::find(&model.lexicon, word).is_some() || model.facts.form(Run::of(word)).is_some()
}
