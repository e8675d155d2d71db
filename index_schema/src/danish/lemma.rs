//! A word's main token: lexicon, irregular forms, and for everything else a choice among suffix rules.

use super::Why;
use super::choice::{choose, known_noun};
use super::entry::Entry;
use super::facts::LemmaFacts;
use super::irregular::{ends, irregular, likely_left};
use super::model::Model;
use super::spelled::{Spelled, is_vowel};
use super::suffixes::Rule;
use super::together::together;

/// The main token of a word in lower case, and where it comes from.
pub fn lemma(model: &Model<'_>, word: &str) -> (String, Why) {
    match Spelled::new(word) {
        Some(spelled) => lemma_of(model, word, &spelled),
        None => (word.to_owned(), Why::Written),
    }
}

/// The same of a word that is taken apart already.
pub(super) fn lemma_of(model: &Model<'_>, word: &str, spelled: &Spelled) -> (String, Why) {
    if let Some(answer) = model.answer(spelled) {
        return (apply(word, answer.rule), answer.why);
    }
    if let Some(entry) = Entry::find_run(model, spelled, 0, spelled.len()) {
        let why = if entry.marks & Entry::IRREGULAR != 0 {
            Why::Irregular
        } else {
            Why::Lexicon
        };
        return (apply(word, entry.rule), why);
    }
    let ends = ends(model, spelled);
    if let Some(rule) = irregular(model, spelled, &ends) {
        return (apply(word, rule), Why::Irregular);
    }
    if let Some(rule) = known_noun(model, spelled, &ends) {
        return (apply(word, rule), Why::Rule);
    }
    if let Some(base) = without_genitive(model, spelled, word) {
        return (lemma(model, base).0, Why::Rule);
    }
    match choose(model, spelled, &ends, true) {
        Some(rule) => {
            let rule = whole_with_s(model, spelled, rule, &ends);
            (together(model, word, spelled, rule), Why::Rule)
        }
        None => {
            let rule = stem(model, spelled, Rule { cut: 0, add: "" });
            (apply(word, rule), Why::Rule)
        }
    }
}

/// Endings that are a genitive's beyond doubt.
const GENITIVES: [&str; 4] = ["ens", "ets", "enes", "rnes"];

/// The word of a genitive: behind an ending that can be nothing else, or where only the word without -s is seen.
///
/// The genitive is then cut off first, so that it has the token of its word whatever that is.
fn without_genitive<'w>(model: &Model<'_>, spelled: &Spelled, word: &'w str) -> Option<&'w str> {
    let base = word.strip_suffix('s')?;
    let n = spelled.len();
    if n < 5 || base.ends_with(['s', 'x', 'z']) {
        return None;
    }
    let certain = n > 6 && GENITIVES.iter().any(|e| word.ends_with(e));
    let seen = |to: usize| model.facts.form(spelled.run(0, to));
    let without = seen(n - 1);
    if let Some(form) = seen(n) {
        // Sørens, and not Andreas: the name is the more frequent
        let is_of_name = without.is_some_and(|name| name.is_name() && name.count > form.count);
        return is_of_name.then_some(base);
    }
    let base_known = without.is_some() || Entry::find_run(model, spelled, 0, n - 1).is_some();
    (certain || base_known).then_some(base)
}

/// The rule for a word whose -s was taken for a genitive's: none, where the word ends with one that has the -s in all its
/// forms (*boligpris*).
fn whole_with_s<'m>(
    model: &Model<'m>,
    word: &Spelled,
    rule: Rule<'m>,
    ends: &[Option<Entry<'m>>],
) -> Rule<'m> {
    let n = word.len();
    if rule.cut != 1 || !rule.add.is_empty() || !word.letters().ends_with(&['s']) {
        return rule;
    }
    // verdens, though dens is a word
    if model.facts.form(word.run(0, n - 1)).is_some() {
        return rule;
    }
    let mut heads = (3..n.saturating_sub(3)).filter_map(|at| Some((at, ends[at]?)));
    let head = heads.find(|&(at, _)| likely_left(model, word, at));
    let is_noun = |at: usize| {
        let lemma = model.facts.lemma(word.run(at, n));
        lemma.classes & LemmaFacts::NOUN != 0
    };
    match head.is_some_and(|(at, head)| head.rule.cut == 0 && is_noun(at)) {
        true => Rule { cut: 0, add: "" },
        false => rule,
    }
}

/// Applies a rule to a form.
pub fn apply(form: &str, rule: Rule<'_>) -> String {
    let keep = form
        .char_indices()
        .rev()
        .take(rule.cut)
        .last()
        .map_or(form.len(), |(i, _)| i);
    let mut made = String::with_capacity(keep + rule.add.len());
    made.push_str(&form[..keep]);
    made.push_str(rule.add);
    made
}

/// A rule made to leave out the second of two consonants at the end of what it makes: *vægge* → *væg*.
///
/// Hardly a Danish word ends on two equal consonants; names and foreign words that do are seen so (*stress*).
pub(super) fn single<'m>(model: &Model<'_>, word: &Spelled, rule: Rule<'m>) -> Rule<'m> {
    if rule.cut == 0 && rule.add.is_empty() {
        return rule;
    }
    let kept = word.len() - rule.cut;
    // vaffel, with -el made -l: vafl
    if matches!(rule.add, "l" | "n" | "r")
        && let [.., a, b] = word.letters()[..kept]
        && a == b
        && is_consonant(a)
        && kept > 2
    {
        return Rule {
            cut: rule.cut + 1,
            ..rule
        };
    }
    let mut added = rule.add.chars();
    let mut letters = word.letters()[..kept].iter().rev().copied();
    let last = added.next_back().or_else(|| letters.next());
    let before = added.next_back().or_else(|| letters.next());
    let longer = kept + rule.add.len() > 2;
    if !longer || last != before || !last.is_some_and(is_consonant) {
        return rule;
    }
    let shorter = match rule.add.len() {
        0 => Rule {
            cut: rule.cut + 1,
            add: "",
        },
        n => Rule {
            add: &rule.add[..n - 1],
            ..rule
        },
    };
    let seen = |rule: Rule<'_>| {
        let run = word.run(0, word.len() - rule.cut).then_all(rule.add);
        model.facts.form(run).is_some()
    };
    if seen(rule) && !seen(shorter) {
        return rule;
    }
    shorter
}

/// A rule made to leave out a last -e too, for words that no lexicon has.
pub(super) fn stem<'m>(model: &Model<'_>, word: &Spelled, rule: Rule<'m>) -> Rule<'m> {
    let kept = word.len() - rule.cut;
    let shorter = match rule.add.strip_suffix('e') {
        Some(add) => Rule { add, ..rule },
        None if rule.add.is_empty() && word.letters()[..kept].ends_with(&['e']) => Rule {
            cut: rule.cut + 1,
            add: "",
        },
        None => rule,
    };
    if word.len() - shorter.cut + shorter.add.len() < 2 {
        return rule;
    }
    single(model, word, shorter)
}

pub(super) fn is_consonant(c: char) -> bool {
    c.is_ascii_alphabetic() && !is_vowel(c)
}

/// Whether a word ends on a consonant that can be doubled before an ending; used by the trainer.
pub fn is_consonant_end(word: &str) -> bool {
    word.chars().next_back().is_some_and(is_consonant)
}
