//! Compounds: where a word is put together from others.
//!
//! All ways to cut a word into known parts are weighed against leaving it whole, by a log-linear model over signs such
//! as how often a part begins compounds, with which linking letter, and how often its head ends them.

mod parts;
mod signs;

pub use parts::stem_len;
pub use signs::SIGNS;

use super::model::Model;
use super::spelled::Spelled;
use parts::{Head, Left, Parts};
use signs::{head_signs, left_signs, path_signs, weigh, whole_signs};

/// Most parts of a compound.
const MAX_PARTS: usize = 5;
/// Most segmentations weighed for one word; a bound on time that ordinary words do not reach.
const MAX_WAYS: usize = 300;
/// Shortest word that is looked at.
const MIN_LETTERS: usize = 5;

/// What stands between a part and the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Nothing: *minister|kandidat*.
    None,
    /// -s-: *stat+s|minister*.
    S,
    /// -e-: *hjælp+e|middel*.
    E,
    /// -er-, -en-: *student+er|hue*.
    Er,
    /// Nothing, and a last -e is lost: *skol|gang*.
    LostE,
    /// Nothing, and only other forms of the part are known.
    Stem,
    /// Nothing or -s-, and nothing is known of the part.
    Unknown,
}

impl Link {
    /// Letters of the linking element.
    pub fn letters(self) -> usize {
        match self {
            Self::None | Self::LostE | Self::Stem | Self::Unknown => 0,
            Self::S | Self::E => 1,
            Self::Er => 2,
        }
    }
}

/// A part of a segmentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// First letter.
    pub from: usize,
    /// First letter after it and its linking element.
    pub to: usize,
    /// The linking element at its end.
    pub link: Link,
}

/// The best way to cut a word that must be a compound.
pub fn forced(model: &Model<'_>, word: &Spelled) -> Option<Vec<Segment>> {
    let segments = split(model, word);
    if segments.len() > 1 {
        return Some(segments);
    }
    best_cut(model, word).map(|(_, segments)| segments)
}

/// Whether a word is a compound, or nearly enough to be cut inside a longer one; used by the trainer.
pub fn is_compound(model: &Model<'_>, word: &Spelled) -> bool {
    best_cut(model, word).is_some_and(|(score, _)| score + 1.5 > whole_score(model, word))
}

/// The boundaries of a word: parts in order, one when it is no compound.
pub fn split(model: &Model<'_>, word: &Spelled) -> Vec<Segment> {
    split_by_margin(model, word, |_| 0.0)
}

/// The boundaries of a word, if the best way to cut it is better than the whole by a margin, which may depend on the head.
pub fn split_by_margin(
    model: &Model<'_>,
    word: &Spelled,
    margin: impl FnOnce(Segment) -> f32,
) -> Vec<Segment> {
    if word.len() < MIN_LETTERS {
        return vec![whole(word)];
    }
    if let Some(cuts) = model.splits.get_run(word, 0, word.len()) {
        return known(word, cuts);
    }
    if let Some((score, segments)) = best_cut(model, word)
        && let Some(head) = segments.last()
        && score > whole_score(model, word) + margin(*head)
    {
        return segments;
    }
    vec![whole(word)]
}

/// The boundaries of a form of a known word, whose main token is in the table under `=`.
pub fn known_by_token(model: &Model<'_>, word: &Spelled, token: &str) -> Option<Vec<Segment>> {
    let cuts = match model.splits.get_run(word, 0, word.len()) {
        Some(cuts) => cuts,
        None => model.splits.get_marked('=', token)?,
    };
    // The head is long enough to be inflected, or the cuts belong to another form.
    let fits = cuts
        .as_chunks::<2>()
        .0
        .iter()
        .all(|[at, _]| usize::from(*at) + 2 <= word.len());
    fits.then(|| known(word, cuts))
}

