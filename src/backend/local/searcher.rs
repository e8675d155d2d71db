//! The questions that an index in a folder answers.

use jiff::Timestamp;

use super::{LocalSearcher, get, status};
use crate::{
    backend::{Searcher, Wanted},
    error::Result,
    search::{Hit, Hits, SearchRequest, Shown},
    status::Status,
};

impl Searcher for LocalSearcher {
    fn search(&self, request: &SearchRequest) -> Result<Hits> {
        self.answer(request)
    }

    fn stream(
        &self,
        request: &SearchRequest,
        each: &mut dyn FnMut(Hit) -> Result<()>,
    ) -> Result<u64> {
        self.answer_each(request, each)
    }

    fn get(&self, wanted: &Wanted<'_>) -> Result<Vec<Shown>> {
        self.guarded(|| Ok(get::get(self, wanted)))?
    }

    fn status(&self, now: Timestamp) -> Result<Status> {
        self.guarded(|| Ok(status::status(self, now)))?
    }
}
