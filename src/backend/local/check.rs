//! Whether an index is sound: its files by their checksums, its documents against each other.

use std::{
    collections::{HashMap, HashSet},
    fs, io,
    path::{Path, PathBuf},
};

use index_schema::{Hash, Record, State, file_hash, key_hash};
use serde::Serialize;
use tantivy::{
    Index, IndexMeta, TantivyDocument, TantivyError,
    directory::{ManagedDirectory, MmapDirectory},
};

use super::{
    Folder, LocalSearcher, damage,
    directory::{LIST, MANAGED, ReadOnly},
    guard::guarded,
    path_of,
};
use crate::error::{Error, ErrorKind, Result};

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Files of the index whose checksum was compared.
    pub files: u64,
    /// Dispatch documents read.
    pub dispatches: u64,
    /// File documents read.
    pub feed_files: u64,
    /// What is damaged; empty when all is sound.
    pub damage: Vec<String>,
    /// Feed files that differ from what the index read, without a new time of change; only when asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differing: Vec<String>,
}

/// Parts of a segment that every segment has.
const ALWAYS: [&str; 6] = ["idx", "pos", "term", "fast", "fieldnorm", "store"];
/// Sentences of damage that are worth reading.
const MOST: usize = 100;
/// Times that an index is looked at while others write to it.
const TRIES: usize = 5;

/// Compares the checksum of each file that a commit names; how many, and what is wrong.
fn damaged_files(index: &Index, metas: &IndexMeta, generation: &Path) -> (u64, Vec<String>) {
    let mut names: Vec<PathBuf> = metas.list_segment_files().into_iter().collect();
    names.sort();
    let mut found = Vec::new();
    let mut files = 0;
    for name in names {
        let path = generation.join(&name);
        let must_be = name
            .extension()
            .is_some_and(|e| ALWAYS.iter().any(|a| e == *a));
        match fs::metadata(&path) {
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                if must_be {
                    found.push(format!("{} is missing", path.display()));
                }
                continue;
            }
            Err(e) => {
                found.push(format!("{} cannot be read: {e}", path.display()));
                continue;
            }
        }
        files += 1;
        let unreadable = |e| {
            let sentence = format!("{} cannot be read", path.display());
            Error::new(ErrorKind::Backend, sentence).because(e)
        };
        match guarded(|| index.directory().validate_checksum(&name), unreadable) {
            Ok(true) => {}
            Ok(false) => found.push(format!("{} does not match its checksum", path.display())),
            Err(e) => found.push(e.to_string()),
        }
    }
    (files, found)
}

/// Reads the whole index at `dir` and says what is damaged in it; with `against_files`, reads the feed files, too.
///
/// # Errors
///
/// `NotFound` if there is no index, `Backend` if not even the list of its files can be read.
pub fn verify(dir: &Path, against_files: bool) -> Result<Checked> {
    let folder = Folder::at(dir);
    for _ in 1..TRIES {
        let before = last_commit(&folder);
        let checked = verify_once(&folder, against_files);
        let is_sound = checked.as_ref().is_ok_and(|c| c.damage.is_empty());
        // what a writer has removed meanwhile is not missing
        if is_sound || last_commit(&folder) == before {
            return checked;
        }
    }
    verify_once(&folder, against_files)
}

/// The generation in use, and the engine's list of it.
fn last_commit(folder: &Folder) -> Option<(PathBuf, Vec<u8>)> {
    let generation = folder.current().ok()?;
    let list = fs::read(generation.join(LIST)).ok()?;
    Some((generation, list))
}

fn verify_once(folder: &Folder, against_files: bool) -> Result<Checked> {
    let mut checked = match LocalSearcher::open(folder.path()) {
        Ok(searcher) => searcher.check(against_files)?,
        // what cannot be opened has files all the same, and more than one of them may be damaged
        Err(e) if e.kind() == ErrorKind::Backend => {
            let checked = check_files(&folder.current()?);
            checked.ok().filter(|c| !c.damage.is_empty()).ok_or(e)?
        }
        Err(e) => return Err(e),
    };
    if let Some(lost) = folder.lost_name() {
        let sentence = format!("{} is missing; the next run writes it anew", lost.display());
        checked.damage.push(sentence);
    }
    Ok(checked)
}

