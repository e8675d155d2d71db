//! What the walk found, looked at: its size, its time, and whether it must be read.
//!
//! One thread lists names while others ask the system for sizes and times and compare them with the manifest; most of
//! the time of a run that finds nothing new goes there. What comes out has the order of the walk all the same.

use std::{
    collections::VecDeque,
    ffi::OsStr,
    io,
    os::{fd::OwnedFd, unix::ffi::OsStrExt},
    path::{Path, PathBuf},
    thread,
};

use crossbeam_channel::{Receiver, Sender, bounded};
use index_schema::{RawPath, file_hash};
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, Stat, open, statat};

use super::walk::{Found, Leave, Start, Walked, reason, walk};
use crate::error::{Error, ErrorKind, Result};

/// A file as it was found.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Number of its root.
    pub(crate) root: u32,
    /// Path below the root.
    pub(crate) below: RawPath,
    /// Its whole path.
    pub(crate) path: PathBuf,
    /// What the system says of it.
    pub(crate) facts: Facts,
    /// Why it cannot be read, if that could be told without trying.
    pub(crate) trouble: Option<String>,
}

/// What tells a changed file from an unchanged one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Hash of root and path.
    pub(crate) file: u64,
    /// Size in bytes.
    pub(crate) size: u64,
    /// Modification time, nanoseconds since 1970.
    pub(crate) mtime: i64,
    /// It cannot be read.
    pub(crate) troubled: bool,
}

/// Entries that are looked at in one go.
const BATCH: usize = 512;
/// Batches on their way at most.
const AHEAD: usize = 16;

/// Files of a batch that `judge` picked, with its judgement, and how many there were.
pub(crate) struct Looked<T> {
    pub(crate) picked: Vec<(Seen, T)>,
    pub(crate) files: u64,
}

/// Walks from `start`, looks at each file in one of `threads` threads, and hands over those that `judge` picks, in the
/// order of the walk, some hundred files at a time. `each` says whether to go on.
pub(crate) fn look<T: Send>(
    start: &Start,
    roots: &[PathBuf],
    leave: &Leave,
    threads: usize,
    judge: impl Fn(Facts) -> Option<T> + Sync,
    mut each: impl FnMut(Looked<T>) -> Result<bool>,
) -> Result<Walked> {
    let owners = Owners::of(start, roots);
    thread::scope(|scope| {
        let (to_look, work) = bounded::<(Vec<Found>, Sender<Looked<T>>)>(AHEAD);
        for _ in 0..threads.max(1) {
            let (work, judge, owners) = (work.clone(), &judge, &owners);
            scope.spawn(move || {
                for (batch, looked) in work {
                    // nobody waits for it any more if the walk was broken off
                    let _ = looked.send(look_at(batch, owners, judge));
                }
            });
        }
        drop(work);
        let mut ahead = VecDeque::with_capacity(AHEAD);
        let mut batch = Vec::with_capacity(BATCH);
        let mut go_on = true;
        let mut next = |ahead: &mut VecDeque<Receiver<Looked<T>>>| {
            let Some(looked) = ahead.pop_front().filter(|_| go_on) else {
                return Ok(go_on);
            };
            let fault = |_| {
                let sentence = "the walk ended in a fault; please report this";
                Error::new(ErrorKind::Io, sentence)
            };
            go_on = each(looked.recv().map_err(fault)?)?;
            Ok(go_on)
        };
        let walked = walk(start, owners.root, leave, |found| {
            batch.push(found);
            if batch.len() < BATCH {
                return Ok(true);
            }
            let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
            ahead.push_back(give(&to_look, full));
            while ahead.len() == AHEAD || ahead.front().is_some_and(|first| !first.is_empty()) {
                if !next(&mut ahead)? {
                    return Ok(false);
                }
            }
            Ok(true)
        })?;
        ahead.push_back(give(&to_look, batch));
        drop(to_look);
        while !ahead.is_empty() && next(&mut ahead)? {}
        Ok(walked)
    })
}

fn give<T>(
    to_look: &Sender<(Vec<Found>, Sender<Looked<T>>)>,
    batch: Vec<Found>,
) -> Receiver<Looked<T>> {
    let (send, looked) = bounded(1);
    // without anybody to look, nothing ever comes out, and that is told
    let _ = to_look.send((batch, send));
    looked
}

