//! Dispatches asked for by id, guid or path.

use std::{
    collections::{BTreeSet, HashSet},
    ffi::OsStr,
    os::unix::ffi::OsStrExt,
    path::{Component, Path, PathBuf},
};

use index_schema::{Kind, Origin, RawPath, Record, State, file_hash, newest_first};
use tantivy::{
    DocAddress, Searcher, TantivyDocument, Term,
    collector::DocSetCollector,
    query::{BooleanQuery, Query, TermQuery},
    schema::IndexRecordOption,
};

use super::{LocalSearcher, census::is_gone, damage};
use crate::{backend::Wanted, error::Result, search::Shown};

/// Finds dispatches by id, by guid or by the path of a file that holds or held them: for each, its current version, and
/// after it the older ones if they are wanted. Those of a file come in the order in which they stand in it.
///
/// Nothing is shown of a dispatch that was killed, is withheld, or is under embargo (unless `embargoed`).
///
/// # Errors
///
/// Fails if the index is damaged.
pub(crate) fn get(index: &LocalSearcher, wanted: &Wanted<'_>) -> Result<Vec<Shown>> {
    let searcher = index.reader.searcher();
    let mut shown = Vec::new();
    for key in keys(index, &searcher, wanted.name)? {
        let mut versions = index.by_key(&searcher, &key)?;
        if !may_be_shown(&versions, wanted) {
            continue;
        }
        versions.retain(|v| match v.state {
            State::Current => v.dispatch.is_some(),
            State::Superseded => v.dispatch.is_some() && wanted.all_versions,
            State::Withheld | State::Killed | State::Forgotten => false,
        });
        versions.sort_by(newest_first);
        for version in versions {
            shown.extend(index.shown(version)?);
        }
    }
    Ok(shown)
}

/// The keys of the dispatches that a name names: as id, else as guid, else as path.
fn keys(index: &LocalSearcher, searcher: &Searcher, name: &OsStr) -> Result<Vec<String>> {
    // a path may be no text; an id and a guid are
    if let Some(text) = name.to_str() {
        if !index.by_key(searcher, text)?.is_empty() {
            return Ok(vec![text.to_owned()]);
        }
        let guid = Term::from_field_text(index.fields.guid, text);
        let found = index.records(searcher, guid)?;
        if !found.is_empty() {
            let keys: BTreeSet<String> = found.into_iter().map(|r| r.key).collect();
            return Ok(keys.into_iter().collect());
        }
    }
    for (file, member) in readings(name) {
        // by member and item: the order in which they stand in the file
        let mut standing: BTreeSet<(Option<String>, u32, String)> = BTreeSet::new();
        for (root, path) in index.files_named(Path::new(file)) {
            let term = Term::from_field_u64(index.fields.file, file_hash(root, path.as_bytes()));
            for record in index.records(searcher, term)? {
                let stood = |o: &&Origin| {
                    o.root == root
                        && o.path == path
                        && member.is_none_or(|m| o.member.as_deref() == Some(m))
                };
                for origin in record.origins.iter().filter(stood) {
                    let place = (origin.member.clone(), origin.item, record.key.clone());
                    standing.insert(place);
                }
            }
        }
        if !standing.is_empty() {
            let mut seen = HashSet::new();
            let keys = standing.into_iter().map(|(_, _, key)| key);
            return Ok(keys.filter(|k| seen.insert(k.clone())).collect());
        }
    }
    Ok(Vec::new())
}

/// A path, and what else it may mean: `archive.zip!member`, where either may have a `!` in its name.
fn readings(name: &OsStr) -> impl Iterator<Item = (&OsStr, Option<&str>)> {
    let bytes = name.as_bytes();
    let marks = (0..bytes.len()).rev().filter(|&at| bytes[at] == b'!');
    let members = marks.filter_map(|at| {
        let member = str::from_utf8(&bytes[at + 1..]).ok()?;
        Some((OsStr::from_bytes(&bytes[..at]), Some(member)))
    });
    std::iter::once((name, None)).chain(members)
}

/// Whether the life of a dispatch allows that anything of it is shown.
fn may_be_shown(versions: &[Record], wanted: &Wanted<'_>) -> bool {
    let now = wanted.now.as_second();
    // a withheld version hides the others until a newer one may be shown, a forgotten one only itself
    let is_released = versions.iter().any(|v| v.state == State::Current);
    versions.iter().all(|v| match v.state {
        State::Withheld | State::Forgotten => is_released,
        State::Killed => false,
        // an embargo covers earlier versions, too, also those that were sent without one
        State::Current | State::Superseded => {
            wanted.embargoed || v.embargo_until.is_none_or(|until| until <= now)
        }
    })
}

