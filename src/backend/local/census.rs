//! Every document counted once, in columns.

use std::collections::{HashMap, HashSet};

use index_schema::{Fields, Kind, Outcome, State};
use tantivy::{DocAddress, DocId, Searcher, SegmentReader, columnar::Column, schema::Field};

/// What the columns say.
#[derive(Default)]
pub(super) struct Census {
    pub(super) visible: u64,
    pub(super) embargoed: u64,
    pub(super) withheld: u64,
    pub(super) killed: u64,
    pub(super) superseded: u64,
    pub(super) gone: u64,
    pub(super) files: u64,
    pub(super) first: Option<Dated>,
    pub(super) last: Option<Dated>,
    pub(super) sources: HashMap<String, Source>,
    pub(super) rejected: Vec<DocAddress>,
    pub(super) passed_over: Vec<DocAddress>,
}

/// A visible dispatch with a date.
#[derive(Clone, Copy)]
pub(super) struct Dated {
    /// First second of its date's span.
    start: i64,
    /// First second after it.
    end: i64,
    pub(super) at: DocAddress,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Source {
    pub(super) count: u64,
    pub(super) last: Option<Dated>,
}

/// The columns of a segment.
struct Columns {
    kind: Option<Column<u64>>,
    state: Option<Column<u64>>,
    outcome: Option<Column<u64>>,
    file: Option<Column<u64>>,
    manifest: Option<Column<u64>>,
    embargo_until: Option<Column<i64>>,
    date_start: Option<Column<i64>>,
    date_end: Option<Column<i64>>,
}

impl Columns {
    fn of(segment: &SegmentReader, fields: &Fields) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        let name = |field: Field| segment.schema().get_field_name(field);
        Ok(Self {
            kind: fast.column_opt(name(fields.kind))?,
            state: fast.column_opt(name(fields.state))?,
            outcome: fast.column_opt(name(fields.outcome))?,
            file: fast.column_opt(name(fields.file))?,
            manifest: fast.column_opt(name(fields.manifest))?,
            embargo_until: fast.column_opt(name(fields.embargo_until))?,
            date_start: fast.column_opt(name(fields.date_start))?,
            date_end: fast.column_opt(name(fields.date_end))?,
        })
    }

    fn is_file(&self, doc: DocId) -> bool {
        first(self.kind.as_ref(), doc) == Some(Kind::File as u64)
    }

    fn outcome(&self, doc: DocId) -> Option<Outcome> {
        let number = first(self.outcome.as_ref(), doc)?;
        Outcome::ALL.get(usize::try_from(number).ok()?).copied()
    }

    fn state(&self, doc: DocId) -> Option<State> {
        let number = first(self.state.as_ref(), doc)?;
        State::ALL.get(usize::try_from(number).ok()?).copied()
    }

    fn dated(&self, at: DocAddress) -> Option<Dated> {
        Some(Dated {
            start: first(self.date_start.as_ref(), at.doc_id)?,
            end: first(self.date_end.as_ref(), at.doc_id)?,
            at,
        })
    }

    fn files(&self, doc: DocId) -> impl Iterator<Item = u64> {
        self.file.iter().flat_map(move |f| f.values_for_doc(doc))
    }
}

fn first<T: PartialOrd + Copy + std::fmt::Debug + Send + Sync + 'static>(
    column: Option<&Column<T>>,
    doc: DocId,
) -> Option<T> {
    column.and_then(|c| c.first(doc))
}

impl Census {
    pub(super) fn of(searcher: &Searcher, fields: &Fields, now: i64) -> tantivy::Result<Self> {
        let mut counts = Self::default();
        let mut gone = HashSet::new();
        let mut segments = Vec::new();
        for (number, segment) in (0..).zip(searcher.segment_readers()) {
            let columns = Columns::of(segment, fields)?;
            for doc in segment.doc_ids_alive().filter(|&d| columns.is_file(d)) {
                let at = DocAddress::new(number, doc);
                counts.file(columns.outcome(doc), at);
                if columns.outcome(doc) == Some(Outcome::Gone) {
                    gone.extend(first(columns.manifest.as_ref(), doc));
                }
            }
            segments.push((number, segment, columns));
        }
        for (number, segment, columns) in segments {
            counts.dispatches(number, segment, &columns, fields, now, &gone)?;
        }
        Ok(counts)
    }

    fn file(&mut self, outcome: Option<Outcome>, at: DocAddress) {
        match outcome {
            Some(Outcome::Gone) => return,
            Some(Outcome::Rejected | Outcome::Unread) => self.rejected.push(at),
            Some(Outcome::PassedOver) => self.passed_over.push(at),
            Some(Outcome::Read) | None => {}
        }
        self.files += 1;
    }

    fn dispatches(
        &mut self,
        number: u32,
        segment: &SegmentReader,
        columns: &Columns,
        fields: &Fields,
        now: i64,
        gone: &HashSet<u64>,
    ) -> tantivy::Result<()> {
        let name = segment.schema().get_field_name(fields.source_value);
        let names = segment.fast_fields().str(name)?;
        let mut sources = vec![Source::default(); names.as_ref().map_or(0, |n| n.num_terms())];
        for doc in segment.doc_ids_alive().filter(|&d| !columns.is_file(d)) {
            match columns.state(doc) {
                Some(State::Current) => {}
                Some(State::Superseded) => {
                    self.superseded += 1;
                    continue;
                }
                Some(State::Withheld) => {
                    self.withheld += 1;
                    continue;
                }
                Some(State::Killed) => {
                    self.killed += 1;
                    continue;
                }
                Some(State::Forgotten) | None => continue,
            }
            if first(columns.embargo_until.as_ref(), doc).is_some_and(|until| until > now) {
                self.embargoed += 1;
                continue;
            }
            self.visible += 1;
            let files = columns.files(doc).map(|f| gone.contains(&f));
            self.gone += u64::from(is_gone(files));
            let dated = columns.dated(DocAddress::new(number, doc));
            self.first = earlier(self.first, dated);
            self.last = later(self.last, dated);
            let source = names.as_ref().and_then(|n| n.ords().first(doc));
            if let Some(source) = source.and_then(|s| sources.get_mut(s as usize)) {
                source.count += 1;
                source.last = later(source.last, dated);
            }
        }
        let Some(names) = names else {
            return Ok(());
        };
        let mut name = String::new();
        for (number, source) in (0..).zip(sources).filter(|(_, s)| s.count > 0) {
            name.clear();
            names.ord_to_str(number, &mut name)?;
            let all = self.sources.entry(name.clone()).or_default();
            all.count += source.count;
            all.last = later(all.last, source.last);
        }
        Ok(())
    }
}

/// Whether a dispatch has no file any more, from whether each that held it is gone; so has one that no file is known to
/// have held.
pub(super) fn is_gone(files: impl IntoIterator<Item = bool>) -> bool {
    files.into_iter().all(|gone| gone)
}

/// The one that begins earlier; of two that begin together, the one that says more precisely when.
fn earlier(a: Option<Dated>, b: Option<Dated>) -> Option<Dated> {
    let dated = a.into_iter().chain(b);
    dated.min_by_key(|d| (d.start, d.end))
}

/// The one that begins later; of two that begin together, the one that says more precisely when.
fn later(a: Option<Dated>, b: Option<Dated>) -> Option<Dated> {
    let dated = a.into_iter().chain(b);
    dated.max_by_key(|d| (d.start, std::cmp::Reverse(d.end)))
}
