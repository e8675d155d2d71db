//! Compounds: where a word is put together from others.
//!
//! All ways to cut a word into known parts are weighed against leaving it whole, by a log-linear model over signs such
//! as how often a part begins compounds, with which linking letter, and how often its head ends them.

use super::facts::{FormFacts, log};
use super::model::Model;
use super::spelled::{Spelled, is_vowel};

/// Most parts of a compound.
const MAX_PARTS: usize = 5;
/// Most segmentations weighed for one word; a bound on time that ordinary words do not reach.
const MAX_WAYS: usize = 300;
/// Shortest word that is looked at.
const MIN_LETTERS: usize = 5;
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
    let mut best: Option<(f32, Vec<Segment>)> = None;
    segmentations(model, word, |segments, signs| {
        let score = score(model, signs);
        if segments.len() > 1 && best.as_ref().is_none_or(|(top, _)| score > *top) {
            best = Some((score, segments.to_vec()));
        }
    });
    best.map(|(_, segments)| segments)
}

fn score(model: &Model<'_>, signs: &[(u16, f32)]) -> f32 {
    signs
        .iter()
        .map(|&(n, x)| model.split_weights.get(usize::from(n)) * x)
        .sum()
}

/// Whether a word is a compound, or nearly enough to be cut inside a longer one; used by the trainer.
pub fn is_compound(model: &Model<'_>, word: &Spelled) -> bool {
    let (mut whole, mut best) = (f32::MIN, f32::MIN);
    segmentations(model, word, |segments, signs| {
        let score = score(model, signs);
        if segments.len() == 1 {
            whole = score;
        } else {
            best = best.max(score);
        }
    });
    best + 1.5 > whole
}

/// The boundaries of a word: parts in order, one when it is no compound.
pub fn split(model: &Model<'_>, word: &Spelled) -> Vec<Segment> {
    split_if(model, word, 0.0)
}

/// The boundaries of a word, if the best way to cut it is better than the whole by a margin.
pub fn split_if(model: &Model<'_>, word: &Spelled, margin: f32) -> Vec<Segment> {
    if word.len() < MIN_LETTERS {
        return vec![whole(word)];
    }
    if let Some(cuts) = model.splits.get(&word.text(0, word.len())) {
        return known(word, cuts);
    }
    let mut best: Option<(f32, Vec<Segment>)> = None;
    segmentations(model, word, |segments, signs| {
        let bonus = if segments.len() == 1 { margin } else { 0.0 };
        let score = score(model, signs) + bonus;
        if best.as_ref().is_none_or(|(top, _)| score > *top) {
            best = Some((score, segments.to_vec()));
        }
    });
    best.map_or_else(|| vec![whole(word)], |(_, segments)| segments)
}

