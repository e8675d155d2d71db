//! A file of a segment that is read in pieces instead of being mapped.

use std::{
    fs::File,
    io,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use rustix::{
    buffer::spare_capacity,
    io::{Errno, pread},
};
use tantivy::{
    Directory,
    directory::{FileHandle, MmapDirectory, error::OpenReadError},
};

/// An open file, and how to map it after all.
#[derive(Debug)]
pub(super) struct Opened {
    file: File,
    pub(super) len: usize,
    /// When it was changed last, if the system can tell.
    pub(super) changed: Option<SystemTime>,
    directory: MmapDirectory,
    path: PathBuf,
}

impl Opened {
    /// Opens a file of the directory, which lies in the folder.
    pub(super) fn open(
        directory: &MmapDirectory,
        folder: &Path,
        path: &Path,
    ) -> Result<Self, OpenReadError> {
        let failed = |e: io::Error| match e.kind() {
            io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(path.to_owned()),
            _ => OpenReadError::wrap_io_error(e, path.to_owned()),
        };
        let file = File::open(folder.join(path)).map_err(failed)?;
        let about = file.metadata().map_err(failed)?;
        let len = usize::try_from(about.len());
        let len = len.map_err(|_| failed(io::ErrorKind::FileTooLarge.into()))?;
        Ok(Self {
            file,
            len,
            changed: about.modified().ok(),
            directory: directory.clone(),
            path: path.to_owned(),
        })
    }

    /// Checks that a range lies within the file.
    pub(super) fn has(&self, range: &Range<usize>) -> io::Result<()> {
        if range.start > range.end || range.end > self.len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    /// Reads so many bytes from a place on.
    pub(super) fn read(&self, from: usize, len: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(len);
        while bytes.len() < len {
            let at = (from + bytes.len()) as u64;
            match pread(&self.file, spare_capacity(&mut bytes), at) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) | Err(Errno::INTR) => {}
                Err(e) => return Err(e.into()),
            }
        }
        bytes.truncate(len);
        Ok(bytes)
    }

    /// Its name.
    pub(super) fn name(&self) -> &Path {
        &self.path
    }

    /// The file as mapped; fails if it is gone from the folder since it was opened.
    pub(super) fn map(&self) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.directory.get_file_handle(&self.path)
    }
}
