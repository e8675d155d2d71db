//! The rules that a word may have been made by.

use crate::danish::facts::{FormFacts, LemmaFacts};
use crate::danish::lemma::single;
use crate::danish::model::Model;
use crate::danish::spelled::{Run, Spelled, is_vowel};
use crate::danish::suffixes::{MAX_WAYS, Rule, Way};

/// A rule, the lemma that it makes of the word, and what is known of that.
#[derive(Clone, Copy)]
pub(super) struct Possible<'m> {
    pub(super) way: Way,
    pub(super) rule: Rule<'m>,
    pub(super) lemma: Run,
    pub(super) facts: LemmaFacts,
    /// The lemma as a form seen in text.
    pub(super) form: Option<FormFacts>,
}

/// The cost of a rule that a word's ending hardly allows.
const UNLIKELY: u8 = 80;

/// The possible rules of a word, likeliest first.
pub(super) fn possible<'m>(model: &Model<'m>, word: &Spelled) -> Vec<Possible<'m>> {
    let n = word.len();
    let mut possible: Vec<Possible<'m>> = Vec::with_capacity(MAX_WAYS);
    // A word may be its own lemma, whatever its ending says, if texts have it: konsekvens, though lovens is a genitive.
    let is_seen = model.facts.form(word.run(0, n)).is_some();
    let itself = || {
        let rule = model.suffixes.itself()?;
        let cost = UNLIKELY;
        Some(Way { rule, cost })
    };
    let itself = is_seen.then(itself).flatten();
    for way in model.suffixes.ways(word).take(MAX_WAYS).chain(itself) {
        let Some(rule) = model.suffixes.rule(way.rule) else {
            continue;
        };
        if rule.cut > n || n - rule.cut < 2 {
            continue;
        }
        let rule = single(model, word, rule);
        // A likelier rule may make the same.
        if !is_possible(word, rule) || possible.iter().any(|p| p.rule == rule) {
            continue;
        }
        let lemma = word.run(0, n - rule.cut).then_all(rule.add);
        let facts = model.facts.lemma(lemma);
        let form = model.facts.form(lemma);
        // skrev, skrive: only of a word that something speaks for, or Kiev would be made kiiv
        if changes_vowel(rule) && facts == LemmaFacts::default() && form.is_none() {
            continue;
        }
        // only names keep an -e, and stressed ones: fine, seen in text and no name, is a form of fin, but ideen tells of ide
        if rule.cut == 0
            && rule.add.is_empty()
            && word.letters().ends_with(&['e'])
            && form.is_some_and(|f| !f.is_name())
            && model.facts.form(lemma.then_all("en")).is_none()
        {
            continue;
        }
        possible.push(Possible {
            way,
            rule,
            lemma,
            facts,
            form,
        });
    }
    possible
}

/// Whether a rule puts another vowel in a word, as strong verbs have it, and not just a dropped -e- or a Latin -um.
fn changes_vowel(rule: Rule<'_>) -> bool {
    let first = rule.add.chars().next();
    rule.cut > 0 && first.is_some_and(|c| is_vowel(c) && !matches!(c, 'e' | 'u'))
}

/// Whether what a rule makes of a word can be its token: *tjene* is not *tj*, and only behind a consonant is the vowel
/// of -el dropped.
fn is_possible(word: &Spelled, rule: Rule<'_>) -> bool {
    let kept = &word.letters()[..word.len() - rule.cut];
    if matches!(rule.add, "l" | "n" | "r") && kept.last().copied().is_some_and(is_vowel) {
        return false;
    }
    rule.cut == 0 || kept.iter().copied().chain(rule.add.chars()).any(is_vowel)
}
