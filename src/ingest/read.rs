//! One feed file: its bytes and its items.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use index_schema::{Dispatch, DispatchTerms, Hash, Outcome, PubStatus};

use super::walk;
use crate::{
    error::{Error, ErrorKind, Result},
    wire::{self, FeedFile, Found, Item},
};

/// What a feed file hands over, one after the other; [`Part::End`] comes last and always.
#[derive(Debug)]
pub(crate) enum Part {
    /// A dispatch.
    Dispatch(Box<Prepared>),
    /// In place of a dispatch whose analysis ended in a fault.
    Fault,
    /// The end of the file.
    End(End),
}

/// A dispatch on its way into the index.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) member: Option<String>,
    pub(crate) item: u32,
    pub(crate) content: Hash,
    pub(crate) dispatch: Dispatch,
    /// Empty until it is [analysed](super::batch::Outgoing).
    pub(crate) terms: DispatchTerms,
    /// It is alone in its file.
    pub(crate) alone: bool,
}

/// What came of a file.
#[derive(Debug)]
pub(crate) enum End {
    /// It holds what it held.
    Same {
        /// Hash of the bytes.
        hash: Hash,
    },
    /// It was read.
    Read {
        /// Hash of the bytes; `None` if they could not be read to the end.
        hash: Option<Hash>,
        /// What came of it.
        outcome: Outcome,
        /// Why, if not every item was taken.
        reasons: Vec<String>,
    },
    /// It vanished between the walk and the reading.
    Vanished,
}

impl End {
    /// Of a file that could not be read.
    pub(crate) fn unread(reason: String) -> Self {
        Self::Read {
            hash: None,
            outcome: Outcome::Unread,
            reasons: vec![reason],
        }
    }
}

/// Why a file is turned away that is no worse than others.
pub(crate) const FAULT: &str = "a fault in its reader; please report this file";

/// Most reasons kept for one file.
const REASONS: usize = 20;

/// Reads a file and hands over its parts; `hash_before` is what its bytes hashed to when it was last read.
///
/// `send` says whether anybody listens still.
pub(crate) fn read_file(
    file: &FeedFile<'_>,
    size: u64,
    hash_before: Option<Hash>,
    send: &mut dyn FnMut(Part) -> bool,
) {
    let end = match read(file, size, hash_before, send) {
        Ok(end) => end,
        Err(e) if e.kind() == io::ErrorKind::NotFound => End::Vanished,
        Err(e) => End::unread(walk::reason(&e)),
    };
    send(Part::End(end));
}

fn read(
    file: &FeedFile<'_>,
    size: u64,
    hash_before: Option<Hash>,
    send: &mut dyn FnMut(Part) -> bool,
) -> io::Result<End> {
    if size <= file.limits.file {
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
        File::open(file.path)?
            .take(file.limits.file + 1)
            .read_to_end(&mut bytes)?;
        let hash = Hash::of(&bytes);
        if hash_before == Some(hash) {
            return Ok(End::Same { hash });
        }
        let mut items = Items::new(Some(hash), send);
        let (outcome, reasons) = items.read(file, &mut bytes.as_slice());
        return Ok(End::Read {
            hash: Some(hash),
            outcome,
            reasons,
        });
    }
    let open = || Hashing::open(file.path);
    if hash_before.is_some() {
        let hash = to_the_end(open()?)?;
        if hash_before == Some(hash) {
            return Ok(End::Same { hash });
        }
    }
    let mut input = open()?;
    let mut items = Items::new(None, send);
    let (outcome, reasons) = items.read(file, &mut input);
    let hash = to_the_end(input).ok();
    Ok(End::Read {
        hash,
        outcome,
        reasons,
    })
}

/// Reads what is left and hashes all that was read.
fn to_the_end(mut input: BufReader<Hashing<File>>) -> io::Result<Hash> {
    io::copy(&mut input, &mut io::sink())?;
    Ok(input.into_inner().hasher.finalize().into())
}

