//! Bytes in, dispatches out: one file per wire format.
//!
//! A wire format is recognised by its content, never by the suffix of the file. Nothing here does I/O of its own or
//! reads a clock: the bytes, the name of the file and the time zone come in as arguments.

use std::{io::BufRead, path::Path};

use index_schema::Dispatch;
use jiff::tz::TimeZone;

use crate::error::Result;

/// A feed file as its reader needs to know it.
#[derive(Clone, Debug)]
pub struct FeedFile<'a> {
    /// The path as found: for messages, and for a `YYYY/MM/DD` folder that dates a dispatch without a date.
    pub path: &'a Path,
    /// Where local times without a zone are read, and where days begin.
    pub zone: &'a TimeZone,
    /// How much is read.
    pub limits: Limits,
}

/// How much of a file is read before it is turned away.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest text of one dispatch, in bytes.
    pub dispatch: u64,
    /// Largest file of a format that is read whole, in bytes.
    pub file: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            dispatch: 16 << 20,
            file: 64 << 20,
        }
    }
}

/// What a feed file holds, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A dispatch; with status `canceled` it is the notice that kills it.
    Dispatch(Box<Dispatch>),
    /// Not a dispatch, or one without text: shown by `inspect`, never indexed.
    PassedOver {
        /// Why, in a few words.
        reason: String,
        /// What could be read of it all the same.
        dispatch: Box<Dispatch>,
    },
}

/// An item and where in the file it stood.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Member of an archive, as `2024/a.xml`; `None` outside archives.
    pub member: Option<String>,
    /// Position in the file (or member), from 0.
    pub item: u32,
    /// What stood there.
    pub content: Item,
}

/// One way in which agencies send dispatches.
pub trait WireFormat: Sync {
    /// Its name; also the folder in `sample_wire/`.
    fn name(&self) -> &'static str;

    /// Whether a file that begins with `head` (up to 64 KiB) is of this format.
    fn recognises(&self, path: &Path, head: &[u8]) -> bool;

    /// Reads the file and hands over each item; an item that cannot be read is handed over as an error, and the
    /// rest is read on. An error from `emit` ends the reading and is returned.
    fn read(
        &self,
        file: &FeedFile<'_>,
        input: &mut dyn BufRead,
        emit: &mut dyn FnMut(Result<Found>) -> Result<()>,
    ) -> Result<()>;
}
