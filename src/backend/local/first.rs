//! The first documents in order, of one segment after the other, with little kept of the others.

use tantivy::DocId;

use super::{
    matcher::Receiver,
    order::{Found, Rank, Ranking},
};

/// Takes the documents of one segment as they come, in order.
pub(super) struct FirstOf<'a> {
    ranking: Ranking<'a>,
    first: &'a mut First,
}

impl<'a> FirstOf<'a> {
    pub(super) fn new(ranking: Ranking<'a>, first: &'a mut First) -> Self {
        Self { ranking, first }
    }
}

impl Receiver for FirstOf<'_> {
    fn least(&self) -> f32 {
        self.first.least()
    }

    #[inline]
    fn take(&mut self, doc: DocId, score: f32) {
        let score = Rank::of_score(score);
        // each column costs, and where all score alike every document gets here
        if !self.first.may_hold((score, i64::MIN)) {
            return;
        }
        let date = self.ranking.date(doc);
        if self.first.may_hold((score, date.1)) {
            self.first.push(self.ranking.found(doc, score, date));
        }
    }
}

/// Keeps the documents that can be among the first so many.
///
/// The order is known, but for versions of one dispatch: those of the last that is still among the first are kept, too.
pub(super) struct First {
    most: usize,
    kept: Vec<Found>,
    /// So many are kept before those that have come too late are dropped.
    room: usize,
    /// The last place that can still be among the first, once there are enough.
    bound: Option<(Rank, u64)>,
}

impl First {
    /// Keeps `most`, or all.
    pub(super) fn new(most: Option<usize>) -> Self {
        let most = most.unwrap_or(usize::MAX);
        Self {
            most,
            kept: Vec::new(),
            room: most.saturating_mul(2),
            bound: None,
        }
    }

    /// All that can be among the first.
    pub(super) fn into_vec(self) -> Vec<Found> {
        self.kept
    }

    /// The score that a document must have at least.
    fn least(&self) -> f32 {
        self.bound.map_or(0.0, |(rank, _)| rank.score())
    }

    /// Whether a document whose rank begins so can still be among the first.
    #[inline]
    fn may_hold(&self, begins: (u32, i64)) -> bool {
        self.most > 0
            && self
                .bound
                .is_none_or(|(rank, _)| begins <= (rank.score, rank.date))
    }

    #[inline]
    fn push(&mut self, found: Found) {
        if self.bound.is_some_and(|bound| found.place() > bound) {
            return;
        }
        self.kept.push(found);
        if self.kept.len() >= self.room {
            self.shrink();
        }
    }

    /// Drops those that have come too late, if there are enough: less of what comes is looked at then.
    pub(super) fn shrink(&mut self) {
        let nth = self.most.saturating_sub(1);
        if nth >= self.kept.len() {
            return;
        }
        let (_, last, _) = self.kept.select_nth_unstable_by_key(nth, Found::place);
        let bound = last.place();
        self.kept.retain(|found| found.place() <= bound);
        self.room = self.kept.len().saturating_mul(2);
        self.bound = Some(bound);
    }
}
