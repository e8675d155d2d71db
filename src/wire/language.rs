//! The language of a text whose wire does not name it.

use whatlang::{Detector, Lang};

/// Fewest letters on which a guess is worth anything.
const FEWEST_LETTERS: usize = 40;
/// How much of a text is looked at.
const MOST_CHARS: usize = 800;
/// So many small words that only Danish has, and none of Norwegian so far: what follows changes nothing.
const SURELY_DANISH: usize = 4;
/// Least confidence of the detector, from 0 to 1.
const LEAST_CONFIDENCE: f64 = 0.2;

/// Small words that Danish has and Norwegian writes otherwise.
const DANISH: [&str; 27] = [
    "af", "efter", "blev", "bliver", "blevet", "siger", "mere", "nu", "ud", "uge", "sig", "mig",
    "dig", "hvad", "oplyser", "mellem", "gør", "gik", "havde", "noget", "nogle", "op", "ind",
    "nogen", "uden", "igen", "sagde",
];
/// Small words that Norwegian (bokmål) has and Danish writes otherwise.
const NORWEGIAN: [&str; 23] = [
    "av", "etter", "ble", "blir", "blitt", "sier", "mer", "ut", "uke", "seg", "meg", "deg", "hva",
    "opplyser", "mellom", "mye", "gjør", "hadde", "noe", "noen", "opp", "uten", "igjen",
];

/// Those that Swedish, English and German do not have either.
const DANISH_ONLY: [Small; 31] = small([
    "af", "bliver", "siger", "hvad", "oplyser", "mellem", "gør", "gik", "havde", "noget", "nogle",
    "uden", "igen", "sagde", "imod", "vores", "sidste", "næste", "fået", "gået", "op", "ind", "ud",
    "gennem", "andet", "måske", "endnu", "hendes", "uge", "uger", "ugen",
]);
const NORWEGIAN_ONLY: [Small; 23] = small(NORWEGIAN);
/// Small words that every longer text in Danish or Norwegian has.
const SCANDINAVIAN: [Small; 4] = small(["og", "ikke", "er", "det"]);

/// The bytes of a word of at most eight as one number, so that a text's words are compared with a whole list at once.
type Small = u64;

/// For each bucket whether a word of the three lists is in it: most words of a text are in none.
const TELLING: [bool; BUCKETS] = {
    let mut telling = [false; BUCKETS];
    let lists: [&[Small]; 3] = [&DANISH_ONLY, &NORWEGIAN_ONLY, &SCANDINAVIAN];
    let mut list = 0;
    while list < lists.len() {
        let mut at = 0;
        while at < lists[list].len() {
            telling[bucket(lists[list][at])] = true;
            at += 1;
        }
        list += 1;
    }
    telling
};
const BUCKETS: usize = 1 << 10;

const fn bucket(word: Small) -> usize {
    (word.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 54) as usize
}

/// A word in small letters as a number; none if it is longer than any small word.
const fn small_word(word: &[u8]) -> Option<Small> {
    if word.len() > 8 {
        return None;
    }
    let mut bytes = [0; 8];
    let mut at = 0;
    while at < word.len() {
        bytes[at] = word[at].to_ascii_lowercase();
        at += 1;
    }
    Some(u64::from_le_bytes(bytes))
}

const fn small<const N: usize>(words: [&str; N]) -> [Small; N] {
    let mut small = [0; N];
    let mut at = 0;
    while at < N {
        small[at] = match small_word(words[at].as_bytes()) {
            Some(word) => word,
            None => panic!("no small word"),
        };
        at += 1;
    }
    small
}

/// Detects Danish, Norwegian, Swedish, English or German; `None` for a short text or one that is none of them plainly.
///
/// The detector's letter groups cannot tell Danish from Norwegian in a few lines; the small words that the two spell
/// differently can.
pub(super) fn detect(text: &str) -> Option<String> {
    let end = text.char_indices().nth(MOST_CHARS).map(|(end, _)| end);
    let sample = &text[..end.unwrap_or(text.len())];
    match look(sample) {
        Look::Danish => return Some("da".to_owned()),
        Look::Unclear => return None,
        Look::Ours => {}
    }
    let detector =
        Detector::with_allowlist(vec![Lang::Dan, Lang::Nob, Lang::Swe, Lang::Eng, Lang::Deu]);
    let info = detector.detect(sample)?;
    let tag = match info.lang() {
        Lang::Dan | Lang::Nob => return danish_or_norwegian(sample).map(str::to_owned),
        _ if info.confidence() < LEAST_CONFIDENCE => return None,
        Lang::Swe => "sv",
        Lang::Eng => "en",
        Lang::Deu => "de",
        _ => return None,
    };
    Some(tag.to_owned())
}

