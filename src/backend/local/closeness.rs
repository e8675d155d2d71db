//! How close the words of a question stand to each other in the best hits.
//!
//! Two words in one sentence have more to do with each other than two that are paragraphs apart; what tells best is the least
//! distance between them (Tao and Zhai 2007). To read the positions of everything that matches would take longer than to
//! match it, so only the best hits by their words alone are looked at.

use tantivy::Searcher;

use super::{
    order::Found,
    plan::{Condition, Plan},
    positions::{Lists, Positions},
    weights,
};

/// So many of the best hits are looked at: three pages of them.
pub(super) const BEST: usize = 30;

/// So many words are looked at, the rarest: of a whole text pasted as a question, they tell enough.
const WORDS: usize = 8;

/// Words that are looked for in more lists than these are not looked at.
const LISTS: usize = 256;

/// The words of a question that must all be there.
pub(super) struct Words<'a>(Vec<Word<'a>>);

struct Word<'a> {
    lists: Lists<'a>,
    idf: f32,
}

impl<'a> Words<'a> {
    /// The words of a plan; none if there are not two that could be close.
    pub(super) fn of(plan: &'a Plan) -> Option<Self> {
        let Condition::All { must, .. } = &plan.root else {
            return None;
        };
        let words = must.iter().filter_map(|condition| {
            let idf = idf(condition)?;
            let lists = Lists::of(plan, condition);
            Some(Word { lists, idf })
        });
        let mut words: Vec<Word<'_>> = words.filter(|word| word.lists.len() <= LISTS).collect();
        words.sort_by(|a, b| b.idf.total_cmp(&a.idf));
        let mut rarest: Vec<Word<'_>> = Vec::new();
        for word in words {
            // a word that is asked for twice is close to itself
            let is_new = rarest.iter().all(|known| known.lists != word.lists);
            if is_new && rarest.len() < WORDS {
                rarest.push(word);
            }
        }
        (rarest.len() > 1).then_some(Self(rarest))
    }

    /// What the closeness of the words adds to the score of each hit.
    pub(super) fn scores(&self, searcher: &Searcher, found: &[Found]) -> tantivy::Result<Vec<f32>> {
        let words = self.0.iter();
        let positions = words.map(|word| word.lists.positions(searcher, found));
        let positions: Vec<Vec<Positions>> = positions.collect::<tantivy::Result<_>>()?;
        // a word has a part in as many pairs as there are others
        let weight = weights::CLOSE * 2.0 / self.0.len() as f32;
        let mut scores = vec![0.0; found.len()];
        for (nth, (word, here)) in self.0.iter().zip(&positions).enumerate() {
            for (other, there) in self.0.iter().zip(&positions).skip(nth + 1) {
                let rarity = word.idf.min(other.idf);
                for (score, (a, b)) in scores.iter_mut().zip(here.iter().zip(there)) {
                    *score += weight * rarity * closeness(a, b);
                }
            }
        }
        Ok(scores)
    }
}

/// The weight of a word, or the least of several of which one is enough; none of what is not ranked.
fn idf(condition: &Condition) -> Option<f32> {
    match condition {
        Condition::Word(word) => Some(word.idf),
        Condition::Passage(passage) => Some(passage.idf),
        Condition::Any(conditions) => {
            let idfs = conditions.iter().map(idf).collect::<Option<Vec<f32>>>()?;
            idfs.into_iter().reduce(f32::min)
        }
        _ => None,
    }
}

/// How close two words come in headline or body, from 0 to 1.
fn closeness(a: &Positions, b: &Positions) -> f32 {
    let headline = least_distance(&a.headline, &b.headline);
    let body = least_distance(&a.body, &b.body);
    let distance = headline.into_iter().chain(body).min();
    distance.map_or(0.0, |words| {
        weights::CLOSE_HALF / (weights::CLOSE_HALF + words as f32)
    })
}

/// The least distance between a position of one and one of the other, each in order.
fn least_distance(a: &[u32], b: &[u32]) -> Option<u32> {
    let (mut a, mut b) = (a, b);
    let mut least: Option<u32> = None;
    while let (Some((&x, after_x)), Some((&y, after_y))) = (a.split_first(), b.split_first()) {
        let distance = x.abs_diff(y);
        least = Some(least.map_or(distance, |least| least.min(distance)));
        match x < y {
            true => a = after_x,
            false => b = after_y,
        }
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        backend::local::{lower::lower, questions::*},
        query::Query,
    };

    #[test]
    fn few_words_are_looked_at_and_each_once() {
        let text_of_ten = "Havnen byen skoven broen vejen toget flyet skibet bilen cyklen";
        let index = index(&[item("a", text_of_ten)], 1);
        let searcher = index.reader.searcher();
        let looked_at = |asked: &str| {
            let words = asked.split(' ').map(|w| text(word(w)));
            let request = request(Query::And(words.collect()));
            let plan = lower(&index, &searcher, &request).unwrap().plan;
            Words::of(&plan).map_or(0, |words| words.0.len())
        };
        assert_eq!(looked_at("havn by"), 2);
        assert_eq!(looked_at("havn havn"), 0);
        assert_eq!(looked_at("havn by havn by havn"), 2);
        assert_eq!(looked_at(text_of_ten), WORDS);
    }

    #[test]
    fn the_least_distance_is_between_any_two() {
        assert_eq!(least_distance(&[1, 40], &[20, 43]), Some(3));
        assert_eq!(least_distance(&[43], &[1, 40, 90]), Some(3));
        assert_eq!(least_distance(&[7], &[7]), Some(0));
        assert_eq!(least_distance(&[7], &[]), None);
    }

    #[test]
    fn only_words_of_one_text_are_close() {
        let at = |headline: &[u32], body: &[u32]| Positions {
            headline: headline.to_vec(),
            body: body.to_vec(),
        };
        assert_eq!(closeness(&at(&[3], &[]), &at(&[], &[3])), 0.0);
        let near = closeness(&at(&[], &[3]), &at(&[], &[4]));
        let far = closeness(&at(&[], &[3]), &at(&[], &[90]));
        assert!(0.8 < near && near < 1.0 && far < 0.1, "{near} {far}");
    }
}
