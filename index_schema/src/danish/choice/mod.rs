//! The choice among suffix rules for a form that the lexicon does not have.
//!
//! A log-linear model over signs: how likely the rule is behind the word's last letters, which other forms of the lemma
//! that it makes are seen in text, and what the lexicon says of the lemma and of the word's end.

mod heads;
mod numbers;
mod possible;
mod seen;

use super::entry::Entry;
use super::facts::log;
use super::irregular::ends;
use super::model::Model;
use super::signs::{Signs, Weighed};
use super::spelled::Spelled;
use super::suffixes::Rule;
pub(super) use heads::known_noun;
use heads::{heads, prefix, seen_head};
use numbers::{CLASSES, GENERAL, SIGNS, SUPPORT_SIGN};
pub use numbers::{renumber, weight_count, weights_for};
use possible::{Possible, possible};
use seen::seen;

/// A possible lemma of a word, with what speaks for it.
#[derive(Debug)]
pub struct Candidate<'m, S> {
    /// The rule that makes it.
    pub rule: Rule<'m>,
    /// What speaks for it but its support.
    pub signs: S,
    /// Logarithm of the number of seen forms that speak for the lemma.
    pub support: f32,
    /// The weight of the support among those of the rule.
    own: u16,
}

impl<S> Candidate<'_, S> {
    /// The support as signs: of any rule, and of this one.
    pub fn support_signs(&self) -> [(u16, f32); 2] {
        [(SUPPORT_SIGN, self.support), (self.own, self.support)]
    }
}

impl Candidate<'_, Vec<(u16, f32)>> {
    /// How much speaks for the candidate, the support of its lemma left aside.
    pub fn score(&self, model: &Model<'_>) -> f32 {
        let signs = self.signs.iter();
        signs
            .map(|&(n, x)| model.lemma_weights.get(usize::from(n)) * x)
            .sum()
    }
}

/// How much the support of a lemma counts while the forms of the vocabulary are brought to agree; used by the trainer.
pub const SUPPORT: f32 = 2.5;

/// The rule whose result is likeliest.
pub(super) fn choose<'m>(
    model: &Model<'m>,
    word: &Spelled,
    ends: &[Option<Entry<'m>>],
    deep: bool,
) -> Option<Rule<'m>> {
    let possible = possible(model, word);
    if let [only] = possible.as_slice() {
        return Some(only.rule);
    }
    let mut best: Option<(f32, Rule<'m>)> = None;
    let weighed = Weighed::by(model.lemma_weights);
    weigh(model, word, &possible, ends, deep, weighed, |candidate| {
        let weights = |(n, x)| model.lemma_weights.get(usize::from(n)) * x;
        let support: f32 = candidate.support_signs().map(weights).iter().sum();
        let score = candidate.signs.sum() + support;
        if best.is_none_or(|(top, _)| score > top) {
            best = Some((score, candidate.rule));
        }
    });
    best.map(|(_, rule)| rule)
}

/// Hands over the possible lemmas of a word, likeliest rule first; used by the trainer.
pub fn candidates<'m>(
    model: &Model<'m>,
    word: &Spelled,
    each: impl FnMut(&Candidate<'m, Vec<(u16, f32)>>),
) {
    let possible = possible(model, word);
    let signs = Vec::with_capacity(64);
    weigh(
        model,
        word,
        &possible,
        &ends(model, word),
        true,
        signs,
        each,
    );
}

/// Hands over each possible rule with what speaks for it.
fn weigh<'m, S: Signs>(
    model: &Model<'m>,
    word: &Spelled,
    possible: &[Possible<'m>],
    ends: &[Option<Entry<'m>>],
    deep: bool,
    signs: S,
    mut each: impl FnMut(&Candidate<'m, S>),
) {
    let n = word.len();
    let (safe_head, any_head) = heads(model, word, ends);
    let seen_head = if deep && safe_head.is_none() {
        seen_head(model, word, ends)
    } else {
        None
    };
    let genitive = (n > 3 && word.letters()[n - 1] == 's')
        .then(|| Entry::find_run(model, word, 0, n - 1))
        .flatten();
    let mut candidate = Candidate {
        rule: Rule { cut: 0, add: "" },
        signs,
        support: 0.0,
        own: 0,
    };
    let prefix = prefix(word);
    for possible in possible {
        let Possible {
            way,
            rule,
            lemma,
            facts,
            form,
        } = *possible;
        candidate.rule = rule;
        candidate.support = log(facts.hard);
        candidate.signs.clear();
        let mut sign = |number: usize, value: f32| candidate.signs.add(number, value);
        sign(0, -f32::from(way.cost) / 16.0);
        sign(1, log(facts.soft));
        let mut is_name = false;
        if facts.lexicon > 0 {
            sign(3, 1.0);
            sign(4, log(facts.lexicon));
        }
        match form {
            Some(form) => {
                sign(5, log(form.count));
                is_name = form.is_name();
                if is_name {
                    sign(6, 1.0);
                }
            }
            None => sign(7, 1.0),
        }
        for (head, at) in [(safe_head, 8), (any_head, 10)] {
            if let Some(head) = head {
                sign(if head == rule { at } else { at + 1 }, 1.0);
            }
        }
        if let Some(entry) = genitive {
            let same = rule.cut == entry.rule.cut + 1 && rule.add == entry.rule.add;
            sign(if same { 12 } else { 13 }, 1.0);
        }
        if let Some(head) = seen_head {
            sign(if head == rule { 16 } else { 17 }, 1.0);
        }
        if rule.cut == 0 && rule.add.is_empty() {
            sign(14, 1.0);
            sign(15, (n as f32) / 10.0);
        }
        let own = usize::from(way.rule) + 1;
        let of_rule = GENERAL + SIGNS * own + SIGNS - 4 - CLASSES;
        if is_name {
            sign(of_rule, 1.0);
        }
        if let Some(kind) = prefix {
            sign(of_rule - 1 - kind, 1.0);
        }
        seen(model, word, rule, (lemma, facts), |number, value| {
            sign(GENERAL + number, value);
            sign(GENERAL + SIGNS * own + number, value);
        });
        candidate.own = (GENERAL + SIGNS * own + SIGNS - 2) as u16;
        each(&candidate);
    }
}
