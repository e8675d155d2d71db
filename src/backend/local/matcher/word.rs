//! A word in all its forms: one condition, one score.

use tantivy::{DocId, TERMINATED, schema::IndexRecordOption};

use super::{
    super::{plan, weights},
    Cursor, Node, Norms, Opening,
    passage::Passage,
    postings::Postings,
    window::Window,
};

/// Documents that have a word in one of its forms.
pub(super) struct Word {
    /// In the order of the plan, in which scores are added up.
    lists: Vec<List>,
    /// Places of the lists, the longest first: it most often settles where the next document is.
    order: Vec<usize>,
    norms: Vec<Norms>,
    /// The same written apart; looked at where no list has the document.
    apart: Option<Box<Passage>>,
    /// What is written apart in a window.
    apart_window: Option<Box<Window>>,
    /// Whether a list has the document.
    in_lists: bool,
    scored: bool,
    /// The score of endless mentions.
    most: f32,
    doc: DocId,
    cost: u64,
}

struct List {
    postings: Postings,
    weight: f32,
    /// Place of the norms.
    norms: usize,
}

impl List {
    /// What the mentions in a document count.
    #[inline]
    fn weighed(&mut self, doc: DocId, norms: &[Norms]) -> f32 {
        if self.postings.seek(doc) != doc {
            return 0.0;
        }
        self.weight * norms[self.norms].scale(doc) * self.postings.frequency() as f32
    }
}

/// The norms of the zones that a word's lists need.
#[derive(Default)]
struct Zones {
    numbers: Vec<usize>,
    norms: Vec<Norms>,
}

impl Zones {
    /// Opens the lists that the segment has.
    fn open(
        &mut self,
        opening: &mut Opening<'_>,
        forms: &[plan::Form],
    ) -> tantivy::Result<Vec<List>> {
        let option = if opening.scored {
            IndexRecordOption::WithFreqs
        } else {
            IndexRecordOption::Basic
        };
        let mut lists = Vec::with_capacity(forms.len());
        for form in forms {
            for info in &form.terms.found[opening.place] {
                let (field, damage) = (form.terms.field, &opening.damage);
                let postings = Postings::open(opening.segment, field, info, option, damage)?;
                let norms = match self.numbers.iter().position(|&z| z == form.zone) {
                    Some(place) => place,
                    None => {
                        self.numbers.push(form.zone);
                        self.norms.push(opening.norms(form.zone)?);
                        self.norms.len() - 1
                    }
                };
                lists.push(List {
                    postings,
                    weight: form.weight,
                    norms,
                });
            }
        }
        Ok(lists)
    }
}

impl Word {
    pub(super) fn open(opening: &mut Opening<'_>, word: &plan::Word) -> tantivy::Result<Node> {
        let mut norms = Zones::default();
        let lists = norms.open(opening, &word.forms)?;
        let apart = match &word.apart {
            Some(apart) => Passage::open(opening, apart)?,
            None => None,
        };
        if lists.is_empty() && apart.is_none() {
            return Ok(Node::Empty);
        }
        let mut order: Vec<usize> = (0..lists.len()).collect();
        order.sort_by_key(|&i| std::cmp::Reverse(lists[i].postings.cost()));
        let mut word = Self {
            cost: lists.iter().map(|l| l.postings.cost()).sum(),
            scored: opening.scored,
            most: word.idf * (weights::K1 + 1.0),
            lists,
            order,
            norms: norms.norms,
            apart: apart.map(Box::new),
            apart_window: None,
            in_lists: false,
            doc: 0,
        };
        word.find(0);
        Ok(Node::Word(Box::new(word)))
    }

    pub(super) fn confirm(&mut self) -> bool {
        self.in_lists || self.apart.as_mut().is_some_and(|a| a.confirm())
    }

    /// Whether it takes no positions.
    pub(super) fn is_cheap(&self) -> bool {
        self.apart.is_none()
    }

    pub(super) fn fill(&mut self, window: &mut Window) {
        for list in &mut self.lists {
            list.postings.seek(window.start());
            if self.scored {
                let norms = &self.norms[list.norms];
                list.postings.weigh(window, norms, list.weight);
            } else {
                list.postings.mark(window);
            }
        }
        if let Some(apart) = &mut self.apart {
            let part = self
                .apart_window
                .get_or_insert_with(|| Box::new(Window::new()));
            part.move_with(window);
            apart.fill(part);
            part.each_from(0.0, |doc, weighed| {
                if !window.has(doc) {
                    window.set(doc, weighed * weights::APART);
                }
            });
        }
    }

    /// The score of weighed mentions.
    #[inline]
    pub(super) fn score_of(&self, mentions: f32) -> f32 {
        saturated(mentions, self.most)
    }

    /// The weighed mentions that a score takes; rather too few than too many.
    pub(super) fn mentions_for(&self, score: f32) -> f32 {
        mentions_for(score, self.most)
    }

    pub(super) fn score(&mut self) -> f32 {
        if !self.scored {
            return 0.0;
        }
        let doc = self.doc;
        if !self.in_lists {
            let weighed = self.apart.as_ref().map_or(0.0, |a| a.weighed());
            return self.score_of(weighed * weights::APART);
        }
        let mut mentions = 0.0;
        for list in &mut self.lists {
            mentions += list.weighed(doc, &self.norms);
        }
        self.score_of(mentions)
    }

    #[inline]
    fn find(&mut self, target: DocId) -> DocId {
        let mut first = TERMINATED;
        for &i in &self.order {
            let doc = self.lists[i].postings.seek(target);
            if doc == target {
                self.in_lists = true;
                self.doc = target;
                return target;
            }
            first = first.min(doc);
        }
        self.in_lists = true;
        if let Some(apart) = &mut self.apart {
            let found = apart.seek(target);
            if found < first {
                self.in_lists = false;
                first = found;
            }
        }
        self.doc = first;
        first
    }
}

impl Cursor for Word {
    #[inline]
    fn doc(&self) -> DocId {
        self.doc
    }

    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc {
            return self.doc;
        }
        self.find(target)
    }

    fn cost(&self) -> u64 {
        self.cost + self.apart.as_ref().map_or(0, |a| a.cost())
    }
}

/// BM25's saturation of weighed mentions, up to `most`.
#[inline]
pub(super) fn saturated(mentions: f32, most: f32) -> f32 {
    most * mentions / (weights::K1 + mentions)
}

/// The weighed mentions that such a score takes; rather too few than too many.
pub(super) fn mentions_for(score: f32, most: f32) -> f32 {
    // a part in a thousand is many times what rounding can make of it, unless the score is all but the highest
    if score < most * 0.99 {
        weights::K1 * score / (most - score) * 0.999
    } else {
        0.0
    }
}
