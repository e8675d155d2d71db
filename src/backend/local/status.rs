//! What the index says of itself.
//!
//! Everything is counted in columns; records are read only for what is listed: the first and last date, the last date
//! of each source, and the files turned away.

use std::{
    collections::{HashMap, HashSet},
    fs,
    io::ErrorKind,
    path::Path,
};

use index_schema::{Fields, FileRecord, Kind, LastRun, Outcome, State, When};
use jiff::{Timestamp, tz::TimeZone};
use tantivy::{
    DocAddress, DocId, Searcher, SegmentReader, TantivyDocument, columnar::Column, schema::Field,
};

use super::{LocalSearcher, damage};
use crate::{
    error::{Error, Result},
    status::{Dates, Reason, RunStatus, SourceStatus, Status},
};

/// What the index holds. What is embargoed at `now`, withheld, killed or superseded is counted as such and nowhere else.
///
/// # Errors
///
/// Fails if the index is damaged.
pub(crate) fn status(index: &LocalSearcher, now: Timestamp) -> Result<Status> {
    let searcher = index.reader.searcher();
    let counted = Counts::of(&searcher, &index.fields, now.as_second())
        .map_err(|e| damage(&index.generation, e))?;
    let date_of = |dated: Option<Dated>| -> Result<Option<String>> {
        let Some(dated) = dated else {
            return Ok(None);
        };
        let record = index.record_at(&searcher, dated.at)?;
        let date = record.dispatch.and_then(|d| d.date);
        Ok(date.map(|d: When| d.to_string()))
    };
    let mut sources = Vec::new();
    for (value, source) in counted.sources {
        sources.push(SourceStatus {
            value,
            count: source.count,
            last: date_of(source.last)?,
        });
    }
    sources.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    let reasons = |files: &[DocAddress]| reasons(index, &searcher, files);
    Ok(Status {
        dispatches: counted.visible,
        dates: Dates {
            first: date_of(counted.first)?,
            last: date_of(counted.last)?,
        },
        sources,
        roots: index
            .stamp
            .roots
            .iter()
            .map(|r| r.to_path().display().to_string())
            .collect(),
        last_run: index.stamp.last_run.as_ref().map(|r| run(r, index)),
        bytes: bytes_in(&index.generation)?,
        schema: index.stamp.schema,
        analysis: index.stamp.analysis.clone(),
        files: counted.files,
        rejected: reasons(&counted.rejected)?,
        passed_over: reasons(&counted.passed_over)?,
        gone: counted.gone,
        embargoed: counted.embargoed,
        killed: counted.killed,
        withheld: counted.withheld,
        superseded: counted.superseded,
        segments: searcher.segment_readers().len() as u64,
    })
}

/// Paths and reasons of files that were turned away or passed over, by path.
fn reasons(
    index: &LocalSearcher,
    searcher: &Searcher,
    files: &[DocAddress],
) -> Result<Vec<Reason>> {
    let mut reasons = Vec::new();
    for &address in files {
        let document: TantivyDocument = searcher
            .doc(address)
            .map_err(|e| damage(&index.generation, e))?;
        let file: FileRecord = index
            .fields
            .file_record(&document)
            .map_err(|e| damage(&index.generation, e))?;
        let path = index.path_of(file.root, &file.path).display().to_string();
        reasons.extend(file.reasons.into_iter().map(|reason| Reason {
            path: path.clone(),
            reason,
        }));
    }
    reasons.sort_unstable();
    Ok(reasons)
}

fn run(run: &LastRun, index: &LocalSearcher) -> RunStatus {
    let zone = TimeZone::get(&index.stamp.zone).unwrap_or(TimeZone::UTC);
    let at = Timestamp::from_second(run.at).unwrap_or_default();
    RunStatus {
        at: When::moment(&at.to_zoned(zone)).to_string(),
        seconds: run.seconds,
        added: run.added,
        replaced: run.replaced,
        killed: run.killed,
        pruned: run.pruned,
    }
}

/// The bytes of the files in a folder; a writer may remove one while they are counted.
fn bytes_in(folder: &Path) -> Result<u64> {
    let failed = |e| Error::io(format!("cannot read {}", folder.display()), e);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(0),
        Err(e) => return Err(failed(e)),
    };
    let mut bytes = 0;
    for entry in entries {
        match entry.map_err(failed)?.metadata() {
            Ok(file) => bytes += file.len(),
            Err(e) if e.kind() == ErrorKind::NotFound => {}
            Err(e) => return Err(failed(e)),
        }
    }
    Ok(bytes)
}

/// What the columns say.
#[derive(Default)]
struct Counts {
    visible: u64,
    embargoed: u64,
    withheld: u64,
    killed: u64,
    superseded: u64,
    gone: u64,
    files: u64,
    first: Option<Dated>,
    last: Option<Dated>,
    sources: HashMap<String, Source>,
    rejected: Vec<DocAddress>,
    passed_over: Vec<DocAddress>,
}

