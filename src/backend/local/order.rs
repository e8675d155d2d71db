//! The order of hits, fully determined whatever the segments are.
//!
//! - *Relevance*: the best score first; then as newest.
//! - *Newest*: the date that begins last first. A month counts from its first day, a year from New Year: it stands after
//!   the days it holds, since all that is known is that it is no older. Of two that begin together, the more precise first.
//! - *Oldest*: the date that begins first first, and again the more precise of two.
//!
//! Undated dispatches come last. What is still equal goes by key; versions of one dispatch go by state, the current one
//! first, and by content.

use std::cmp::Ordering;

use tantivy::{DocAddress, DocId, TantivyError, fastfield::Column};

use super::kept::Columns;
use crate::search::Sort;

/// Where a document stands in the order, but for its key: the smaller the earlier.
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
    /// Ordinal of the key in its segment.
    key: u32,
    segment: u32,
    doc: DocId,
}

impl Found {
    pub(super) fn address(&self) -> DocAddress {
        DocAddress::new(self.segment, self.doc)
    }

    /// Where it stands among those of its segment; versions of one dispatch may stand at the same place.
    pub(super) fn in_segment(&self) -> (Rank, u32) {
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
    keys: Option<&'a Column<u64>>,
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
            keys: columns.key.as_ref().map(|k| k.ords()),
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
        let key = self.keys.and_then(|c| c.first(doc)).unwrap_or(0);
        Found {
            rank: Rank {
                score,
                date,
                width: width.try_into().unwrap_or(u32::MAX),
            },
            key: key as u32,
            segment: self.segment,
            doc,
        }
    }
}

/// Puts documents of several segments into their order, as far as the hits from `start` on to `end` need it.
///
/// Sorted by rank, documents of equal rank go by key. Keys of one segment compare by ordinal; those of several are
/// read, but only for runs of equal rank that the page has a part in.
pub(super) fn put_in_order(
    columns: &[Columns],
    found: &mut [Found],
    start: usize,
    end: usize,
    versions: &dyn Fn(DocAddress) -> tantivy::Result<(u64, u128)>,
) -> tantivy::Result<()> {
    found.sort_unstable_by(|a, b| {
        (a.rank, a.segment, a.key, a.doc).cmp(&(b.rank, b.segment, b.key, b.doc))
    });
    let end = end.min(found.len());
    let mut at = start;
    // the page may begin in the midst of a run
    while at > 0 && at < found.len() && found[at - 1].rank == found[at].rank {
        at -= 1;
    }
    while at < end {
        let rank = found[at].rank;
        let run = at..at + found[at..].partition_point(|f| f.rank == rank);
        let run = &mut found[run];
        at += run.len();
        if run.len() > 1 {
            merge(run, columns, versions)?;
        }
    }
    Ok(())
}

/// Merges the segments' parts of a run, each sorted by key already.
fn merge(
    run: &mut [Found],
    columns: &[Columns],
    versions: &dyn Fn(DocAddress) -> tantivy::Result<(u64, u128)>,
) -> tantivy::Result<()> {
    let several = run.first().map(|f| f.segment) != run.last().map(|f| f.segment);
    let twice = run
        .windows(2)
        .any(|w| (w[0].segment, w[0].key) == (w[1].segment, w[1].key));
    if !several && !twice {
        return Ok(());
    }
    let mut parts: Vec<&[Found]> = run.chunk_by(|a, b| a.segment == b.segment).collect();
    let mut heads = Vec::with_capacity(parts.len());
    for part in &parts {
        heads.push(key_of(columns, &part[0])?);
    }
    let mut merged: Vec<Found> = Vec::with_capacity(run.len());
    while !parts.is_empty() {
        let Some(first) = heads.iter().min().cloned() else {
            break;
        };
        let same = merged.len();
        let mut place = 0;
        while place < parts.len() {
            while heads[place] == first {
                let Some((head, rest)) = parts[place].split_first() else {
                    break;
                };
                merged.push(*head);
                parts[place] = rest;
                match rest.first() {
                    Some(next) if next.key == head.key => {}
                    Some(next) => heads[place] = key_of(columns, next)?,
                    None => break,
                }
            }
            if parts[place].is_empty() {
                parts.remove(place);
                heads.remove(place);
            } else {
                place += 1;
            }
        }
        if merged.len() - same > 1 {
            let mut told = Vec::with_capacity(merged.len() - same);
            for found in &merged[same..] {
                told.push((versions(found.address())?, *found));
            }
            told.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(Ordering::Equal));
            for (place, (_, found)) in merged[same..].iter_mut().zip(told) {
                *place = found;
            }
        }
    }
    run.copy_from_slice(&merged);
    Ok(())
}

fn key_of(columns: &[Columns], found: &Found) -> tantivy::Result<String> {
    let mut key = String::new();
    let columns = columns.get(found.segment as usize);
    if let Some(column) = columns.and_then(|c| c.key.as_ref()) {
        column.ord_to_str(found.key.into(), &mut key)?;
    }
    Ok(key)
}
