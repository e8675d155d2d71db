//! What may be a part of a compound: by its letters, and by what is known of it.

use super::signs::{head_signs, left_signs, weigh};
use super::{Link, Segment};
use crate::danish::facts::{FormFacts, log};
use crate::danish::model::Model;
use crate::danish::spelled::{MAX_LETTERS, Run, Spelled, is_vowel};

/// Whether two letters are a word that can be a part.
fn is_short(letters: &[char]) -> bool {
    matches!(
        letters,
        ['e', 'l' | 'd' | 'u']
            | ['b', 'y' | 'i' | 'o']
            | ['ø', 'l' | 's']
            | ['i', 's' | 't' | 'd']
            | ['t', 'v' | 'å' | 'o' | 'e']
            | ['u', 'r' | 'v']
            | ['s', 'ø' | 'y']
            | ['å', 'l' | 'r']
            | ['æ', 'g']
            | ['k', 'o']
            | ['r', 'y']
            | ['n', 'i']
            | ['l', 'å']
            | ['v', 'i' | 'e']
            | ['f', 'n']
    )
}

/// All that may be parts of a word.
pub(super) struct Parts {
    /// First and middle parts, by their first letter.
    lefts: Vec<Left>,
    /// For each letter, the first of those that begin there or later.
    starts: [u16; MAX_LETTERS + 1],
    /// Last parts, by their first letter.
    heads: Vec<Head>,
    /// A bit for each letter that a last part begins at.
    headed: u64,
    /// A bit for each letter from which some way leads to a last part, or at which one begins.
    ends_well: u64,
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
        let mut parts = Self {
            lefts: Vec::with_capacity(16),
            starts: [0; MAX_LETTERS + 1],
            heads: Vec::with_capacity(8),
            headed: 0,
            ends_well: 0,
        };
        for from in 2..n {
            if let Some(head) = Head::new(model, word, from) {
                parts.heads.push(head);
                parts.headed |= 1 << from;
            }
        }
        let Some(last) = parts.heads.last().map(|head| head.from) else {
            return parts;
        };
        let mut vowels = 0u64;
        for (at, &c) in word.letters().iter().enumerate() {
            vowels |= u64::from(is_vowel(c)) << at;
        }
        let mut reachable = 1u64;
        for from in 0..n {
            parts.starts[from] = parts.lefts.len() as u16;
            if reachable >> from & 1 == 0 {
                continue;
            }
            let mut forms = Forms::new(model, word, from, last);
            for to in from + 2..=last {
                forms.go_on(to);
                if from > 0 && to > forms.known + LONGEST_ENDING {
                    break;
                }
                let without_vowel = vowels >> from & ((1 << (to - from)) - 1) == 0;
                if without_vowel && to - from > 2 {
                    continue;
                }
                let headed = parts.headed >> to & 1 == 1;
                if let Some(left) = Left::new(&forms, to, headed) {
                    // nothing but a head stands behind a part of which nothing is known
                    if left.segment.link != Link::Unknown {
                        reachable |= 1 << to;
                    }
                    parts.lefts.push(left);
                }
            }
        }
        parts.starts[n] = parts.lefts.len() as u16;
        parts.weigh_lefts(model, word);
        parts
    }

    /// Weighs the first and middle parts from which some way leads to a last part.
    fn weigh_lefts(&mut self, model: &Model<'_>, word: &Spelled) {
        self.ends_well = self.headed;
        for left in self.lefts.iter_mut().rev() {
            let Segment { from, to, .. } = left.segment;
            if self.ends_well >> to & 1 == 1 {
                self.ends_well |= 1 << from;
                left.score = weigh(model, |signs| left_signs(model, word, left, signs));
            }
        }
    }

    /// Whether a last part stands behind a letter, at once or after others.
    pub(super) fn ends_well(&self, from: usize) -> bool {
        self.ends_well >> from & 1 == 1
    }

    /// The first or middle parts that begin at a letter.
    pub(super) fn lefts_at(&self, from: usize) -> &[Left] {
        &self.lefts[self.starts[from].into()..self.starts[from + 1].into()]
    }

    /// The last part that begins at a letter.
    pub(super) fn head_at(&self, from: usize) -> Option<&Head> {
        let bit = 1 << from;
        let before = (self.headed & (bit - 1)).count_ones();
        (self.headed & bit != 0).then(|| &self.heads[before as usize])
    }
}

/// Letters that the rough stem of a form is shorter at most.
const LONGEST_ENDING: usize = 6;

/// The forms that begin at a letter of a word, asked for one end after the other.
struct Forms<'w, 'm> {
    model: &'w Model<'m>,
    word: &'w Spelled,
    from: usize,
    /// No form and no stem begins with the letters up to a place behind this one.
    known: usize,
    /// The forms up to the last end, to the place before it, and to the one before that.
    last: [Option<FormFacts>; 3],
}

impl<'w, 'm> Forms<'w, 'm> {
    fn new(model: &'w Model<'m>, word: &'w Spelled, from: usize, end: usize) -> Self {
        let begins = |to: &usize| model.facts.may_begin(word.run(from, *to));
        let known = (from + 2..=end).take_while(begins).last();
        Self {
            model,
            word,
            from,
            known: known.unwrap_or(from),
            last: [None; 3],
        }
    }