/// The boundaries of a form of a known word, whose main token is in the table under `=`.
pub fn known_by_token(model: &Model<'_>, word: &Spelled, token: &str) -> Option<Vec<Segment>> {
    let text = word.text(0, word.len());
    let cuts = match model.splits.get(&text) {
        Some(cuts) => cuts,
        None => model.splits.get(&format!("={token}"))?,
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

/// How many signs there are.
pub const SIGNS: usize = 110;

/// Hands over every segmentation of a word with its signs, the whole word first.
pub fn segmentations(
    model: &Model<'_>,
    word: &Spelled,
    mut each: impl FnMut(&[Segment], &[(u16, f32)]),
) {
    let n = word.len();
    let mut signs = Vec::with_capacity(96);
    whole_signs(model, word, &mut signs);
    each(&[whole(word)], &signs);
    if n < MIN_LETTERS || !word.letters().iter().all(|c| c.is_alphabetic()) {
        return;
    }
    let lefts = Lefts::new(model, word);
    let heads: Vec<Option<Head>> = (0..n).map(|at| Head::new(model, word, at)).collect();
    let boundaries: Vec<f32> = (0..n).map(|at| model.facts.boundary(word, at)).collect();
    let mut open: Vec<usize> = Vec::with_capacity(MAX_PARTS);
    let mut segments: Vec<Segment> = Vec::with_capacity(MAX_PARTS);
    let mut ways = 0;
    walk(&lefts, &heads, 0, &mut open, &mut |path, head| {
        ways += 1;
        if ways > MAX_WAYS {
            return false;
        }
        signs.clear();
        segments.clear();
        segments.extend(path.iter().map(|&i| lefts.all[i].segment));
        segments.push(Segment {
            from: head.from,
            to: n,
            link: Link::None,
        });
        split_signs(word, path, &lefts, head, &boundaries, &mut signs);
        each(&segments, &signs);
        true
    });
}

/// Walks over the ways to cut; `false` from the visitor ends the walk.
fn walk(
    lefts: &Lefts,
    heads: &[Option<Head>],
    at: usize,
    path: &mut Vec<usize>,
    each: &mut impl FnMut(&[usize], &Head) -> bool,
) -> bool {
    if at > 0
        && let Some(head) = &heads[at]
        && !each(path, head)
    {
        return false;
    }
    if path.len() + 1 >= MAX_PARTS {
        return true;
    }
    if path
        .first()
        .is_some_and(|&i| lefts.all[i].segment.link == Link::Unknown)
    {
        return true;
    }
    for &i in &lefts.by_start[at] {
        path.push(i);
        let go_on = walk(lefts, heads, lefts.all[i].segment.to, path, each);
        path.pop();
        if !go_on {
            return false;
        }
    }
    true
}

/// A first or middle part.
#[derive(Clone, Copy, Debug)]
struct Left {
    segment: Segment,
    count: u8,
    /// How often it is a first part with this link.
    uses: u8,
    marks: u8,
    strong: bool,
}

/// All possible first and middle parts of a word.
struct Lefts {
    all: Vec<Left>,
    by_start: Vec<Vec<usize>>,
}

impl Lefts {
    fn new(model: &Model<'_>, word: &Spelled) -> Self {
        let n = word.len();
        let mut lefts = Self {
            all: Vec::new(),
            by_start: vec![Vec::new(); n],
        };
        let mut reachable = vec![false; n];
        reachable[0] = true;
        for from in 0..n.saturating_sub(3) {
            if !reachable[from] {
                continue;
            }
            #[expect(clippy::needless_range_loop, reason = "it is a place in the word")]
            for to in from + 2..n - 1 {
                if !word.letters()[from..to].iter().copied().any(is_vowel) && to - from > 2 {
                    continue;
                }
                if let Some(left) = Left::new(model, word, from, to) {
                    reachable[to] = true;
                    lefts.by_start[from].push(lefts.all.len());
                    lefts.all.push(left);
                }
            }
        }
        lefts
    }
}

impl Left {
    fn new(model: &Model<'_>, word: &Spelled, from: usize, to: usize) -> Option<Self> {
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
        if best.is_none() && from == 0 && len >= 4 {
            offer(&mut best, Link::Unknown, FormFacts::default(), 1.5, to);
        }
        best.map(|(_, left)| left)
    }
}

/// A last part.
#[derive(Clone, Copy, Debug)]
struct Head {
    from: usize,
    count: u8,
    stem: u8,
    uses: u8,
    marks: u8,
    vowel: bool,
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
        (facts.count > 0 || stem > 0 && len >= 4).then(|| Self {
            from,
            count: facts.count,
            stem,
            uses,
            marks: facts.marks,
            vowel: letters.iter().copied().any(is_vowel),
        })
    }
}

/// Endings cut off for a rough stem, longest first.
const ENDINGS: [&str; 16] = [
    "ernes", "erne", "enes", "ene", "ens", "ets", "ers", "er", "en", "et", "es", "e", "s", "n",
    "r", "t",
];

/// Letters of the rough stem of a form: an ending and the second of two equal consonants cut off.
pub fn stem_len(letters: &[char]) -> usize {
    let n = letters.len();
    let cut = if !letters
        .last()
        .is_some_and(|c| matches!(c, 's' | 'e' | 'n' | 'r' | 't'))
    {
        0
    } else {
        ENDINGS
            .iter()
            .map(|e| (e, e.len()))
            .find(|(e, len)| n >= len + 3 && letters[n - len..].iter().copied().eq(e.chars()))
            .map_or(0, |(_, len)| len)
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

fn whole_signs(model: &Model<'_>, word: &Spelled, signs: &mut Vec<(u16, f32)>) {
    let n = word.len();
    let facts = model.facts.form(word.run(0, n)).unwrap_or_default();
    let (stem, _) = model.facts.stem(word.run(0, stem_len(word.letters())));
    signs.push((0, log(facts.count)));
    signs.push((1, log(stem)));
    signs.push((2, n as f32 / 10.0));
    if facts.count > 0 {
        signs.push((3, 1.0));
    }
    if facts.is_name() {
        signs.push((4, 1.0));
    }
    if n > 9 {
        signs.push((5, n as f32 / 10.0 - 0.9));
    }
    let lemma = model.facts.lemma(word.run(0, n));
    if lemma.lexicon > 0 {
        signs.push((6, 1.0));
    }
    signs.push((7, log(lemma.hard)));
}

fn split_signs(
    word: &Spelled,
    path: &[usize],
    lefts: &Lefts,
    head: &Head,
    boundaries: &[f32],
    signs: &mut Vec<(u16, f32)>,
) {
    let mut sign = |n: u16, x: f32| signs.push((n, x));
    let n = word.len();
    sign(10, 1.0);
    sign(11, path.len() as f32 - 1.0);
    let mut least = f32::MAX;
    let length = |len: usize, first: bool, sign: &mut dyn FnMut(u16, f32)| {
        match len {
            2 => sign(12, 1.0),
            3 => sign(13, 1.0),
            4 => sign(14, 1.0),
            8.. => sign(15, 1.0),
            _ => {}
        }
        if first && len <= 3 {
            sign(16, 1.0);
        }
    };
    for (at, &i) in path.iter().enumerate() {
        let left = &lefts.all[i];
        let Segment { from, to, link } = left.segment;
        length(to - from, at == 0, &mut sign);
        sign(18, log(left.count));
        sign(19, log(left.uses));
        least = least.min(log(left.count));
        sign(
            match link {
                Link::None => 20,
                Link::S => 21,
                Link::E => 22,
                Link::Er => 23,
                Link::LostE => 24,
                Link::Stem => 25,
                Link::Unknown => 80,
            },
            1.0,
        );
        if left.strong {
            match link {
                Link::None => sign(26, 1.0),
                Link::S => sign(27, 1.0),
                _ => sign(28, 1.0),
            }
        }
        if left.marks & FormFacts::FUNCTION != 0 {
            sign(29, 1.0);
        }
        if left.marks & FormFacts::PREFIX != 0 {
            sign(30, 1.0);
        }
        if left.marks & FormFacts::SUFFIX != 0 {
            sign(77, 1.0);
        }
        if left.marks & FormFacts::COMPOUND != 0 {
            sign(87, 1.0);
        }
        if link == Link::Unknown {
            sign(81, log(head.uses));
            sign(82, (to - from) as f32 / 10.0);
            sign(83, (n - head.from) as f32 / 10.0);
            sign(84, log(head.count));
            if word.letters()[to - 1] == 's' {
                sign(85, 1.0);
            }
        }
        if let Some(odds) = boundaries.get(to).copied() {
            sign(86, odds);
        }
        if left.marks & FormFacts::NAME != 0 {
            sign(31, 1.0);
        }
        if left.uses == 0 {
            sign(32, 1.0);
        }
        if link == Link::None && word.letters()[to] == 's' {
            sign(33, 1.0);
        }
        if left.marks & FormFacts::INFLECTED != 0 {
            sign(if link == Link::None { 34 } else { 35 }, 1.0);
        }
        sign(36 + u16::from(left.marks & FormFacts::CLASS), 1.0);
        let last_vowel = is_vowel(word.letters()[to - 1]);
        let next_vowel = is_vowel(word.letters()[to]);
        sign(70 + u16::from(last_vowel) * 2 + u16::from(next_vowel), 1.0);
        if !word.letters()[from..to].iter().copied().any(is_vowel) {
            sign(74, 1.0);
        }
        if left.count < 18 {
            sign(75, 1.0);
        }
    }
    let len = n - head.from;
    length(len, false, &mut sign);
    sign(40, log(head.count));
    sign(41, log(head.stem));
    sign(42, log(head.uses));
    least = least.min(log(head.stem));
    if head.marks & FormFacts::COMPOUND != 0 {
        sign(88, 1.0);
    }
    if head.marks & FormFacts::SUFFIX != 0 {
        sign(43, 1.0);
    }
    if head.uses == 0 {
        sign(44, 1.0);
    }
    if head.marks & FormFacts::FUNCTION != 0 {
        sign(45, 1.0);
    }
    if !head.vowel {
        sign(46, 1.0);
    }
    if head.count == 0 {
        sign(47, 1.0);
    }
    if head.marks & FormFacts::NAME != 0 {
        sign(48, 1.0);
    }
    if len == 3 {
        sign(49, 1.0);
    }
    let class = u16::from(head.marks & FormFacts::CLASS);
    sign(50 + class, 1.0);
    if let Some(&i) = path.last() {
        let left = u16::from(lefts.all[i].marks & FormFacts::CLASS);
        sign(54 + left * 4 + class, 1.0);
    }
    sign(76, least);
}