impl LocalSearcher {
    /// The records of the versions with a key.
    fn by_key(&self, searcher: &Searcher, key: &str) -> Result<Vec<Record>> {
        let mut records = self.records(searcher, self.fields.key_term(key))?;
        records.retain(|r| r.key == key);
        Ok(records)
    }

    /// The records of the dispatch documents that have a term.
    fn records(&self, searcher: &Searcher, term: Term) -> Result<Vec<Record>> {
        let kind = Term::from_field_u64(self.fields.kind, Kind::Dispatch as u64);
        let both = [term, kind]
            .map(|t| -> Box<dyn Query> { Box::new(TermQuery::new(t, IndexRecordOption::Basic)) });
        let found = searcher
            .search(&BooleanQuery::intersection(both.into()), &DocSetCollector)
            .map_err(|e| damage(&self.generation, e))?;
        let found: BTreeSet<DocAddress> = found.into_iter().collect();
        found
            .into_iter()
            .map(|address| self.record_at(searcher, address))
            .collect()
    }

    /// The record of a dispatch document.
    pub(super) fn record_at(&self, searcher: &Searcher, address: DocAddress) -> Result<Record> {
        let record = self.record(searcher, address);
        record.map_err(|e| damage(&self.generation, e))
    }

    /// What a path may name among the files of the index: an absolute one below a root, any other below each root.
    fn files_named(&self, path: &Path) -> Vec<(u32, RawPath)> {
        let roots = (0..).zip(&self.stamp.roots);
        roots
            .filter_map(|(number, root)| {
                let below = match path.is_absolute() {
                    true => path.strip_prefix(root.to_path()).ok()?,
                    false => path,
                };
                // without `.` and doubled slashes, as the walk writes it
                let below: PathBuf = below
                    .components()
                    .filter(|c| !matches!(c, Component::CurDir))
                    .collect();
                Some((number, RawPath::of(&below)))
            })
            .collect()
    }

    /// A version as it is shown.
    fn shown(&self, version: Record) -> Result<Option<Shown>> {
        let Some(dispatch) = version.dispatch else {
            return Ok(None);
        };
        let mut origins = Vec::with_capacity(version.origins.len());
        for origin in &version.origins {
            origins.push((self.is_gone(origin)?, origin));
        }
        // a file that is still there is more use than one that is gone
        origins.sort_by_key(|(gone, _)| *gone);
        Ok(Some(Shown {
            id: version.key,
            state: match version.state {
                State::Superseded => "superseded",
                _ => "current",
            }
            .to_owned(),
            paths: origins.iter().map(|(_, o)| self.place(o)).collect(),
            item: origins.first().map_or(0, |(_, o)| o.item),
            gone: is_gone(origins.iter().map(|(gone, _)| *gone)),
            dispatch,
        }))
    }

    /// Whether the manifest says that a file is not there any more.
    pub(super) fn is_gone(&self, origin: &Origin) -> Result<bool> {
        let damaged = |e: tantivy::TantivyError| damage(&self.generation, e);
        let searcher = self.reader.searcher();
        let file = Term::from_field_u64(self.fields.manifest, origin.file());
        let found = searcher
            .search(
                &TermQuery::new(file, IndexRecordOption::Basic),
                &DocSetCollector,
            )
            .map_err(damaged)?;
        let Some(address) = found.into_iter().next() else {
            return Ok(false);
        };
        let document: TantivyDocument = searcher.doc(address).map_err(damaged)?;
        let file = self.fields.file_record(&document);
        Ok(file.map_err(|e| damage(&self.generation, e))?.gone)
    }

