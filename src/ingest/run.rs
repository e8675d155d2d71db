//! A run from its first step to its last commit.

use std::{
    collections::HashSet,
    io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use index_schema::{FileRecord, LastRun, Origin, Outcome, RawPath, Stamp, Vocabularies, file_hash};
use jiff::{Timestamp, tz::TimeZone};

use super::{
    Event, Options, Tally,
    apply::Apply,
    changes::{Change, Changes},
    gone::Gone,
    look::{Looked, Seen, look},
    pipeline::{Job, Readers, Reading},
    read::{End, FAULT, Part},
    roots::Places,
    walk::{self, Start, Walked},
};
use crate::{
    backend::local::{Folder, LocalSearcher, LocalWriter, Lock, Manifest},
    error::{Error, ErrorKind, Result},
    status::Reason,
};

/// Documents between two commits of a long run.
const COMMIT_DOCUMENTS: u64 = 500_000;
/// Time between two commits of a long run.
const COMMIT_EVERY: Duration = Duration::from_secs(30);
/// Bytes that may wait for a commit.
const COMMIT_WAITING: usize = 32 << 20;

/// Brings the index in `folder` up to date. Without the lock nothing is written: files are read, and counted.
///
/// # Errors
///
/// Fails if the index cannot be read or written; the last commit stands then. A feed file that cannot be read is no
/// error: it is told, and listed in the [`Tally`].
pub fn run(
    folder: &Folder,
    lock: Option<&Lock>,
    options: &Options<'_>,
    observe: &mut dyn FnMut(Event<'_>),
) -> Result<Tally> {
    let started = Instant::now();
    let searcher = match LocalSearcher::open(folder.path()) {
        Ok(searcher) => Some(searcher),
        Err(e) if e.kind() == ErrorKind::NotFound => None,
        Err(e) => return Err(e),
    };
    if lock.is_some() {
        // what a killed run left behind; not before what is in use has turned out to be sound
        folder.sweep()?;
    }
    let stamp = searcher.as_ref().map_or_else(
        || Stamp::new(options.zone.iana_name().unwrap_or("Europe/Copenhagen")),
        |s| s.stamp().clone(),
    );
    let places = Places::find(&stamp.roots, &options.paths);
    is_no_feed(folder, &places)?;
    let manifest = searcher
        .as_ref()
        .map_or_else(|| Ok(Manifest::default()), LocalSearcher::manifest)?;
    let last_commit = stamp
        .last_run
        .as_ref()
        .map(|r| r.at.saturating_mul(1_000_000_000));
    let settled_before = options.settle.map(|t| {
        let now = i64::try_from(options.now.as_nanosecond()).unwrap_or(i64::MAX);
        now.saturating_sub(i64::try_from(t.as_nanos()).unwrap_or(i64::MAX))
    });
    let mut run = Run {
        folder,
        options,
        writes: lock.is_some(),
        roots: places.to_raw(),
        stamp,
        vocabularies: Vocabularies::default(),
        apply: None,
        unborn: None,
        tally: Tally::default(),
        observe,
        started,
        committed: started,
    };
    for (missing, why) in &places.missing {
        let sentence = match why.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                format!("{} is not there", missing.display())
            }
            _ => format!("{}: {}", missing.display(), walk::reason(why)),
        };
        (run.observe)(Event::Notice(&sentence));
        run.tally.missing.push(missing.clone());
    }

    let changes = Changes::since(manifest, last_commit, settled_before);
    let done = run.bring_up_to_date(&places, changes, searcher);
    if done.is_err() && run.apply.take().is_some() {
        tidy(folder, options);
    }
    done
}

/// # Errors
///
/// `Query` if a place to walk is the folder of the index, or of one of its generations.
fn is_no_feed(folder: &Folder, places: &Places) -> Result<()> {
    let Ok(index) = folder.path().canonicalize() else {
        return Ok(());
    };
    let generations = Folder::at(&index).generations()?;
    let belongs = |start: &&Start| {
        start.path == index || generations.iter().any(|(_, g)| start.path.starts_with(g))
    };
    match places.starts.iter().find(belongs) {
        None => Ok(()),
        Some(start) => {
            let sentence = format!(
                "{} belongs to the index and is no feed",
                start.path.display()
            );
            let error = Error::new(ErrorKind::Query, sentence);
            Err(error.hint("keep the index in a folder of its own, named by -i"))
        }
    }
}

