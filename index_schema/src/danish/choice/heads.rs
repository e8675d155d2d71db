//! What a word ends and begins with: other words, prefixes.

use super::choose;
use crate::danish::entry::Entry;
use crate::danish::facts::{FormFacts, LemmaFacts};
use crate::danish::irregular::likely_left;
use crate::danish::lemma::stem;
use crate::danish::model::Model;
use crate::danish::readings::Readings;
use crate::danish::spelled::Spelled;
use crate::danish::suffixes::Rule;

/// The rules of the longest ends of a word that the lexicon knows: behind a likely first part, and behind anything.
pub(super) fn heads<'m>(
    model: &Model<'m>,
    word: &Spelled,
    ends: &[Option<Entry<'m>>],
) -> (Option<Rule<'m>>, Option<Rule<'m>>) {
    let n = word.len();
    let mut any = None;
    for (at, entry) in ends.iter().enumerate().take(n.saturating_sub(2)).skip(2) {
        let Some(mut entry) = *entry else {
            continue;
        };
        if entry.marks & Entry::PRESENT != 0 {
            // cigaretsælger: who sells them
            entry.rule = Rule { cut: 0, add: "" };
        } else {
            match rule_of_head(model, word, at, entry) {
                Some(rule) => entry.rule = rule,
                None => continue,
            }
        }
        if n - at >= 4 {
            any.get_or_insert(stem(model, word, entry.rule));
        }
        if likely_left(model, word, at) {
            return (Some(stem(model, word, entry.rule)), any);
        }
    }
    (None, any)
}

/// The rule of an end of a word as a head: the noun's, where the form is one too (*letbanetog*: the train, not what somebody
/// took). None of an irregular verb's form that is no other word.
fn rule_of_head<'m>(
    model: &Model<'m>,
    word: &Spelled,
    at: usize,
    entry: Entry<'m>,
) -> Option<Rule<'m>> {
    match Readings::of_end(&model.lexicon, word, at) {
        Some(readings) if readings.noun().is_some() => Some(readings.rule()),
        None if entry.marks & Entry::VERB != 0 => None,
        _ => Some(entry.rule),
    }
}

/// Letters of a noun that a compound surely ends with.
const NOUN: usize = 5;
/// Letters of its token.
const TOKEN: usize = 4;
/// Letters before it; of a word that texts have, the other forms may tell more: *kommoder* is neither *kom* nor *moder*.
const BEFORE: [usize; 2] = [3, 5];

/// Endings of nouns.
const ENDINGS: [&str; 6] = ["s", "en", "et", "er", "erne", "ene"];

/// The rule of the noun that a compound surely ends with: known, of some length, and behind a likely first part.
///
/// It makes the token of the compound from the token of its head (*klimaministrene*: *klima* and *minister*), for all
/// forms alike.
pub(in crate::danish) fn known_noun<'m>(
    model: &Model<'m>,
    word: &Spelled,
    ends: &[Option<Entry<'m>>],
) -> Option<Rule<'m>> {
    let n = word.len();
    let seen = |from: usize, to: usize| model.facts.form(word.run(from, to)).is_some();
    // bureaukrater: what is a form of a word that texts have is not put together anew
    let inflected = |end: &&str| {
        let to = n.saturating_sub(end.len());
        let letters = word.letters()[to..].iter().copied();
        to > NOUN && letters.eq(end.chars()) && seen(0, to)
    };
    if ENDINGS.iter().any(inflected) {
        return None;
    }
    let before = BEFORE[usize::from(seen(0, n))];
    let nouns = ends.iter().enumerate().skip(before);
    for (at, entry) in nouns.take((n + 1).saturating_sub(before + NOUN)) {
        let Some(entry) = *entry else {
            // citronsaften: a longer end that texts have is the likelier one
            if seen(at, n) && likely_left(model, word, at) {
                return None;
            }
            continue;
        };
        if entry.marks & Entry::PRESENT != 0 {
            return None;
        }
        let Some(rule) = rule_of_head(model, word, at, entry) else {
            continue;
        };
        let kept = n - rule.cut.min(n);
        let token = word.run(at.min(kept), kept).then_all(rule.add);
        let form = model.facts.form(word.run(at, n)).unwrap_or_default();
        let is_noun = form.marks & FormFacts::CLASS == FormFacts::NOUN
            || entry.marks & (Entry::IRREGULAR | Entry::VERB) == Entry::IRREGULAR
            || model.facts.lemma(token).classes & LemmaFacts::NOUN != 0;
        let is_long = kept + rule.add.chars().count() >= at + TOKEN;
        let no_part = form.marks & (FormFacts::FUNCTION | FormFacts::SUFFIX) != 0;
        if is_noun && is_long && !no_part && likely_left(model, word, at) {
            return Some(stem(model, word, rule));
        }
    }
    None
}

/// The rule chosen for the longest end of a word that is seen in text behind a likely first part.
pub(super) fn seen_head<'m>(
    model: &Model<'m>,
    word: &Spelled,
    ends: &[Option<Entry<'m>>],
) -> Option<Rule<'m>> {
    let n = word.len();
    (2..n.saturating_sub(2)).find_map(|at| {
        model.facts.form(word.run(at, n))?;
        if at < 3 || !likely_left(model, word, at) {
            return None;
        }
        let head = Spelled::new(&word.text(at, n))?;
        choose(model, &head, &ends[at..], false)
    })
}

/// Prefixes that always stay with their verb, and those that can stand apart: who does it is rarely named after the first.
const PREFIXES: [&[&str]; 2] = [
    &["be", "for"],
    &["af", "an", "ind", "op", "over", "til", "ud", "under"],
];

/// Which kind of prefix a word begins with.
pub(super) fn prefix(word: &Spelled) -> Option<usize> {
    let begins = |prefix: &&str| {
        let letters = word.letters().iter().copied();
        word.len() > prefix.len() + 3 && letters.zip(prefix.chars()).all(|(a, b)| a == b)
    };
    PREFIXES.iter().position(|kind| kind.iter().any(begins))
}
