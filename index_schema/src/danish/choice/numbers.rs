//! How the weights are numbered: those that every rule shares, then those of each rule.

use super::seen::FORMS;

/// Signs that depend on how a lemma's other forms are seen.
pub(super) const SIGNS: usize = FORMS + 3 + CLASSES + OF_RULE;
/// Word classes that the lexicon can have a lemma in.
pub(super) const CLASSES: usize = 4;
/// Signs that count only for a rule of its own: a lemma seen as a name, and the two kinds of prefix.
const OF_RULE: usize = 3;
/// Signs of other kinds.
pub(super) const GENERAL: usize = 20;
/// Number of the weight of a lemma's support.
pub(super) const SUPPORT_SIGN: u16 = 18;

/// How many weights a model with so many rules has.
pub const fn weight_count(rules: usize) -> usize {
    GENERAL + SIGNS * (rules + 1)
}

/// Brings the number of a weight from one numbering of the rules to another; used by the trainer.
pub fn renumber(number: u16, rules: &[Option<usize>]) -> Option<u16> {
    let number = usize::from(number);
    let Some(own) = number.checked_sub(GENERAL + SIGNS) else {
        return Some(number as u16);
    };
    let rule = (*rules.get(own / SIGNS)?)?;
    Some((GENERAL + SIGNS + rule * SIGNS + own % SIGNS) as u16)
}

/// The weights of the whole, for a part that numbers its rules differently; used by the trainer.
pub fn weights_for(whole: &[f32], rules: &[Option<usize>]) -> Vec<f32> {
    (0..weight_count(rules.len()))
        .map(|n| {
            renumber(n as u16, rules)
                .and_then(|n| whole.get(usize::from(n)))
                .copied()
                .unwrap_or(0.0)
        })
        .collect()
}
