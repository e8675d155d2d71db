//! Bytes in, dispatches out: one file per wire format.
//!
//! A wire format is recognised by its content, never by the suffix of the file. Nothing here does I/O of its own or
//! reads a clock: the bytes, the name of the file and the time zone come in as arguments.

mod complete;
mod credit;
mod dates;
mod encoding;
mod language;
mod marks;
mod plain_text;
mod tidy;

use std::{
    io::{BufRead, Read},
    path::Path,
};

use index_schema::Dispatch;
use jiff::tz::TimeZone;

use crate::error::{Error, Result};

/// All wire formats, in the order in which they are asked whether they recognise a file; the last takes anything.
pub const WIRE_FORMATS: &[&dyn WireFormat] = &[&plain_text::PlainText];

/// How much of a file is looked at to recognise its format.
const HEAD: u64 = 64 << 10;

/// Recognises a feed file by its content, reads it, and returns the name of its format.
///
/// Each item found is handed to `emit`, and so is the error for an item that cannot be read; the rest is read on.
/// An error from `emit` ends the reading and is returned. Sentences of errors do not name the file: the caller
/// knows it, and shows it beside them.
pub fn read(
    file: &FeedFile<'_>,
    input: &mut dyn BufRead,
    emit: &mut dyn FnMut(Result<Found>) -> Result<()>,
) -> Result<&'static str> {
    let mut head = Vec::new();
    Read::take(&mut *input, HEAD)
        .read_to_end(&mut head)
        .map_err(|e| Error::io("cannot be read", e))?;
    let format = recognise(file.path, &head);
    format.read(file, &mut head.as_slice().chain(input), emit)?;
    Ok(format.name())
}

/// The first format that recognises a file by its beginning.
fn recognise(path: &Path, head: &[u8]) -> &'static dyn WireFormat {
    WIRE_FORMATS
        .iter()
        .copied()
        .find(|f| f.recognises(path, head))
        .unwrap_or(&plain_text::PlainText)
}

/// All bytes of a file that is read whole.
fn read_whole(file: &FeedFile<'_>, input: &mut dyn BufRead) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input
        .take(file.limits.file.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|e| Error::io("cannot be read", e))?;
    if bytes.len() as u64 > file.limits.file {
        return Err(complete::too_large("the file", file.limits.file));
    }
    Ok(bytes)
}

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

impl Item {
    /// The dispatch, or what could be read of what was passed over.
    pub fn dispatch(&self) -> &Dispatch {
        match self {
            Self::Dispatch(dispatch) | Self::PassedOver { dispatch, .. } => dispatch,
        }
    }

    /// The status that `inspect` shows: the publication status as the wire says it, also of a picture or a package
    /// without text, and `skip` for what is not a dispatch at all.
    pub fn status(&self) -> &'static str {
        match self {
            Self::PassedOver { dispatch, .. } if dispatch.format == NOT_DISPATCH => "skip",
            _ => self.dispatch().status.as_str(),
        }
    }

    fn passed_over(reason: impl Into<String>, dispatch: Dispatch) -> Self {
        Self::PassedOver {
            reason: reason.into(),
            dispatch: Box::new(dispatch),
        }
    }
}

/// The format name of what is not a dispatch: catalogues, planning items, XML and JSON of other trades.
pub const NOT_DISPATCH: &str = "not-dispatch";

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
