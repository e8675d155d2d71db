//! Files that are not there any more, and dropping what they held, on purpose only.

use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
};

use index_schema::{FileRecord, Outcome, file_hash};

use super::{
    MaxPrune,
    changes::Changes,
    roots::Places,
    walk::{Leave, Start, Walked},
};
use crate::{
    backend::local::{Known, LocalSearcher, path_of},
    error::Result,
};

/// Files of the manifest that a walk should have found and did not.
#[derive(Debug, Default)]
pub(crate) struct Gone {
    /// Missed for the first time.
    pub(crate) newly: Vec<FileRecord>,
    /// Missed before.
    pub(crate) earlier: Vec<FileRecord>,
}

impl Gone {
    /// What `walks` should have found. Nothing is gone below a place that holds no file at all (an unmounted share), nor
    /// below a folder that could not be listed; and what the walk leaves out is not looked for.
    pub(crate) fn of(
        changes: &Changes,
        places: &Places,
        leave: &Leave,
        walks: &[(Start, Walked)],
        searcher: &LocalSearcher,
        with_earlier: bool,
    ) -> Result<Self> {
        let mut gone = Self::default();
        let walks: Vec<&(Start, Walked)> = walks
            .iter()
            // and a file that was named is there, or it would not have been walked
            .filter(|(s, w)| w.files > 0 && s.path.is_dir())
            .collect();
        let touches = |known: &Known| {
            let root = places.roots.get(known.root as usize);
            root.is_some_and(|root| {
                walks
                    .iter()
                    .any(|(s, _)| root.starts_with(&s.path) || s.path.starts_with(root))
            })
        };
        let raw = places.to_raw();
        let mut unseen: Vec<&Known> = changes
            .unseen()
            .filter(|k| with_earlier || k.outcome != Outcome::Gone)
            .filter(|k| touches(k))
            .collect();
        // where only a part of a root was walked, nearly all of it is unseen: records are read in the order they lie in
        unseen.sort_unstable_by_key(|k| k.place());
        for known in unseen {
            let file = searcher.file_record(known)?;
            let path = path_of(&raw, file.root, &file.path);
            let root = places.roots.get(file.root as usize);
            let looked_for = |(start, walked): &&(Start, Walked)| {
                let left_out = |root: &PathBuf| leave.leaves_out_below(&start.path, root, &path);
                should_have_seen(start, walked, &path) && !root.is_some_and(left_out)
            };
            if !walks.iter().any(looked_for) {
                continue;
            }
            if known.outcome == Outcome::Gone {
                gone.earlier.push(file);
            } else {
                gone.newly.push(file);
            }
        }
        Ok(gone)
    }

    /// Every file missed.
    pub(crate) fn all(&self) -> impl Iterator<Item = &FileRecord> {
        self.newly.iter().chain(&self.earlier)
    }

    /// Why these must not be dropped, if those that alone hold something are too many of a root; `holds_alone` says of a file
    /// whether dropping all of them drops a text that it holds.
    pub(crate) fn too_many(
        &self,
        changes: &Changes,
        places: &Places,
        most: MaxPrune,
        mut holds_alone: impl FnMut(u64, &HashSet<u64>) -> Result<bool>,
    ) -> Result<Option<String>> {
        let mut by_root: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
        for file in self.all() {
            let hash = file_hash(file.root, file.path.as_bytes());
            by_root.entry(file.root).or_default().push(hash);
        }
        let all: HashSet<u64> = by_root.values().flatten().copied().collect();
        for (root, missing) in by_root {
            let known = changes.files_of(root);
            let allowed = match most {
                MaxPrune::Files(files) => files,
                MaxPrune::Percent(percent) => known * usize::from(percent) / 100,
            };
            if missing.len() <= allowed {
                continue;
            }
            // a file that moved is gone, and its text is not
            let mut dropped = 0;
            for file in missing {
                dropped += usize::from(holds_alone(file, &all)?);
            }
            if dropped > allowed {
                let root = places
                    .roots
                    .get(root as usize)
                    .map_or(Path::new("?"), |r| r.as_path());
                return Ok(Some(format!(
                    "{dropped} of {known} files of {} are gone; nothing was dropped, since at most {allowed} may be",
                    root.display()
                )));
            }
        }
        Ok(None)
    }
}

fn should_have_seen(start: &Start, walked: &Walked, path: &Path) -> bool {
    path.starts_with(&start.path)
        && !walked
            .unlisted
            .iter()
            .any(|folder| path.starts_with(folder))
}
