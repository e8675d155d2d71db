//! Folders to feed files, in a stable order.

use std::{
    collections::BTreeSet,
    io,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use globset::{Glob, GlobSet, GlobSetBuilder};
use walkdir::{DirEntry, WalkDir};

use crate::error::{Error, ErrorKind, Result};

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

    fn leaves_out(&self, root: &Path, path: &Path, is_folder: bool) -> bool {
        let name = path.file_name().unwrap_or_default().as_bytes();
        if name.starts_with(b".") {
            return true;
        }
        if is_folder {
            if self.index.as_deref() == Some(path) {
                return true;
            }
        } else if UNFINISHED.iter().any(|u| ends_with(name, u)) {
            return true;
        }
        !self.globs.is_empty()
            && path
                .strip_prefix(root)
                .is_ok_and(|below| self.globs.is_match(below))
    }

    /// Whether a walk from `start` leaves out a file below it, or a folder that it lies in.
    pub(crate) fn leaves_out_below(&self, start: &Path, root: &Path, file: &Path) -> bool {
        let below = file.ancestors().take_while(|path| *path != start);
        let mut is_folder = false;
        below.into_iter().any(|path| {
            let leaves_out = self.leaves_out(root, path, is_folder);
            is_folder = true;
            leaves_out
        })
    }
}

/// How the name of a file ends that somebody is still writing.
const UNFINISHED: [&[u8]; 3] = [b".tmp", b".part", b".filepart"];

/// Whether a name has this ending, in capitals or not.
fn ends_with(name: &[u8], ending: &[u8]) -> bool {
    name.len()
        .checked_sub(ending.len())
        .is_some_and(|at| name[at..].eq_ignore_ascii_case(ending))
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
    /// What was found beside folders, what is left out not counted.
    pub(crate) files: u64,
}

/// What a walk comes upon: anything but a folder.
#[derive(Debug)]
pub(crate) enum Found {
    /// A file, or something else that is no folder; links are followed.
    Entry(DirEntry),
    /// What cannot be read, and why.
    Trouble(PathBuf, String),
}

/// Walks from `start` below `root`, sorted by name, and hands over what it comes upon. Links are followed; a link that
/// leads back to a folder it lies in is trouble. `each` says whether to go on.
///
/// Asks the system for names only, except of links: size and time are left to [`look`](super::look).
pub(crate) fn walk(
    start: &Start,
    root: &Path,
    leave: &Leave,
    mut each: impl FnMut(Found) -> Result<bool>,
) -> Result<Walked> {
    let mut walked = Walked::default();
    let entries = WalkDir::new(&start.path)
        .follow_links(true)
        // entries of one folder: the order of their paths is the order of their names
        .sort_by(|a, b| a.path().as_os_str().cmp(b.path().as_os_str()))
        .into_iter()
        .filter_entry(|e| {
            let is_folder = e.file_type().is_dir();
            // a folder that is named is meant; a file may be named by the `*` of a shell
            (is_folder && e.depth() == 0) || !leave.leaves_out(root, e.path(), is_folder)
        });
    for entry in entries {
        let found = match entry {
            Ok(entry) if entry.file_type().is_dir() => continue,
            Ok(entry) => Found::Entry(entry),
            Err(e) => {
                let path = e.path().unwrap_or(&start.path).to_owned();
                if e.loop_ancestor().is_none() {
                    walked.unlisted.insert(path.clone());
                }
                Found::Trouble(path, trouble(&e))
            }
        };
        walked.files += 1;
        if !each(found)? {
            break;
        }
    }
    Ok(walked)
}

fn trouble(e: &walkdir::Error) -> String {
    if let Some(ancestor) = e.loop_ancestor() {
        return format!("a link that leads back to {}", ancestor.display());
    }
    e.io_error()
        .map_or_else(|| "cannot be read".to_owned(), reason)
}

/// A failure of the file system in words that stay the same from run to run.
pub(crate) fn reason(e: &io::Error) -> String {
    match e.kind() {
        io::ErrorKind::NotFound => "a link to nothing".to_owned(),
        io::ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        _ => format!("cannot be read: {e}"),
    }
}
