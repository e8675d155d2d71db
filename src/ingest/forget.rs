//! Erasing for good, on purpose.

use std::{
    collections::BTreeSet,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

use index_schema::{DispatchTerms, FieldAnalyzer, LastRun, RawPath, Record, State, Tombstone};
use jiff::Timestamp;

use super::versions::settle_rest;
use crate::{
    backend::{
        Writer,
        local::{Folder, LocalSearcher, LocalWriter, Lock, Resources, path_of},
    },
    error::{Error, ErrorKind, Result},
};

/// What was erased.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Dispatches, with all their versions.
    pub dispatches: u64,
    /// Versions.
    pub versions: u64,
    /// Texts that stay, since files that were not named hold them, too.
    pub stay: u64,
    /// Such files, the first of each text.
    pub held_by: BTreeSet<PathBuf>,
}

/// Erases what the names mean: an id or guid, a file, a folder or a root. Text, history and terms are gone from the disk
/// when this returns; a tombstone without text stays, so that a file still lying there does not bring it back.
///
/// # Errors
///
/// `NotFound` if a name means nothing here: then nothing is erased. `Io` or `Backend` if the index cannot be changed.
pub fn forget(
    folder: &Folder,
    _lock: &Lock,
    names: &[OsString],
    now: Timestamp,
    resources: Resources,
) -> Result<Forgotten> {
    let searcher = LocalSearcher::open(folder.path())?;
    // a rebuild that was killed may have left another copy of all texts
    folder.sweep()?;
    let mut stamp = searcher.stamp().clone();
    let mut writer = LocalWriter::open(&folder.current()?, resources)?;
    let mut meant = Meant::default();
    for name in names {
        meant.add(name, &searcher, &writer)?;
    }
    let mut erasing = Erasing {
        writer: &writer,
        analyzer: FieldAnalyzer::default(),
        files: &meant.files,
        roots: &stamp.roots.clone(),
        reason: format!("erased on {}", now.strftime("%Y-%m-%d")),
        done: Forgotten::default(),
    };
    let mut keys = meant.keys.clone();
    for file in &meant.files {
        keys.extend(
            writer
                .by_file(*file, usize::MAX)?
                .into_iter()
                .map(|r| r.key),
        );
    }
    for key in keys {
        erasing.dispatch(&key, meant.keys.contains(&key))?;
    }
    let done = erasing.done;
    for root in meant.roots {
        for known in searcher
            .manifest()?
            .files()
            .iter()
            .filter(|k| k.root as usize == root)
        {
            writer.remove_file(known.file);
        }
        // the number of a root is its place in the list: it is emptied, not taken out
        stamp.roots[root] = RawPath::Text(String::new());
    }
    let run = LastRun {
        at: now.as_second(),
        ..stamp.last_run.clone().unwrap_or_default()
    };
    writer.describe(&stamp.roots, run);
    writer.commit()?;
    writer.purge()?;
    writer.close()?;
    Ok(done)
}

/// What the names mean.
#[derive(Default)]
struct Meant {
    keys: BTreeSet<String>,
    files: BTreeSet<u64>,
    roots: BTreeSet<usize>,
}

impl Meant {
    fn add(&mut self, name: &OsStr, searcher: &LocalSearcher, writer: &LocalWriter) -> Result<()> {
        if name.is_empty() {
            // as a path it would be the current folder
            return Err(Error::new(
                ErrorKind::NotFound,
                "an empty name names nothing",
            ));
        }
        // a path may be no text; an id and a guid are
        if let Some(id) = name.to_str() {
            if !writer.by_key(id)?.is_empty() {
                self.keys.insert(id.to_owned());
                return Ok(());
            }
            let by_guid = writer.by_guid(id)?;
            if !by_guid.is_empty() {
                self.keys.extend(by_guid.into_iter().map(|r| r.key));
                return Ok(());
            }
        }
        let roots = &searcher.stamp().roots;
        let path = absolute(Path::new(name));
        let root = roots.iter().position(|r| r.to_path() == path);
        let before = self.files.len();
        for known in searcher.manifest()?.files() {
            let file = searcher.file_record(known)?;
            if path_of(roots, file.root, &file.path).starts_with(&path) {
                self.files.insert(known.file);
            }
        }
        if self.files.len() == before && root.is_none() {
            let name = name.display();
            let sentence = format!("{name} is no dispatch, file or folder of this index");
            return Err(Error::new(ErrorKind::NotFound, sentence));
        }
        self.roots.extend(root);
        Ok(())
    }
}

/// The path as the index keeps it, also when nothing is there any more.
fn absolute(path: &Path) -> PathBuf {
    if let Ok(canonical) = path.canonicalize() {
        return canonical;
    }
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match (
        whole.parent().and_then(|p| p.canonicalize().ok()),
        whole.file_name(),
    ) {
        (Some(parent), Some(name)) => parent.join(name),
        _ => whole,
    }
}

struct Erasing<'a> {
    writer: &'a LocalWriter,
    analyzer: FieldAnalyzer,
    /// Files whose content is to be erased.
    files: &'a BTreeSet<u64>,
    roots: &'a [RawPath],
    reason: String,
    done: Forgotten,
}

impl Erasing<'_> {
    /// Erases every version of a dispatch that only the files to be erased hold, or all of them if it was `named`.
    fn dispatch(&mut self, key: &str, named: bool) -> Result<()> {
        let before = self.writer.by_key(key)?;
        let mut after = before.clone();
        for record in &mut after {
            let held = record.origins.len();
            record
                .origins
                .retain(|o| !named && !self.files.contains(&o.file()));
            let other = record.origins.first();
            if let Some(other) = other.filter(|_| record.origins.len() < held)
                && record.dispatch.is_some()
            {
                self.done.stay += 1;
                let path = path_of(self.roots, other.root, &other.path);
                self.done.held_by.insert(path);
            }
        }
        let (mut stay, go): (Vec<Record>, Vec<Record>) = after
            .into_iter()
            .partition(|r| r.dispatch.is_none() || !r.origins.is_empty());
        // other files may hold versions of it: these stay
        let is_left = stay.iter().any(|r| r.dispatch.is_some());
        self.done.dispatches += u64::from(!is_left && !go.is_empty());
        stay.extend(go.iter().map(|record| self.tombstone(record, &before)));
        if is_left {
            settle_rest(&before, &mut stay);
        }
        self.done.versions += go.len() as u64;
        for old in &before {
            self.writer.remove(old.document());
        }
        for record in stay {
            let terms = record
                .dispatch
                .as_ref()
                .map(|d| DispatchTerms::of(d, &mut self.analyzer));
            self.writer.add(record, &terms.unwrap_or_default())?;
        }
        Ok(())
    }

    /// What stays of a version: enough to know it again, and not a word of it.
    fn tombstone(&self, record: &Record, before: &[Record]) -> Record {
        let as_it_was = before.iter().find(|r| r.document() == record.document());
        Record {
            state: State::Forgotten,
            dispatch: None,
            origins: as_it_was.map(|r| r.origins.clone()).unwrap_or_default(),
            tombstone: Some(Tombstone {
                reason: self.reason.clone(),
                ..Tombstone::default()
            }),
            ..record.clone()
        }
    }
}
