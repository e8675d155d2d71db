//! Where passages stand in a text: spans of positions, put together from the positions of terms.
//!
//! A word is a span of one position, a phrase runs from its first word to its last. What two passages near each other
//! make is the stretch that holds both; of such stretches only those that hold no other are kept, as in the algebra of
//! Clarke, Cormack and Burkowski (1995), so that there are never more of them than words in the text.

use tantivy::{DocId, TERMINATED};

use super::{
    super::plan,
    Cursor, Node, Opening,
    connect::{self, cheapest_first, seek_all},
    docs::Docs,
    lists::Lists,
    near::near,
    passage::starts,
};

/// From the first position to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Span {
    /// The stretch that holds both.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// Stands on documents that may have a passage, and says where.
pub(super) enum Spans {
    Terms(Lists, Vec<u32>),
    Phrase(Joined),
    Near(Joined, u32, bool),
    AnyOf(Vec<Self>, DocId),
    AtLeast(u32, Box<Self>),
}

/// Parts that must all be in a document.
pub(super) struct Joined {
    parts: Vec<Spans>,
    /// Places of the parts, the rarest first.
    order: Vec<usize>,
    doc: DocId,
    /// Where a phrase of words may begin in one text; kept for the next one.
    starts: Vec<u32>,
}

impl Spans {
    /// None if no document of the segment can have it.
    pub(super) fn open(
        opening: &mut Opening<'_>,
        spans: &plan::Spans,
    ) -> tantivy::Result<Option<Self>> {
        Ok(match spans {
            plan::Spans::Never => None,
            plan::Spans::Terms(terms) => {
                Lists::open(opening, terms)?.map(|lists| Self::Terms(lists, Vec::new()))
            }
            plan::Spans::Phrase(parts) => Joined::open(opening, parts)?.map(Self::Phrase),
            plan::Spans::Near {
                distance,
                ordered,
                parts,
            } => Joined::open(opening, parts)?.map(|j| Self::Near(j, *distance, *ordered)),
            plan::Spans::AnyOf(parts) => {
                let mut open = Vec::with_capacity(parts.len());
                for part in parts {
                    open.extend(Self::open(opening, part)?);
                }
                (!open.is_empty())
                    .then_some(Self::AnyOf(open, 0))
                    .map(|mut any| {
                        any.seek(0);
                        any
                    })
            }
            plan::Spans::AtLeast { times, what } => {
                Self::open(opening, what)?.map(|what| Self::AtLeast(*times, Box::new(what)))
            }
        })
    }

    /// Adds the spans in the document it stands on to `out`, which is empty: sorted, each once.
    pub(super) fn spans(&mut self, out: &mut Vec<Span>) {
        match self {
            Self::Terms(lists, positions) => {
                positions.clear();
                lists.positions(positions);
                out.extend(positions.iter().map(|&at| Span { start: at, end: at }));
            }
            Self::Phrase(joined) => joined.phrase(out),
            Self::Near(joined, distance, ordered) => {
                let mut parts = Vec::with_capacity(joined.parts.len());
                for part in &mut joined.parts {
                    let mut spans = Vec::new();
                    part.spans(&mut spans);
                    if spans.is_empty() {
                        return;
                    }
                    parts.push(spans);
                }
                near(&parts, *distance, *ordered, out);
            }
            Self::AnyOf(parts, doc) => {
                let mut spans = Vec::new();
                for part in parts {
                    if part.doc() == *doc {
                        spans.clear();
                        part.spans(&mut spans);
                        out.append(&mut spans);
                    }
                }
                out.sort_unstable();
                out.dedup();
            }
            Self::AtLeast(times, what) => {
                what.spans(out);
                if starts(out) < *times {
                    out.clear();
                }
            }
        }
    }
}

/// The documents that may have the spans, without positions.
pub(super) fn candidates(opening: &Opening<'_>, spans: &plan::Spans) -> tantivy::Result<Node> {
    let each = |parts: &[plan::Spans]| {
        let parts = parts.iter().map(|p| candidates(opening, p));
        parts.collect::<tantivy::Result<Vec<_>>>()
    };
    Ok(match spans {
        plan::Spans::Never => Node::Empty,
        plan::Spans::Terms(terms) => Docs::open(opening, terms)?,
        plan::Spans::Phrase(parts) | plan::Spans::Near { parts, .. } => {
            connect::all(each(parts)?, Vec::new())
        }
        plan::Spans::AnyOf(parts) => connect::any(each(parts)?, false),
        plan::Spans::AtLeast { what, .. } => candidates(opening, what)?,
    })
}

