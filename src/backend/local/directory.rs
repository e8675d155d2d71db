//! The folder of a generation, as the engine sees it: one that is only read, and one that is written to.

use std::{
    collections::HashMap,
    fs,
    io::{self, BufWriter, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use serde::Deserialize;
use tantivy::{
    Directory,
    directory::{
        DirectoryLock, FileHandle, INDEX_WRITER_LOCK, Lock, ManagedDirectory, MmapDirectory,
        WatchCallback, WatchHandle, WritePtr,
        error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError},
    },
};

use super::{glanced::Glanced, opened::Opened, streamed::Streamed};

/// The engine's list of an index, as of its last commit.
pub(super) const LIST: &str = "meta.json";
/// The engine's list of the files that it may remove.
pub(super) const MANAGED: &str = ".managed.json";

/// Maps the files of an index and writes nothing, so that a reader needs no right to write. What the engine may remove is none
/// of its business, and not read.
///
/// The engine takes a lock file while it opens a reader, to keep a writer from deleting files that the reader is about
/// to open. Making that file needs write access, so it is left out here; a reader that loses that race opens again.
#[derive(Clone, Debug)]
pub(crate) struct ReadOnly {
    inner: MmapDirectory,
    path: PathBuf,
    commit: Option<Arc<Commit>>,
}

/// The last commit, as it was when the folder was opened: the engine asks for its list more than once.
#[derive(Debug)]
struct Commit {
    list: Vec<u8>,
    /// When it was written.
    at: SystemTime,
    /// Its files that were opened: by the time that a question asks for one again, a writer may have removed it.
    opened: Mutex<HashMap<PathBuf, Arc<dyn FileHandle>>>,
}

impl ReadOnly {
    pub(crate) fn open(path: &Path) -> Result<Self, OpenDirectoryError> {
        Ok(Self {
            inner: MmapDirectory::open(path)?,
            path: path.to_owned(),
            commit: None,
        })
    }

    /// The folder as its last commit left it, and what this program wrote beside the commit.
    ///
    /// A segment never changes after the commit that names it, unless something damaged it: of a file that has changed, the
    /// checksum is compared before the engine sees it.
    pub(crate) fn committed(path: &Path) -> tantivy::Result<(Self, Option<String>)> {
        #[derive(Deserialize)]
        struct List {
            payload: Option<String>,
        }
        let mut folder = Self::open(path)?;
        // in this order: of a commit that comes between, the files would only be checked in vain
        let at = fs::metadata(path.join(LIST)).and_then(|m| m.modified());
        let list = folder.inner.atomic_read(Path::new(LIST))?;
        // if the list cannot be read, the engine will say so
        let payload = serde_json::from_slice::<List>(&list).map(|list| list.payload);
        folder.commit = Some(Arc::new(Commit {
            list,
            at: at?,
            opened: Mutex::default(),
        }));
        Ok((folder, payload.unwrap_or_default()))
    }

    /// Fails if a file does not have its checksum any more.
    fn compare(&self, name: &Path) -> Result<(), OpenReadError> {
        let failed = |e| OpenReadError::wrap_io_error(e, name.to_owned());
        let itself = Self {
            commit: None,
            ..self.clone()
        };
        let engine = ManagedDirectory::wrap(Box::new(itself));
        let engine = engine.map_err(|e| failed(io::Error::other(e)))?;
        match engine.validate_checksum(name)? {
            true => Ok(()),
            false => Err(failed(io::Error::other("it does not match its checksum"))),
        }
    }

    fn open_file(&self, name: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let file = Opened::open(&self.inner, &self.path, name)?;
        if let Some(commit) = &self.commit
            && file.changed.is_none_or(|changed| changed > commit.at)
        {
            self.compare(name)?;
        }
        match Glanced::at(file).map_err(|e| OpenReadError::wrap_io_error(e, name.to_owned()))? {
            Some(file) => Ok(Arc::new(file)),
            None => self.inner.get_file_handle(name),
        }
    }
}

/// Held by nobody: a reader locks nothing.
struct NoLock;

fn refused() -> io::Error {
    io::Error::new(
        io::ErrorKind::PermissionDenied,
        "the index is open for reading only",
    )
}

impl Directory for ReadOnly {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let Some(commit) = &self.commit else {
            return self.open_file(path);
        };
        let opened = || commit.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = opened().get(path) {
            return Ok(Arc::clone(file));
        }
        let file = self.open_file(path).map_err(|e| match e {
            // the engine would do without the positions of a segment
            OpenReadError::FileDoesNotExist(path) => {
                let missing = io::Error::new(io::ErrorKind::NotFound, "it is missing");
                OpenReadError::wrap_io_error(missing, path)
            }
            e => e,
        })?;
        opened().insert(path.to_owned(), Arc::clone(&file));
        Ok(file)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError {
            io_error: Arc::new(refused()),
            filepath: path.to_owned(),
        })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(refused(), path.to_owned()))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        match &self.commit {
            Some(commit) if path == Path::new(LIST) => Ok(commit.list.clone()),
            _ if path == Path::new(MANAGED) => Ok(b"[]".to_vec()),
            _ => self.inner.atomic_read(path),
        }
    }

    fn atomic_write(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        Err(refused())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        if lock.filepath == INDEX_WRITER_LOCK.filepath {
            return Err(LockError::LockBusy);
        }
        Ok(DirectoryLock::from(Box::new(NoLock)))
    }

    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}

