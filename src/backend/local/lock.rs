//! One run at a time: a lock of the kernel on the folder of the index, never a marker file.

use std::{
    fs::File,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use rustix::fs::{FlockOperation, flock};

use super::Folder;
use crate::error::{Error, ErrorKind, Result};

/// The right to write to an index, until it is dropped or its process ends, however that ends.
#[derive(Debug)]
pub struct Lock {
    _folder: File,
}

impl Folder {
    /// Takes the lock, waiting for it at most so long. Opens the folder for reading only and writes nothing.
    ///
    /// # Errors
    ///
    /// `Busy` if another process holds it; the cure says so if that process is older than an hour. `Io` if there is
    /// no folder.
    pub fn lock(&self, wait: Duration) -> Result<Lock> {
        let dir = self.path();
        let folder = File::open(dir)
            .map_err(|e| Error::io(format!("cannot open the index folder {}", dir.display()), e))?;
        let give_up = Instant::now() + wait;
        loop {
            match flock(&folder, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok(Lock { _folder: folder }),
                Err(rustix::io::Errno::WOULDBLOCK) if Instant::now() < give_up => {
                    thread::sleep(Duration::from_millis(50));
                }
                Err(rustix::io::Errno::WOULDBLOCK) => return Err(busy(dir, &folder)),
                Err(e) => {
                    let sentence = format!("cannot lock the index folder {}", dir.display());
                    return Err(Error::io(sentence, e.into()));
                }
            }
        }
    }
}

fn busy(dir: &Path, folder: &File) -> Error {
    let busy = Error::new(
        ErrorKind::Busy,
        format!("another run holds the index in {}", dir.display()),
    );
    match holder(folder) {
        Some((process, age)) if age > Duration::from_secs(3600) => busy.hint(format!(
            "process {process} has held it for {} hours; if it hangs, end it: nothing is lost",
            age.as_secs() / 3600
        )),
        _ => busy,
    }
}

/// The process that holds the lock and how long it has run, where the system tells (Linux, proc(5)).
fn holder(folder: &File) -> Option<(u32, Duration)> {
    use std::os::unix::fs::MetadataExt;
    let inode = folder.metadata().ok()?.ino().to_string();
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    let line = locks.lines().find(|line| {
        let mut words = line.split_whitespace();
        words.any(|w| w == "FLOCK") && words.any(|w| w.rsplit(':').next() == Some(inode.as_str()))
    })?;
    let process: u32 = line.split_whitespace().nth(4)?.parse().ok()?;
    // field 22 counts from the start of the line; the name, field 2, may hold blanks and ends with the last bracket
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let started: u64 = stat.rsplit_once(") ")?.1.split(' ').nth(19)?.parse().ok()?;
    let up: f64 = std::fs::read_to_string("/proc/uptime")
        .ok()?
        .split(' ')
        .next()?
        .parse()
        .ok()?;
    // the kernel shows a hundred ticks a second to programs on every architecture
    let age = up - started as f64 / 100.0;
    Duration::try_from_secs_f64(age)
        .ok()
        .map(|age| (process, age))
}
