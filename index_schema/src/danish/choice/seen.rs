//! Which other forms of a possible lemma are seen in text.

use super::numbers::{CLASSES, SIGNS};
use crate::danish::facts::{LemmaFacts, log};
use crate::danish::model::Model;
use crate::danish::spelled::{Ending, Run, Spelled, is_vowel};
use crate::danish::suffixes::Rule;

/// Endings whose being seen on a lemma speaks for or against it.
const SEEN: [Ending; 26] = Ending::all([
    "", "e", "en", "et", "er", "erne", "ene", "s", "n", "t", "r", "rne", "ede", "te", "des",
    "ende", "ens", "ets", "ere", "est", "ing", "ne", "ernes", "t", "rs", "es",
]);
/// The same on the lemma with its last consonant doubled.
const DOUBLED: [Ending; 6] = Ending::all(["e", "en", "et", "er", "ede", "ene"]);
/// The same on the lemma without its last -e.
const SHORTER: [Ending; 6] = Ending::all(["", "et", "en", "s", "ets", "sk"]);

/// Signs of forms.
pub(super) const FORMS: usize = SEEN.len() + DOUBLED.len() + SHORTER.len();

/// Which other forms of a possible lemma are seen.
pub(super) fn seen(
    model: &Model<'_>,
    word: &Spelled,
    rule: Rule<'_>,
    (lemma, facts): (Run, LemmaFacts),
    mut sign: impl FnMut(usize, f32),
) {
    let whole = word.run(0, word.len());
    let mut test = |first: usize, run: Run, endings: &[Ending]| {
        if !model.facts.may_begin(run) {
            return;
        }
        for (i, ending) in endings.iter().enumerate() {
            let run = run.then_ending(*ending);
            if run == whole {
                continue;
            }
            if let Some(form) = model.facts.form(run) {
                sign(first + i, 0.5 + 0.25 * log(form.count));
            }
        }
    };
    test(0, lemma, &SEEN);
    let kept = word.len() - rule.cut;
    let mut tail = rule.add.chars();
    let last = tail.next_back().unwrap_or(word.letters()[kept - 1]);
    let before = tail.next_back().or_else(|| {
        if rule.add.is_empty() {
            kept.checked_sub(2)
        } else {
            kept.checked_sub(1)
        }
        .map(|i| word.letters()[i])
    });
    if !is_vowel(last) && before.is_some_and(is_vowel) {
        test(SEEN.len(), lemma.then(last), &DOUBLED);
    }
    if last == 'e' {
        // The lemma without its -e is either a run of the word, or of the word and all but the end of the ending.
        let shorter = if rule.add.is_empty() {
            word.run(0, kept - 1)
        } else {
            word.run(0, kept).then_all(&rule.add[..rule.add.len() - 1])
        };
        test(SEEN.len() + DOUBLED.len(), shorter, &SHORTER);
    }
    sign(SIGNS - 3, log(facts.soft));
    sign(SIGNS - 1, 1.0);
    for class in 0..CLASSES {
        if facts.classes & (1 << class) != 0 {
            sign(SIGNS - 4 - class, 1.0);
        }
    }
}
