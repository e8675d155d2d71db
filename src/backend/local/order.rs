//! The order of hits, fully determined whatever the segments are.
//!
//! - *Relevance*: the best score first; then as newest.
//! - *Newest*: the date that begins last first. A month counts from its first day, a year from New Year: it stands after
//!   the days it holds, since all that is known is that it is no older. Of two that begin together, the more precise first.
//! - *Oldest*: the date that begins first first, and again the more precise of two.
//!
//! Undated dispatches come last. What is still equal goes by the hash of the key; versions of one dispatch go by state, the
//! current one first, and by content.

use tantivy::{DocAddress, DocId, TantivyError};

use super::kept::Columns;
use crate::search::Sort;

/// Where a document stands in the order, but for its dispatch: the smaller the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    /// Falls as the score rises.
    pub(super) score: u32,
    /// Beginning of the date, turned round for newest first.
    pub(super) date: i64,
    /// Seconds that the date covers.
    width: u32,
}

/// A document found, small enough to keep millions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) rank: Rank,
    /// The hash of its dispatch's key.
    key: u64,
    segment: u32,
    doc: DocId,
}

impl Found {
    pub(super) fn address(&self) -> DocAddress {
        DocAddress::new(self.segment, self.doc)
    }

    /// Where it stands; versions of one dispatch may stand at the same place.
    pub(super) fn place(&self) -> (Rank, u64) {
        (self.rank, self.key)
    }

    /// The same with so much added to its score.
    pub(super) fn raised(self, by: f32) -> Self {
        let score = Rank::of_score(self.score() + by);
        Self {
            rank: Rank { score, ..self.rank },
            ..self
        }
    }

    /// The score it was found with.
    pub(super) fn score(&self) -> f32 {
        self.rank.score()
    }
}

impl Rank {
    /// The first part of a rank, which needs no column: no document with a smaller score stands before it.
    #[inline]
    pub(super) fn of_score(score: f32) -> u32 {
        // the bits of floats that are not negative grow with them
        !score.max(0.0).to_bits()
    }

    /// The score that it stands for.
    pub(super) fn score(self) -> f32 {
        f32::from_bits(!self.score)
    }
}

/// Ranks the documents of one segment.
pub(super) struct Ranking<'a> {
    sort: Sort,
    segment: u32,
    columns: &'a Columns,
}

impl<'a> Ranking<'a> {
    pub(super) fn open(sort: Sort, columns: &'a [Columns], segment: u32) -> tantivy::Result<Self> {
        let columns = columns.get(segment as usize).ok_or_else(|| {
            TantivyError::InternalError("a segment without its columns".to_owned())
        })?;
        Ok(Self {
            sort,
            segment,
            columns,
        })
    }

    /// When the document's date begins, and the part of the rank that this makes.
    #[inline]
    pub(super) fn date(&self, doc: DocId) -> (Option<i64>, i64) {
        let start = self.columns.date_start.as_ref();
        let start = start.and_then(|c| c.first(doc));
        let date = match (start, self.sort) {
            (None, _) => i64::MAX,
            (Some(start), Sort::Oldest) => start,
            // not `-start`, which overflows
            (Some(start), _) => !start,
        };
        (start, date)
    }

    #[inline]
    pub(super) fn found(&self, doc: DocId, score: u32, (start, date): (Option<i64>, i64)) -> Found {
        let end = self.columns.date_end.as_ref();
        let end = end.and_then(|c| c.first(doc));
        let width = start.zip(end).map_or(0, |(s, e)| e.saturating_sub(s));
        let key = self.columns.key.as_ref().and_then(|c| c.first(doc));
        Found {
            rank: Rank {
                score,
                date,
                width: width.try_into().unwrap_or(u32::MAX),
            },
            key: key.unwrap_or_default(),
            segment: self.segment,
            doc,
        }
    }
}

/// Puts documents into their order, as far as the hits before `end` need it.
///
/// Only versions of one dispatch that stand at the same place are read, by `versions`.
pub(super) fn put_in_order(
    found: &mut [Found],
    end: usize,
    versions: &dyn Fn(DocAddress) -> tantivy::Result<(u64, u128)>,
) -> tantivy::Result<()> {
    found.sort_unstable_by_key(|f| (f.place(), f.segment, f.doc));
    let end = end.min(found.len());
    let mut at = 0;
    while at < end {
        let place = found[at].place();
        let next = at + found[at..].partition_point(|f| f.place() == place);
        if next - at > 1 {
            order_versions(&mut found[at..next], versions)?;
        }
        at = next;
    }
    Ok(())
}

/// Puts versions of one dispatch in order.
fn order_versions(
    found: &mut [Found],
    versions: &dyn Fn(DocAddress) -> tantivy::Result<(u64, u128)>,
) -> tantivy::Result<()> {
    let mut told = Vec::with_capacity(found.len());
    for found in &*found {
        told.push((versions(found.address())?, *found));
    }
    told.sort_by_key(|(version, _)| *version);
    for (place, (_, version)) in found.iter_mut().zip(told) {
        *place = version;
    }
    Ok(())
}