/// Removes what a run wrote that failed: the disk may be full of it.
fn tidy(folder: &Folder, options: &Options<'_>) {
    // the failure itself is told, and the next run does the same
    let _ = folder.sweep();
    if let Ok(generation) = folder.current() {
        let _ = LocalWriter::open(&generation, options.resources);
    }
}

struct Run<'a, 'o> {
    folder: &'a Folder,
    options: &'a Options<'o>,
    writes: bool,
    roots: Vec<RawPath>,
    /// As it was before this run.
    stamp: Stamp,
    /// Of those that read and of the one that writes.
    vocabularies: Vocabularies,
    /// Opened when there is something to write, not before.
    apply: Option<Apply<LocalWriter>>,
    /// A new generation that is not in use yet.
    unborn: Option<PathBuf>,
    tally: Tally,
    observe: &'a mut dyn FnMut(Event<'_>),
    started: Instant,
    committed: Instant,
}

/// What the walk found.
struct Found {
    changes: Changes,
    walks: Vec<(Start, Walked)>,
    seen: u64,
    same: u64,
}

impl Run<'_, '_> {
    /// Takes in what changed, notes what is gone, and commits.
    fn bring_up_to_date(
        &mut self,
        places: &Places,
        changes: Changes,
        searcher: Option<LocalSearcher>,
    ) -> Result<Tally> {
        let found = self.read_changes(places, changes, searcher.as_ref())?;
        self.tally.stopped = self.options.stop.load(Ordering::Relaxed);
        if let (Some(searcher), false) = (&searcher, self.tally.stopped) {
            self.note_gone(&found, places, searcher)?;
        }
        self.finish(searcher)
    }

    /// Walks, and reads what is new or changed.
    fn read_changes(
        &mut self,
        places: &Places,
        changes: Changes,
        searcher: Option<&LocalSearcher>,
    ) -> Result<Found> {
        let options = self.options;
        let zone = TimeZone::get(&self.stamp.zone).unwrap_or(TimeZone::UTC);
        let vocabularies = self.vocabularies.clone();
        let readers = Readers {
            threads: options.readers,
            zone: &zone,
            limits: options.limits,
            vocabularies: &vocabularies,
        };
        let (files, to_read) = (AtomicU64::new(0), AtomicU64::new(0));
        let find = |hand_over: &mut dyn FnMut(Job) -> Result<bool>| {
            let mut picked = 0;
            let mut walks = Vec::new();
            for start in &places.starts {
                let judge = |facts| match changes.of(facts) {
                    Change::Same | Change::Settling => None,
                    change => Some(change),
                };
                let each = |looked: Looked<Change>| {
                    files.fetch_add(looked.files, Ordering::Relaxed);
                    for (seen, change) in looked.picked {
                        picked += 1;
                        let before = match (change, searcher) {
                            (Change::Perhaps(known), Some(searcher)) => {
                                Some(searcher.file_record(&known)?)
                            }
                            _ => None,
                        };
                        to_read.fetch_add(1, Ordering::Relaxed);
                        let stopped = options.stop.load(Ordering::Relaxed);
                        if !hand_over(Job { seen, before })? || stopped {
                            return Ok(false);
                        }
                    }
                    Ok(!options.stop.load(Ordering::Relaxed))
                };
                let threads = options.readers;
                let walked = look(start, &places.roots, &options.leave, threads, judge, each)?;
                walks.push((start.clone(), walked));
            }
            let seen = files.load(Ordering::Relaxed);
            Ok(Found {
                changes,
                walks,
                seen,
                same: seen - picked,
            })
        };
        let found = readers.run(find, |reading| {
            (self.observe)(Event::Found {
                files: files.load(Ordering::Relaxed),
                to_read: to_read.load(Ordering::Relaxed),
            });
            self.take(reading)
        })?;
        self.tally.files.seen = found.seen;
        self.tally.files.unchanged += found.same;
        Ok(found)
    }