/// A visible dispatch with a date.
#[derive(Clone, Copy)]
struct Dated {
    /// First second of its date's span.
    start: i64,
    /// First second after it.
    end: i64,
    at: DocAddress,
}

#[derive(Clone, Copy, Default)]
struct Source {
    count: u64,
    last: Option<Dated>,
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

impl Counts {
    fn of(searcher: &Searcher, fields: &Fields, now: i64) -> tantivy::Result<Self> {
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
            self.gone += u64::from(columns.files(doc).all(|f| gone.contains(&f)));
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

#[cfg(test)]
mod tests {
    use index_schema::{RawPath, Record};

    use super::*;
    use crate::backend::local::archive::{file, origin, record};

    const NOW: i64 = 1_500_000_000;

    fn status_of(records: &[Record], files: &[FileRecord]) -> Status {
        let (a, b) = records.split_at(records.len() / 2);
        let mut index = LocalSearcher::in_memory_with_files(&[a, b], files);
        index.stamp.roots = vec![RawPath::of(Path::new("/feeds/ritzau"))];
        status(&index, Timestamp::from_second(NOW).unwrap()).unwrap()
    }

    #[test]
    fn only_what_can_be_found_is_in_the_public_figures() {
        let status = status_of(
            &[
                record("a").source("Ritzau").date("2016-05").build(),
                record("b")
                    .source("Ritzau")
                    .date("2017-03-14T12:30:00+01:00")
                    .build(),
                record("c")
                    .source("Reuters")
                    .date("2017")
                    .version("2")
                    .build(),
                record("c")
                    .source("AFP")
                    .date("2010")
                    .version("1")
                    .state(State::Superseded)
                    .build(),
                record("d")
                    .source("AFP")
                    .date("2018")
                    .embargo(NOW + 1)
                    .build(),
                record("e")
                    .source("AFP")
                    .date("2019")
                    .state(State::Withheld)
                    .build(),
                record("f").killed().build(),
                record("g").embargo(NOW).build(),
            ],
            &[],
        );
        assert_eq!(status.dispatches, 4);
        assert_eq!(status.dates.first.as_deref(), Some("2016-05"));
        assert_eq!(
            status.dates.last.as_deref(),
            Some("2017-03-14T12:30:00+01:00")
        );
        let source = |value: &str, count, last: &str| SourceStatus {
            value: value.to_owned(),
            count,
            last: Some(last.to_owned()),
        };
        assert_eq!(
            status.sources,
            [
                source("Ritzau", 2, "2017-03-14T12:30:00+01:00"),
                source("Reuters", 1, "2017")
            ]
        );
        let hidden = [
            status.superseded,
            status.embargoed,
            status.withheld,
            status.killed,
        ];
        assert_eq!(hidden, [1; 4]);
        assert_eq!(status.segments, 2);
    }

    #[test]
    fn files_turned_away_are_named_with_their_reasons() {
        let status = status_of(
            &[],
            &[
                file("b.xml", Outcome::Rejected, &["not closed", "no text"]),
                file("a.xml", Outcome::Rejected, &["too large"]),
                file("c.json", Outcome::PassedOver, &["a planning item"]),
                file("d.xml", Outcome::Read, &[]),
                file("e.xml", Outcome::Gone, &[]),
            ],
        );
        let reason = |path: &str, reason: &str| Reason {
            path: format!("/feeds/ritzau/{path}"),
            reason: reason.to_owned(),
        };
        assert_eq!(
            status.rejected,
            [
                reason("a.xml", "too large"),
                reason("b.xml", "no text"),
                reason("b.xml", "not closed")
            ]
        );
        assert_eq!(status.passed_over, [reason("c.json", "a planning item")]);
        assert_eq!(status.files, 4);
        assert_eq!(status.dispatches, 0);
    }

    #[test]
    fn a_dispatch_is_gone_when_no_file_has_it_any_more() {
        let status = status_of(
            &[
                record("a").origins(vec![origin(0, "a.xml")]).build(),
                record("b")
                    .origins(vec![origin(0, "a.xml"), origin(0, "b.xml")])
                    .build(),
                record("c").origins(vec![]).build(),
            ],
            &[
                file("a.xml", Outcome::Gone, &[]),
                file("b.xml", Outcome::Read, &[]),
            ],
        );
        assert_eq!(status.gone, 2);
    }

    #[test]
    fn an_empty_index_has_a_status() {
        let status = status_of(&[], &[]);
        assert_eq!((status.dispatches, status.files, status.bytes), (0, 0, 0));
        assert_eq!(status.dates, Dates::default());
        assert_eq!(status.roots, ["/feeds/ritzau"]);
        assert!(status.last_run.is_none());
    }
}
