//! The choice among suffix rules for a form that the lexicon does not have.
//!
//! A log-linear model over signs: how likely the rule is behind the word's last letters, which other forms of the lemma
//! that it makes are seen in text, and what the lexicon says of the lemma and of the word's end.

use super::entry::Entry;
use super::facts::{LemmaFacts, log};
use super::irregular::{ends, likely_left};
use super::lemma::{single, stem};
use super::model::Model;
use super::readings::Readings;
use super::spelled::{Ending, Run, Spelled, is_vowel};
use super::suffixes::{MAX_WAYS, Rule};

/// Endings whose being seen on a lemma speaks for or against it.
const SEEN: [Ending; 26] = Ending::all([
    "", "e", "en", "et", "er", "erne", "ene", "s", "n", "t", "r", "rne", "ede", "te", "des",
    "ende", "ens", "ets", "ere", "est", "ing", "ne", "ernes", "t", "rs", "es",
]);
/// The same on the lemma with its last consonant doubled.
const DOUBLED: [Ending; 6] = Ending::all(["e", "en", "et", "er", "ede", "ene"]);
/// The same on the lemma without its last -e.
const SHORTER: [Ending; 6] = Ending::all(["", "et", "en", "s", "ets", "sk"]);

/// Signs that depend on how a lemma's other forms are seen.
const SIGNS: usize = SEEN.len() + DOUBLED.len() + SHORTER.len() + 3 + CLASSES + OF_RULE;
/// Word classes that the lexicon can have a lemma in.
const CLASSES: usize = 4;
/// Signs that count only for a rule of its own: a lemma seen as a name, and the two kinds of prefix.
const OF_RULE: usize = 3;
/// Signs of other kinds.
const GENERAL: usize = 20;

/// How many weights a model with so many rules has.
pub const fn weight_count(rules: usize) -> usize {
    GENERAL + SIGNS * (rules + 1)
}

/// A possible lemma of a word, with what speaks for it.
#[derive(Debug)]
pub struct Candidate<'m> {
    /// The rule that makes it.
    pub rule: Rule<'m>,
    /// Signs that hold: number of a weight and how much it counts.
    pub signs: Vec<(u16, f32)>,
    /// Logarithm of the number of seen forms that speak for the lemma.
    pub support: f32,
    /// The weight of the support among those of the rule.
    own: u16,
}

impl Candidate<'_> {
    /// How much speaks for the candidate, the support of its lemma left aside.
    pub fn score(&self, model: &Model<'_>) -> f32 {
        self.signs
            .iter()
            .map(|&(n, x)| model.lemma_weights.get(usize::from(n)) * x)
            .sum()
    }

    /// How much speaks for the candidate, what the other forms of its lemma say included.
    pub fn total(&self, model: &Model<'_>) -> f32 {
        let weigh = |(n, x)| model.lemma_weights.get(usize::from(n)) * x;
        self.score(model) + self.support_signs().map(weigh).iter().sum::<f32>()
    }

    /// The support as signs: of any rule, and of this one.
    pub fn support_signs(&self) -> [(u16, f32); 2] {
        [(SUPPORT_SIGN, self.support), (self.own, self.support)]
    }
}

/// How much the support of a lemma counts while the forms of the vocabulary are brought to agree; used by the trainer.
pub const SUPPORT: f32 = 2.5;
/// Number of the weight of a lemma's support.
const SUPPORT_SIGN: u16 = 18;

/// The rule whose result is likeliest.
pub(super) fn choose<'m>(
    model: &Model<'m>,
    word: &Spelled,
    ends: &[Option<Entry<'m>>],
    deep: bool,
) -> Option<Rule<'m>> {
    let mut best: Option<(f32, Rule<'m>)> = None;
    each_candidate(model, word, ends, deep, |candidate| {
        let score = candidate.total(model);
        if best.is_none_or(|(top, _)| score > top) {
            best = Some((score, candidate.rule));
        }
    });
    best.map(|(_, rule)| rule)
}

/// Hands over the possible lemmas of a word, likeliest rule first.
pub fn candidates<'m>(model: &Model<'m>, word: &Spelled, each: impl FnMut(&Candidate<'m>)) {
    each_candidate(model, word, &ends(model, word), true, each);
}

