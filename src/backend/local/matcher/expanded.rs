//! Truncated and misspelt words: thousands of lists, so a set of documents is made of them at once.

use tantivy::{DocId, SegmentReader, TERMINATED, schema::IndexRecordOption};

use super::{
    super::{plan::Terms, weights},
    Cursor, Node, Opening,
    window::Window,
};

/// Documents that have one of many terms; ranked by the zone that has it.
pub(super) struct Expanded {
    any: Bits,
    headline: Bits,
    body: Bits,
    scored: bool,
    doc: DocId,
    cost: u64,
}

impl Expanded {
    pub(super) fn open(
        opening: &Opening<'_>,
        headline: &[Terms],
        body: &[Terms],
    ) -> tantivy::Result<Node> {
        let here = |terms: &&Terms| !terms.found[opening.place].is_empty();
        if !headline.iter().chain(body).any(|t| here(&t)) {
            return Ok(Node::Empty);
        }
        let fill = |terms: &[Terms]| {
            let mut bits = Bits::none(opening.segment);
            for terms in terms {
                bits.add(opening, terms)?;
            }
            tantivy::Result::Ok(bits)
        };
        let (headline, body) = (fill(headline)?, fill(body)?);
        let any = headline.or(&body);
        let mut expanded = Self {
            cost: any.len(),
            any,
            headline,
            body,
            scored: opening.scored,
            doc: 0,
        };
        expanded.doc = expanded.any.next(0);
        Ok(Node::Expanded(expanded))
    }

    pub(super) fn fill(&mut self, window: &mut Window) {
        let (base, end) = (window.base(), window.end());
        if self.scored {
            let headline = self.headline.words(base, end);
            window.mark_words(headline, weights::EXPANDED_HEADLINE);
            window.mark_words(self.body.words(base, end), weights::EXPANDED);
        } else {
            window.mark_words(self.any.words(base, end), 0.0);
        }
    }

    pub(super) fn score(&self) -> f32 {
        let mut score = 0.0;
        if self.scored && self.headline.has(self.doc) {
            score += weights::EXPANDED_HEADLINE;
        }
        if self.scored && self.body.has(self.doc) {
            score += weights::EXPANDED;
        }
        score
    }
}

impl Cursor for Expanded {
    fn doc(&self) -> DocId {
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target > self.doc {
            self.doc = self.any.next(target);
        }
        self.doc
    }

    fn cost(&self) -> u64 {
        self.cost
    }
}

/// A set of the documents of a segment, one bit each.
struct Bits(Vec<u64>);

impl Bits {
    fn none(segment: &SegmentReader) -> Self {
        Self(vec![0; (segment.max_doc() as usize).div_ceil(64)])
    }

    fn add(&mut self, opening: &Opening<'_>, terms: &Terms) -> tantivy::Result<()> {
        let found = &terms.found[opening.place];
        let Some(first) = found.first() else {
            return Ok(());
        };
        let index = opening.segment.inverted_index(terms.field)?;
        let mut block = index.read_block_postings_from_terminfo(first, IndexRecordOption::Basic)?;
        for (i, info) in found.iter().enumerate() {
            if i > 0 {
                index.reset_block_postings_from_terminfo(info, &mut block)?;
            }
            while !block.docs().is_empty() {
                for &doc in block.docs() {
                    match self.0.get_mut(doc as usize / 64) {
                        Some(word) => *word |= 1 << (doc % 64),
                        None => opening.damage.found(),
                    }
                }
                block.advance();
            }
        }
        Ok(())
    }

    fn or(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a | b).collect())
    }

    fn len(&self) -> u64 {
        self.0.iter().map(|w| u64::from(w.count_ones())).sum()
    }

    fn has(&self, doc: DocId) -> bool {
        let word = self.0.get(doc as usize / 64);
        word.is_some_and(|w| w >> (doc % 64) & 1 == 1)
    }

    /// The words of the documents from `base` on, which begins a word, up to `end`.
    fn words(&self, base: DocId, end: DocId) -> &[u64] {
        let end = (end as usize / 64).min(self.0.len());
        self.0.get(base as usize / 64..end).unwrap_or_default()
    }

    /// The first document at or after `target`.
    fn next(&self, target: DocId) -> DocId {
        let mut place = target as usize / 64;
        let Some(word) = self.0.get(place) else {
            return TERMINATED;
        };
        let mut word = word & (u64::MAX << (target % 64));
        while word == 0 {
            place += 1;
            match self.0.get(place) {
                Some(&next) => word = next,
                None => return TERMINATED,
            }
        }
        place as DocId * 64 + word.trailing_zeros()
    }
}