/// What a text seems to be at a first look.
enum Look {
    /// Danish, as small words alone show for most dispatches: comparing letter groups takes many times longer.
    Danish,
    /// Text in our letters.
    Ours,
    /// Too little, or a script other than ours, which is not "the least unlikely of five languages".
    Unclear,
}

fn look(text: &str) -> Look {
    let (mut letters, mut foreign) = (0, 0);
    let (mut danish, mut norwegian, mut scandinavian) = (0, false, false);
    for word in text.split(|c: char| !c.is_alphabetic()) {
        match word.is_ascii() {
            true => letters += word.len(),
            false => {
                letters += word.chars().count();
                foreign += word.chars().filter(|c| *c > '\u{24f}').count();
            }
        }
        let Some(small) = small_word(word.as_bytes()) else {
            continue;
        };
        if !TELLING[bucket(small)] {
            continue;
        }
        norwegian |= NORWEGIAN_ONLY.contains(&small);
        danish += usize::from(DANISH_ONLY.contains(&small));
        scandinavian |= SCANDINAVIAN.contains(&small);
        if danish >= SURELY_DANISH && scandinavian && !norwegian && letters >= FEWEST_LETTERS {
            return Look::Danish;
        }
    }
    if letters < FEWEST_LETTERS || foreign * 4 > letters {
        Look::Unclear
    } else if danish >= 2 && scandinavian && !norwegian {
        Look::Danish
    } else {
        Look::Ours
    }
}

/// The one with more small words of its own; `None` when they are even.
fn danish_or_norwegian(text: &str) -> Option<&'static str> {
    let (mut danish, mut norwegian) = (0, 0);
    for word in text.split(|c: char| !c.is_alphabetic()) {
        let word = word.to_lowercase();
        danish += usize::from(DANISH.contains(&word.as_str()));
        norwegian += usize::from(NORWEGIAN.contains(&word.as_str()));
    }
    match danish.cmp(&norwegian) {
        std::cmp::Ordering::Greater => Some("da"),
        std::cmp::Ordering::Less => Some("no"),
        std::cmp::Ordering::Equal => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_languages_of_the_wire_are_told_apart() {
        for (tag, text) in [
            (
                "da",
                "Regeringen har mandag indgået en aftale med støttepartierne om næste års finanslov, oplyser ministeren.",
            ),
            (
                "no",
                "Regjeringen har mandag inngått en avtale med støttepartiene om neste års statsbudsjett, opplyser statsråden.",
            ),
            (
                "sv",
                "Regeringen har på måndagen slutit en överenskommelse med stödpartierna om nästa års budget, säger ministern.",
            ),
            (
                "en",
                "The government has reached an agreement with its supporting parties on next year's budget, the minister says.",
            ),
            (
                "de",
                "Die Regierung hat sich am Montag mit den Partnern auf den Haushalt für das kommende Jahr geeinigt, sagt der Minister.",
            ),
        ] {
            assert_eq!(detect(text).as_deref(), Some(tag));
        }
    }

    #[test]
    fn two_lines_of_danish_are_not_taken_for_norwegian() {
        for text in [
            "Torskekvoten bliver halveret næste år, siger fiskeriministeren tirsdag.",
            "Æblehøsten på Lilleø er slået fejl for andet år i træk. Frosten i maj tog blomsterne af de fleste træer.",
        ] {
            assert_eq!(detect(text).as_deref(), Some("da"));
        }
    }

    #[test]
    fn norwegian_with_words_that_danish_has_too_is_not_taken_for_danish() {
        let text = "Selskapet har lidt store tap, og det kan hende at flere mister jobben.";
        assert_ne!(detect(text).as_deref(), Some("da"));
    }

    #[test]
    fn a_few_words_are_no_ground_for_a_guess() {
        assert_eq!(detect("Kort nyt fra Folketinget"), None);
        assert_eq!(detect(""), None);
        assert_eq!(detect(&"Москва ".repeat(40)), None);
    }
}
