//! Several threads read, one writes, and the order of the walk is kept.
//!
//! Each file gets a channel of its own. The receiving ends stand in a queue in the order of the walk, so that what
//! comes out does not depend on how many threads read; a reader that is ahead waits at its own channel.

use std::thread;

use crossbeam_channel::{Receiver, Sender, bounded};
use index_schema::{FieldAnalyzer, FileRecord, Hash, Outcome, Vocabularies};
use jiff::tz::TimeZone;

use super::{
    look::Seen,
    read::{Part, read_file},
};
use crate::{
    error::{Error, ErrorKind, Result},
    wire::{FeedFile, Limits},
};

/// Files on their way at most.
const AHEAD: usize = 64;
/// Dispatches of one file on their way at most.
const PARTS: usize = 8;

/// A file to read.
pub(crate) struct Job {
    pub(crate) seen: Seen,
    /// What the manifest holds of it.
    pub(crate) before: Option<FileRecord>,
}

/// A file that is being read, and where its parts come out.
pub(crate) struct Reading {
    pub(crate) job: Job,
    pub(crate) parts: Receiver<Part>,
}

/// How files are read.
#[derive(Clone, Copy)]
pub(crate) struct Readers<'a> {
    pub(crate) threads: usize,
    pub(crate) zone: &'a TimeZone,
    pub(crate) limits: Limits,
    pub(crate) vocabularies: &'a Vocabularies,
}

impl Readers<'_> {
    /// Runs `find`, which hands over jobs, and `take`, which gets each file in the order of the jobs.
    ///
    /// An error of either ends both.
    pub(crate) fn run<T: Send>(
        self,
        find: impl FnOnce(&mut dyn FnMut(Job) -> Result<bool>) -> Result<T> + Send,
        mut take: impl FnMut(Reading) -> Result<()>,
    ) -> Result<T> {
        thread::scope(|scope| {
            let (to_read, work) =
                bounded::<(std::path::PathBuf, u64, Option<Hash>, Sender<Part>)>(AHEAD);
            let (in_order, queue) = bounded::<Reading>(AHEAD);
            for _ in 0..self.threads.max(1) {
                let work = work.clone();
                let mut analyzer = FieldAnalyzer::new(self.vocabularies);
                scope.spawn(move || {
                    for (path, size, hash_before, parts) in work {
                        let file = FeedFile {
                            path: &path,
                            zone: self.zone,
                            limits: self.limits,
                        };
                        let mut send = |part| parts.send(part).is_ok();
                        read_file(&file, size, hash_before, &mut analyzer, &mut send);
                    }
                });
            }
            drop(work);
            let finder = scope.spawn(move || {
                find(&mut |job: Job| {
                    let (parts, received) = bounded(PARTS);
                    // what was turned away may be read with other limits, or by a newer program
                    let before = job.before.as_ref();
                    let before = before.filter(|b| b.outcome != Outcome::Rejected);
                    let hash_before = before.and_then(|b| b.hash);
                    let work = (
                        job.seen.path.clone(),
                        job.seen.facts.size,
                        hash_before,
                        parts,
                    );
                    let unreadable = job.seen.trouble.is_some();
                    // nobody listens any more: the run is over
                    if in_order
                        .send(Reading {
                            job,
                            parts: received,
                        })
                        .is_err()
                    {
                        return Ok(false);
                    }
                    Ok(unreadable || to_read.send(work).is_ok())
                })
            });
            let mut taken = Ok(());
            for reading in &queue {
                taken = take(reading);
                if taken.is_err() {
                    break;
                }
            }
            drop(queue);
            let found = finder.join().unwrap_or_else(|_| {
                Err(Error::new(
                    ErrorKind::Io,
                    "the walk ended in a fault; please report this",
                ))
            });
            taken.and(found)
        })
    }
}
