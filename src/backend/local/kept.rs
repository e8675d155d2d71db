//! What is kept of an opened index for the questions after the first: columns, statistics, and the words of texts shown.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock},
};

use index_schema::{Fields, State};
use tantivy::{
    InvertedIndexReader, Searcher, SegmentReader, directory::CompositeFile, fastfield::Column,
    index::SegmentComponent, schema::Field,
};

use super::{alive::Alive, lower::zones, plan::Zone, statistics::Statistics, store::StoredTexts};
use crate::matching::Seen;

/// Kept while an index is open; an opened index never changes.
#[derive(Default)]
pub(super) struct Kept {
    columns: OnceLock<Arc<[Columns]>>,
    /// Of the current texts, and of these with the superseded ones.
    visible: [OnceLock<Visible>; 2],
    /// Lent to one question at a time.
    seen: Mutex<Option<Seen>>,
    dictionaries: Mutex<HashMap<Field, Dictionaries>>,
    /// The dictionaries of every segment, by field.
    by_field: OnceLock<Vec<CompositeFile>>,
    pub(super) stored_texts: StoredTexts,
}

/// A field's part of every segment; none where it holds no term, as the engine builds that anew each time it is asked.
pub(super) type Dictionaries = Arc<[Option<Arc<InvertedIndexReader>>]>;

/// The columns of a segment that conditions and orders read, and what is deleted in it.
pub(super) struct Columns {
    pub(super) alive: Option<Arc<Alive>>,
    pub(super) embargo_until: Option<Column<i64>>,
    pub(super) date_start: Option<Column<i64>>,
    pub(super) date_end: Option<Column<i64>>,
    pub(super) key: Option<Column<u64>>,
}

/// What may be seen, and its statistics.
#[derive(Clone)]
pub(super) struct Visible {
    /// Numbers of the states.
    pub(super) states: Vec<u64>,
    pub(super) statistics: Statistics,
    pub(super) zones: Arc<[Zone]>,
}

impl Kept {
    /// The words of texts shown before; none while another question has them.
    pub(super) fn lend_seen(&self) -> Seen {
        let lent = self.seen.lock().ok().and_then(|mut seen| seen.take());
        lent.unwrap_or_default()
    }

    /// Takes them back.
    pub(super) fn take_back_seen(&self, seen: Seen) {
        if let Ok(mut kept) = self.seen.lock() {
            *kept = Some(seen);
        }
    }

    /// A field's part of every segment.
    pub(super) fn dictionaries(
        &self,
        searcher: &Searcher,
        field: Field,
    ) -> tantivy::Result<Dictionaries> {
        let known = self.dictionaries.lock().ok();
        if let Some(known) = known.and_then(|d| d.get(&field).cloned()) {
            return Ok(known);
        }
        let segments = searcher.segment_readers().iter();
        let opened: Dictionaries = segments
            .zip(self.by_field(searcher)?)
            .map(|(segment, by_field)| {
                by_field
                    .open_read(field)
                    .map(|_| segment.inverted_index(field))
                    .transpose()
            })
            .collect::<tantivy::Result<_>>()?;
        if let Ok(mut dictionaries) = self.dictionaries.lock() {
            dictionaries.insert(field, Arc::clone(&opened));
        }
        Ok(opened)
    }

    /// Which fields a segment has, without opening any: for one that it has not, the engine builds an empty dictionary,
    /// which takes longer than opening a full one.
    fn by_field(&self, searcher: &Searcher) -> tantivy::Result<&[CompositeFile]> {
        if let Some(by_field) = self.by_field.get() {
            return Ok(by_field);
        }
        let segments = searcher.segment_readers().iter();
        let by_field = segments
            .map(|segment| {
                Ok(CompositeFile::open(
                    &segment.open_read(SegmentComponent::Terms)?,
                )?)
            })
            .collect::<tantivy::Result<_>>()?;
        Ok(self.by_field.get_or_init(|| by_field))
    }

    /// The columns of every segment.
    pub(super) fn columns(
        &self,
        searcher: &Searcher,
        fields: &Fields,
    ) -> tantivy::Result<Arc<[Columns]>> {
        if let Some(columns) = self.columns.get() {
            return Ok(Arc::clone(columns));
        }
        let segments = searcher.segment_readers().iter();
        let columns: Arc<[Columns]> = segments
            .map(|s| Columns::open(s, fields))
            .collect::<tantivy::Result<_>>()?;
        Ok(Arc::clone(self.columns.get_or_init(|| columns)))
    }

    /// What may be seen, with or without superseded versions.
    pub(super) fn visible(
        &self,
        searcher: &Searcher,
        fields: &Fields,
        all_versions: bool,
    ) -> tantivy::Result<&Visible> {
        let kept = &self.visible[usize::from(all_versions)];
        if let Some(visible) = kept.get() {
            return Ok(visible);
        }
        let mut states = vec![State::Current.number()];
        let mut texts = vec![fields.current];
        if all_versions {
            states.push(State::Superseded.number());
            texts.push(fields.superseded);
        }
        let statistics = Statistics::of(searcher, fields.state, &states)?;
        let visible = Visible {
            states,
            statistics,
            zones: zones(searcher, self, &texts, statistics)?.into(),
        };
        Ok(kept.get_or_init(|| visible))
    }
}

impl Columns {
    fn open(segment: &SegmentReader, fields: &Fields) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        let name = |field| segment.schema().get_field_name(field);
        Ok(Self {
            alive: Alive::of(segment)?.map(Arc::new),
            embargo_until: fast.column_opt(name(fields.embargo_until))?,
            date_start: fast.column_opt(name(fields.date_start))?,
            date_end: fast.column_opt(name(fields.date_end))?,
            key: fast.column_opt(name(fields.key))?,
        })
    }
}