    /// Goes on to the next end.
    fn go_on(&mut self, to: usize) {
        let [last, before, _] = self.last;
        self.last = [self.seen(to, |run| run), last, before];
    }

    /// The form up to a place, with a lost -e.
    fn with_e(&self, to: usize) -> Option<FormFacts> {
        self.seen(to, |run| run.then('e'))
    }

    /// The form made from the letters up to a place, if it is seen.
    fn seen(&self, to: usize, made: impl FnOnce(Run) -> Run) -> Option<FormFacts> {
        if to > self.known {
            return None;
        }
        let run = made(self.word.run(self.from, to));
        self.model.facts.form(run).filter(|form| form.count > 0)
    }

    /// How often forms of the stem of the letters up to a place are seen.
    fn stem(&self, to: usize) -> u8 {
        if to > self.known + LONGEST_ENDING {
            return 0;
        }
        let end = self.from + stem_len(&self.word.letters()[self.from..to]);
        match end <= self.known {
            true => self.model.facts.stem(self.word.run(self.from, end)).0,
            false => 0,
        }
    }
}

impl Left {
    /// The likeliest reading of the letters up to the last end as a part, not yet weighed; `headed` says whether a last
    /// part may begin behind them.
    fn new(forms: &Forms<'_, '_>, to: usize, headed: bool) -> Option<Self> {
        let from = forms.from;
        let len = to - from;
        let letters = &forms.word.letters()[from..to];
        let [whole, shorter, shortest] = forms.last;

        let mut best = Best::default();
        if (len >= 3 || is_short(letters))
            && let Some(facts) = whole
        {
            best.offer(Link::None, facts, 0.0);
        }
        // have|ejer, køler|væske: what is a word by itself has no linking letters
        let itself = whole.is_some_and(|f| !f.is_inflected());
        if !itself {
            match letters {
                [.., 's'] if len > 3 => {
                    if let Some(facts) = shorter.or_else(|| forms.with_e(to - 1)) {
                        best.offer(Link::S, facts, 0.2);
                    }
                }
                [.., 'e'] if len > 3 => {
                    if let Some(facts) = shorter {
                        best.offer(Link::E, facts, 0.2);
                    }
                }
                _ => {}
            }
            if len > 4
                && matches!(letters, [.., 'e', 'r' | 'n'] | [.., 't', 'e'])
                && let Some(facts) = shortest
            {
                best.offer(Link::Er, facts, 1.5);
            }
        }
        if len >= 4 && best.reading.is_none() {
            if let Some(facts) = forms.with_e(to) {
                best.offer(Link::LostE, facts, 1.5);
            } else {
                let count = forms.stem(to);
                if count > 0 {
                    let facts = FormFacts {
                        count,
                        ..FormFacts::default()
                    };
                    best.offer(Link::Stem, facts, 1.5);
                } else if from == 0 && headed {
                    best.offer(Link::Unknown, FormFacts::default(), 1.5);
                }
            }
        }

        let (link, facts) = best.reading?;
        Some(Self {
            segment: Segment { from, to, link },
            count: facts.count,
            uses: uses(link, facts),
            marks: facts.marks,
            strong: takes_s(&letters[..len - link.letters()]),
            score: 0.0,
        })
    }
}

/// The likeliest reading of a part so far.
#[derive(Default)]
struct Best {
    reading: Option<(Link, FormFacts)>,
    score: f32,
}

impl Best {
    #[inline]
    fn offer(&mut self, link: Link, facts: FormFacts, malus: f32) {
        let score = log(facts.count) * 0.5 + log(uses(link, facts)) * 1.5 - malus;
        if self.reading.is_none() || score > self.score {
            *self = Self {
                reading: Some((link, facts)),
                score,
            };
        }
    }
}

/// How often a word is a first part with a link.
#[inline]
fn uses(link: Link, facts: FormFacts) -> u8 {
    match link {
        Link::S => facts.left[1],
        Link::E => facts.left[2],
        _ => facts.left[0],
    }
}

impl Head {
    fn new(model: &Model<'_>, word: &Spelled, from: usize) -> Option<Self> {
        let n = word.len();
        let len = n - from;
        let letters = &word.letters()[from..];
        if len < 3 && !is_short(letters) {
            return None;
        }
        let facts = model.facts.form(word.run(from, n)).unwrap_or_default();
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
        head.score = weigh(model, |signs| head_signs(word, &head, signs));
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

/// Whether a word takes -s- as the first part of a compound, as a rule, by its end.
fn takes_s(letters: &[char]) -> bool {
    matches!(
        letters,
        [_, .., 'i', 'n', 'g']
            | [_, .., 'h', 'e', 'd']
            | [_, .., 's', 'k', 'a', 'b']
            | [_, .., 'i', 'o', 'n']
            | [_, .., 't', 'e', 't']
            | [_, .., 'e', 'l', 's', 'e']
            | [_, .., 'd', 'o', 'm']
            | [_, .., 's', 'e', 'l']
            | [_, .., 'h', 'o', 'l', 'd']
            | [_, .., 'g', 'a', 'n', 'g']
            | [_, .., 'u', 'm']
    )
}
