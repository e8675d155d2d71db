//! Bytes in, dispatches out: one file per wire format.
//!
//! A wire format is recognised by its content, never by the suffix of the file. Nothing here does I/O of its own or
//! reads a clock: the bytes, the name of the file and the time zone come in as arguments.

mod anpa_1312;
mod beginning;
mod blocks;
mod complete;
mod credit;
mod dates;
mod dpa_digitalwires;
mod encoding;
mod entities;
mod entity_names;
mod gzip;
mod html;
mod iptc_7901;
mod json;
mod json_lines;
mod language;
mod marks;
mod newsml_1_2;
mod newsml_g2;
mod ninjs;
mod nitf;
mod not_dispatch;
mod plain_text;
mod ritzau_xml;
mod rss_atom;
mod scan;
mod tidy;
mod xml;
mod xml_rewrite;
mod zip;

use std::{
    io::{self, BufRead, Read},
    path::Path,
};

use index_schema::{Dispatch, PubStatus};
use jiff::tz::TimeZone;

pub use beginning::Beginning;
pub use complete::limit_in_words;

use crate::error::{Error, ErrorKind, Result};

/// All wire formats, in the order in which they are asked whether they recognise a file; the last takes anything.
pub const WIRE_FORMATS: &[&dyn WireFormat] = &[
    &gzip::Gzip,
    &zip::Zip,
    &anpa_1312::Anpa1312,
    &iptc_7901::Iptc7901,
    &ritzau_xml::RitzauXml,
    &nitf::Nitf,
    &newsml_g2::NewsmlG2,
    &newsml_1_2::Newsml12,
    &rss_atom::RssAtom,
    &dpa_digitalwires::DpaDigitalwires,
    &ninjs::Ninjs,
    &json_lines::JsonLines,
    &not_dispatch::NotDispatch,
    &plain_text::PlainText,
];

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
    let head = read_up_to(HEAD, input)?;
    let format = recognise(&head);
    format.read(file, &mut head.as_slice().chain(input), emit)?;
    Ok(format.name())
}

/// Reads what an archive holds: any format but another archive.
fn read_member(
    file: &FeedFile<'_>,
    input: &mut dyn BufRead,
    emit: &mut dyn FnMut(Result<Found>) -> Result<()>,
) -> Result<()> {
    let head = read_up_to(HEAD, input)?;
    let format = recognise(&head);
    if matches!(format.name(), "gzip" | "zip") {
        return Err(xml::feed_error(
            "an archive in an archive: only one level is read",
        ));
    }
    format.read(file, &mut head.as_slice().chain(input), emit)
}

/// So many bytes, or all that there are.
fn read_up_to(most: u64, input: &mut dyn BufRead) -> Result<Vec<u8>> {
    // of a small file all is there already; a failure comes again below
    let ready = input.fill_buf().map_or(0, |ready| ready.len() as u64);
    let mut bytes = Vec::with_capacity(ready.min(most) as usize);
    let read = input.take(most).read_to_end(&mut bytes);
    read.map_err(read_failed)?;
    Ok(bytes)
}

/// The first format that recognises a file by its beginning.
fn recognise(head: &[u8]) -> &'static dyn WireFormat {
    let head = Beginning::of(head);
    WIRE_FORMATS
        .iter()
        .copied()
        .find(|f| f.recognises(&head))
        .unwrap_or(&plain_text::PlainText)
}

/// All bytes of a file that is read whole.
fn read_whole(file: &FeedFile<'_>, input: &mut dyn BufRead) -> Result<Vec<u8>> {
    let bytes = read_up_to(file.limits.file.saturating_add(1), input)?;
    if bytes.len() as u64 > file.limits.file {
        return Err(complete::too_large("the file", file.limits.file));
    }
    Ok(bytes)
}

/// A failure to read: of the outside world, or of what an archive holds.
fn read_failed(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
            Error::new(ErrorKind::Feed, "cannot be unpacked").because(error)
        }
        _ => Error::io("cannot be read", error),
    }
}

/// A publication status by its word in any of the standards: `stat:usable`, `Cancelled`, `killed`.
fn pub_status(word: &str) -> Option<PubStatus> {
    let word = word.trim().rsplit([':', '/']).next()?.to_ascii_lowercase();
    match word.as_str() {
        "usable" => Some(PubStatus::Usable),
        "embargoed" => Some(PubStatus::Embargoed),
        "withheld" => Some(PubStatus::Withheld),
        "canceled" | "cancelled" | "killed" | "kill" | "deleted" => Some(PubStatus::Canceled),
        _ => None,
    }
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

    /// Whether a file that begins so is of this format.
    fn recognises(&self, head: &Beginning<'_>) -> bool;

    /// Reads the file and hands over each item; an item that cannot be read is handed over as an error, and the
    /// rest is read on. An error from `emit` ends the reading and is returned.
    fn read(
        &self,
        file: &FeedFile<'_>,
        input: &mut dyn BufRead,
        emit: &mut dyn FnMut(Result<Found>) -> Result<()>,
    ) -> Result<()>;
}
