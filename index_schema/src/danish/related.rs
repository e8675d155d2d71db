//! Words made from a word: the verb of a noun on -else or -ning, and the nouns of a verb.
//!
//! They are other words and have main tokens of their own. Who asks for *oversvømmelse* wants the dispatch that says
//! *oversvømmede*, too, only further down; so a query looks for them, and no index knows of it.

use super::model::Model;
use super::spelled::{Run, is_vowel};

/// Shortest noun, in letters: of shorter ones (*stilling*, *regning*, *værelse*) most mean something else than their verb.
const MIN_NOUN: usize = 9;
/// Shortest verb, by its main token.
const MIN_VERB: usize = 6;

/// Nouns that mean something else than their verb says, by main token: an *erstatning* replaces nothing, and *oplyser
/// politiet* is said of everything.
const APART: &[&str] = &[
    "afdeling",
    "anledning",
    "befolkning",
    "bestyrels",
    "betydning",
    "erstatning",
    "foranstaltning",
    "forbindels",
    "forestilling",
    "forfatning",
    "forretning",
    "forsikring",
    "forventning",
    "henvendels",
    "indstilling",
    "meddelels",
    "oplysning",
    "strækning",
    "størrels",
];

/// The main tokens of the words made from a word, or that it is made from.
pub(super) fn related(model: &Model<'_>, main: &str) -> Vec<Box<str>> {
    let letters = main.chars().count();
    if APART.contains(&main) || !main.chars().all(char::is_alphabetic) {
        return Vec::new();
    }
    for ending in ["els", "ning", "ing"] {
        if let Some(stem) = main.strip_suffix(ending) {
            return match letters {
                MIN_NOUN.. => vec![without_double(stem).into()],
                _ => Vec::new(),
            };
        }
    }
    if letters < MIN_VERB {
        return Vec::new();
    }
    let doubled = doubled(main);
    let stems = [Some(main), doubled.as_deref()];
    let nouns = |of: fn(&Model<'_>, &str) -> bool| -> Vec<Box<str>> {
        let mut nouns = Vec::new();
        for stem in stems.into_iter().flatten() {
            for ending in ["els", "ning", "ing"] {
                let noun = format!("{stem}{ending}");
                if !APART.contains(&noun.as_str()) && of(model, &noun) {
                    nouns.push(noun.into());
                }
            }
        }
        nouns
    };
    let known = ["", "e", "er", "et", "en"]
        .iter()
        .any(|e| model.facts.form(Run::of(main).then_all(e)).is_some());
    let seen = nouns(is_seen);
    if known || !seen.is_empty() {
        return seen;
    }
    // Of a word that no list has, the noun is in none either.
    nouns(|_, noun| noun.ends_with("ning"))
}

/// Whether a noun on -else or -ing is seen in any form.
fn is_seen(model: &Model<'_>, noun: &str) -> bool {
    let run = Run::of(noun);
    ["e", "en", "er", "erne", ""]
        .iter()
        .any(|e| model.facts.form(run.then_all(e)).is_some())
}

/// *oversvømm* → *oversvøm*.
fn without_double(stem: &str) -> &str {
    let mut letters = stem.chars().rev();
    match (letters.next(), letters.next()) {
        (Some(a), Some(b)) if a == b && !is_vowel(a) => &stem[..stem.len() - a.len_utf8()],
        _ => stem,
    }
}

/// *oversvøm* → *oversvømm*, where a short vowel may have it.
fn doubled(stem: &str) -> Option<String> {
    let mut letters = stem.chars().rev();
    let (last, before) = (letters.next()?, letters.next()?);
    (last.is_ascii_alphabetic() && !is_vowel(last) && is_vowel(before))
        .then(|| format!("{stem}{last}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(main: &str) -> Vec<String> {
        let related = related(&Model::shipped(), main);
        related.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_noun_knows_its_verb_and_the_verb_its_noun() {
        assert_eq!(of("oversvømmels"), ["oversvøm"]);
        assert_eq!(of("oversvøm"), ["oversvømmels"]);
        assert_eq!(of("overtag"), ["overtagels"]);
        assert_eq!(of("hvidvaskning"), ["hvidvask"]);
        assert!(of("hvidvask").contains(&"hvidvaskning".to_owned()));
    }

    #[test]
    fn short_nouns_and_those_with_a_meaning_of_their_own_stand_alone() {
        for main in [
            "stilling",
            "regering",
            "oplysning",
            "oplys",
            "minister",
            "2017",
            "",
        ] {
            assert_eq!(of(main), [""; 0], "{main}");
        }
    }
}
