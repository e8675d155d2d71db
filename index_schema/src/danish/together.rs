//! What keeps the forms of one word together, though each of them is put to a lemma by itself.
//!
//! Some forms tell more of their lemma than others: *smugleren* can only be a form of *smugler*, while *smuglerne* might
//! have come from *smugl*. Where nothing else is known of a word, all its forms follow the one that tells least.

use super::entry::Entry;
use super::facts::FormFacts;
use super::lemma::{apply, is_consonant, lemma};
use super::model::Model;
use super::spelled::{Run, Spelled, is_vowel};
use super::suffixes::Rule;

/// The main token that a rule makes of a word, brought together with those of the word's other forms.
pub(super) fn together(model: &Model<'_>, word: &str, spelled: &Spelled, rule: Rule<'_>) -> String {
    let token = apply(word, rule);
    let form = model.facts.form(spelled.run(0, spelled.len()));
    if form.is_some_and(FormFacts::is_name) || is_known(model, &token) {
        return token;
    }
    // sommeradresse: what doubles its -s has an -e, which the token leaves out
    let doubles = token.ends_with('s') && word[token.len()..].starts_with('s');
    let headword = if doubles {
        None
    } else {
        through_headword(model, rule, &token)
    };
    headword.unwrap_or_else(|| settled(model, token))
}

/// Ends of headwords that look like endings.
const LIKE_ENDINGS: [&str; 5] = ["er", "et", "el", "en", "s"];

/// The main token of the headword that a rule makes of one of its forms, where the headword looks like a form itself.
///
/// *Densiteten* is a form of *densitet*; so it has the token of that, whatever that is. It has not if that is the token of
/// a known word: the *tegner* who draws may be taken for a form of *tegne*, but *tegneren* is none.
fn through_headword(model: &Model<'_>, rule: Rule<'_>, headword: &str) -> Option<String> {
    let participle = rule.add == "t" && headword.ends_with("et");
    let bare = rule.cut > 0 && rule.add.is_empty();
    let looks_so = bare && LIKE_ENDINGS.iter().any(|e| headword.ends_with(e));
    if headword.chars().count() < 5 || !(participle || looks_so) {
        return None;
    }
    let run = Run::of(headword);
    let seen = |run: Run, ends: &[&str]| {
        let is_seen = |end: &&str| model.facts.form(run.then_all(end)).is_some();
        model.facts.may_begin(run) && ends.iter().any(is_seen)
    };
    // deformere, deformeret: a verb's -er is its own; and betjene or adresse is the headword, not what is left without -e
    let ends: &[&str] = match headword.ends_with("er") {
        true => &["et", "ede", "er"],
        false => &["e"],
    };
    if seen(run, ends) || headword.ends_with("els") {
        return None;
    }
    let token = lemma(model, headword).0;
    // narkos is no form of narko; who draws may be told from a drawing by less
    let other = !headword.ends_with("er") && seen(Run::of(&token), &["", "e"]);
    (!other && !is_known(model, &token)).then_some(token)
}

/// Endings behind a stem on -l or -r.
const FORMS: [&str; 8] = ["e", "er", "en", "et", "ene", "erne", "ede", "ende"];

/// A main token with or without the vowel before its last consonant, as most of the forms seen have it.
///
/// *Spatel* and *spatlen* have one token, whichever of the two is seen: `spatl`. Where no text has any form, an -el is taken
/// to lose its -e-, and an -er to keep it.
fn settled(model: &Model<'_>, token: String) -> String {
    let mut letters = token.chars().rev();
    let Some(last @ ('l' | 'r')) = letters.next() else {
        return token;
    };
    let is_long = letters.next() == Some('e');
    let stem = &token[..token.len() - if is_long { 2 } else { 1 }];
    let mut letters = stem.chars().rev();
    let (Some(end), Some(before)) = (letters.next(), letters.next()) else {
        return token;
    };
    if !is_consonant(end) || end == last {
        return token;
    }
    let single = match end == before {
        true => &stem[..stem.len() - 1],
        false => stem,
    };
    if single.chars().count() < 2 || !single.contains(is_vowel) {
        return token;
    }
    let seen = |run: Run, ends: &[&str]| {
        let is_seen = |end: &&&str| model.facts.form(run.then_all(end)).is_some();
        match model.facts.may_begin(run) {
            true => ends.iter().filter(is_seen).count(),
            false => 0,
        }
    };
    let dropped = Run::of(single).then(last);
    let drops = seen(dropped, &FORMS);
    let long = [Run::of(single), Run::of(single).then(end)].map(|run| run.then('e').then(last));
    let keeps = |run: Run| match last {
        'l' => [run, run.then('l')]
            .map(|run| seen(run, &FORMS))
            .iter()
            .sum(),
        _ => seen(run, &["e", "er", "en", "et", "ne", "ede"]),
    };
    let kept: usize = long.map(keeps).iter().sum();
    let is_word = |run: Run| seen(run, &[""]) > 0;
    if is_long {
        let goes = match last {
            'l' => drops > kept || drops + kept == 0 && !long.into_iter().any(is_word),
            _ => drops > kept,
        };
        return match goes {
            true => format!("{single}{last}"),
            false => token,
        };
    }
    let stays = drops == 0 && (kept > 0 || long.into_iter().any(is_word));
    if !stays {
        return token;
    }
    match seen(long[1], &["", "e", "en", "et"]) > 0 {
        true => format!("{single}{end}e{last}"),
        false => format!("{single}e{last}"),
    }
}

/// Whether the lexicon has a lemma with this token, or the token as a form.
fn is_known(model: &Model<'_>, token: &str) -> bool {
    model.facts.lemma(Run::of(token)).lexicon != 0 || Entry::find(&model.lexicon, token).is_some()
}
