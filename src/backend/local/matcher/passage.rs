//! Passages as a condition: positions are read for documents on which everything else agrees.

use tantivy::{DocId, TERMINATED};

use super::{
    super::{plan, weights},
    Cursor, MANY, Node, Norms, Opening, connect,
    spans::{self, Span, Spans},
    window::Window,
    word::{mentions_for, saturated},
};

/// Documents that have a passage in one of several places.
pub(super) struct Passage {
    places: Vec<Place>,
    /// The documents that may have it, where going through whole lists finds them faster than seeking.
    candidates: Option<Box<(Node, Window)>>,
    times: u32,
    scored: bool,
    /// The score of endless mentions.
    most: f32,
    /// Of the document confirmed last: its mentions, weighed.
    weighed: f32,
    doc: DocId,
    found: Vec<Span>,
}

struct Place {
    spans: Spans,
    norms: Option<Norms>,
}

impl Passage {
    /// None if no document of the segment can have it.
    pub(super) fn open(
        opening: &mut Opening<'_>,
        passage: &plan::Passage,
    ) -> tantivy::Result<Option<Self>> {
        let mut places = Vec::new();
        for (zone, spans) in &passage.places {
            if let Some(spans) = Spans::open(opening, spans)? {
                let norms = match zone {
                    Some(zone) if opening.scored => Some(opening.norms(*zone)?),
                    _ => None,
                };
                places.push(Place { spans, norms });
            }
        }
        if places.is_empty() {
            return Ok(None);
        }
        let mut passage = Self {
            candidates: candidates(opening, passage, &places)?,
            places,
            times: passage.times,
            scored: opening.scored,
            most: passage.idf * (weights::K1 + 1.0),
            weighed: 0.0,
            doc: 0,
            found: Vec::new(),
        };
        passage.find(0);
        Ok(Some(passage))
    }

    /// Whether filling windows is faster than going from document to document.
    pub(super) fn is_dense(&self) -> bool {
        self.candidates.is_some()
    }

    /// Marks the window's documents with their weighed mentions.
    pub(super) fn fill(&mut self, window: &mut Window) {
        let Some(mut candidates) = self.candidates.take() else {
            let mut doc = self.seek(window.start());
            while doc < window.end() {
                if self.confirm() {
                    window.set(doc, self.weighed);
                }
                doc = self.seek(doc + 1);
            }
            return;
        };
        let (node, part) = candidates.as_mut();
        node.seek(window.start());
        part.move_with(window);
        node.fill(part);
        part.each_from(0.0, |doc, _| {
            if self.seek(doc) == doc && self.confirm() {
                window.set(doc, self.weighed);
            }
        });
        self.candidates = Some(candidates);
    }

    /// The score of weighed mentions.
    #[inline]
    pub(super) fn score_of(&self, weighed: f32) -> f32 {
        if self.scored {
            saturated(weighed, self.most)
        } else {
            0.0
        }
    }

    /// The weighed mentions that a score takes; rather too few than too many.
    pub(super) fn mentions_for(&self, score: f32) -> f32 {
        mentions_for(score, self.most)
    }

    /// The mentions, weighed, in the document confirmed last.
    pub(super) fn weighed(&self) -> f32 {
        self.weighed
    }

    /// Reads the positions; counts the mentions only as far as the answer or the score needs them.
    pub(super) fn confirm(&mut self) -> bool {
        let mut mentions = 0;
        self.weighed = 0.0;
        for place in &mut self.places {
            if place.spans.doc() != self.doc {
                continue;
            }
            self.found.clear();
            place.spans.spans(&mut self.found);
            let here = starts(&self.found);
            mentions += here;
            if let Some(norms) = &place.norms {
                self.weighed += here as f32 * norms.scale(self.doc);
            } else if mentions >= self.times {
                return true;
            }
        }
        mentions >= self.times
    }

    pub(super) fn score(&self) -> f32 {
        self.score_of(self.weighed)
    }

    fn find(&mut self, target: DocId) -> DocId {
        let seek = |p: &mut Place| p.spans.seek(target);
        let first = self.places.iter_mut().map(seek).min();
        self.doc = first.unwrap_or(TERMINATED);
        self.doc
    }
}

/// The documents that may have the passage, if there are so many that whole windows pay.
fn candidates(
    opening: &Opening<'_>,
    passage: &plan::Passage,
    places: &[Place],
) -> tantivy::Result<Option<Box<(Node, Window)>>> {
    if places.iter().map(|p| p.spans.cost()).sum::<u64>() < MANY {
        return Ok(None);
    }
    let nodes = passage.places.iter();
    let nodes = nodes.map(|(_, spans)| spans::candidates(opening, spans));
    let node = connect::any(nodes.collect::<tantivy::Result<_>>()?, false);
    let dense = node.is_cheap() && node.is_dense();
    Ok(dense.then(|| Box::new((node, Window::new()))))
}

/// How many mentions: spans that begin at the same word are one.
pub(super) fn starts(spans: &[Span]) -> u32 {
    let mut count = 0;
    let mut last = None;
    for span in spans {
        if last != Some(span.start) {
            count += 1;
            last = Some(span.start);
        }
    }
    count
}

impl Cursor for Passage {
    fn doc(&self) -> DocId {
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc {
            return self.doc;
        }
        self.find(target)
    }

    fn cost(&self) -> u64 {
        self.places.iter().map(|p| p.spans.cost()).sum()
    }
}
