//! Folders to feed files, in a stable order.

use std::{
    collections::BTreeSet,
    fs::Metadata,
    io,
    path::{Path, PathBuf},
};

use globset::{Glob, GlobSet, GlobSetBuilder};
use index_schema::RawPath;
use walkdir::{DirEntry, WalkDir};

use crate::error::{Error, ErrorKind, Result};

/// A file or folder as it was found.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Number of its root.
    pub(crate) root: u32,
    /// Path below the root.
    pub(crate) below: RawPath,
    /// Its whole path.
    pub(crate) path: PathBuf,
    /// Size in bytes.
    pub(crate) size: u64,
    /// Modification time, nanoseconds since 1970.
    pub(crate) mtime: i64,
    /// Why it cannot be read, if the walk could tell.
    pub(crate) trouble: Option<String>,
}

/// What a walk leaves out.
#[derive(Debug)]
pub struct Leave {
    globs: GlobSet,
    index: Option<PathBuf>,
}

impl Leave {
    /// Leaves out what matches one of the globs, by name or by path below the root, and the folder of the index.
    ///
    /// # Errors
    ///
    /// `Query` if a glob is none.
    pub fn new(globs: &[String], index: &Path) -> Result<Self> {
        let mut set = GlobSetBuilder::new();
        for glob in globs {
            for pattern in [glob.clone(), format!("**/{glob}")] {
                let parsed = Glob::new(&pattern).map_err(|e| {
                    Error::new(ErrorKind::Query, format!("'{glob}' is not a pattern")).because(e)
                })?;
                set.add(parsed);
            }
        }
        let globs = set
            .build()
            .map_err(|e| Error::new(ErrorKind::Query, "the patterns are too large").because(e))?;
        Ok(Self {
            globs,
            index: index.canonicalize().ok(),
        })
    }

    fn leaves_out(&self, root: &Path, entry: &DirEntry) -> bool {
        let name = entry.file_name().to_string_lossy();
        if name.starts_with('.') {
            return true;
        }
        let unfinished = [".tmp", ".part", ".filepart"];
        let lower = name.to_lowercase();
        if unfinished.iter().any(|u| lower.ends_with(u)) && !entry.file_type().is_dir() {
            return true;
        }
        if self.index.as_deref() == Some(entry.path()) {
            return true;
        }
        !self.globs.is_empty()
            && entry
                .path()
                .strip_prefix(root)
                .is_ok_and(|below| self.globs.is_match(below))
    }
}

/// A place to walk: a root, or something below one.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    /// Number of the root.
    pub(crate) root: u32,
    /// Where to start: canonical.
    pub(crate) path: PathBuf,
}

/// What a walk found out beside the files.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// Folders whose content could not be listed: nothing below them is gone.
    pub(crate) unlisted: BTreeSet<PathBuf>,
    /// Files found, those left out not counted.
    pub(crate) files: u64,
}

/// Walks from `start` and hands over each regular file, and each entry that cannot be read. Links are followed; a link
/// that leads back to a folder it lies in is handed over as trouble. `each` says whether to go on.
pub(crate) fn walk(
    start: &Start,
    roots: &[PathBuf],
    leave: &Leave,
    mut each: impl FnMut(Seen) -> Result<bool>,
) -> Result<Walked> {
    let mut walked = Walked::default();
    let root = &roots[start.root as usize];
    let nested: Vec<(u32, &Path)> = (0..)
        .zip(roots)
        .filter(|(_, r)| *r != root && r.starts_with(root))
        .map(|(n, r)| (n, r.as_path()))
        .collect();
    let own = |path: &Path| {
        let inner = nested
            .iter()
            .filter(|(_, r)| path.starts_with(r))
            .max_by_key(|(_, r)| r.as_os_str().len());
        let (number, root) = inner.copied().unwrap_or((start.root, root));
        (number, RawPath::of(path.strip_prefix(root).unwrap_or(path)))
    };
    let entries = WalkDir::new(&start.path)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|e| e.depth() == 0 || !leave.leaves_out(root, e));
    for entry in entries {
        let found = match entry {
            Ok(entry) if entry.file_type().is_dir() => continue,
            Ok(entry) => {
                let metadata = entry.metadata().map_err(|e| trouble(&e));
                (entry.into_path(), metadata)
            }
            Err(e) => {
                let path = e.path().unwrap_or(&start.path).to_owned();
                if e.loop_ancestor().is_none() {
                    walked.unlisted.insert(path.clone());
                }
                (path, Err(trouble(&e)))
            }
        };
        let (path, metadata) = found;
        let (root, below) = own(&path);
        let seen = match metadata {
            Ok(m) if !m.is_file() => continue,
            Ok(m) => Seen {
                root,
                below,
                size: m.len(),
                mtime: mtime(&m),
                path,
                trouble: None,
            },
            Err(trouble) => Seen {
                root,
                below,
                size: 0,
                mtime: 0,
                path,
                trouble: Some(trouble),
            },
        };
        walked.files += 1;
        if !each(seen)? {
            break;
        }
    }
    Ok(walked)
}

/// Modification time in nanoseconds since 1970; absurd times are clamped.
fn mtime(metadata: &Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt;
    metadata
        .mtime()
        .saturating_mul(1_000_000_000)
        .saturating_add(metadata.mtime_nsec())
}

fn trouble(e: &walkdir::Error) -> String {
    if let Some(ancestor) = e.loop_ancestor() {
        return format!("a link that leads back to {}", ancestor.display());
    }
    match e.io_error() {
        Some(io) if io.kind() == io::ErrorKind::NotFound => "a link to nothing".to_owned(),
        Some(io) => reason(io),
        None => "cannot be read".to_owned(),
    }
}

/// A failure of the file system in words that stay the same from run to run.
pub(crate) fn reason(e: &io::Error) -> String {
    match e.kind() {
        io::ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        _ => format!("cannot be read: {e}"),
    }
}
