//! What may be a part of a compound: by its letters, and by what is known of it.

use super::signs::{self, head_signs, left_signs};
use super::{Link, Segment};
use crate::danish::facts::{FormFacts, log};
use crate::danish::model::Model;
use crate::danish::spelled::{Spelled, is_vowel};

/// Parts of two letters that are words.
const SHORT: [[char; 2]; 29] = [
    ['e', 'l'],
    ['b', 'y'],
    ['b', 'i'],
    ['ø', 'l'],
    ['i', 's'],
    ['t', 'v'],
    ['i', 't'],
    ['u', 'r'],
    ['s', 'ø'],
    ['b', 'o'],
    ['å', 'l'],
    ['æ', 'g'],
    ['k', 'o'],
    ['t', 'å'],
    ['s', 'y'],
    ['å', 'r'],
    ['r', 'y'],
    ['i', 'd'],
    ['e', 'd'],
    ['u', 'v'],
    ['n', 'i'],
    ['t', 'o'],
    ['ø', 's'],
    ['l', 'å'],
    ['t', 'e'],
    ['v', 'i'],
    ['v', 'e'],
    ['e', 'u'],
    ['f', 'n'],
];

fn is_short(letters: &[char]) -> bool {
    SHORT.iter().any(|s| s == letters)
}

/// All that may be parts of a word.
pub(super) struct Parts {
    /// First and middle parts, by their first letter.
    lefts: Vec<Left>,
    /// For each letter, the first of those that begin there or later.
    starts: Vec<usize>,
    /// The last part that begins at each letter.
    heads: Vec<Option<Head>>,
}

/// A first or middle part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left {
    pub(super) segment: Segment,
    pub(super) count: u8,
    /// How often it is a first part with this link.
    pub(super) uses: u8,
    pub(super) marks: u8,
    /// Whether it takes -s- as a rule.
    pub(super) strong: bool,
    /// What its own signs weigh.
    pub(super) score: f32,
}

/// A last part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) from: usize,
    pub(super) count: u8,
    pub(super) stem: u8,
    pub(super) uses: u8,
    pub(super) marks: u8,
    pub(super) vowel: bool,
    /// What its own signs weigh.
    pub(super) score: f32,
}

impl Parts {
    pub(super) fn new(model: &Model<'_>, word: &Spelled) -> Self {
        let n = word.len();
        let heads: Vec<Option<Head>> = (0..n).map(|at| Head::new(model, word, at)).collect();
        let mut parts = Self {
            lefts: Vec::with_capacity(n),
            starts: Vec::with_capacity(n + 1),
            heads,
        };
        let Some(last) = parts.heads.iter().rposition(Option::is_some) else {
            parts.starts.resize(n + 1, 0);
            return parts;
        };
        let mut vowels = 0u64;
        for (at, &c) in word.letters().iter().enumerate() {
            vowels |= u64::from(is_vowel(c)) << at;
        }
        let mut reachable = 1u64;
        for from in 0..n {
            parts.starts.push(parts.lefts.len());
            if reachable >> from & 1 == 0 {
                continue;
            }
            for to in from + 2..=last {
                let without_vowel = vowels >> from & ((1 << (to - from)) - 1) == 0;
                if without_vowel && to - from > 2 {
                    continue;
                }
                let headed = parts.heads[to].is_some();
                if let Some(left) = Left::new(model, word, from, to, headed) {
                    // nothing but a head stands behind a part of which nothing is known
                    if left.segment.link != Link::Unknown {
                        reachable |= 1 << to;
                    }
                    parts.lefts.push(left);
                }
            }
        }
        parts.starts.push(parts.lefts.len());
        parts
    }

    /// The first or middle parts that begin at a letter.
    pub(super) fn lefts_at(&self, from: usize) -> &[Left] {
        &self.lefts[self.starts[from]..self.starts[from + 1]]
    }

    /// The last part that begins at a letter.
    pub(super) fn head_at(&self, from: usize) -> Option<&Head> {
        self.heads[from].as_ref()
    }
}

