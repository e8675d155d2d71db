//! Documents removed, in the order of what was added.
//!
//! Of the documents that its own writer adds, the engine knows which came before a removal. To segments that it is given it
//! applies removals that came before them, too; so what removes a document says itself which of them it is for.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tantivy::{
    DocId, Score, SegmentReader, Term,
    index::SegmentId,
    query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, TermQuery, Weight},
    schema::IndexRecordOption,
};

/// The segments that a writer has filled, in their order.
#[derive(Debug, Default)]
pub(super) struct Sealed(Mutex<HashMap<SegmentId, usize>>);

impl Sealed {
    /// Notes that a segment is full: what is removed from now on is removed from it, too.
    pub(super) fn note(&self, segment: SegmentId) {
        let mut sealed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = sealed.len();
        sealed.insert(segment, place);
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether a segment is one of the first so many, or older than all: of an earlier writer, or merged of committed ones.
    fn is_before(&self, segment: SegmentId, len: usize) -> bool {
        let sealed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sealed.get(&segment).is_none_or(|place| *place < len)
    }
}

/// Finds the documents with a term in the segments that were full when it was made.
#[derive(Clone, Debug)]
pub(super) struct Removal {
    term: Term,
    /// So many segments were full.
    len: usize,
    sealed: Arc<Sealed>,
}

impl Removal {
    pub(super) fn new(term: Term, sealed: &Arc<Sealed>) -> Self {
        Self {
            term,
            len: sealed.len(),
            sealed: Arc::clone(sealed),
        }
    }
}

impl Query for Removal {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let all = TermQuery::new(self.term.clone(), IndexRecordOption::Basic).weight(scoring)?;
        Ok(Box::new(RemovalWeight {
            all,
            len: self.len,
            sealed: Arc::clone(&self.sealed),
        }))
    }
}

struct RemovalWeight {
    /// Finds them in every segment.
    all: Box<dyn Weight>,
    len: usize,
    sealed: Arc<Sealed>,
}

impl Weight for RemovalWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        match self.sealed.is_before(segment.segment_id(), self.len) {
            true => self.all.scorer(segment, boost),
            false => Ok(Box::new(EmptyScorer)),
        }
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.all.explain(segment, doc)
    }
}
