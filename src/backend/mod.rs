//! Where documents live.
//!
//! [`Writer`] changes what is kept, [`Searcher`] answers questions; everything they take and return is plain data, so that
//! another engine can stand behind it. [`local`] keeps an index in a folder.

mod leave_out;
pub mod local;

pub use leave_out::leave_out;

use std::ffi::OsStr;

use index_schema::{DispatchTerms, FileRecord, Hash, LastRun, RawPath, Record};
use jiff::Timestamp;

use crate::{
    error::Result,
    search::{Hit, Hits, SearchRequest, Shown},
    status::Status,
};

/// Answers questions to an index as it was when it was opened; never takes the write lock.
pub trait Searcher: Send + Sync {
    /// Answers a question.
    fn search(&self, request: &SearchRequest) -> Result<Hits>;

    /// Hands over the hits one by one, any number of them, in bounded memory; returns how many there were.
    fn stream(
        &self,
        request: &SearchRequest,
        each: &mut dyn FnMut(Hit) -> Result<()>,
    ) -> Result<u64>;

    /// Finds dispatches by id, guid or path; the newest version of each first.
    fn get(&self, wanted: &Wanted<'_>) -> Result<Vec<Shown>>;

    /// What the index holds.
    fn status(&self, now: Timestamp) -> Result<Status>;
}

/// A dispatch asked for by name.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// An id, a guid as written, or a path as found (absolute, or below a root), which may be no text.
    pub name: &'a OsStr,
    /// Superseded versions, too.
    pub all_versions: bool,
    /// Embargoed dispatches, too.
    pub embargoed: bool,
    /// What time it is.
    pub now: Timestamp,
}

/// Changes what is kept. Questions to it are answered from the last commit.
pub trait Writer: Send + Sync {
    /// Every version of a dispatch, tombstones included.
    fn by_key(&self, key: &str) -> Result<Vec<Record>>;

    /// The versions with exactly this content.
    fn by_content(&self, content: Hash) -> Result<Vec<Record>>;

    /// The versions that a file holds or held; where these are more than `most`, without its history, and none if even so
    /// there are more.
    fn by_file(&self, file: u64, most: usize) -> Result<Vec<Record>>;

    /// Whether the manifest holds a file that was there when it was last looked for.
    fn is_there(&self, file: u64) -> Result<bool>;

    /// Adds a version.
    fn add(&self, record: Record, terms: &DispatchTerms) -> Result<()>;

    /// Removes a version by the number of its document, also one added since the last commit.
    fn remove(&self, document: u64);

    /// Notes a feed file in the manifest; `known` if the manifest may hold it already.
    fn put_file(&self, file: &FileRecord, known: bool) -> Result<()>;

    /// Takes a feed file out of the manifest.
    fn remove_file(&self, file: u64);

    /// What the next commit says of the roots and of the run.
    fn describe(&mut self, roots: &[RawPath], run: LastRun);

    /// Makes all changes since the last commit durable and visible, or none of them.
    fn commit(&mut self) -> Result<()>;
}