    /// Takes one file in; whether to go on.
    fn take(&mut self, reading: Reading<'_>) -> Result<bool> {
        let Reading {
            job: Job { seen, before },
            parts,
        } = reading;
        let mut dispatches = 0;
        let mut waits = false;
        let mut fault = false;
        let mut end = None;
        for part in parts {
            match part {
                Part::End(last) => end = Some(last),
                Part::Fault => fault = true,
                Part::Dispatch(prepared) => {
                    dispatches += 1;
                    if self.options.stop.load(Ordering::Relaxed) {
                        // the file is not noted in the manifest, so that the next run reads it again
                        return Ok(false);
                    }
                    if !self.writes {
                        continue;
                    }
                    let origin = Origin {
                        root: seen.root,
                        path: seen.below.clone(),
                        member: prepared.member.clone(),
                        item: prepared.item,
                    };
                    let mut tally = std::mem::take(&mut self.tally);
                    let applied =
                        self.apply()?
                            .dispatch(origin, *prepared, before.is_some(), &mut tally);
                    self.tally = tally;
                    waits |= applied?;
                    self.commit_now_and_then()?;
                }
            }
        }
        (self.observe)(Event::Done { dispatches });
        if fault
            && let Some(End::Read {
                outcome, reasons, ..
            }) = &mut end
        {
            *outcome = Outcome::Rejected;
            reasons.push(FAULT.to_owned());
        }
        self.note_end(seen, before, end, waits)?;
        Ok(true)
    }

    /// Notes what came of a file.
    fn note_end(
        &mut self,
        seen: Seen,
        before: Option<FileRecord>,
        end: Option<End>,
        waits: bool,
    ) -> Result<()> {
        match end {
            None | Some(End::Vanished) => Ok(()),
            Some(End::Same { hash }) => {
                self.tally.files.unchanged += 1;
                let Some(before) = before else { return Ok(()) };
                let now = FileRecord {
                    size: seen.facts.size,
                    mtime: seen.facts.mtime,
                    hash: Some(hash),
                    gone: false,
                    ..before.clone()
                };
                self.note_file(now, Some(&before), waits)
            }
            Some(End::Read {
                hash,
                outcome,
                reasons,
            }) => {
                let now = FileRecord {
                    root: seen.root,
                    path: seen.below,
                    size: seen.facts.size,
                    mtime: seen.facts.mtime,
                    hash,
                    outcome,
                    gone: false,
                    reasons,
                };
                if before.as_ref() == Some(&now) {
                    self.tally.files.unchanged += 1;
                    return Ok(());
                }
                match before {
                    Some(_) => self.tally.files.changed += 1,
                    None => self.tally.files.new += 1,
                }
                self.tell(&seen.path, &now);
                self.note_file(now, before.as_ref(), waits)
            }
        }
    }

    /// Tells of a file that was not taken in wholly.
    fn tell(&mut self, path: &Path, file: &FileRecord) {
        let reason = || Reason {
            path: path.display().to_string(),
            reason: file.reasons.join("; "),
        };
        match file.outcome {
            Outcome::Rejected | Outcome::Unread => {
                self.tally.files.rejected += 1;
                self.tally.rejected.push(reason());
                (self.observe)(Event::Rejected(&reason()));
            }
            Outcome::PassedOver => {
                self.tally.files.passed_over += 1;
                self.tally.passed_over.push(reason());
            }
            Outcome::Read | Outcome::Gone => {}
        }
    }

    fn note_file(
        &mut self,
        now: FileRecord,
        before: Option<&FileRecord>,
        waits: bool,
    ) -> Result<()> {
        if before == Some(&now) || !self.writes {
            return Ok(());
        }
        self.apply()?.file(now, before.is_some(), waits)?;
        self.commit_now_and_then()
    }

    /// Marks files that are not there any more, and drops what they held if that is wanted.
    fn note_gone(
        &mut self,
        found: &Found,
        places: &Places,
        searcher: &LocalSearcher,
    ) -> Result<()> {
        let prunes = self.options.prune.is_some();
        let mut refused = Vec::new();
        for (start, walked) in &found.walks {
            let whole_root = places.roots.get(start.root as usize) == Some(&start.path);
            if walked.files == 0 && whole_root && found.changes.files_of(start.root) > 0 {
                let sentence = format!(
                    "{} is empty, and the index holds dispatches from it: they stay",
                    start.path.display()
                );
                match prunes {
                    true => refused.push(sentence),
                    false => (self.observe)(Event::Notice(&sentence)),
                }
            }
        }
        if prunes && !places.missing.is_empty() {
            refused.push("a place to index is missing; nothing was dropped".to_owned());
        }
        // one of them is told as the outcome of the run
        self.tally.prune_refused = refused.pop();
        for sentence in refused {
            (self.observe)(Event::Notice(&sentence));
        }
        let leave = &self.options.leave;
        let gone = Gone::of(
            &found.changes,
            places,
            leave,
            &found.walks,
            searcher,
            prunes,
        )?;
        self.tally.files.gone = gone.newly.len() as u64;
        if !self.writes {
            return Ok(());
        }
        if let Some(most) = self.options.prune {
            if self.tally.prune_refused.is_none() {
                // what moved is found where it is now
                self.commit_all()?;
                let holds_alone = |file, gone: &HashSet<u64>| self.apply()?.holds_alone(file, gone);
                self.tally.prune_refused =
                    gone.too_many(&found.changes, places, most, holds_alone)?;
            }
            if self.tally.prune_refused.is_none() {
                return self.prune(&gone);
            }
        }
        for file in gone.newly {
            self.apply()?
                .file(FileRecord { gone: true, ..file }, true, false)?;
            self.commit_now_and_then()?;
        }
        Ok(())
    }

