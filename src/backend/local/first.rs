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

/// Keeps the documents that can be among the first so many, of one segment after the other.
///
/// Within a segment the order is known, but for versions of one dispatch: those of the last that is still among the first are
/// kept, too. Of several segments, only the ranks can be compared before keys are read, and what has the last one's rank is
/// kept.
pub(super) struct First {
    most: usize,
    /// Of the segments before this one.
    before: Vec<Found>,
    /// Of this segment.
    kept: Vec<Found>,
    /// So many of them are kept before those that have come too late are dropped.
    room: usize,
    /// The last of this segment that can still be among the first, once there are enough.
    bound: Option<(Rank, u32)>,
    /// No document with a greater rank is among the first, once the segments before this one have enough.
    worst: Option<Rank>,
}

impl First {
    /// Keeps `most`, or all.
    pub(super) fn new(most: Option<usize>) -> Self {
        Self {
            most: most.unwrap_or(usize::MAX),
            before: Vec::new(),
            kept: Vec::new(),
            room: 0,
            bound: None,
            worst: None,
        }
    }

    /// All that can be among the first.
    pub(super) fn into_vec(mut self) -> Vec<Found> {
        self.end_segment();
        self.before
    }

    /// What is taken from now on is of another segment.
    pub(super) fn end_segment(&mut self) {
        if self.kept.len() > self.most {
            self.shrink();
        }
        self.before.append(&mut self.kept);
        self.room = 0;
        self.bound = None;
        if self.most > 0 && self.before.len() >= self.most {
            let (_, last, _) = self
                .before
                .select_nth_unstable_by_key(self.most - 1, |f| f.rank);
            let worst = last.rank;
            self.before.retain(|f| f.rank <= worst);
            self.worst = Some(worst);
        }
    }

    /// The score that a document must have at least.
    fn least(&self) -> f32 {
        let bound = self.bound.map(|(rank, _)| rank);
        let ranks = [bound, self.worst].into_iter().flatten();
        ranks.map(Rank::score).fold(0.0, f32::max)
    }

    /// Whether a document whose rank begins so can still be among the first.
    #[inline]
    fn may_hold(&self, begins: (u32, i64)) -> bool {
        let may_precede = |rank: Rank| begins <= (rank.score, rank.date);
        self.most > 0
            && self.bound.is_none_or(|(rank, _)| may_precede(rank))
            && self.worst.is_none_or(may_precede)
    }

    #[inline]
    fn push(&mut self, found: Found) {
        let is_late = self.bound.is_some_and(|b| found.in_segment() > b);
        if self.most == 0 || is_late || self.worst.is_some_and(|w| found.rank > w) {
            return;
        }
        self.kept.push(found);
        if self.kept.len() >= self.room.max(self.most.saturating_mul(2)) {
            self.shrink();
        }
    }

    fn shrink(&mut self) {
        let nth = self.most - 1;
        let (_, last, _) = self.kept.select_nth_unstable_by_key(nth, Found::in_segment);
        let bound = last.in_segment();
        self.kept.retain(|found| found.in_segment() <= bound);
        self.room = self.kept.len() * 2;
        self.bound = Some(bound);
    }
}
