//! The language of a text whose wire does not name it.

use whatlang::{Detector, Lang};

/// Fewest letters on which a guess is worth anything.
const FEWEST_LETTERS: usize = 60;
/// How much of a text is looked at.
const MOST_CHARS: usize = 2000;
/// Least confidence of the detector, from 0 to 1; Danish against Norwegian is the close call.
const LEAST_CONFIDENCE: f64 = 0.1;

/// Detects Danish, Norwegian, Swedish, English or German; `None` for a short text or one that is none of them plainly.
pub(super) fn detect(text: &str) -> Option<String> {
    let sample: String = text.chars().take(MOST_CHARS).collect();
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    // a script other than ours is not "the least unlikely of five languages"
    let foreign = sample
        .chars()
        .filter(|c| c.is_alphabetic() && *c > '\u{24f}')
        .count();
    if letters < FEWEST_LETTERS || foreign * 4 > letters {
        return None;
    }
    let detector =
        Detector::with_allowlist(vec![Lang::Dan, Lang::Nob, Lang::Swe, Lang::Eng, Lang::Deu]);
    let info = detector.detect(&sample)?;
    if info.confidence() < LEAST_CONFIDENCE {
        return None;
    }
    let tag = match info.lang() {
        Lang::Dan => "da",
        Lang::Nob => "no",
        Lang::Swe => "sv",
        Lang::Eng => "en",
        Lang::Deu => "de",
        _ => return None,
    };
    Some(tag.to_owned())
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
    fn a_few_words_are_no_ground_for_a_guess() {
        assert_eq!(detect("Kort nyt fra Folketinget"), None);
        assert_eq!(detect(""), None);
        assert_eq!(detect(&"Москва ".repeat(40)), None);
    }
}
