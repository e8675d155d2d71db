//! Where documents live.
//!
//! [`Searcher`] answers questions; everything it takes and returns is plain data, so that another engine can stand
//! behind it. [`local`] keeps an index in a folder.

pub mod local;

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
    /// An id, a guid as written, or a path as found (absolute, or below a root).
    pub name: &'a str,
    /// Superseded versions, too.
    pub all_versions: bool,
    /// Embargoed dispatches, too.
    pub embargoed: bool,
    /// What time it is.
    pub now: Timestamp,
}