fn look_at<T>(
    batch: Vec<Found>,
    owners: &Owners<'_>,
    judge: &impl Fn(Facts) -> Option<T>,
) -> Looked<T> {
    let mut looked = Looked {
        picked: Vec::new(),
        files: 0,
    };
    let mut folder = OpenFolder::default();
    for found in batch {
        let (path, answer) = match found {
            Found::Trouble(path, trouble) => (path, Err(trouble)),
            Found::Entry(entry) => {
                let answer = match folder.look(entry.path()) {
                    // it vanished since its name was read
                    Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
                    Err(e) => Err(reason(&e)),
                    Ok(stat) => what(&stat).map_or_else(|| Ok(stat), |what| Err(what.to_owned())),
                };
                (entry.into_path(), answer)
            }
        };
        looked.files += 1;
        let (root, below) = owners.of_path(&path);
        let mut facts = Facts {
            file: file_hash(root, below),
            troubled: answer.is_err(),
            ..Facts::default()
        };
        if let Ok(stat) = &answer {
            facts.size = u64::try_from(stat.st_size).unwrap_or(0);
            facts.mtime = mtime(stat);
        }
        if let Some(judgement) = judge(facts) {
            let seen = Seen {
                root,
                below: RawPath::of(Path::new(OsStr::from_bytes(below))),
                facts,
                trouble: answer.err(),
                path,
            };
            looked.picked.push((seen, judgement));
        }
    }
    looked
}

/// What something is that is no file; opening it might wait forever.
fn what(stat: &Stat) -> Option<&'static str> {
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => None,
        FileType::Fifo => Some("a named pipe, not a file"),
        FileType::Socket => Some("a socket, not a file"),
        FileType::CharacterDevice | FileType::BlockDevice => Some("a device, not a file"),
        _ => Some("not a file"),
    }
}

/// Modification time in nanoseconds since 1970; absurd times are clamped.
#[allow(
    clippy::unnecessary_cast,
    clippy::cast_lossless,
    reason = "the types differ between systems"
)]
fn mtime(stat: &Stat) -> i64 {
    (stat.st_mtime as i64)
        .saturating_mul(1_000_000_000)
        .saturating_add(stat.st_mtime_nsec as i64)
}

/// The folder whose files are looked at: they are asked for by name in it, which saves the way from the root of the
/// file system for each.
#[derive(Default)]
struct OpenFolder {
    path: Vec<u8>,
    open: Option<OwnedFd>,
}

impl OpenFolder {
    fn look(&mut self, path: &Path) -> io::Result<Stat> {
        // what the walk finds is its folder, a slash and a name; taking a path apart in earnest costs more than the question
        let bytes = path.as_os_str().as_bytes();
        let slash = bytes.iter().rposition(|b| *b == b'/').filter(|at| *at > 0);
        let Some(slash) = slash else {
            return Ok(statat(CWD, path, AtFlags::empty())?);
        };
        let (folder, name) = (&bytes[..slash], OsStr::from_bytes(&bytes[slash + 1..]));
        if self.path != folder {
            self.path.clear();
            self.path.extend_from_slice(folder);
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
            self.open = open(OsStr::from_bytes(folder), flags, Mode::empty()).ok();
        }
        Ok(match &self.open {
            Some(folder) => statat(folder, name, AtFlags::empty())?,
            None => statat(CWD, path, AtFlags::empty())?,
        })
    }
}

/// The roots that may own a path below a start: the start's own, and those inside it.
struct Owners<'a> {
    number: u32,
    root: &'a Path,
    inside: Vec<(u32, &'a Path)>,
}

impl<'a> Owners<'a> {
    fn of(start: &Start, roots: &'a [PathBuf]) -> Self {
        let root = roots[start.root as usize].as_path();
        let inside = (0..)
            .zip(roots)
            .filter(|(_, r)| *r != root && r.starts_with(root))
            .map(|(n, r)| (n, r.as_path()))
            .collect();
        Self {
            number: start.root,
            root,
            inside,
        }
    }

