//! Files of a segment of which a question reads a few small pieces.
//!
//! A process that answers one question and ends looks at some lists of each segment, and at little else. To map a file,
//! to fault in the pages around each piece and to give them all back at the end takes several times as long as reading
//! the pieces; a file that is read again and again is better mapped. Of every file the engine reads the end, of some no more.

use std::{
    io,
    ops::Range,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use rustix::process::{Resource, getrlimit};
use tantivy::{
    HasLen,
    directory::{FileHandle, OwnedBytes},
};

use super::opened::Opened;

/// Pieces read of a file before it is mapped.
const PIECES: usize = 32;
/// Bytes of a piece; to read more, the file is mapped.
const PIECE: usize = 32 << 10;
/// Bytes at the end of a file that are read when it is opened: the engine looks there four times before anything else.
const END: usize = 512;
/// Files held open at most; more are mapped from the start, which needs no descriptor.
const FILES: u64 = 96;

/// Files held open at once: few where few may be, so that there are always descriptors for something else.
fn files() -> usize {
    static FILES_HERE: OnceLock<usize> = OnceLock::new();
    *FILES_HERE.get_or_init(|| {
        let allowed = getrlimit(Resource::Nofile).current;
        allowed.map_or(FILES, |allowed| FILES.min(allowed / 8)) as usize
    })
}

/// A file that is held open.
#[derive(Debug)]
struct Held;

static HELD: AtomicUsize = AtomicUsize::new(0);

impl Held {
    /// None if enough are held.
    fn one_more() -> Option<Self> {
        // made first and dropped if it is too many
        let held = Self;
        (HELD.fetch_add(1, Ordering::Relaxed) < files()).then_some(held)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        HELD.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A file of a segment.
#[derive(Debug)]
pub(super) struct Glanced {
    _held: Held,
    file: Opened,
    /// The last bytes of the file.
    end: OwnedBytes,
    pieces: Mutex<Pieces>,
    mapped: OnceLock<Option<Arc<dyn FileHandle>>>,
}

/// What was read of a file before it is mapped.
#[derive(Debug, Default)]
struct Pieces {
    read: usize,
    /// The place of the first byte, and the bytes.
    kept: Vec<(usize, OwnedBytes)>,
}

impl Glanced {
    /// A file that was opened; none if enough are held open.
    pub(super) fn at(file: Opened) -> io::Result<Option<Self>> {
        let Some(held) = Held::one_more() else {
            return Ok(None);
        };
        let end = file.len.min(END);
        let end = file.read(file.len - end, end)?;
        Ok(Some(Self {
            _held: held,
            file,
            end: OwnedBytes::new(end),
            pieces: Mutex::default(),
            mapped: OnceLock::new(),
        }))
    }

    /// The file as mapped; none if it is gone from the folder since it was opened.
    fn mapped(&self) -> Option<&dyn FileHandle> {
        self.mapped.get_or_init(|| self.file.map().ok()).as_deref()
    }

    fn pieces(&self) -> MutexGuard<'_, Pieces> {
        self.pieces.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many pieces are kept. A question reads the list of a word to find its texts, to weigh and to mark them; of a store it
    /// reads the skip index, as the engine does, and each block once.
    fn worth_keeping(&self) -> usize {
        match self.file.name().extension() {
            Some(extension) if extension == "store" => 1,
            _ => PIECES,
        }
    }
}

impl FileHandle for Glanced {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        self.file.has(&range)?;
        let end = self.file.len - self.end.len();
        if range.start >= end {
            return Ok(self.end.slice(range.start - end..range.end - end));
        }
        if let Some(Some(mapped)) = self.mapped.get() {
            return mapped.read_bytes(range);
        }
        let mut pieces = self.pieces();
        let known = |(at, bytes): &&(usize, OwnedBytes)| (*at..at + bytes.len()) == range;
        if let Some((_, bytes)) = pieces.kept.iter().find(known) {
            return Ok(bytes.clone());
        }
        pieces.read += 1;
        if (pieces.read > PIECES || range.len() > PIECE)
            && let Some(mapped) = self.mapped()
        {
            pieces.kept = Vec::new();
            return mapped.read_bytes(range);
        }
        drop(pieces);
        let bytes = OwnedBytes::new(self.file.read(range.start, range.len())?);
        let mut pieces = self.pieces();
        if pieces.kept.len() < self.worth_keeping() {
            pieces.kept.push((range.start, bytes.clone()));
        }
        Ok(bytes)
    }
}

impl HasLen for Glanced {
    fn len(&self) -> usize {
        self.file.len
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tantivy::directory::MmapDirectory;

    use super::*;

    const NAME: &str = "a.idx";

    fn folder() -> (tempfile::TempDir, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        let content: Vec<u8> = (0..300_000_u32).map(|n| (n * 7 / 3) as u8).collect();
        std::fs::write(folder.path().join(NAME), &content).unwrap();
        (folder, content)
    }

    fn open(folder: &Path) -> Option<Glanced> {
        let directory = MmapDirectory::open(folder).unwrap();
        let file = Opened::open(&directory, folder, Path::new(NAME)).unwrap();
        Glanced::at(file).unwrap()
    }

    #[test]
    fn every_read_gives_the_bytes_of_its_place() {
        let (folder, content) = folder();
        let file = open(folder.path()).unwrap();
        assert_eq!(file.len(), content.len());
        // more pieces than are read before the file is mapped, and in the middle a long one
        for at in (0..content.len()).step_by(5_003) {
            for range in [at..(at + 999).min(content.len()), at..at, at / 3..at] {
                let read = file.read_bytes(range.clone()).unwrap();
                assert_eq!(read.as_slice(), &content[range]);
            }
        }
        assert!(file.mapped.get().is_some() && file.pieces().kept.is_empty());
        let end = content.len();
        for range in [
            end - END..end,
            end - END - 1..end,
            end - 9..end - 7,
            end..end,
        ] {
            let read = file.read_bytes(range.clone()).unwrap();
            assert_eq!(read.as_slice(), &content[range]);
        }
        assert!(file.read_bytes(end - 3..end + 1).is_err());
    }

    #[test]
    fn a_file_that_is_gone_meanwhile_is_read_to_its_end() {
        let (folder, content) = folder();
        let file = open(folder.path()).unwrap();
        std::fs::remove_file(folder.path().join(NAME)).unwrap();
        for _ in 0..PIECES * 2 {
            let read = file.read_bytes(1..content.len()).unwrap();
            assert_eq!(read.as_slice(), &content[1..]);
        }
    }

    #[test]
    fn not_too_many_files_are_held_open() {
        let (folder, _) = folder();
        let held: Vec<Glanced> = (0..=FILES).map_while(|_| open(folder.path())).collect();
        assert!(held.len() <= files(), "{} files", held.len());
    }
}
