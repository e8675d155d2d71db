//! How a written word is compared letter by letter: truncated, or misspelt.

use index_schema::danish;
use unicode_normalization::UnicodeNormalization;

/// How many errors a misspelt word may have, any of its letters: left out, added, exchanged or swapped with its
/// neighbour.
pub fn errors_allowed(word: &str) -> u8 {
    match word.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    }
}

/// What the exact form of a word must look like.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Spelling {
    /// `*` for any letters, `?` for one.
    Pattern(Box<[char]>),
    /// At most so many errors away.
    Misspelt(Box<[char]>, usize),
}

/// Room for comparing, used again for each word.
#[derive(Debug, Default)]
pub(super) struct Room {
    word: Vec<char>,
    rows: [Vec<usize>; 3],
}

impl Spelling {
    pub(super) fn pattern(written: &str) -> Self {
        Self::Pattern(as_exact(written).collect())
    }

    pub(super) fn misspelt(written: &str) -> Self {
        let exact = match danish::ask(written).as_slice() {
            [asked] => asked.exact.to_string(),
            _ => as_exact(written).collect(),
        };
        let allowed = errors_allowed(&exact);
        Self::Misspelt(exact.chars().collect(), allowed.into())
    }

    /// Whether a written word's exact form may look like it: a glance at the first letters, without any analysis.
    pub(super) fn may_fit(&self, written: &str) -> bool {
        let Self::Pattern(pattern) = self else {
            return true;
        };
        let first = pattern.iter().take_while(|c| !matches!(c, '*' | '?'));
        for (i, &letter) in first.enumerate() {
            // other letters than these may be composed, or lose their case in ways of their own
            match written.as_bytes().get(i..i + 2) {
                Some([byte, next]) if letter.is_ascii() && byte.is_ascii() && next.is_ascii() => {
                    if letter != char::from(byte.to_ascii_lowercase()) {
                        return false;
                    }
                }
                _ => return true,
            }
        }
        true
    }

    /// Whether an exact form looks like it.
    pub(super) fn fits(&self, exact: &str, room: &mut Room) -> bool {
        room.word.clear();
        room.word.extend(exact.chars());
        match self {
            Self::Pattern(pattern) => fits_pattern(pattern, &room.word),
            Self::Misspelt(letters, allowed) => {
                errors_between(letters, &room.word, *allowed, &mut room.rows) <= *allowed
            }
        }
    }
}

/// The letters as the analyzer puts them into an exact form; `*` and `?` stay.
fn as_exact(written: &str) -> impl Iterator<Item = char> {
    written
        .nfc()
        .flat_map(char::to_lowercase)
        .nfc()
        .map(|c| if c == '\u{2019}' { '\'' } else { c })
}

/// The usual greedy walk: on a mismatch, the last star takes one letter more.
fn fits_pattern(pattern: &[char], word: &[char]) -> bool {
    let least = pattern.iter().filter(|&&c| c != '*').count();
    if least > word.len() {
        return false;
    }
    let (mut p, mut w) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while w < word.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, w));
                p += 1;
            }
            Some(&c) if c == '?' || c == word[w] => {
                p += 1;
                w += 1;
            }
            _ => {
                let Some((at, taken)) = star else {
                    return false;
                };
                star = Some((at, taken + 1));
                p = at + 1;
                w = taken + 1;
            }
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}

/// The errors between two words, up to `most`; one more than that if there are more.
pub(crate) fn errors(a: &str, b: &str, most: usize) -> usize {
    let letters = |word: &str| word.chars().collect::<Vec<_>>();
    errors_between(&letters(a), &letters(b), most, &mut Default::default())
}

/// Damerau-Levenshtein distance (optimal string alignment, as the engine's automata have it); gives up above `most`.
fn errors_between(a: &[char], b: &[char], most: usize, rows: &mut [Vec<usize>; 3]) -> usize {
    if a.len().abs_diff(b.len()) > most {
        return most + 1;
    }
    let [before, last, row] = rows;
    last.clear();
    last.extend(0..=b.len());
    before.clear();
    for (i, &x) in a.iter().enumerate() {
        row.clear();
        row.push(i + 1);
        let mut best = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let mut cost = (last[j] + usize::from(x != y))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                cost = cost.min(before[j - 1] + 1);
            }
            best = best.min(cost);
            row.push(cost);
        }
        if best > most {
            return most + 1;
        }
        std::mem::swap(before, last);
        std::mem::swap(last, row);
    }
    last[b.len()].min(most + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, word: &str) -> bool {
        Spelling::pattern(pattern).fits(word, &mut Room::default())
    }

    fn near(written: &str, word: &str) -> bool {
        Spelling::misspelt(written).fits(word, &mut Room::default())
    }

    #[test]
    fn a_star_stands_for_any_letters_and_a_question_mark_for_one() {
        for (pattern, word, expected) in [
            ("sundheds*", "sundhedsministeren", true),
            ("sundheds*", "sundhed", false),
            ("*minister", "statsminister", true),
            ("*minister", "ministeren", false),
            ("*mini*ren", "sundhedsministeren", true),
            ("m?n", "man", true),
            ("m?n", "mn", false),
            ("m?n", "maen", false),
            ("ØL*", "ølbrygger", true),
            ("*", "ord", true),
            ("a*b*c", "abbbc", true),
            ("a*b*c", "abbb", false),
            ("", "ord", false),
        ] {
            assert_eq!(fits(pattern, word), expected, "{pattern} {word}");
        }
    }

    #[test]
    fn a_glance_turns_away_no_word_that_fits() {
        for (pattern, word) in [
            ("sundheds*", "Sundhedsminister"),
            ("K?d", "KØD"),
            ("kød*", "kødet"),
            ("k*", "\u{212a}ød"),
            ("caf\u{e9}*", "cafe\u{301}er"),
            ("a", "A"),
            ("*x", "ax"),
        ] {
            assert!(Spelling::pattern(pattern).may_fit(word), "{pattern} {word}");
        }
        for (pattern, word) in [("sundheds*", "Sund og rask"), ("ab*", "aab")] {
            assert!(
                !Spelling::pattern(pattern).may_fit(word),
                "{pattern} {word}"
            );
        }
    }

    #[test]
    fn short_words_may_have_one_error_and_long_ones_two() {
        for (written, word, expected) in [
            ("landmyne", "landmine", true),
            ("landmnier", "landminer", true),
            ("lanmyne", "landmine", true),
            ("lanmyn", "landmine", false),
            ("krig", "krg", true),
            ("krig", "krgi", true),
            ("krig", "krage", false),
            ("eu", "eu", true),
            ("eu", "en", false),
            ("Ærø", "ærø", true),
        ] {
            assert_eq!(near(written, word), expected, "{written} {word}");
        }
    }

    proptest::proptest! {
        #[test]
        fn giving_up_early_changes_nothing(a in "[abæ]{0,7}", b in "[abæ]{0,7}") {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let mut rows = Default::default();
            let exact = errors_between(&a, &b, 100, &mut rows);
            for most in 0..3 {
                let bounded = errors_between(&a, &b, most, &mut rows);
                proptest::prop_assert_eq!(bounded <= most, exact <= most);
                if bounded <= most {
                    proptest::prop_assert_eq!(bounded, exact);
                }
            }
        }
    }
}
