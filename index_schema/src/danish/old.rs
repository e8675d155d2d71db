//! Spelling before 1948 and near it: kj, gj, ei, øi, ph.

use super::lemma::Entry;
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
    if !CHANGES.iter().any(|(old, _)| word.contains(old)) || known(model, word) {
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

fn known(model: &Model<'_>, word: &str) -> bool {
    Entry::find(&model.lexicon, word).is_some() || model.facts.form(Run::of(word)).is_some()
}