/// Collects what a file holds.
struct Items<'a> {
    /// Hash of the file, where it was read whole.
    whole: Option<Hash>,
    send: &'a mut dyn FnMut(Part) -> bool,
    /// The first dispatch, until it is known whether it is alone.
    first: Option<Box<Prepared>>,
    dispatches: u64,
    rejected: bool,
    reasons: Vec<String>,
}

impl<'a> Items<'a> {
    fn new(whole: Option<Hash>, send: &'a mut dyn FnMut(Part) -> bool) -> Self {
        Self {
            whole,
            send,
            first: None,
            dispatches: 0,
            rejected: false,
            reasons: Vec::new(),
        }
    }

    fn read(&mut self, file: &FeedFile<'_>, input: &mut dyn BufRead) -> (Outcome, Vec<String>) {
        let read = catch_unwind(AssertUnwindSafe(|| {
            wire::read(file, input, &mut |found| self.take(file.path, found))
        }));
        match read {
            Ok(Ok(_)) => {}
            Ok(Err(e)) => self.reject(e.to_string()),
            // one bad file never stops a run, not even through a fault of ours
            Err(_) => self.reject(FAULT.to_owned()),
        }
        if let Some(mut first) = self.first.take() {
            first.alone = true;
            (self.send)(Part::Dispatch(first));
        }
        let outcome = match (self.rejected, self.reasons.is_empty()) {
            (true, _) => Outcome::Rejected,
            (false, false) => Outcome::PassedOver,
            (false, true) => Outcome::Read,
        };
        (outcome, std::mem::take(&mut self.reasons))
    }

    fn take(&mut self, path: &Path, found: Result<Found>) -> Result<()> {
        let Found {
            member,
            item,
            content,
        } = match found {
            Ok(found) => found,
            Err(e) => {
                self.reject(e.to_string());
                return Ok(());
            }
        };
        let dispatch = match content {
            Item::Dispatch(dispatch) => *dispatch,
            // a kill is a kill even if the notice has no text
            Item::PassedOver { dispatch, .. } if dispatch.status == PubStatus::Canceled => {
                *dispatch
            }
            Item::PassedOver { reason, .. } => {
                self.note(reason);
                return Ok(());
            }
        };
        let content = match (self.dispatches, &dispatch.guid, self.whole) {
            // the content of a text that is all of its file is the file, and this may be one
            (0, None, Some(whole)) => whole,
            _ => content_of(&dispatch, path)?,
        };
        let prepared = Box::new(Prepared {
            member,
            item,
            content,
            dispatch,
            terms: DispatchTerms::default(),
            alone: false,
        });
        self.dispatches += 1;
        match (self.dispatches, self.first.take()) {
            (1, _) => self.first = Some(prepared),
            (_, Some(mut first)) => {
                first.content = content_of(&first.dispatch, path)?;
                self.pass_on(first)?;
                self.pass_on(prepared)?;
            }
            (_, None) => self.pass_on(prepared)?,
        }
        Ok(())
    }

    fn pass_on(&mut self, prepared: Box<Prepared>) -> Result<()> {
        if (self.send)(Part::Dispatch(prepared)) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Busy, "the run was stopped"))
    }

    fn reject(&mut self, reason: String) {
        self.rejected = true;
        self.note(reason);
    }

    fn note(&mut self, reason: String) {
        if self.reasons.len() < REASONS && !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }
}

/// Hash of a dispatch, whatever file it comes in.
fn content_of(dispatch: &Dispatch, path: &Path) -> Result<Hash> {
    let json = serde_json::to_vec(dispatch).map_err(|e| {
        let sentence = format!("{}: cannot be kept", path.display());
        Error::new(ErrorKind::Feed, sentence).because(e)
    })?;
    Ok(Hash::of(&json))
}

/// Hashes what is read through it.
struct Hashing<R> {
    inner: R,
    hasher: blake3::Hasher,
}

impl Hashing<File> {
    fn open(path: &Path) -> io::Result<BufReader<Self>> {
        Ok(BufReader::new(Self {
            inner: File::open(path)?,
            hasher: blake3::Hasher::new(),
        }))
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..n]);
        Ok(n)
    }
}
