//! wiresearch: search for Danish news-wire dispatches.

#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod backend;
pub mod error;
pub mod ingest;
pub mod matching;
pub mod query;
pub mod render;
pub mod search;
pub mod snippet;
pub mod status;
pub mod wire;

pub use error::{Error, ErrorKind, Result};
