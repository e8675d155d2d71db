//! Endings that look like the head of a compound: *snegl|en* is no *sne|glen*.

use super::compounds::{self, Segment};
use super::facts::LemmaFacts;
use super::forms::part_token;
use super::model::Model;
use super::spelled::{Run, Spelled};

/// The parts of a word, without boundaries that its ending goes over.
///
/// *Sneglen* looks like *sne* and *glen*; but it is a form of *snegl*, of which hardly anything stands behind the boundary.
/// And *gudinden* is no *inden*, which has its -en for good. *Brevduen* is a *due* all the same.
pub(super) fn with_whole_endings(
    model: &Model<'_>,
    word: &Spelled,
    mut segments: Vec<Segment>,
    token: &str,
) -> Vec<Segment> {
    while let [.., before, head] = segments.as_mut_slice()
        && goes_over(model, &word.text(head.from, head.to), head.from, token)
    {
        before.to = head.to;
        before.link = head.link;
        segments.pop();
    }
    segments
}

/// Fewest letters of a head that its ending leaves.
const HEAD: usize = 3;

/// Whether a word with this token is a form of another one which is not cut at a place, though its ending looks like a head.
fn goes_over(model: &Model<'_>, head: &str, from: usize, token: &str) -> bool {
    let left = token
        .char_indices()
        .nth(from)
        .map_or("", |(at, _)| &token[at..]);
    let has_en = head.strip_prefix(left) == Some("en");
    if left.chars().count() >= HEAD && !has_en {
        return false;
    }
    let fits = match part_token(model, head).strip_prefix(left) {
        Some("en") => false,
        Some("" | "e") => true,
        _ => left.chars().count() >= HEAD,
    };
    if fits {
        return false;
    }
    let forms_of_verb = || {
        let ends = ["er", "ing", "et", "ede", "ende"].into_iter();
        let mut others = ends.filter(|end| !head.ends_with(end));
        let seen = |end| model.facts.form(Run::of(token).then_all(end)).is_some();
        others.any(seen)
    };
    match head {
        // brandslukkeren: a -ren is hardly ever clean
        "ren" | "rens" if token.ends_with("er") => true,
        // adresseret, and not taleret: the right to talk, as who talks has no -et
        _ if head.starts_with('r') && token.ends_with("er") => forms_of_verb(),
        _ => {
            let with_e = format!("{token}e");
            let mut headwords = [token, &with_e].into_iter();
            let headword = headwords.find(|word| is_headword(model, word));
            headword.is_some_and(|word| !is_cut_at(model, word, from))
        }
    }
}

/// Whether texts have a word that is no form of another one, as *banen*, of which *banenet* is none.
fn is_headword(model: &Model<'_>, word: &str) -> bool {
    let run = Run::of(word);
    let form = model.facts.form(run);
    model.facts.lemma(run).lexicon > 0 || form.is_some_and(|form| !form.is_inflected())
}

/// Whether a word ends with a noun that begins at a place.
fn is_cut_at(model: &Model<'_>, word: &str, at: usize) -> bool {
    let is_noun = |head: Segment, word: &Spelled| {
        let token = part_token(model, &word.text(head.from, head.to));
        model.facts.lemma(Run::of(&token)).classes & LemmaFacts::NOUN != 0
    };
    Spelled::new(word).is_some_and(|word| {
        let segments = compounds::split(model, &word);
        let head = segments.last().filter(|head| head.from == at);
        head.is_some_and(|head| is_noun(*head, &word))
    })
}
