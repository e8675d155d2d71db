//! `wiresearch inspect`: how a feed file is read, without touching an index.

use std::{
    fs::File,
    io::{self, BufReader, Read, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use index_schema::{Dispatch, Hash, key_of};
use serde::Serialize;
use wiresearch::{
    Error, ErrorKind, Result,
    render::{write_json, write_shown},
    search::Shown,
    wire::{self, FeedFile, Found, Item},
};

use super::{
    exit::{self, Exit, written},
    pager::Output,
    setup::Setup,
};

/// How a feed file is read, without touching an index
///
/// Exit code: 0, or 2 when a file or an item in it cannot be read.
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// Feed files of any wire format
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// One JSON object a line for each item found
    #[arg(long)]
    json: bool,
}

impl Inspect {
    pub(crate) fn run(&self, setup: &Setup) -> Result<Exit> {
        let mut report = Report {
            setup,
            json: self.json,
            out: setup.paged()?,
            exit: Exit::Done,
            first: true,
        };
        for path in &self.files {
            report.file(path)?;
        }
        written(report.out.finish())?;
        Ok(report.exit)
    }
}

/// What is said of the files.
struct Report<'a> {
    setup: &'a Setup,
    json: bool,
    out: Output,
    exit: Exit,
    first: bool,
}

impl Report<'_> {
    fn file(&mut self, path: &Path) -> Result<()> {
        let input = match open(path) {
            Ok(file) => file,
            Err(e) => return self.turned_away(path, &e),
        };
        let feed_file = FeedFile {
            path,
            zone: self.setup.zone()?,
            limits: self.setup.settings()?.limits(),
        };
        let mut input = BufReader::with_capacity(1 << 16, Hashing::new(input));
        // an item alone in its file is named after the bytes of the file, so it waits until the file is read
        let mut alone: Option<Found> = None;
        let mut items = 0_u64;
        let read = wire::read(&feed_file, &mut input, &mut |found| {
            let found = match found {
                Ok(found) => found,
                Err(e) => return self.turned_away(path, &e),
            };
            items += 1;
            if let Some(first) = alone.take() {
                self.found(path, &first, None)?;
            }
            if items == 1 {
                alone = Some(found);
                return Ok(());
            }
            self.found(path, &found, None)
        });
        if let Some(found) = alone {
            match input.into_inner().finish() {
                Ok(hash) => self.found(path, &found, Some(hash))?,
                Err(e) => self.turned_away(path, &Error::io("cannot be read", e))?,
            }
        }
        match read {
            Ok(_) => Ok(()),
            Err(e) if e.kind() == ErrorKind::Feed || e.kind() == ErrorKind::Io => {
                if exit::is_closed_pipe(&e) {
                    return Err(e);
                }
                self.turned_away(path, &e)
            }
            Err(e) => Err(e),
        }
    }

    fn turned_away(&mut self, path: &Path, e: &Error) -> Result<()> {
        self.exit = Exit::Failed;
        let file = path.to_string_lossy();
        if self.json {
            let error = e.to_string();
            return written(write_json(
                &Unread {
                    file: &file,
                    error: &error,
                },
                &mut self.out,
            ));
        }
        exit::say(&format!("{file}: {e}"));
        Ok(())
    }

    fn found(&mut self, path: &Path, found: &Found, file: Option<Hash>) -> Result<()> {
        let mut name = path.to_string_lossy().into_owned();
        if let Some(member) = &found.member {
            name = format!("{name}!{member}");
        }
        let dispatch = found.content.dispatch();
        let id = id(dispatch, file.filter(|_| found.member.is_none()));
        if self.json {
            let object = Inspected::of(&name, &id, found);
            return written(write_json(&object, &mut self.out));
        }
        if !std::mem::take(&mut self.first) {
            written(self.out.write_all(b"\n\n"))?;
        }
        if let Item::PassedOver { reason, .. } = &found.content {
            exit::say(&format!(
                "{name}: item {} is passed over: {reason}",
                found.item
            ));
        }
        let shown = Shown {
            id,
            state: "current".to_owned(),
            paths: vec![name],
            item: found.item,
            gone: false,
            dispatch: dispatch.clone(),
        };
        let look = self.setup.look()?;
        let unmarked = |_, _: &str| Vec::new();
        written(write_shown(
            &shown,
            self.setup.now,
            &unmarked,
            &look,
            &mut self.out,
        ))
    }
}

fn open(path: &Path) -> Result<File> {
    let file = File::open(path).map_err(|e| Error::io("cannot be opened", e))?;
    let about = file
        .metadata()
        .map_err(|e| Error::io("cannot be read", e))?;
    if about.is_dir() {
        return Err(Error::new(ErrorKind::Io, "is a folder; name its files"));
    }
    Ok(file)
}

/// The id that the index gives it: without a guid, it is made from the bytes of the file, or from the item where
/// several share a file.
fn id(dispatch: &Dispatch, file: Option<Hash>) -> String {
    let content = file.unwrap_or_else(|| {
        let bytes = serde_json::to_vec(dispatch).unwrap_or_default();
        Hash::of(&bytes)
    });
    key_of(dispatch, content)
}

/// Hashes the bytes that are read through it.
struct Hashing<R> {
    input: R,
    hasher: blake3::Hasher,
}

impl<R: Read> Hashing<R> {
    fn new(input: R) -> Self {
        Self {
            input,
            hasher: blake3::Hasher::new(),
        }
    }

    /// Reads what nobody wanted and returns the hash of everything.
    fn finish(mut self) -> io::Result<Hash> {
        io::copy(&mut self, &mut io::sink())?;
        Ok(Hash::from(self.hasher.finalize()))
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        Ok(read)
    }
}

#[derive(Serialize)]
struct Unread<'a> {
    file: &'a str,
    error: &'a str,
}

/// An item with the keys of `inspect --json`.
#[derive(Serialize)]
struct Inspected<'a> {
    file: &'a str,
    item: u32,
    format: &'a str,
    id: &'a str,
    guid: &'a Option<String>,
    version: &'a Option<String>,
    date: Option<String>,
    source: &'a Option<String>,
    credit: &'a Option<String>,
    headline: &'a Option<String>,
    slug: &'a Option<String>,
    byline: &'a Option<String>,
    place: &'a Option<String>,
    language: &'a Option<String>,
    status: &'a str,
    embargo: Option<String>,
    urgency: &'a Option<String>,
    body: &'a str,
    words: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl<'a> Inspected<'a> {
    fn of(file: &'a str, id: &'a str, found: &'a Found) -> Self {
        let d = found.content.dispatch();
        let words = |text: &str| text.split_whitespace().count();
        Self {
            file,
            item: found.item,
            format: &d.format,
            id,
            guid: &d.guid,
            version: &d.version,
            date: d.date.map(|w| w.to_string()),
            source: &d.source,
            credit: &d.credit,
            headline: &d.headline,
            slug: &d.slug,
            byline: &d.byline,
            place: &d.place,
            language: &d.language,
            status: found.content.status(),
            embargo: d.embargo.map(|w| w.to_string()),
            urgency: &d.urgency,
            body: &d.body,
            words: words(&d.body) + d.credit.as_deref().map_or(0, words),
            reason: match &found.content {
                Item::Dispatch(_) => None,
                Item::PassedOver { reason, .. } => Some(reason),
            },
        }
    }
}
