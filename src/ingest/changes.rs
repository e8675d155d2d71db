//! Walk against manifest: what is new, changed or gone.

use std::sync::atomic::{AtomicBool, Ordering};

use index_schema::Outcome;

use super::look::Facts;
use crate::backend::local::{Known, Manifest};

/// Files whose time of change lies this close to the last commit may have changed after they were read.
const RACY: i64 = 2_000_000_000;

/// What became of a file since the last run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Not in the manifest.
    New,
    /// As it was.
    Same,
    /// Perhaps changed: its bytes must tell.
    Perhaps(Known),
    /// Changed too recently: left for a later run.
    Settling,
}

/// Compares a walk with the manifest of the last commit.
#[derive(Debug)]
pub(crate) struct Changes {
    manifest: Manifest,
    seen: Vec<AtomicBool>,
    /// Nanoseconds since 1970; `None` before the first commit.
    last_commit: Option<i64>,
    /// Files changed after this are left alone.
    settled_before: Option<i64>,
}

impl Changes {
    pub(crate) fn since(
        manifest: Manifest,
        last_commit: Option<i64>,
        settled_before: Option<i64>,
    ) -> Self {
        let seen = manifest.files().iter().map(|_| AtomicBool::new(false));
        Self {
            seen: seen.collect(),
            manifest,
            last_commit,
            settled_before,
        }
    }

    /// What became of a file that the walk found.
    pub(crate) fn of(&self, file: Facts) -> Change {
        let found = self.manifest.find(file.file);
        if let Some((place, _)) = found {
            self.seen[place].store(true, Ordering::Relaxed);
        }
        if self.settled_before.is_some_and(|t| file.mtime > t) {
            return Change::Settling;
        }
        let Some((_, known)) = found else {
            return Change::New;
        };
        let again = matches!(known.outcome, Outcome::Unread | Outcome::Gone);
        if again || file.troubled || known.size != file.size || known.mtime != file.mtime {
            return Change::Perhaps(known);
        }
        let racy = self
            .last_commit
            .is_some_and(|t| (file.mtime - t).abs() <= RACY);
        if racy {
            Change::Perhaps(known)
        } else {
            Change::Same
        }
    }

    /// The files of the manifest that the walk did not find.
    pub(crate) fn unseen(&self) -> impl Iterator<Item = &Known> {
        self.manifest
            .files()
            .iter()
            .zip(&self.seen)
            .filter(|(_, seen)| !seen.load(Ordering::Relaxed))
            .map(|(k, _)| k)
    }

    /// How many files of a root the manifest holds.
    pub(crate) fn files_of(&self, root: u32) -> usize {
        self.manifest
            .files()
            .iter()
            .filter(|k| k.root == root)
            .count()
    }
}
