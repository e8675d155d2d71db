//! zip: an archive of feed files, each read as what it is, with limits against bombs.
//!
//! The name of a member is shown and never used as a path on disk.

use std::io::{BufRead, BufReader, Cursor, Read};

use zip::ZipArchive;

use super::{
    Beginning, FeedFile, Found, WireFormat, gzip, read_member, read_whole, tidy, xml::feed_error,
};
use crate::error::{Error, Result};

/// Most members that are read.
const MEMBERS: usize = 100_000;

/// zip archives.
pub(super) struct Zip;

impl WireFormat for Zip {
    fn name(&self) -> &'static str {
        "zip"
    }

    fn recognises(&self, head: &Beginning<'_>) -> bool {
        [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"]
            .iter()
            .any(|m| head.bytes().starts_with(*m))
    }

    fn read(
        &self,
        file: &FeedFile<'_>,
        input: &mut dyn BufRead,
        emit: &mut dyn FnMut(Result<Found>) -> Result<()>,
    ) -> Result<()> {
        let bytes = read_whole(file, input)?;
        let packed = bytes.len() as u64;
        let mut archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| feed_error("a damaged zip archive: its list of members cannot be read"))?;
        if archive.len() > MEMBERS {
            return Err(feed_error(format!(
                "an archive with more than {MEMBERS} members"
            )));
        }
        let mut unpacked = 0;
        for index in 0..archive.len() {
            let member = match archive.by_index(index) {
                Ok(member) => member,
                Err(error) => {
                    let what = format!("member {} of the archive", index + 1);
                    emit(Err(feed_error(what).because(error)))?;
                    continue;
                }
            };
            let name = match member.name() {
                Ok(name) => shown_name(&name),
                Err(_) => format!("member-{}", index + 1),
            };
            if member.is_dir() || is_passed_over(&name) {
                continue;
            }
            let guarded = Guarded {
                packed: member.compressed_size().min(packed),
                member,
                count: 0,
                before: unpacked,
            };
            let path = file.path.join(&name);
            let inside = FeedFile {
                path: &path,
                ..file.clone()
            };
            let mut failed = None;
            let mut input = BufReader::new(guarded);
            let read = read_member(&inside, &mut input, &mut |found| {
                let found = found
                    .map(|f| Found {
                        member: Some(name.clone()),
                        ..f
                    })
                    .map_err(|e| in_member(&name, &e));
                emit(found).inspect_err(|_| failed = Some(()))
            });
            unpacked += input.get_ref().count;
            match read {
                Err(error) if failed.is_some() => return Err(error),
                Err(error) => emit(Err(in_member(&name, &error)))?,
                Ok(()) => {}
            }
        }
        Ok(())
    }
}

/// The error of a member as one of the archive.
fn in_member(name: &str, error: &Error) -> Error {
    Error::new(error.kind(), format!("member {name}: {error}"))
}

/// A member's name as it is shown: without `..`, drive or leading slash, and without control characters.
fn shown_name(name: &str) -> String {
    let name = tidy::clean(name).replace(['\\', '\n'], "/");
    let parts = name
        .split('/')
        .filter(|p| !matches!(*p, "" | "." | "..") && !p.ends_with(':'));
    parts.collect::<Vec<_>>().join("/")
}

/// Hidden files and what a Mac puts beside the files.
fn is_passed_over(name: &str) -> bool {
    name.is_empty()
        || name
            .split('/')
            .any(|p| p.starts_with('.') || p == "__MACOSX")
}

struct Guarded<'a> {
    member: zip::read::ZipFile<'a, Cursor<Vec<u8>>>,
    packed: u64,
    count: u64,
    before: u64,
}

impl Read for Guarded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.member.read(buffer)?;
        self.count += read as u64;
        gzip::check(self.count, self.packed)?;
        gzip::check(
            (self.before + self.count).saturating_sub(gzip::RATIO_FROM),
            u64::MAX,
        )?;
        Ok(read)
    }
}