    fn prune(&mut self, gone: &Gone) -> Result<()> {
        for file in gone.all() {
            let hash = file_hash(file.root, file.path.as_bytes());
            let mut tally = std::mem::take(&mut self.tally);
            let pruned = self.apply()?.prune(hash, &mut tally);
            self.tally = tally;
            pruned?;
        }
        Ok(())
    }

    /// The writer, opened now at the latest.
    fn apply(&mut self) -> Result<&mut Apply<LocalWriter>> {
        if self.apply.is_none() {
            let resources = self.options.resources;
            let (writer, empty) = match self.folder.current() {
                Ok(generation) => (LocalWriter::open(&generation, resources)?, false),
                Err(e) if e.kind() == ErrorKind::NotFound => {
                    let generation = self.folder.next()?;
                    let writer = LocalWriter::create(&generation, self.stamp.clone(), resources)?;
                    self.unborn = Some(generation);
                    (writer, true)
                }
                Err(e) => return Err(e),
            };
            self.apply = Some(Apply::to(writer, empty, self.vocabularies.clone()));
        }
        self.apply
            .as_mut()
            .ok_or_else(|| Error::new(ErrorKind::Backend, "no writer"))
    }

    fn commit_now_and_then(&mut self) -> Result<()> {
        let Some(apply) = &self.apply else {
            return Ok(());
        };
        let due = apply.uncommitted >= COMMIT_DOCUMENTS
            || apply.waiting_bytes() >= COMMIT_WAITING
            || self.committed.elapsed() >= COMMIT_EVERY;
        if due { self.commit() } else { Ok(()) }
    }

    fn commit(&mut self) -> Result<()> {
        let Some(apply) = &mut self.apply else {
            return Ok(());
        };
        let dispatches = self.tally.dispatches;
        let run = LastRun {
            at: Timestamp::now().as_second(),
            seconds: self.started.elapsed().as_secs_f64(),
            added: dispatches.added,
            replaced: dispatches.replaced,
            killed: dispatches.killed,
            pruned: dispatches.pruned,
        };
        apply.describe(&self.roots, run);
        apply.commit(&mut self.tally)?;
        if let Some(generation) = self.unborn.take() {
            self.folder.switch_to(&generation)?;
        }
        self.committed = Instant::now();
        Ok(())
    }

    /// Commits until nothing is left to commit.
    fn commit_all(&mut self) -> Result<()> {
        let is_left = |apply: &Apply<LocalWriter>| apply.is_waiting() || apply.uncommitted > 0;
        while self.apply.as_ref().is_some_and(is_left) {
            self.commit()?;
        }
        Ok(())
    }

    /// Commits what is left, and counts.
    fn finish(&mut self, searcher: Option<LocalSearcher>) -> Result<Tally> {
        // an index of an empty folder is an index, and a root is remembered even if nothing is in it yet
        // but not because of a place that is not there
        if self.writes && self.roots != self.stamp.roots {
            self.apply()?;
        }
        let searcher = if self.apply.is_some() {
            self.commit()?;
            self.commit_all()?;
            if let Some(apply) = self.apply.take() {
                apply.into_writer().close()?;
            }
            Some(LocalSearcher::open(self.folder.path())?)
        } else {
            searcher
        };
        if let Some(searcher) = searcher {
            let (total, embargoed) = searcher.totals(self.options.now.as_second())?;
            self.tally.dispatches.total = total;
            self.tally.dispatches.embargoed = embargoed;
        }
        self.tally.seconds = self.started.elapsed().as_secs_f64();
        Ok(std::mem::take(&mut self.tally))
    }
}
