//! What a word ends and begins with: other words, prefixes.

use super::choose;
use crate::danish::entry::Entry;
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
            // letbanetog: the train, not what somebody took
            match Readings::of_end(&model.lexicon, word, at) {
                Some(readings) if readings.noun().is_some() => entry.rule = readings.rule(),
                None if entry.marks & Entry::VERB != 0 => continue,
                _ => {}
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
