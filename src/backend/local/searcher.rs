//! The questions that an index in a folder answers.

use jiff::Timestamp;

use super::LocalSearcher;
use crate::{
    backend::{Searcher, Wanted},
    error::{Error, ErrorKind, Result},
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

    // seam: get::get(self, wanted)
    fn get(&self, _: &Wanted<'_>) -> Result<Vec<Shown>> {
        Err(Error::new(ErrorKind::Backend, "not connected yet"))
    }

    // seam: status::status(self, now)
    fn status(&self, _: Timestamp) -> Result<Status> {
        Err(Error::new(ErrorKind::Backend, "not connected yet"))
    }
}
