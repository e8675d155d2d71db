//! Names by their first letters: *KL* is no *kl.*, *LO* no laughter, *ISS* no ice.

use super::forms::APOSTROPHE_ENDINGS;
use super::model::Model;
use super::spelled::Run;
use super::{abbreviations, letters};

/// Most letters of one. Longer words in capitals are most often those of a headline in capitals, and inflected as ever.
const MOST: usize = 3;

/// What is seen more often than this in small letters, as [`quantise`](super::facts::quantise) has it, is that word in capitals,
/// too: *LO* is hardly what somebody did who laughed, but the *GÅR* of a headline in capitals is *går*.
const FREQUENT: u8 = 46;

/// Abbreviations that are names in capitals; the others are what they stand for (*5 PCT.*).
const ABBREVIATIONS: [&str; 1] = ["kl"];

/// The letters of a name that is written so, without the ending of a genitive: *KL*, *KLs*, *KL's*.
pub(super) fn acronym<'w>(model: &Model<'_>, written: &'w str) -> Option<&'w str> {
    let name = match written.split_once(['\'', '\u{2019}']) {
        Some((name, ending)) if ending == "S" || APOSTROPHE_ENDINGS.contains(&ending) => name,
        Some(_) => return None,
        None => written,
    };
    let looks_so = |name: &&str| {
        let letters = name.chars().take(MOST + 1).count();
        (2..=MOST).contains(&letters) && name.chars().all(char::is_uppercase)
    };
    let names = [Some(name), name.strip_suffix('s')];
    let name = names.into_iter().flatten().find(looks_so)?;
    let small = letters::exact(name);
    let is_word = match abbreviations::meaning(&small) {
        Some(_) => !ABBREVIATIONS.contains(&&*small),
        None => {
            let form = model.facts.form(Run::of(&letters::danish(&small)));
            form.is_some_and(|form| form.count > FREQUENT)
        }
    };
    (!is_word).then_some(name)
}

/// The main token of one: its letters, whatever word they spell.
pub(super) fn token(name: &str) -> String {
    letters::fold_aa(&letters::danish(&letters::exact(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_capitals_are_a_name() {
        for (written, name) in [
            ("KL", Some("KL")),
            ("LOs", Some("LO")),
            ("ISS'", Some("ISS")),
            ("FOA’s", Some("FOA")),
            ("FOA'S", Some("FOA")),
            ("ØMU", Some("ØMU")),
            ("Lo", None),
            ("lo", None),
            ("I", None),
            ("MÆND", None),
            ("GÅR", None),
            ("PCT", None),
            ("F16", None),
            ("SHI'ITTER", None),
            ("", None),
        ] {
            assert_eq!(acronym(&Model::shipped(), written), name, "{written}");
        }
    }
}
