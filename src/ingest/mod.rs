//! Feeds in, index changed.
//!
//! [`run`] walks the feeds, compares what it finds with the manifest, reads what is new or changed, and lets each
//! dispatch join what is kept of it. It owns no bar and no logger: what happens leaves through a closure.

mod apply;
mod batch;
mod changes;
mod forget;
mod gone;
mod look;
mod pipeline;
mod read;
mod roots;
mod run;
mod versions;
mod walk;

use std::{
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
    time::Duration,
};

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use crate::{
    backend::local::Resources,
    error::{Error, ErrorKind, Result},
    status::Reason,
    wire::Limits,
};

pub use forget::{Forgotten, forget};
pub use run::run;
pub use walk::Leave;

/// What to bring up to date, and how.
pub struct Options<'a> {
    /// Folders or files; empty for the roots indexed before.
    pub paths: Vec<PathBuf>,
    /// What the walk leaves out.
    pub leave: Leave,
    /// Drop what has no file any more.
    pub prune: Option<MaxPrune>,
    /// Leave files alone that changed less than so long ago.
    pub settle: Option<Duration>,
    /// Threads that read files.
    pub readers: usize,
    /// What the writer may take.
    pub resources: Resources,
    /// How much of a file is read.
    pub limits: Limits,
    /// Where days begin, for a new index; one that exists keeps its own.
    pub zone: TimeZone,
    /// What time it is.
    pub now: Timestamp,
    /// Set by someone else to end the run: what is whole is committed.
    pub stop: &'a AtomicBool,
}

impl<'a> Options<'a> {
    /// Bringing `paths` up to date in the index at `index`, with nothing out of the ordinary.
    ///
    /// # Errors
    ///
    /// Fails if the time zone cannot be found.
    pub fn new(index: &Path, paths: Vec<PathBuf>, stop: &'a AtomicBool) -> Result<Self> {
        let zone = TimeZone::get("Europe/Copenhagen")
            .map_err(|e| Error::new(ErrorKind::Io, "no time zone Europe/Copenhagen").because(e))?;
        Ok(Self {
            paths,
            leave: Leave::new(&[], index)?,
            prune: None,
            settle: None,
            readers: 2,
            resources: Resources {
                memory: 100 << 20,
                threads: 1,
            },
            limits: Limits::default(),
            zone,
            now: Timestamp::now(),
            stop,
        })
    }
}

/// How much of a root a prune may drop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaxPrune {
    /// So many files.
    Files(usize),
    /// So many percent of the files known of the root.
    Percent(u8),
}

/// What happens during a run, as it happens.
#[derive(Debug)]
pub enum Event<'a> {
    /// So many files have been found so far, so many of them to be read.
    Found {
        /// Found.
        files: u64,
        /// To be read.
        to_read: u64,
    },
    /// A file has been dealt with.
    Done {
        /// Dispatches taken from it.
        dispatches: u64,
    },
    /// A file was turned away, wholly or in part; named once, until it changes.
    Rejected(&'a Reason),
    /// Something the user should know; the run goes on.
    Notice(&'a str),
}

/// What a run did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Tally {
    /// Files.
    pub files: FileTally,
    /// Dispatches.
    pub dispatches: DispatchTally,
    /// Files turned away in this run, with the reason.
    pub rejected: Vec<Reason>,
    /// Files in this run that hold no dispatch, or items that are none, with the reason.
    pub passed_over: Vec<Reason>,
    /// How long it took.
    pub seconds: f64,
    /// Places that were to be indexed and are not there.
    #[serde(skip)]
    pub missing: Vec<PathBuf>,
    /// Why a prune was refused.
    #[serde(skip)]
    pub prune_refused: Option<String>,
    /// The run was stopped before its end.
    #[serde(skip)]
    pub stopped: bool,
}

/// Files of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FileTally {
    /// Found by the walk.
    pub seen: u64,
    /// Not known before.
    pub new: u64,
    /// Known, and with other content.
    pub changed: u64,
    /// As they were.
    pub unchanged: u64,
    /// Known, and not there any more since this run.
    pub gone: u64,
    /// Turned away in this run.
    pub rejected: u64,
    /// Without a dispatch, or with items that are none, in this run.
    pub passed_over: u64,
}

/// Dispatches of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DispatchTally {
    /// New ones.
    pub added: u64,
    /// Those of which a newer version came.
    pub replaced: u64,
    /// Those killed by their sender.
    pub killed: u64,
    /// Those dropped by `--prune`.
    pub pruned: u64,
    /// Under embargo now, in the whole index.
    pub embargoed: u64,
    /// Those that can be found now, in the whole index, each counted once.
    pub total: u64,
}