impl Joined {
    fn open(opening: &mut Opening<'_>, parts: &[plan::Spans]) -> tantivy::Result<Option<Self>> {
        let mut open = Vec::with_capacity(parts.len());
        for part in parts {
            match Spans::open(opening, part)? {
                Some(part) => open.push(part),
                None => return Ok(None),
            }
        }
        let mut joined = Self {
            order: cheapest_first(&open),
            parts: open,
            doc: 0,
            starts: Vec::new(),
        };
        joined.doc = seek_all(&mut joined.parts, &joined.order, 0);
        Ok(Some(joined))
    }

    /// Each part beginning right after the one before it.
    fn phrase(&mut self, out: &mut Vec<Span>) {
        if self.parts.iter().all(|p| matches!(p, Spans::Terms(..))) {
            return self.phrase_of_words(out);
        }
        let mut next = Vec::new();
        for (i, part) in self.parts.iter_mut().enumerate() {
            if i == 0 {
                part.spans(out);
            } else {
                next.clear();
                part.spans(&mut next);
                let before = std::mem::take(out);
                for span in before {
                    let Some(start) = span.end.checked_add(1) else {
                        continue;
                    };
                    let first = next.partition_point(|n| n.start < start);
                    let follow = next[first..].iter().take_while(|n| n.start == start);
                    out.extend(follow.map(|n| Span {
                        start: span.start,
                        end: n.end,
                    }));
                }
                out.sort_unstable();
                out.dedup();
            }
            if out.is_empty() {
                return;
            }
        }
    }

    /// The same for words of one position each: the rarest word's positions are kept where the others fit.
    fn phrase_of_words(&mut self, out: &mut Vec<Span>) {
        let words = self.parts.len() as u32;
        let kept = &mut self.starts;
        kept.clear();
        for (nth, &place) in self.order.iter().enumerate() {
            let Spans::Terms(lists, positions) = &mut self.parts[place] else {
                continue;
            };
            positions.clear();
            lists.positions(positions);
            let offset = place as u32;
            if nth == 0 {
                kept.extend(positions.iter().filter_map(|p| p.checked_sub(offset)));
            } else {
                let mut rest = positions.as_slice();
                kept.retain(|start| {
                    let at = start.saturating_add(offset);
                    let before = rest.iter().take_while(|&&p| p < at).count();
                    rest = &rest[before..];
                    rest.first() == Some(&at)
                });
            }
            if kept.is_empty() {
                return;
            }
        }
        out.extend(kept.iter().map(|&start| Span {
            start,
            end: start + words - 1,
        }));
    }
}

impl Cursor for Spans {
    fn doc(&self) -> DocId {
        match self {
            Self::Terms(lists, _) => lists.doc(),
            Self::Phrase(joined) | Self::Near(joined, ..) => joined.doc,
            Self::AnyOf(_, doc) => *doc,
            Self::AtLeast(_, what) => what.doc(),
        }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        match self {
            Self::Terms(lists, _) => lists.seek(target),
            Self::Phrase(joined) | Self::Near(joined, ..) => {
                if target > joined.doc {
                    joined.doc = seek_all(&mut joined.parts, &joined.order, target);
                }
                joined.doc
            }
            Self::AnyOf(parts, doc) => {
                let first = parts.iter_mut().map(|p| p.seek(target)).min();
                *doc = first.unwrap_or(TERMINATED);
                *doc
            }
            Self::AtLeast(_, what) => what.seek(target),
        }
    }

    fn cost(&self) -> u64 {
        match self {
            Self::Terms(lists, _) => lists.cost(),
            Self::Phrase(joined) | Self::Near(joined, ..) => {
                joined.order.first().map_or(0, |&i| joined.parts[i].cost())
            }
            Self::AnyOf(parts, _) => parts.iter().map(Self::cost).sum(),
            Self::AtLeast(_, what) => what.cost(),
        }
    }
}