/// A compound from the table: pairs of a boundary and the letters of the linking element before it.
fn known(word: &Spelled, cuts: &[u8]) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut from = 0;
    for [at, link] in cuts.as_chunks::<2>().0 {
        let to = usize::from(*at);
        let link = match (link, to.checked_sub(1).map(|i| word.letters()[i])) {
            (0, _) => Link::None,
            (1, Some('e')) => Link::E,
            (1, _) => Link::S,
            _ => Link::Er,
        };
        segments.push(Segment { from, to, link });
        from = to;
    }
    segments.push(Segment {
        from,
        to: word.len(),
        link: Link::None,
    });
    segments
}

fn whole(word: &Spelled) -> Segment {
    Segment {
        from: 0,
        to: word.len(),
        link: Link::None,
    }
}

fn whole_score(model: &Model<'_>, word: &Spelled) -> f32 {
    weigh(model, |signs| whole_signs(model, word, signs))
}

/// The best way to cut a word, and its score.
fn best_cut(model: &Model<'_>, word: &Spelled) -> Option<(f32, Vec<Segment>)> {
    let mut best: Option<(f32, Vec<Segment>)> = None;
    each_way(model, word, |path, head| {
        let score = path.iter().map(|left| left.score).sum::<f32>()
            + head.score
            + weigh(model, |signs| path_signs(path, head, signs));
        match &mut best {
            Some((top, segments)) if score > *top => {
                *top = score;
                segments.clear();
                segments.extend(segments_of(word, path, head));
            }
            Some(_) => {}
            None => best = Some((score, segments_of(word, path, head).collect())),
        }
    });
    best
}

fn segments_of(word: &Spelled, path: &[&Left], head: &Head) -> impl Iterator<Item = Segment> {
    let last = Segment {
        from: head.from,
        to: word.len(),
        link: Link::None,
    };
    path.iter().map(|left| left.segment).chain([last])
}

/// Hands over every segmentation of a word with its signs, the whole word first; used by the trainer.
pub fn segmentations(
    model: &Model<'_>,
    word: &Spelled,
    mut each: impl FnMut(&[Segment], &[(u16, f32)]),
) {
    let mut signs = Vec::new();
    whole_signs(model, word, &mut signs);
    each(&[whole(word)], &signs);
    each_way(model, word, |path, head| {
        signs.clear();
        for left in path {
            left_signs(model, word, left, &mut signs);
        }
        head_signs(word, head, &mut signs);
        path_signs(path, head, &mut signs);
        let segments: Vec<Segment> = segments_of(word, path, head).collect();
        each(&segments, &signs);
    });
}

/// Hands over every way to cut a word: its first and middle parts, and its head.
fn each_way(model: &Model<'_>, word: &Spelled, mut each: impl FnMut(&[&Left], &Head)) {
    if word.len() < MIN_LETTERS || !word.letters().iter().all(|c| c.is_alphabetic()) {
        return;
    }
    let parts = Parts::new(model, word);
    let mut ways = 0;
    walk(
        &parts,
        0,
        &mut Vec::with_capacity(MAX_PARTS),
        &mut |path, head| {
            ways += 1;
            if ways <= MAX_WAYS {
                each(path, head);
            }
            ways <= MAX_WAYS
        },
    );
}

/// Walks over the ways to cut; `false` from the visitor ends the walk.
fn walk<'p>(
    parts: &'p Parts,
    at: usize,
    path: &mut Vec<&'p Left>,
    each: &mut impl FnMut(&[&'p Left], &Head) -> bool,
) -> bool {
    if at > 0
        && let Some(head) = parts.head_at(at)
        && !each(path, head)
    {
        return false;
    }
    let unknown = |left: &Left| left.segment.link == Link::Unknown;
    if path.len() + 1 >= MAX_PARTS || path.first().is_some_and(|left| unknown(left)) {
        return true;
    }
    for left in parts.lefts_at(at) {
        if !parts.ends_well(left.segment.to) {
            continue;
        }
        path.push(left);
        let go_on = walk(parts, left.segment.to, path, each);
        path.pop();
        if !go_on {
            return false;
        }
    }
    true
}
