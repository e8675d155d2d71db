//! Names by their first letters: *KL* is no *kl.*, *LO* no laughter, *ISS* no ice.

use super::model::Model;
use super::spelled::Run;
use super::{abbreviations, letters};

/// Most letters of one. Longer words in capitals are most often those of a headline in capitals, and inflected as ever.
const MOST: usize = 3;

/// A form that is told more often than this many times, as [`quantise`](super::facts::quantise) has it, may be meant in capitals, too.
const FREQUENT: u8 = 55;

/// Whether a word of a query, written as it is, asks for such a name and nothing else: *LO* does, but the *GÅR* of a headline
/// in capitals is *går*.
pub fn is_only_acronym(written: &str) -> bool {
    let small = acronym(written).map(letters::exact);
    small.is_some_and(|small| {
        let form = Model::shipped()
            .facts
            .form(Run::of(&letters::danish(&small)));
        let is_frequent = form.is_some_and(|form| form.count > FREQUENT);
        !is_frequent || abbreviations::meaning(&small).is_some()
    })
}

/// The letters of a name that is written so, without the ending of a genitive: *KL*, *KLs*, *KL's*.
pub(super) fn acronym(written: &str) -> Option<&str> {
    let name = written.split(['\'', '\u{2019}']).next()?;
    [Some(name), name.strip_suffix('s')]
        .into_iter()
        .flatten()
        .find(|name| {
            let letters = name.chars().take(MOST + 1).count();
            (2..=MOST).contains(&letters) && name.chars().all(char::is_uppercase)
        })
}

/// The main token of one, by its exact form: its letters, whatever word they spell.
pub(super) fn token(exact: &str) -> String {
    letters::fold_aa(&letters::danish(exact))
}

/// The main token of a word typed in small letters, if it may be one.
pub(super) fn typed_small(exact: &str) -> Option<String> {
    let is_word = exact.chars().all(char::is_alphabetic);
    let letters = exact.chars().take(MOST + 1).count();
    ((2..=MOST).contains(&letters) && is_word).then(|| token(exact))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_capitals_are_a_name() {
        for (written, only) in [("KL", true), ("LO's", true), ("GÅR", false), ("går", false)] {
            assert_eq!(is_only_acronym(written), only, "{written}");
        }
        for (written, name) in [
            ("KL", Some("KL")),
            ("LOs", Some("LO")),
            ("ISS'", Some("ISS")),
            ("USA’s", Some("USA")),
            ("ØMU", Some("ØMU")),
            ("Lo", None),
            ("lo", None),
            ("I", None),
            ("MÆND", None),
            ("F16", None),
            ("", None),
        ] {
            assert_eq!(acronym(written), name, "{written}");
        }
    }
}
