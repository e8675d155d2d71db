//! What a query asks for.

use super::forms::{self, Analysis};
use super::model::Model;
use super::readings::Readings;
use super::spelled::Run;
use super::{Analyzer, Asked, acronyms, letters, numbers, related, variants, words};

/// Most positions between the parts of a compound that is written apart, in either order: *skade i foden* is a
/// *fodskade*, *forskellen på mænds og kvinders løn* a *lønforskel*. Parts further apart are two things more often than not.
const APART_WITHIN: u32 = 5;
/// The same for a compound asked for with a hyphen. Its parts are words of their own, often a name and a noun, and a
/// passage about the two is about what they make together.
const HYPHENATED_WITHIN: u32 = 40;

/// What a query for `text` asks for: one entry for each written word.
pub fn ask(text: &str) -> Vec<Asked> {
    let model = Model::shipped();
    let mut asked = Vec::new();
    words::split(text, |span| {
        let written = &text[span.start..span.end];
        let exact = letters::exact(written);
        let completed = span
            .completed
            .and_then(|end| forms::completed_forms(&model, written, &text[end.0..end.1]));
        let (main, apart) = match completed {
            Some(forms) => {
                let apart = vec![forms.parts.iter().map(|p| p.term.clone()).collect()];
                (forms.main, apart)
            }
            None => {
                let analysis = forms::analyse(&model, written, &exact);
                let apart = apart(&analysis);
                (analysis.main, apart)
            }
        };
        let main = if main.is_empty() {
            exact.as_str().into()
        } else {
            main
        };
        let mut variants = variants::variants(&model, written, &exact, &main);
        let mut add = |other: &str| {
            if *other != *main && variants.iter().all(|v| **v != *other) {
                variants.push(other.into());
            }
        };
        if let Some(number) = numbers::written_otherwise(&exact) {
            add(&forms::analyse(&model, &number, &number).main);
        }
        if acronyms::acronym(&model, written).is_none() {
            let readings = Readings::of(&model.lexicon, &letters::danish(&exact));
            readings
                .iter()
                .flat_map(Readings::tokens)
                .for_each(&mut add);
            if let Some(verb) = verb_of(&model, &exact, &main) {
                add(verb);
            }
            // its main token only: what else a word in capitals may ask for was not typed
            for case in other_cases(written, &exact) {
                add(&forms::analyse(&model, &case, &exact).main);
            }
        }
        asked.push(Asked {
            start: span.start,
            end: span.end,
            variants,
            forms: Readings::forms_of(&model.lexicon, &main)
                .filter(|form| *form != exact)
                .map(Into::into)
                .collect(),
            related: if exact.contains('-') || variants::is_name(&model, written, &exact) {
                Vec::new()
            } else {
                related::related(&model, &main)
            },
            apart_within: if exact.contains('-') {
                HYPHENATED_WITHIN
            } else {
                APART_WITHIN
            },
            exact: letters::without_stop(exact).into(),
            main,
            apart: apart
                .into_iter()
                .filter(|s: &Vec<Box<str>>| s.len() > 1)
                .collect(),
        });
    });
    asked
}

/// Words on -er that only look like the present of a verb, though *lage* and *unde* are seen.
const NO_PRESENT: [&str; 2] = ["lager", "under"];

/// The main token of the verb whose present is typed, where that was taken for who does it: *anmelder* also asks for
/// *anmeldte*. A verb is known by its infinitive and its past.
fn verb_of<'t>(model: &Model<'_>, exact: &str, main: &'t str) -> Option<&'t str> {
    let stem = main.strip_suffix("er").filter(|stem| stem.len() > 2)?;
    let run = Run::of(stem);
    let is_seen = |ending: &&str| model.facts.form(run.then_all(ending)).is_some();
    let is_verb = main == exact
        && !NO_PRESENT.contains(&exact)
        && is_seen(&"e")
        && ["ede", "te"].iter().any(is_seen);
    is_verb.then_some(stem)
}

/// A word in small letters, with a capital, and in capitals, except as typed: *KL*, for kl.
///
/// The analysis may take one of them for another word. Whoever types one finds the others, too, so that the same letters are
/// always found; but who types *KL* does not mean *kl.*
fn other_cases(typed: &str, exact: &str) -> Vec<String> {
    let mut cases = vec![exact.to_owned()];
    let mut letters = exact.chars();
    if let Some(first) = letters.next() {
        cases.push(first.to_uppercase().chain(letters).collect());
    }
    // what is longer is a headline rather than an abbreviation
    if exact.chars().count() <= 6 {
        cases.push(exact.to_uppercase());
    }
    cases.retain(|case| case != typed && letters::exact(case) == exact);
    cases.dedup();
    cases
}

/// The sequences that mean the same as a compound: its smallest parts in order, and every two that make it up.
fn apart(analysis: &Analysis) -> Vec<Vec<Box<str>>> {
    let smallest: Vec<_> = analysis.pieces.iter().filter(|p| p.smallest).collect();
    if smallest.len() < 2 {
        return Vec::new();
    }
    let mut sequences = vec![smallest.iter().map(|p| p.term.clone()).collect::<Vec<_>>()];
    let (start, end) = (0, smallest.last().map_or(0, |p| p.chars.1));
    for first in analysis.pieces.iter().filter(|p| p.chars.0 == start) {
        let rest = |p: &&forms::Piece| p.chars.0 == first.next && p.chars.1 == end;
        if let Some(second) = analysis.pieces.iter().find(rest) {
            let pair = vec![first.term.clone(), second.term.clone()];
            if !sequences.contains(&pair) {
                sequences.push(pair);
            }
        }
    }
    sequences
}

/// What the index holds for a text: for each word its main token, then its parts.
pub fn index_tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    Analyzer::new().words(text, |w| {
        tokens.push(w.forms.main.to_string());
        tokens.extend(w.forms.parts.iter().map(|p| p.term.to_string()));
    });
    tokens
}

/// What the index holds for a word by other tables than those that ship; used by the trainer.
pub fn index_tokens_by(model: &Model<'_>, word: &str) -> Vec<String> {
    let forms = forms::forms(model, word);
    let parts = forms.parts.iter().map(|p| p.term.to_string());
    [forms.main.to_string()].into_iter().chain(parts).collect()
}

/// What a query for a text asks for: for each word its main token, the variants, forms and related words, then the
/// words of the sequences that mean the same as a compound.
pub fn query_tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    for word in ask(text) {
        tokens.push(word.main.to_string());
        let others = word.variants.iter().chain(&word.forms).chain(&word.related);
        tokens.extend(others.map(ToString::to_string));
        for token in word.apart.iter().flatten() {
            if !tokens.iter().any(|t| **t == **token) {
                tokens.push(token.to_string());
            }
        }
    }
    tokens
}

/// The smallest parts of a written word, each with its linking element: joined they are the word.
pub fn split(word: &str) -> Vec<String> {
    let model = Model::shipped();
    let analysis = forms::analyse(&model, word, &letters::exact(word));
    let starts: Vec<u32> = analysis
        .pieces
        .iter()
        .filter(|p| p.smallest)
        .map(|p| p.chars.0)
        .filter(|&at| at > 0)
        .collect();
    let mut parts = vec![String::new()];
    for (at, c) in word.chars().enumerate() {
        if starts.contains(&(at as u32)) {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts.retain(|p| !p.is_empty());
    parts
}
