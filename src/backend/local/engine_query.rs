//! A plan as a query of the engine, for its collectors.

use std::{fmt, sync::Arc};

use tantivy::{
    DocId, DocSet, Score, SegmentReader, TantivyError,
    query::{EnableScoring, Explanation, Query, Scorer, Weight},
};

use super::{matcher::Matcher, plan::Plan};

/// A plan that the engine's collectors can run: what it finds is what [`Searcher::search`](crate::backend::Searcher::search)
/// finds.
#[derive(Clone)]
pub(super) struct Planned(pub(super) Arc<Plan>);

impl fmt::Debug for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.root.fmt(f)
    }
}

impl Query for Planned {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(PlannedWeight {
            plan: Arc::clone(&self.0),
            scored: scoring.is_scoring_enabled(),
        }))
    }
}

struct PlannedWeight {
    plan: Arc<Plan>,
    scored: bool,
}

impl Weight for PlannedWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let matcher = Matcher::open(&self.plan, segment, self.scored)?;
        Ok(Box::new(PlannedScorer { matcher, boost }))
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut matcher = Matcher::open(&self.plan, segment, true)?;
        if matcher.seek(doc) != doc {
            let sentence = format!("document {doc} does not match");
            return Err(TantivyError::InvalidArgument(sentence));
        }
        Ok(Explanation::new("BM25F", matcher.score()))
    }
}

struct PlannedScorer {
    matcher: Matcher,
    boost: Score,
}

impl DocSet for PlannedScorer {
    fn advance(&mut self) -> DocId {
        self.matcher.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.matcher.seek(target)
    }

    fn doc(&self) -> DocId {
        self.matcher.doc()
    }

    fn size_hint(&self) -> u32 {
        self.matcher.cost().try_into().unwrap_or(u32::MAX)
    }
}

impl Scorer for PlannedScorer {
    fn score(&mut self) -> Score {
        self.matcher.score() * self.boost
    }
}