    /// Where a dispatch stood, as a path: `archive.zip!member` inside an archive.
    pub(super) fn place(&self, origin: &Origin) -> String {
        let path = self.path_of(origin.root, &origin.path);
        match &origin.member {
            Some(member) => format!("{}!{member}", path.display()),
            None => path.display().to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use index_schema::Outcome;

    use crate::backend::local::{
        drafts::{file, origin, record, with_files},
        status::status,
    };

    const NOW: i64 = 1_500_000_000;

    fn index(records: &[Record]) -> LocalSearcher {
        let (a, b) = records.split_at(records.len() / 2);
        let mut index = LocalSearcher::in_memory(&[a, b]);
        let roots = ["/feeds/ritzau", "/feeds/gamle", "/feeds/enkelt.xml"];
        index.stamp.roots = roots.map(|r| RawPath::of(Path::new(r))).into();
        index
    }

    /// Id, version and state of what is shown.
    fn shown(
        index: &LocalSearcher,
        name: &str,
        all_versions: bool,
        embargoed: bool,
    ) -> Vec<String> {
        let wanted = Wanted {
            name: name.as_ref(),
            all_versions,
            embargoed,
            now: Timestamp::from_second(NOW).unwrap(),
        };
        let line = |s: Shown| {
            let version = s.dispatch.version.unwrap_or_default();
            format!("{} {version} {}", s.id, s.state)
        };
        get(index, &wanted).unwrap().into_iter().map(line).collect()
    }

    fn current(index: &LocalSearcher, name: &str) -> Vec<String> {
        shown(index, name, false, false)
    }

    #[test]
    fn ids_and_guids_name_dispatches() {
        let index = index(&[
            record("ritzau:17").guid("17").version("1").build(),
            record("reuters:17").guid("17").version("4").build(),
            record("urn:x").version("2").build(),
        ]);
        assert_eq!(current(&index, "ritzau:17"), ["ritzau:17 1 current"]);
        assert_eq!(
            current(&index, "17"),
            ["reuters:17 4 current", "ritzau:17 1 current"]
        );
        assert_eq!(current(&index, "urn:x"), ["urn:x 2 current"]);
        assert_eq!(current(&index, "urn:y"), [""; 0]);
        assert_eq!(current(&index, ""), [""; 0]);
    }

    #[test]
    fn older_versions_come_only_when_asked_for_and_after_the_newer() {
        let index = index(&[
            record("a").version("9").state(State::Superseded).build(),
            record("a").version("11").build(),
            record("a").version("10").state(State::Superseded).build(),
        ]);
        assert_eq!(current(&index, "a"), ["a 11 current"]);
        assert_eq!(
            shown(&index, "a", true, false),
            ["a 11 current", "a 10 superseded", "a 9 superseded"]
        );
    }

    #[test]
    fn a_path_names_what_stands_in_the_file() {
        let member = |name: &str, item| Origin {
            member: Some(name.to_owned()),
            item,
            ..origin(0, "dage!/uge.zip")
        };
        let index = index(&[
            record("z")
                .version("1")
                .origins(vec![member("a.xml", 0)])
                .build(),
            record("y")
                .version("1")
                .origins(vec![member("b.xml", 1), origin(0, "y.xml")])
                .build(),
            record("x")
                .version("1")
                .origins(vec![member("b.xml", 0)])
                .build(),
            record("c")
                .version("1")
                .origins(vec![origin(1, "2016/c.xml")])
                .build(),
            record("d")
                .version("1")
                .origins(vec![origin(2, "")])
                .build(),
        ]);
        for path in [
            "/feeds/ritzau/y.xml",
            "y.xml",
            "./y.xml",
            "/feeds/ritzau//./y.xml",
        ] {
            assert_eq!(current(&index, path), ["y 1 current"], "{path}");
        }
        assert_eq!(current(&index, "/feeds/gamle/2016/c.xml"), ["c 1 current"]);
        assert_eq!(current(&index, "/feeds/enkelt.xml"), ["d 1 current"]);
        assert_eq!(
            current(&index, "dage!/uge.zip"),
            ["z 1 current", "x 1 current", "y 1 current"]
        );
        assert_eq!(
            current(&index, "/feeds/ritzau/dage!/uge.zip!b.xml"),
            ["x 1 current", "y 1 current"]
        );
        for path in [
            "/feeds/ritzau",
            "/feeds/gamle/2016",
            "2016",
            "dage!",
            "/feeds/andre/y.xml",
            "b.xml",
        ] {
            assert_eq!(current(&index, path), [""; 0], "{path}");
        }
    }

    #[test]
    fn the_file_of_an_older_version_names_the_newest() {
        let index = index(&[
            record("a")
                .version("1")
                .origins(vec![origin(0, "old.xml")])
                .state(State::Superseded)
                .build(),
            record("a")
                .version("2")
                .origins(vec![origin(0, "new.xml")])
                .build(),
        ]);
        assert_eq!(current(&index, "old.xml"), ["a 2 current"]);
        assert_eq!(
            shown(&index, "old.xml", true, false),
            ["a 2 current", "a 1 superseded"]
        );
    }

    #[test]
    fn a_gone_file_is_said_to_be_gone() {
        let wanted = Wanted {
            name: "a".as_ref(),
            all_versions: false,
            embargoed: false,
            now: Timestamp::from_second(NOW).unwrap(),
        };
        let both = [origin(0, "a.xml"), origin(1, "b.xml")];
        let partly = [record("a").origins(both.into()).build()];
        let files = [file("a.xml", Outcome::Gone, &[])];
        let mut partly = with_files(LocalSearcher::in_memory(&[&partly]), &files);
        partly.stamp.roots = ["/feeds/ritzau", "/feeds/gamle"]
            .map(|r| RawPath::of(Path::new(r)))
            .into();
        let found = get(&partly, &wanted).unwrap();
        assert!(!found[0].gone);
        assert_eq!(
            found[0].paths,
            ["/feeds/gamle/b.xml", "/feeds/ritzau/a.xml"]
        );
        let wholly = [record("a").origins(vec![origin(0, "a.xml")]).build()];
        let wholly = with_files(LocalSearcher::in_memory(&[&wholly]), &files);
        assert!(get(&wholly, &wanted).unwrap()[0].gone);
        // the figure of `status` is the same
        let without = [record("a").origins(Vec::new()).build()];
        let without = LocalSearcher::in_memory(&[&without]);
        for (index, gone) in [(partly, false), (wholly, true), (without, true)] {
            assert_eq!(get(&index, &wanted).unwrap()[0].gone, gone);
            assert_eq!(status(&index, wanted.now).unwrap().gone, u64::from(gone));
        }
    }

    #[test]
    fn nothing_is_shown_of_what_is_killed_withheld_or_embargoed() {
        let index = index(&[
            record("killed").killed().build(),
            record("withheld")
                .version("2")
                .state(State::Withheld)
                .build(),
            record("withheld")
                .version("1")
                .state(State::Superseded)
                .build(),
            record("embargoed").version("2").embargo(NOW + 60).build(),
            record("embargoed")
                .version("1")
                .state(State::Superseded)
                .build(),
            record("released").version("1").embargo(NOW).build(),
        ]);
        for name in ["killed", "withheld", "embargoed", "embargoed.xml"] {
            assert_eq!(shown(&index, name, true, false), [""; 0], "{name}");
        }
        for name in ["killed", "withheld"] {
            assert_eq!(shown(&index, name, true, true), [""; 0], "{name}");
        }
        assert_eq!(
            shown(&index, "embargoed", false, true),
            ["embargoed 2 current"]
        );
        assert_eq!(current(&index, "released"), ["released 1 current"]);
    }

    #[test]
    fn a_path_may_be_no_text() {
        let raw = OsStr::from_bytes(b"r\xf8d.zip");
        let place = |member: Option<&str>| Origin {
            path: RawPath::of(Path::new(raw)),
            member: member.map(str::to_owned),
            ..origin(0, "")
        };
        let index = index(&[
            record("a").origins(vec![place(None)]).build(),
            record("b").origins(vec![place(Some("b!.xml"))]).build(),
        ]);
        let named = |name: &[u8]| {
            let wanted = Wanted {
                name: OsStr::from_bytes(name),
                all_versions: false,
                embargoed: false,
                now: Timestamp::from_second(NOW).unwrap(),
            };
            let found = get(&index, &wanted).unwrap();
            found.into_iter().map(|s| s.id).collect::<Vec<_>>()
        };
        assert_eq!(named(b"r\xf8d.zip"), ["a", "b"]);
        assert_eq!(named(b"/feeds/ritzau/r\xf8d.zip!b!.xml"), ["b"]);
        assert_eq!(named(b"r\xf8d.zip!\xf8"), [""; 0]);
        assert_eq!(named(b"\xf8!\xf8"), [""; 0]);
    }

    #[test]
    fn any_name_may_be_asked_for() {
        let index = index(&[record("a").build()]);
        proptest::proptest!(|(name in "\\PC{0,20}|[/.!a]{0,9}")| {
            current(&index, &name);
        });
    }
}
