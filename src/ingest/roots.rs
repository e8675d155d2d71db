//! Where to walk: the places named, and the roots they lie below.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use index_schema::RawPath;

use super::walk::Start;

/// The roots of an index and the places to walk now.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// Every root, canonical; its number is its place.
    pub(crate) roots: Vec<PathBuf>,
    /// Where to walk, none inside another.
    pub(crate) starts: Vec<Start>,
    /// What was named and is not there, or cannot be listed, and why.
    pub(crate) missing: Vec<(PathBuf, io::Error)>,
}

impl Places {
    /// Finds the places named among the roots known; a place outside every root becomes a root. Without a name, every
    /// root is meant.
    pub(crate) fn find(known: &[RawPath], named: &[PathBuf]) -> Self {
        let mut places = Self {
            roots: known.iter().map(RawPath::to_path).collect(),
            ..Self::default()
        };
        // a root that was forgotten keeps its number and has no path
        let all = || {
            places
                .roots
                .iter()
                .filter(|r| !r.as_os_str().is_empty())
                .cloned()
                .collect()
        };
        let named: Vec<PathBuf> = if named.is_empty() {
            all()
        } else {
            named.to_vec()
        };
        let mut found = Vec::new();
        for path in named {
            match to_walk(&path) {
                Ok(canonical) => found.push(canonical),
                Err(e) => places.missing.push((path, e)),
            }
        }
        found.sort();
        found.dedup();
        let outer: Vec<PathBuf> = found
            .iter()
            .filter(|p| !found.iter().any(|o| o != *p && p.starts_with(o)))
            .cloned()
            .collect();
        for path in outer {
            let root = places.root_of(&path).unwrap_or_else(|| {
                places.roots.push(path.clone());
                places.roots.len() - 1
            });
            let root = u32::try_from(root).unwrap_or(u32::MAX);
            places.starts.push(Start { root, path });
        }
        places
    }

    /// The innermost root that holds a path.
    fn root_of(&self, path: &Path) -> Option<usize> {
        let holding = self
            .roots
            .iter()
            .enumerate()
            .filter(|(_, root)| !root.as_os_str().is_empty() && path.starts_with(root));
        holding
            .max_by_key(|(_, root)| root.as_os_str().len())
            .map(|(n, _)| n)
    }

    /// The roots as the index keeps them.
    pub(crate) fn to_raw(&self) -> Vec<RawPath> {
        self.roots.iter().map(|r| RawPath::of(r)).collect()
    }
}

/// The canonical path of a place; an error if it is not there, or is a folder that cannot be listed.
fn to_walk(path: &Path) -> io::Result<PathBuf> {
    let canonical = path.canonicalize()?;
    if canonical.is_dir() {
        fs::read_dir(&canonical)?;
    }
    Ok(canonical)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_inside_a_root_is_no_new_root() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        let known = [RawPath::of(&root.join("a"))];
        let places = Places::find(&known, &[root.join("a/b")]);
        assert_eq!(places.roots.len(), 1);
        assert_eq!(places.starts[0].root, 0);
        // the other way round: the folder around a root is a root of its own
        let places = Places::find(&known, &[root.clone(), root.join("a"), root.join("none")]);
        assert_eq!(places.roots, [root.join("a"), root.clone()]);
        assert_eq!(places.starts.len(), 1);
        let missing: Vec<_> = places.missing.iter().map(|(path, _)| path).collect();
        assert_eq!(missing, [&root.join("none")]);
    }
}
