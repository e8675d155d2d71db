//! The analysed question: terms of fields, looked up in every segment's dictionary, and how they hang together.

use std::sync::Arc;

use index_schema::{TimeSpan, ZoneFields};
use tantivy::{index::SegmentId, postings::TermInfo, schema::Field};

use super::kept::Columns;

/// A question ready to be put to the segments of one searcher.
pub(super) struct Plan {
    /// What is asked.
    pub(super) root: Condition,
    /// The zones that the conditions name by number.
    pub(super) zones: Arc<[Zone]>,
    /// The segments, in the order of the lists in [`Terms`].
    pub(super) segments: Vec<SegmentId>,
    /// Hide what is embargoed at this second.
    pub(super) embargoed_at: Option<i64>,
    /// The columns of each segment.
    pub(super) columns: Arc<[Columns]>,
}

/// A headline or a body, and what a mention in it counts.
#[derive(Clone, Debug)]
pub(super) struct Zone {
    pub(super) fields: ZoneFields,
    pub(super) headline: bool,
    /// What one mention counts, by the norm of the text's length.
    pub(super) scale: Arc<[f32; 256]>,
}

/// What a document must be.
#[derive(Debug)]
pub(super) enum Condition {
    /// Nothing is.
    Nothing,
    /// It has a word in one of its forms.
    Word(Word),
    /// It has words at certain positions.
    Passage(Passage),
    /// It has one of many terms; the headline's apart. Not ranked but for the zone.
    Expanded {
        headline: Vec<Terms>,
        body: Vec<Terms>,
    },
    /// It has one of the terms; not ranked.
    Has(Vec<Terms>),
    /// Its date overlaps the span; not ranked.
    Date(TimeSpan),
    /// All of these and none of those.
    All { must: Vec<Self>, not: Vec<Self> },
    /// One of these.
    Any(Vec<Self>),
}

/// A word in all its forms.
#[derive(Debug)]
pub(super) struct Word {
    pub(super) forms: Vec<Form>,
    /// The same, written apart.
    pub(super) apart: Option<Passage>,
    pub(super) idf: f32,
}

/// One term of a word.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) terms: Terms,
    /// Number of the zone.
    pub(super) zone: usize,
    pub(super) weight: f32,
}

/// Words at certain positions, in one of several zones or, for a short field, in the field.
#[derive(Debug)]
pub(super) struct Passage {
    /// Number of the zone, if it is ranked, and what must stand there.
    pub(super) places: Vec<(Option<usize>, Spans)>,
    /// How many mentions it takes, over all places.
    pub(super) times: u32,
    pub(super) idf: f32,
}

/// What stands at positions of one field or of one zone's fields.
#[derive(Debug)]
pub(super) enum Spans {
    /// Nothing, in any segment.
    Never,
    /// One of these terms.
    Terms(Vec<Terms>),
    /// One after the other.
    Phrase(Vec<Self>),
    /// One of these.
    AnyOf(Vec<Self>),
    /// Neighbours at most so far apart.
    Near {
        distance: u32,
        ordered: bool,
        parts: Vec<Self>,
    },
    /// At least so many mentions.
    AtLeast { times: u32, what: Box<Self> },
}

/// Terms of one field, looked up.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    pub(super) field: Field,
    /// For each segment, where the lists of the terms lie.
    pub(super) found: Vec<Vec<TermInfo>>,
    /// In how many documents one of them stands; for several terms an upper bound.
    pub(super) documents: u64,
}

impl Terms {
    /// Whether no segment has any of the terms.
    pub(super) fn is_empty(&self) -> bool {
        self.found.iter().all(Vec::is_empty)
    }
}

impl Plan {
    /// The place of a segment in the lists.
    pub(super) fn place(&self, segment: SegmentId) -> tantivy::Result<usize> {
        let found = self.segments.iter().position(|&s| s == segment);
        found.ok_or_else(|| {
            tantivy::TantivyError::InvalidArgument("a segment of another searcher".to_owned())
        })
    }
}