fn each_candidate<'m>(
    model: &Model<'m>,
    word: &Spelled,
    ends: &[Option<Entry<'m>>],
    deep: bool,
    mut each: impl FnMut(&Candidate<'m>),
) {
    let n = word.len();
    let (safe_head, any_head) = heads(model, word, ends);
    let seen_head = if deep && safe_head.is_none() {
        seen_head(model, word)
    } else {
        None
    };
    let genitive = (n > 3 && word.letters()[n - 1] == 's')
        .then(|| Entry::find_run(&model.lexicon, word, 0, n - 1))
        .flatten();
    let mut candidate = Candidate {
        rule: Rule { cut: 0, add: "" },
        signs: Vec::with_capacity(64),
        support: 0.0,
        own: 0,
    };
    let prefix = prefix(word);
    let (mut made, mut tried) = ([None; MAX_WAYS], 0);
    for way in model.suffixes.ways(word).take(MAX_WAYS) {
        let Some(rule) = model.suffixes.rule(way.rule) else {
            continue;
        };
        if rule.cut > n || n - rule.cut < 2 {
            continue;
        }
        let rule = single(model, word, rule);
        if !is_possible(word, rule) {
            continue;
        }
        // A likelier rule may make the same.
        if made[..tried].contains(&Some(rule)) {
            continue;
        }
        made[tried] = Some(rule);
        tried += 1;
        candidate.rule = rule;
        candidate.signs.clear();
        let mut sign = |number: usize, value: f32| candidate.signs.push((number as u16, value));
        let run = word.run(0, n - rule.cut).then_all(rule.add);
        let facts = model.facts.lemma(run);
        sign(0, -f32::from(way.cost) / 16.0);
        sign(1, log(facts.soft));
        let seen_as_form = model.facts.form(run);
        // skrev, skrive: only of a word that something speaks for, or Kiev would be made kiiv
        if changes_vowel(rule) && facts == LemmaFacts::default() && seen_as_form.is_none() {
            continue;
        }
        let candidate_support = log(facts.hard);
        let mut is_name = false;
        if facts.lexicon > 0 {
            sign(3, 1.0);
            sign(4, log(facts.lexicon));
        }
        match seen_as_form {
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
        seen(model, word, rule, run, |number, value| {
            sign(GENERAL + number, value);
            sign(GENERAL + SIGNS * own + number, value);
        });
        candidate.support = candidate_support;
        candidate.own = (GENERAL + SIGNS * own + SIGNS - 2) as u16;
        each(&candidate);
    }
}

/// Prefixes that always stay with their verb, and those that can stand apart: who does it is rarely named after the first.
const PREFIXES: [&[&str]; 2] = [
    &["be", "for"],
    &["af", "an", "ind", "op", "over", "til", "ud", "under"],
];

/// Which kind of prefix a word begins with.
fn prefix(word: &Spelled) -> Option<usize> {
    let begins = |prefix: &&str| {
        let letters = word.letters().iter().copied();
        word.len() > prefix.len() + 3 && letters.zip(prefix.chars()).all(|(a, b)| a == b)
    };
    PREFIXES.iter().position(|kind| kind.iter().any(begins))
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

/// Which other forms of a possible lemma are seen.
fn seen(
    model: &Model<'_>,
    word: &Spelled,
    rule: Rule<'_>,
    lemma: Run,
    mut sign: impl FnMut(usize, f32),
) {
    let whole = word.run(0, word.len());
    let mut test = |number: usize, run: Run| {
        if run == whole {
            return;
        }
        if let Some(form) = model.facts.form(run) {
            sign(number, 0.5 + 0.25 * log(form.count));
        }
    };
    for (i, ending) in SEEN.iter().enumerate() {
        test(i, lemma.then_ending(*ending));
    }
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
        let doubled = lemma.then(last);
        for (i, ending) in DOUBLED.iter().enumerate() {
            test(SEEN.len() + i, doubled.then_ending(*ending));
        }
    }
    if last == 'e' {
        // The lemma without its -e is either a run of the word, or of the word and all but the end of the ending.
        let shorter = if rule.add.is_empty() {
            word.run(0, kept - 1)
        } else {
            word.run(0, kept).then_all(&rule.add[..rule.add.len() - 1])
        };
        for (i, ending) in SHORTER.iter().enumerate() {
            test(SEEN.len() + DOUBLED.len() + i, shorter.then_ending(*ending));
        }
    }
    let facts = model.facts.lemma(lemma);
    sign(SIGNS - 3, log(facts.soft));
    sign(SIGNS - 1, 1.0);
    for class in 0..CLASSES {
        if facts.classes & (1 << class) != 0 {
            sign(SIGNS - 4 - class, 1.0);
        }
    }
}

/// The rules of the longest ends of a word that the lexicon knows: behind a likely first part, and behind anything.
fn heads<'m>(
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
            match Readings::of(&model.lexicon, &word.text(at, n)) {
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

/// Brings the number of a weight from one numbering of the rules to another; used by the trainer.
pub fn renumber(number: u16, rules: &[Option<usize>]) -> Option<u16> {
    let number = usize::from(number);
    let Some(own) = number.checked_sub(GENERAL + SIGNS) else {
        return Some(number as u16);
    };
    let rule = (*rules.get(own / SIGNS)?)?;
    Some((GENERAL + SIGNS + rule * SIGNS + own % SIGNS) as u16)
}

/// The rule chosen for the longest end of a word that is seen in text behind a likely first part.
fn seen_head<'m>(model: &Model<'m>, word: &Spelled) -> Option<Rule<'m>> {
    let n = word.len();
    (2..n.saturating_sub(2)).find_map(|at| {
        model.facts.form(word.run(at, n))?;
        if at < 3 || !likely_left(model, word, at) {
            return None;
        }
        let head = Spelled::new(&word.text(at, n))?;
        choose(model, &head, &ends(model, &head), false)
    })
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