    /// The innermost root that holds a path, and the path below it.
    fn of_path<'p>(&self, path: &'p Path) -> (u32, &'p [u8]) {
        let bytes = path.as_os_str().as_bytes();
        let inner = self
            .inside
            .iter()
            .filter_map(|(n, r)| Some((*n, below(bytes, r)?)));
        inner
            .min_by_key(|(_, below)| below.len())
            .or_else(|| Some((self.number, below(bytes, self.root)?)))
            .unwrap_or((self.number, bytes))
    }
}

/// The path below a root; empty for the root itself. Both are canonical, so that bytes tell.
fn below<'p>(path: &'p [u8], root: &Path) -> Option<&'p [u8]> {
    let below = path.strip_prefix(root.as_os_str().as_bytes())?;
    if below.is_empty() || root == Path::new("/") {
        return Some(below);
    }
    below.strip_prefix(b"/")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_path_belongs_to_the_innermost_root() {
        let roots: Vec<PathBuf> = ["/a", "/a/b/c", "/a/b", "/", "/a/bb"]
            .map(PathBuf::from)
            .to_vec();
        let start = |root: u32| Start {
            root,
            path: roots[root as usize].clone(),
        };
        let a = Owners::of(&start(0), &roots);
        let of = |path: &'static str| {
            let (root, below) = a.of_path(Path::new(path));
            (root, std::str::from_utf8(below).unwrap())
        };
        assert_eq!(of("/a"), (0, ""));
        assert_eq!(of("/a/x/y.txt"), (0, "x/y.txt"));
        assert_eq!(of("/a/b/y.txt"), (2, "y.txt"));
        assert_eq!(of("/a/b/c/y.txt"), (1, "y.txt"));
        assert_eq!(of("/a/bb/y.txt"), (4, "y.txt"));
        assert_eq!(of("/a/bbb"), (0, "bbb"));
        let everything = Owners::of(&start(3), &roots);
        assert_eq!(
            everything.of_path(Path::new("/x/y")),
            (3, b"x/y".as_slice())
        );
        assert_eq!(everything.of_path(Path::new("/a/x")), (0, b"x".as_slice()));
    }

    #[test]
    fn many_threads_keep_the_order_of_the_walk() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        for folder in 0..7 {
            fs::create_dir(root.join(format!("{folder}"))).unwrap();
            for file in 0..300 {
                fs::write(root.join(format!("{folder}/{file}.txt")), "x".repeat(file)).unwrap();
            }
        }
        let start = Start {
            root: 0,
            path: root.clone(),
        };
        let leave = Leave::new(&["13.txt".to_owned()], Path::new("/nowhere")).unwrap();
        let roots = [root.clone()];
        let mut found = Vec::new();
        let mut files = 0;
        let walked = look(
            &start,
            &roots,
            &leave,
            4,
            |facts| (facts.size % 3 == 0).then_some(facts.size),
            |looked| {
                files += looked.files;
                found.extend(
                    looked
                        .picked
                        .into_iter()
                        .map(|(seen, size)| (seen.path, size)),
                );
                Ok(true)
            },
        )
        .unwrap();
        assert_eq!((files, walked.files), (7 * 299, 7 * 299));
        assert_eq!(found.len(), 7 * 100);
        assert!(found.is_sorted());
        let name = |size| format!("{size}.txt");
        assert!(found.iter().all(|(path, size)| path.ends_with(name(*size))));
    }

    #[test]
    fn what_is_no_file_is_trouble_and_not_opened() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(root.join("s")).unwrap();
        std::os::unix::fs::symlink("/dev/null", root.join("d")).unwrap();
        std::os::unix::fs::symlink("nothing", root.join("n")).unwrap();
        let start = Start {
            root: 0,
            path: root.clone(),
        };
        let leave = Leave::new(&[], Path::new("/nowhere")).unwrap();
        let mut troubles = Vec::new();
        look(&start, &[root], &leave, 1, Some, |looked| {
            troubles.extend(looked.picked.into_iter().map(|(seen, _)| seen.trouble));
            Ok(true)
        })
        .unwrap();
        let troubles: Vec<_> = troubles.iter().map(|t| t.as_deref().unwrap()).collect();
        assert_eq!(
            troubles,
            [
                "a device, not a file",
                "a link to nothing",
                "a socket, not a file"
            ]
        );
    }
}