/// Reads the files of a generation, and no document.
fn check_files(generation: &Path) -> Result<Checked> {
    let read = || {
        let index = Index::open(ReadOnly::open(generation)?)?;
        let metas = index.load_metas()?;
        Ok::<_, TantivyError>(damaged_files(&index, &metas, generation))
    };
    let (files, mut damage) = guarded(read, |e| damage(generation, e))?;
    // a question does without the list of what may be removed, but no run does
    let may_be_removed = MmapDirectory::open(generation)
        .map_err(TantivyError::from)
        .and_then(|folder| ManagedDirectory::wrap(Box::new(folder)));
    if let Err(e) = may_be_removed {
        let path = generation.join(MANAGED);
        damage.insert(0, format!("{} cannot be read: {e}", path.display()));
    }
    damage.truncate(MOST);
    Ok(Checked {
        files,
        damage,
        ..Checked::default()
    })
}

impl LocalSearcher {
    /// Reads the whole index, and the feed files if wanted.
    fn check(&self, against_files: bool) -> Result<Checked> {
        let mut checked = check_files(&self.generation)?;
        // reading documents from damaged files would only tell the same damage again, a thousand times
        if checked.damage.is_empty() {
            self.check_documents(&mut checked, against_files)?;
        }
        checked.damage.truncate(MOST);
        Ok(checked)
    }

    fn check_documents(&self, checked: &mut Checked, against_files: bool) -> Result<()> {
        let searcher = self.reader.searcher();
        let mut feed_files = HashSet::new();
        let mut held: Vec<(u64, String)> = Vec::new();
        // keys as hashes: how many versions are the newest of each
        let mut newest: HashMap<u64, u8> = HashMap::new();
        for segment in searcher.segment_readers() {
            let store = segment
                .get_store_reader(10)
                .map_err(|e| damage(&self.generation, e))?;
            for document in store.iter::<TantivyDocument>(segment.alive_bitset()) {
                if checked.damage.len() >= MOST {
                    return Ok(());
                }
                let document = match document {
                    Ok(document) => document,
                    Err(e) => {
                        checked
                            .damage
                            .push(format!("a document cannot be read: {e}"));
                        continue;
                    }
                };
                if let Ok(file) = self.fields.file_record(&document) {
                    checked.feed_files += 1;
                    if !feed_files.insert(file_hash(file.root, file.path.as_bytes())) {
                        let path = path_of(&self.stamp.roots, file.root, &file.path);
                        checked
                            .damage
                            .push(format!("{} is in the manifest twice", path.display()));
                    }
                    if against_files && !file.gone {
                        self.check_file(&file, checked);
                    }
                    continue;
                }
                match self.fields.record(&document) {
                    Ok(record) => {
                        checked.dispatches += u64::from(record.dispatch.is_some());
                        note(&record, &mut newest, &mut held);
                    }
                    Err(e) => checked.damage.push(e.to_string()),
                }
            }
        }
        for (file, key) in held {
            if !feed_files.contains(&file) {
                checked
                    .damage
                    .push(format!("{key}: its file is not in the manifest"));
            }
        }
        let wrong = newest.values().filter(|n| **n > 1).count();
        if wrong > 0 {
            checked.damage.push(format!(
                "{wrong} dispatches have more than one newest version"
            ));
        }
        Ok(())
    }

    /// A file with the size and the time that the manifest has must have the bytes, too.
    fn check_file(&self, file: &index_schema::FileRecord, checked: &mut Checked) {
        use std::os::unix::fs::MetadataExt;
        let path = path_of(&self.stamp.roots, file.root, &file.path);
        let Some(hash) = file.hash else { return };
        let Ok(metadata) = fs::metadata(&path) else {
            return;
        };
        let mtime = metadata
            .mtime()
            .saturating_mul(1_000_000_000)
            .saturating_add(metadata.mtime_nsec());
        if metadata.len() != file.size || mtime != file.mtime {
            return;
        }
        let mut hasher = blake3::Hasher::new();
        let read = fs::File::open(&path).and_then(|mut f| std::io::copy(&mut f, &mut hasher));
        match read {
            Ok(_) if Hash::from(hasher.finalize()) == hash => {}
            Ok(_) => checked.differing.push(format!(
                "{} changed without a new time of change; touch it to have it read again",
                path.display()
            )),
            Err(e) => checked
                .differing
                .push(format!("{} cannot be read: {e}", path.display())),
        }
    }
}

fn note(record: &Record, newest: &mut HashMap<u64, u8>, held: &mut Vec<(u64, String)>) {
    if matches!(record.state, State::Current | State::Killed) {
        let count = newest.entry(key_hash(&record.key)).or_default();
        *count = count.saturating_add(1);
    }
    for origin in &record.origins {
        if record.dispatch.is_some() {
            held.push((origin.file(), record.key.clone()));
        }
    }
}
