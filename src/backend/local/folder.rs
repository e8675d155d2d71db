//! The folder of an index: which generation is in use.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::directory;
use crate::error::{Error, ErrorKind, Result};

const CURRENT: &str = "current";
const PREFIX: &str = "generation-";

/// The folder that the user names, with its generations.
#[derive(Clone, Debug)]
pub struct Folder {
    dir: PathBuf,
}

impl Folder {
    /// The folder at `dir`, which need not exist.
    pub fn at(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
        }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.dir
    }

    /// The folder of the generation in use.
    ///
    /// # Errors
    ///
    /// `NotFound` if there is no index here.
    pub fn current(&self) -> Result<PathBuf> {
        let none = || {
            Error::new(
                ErrorKind::NotFound,
                format!("no index in {}", self.dir.display()),
            )
            .hint(format!(
                "make one with `wiresearch -i {} index FOLDER`",
                self.dir.display()
            ))
        };
        let name = match fs::read_to_string(self.dir.join(CURRENT)) {
            Ok(name) => name,
            Err(e)
                if matches!(
                    e.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return self.only_committed()?.ok_or_else(none);
            }
            Err(e) => {
                return Err(Error::io(
                    format!("cannot read the index in {}", self.dir.display()),
                    e,
                ));
            }
        };
        let name = name.trim_end();
        let number = name
            .strip_prefix(PREFIX)
            .and_then(|n| n.parse::<u64>().ok());
        if number.is_none() {
            return Err(Error::new(
                ErrorKind::Backend,
                format!(
                    "{} does not name a generation",
                    self.dir.join(CURRENT).display()
                ),
            ));
        }
        Ok(self.dir.join(name))
    }

    /// The generation that is meant where the file that names it is lost: the only one that was ever committed.
    fn only_committed(&self) -> Result<Option<PathBuf>> {
        if !self.dir.is_dir() {
            return Ok(None);
        }
        let mut committed = Vec::new();
        for (_, generation) in self.generations()? {
            if is_committed(&generation) {
                committed.push(generation);
            }
        }
        if committed.len() > 1 {
            let sentence = format!(
                "{} is missing, which names the generation in use",
                self.dir.join(CURRENT).display()
            );
            return Err(Error::new(ErrorKind::Backend, sentence)
                .hint("write the name of one of the folders beside it into it: that of the newest, unless a rebuild was cut short"));
        }
        Ok(committed.pop())
    }

    /// The file that names the generation in use, if it is lost.
    pub(crate) fn lost_name(&self) -> Option<PathBuf> {
        let name = self.dir.join(CURRENT);
        (!name.exists()).then_some(name)
    }

    /// Puts a generation into use: atomic, and on disk when it returns.
    ///
    /// # Errors
    ///
    /// `Io` if the folder cannot be written; the old generation is in use then.
    pub fn switch_to(&self, generation: &Path) -> Result<()> {
        let failed = |e| Error::io(format!("cannot write to {}", self.dir.display()), e);
        let name = generation
            .file_name()
            .and_then(|n| n.to_str())
            .unwrap_or_default();
        directory::replace(
            &self.dir,
            Path::new(CURRENT),
            format!("{name}\n").as_bytes(),
        )
        .map_err(failed)?;
        sync(&self.dir).map_err(failed)
    }

    /// A folder for the next generation, after every one that is there; made, and empty.
    ///
    /// # Errors
    ///
    /// `Io` if the folder cannot be written.
    pub fn next(&self) -> Result<PathBuf> {
        let last = self
            .generations()?
            .into_iter()
            .map(|(n, _)| n)
            .max()
            .unwrap_or(0);
        let next = self.dir.join(format!("{PREFIX}{}", last + 1));
        fs::create_dir_all(&next)
            .map_err(|e| Error::io(format!("cannot make {}", next.display()), e))?;
        Ok(next)
    }

    /// Removes every generation but the one in use, and unfinished files: what a killed run left behind; and names that one
    /// again, should its name be lost. The caller holds the lock, and has opened the one in use: where that is damaged,
    /// another may be all there is. A reader keeps the files it has open.
    ///
    /// # Errors
    ///
    /// `Io` if something cannot be removed.
    pub fn sweep(&self) -> Result<()> {
        let current = match self.current() {
            Ok(current) => Some(current),
            Err(e) if e.kind() == ErrorKind::NotFound => None,
            Err(e) => return Err(e),
        };
        if let Some(current) = &current
            && self.lost_name().is_some()
        {
            self.switch_to(current)?;
        }
        if self.dir.is_dir() {
            sweep_unfinished(&self.dir)?;
        }
        for (_, generation) in self.generations()? {
            if Some(&generation) != current.as_ref() {
                fs::remove_dir_all(&generation)
                    .map_err(|e| Error::io(format!("cannot remove {}", generation.display()), e))?;
            }
        }
        Ok(())
    }

    /// Every generation there is, in use or not.
    ///
    /// # Errors
    ///
    /// `Io` if the folder cannot be read.
    pub fn generations(&self) -> Result<Vec<(u64, PathBuf)>> {
        let failed = |e| Error::io(format!("cannot read {}", self.dir.display()), e);
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let number = name
                .to_str()
                .and_then(|n| n.strip_prefix(PREFIX))
                .and_then(|n| n.parse().ok());
            let is_folder = entry.file_type().is_ok_and(|t| t.is_dir());
            if let Some(number) = number.filter(|_| is_folder) {
                found.push((number, entry.path()));
            }
        }
        Ok(found)
    }
}

/// Whether a generation may hold dispatches: one that its first run has not committed says nothing of itself yet. What cannot
/// be read, or has lost its list of files, is damaged, and not empty.
fn is_committed(generation: &Path) -> bool {
    let Ok(meta) = fs::read(generation.join(directory::LIST)) else {
        return fs::read_dir(generation).is_ok_and(|mut files| files.next().is_some());
    };
    let meta = serde_json::from_slice::<serde_json::Value>(&meta);
    meta.map_or(true, |meta| meta["payload"].is_string())
}

/// Removes what a killed process left of an atomic write; the caller holds the lock.
pub(crate) fn sweep_unfinished(folder: &Path) -> Result<()> {
    let failed = |e| Error::io(format!("cannot read {}", folder.display()), e);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_name().to_string_lossy().starts_with(".tmp") {
            fs::remove_file(entry.path())
                .map_err(|e| Error::io(format!("cannot remove {}", entry.path().display()), e))?;
        }
    }
    Ok(())
}

/// Brings a folder's own entries to disk: what was renamed in it is then there after a power cut.
pub(crate) fn sync(dir: &Path) -> io::Result<()> {
    fs::File::open(dir)?.sync_all()
}
