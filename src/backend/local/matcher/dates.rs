//! Dates and embargoes: columns looked at for the candidates of other conditions.

use index_schema::TimeSpan;
use tantivy::{DocId, SegmentReader, TERMINATED, fastfield::Column};

use super::{super::kept::Columns, Cursor, Node};

/// More seconds than any date covers: those of a leap year, and a day for what clocks are put back by meanwhile.
const LONGEST: i64 = 367 * 24 * 60 * 60;

/// Documents whose date overlaps a span; undated ones never do.
pub(super) struct Dates {
    start: Column<i64>,
    end: Column<i64>,
    span: TimeSpan,
    every: Every,
}

impl Dates {
    pub(super) fn open(segment: &SegmentReader, columns: &Columns, span: TimeSpan) -> Node {
        let (Some(start), Some(end)) = (&columns.date_start, &columns.date_end) else {
            return Node::Empty;
        };
        if start.min_value() >= span.end || end.max_value() <= span.start {
            return Node::Empty;
        }
        Node::Dates(Box::new(Self {
            start: start.clone(),
            end: end.clone(),
            span,
            every: Every::of(segment),
        }))
    }

    /// Whether the document's date overlaps the span. To look into a column takes longest: where the date ends settles it
    /// only for one that begins before the span, and not a year before.
    #[inline]
    pub(super) fn confirm(&self) -> bool {
        let (doc, span) = (self.every.doc, self.span);
        let reaches_into = |start: i64| {
            start.saturating_add(LONGEST) > span.start
                && self.end.first(doc).is_some_and(|end| end > span.start)
        };
        let begins_in_time =
            |start| start < span.end && (start >= span.start || reaches_into(start));
        self.start.first(doc).is_some_and(begins_in_time)
    }
}

/// Documents that are not embargoed now.
pub(super) struct Embargo {
    until: Column<i64>,
    now: i64,
    every: Every,
}

impl Embargo {
    /// None if the segment holds no embargo that is still in force, which costs one look at the column's bounds.
    pub(super) fn open(segment: &SegmentReader, columns: &Columns, now: i64) -> Option<Self> {
        let until = columns.embargo_until.as_ref()?;
        (until.max_value() > now).then(|| Self {
            until: until.clone(),
            now,
            every: Every::of(segment),
        })
    }

    #[inline]
    pub(super) fn confirm(&self) -> bool {
        self.until
            .first(self.every.doc)
            .is_none_or(|until| until <= self.now)
    }
}

/// Every document of a segment.
struct Every {
    doc: DocId,
    end: DocId,
}

impl Every {
    fn of(segment: &SegmentReader) -> Self {
        Self {
            doc: 0,
            end: segment.max_doc(),
        }
    }

    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
        self.doc = self.doc.max(target);
        if self.doc >= self.end {
            self.doc = TERMINATED;
        }
        self.doc
    }
}

impl Cursor for Dates {
    fn doc(&self) -> DocId {
        self.every.doc
    }

    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
        self.every.seek(target)
    }

    fn cost(&self) -> u64 {
        self.every.end.into()
    }
}

impl Cursor for Embargo {
    fn doc(&self) -> DocId {
        self.every.doc
    }

    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
        self.every.seek(target)
    }

    fn cost(&self) -> u64 {
        self.every.end.into()
    }
}