/// Bytes of a segment's file that are written at once. The system keeps what was written in pieces of this size, as far as it can: of
/// pages that were written two by two, a question faults in each by itself.
const AT_ONCE: usize = 256 << 10;

/// A folder that is written to, and that others may read.
///
/// The engine makes its lists private (mode 600), so that only the user who indexes could search. Here they are as
/// readable as the segments: as the umask of the writer allows.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    inner: MmapDirectory,
    path: PathBuf,
}

impl Shared {
    pub(crate) fn open(path: &Path) -> Result<Self, OpenDirectoryError> {
        Ok(Self {
            inner: MmapDirectory::open(path)?,
            path: path.to_owned(),
        })
    }
}

impl Directory for Shared {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        if !Streamed::fits(path) {
            return self.inner.get_file_handle(path);
        }
        match Streamed::open(&self.inner, &self.path, path)? {
            Some(file) => Ok(Arc::new(file)),
            None => self.inner.get_file_handle(path),
        }
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let file = BufWriter::with_capacity(AT_ONCE, self.inner.open_write(path)?);
        Ok(WritePtr::new(Box::new(file)))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        replace(&self.path, path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.inner.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

/// Puts a file with this content in the place of the one with its name: the old one or the new one is there, whole.
pub(crate) fn replace(folder: &Path, name: &Path, data: &[u8]) -> io::Result<()> {
    let readable = fs::Permissions::from_mode(0o666);
    let mut file = tempfile::Builder::new()
        .permissions(readable)
        .tempfile_in(folder)?;
    file.write_all(data)?;
    file.as_file().sync_data()?;
    file.persist(folder.join(name)).map_err(|e| e.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{fs::File, time::Duration};

    use super::{
        super::{Folder, LocalSearcher, drafts::record, questions::*},
        *,
    };

    #[test]
    fn a_file_that_changed_after_the_commit_is_compared_and_a_missing_one_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let records = ["a", "b"].map(|name| record(name).body("Solen skinner.").build());
        LocalSearcher::in_folder(dir.path(), &[&records], &[]);
        let generation = Folder::at(dir.path()).current().unwrap();
        let fails = || {
            LocalSearcher::open_generation(&generation)
                .err()
                .map(|e| e.to_string())
        };
        let is_part = |path: &PathBuf| {
            let name = path.file_name().and_then(|n| n.to_str());
            name.is_some_and(|n| !n.starts_with('.') && n != LIST)
        };
        let files = fs::read_dir(&generation).unwrap();
        let files: Vec<PathBuf> = files.map(|f| f.unwrap().path()).filter(is_part).collect();
        assert_eq!(files.len(), 6);
        for file in &files {
            let name = file.file_name().unwrap().to_str().unwrap();
            let mut bytes = fs::read(file).unwrap();
            let later = SystemTime::now() + Duration::from_secs(10);
            let change = |bytes: &[u8]| {
                fs::write(file, bytes).unwrap();
                File::options()
                    .write(true)
                    .open(file)
                    .unwrap()
                    .set_modified(later)
                    .unwrap();
            };
            change(&bytes);
            assert_eq!(fails(), None, "{name}");
            bytes[0] ^= 1;
            change(&bytes);
            let told = fails().unwrap();
            assert!(
                told.contains(&format!("{name}: it does not match its checksum")),
                "{told}"
            );
            fs::remove_file(file).unwrap();
            let told = fails().unwrap();
            assert!(told.contains(&format!("{name}: it is missing")), "{told}");
            bytes[0] ^= 1;
            change(&bytes);
        }
        assert_eq!(fails(), None);
    }

    #[test]
    fn a_question_is_answered_when_the_files_are_gone_that_were_there_when_the_index_was_opened() {
        let dir = tempfile::tempdir().unwrap();
        let records = ["a", "b", "c"].map(|name| item(name, "Solen skinner.").build());
        let (first, last) = records.split_at(2);
        LocalSearcher::in_folder(dir.path(), &[first, last], &records[1..2]);
        let index = LocalSearcher::open(dir.path()).unwrap();
        fs::remove_dir_all(dir.path()).unwrap();
        for _ in 0..3 {
            assert_eq!(found(&index, text(word("solen"))), ["a", "c"]);
        }
    }
}
