//! The signs for and against a segmentation: numbers of weights, and how much each counts.
//!
//! Most belong to one part; only those of the whole path are counted anew for each way to cut a word.

use super::parts::{Head, Left, stem_len};
use super::{Link, Segment};
use crate::danish::facts::{FormFacts, log};
use crate::danish::model::Model;
use crate::danish::signs::{Signs, Weighed};
use crate::danish::spelled::{Spelled, is_vowel};

/// How many signs there are.
pub const SIGNS: usize = 110;

/// What signs weigh together.
pub(super) fn weigh<'m>(model: &Model<'m>, signs: impl FnOnce(&mut Weighed<'m>)) -> f32 {
    let mut weighed = Weighed::by(model.split_weights);
    signs(&mut weighed);
    weighed.sum()
}

/// The signs of a word that is left whole.
pub(super) fn whole_signs(model: &Model<'_>, word: &Spelled, signs: &mut impl Signs) {
    let mut sign = |number, value| signs.add(number, value);
    let n = word.len();
    let facts = model.facts.form(word.run(0, n)).unwrap_or_default();
    let (stem, _) = model.facts.stem(word.run(0, stem_len(word.letters())));
    sign(0, log(facts.count));
    sign(1, log(stem));
    sign(2, n as f32 / 10.0);
    if facts.count > 0 {
        sign(3, 1.0);
    }
    if facts.is_name() {
        sign(4, 1.0);
    }
    if n > 9 {
        sign(5, n as f32 / 10.0 - 0.9);
    }
    let lemma = model.facts.lemma(word.run(0, n));
    if lemma.lexicon > 0 {
        sign(6, 1.0);
    }
    sign(7, log(lemma.hard));
}

/// The signs of a length, of a first part or another.
fn length_signs(len: usize, first: bool, signs: &mut impl Signs) {
    let mut sign = |number, value| signs.add(number, value);
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
}

/// The signs of a first or middle part.
pub(super) fn left_signs(model: &Model<'_>, word: &Spelled, left: &Left, signs: &mut impl Signs) {
    let Segment { from, to, link } = left.segment;
    let letters = word.letters();
    let marked = |mark: u8| left.marks & mark != 0;
    length_signs(to - from, from == 0, signs);
    let mut sign = |number, value| signs.add(number, value);
    sign(18, log(left.count));
    sign(19, log(left.uses));
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
    for (mark, number) in [
        (FormFacts::FUNCTION, 29),
        (FormFacts::PREFIX, 30),
        (FormFacts::SUFFIX, 77),
        (FormFacts::COMPOUND, 87),
        (FormFacts::NAME, 31),
    ] {
        if marked(mark) {
            sign(number, 1.0);
        }
    }
    if link == Link::Unknown {
        // the head follows at once
        sign(82, (to - from) as f32 / 10.0);
        sign(83, (word.len() - to) as f32 / 10.0);
        if letters[to - 1] == 's' {
            sign(85, 1.0);
        }
    }
    sign(86, model.facts.boundary(word, to));
    if left.uses == 0 {
        sign(32, 1.0);
    }
    if link == Link::None && letters[to] == 's' {
        sign(33, 1.0);
    }
    if marked(FormFacts::INFLECTED) {
        sign(if link == Link::None { 34 } else { 35 }, 1.0);
    }
    sign(36 + usize::from(left.marks & FormFacts::CLASS), 1.0);
    let last_vowel = is_vowel(letters[to - 1]);
    let next_vowel = is_vowel(letters[to]);
    sign(
        70 + usize::from(last_vowel) * 2 + usize::from(next_vowel),
        1.0,
    );
    if !letters[from..to].iter().copied().any(is_vowel) {
        sign(74, 1.0);
    }
    if left.count < 18 {
        sign(75, 1.0);
    }
}

/// The signs of a last part.
pub(super) fn head_signs(word: &Spelled, head: &Head, signs: &mut impl Signs) {
    let marked = |mark: u8| head.marks & mark != 0;
    let len = word.len() - head.from;
    length_signs(len, false, signs);
    let mut sign = |number, value| signs.add(number, value);
    sign(40, log(head.count));
    sign(41, log(head.stem));
    sign(42, log(head.uses));
    for (mark, number) in [
        (FormFacts::COMPOUND, 88),
        (FormFacts::SUFFIX, 43),
        (FormFacts::FUNCTION, 45),
        (FormFacts::NAME, 48),
    ] {
        if marked(mark) {
            sign(number, 1.0);
        }
    }
    if head.uses == 0 {
        sign(44, 1.0);
    }
    if !head.vowel {
        sign(46, 1.0);
    }
    if head.count == 0 {
        sign(47, 1.0);
    }
    if len == 3 {
        sign(49, 1.0);
    }
    sign(50 + usize::from(head.marks & FormFacts::CLASS), 1.0);
}

/// The signs of a path as a whole: first and middle parts, and the head.
pub(super) fn path_signs(path: &[&Left], head: &Head, signs: &mut impl Signs) {
    let mut sign = |number, value| signs.add(number, value);
    sign(10, 1.0);
    sign(11, path.len() as f32 - 1.0);
    let class = usize::from(head.marks & FormFacts::CLASS);
    if let Some(last) = path.last() {
        let left = usize::from(last.marks & FormFacts::CLASS);
        sign(54 + left * 4 + class, 1.0);
        if last.segment.link == Link::Unknown {
            sign(81, log(head.uses));
            sign(84, log(head.count));
        }
    }
    let counts = path.iter().map(|l| l.count);
    sign(76, log(counts.fold(head.stem, u8::min)));
}