impl Left {
    /// The likeliest reading of some letters as a part; `headed` says whether a last part may begin behind them.
    fn new(
        model: &Model<'_>,
        word: &Spelled,
        from: usize,
        to: usize,
        headed: bool,
    ) -> Option<Self> {
        let len = to - from;
        let letters = &word.letters()[from..to];
        let mut best: Option<(f32, Self)> = None;
        let offer = |best: &mut Option<(f32, Self)>,
                     link: Link,
                     facts: FormFacts,
                     malus: f32,
                     end: usize| {
            let uses = match link {
                Link::S => facts.left[1],
                Link::E => facts.left[2],
                _ => facts.left[0],
            };
            let score = log(facts.count) * 0.5 + log(uses) * 1.5 - malus;
            if best.is_none_or(|(top, _)| score > top) {
                *best = Some((
                    score,
                    Self {
                        segment: Segment { from, to, link },
                        count: facts.count,
                        uses,
                        marks: facts.marks,
                        strong: takes_s(&word.letters()[from..end]),
                        score: 0.0,
                    },
                ));
            }
        };
        let form = |end: usize| {
            model
                .facts
                .form(word.run(from, end))
                .filter(|f| f.count > 0)
        };
        let with_e = |end: usize| {
            model
                .facts
                .form(word.run(from, end).then('e'))
                .filter(|f| f.count > 0)
        };
        let whole = form(to);
        // have|ejer, køler|væske: what is a word by itself has no linking letters
        let itself = whole.is_some_and(|f| !f.is_inflected());
        if (len >= 3 || is_short(letters))
            && let Some(facts) = whole
        {
            offer(&mut best, Link::None, facts, 0.0, to);
        }
        if len > 3 {
            match letters[len - 1] {
                's' => {
                    if let Some(facts) = form(to - 1).or_else(|| with_e(to - 1)).filter(|_| !itself)
                    {
                        offer(&mut best, Link::S, facts, 0.2, to - 1);
                    }
                }
                'e' => {
                    if let Some(facts) = form(to - 1).filter(|_| !itself) {
                        offer(&mut best, Link::E, facts, 0.2, to - 1);
                    }
                }
                _ => {}
            }
        }
        if len > 4
            && !itself
            && matches!(letters[len - 2..], ['e', 'r' | 'n'] | ['t', 'e'])
            && let Some(facts) = form(to - 2)
        {
            offer(&mut best, Link::Er, facts, 1.5, to - 2);
        }
        if len >= 4 && best.is_none() {
            if let Some(facts) = with_e(to) {
                offer(&mut best, Link::LostE, facts, 1.5, to);
            } else {
                let (count, _) = model.facts.stem(word.run(from, from + stem_len(letters)));
                if count > 0 {
                    let facts = FormFacts {
                        count,
                        ..FormFacts::default()
                    };
                    offer(&mut best, Link::Stem, facts, 1.5, to);
                }
            }
        }
        if best.is_none() && from == 0 && len >= 4 && headed {
            offer(&mut best, Link::Unknown, FormFacts::default(), 1.5, to);
        }
        let (_, mut left) = best?;
        left.score = signs::weigh(model, |sign| left_signs(model, word, &left, sign));
        Some(left)
    }
}

impl Head {
    fn new(model: &Model<'_>, word: &Spelled, from: usize) -> Option<Self> {
        let n = word.len();
        let len = n - from;
        if from < 2 || len < 2 || len < 3 && !is_short(&word.letters()[from..]) {
            return None;
        }
        let facts = model.facts.form(word.run(from, n)).unwrap_or_default();
        let letters = &word.letters()[from..];
        let (stem, uses) = model.facts.stem(word.run(from, from + stem_len(letters)));
        if facts.count == 0 && (stem == 0 || len < 4) {
            return None;
        }
        let mut head = Self {
            from,
            count: facts.count,
            stem,
            uses,
            marks: facts.marks,
            vowel: letters.iter().copied().any(is_vowel),
            score: 0.0,
        };
        head.score = signs::weigh(model, |sign| head_signs(word, &head, sign));
        Some(head)
    }
}

/// Letters of the rough stem of a form: an ending and the second of two equal consonants cut off, three letters kept.
pub fn stem_len(letters: &[char]) -> usize {
    let n = letters.len();
    let cut = match letters {
        [.., 'e', 'r', 'n', 'e', 's'] if n >= 8 => 5,
        [.., 'e', 'r', 'n', 'e'] | [.., 'e', 'n', 'e', 's'] if n >= 7 => 4,
        [.., 'e', 'n', 'e'] | [.., 'e', 'n' | 't' | 'r', 's'] if n >= 6 => 3,
        [.., 'e', 'r' | 'n' | 't' | 's'] if n >= 5 => 2,
        [.., 'e' | 's' | 'n' | 'r' | 't'] if n >= 4 => 1,
        _ => 0,
    };
    let k = n - cut;
    if k > 3 && letters[k - 1] == letters[k - 2] && !is_vowel(letters[k - 1]) {
        return k - 1;
    }
    k
}

/// Ends of words that take -s- as the first part of a compound, as a rule.
fn takes_s(letters: &[char]) -> bool {
    const ENDS: [&str; 12] = [
        "ing", "hed", "skab", "ion", "tet", "else", "dom", "sel", "hold", "gang", "um", "ling",
    ];
    ENDS.iter().any(|e| {
        letters.len() > e.len()
            && letters[letters.len() - e.len()..]
                .iter()
                .copied()
                .eq(e.chars())
    })
}
