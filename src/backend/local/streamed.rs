//! Files of a segment that are read from front to end, as merges do.
//!
//! What is mapped counts as memory of the process as soon as it was looked at, and a merge looks at all of its segments: a
//! gigabyte of them where an archive has a million dispatches. So lists, positions and records are read in pieces, and only a
//! whole file at once, as records are copied, is mapped for as long as that takes.

use std::{
    io,
    ops::Range,
    path::Path,
    sync::{Mutex, PoisonError},
};

use tantivy::{
    HasLen,
    directory::{FileHandle, MmapDirectory, OwnedBytes, error::OpenReadError},
};

use super::opened::Opened;

/// First piece of a file, and every piece of one that is read here and there.
const LEAST: usize = 4 << 10;
/// Pieces of a file that is read in order grow up to this.
const MOST: usize = 256 << 10;
/// Longer reads, and shorter files, are mapped.
const MAPPED: usize = 1 << 20;

/// A file of a segment.
#[derive(Debug)]
pub(super) struct Streamed {
    file: Opened,
    last: Mutex<Piece>,
}

/// What was read last.
#[derive(Debug)]
struct Piece {
    start: usize,
    bytes: OwnedBytes,
}

impl Streamed {
    /// Whether a file is one that merges read in order, by its name.
    pub(super) fn fits(path: &Path) -> bool {
        let extension = path.extension().and_then(|e| e.to_str());
        matches!(extension, Some("idx" | "pos" | "store"))
    }

    /// Opens a file of the directory, which lies in the folder. None if the file is so small that it is better mapped: it
    /// stays open otherwise, and an archive that grows by a few dispatches at a time has many small ones.
    pub(super) fn open(
        directory: &MmapDirectory,
        folder: &Path,
        path: &Path,
    ) -> Result<Option<Self>, OpenReadError> {
        let file = Opened::open(directory, folder, path)?;
        let last = Piece {
            start: 0,
            bytes: OwnedBytes::empty(),
        };
        Ok((file.len > MAPPED).then(|| Self {
            file,
            last: Mutex::new(last),
        }))
    }
}

impl FileHandle for Streamed {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        self.file.has(&range)?;
        if range.len() > MAPPED {
            return self.file.map().map_err(io::Error::other)?.read_bytes(range);
        }
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let end = last.start + last.bytes.len();
        let goes_on = (last.start..=end).contains(&range.start);
        if !goes_on || range.end > end {
            let piece = match goes_on {
                true => (last.bytes.len() * 2).clamp(LEAST, MOST),
                false => LEAST,
            };
            let len = piece.max(range.len()).min(self.file.len - range.start);
            *last = Piece {
                start: range.start,
                bytes: OwnedBytes::new(self.file.read(range.start, len)?),
            };
        }
        let from = range.start - last.start;
        Ok(last.bytes.slice(from..from + range.len()))
    }
}

impl HasLen for Streamed {
    fn len(&self) -> usize {
        self.file.len
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_read_gives_the_bytes_of_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let content: Vec<u8> = (0..3_000_000_u32).map(|n| (n * 7 / 3) as u8).collect();
        std::fs::write(folder.path().join("a.idx"), &content).unwrap();
        let directory = MmapDirectory::open(folder.path()).unwrap();
        let open = |name| Streamed::open(&directory, folder.path(), Path::new(name)).unwrap();
        let file = open("a.idx").unwrap();
        assert_eq!(file.len(), content.len());
        let mut at = 0;
        for step in (0..60_000).step_by(97).chain([0, 1, 1_500_000]) {
            for range in [at..at + step, at / 2..at / 2 + 1, 0..0] {
                let read = file.read_bytes(range.clone()).unwrap();
                assert_eq!(read.as_slice(), &content[range]);
            }
            at = (at + step) % 1_400_000;
        }
        let end = content.len();
        assert_eq!(file.read_bytes(end - 3..end).unwrap().len(), 3);
        assert!(file.read_bytes(end - 3..end + 1).is_err());
        std::fs::write(folder.path().join("b.idx"), "few").unwrap();
        assert!(open("b.idx").is_none());
    }

    #[test]
    fn lists_and_records_are_streamed_and_dictionaries_mapped() {
        for name in ["1.idx", "1.pos", "1.store"] {
            assert!(Streamed::fits(Path::new(name)), "{name}");
        }
        for name in ["1.term", "1.fast", "1.fieldnorm", "1.12.del", "meta.json"] {
            assert!(!Streamed::fits(Path::new(name)), "{name}");
        }
    }
}
