//! Several threads read, one writes, and the order of the walk is kept.
//!
//! Each batch of files gets a channel of its own. The receiving ends stand in a queue in the order of the walk, so that what
//! comes out does not depend on how many threads read; a reader that is ahead waits at its own channel.

use std::{mem, path::PathBuf, thread};

use crossbeam_channel::{Sender, bounded};
use index_schema::{FieldAnalyzer, FileRecord, Hash, Outcome, Vocabularies};
use jiff::tz::TimeZone;

use super::{
    batch::{Batch, FileParts, Incoming, Outgoing},
    look::Seen,
    read::{End, Part, read_file},
};
use crate::{
    error::{Error, ErrorKind, Result},
    wire::{FeedFile, Limits},
};

/// Batches on their way for each thread that reads.
const AHEAD: usize = 4;
/// Pieces of a large batch on their way at most.
const PIECES: usize = 2;

/// A file to read.
pub(crate) struct Job {
    pub(crate) seen: Seen,
    /// What the manifest holds of it.
    pub(crate) before: Option<FileRecord>,
}

/// A file that is being read, and where its parts come out.
pub(crate) struct Reading<'a> {
    pub(crate) job: Job,
    pub(crate) parts: FileParts<'a>,
}

/// How files are read.
#[derive(Clone, Copy)]
pub(crate) struct Readers<'a> {
    pub(crate) threads: usize,
    pub(crate) zone: &'a TimeZone,
    pub(crate) limits: Limits,
    pub(crate) vocabularies: &'a Vocabularies,
}

/// What a thread needs to know of a file to read it.
struct ToRead {
    path: PathBuf,
    size: u64,
    hash_before: Option<Hash>,
    /// Why it cannot be read.
    trouble: Option<String>,
}

impl ToRead {
    fn of(job: &Job) -> Self {
        // what was turned away may be read with other limits, or by a newer program
        let before = job.before.as_ref();
        let before = before.filter(|b| b.outcome != Outcome::Rejected);
        Self {
            path: job.seen.path.clone(),
            size: job.seen.facts.size,
            hash_before: before.and_then(|b| b.hash),
            trouble: job.seen.trouble.clone(),
        }
    }
}

impl Readers<'_> {
    /// Runs `find`, which hands over jobs, and `take`, which gets each file in the order of the jobs.
    ///
    /// An error of either ends both; so does `take` if it does not want to go on. A file that is being read then is left.
    pub(crate) fn run<T: Send>(
        self,
        find: impl FnOnce(&mut dyn FnMut(Job) -> Result<bool>) -> Result<T> + Send,
        mut take: impl FnMut(Reading<'_>) -> Result<bool>,
    ) -> Result<T> {
        let threads = self.threads.max(1);
        thread::scope(|scope| {
            let (to_read, work) = bounded::<(Vec<ToRead>, Sender<Vec<Part>>)>(threads * AHEAD);
            let (in_order, queue) = bounded(threads * AHEAD);
            for _ in 0..threads {
                let work = work.clone();
                let mut analyzer = FieldAnalyzer::new(self.vocabularies);
                scope.spawn(move || {
                    for (files, to) in work {
                        let mut outgoing = Outgoing::new(&mut analyzer, to);
                        for file in files {
                            self.read(file, &mut |part| outgoing.push(part));
                        }
                        outgoing.send();
                    }
                });
            }
            drop(work);
            let finder = scope.spawn(move || {
                // false if nobody listens any more: the run is over
                let pass_on = |batch: Batch| {
                    let (to, from) = bounded(PIECES);
                    let files = batch.jobs.iter().map(ToRead::of).collect();
                    let listens = in_order.send((batch.jobs, Incoming::new(from))).is_ok();
                    listens && to_read.send((files, to)).is_ok()
                };
                let mut batch = Batch::default();
                let found = find(&mut |job: Job| {
                    let has_room = batch.add(job);
                    Ok(has_room || pass_on(mem::take(&mut batch)))
                })?;
                pass_on(batch);
                Ok(found)
            });
            let mut taken = Ok(true);
            'batches: for (jobs, mut incoming) in &queue {
                for job in jobs {
                    let parts = incoming.of_file();
                    taken = take(Reading { job, parts });
                    if !matches!(taken, Ok(true)) {
                        break 'batches;
                    }
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

    /// Reads a file and hands over its parts.
    fn read(self, file: ToRead, send: &mut dyn FnMut(Part) -> bool) {
        if let Some(trouble) = file.trouble {
            send(Part::End(End::unread(trouble)));
            return;
        }
        let feed_file = FeedFile {
            path: &file.path,
            zone: self.zone,
            limits: self.limits,
        };
        read_file(&feed_file, file.size, file.hash_before, send);
    }
}
