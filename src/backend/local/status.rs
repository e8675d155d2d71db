//! What the index says of itself.
//!
//! Everything is counted in columns; records are read only for what is listed: the first and last date, the last date
//! of each source, and the files turned away.

use std::{fs, io::ErrorKind, path::Path};

use index_schema::{FileRecord, LastRun, When};
use jiff::{Timestamp, tz::TimeZone};
use tantivy::{DocAddress, Searcher, TantivyDocument};

use super::{
    LocalSearcher,
    census::{Census, Dated},
    damage,
};
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
    let counted = Census::of(&searcher, &index.fields, now.as_second())
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
        roots: roots(index, |_| true),
        missing_roots: roots(index, |root| !root.exists()),
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

/// The roots for which `holds`; one that was forgotten has no path any more.
fn roots(index: &LocalSearcher, holds: impl Fn(&Path) -> bool) -> Vec<String> {
    let paths = index.stamp.roots.iter().map(index_schema::RawPath::to_path);
    paths
        .filter(|root| !root.as_os_str().is_empty() && holds(root))
        .map(|root| root.display().to_string())
        .collect()
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

#[cfg(test)]
mod tests {
    use index_schema::{Outcome, RawPath, Record, State};

    use super::*;
    use crate::backend::local::drafts::{file, origin, record, with_files};

    const NOW: i64 = 1_500_000_000;

    fn status_of(records: &[Record], files: &[FileRecord]) -> Status {
        let (a, b) = records.split_at(records.len() / 2);
        let index = LocalSearcher::in_memory(&[a, b]);
        let mut index = with_files(index, files);
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
        assert_eq!(status.missing_roots, status.roots);
        assert!(status.last_run.is_none());
    }
}
