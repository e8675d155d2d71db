//! What an index says of itself: plain data, no behaviour.

use serde::{Deserialize, Serialize};

/// What `status` shows. Figures count what can be found now, so nothing that is embargoed, withheld, killed or
/// superseded is in a public one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Dispatches that can be found, each item counted once.
    pub dispatches: u64,
    /// First and last date of them.
    pub dates: Dates,
    /// Sources, the most frequent first.
    pub sources: Vec<SourceStatus>,
    /// The roots indexed.
    pub roots: Vec<String>,
    /// Those of them that are not there now: a share that is not mounted, a folder that was moved. Nothing below them
    /// counts as gone.
    #[serde(default)]
    pub missing_roots: Vec<String>,
    /// The last run that committed something.
    pub last_run: Option<RunStatus>,
    /// Bytes on disk.
    pub bytes: u64,
    /// Version of the schema.
    pub schema: u32,
    /// Fingerprint of the analysis.
    pub analysis: String,
    /// Feed files known.
    pub files: u64,
    /// Files turned away, with the reason.
    pub rejected: Vec<Reason>,
    /// Files that hold no dispatch, with the reason.
    pub passed_over: Vec<Reason>,
    /// Dispatches kept although no file holds them any more.
    pub gone: u64,
    /// Dispatches under embargo now.
    pub embargoed: u64,
    /// Dispatches killed by their sender.
    pub killed: u64,
    /// Dispatches withheld by their sender.
    pub withheld: u64,
    /// Older versions kept.
    pub superseded: u64,
    /// Segments of the index.
    pub segments: u64,
}

/// First and last date, with the precision they have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dates {
    /// The earliest.
    pub first: Option<String>,
    /// The latest.
    pub last: Option<String>,
}

/// A source: how much it sent, and when last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceStatus {
    /// The source.
    pub value: String,
    /// How many dispatches.
    pub count: u64,
    /// Date of the last one.
    pub last: Option<String>,
}

/// The last run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunStatus {
    /// When it committed, RFC 3339.
    pub at: String,
    /// How long it had taken by then.
    pub seconds: f64,
    /// Dispatches added.
    pub added: u64,
    /// Dispatches replaced by a newer version.
    pub replaced: u64,
    /// Dispatches killed.
    pub killed: u64,
    /// Dispatches dropped by `--prune`.
    pub pruned: u64,
}

/// A file and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reason {
    /// The file as found.
    pub path: String,
    /// Why.
    pub reason: String,
}
