//! Search for Danish news-wire dispatches.
//!
//! Data flows one way: feed file → [`wire`] → dispatch → [`ingest`] → index ([`backend`]); text → [`query`] →
//! [`search`] → hits → [`render`] → bytes. The library prints nothing and knows no terminal; the command line is its first
//! user.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use wiresearch::{
//!     backend::{Searcher, local::{Folder, LocalSearcher}},
//!     ingest::{self, Options},
//!     search::SearchRequest,
//! };
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let dir = tempfile::tempdir()?;
//! let (folder, stop) = (Folder::at(dir.path()), AtomicBool::new(false));
//! let options = Options::new(dir.path(), vec!["sample_wire/plain-text".into()], &stop)?;
//! let lock = folder.lock(std::time::Duration::ZERO)?;
//! ingest::run(&folder, Some(&lock), &options, &mut |_| {})?;
//!
//! let searcher = LocalSearcher::open(dir.path())?;
//! let request = SearchRequest::new("Palmyra landminer", options.now, &options.zone);
//! let hits = searcher.search(&request)?;
//! assert_eq!(hits.hits[0].source.as_deref(), Some("Ritzau/Reuters"));
//! # Ok(())
//! # }
//! ```

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
