//! What was read, into the index: each dispatch joins what is kept of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use foldhash::fast::FixedState;
use index_schema::{
    Dispatch, DispatchTerms, FieldAnalyzer, FileRecord, Hash, LastRun, Origin, PubStatus, RawPath,
    Record, State, Vocabularies, key_hash, key_of, newest_first,
};

use super::{
    Tally,
    read::Prepared,
    versions::{Arrival, join, settle_rest},
};
use crate::{backend::Writer, error::Result};

/// Versions looked at when a file was rewritten in place, without its history where that is longer; a file that holds more
/// is a list, not a text.
const REWRITABLE: usize = 16;

/// Takes dispatches in between two commits.
///
/// The writer answers questions from the last commit only. A dispatch whose key or content was touched since then waits
/// for the next commit; all that wait for one key then join at once, so that a hundred versions of one dispatch cost
/// one commit and not a hundred.
pub(crate) struct Apply<W> {
    writer: W,
    vocabularies: Vocabularies,
    /// For what was not analysed by its reader, from one commit to the next.
    analyzer: Option<FieldAnalyzer>,
    /// Keys and contents touched since the last commit.
    touched: HashSet<u64, FixedState>,
    /// Keys and contents of this run: where the index was empty before, nothing else needs looking up.
    ours: HashSet<u64, FixedState>,
    /// The index held nothing when the run began.
    was_empty: bool,
    waiting: Vec<Incoming>,
    waiting_bytes: usize,
    waiting_files: Vec<(FileRecord, bool)>,
    /// Documents written since the last commit.
    pub(crate) uncommitted: u64,
}

/// A dispatch and where it stood.
struct Incoming {
    origin: Origin,
    content: Hash,
    dispatch: Dispatch,
    /// What its reader made of it, unless it has waited.
    terms: Option<DispatchTerms>,
    /// The file holds nothing else.
    alone: bool,
    /// The file was read before, with other content.
    changed: bool,
}

/// Where a dispatch belongs.
enum Place {
    /// Among the versions of this key.
    Key { key: String, revision: u32 },
    /// Its file held another text before, which other files hold still: that text loses the file.
    Leaving { left: Box<Record>, key: String },
    /// Its key was touched since the last commit.
    Wait,
}

impl<W: Writer> Apply<W> {
    pub(crate) fn to(writer: W, was_empty: bool, vocabularies: Vocabularies) -> Self {
        Self {
            writer,
            vocabularies,
            analyzer: None,
            touched: HashSet::default(),
            ours: HashSet::default(),
            was_empty,
            waiting: Vec::new(),
            waiting_bytes: 0,
            waiting_files: Vec::new(),
            uncommitted: 0,
        }
    }

    /// Bytes of the dispatches that wait for the next commit.
    pub(crate) fn waiting_bytes(&self) -> usize {
        self.waiting_bytes
    }

    /// Takes a dispatch in; says whether it had to wait.
    pub(crate) fn dispatch(
        &mut self,
        origin: Origin,
        prepared: Prepared,
        changed: bool,
        tally: &mut Tally,
    ) -> Result<bool> {
        let Prepared {
            content,
            dispatch,
            terms,
            alone,
            ..
        } = prepared;
        let incoming = Incoming {
            origin,
            content,
            dispatch,
            terms: Some(terms),
            alone,
            changed,
        };
        match self.place(&incoming)? {
            Place::Wait => {
                self.wait(incoming);
                return Ok(true);
            }
            Place::Leaving { left, key } => {
                self.leave(*left, incoming.origin.file())?;
                self.take(&key, vec![(incoming, 0)], tally)?;
            }
            Place::Key { key, revision } => {
                self.take(&key, vec![(incoming, revision)], tally)?;
            }
        }
        Ok(false)
    }

    /// Notes a feed file; after its dispatches, and not before one of them that waits.
    pub(crate) fn file(&mut self, file: FileRecord, known: bool, waits: bool) -> Result<()> {
        if waits {
            self.waiting_files.push((file, known));
            return Ok(());
        }
        self.uncommitted += 1;
        self.writer.put_file(&file, known)
    }

    /// Commits, and lets what waited join: after this only that is uncommitted.
    pub(crate) fn commit(&mut self, tally: &mut Tally) -> Result<()> {
        self.writer.commit()?;
        self.analyzer = None;
        self.touched.clear();
        self.uncommitted = 0;
        self.waiting_bytes = 0;
        let mut by_key: BTreeMap<String, Vec<(Incoming, u32)>> = BTreeMap::new();
        let mut new_contents: HashMap<Hash, String> = HashMap::new();
        for incoming in std::mem::take(&mut self.waiting) {
            let same = incoming
                .dispatch
                .guid
                .is_none()
                .then(|| new_contents.get(&incoming.content));
            if let Some(Some(key)) = same {
                by_key.entry(key.clone()).or_default().push((incoming, 0));
                continue;
            }
            let (key, revision) = match self.place(&incoming)? {
                Place::Key { key, revision } => (key, revision),
                Place::Leaving { left, key } => {
                    self.leave(*left, incoming.origin.file())?;
                    (key, 0)
                }
                // another file left this text a moment ago; the first that waits never gets here
                Place::Wait => {
                    self.wait(incoming);
                    continue;
                }
            };
            if incoming.dispatch.guid.is_none() {
                new_contents.insert(incoming.content, key.clone());
            }
            by_key.entry(key).or_default().push((incoming, revision));
        }
        for (key, arrivals) in by_key {
            self.take(&key, arrivals, tally)?;
        }
        let waits = !self.waiting.is_empty();
        for (file, known) in std::mem::take(&mut self.waiting_files) {
            self.file(file, known, waits)?;
        }
        Ok(())
    }

    fn wait(&mut self, mut incoming: Incoming) {
        // its terms hold on to a vocabulary, which is large; it is analysed again
        incoming.terms = None;
        self.waiting_bytes += incoming.dispatch.body.len() * 4 + 500;
        self.waiting.push(incoming);
    }

    /// What the next commit says of the roots and of the run.
    pub(crate) fn describe(&mut self, roots: &[RawPath], run: LastRun) {
        self.writer.describe(roots, run);
    }

    /// The writer again; what is uncommitted is lost.
    pub(crate) fn into_writer(self) -> W {
        self.writer
    }

    /// Whether something waits for a commit.
    pub(crate) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty() || !self.waiting_files.is_empty()
    }

    fn place(&self, incoming: &Incoming) -> Result<Place> {
        let dispatch = &incoming.dispatch;
        if dispatch.guid.is_some() || dispatch.cancels.is_some() {
            let key = match &dispatch.cancels {
                Some(other) => key_of(
                    &Dispatch {
                        guid: Some(other.clone()),
                        ..dispatch.clone()
                    },
                    incoming.content,
                ),
                None => key_of(dispatch, incoming.content),
            };
            if self.touched.contains(&key_hash(&key)) {
                return Ok(Place::Wait);
            }
            return Ok(Place::Key { key, revision: 0 });
        }
        if self.touched.contains(&incoming.content.short()) {
            return Ok(Place::Wait);
        }
        let same = self.same_content(incoming.content)?;
        if let Some(left) = self.rewritten_text(incoming)? {
            if self.touched.contains(&key_hash(&left.key)) {
                return Ok(Place::Wait);
            }
            let is_elsewhere = self.held_elsewhere(&left, incoming)?;
            let stays = left.content == incoming.content || !is_elsewhere;
            if stays && same.as_ref().is_some_and(|s| s.key == left.key) {
                // the text as it was before, or one that the file held earlier
                return Ok(Place::Key {
                    revision: left.revision + u32::from(left.content != incoming.content),
                    key: left.key,
                });
            }
            if same.is_none() && !is_elsewhere {
                return Ok(Place::Key {
                    revision: left.revision + 1,
                    key: left.key,
                });
            }
            let key = self.key_for_text(incoming.content, same)?;
            if self.touched.contains(&key_hash(&key)) {
                return Ok(Place::Wait);
            }
            return Ok(Place::Leaving {
                left: Box::new(left),
                key,
            });
        }
        let key = self.key_for_text(incoming.content, same)?;
        // its file may have been given another text in this run, and the key with it
        if self.touched.contains(&key_hash(&key)) {
            return Ok(Place::Wait);
        }
        Ok(Place::Key { key, revision: 0 })
    }

    /// The key of a text without a guid: that of the same text, if it is found already; else a new one.
    fn key_for_text(&self, content: Hash, same: Option<Record>) -> Result<String> {
        // where the same text is only the history of a file that was rewritten, it is news again
        if let Some(same) = same.filter(|same| same.state != State::Superseded) {
            return Ok(same.key);
        }
        let first = content_key(content);
        let mut key = first.clone();
        let mut n = 2;
        // its first key may be that of a text that came after it
        while self.is_taken(&key)? {
            key = format!("{first}.{n}");
            n += 1;
        }
        Ok(key)
    }

    /// Whether something is kept under a key.
    fn is_taken(&self, key: &str) -> Result<bool> {
        if self.was_empty && !self.ours.contains(&key_hash(key)) {
            return Ok(false);
        }
        Ok(!self.writer.by_key(key)?.is_empty())
    }

    /// The record with exactly this content and no guid; one that is found before one that is history.
    fn same_content(&self, content: Hash) -> Result<Option<Record>> {
        if self.was_empty && !self.ours.contains(&content.short()) {
            return Ok(None);
        }
        let found = self.writer.by_content(content)?;
        let texts = found
            .into_iter()
            .filter(|r| r.dispatch.as_ref().is_none_or(|d| d.guid.is_none()));
        Ok(texts.min_by_key(|r| (r.state == State::Superseded, r.key.clone())))
    }

    /// The text that the file of this one held before, if both are alone in it and have no guid.
    fn rewritten_text(&self, incoming: &Incoming) -> Result<Option<Record>> {
        if !incoming.changed || !incoming.alone {
            return Ok(None);
        }
        let held = self.writer.by_file(incoming.origin.file(), REWRITABLE)?;
        let texts = held.into_iter().filter(|r| {
            r.dispatch.as_ref().is_some_and(|d| d.guid.is_none())
                && r.origins.contains(&incoming.origin)
                && matches!(r.state, State::Current | State::Withheld)
        });
        Ok(texts.max_by_key(|r| r.revision))
    }

    /// Whether a file other than this one's holds the text still.
    fn held_elsewhere(&self, text: &Record, incoming: &Incoming) -> Result<bool> {
        let here = incoming.origin.file();
        for origin in text.origins.iter().filter(|o| o.file() != here) {
            if self.writer.is_there(origin.file())? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A file does not hold this text any more, but another one that is known: this one is found still, be it in no file.
    fn leave(&mut self, mut left: Record, file: u64) -> Result<()> {
        let document = left.document();
        left.origins.retain(|o| o.file() != file);
        self.write(left, Some(document), None)
    }

    /// Joins arrivals with what is kept under their key and writes what differs.
    fn take(&mut self, key: &str, incoming: Vec<(Incoming, u32)>, tally: &mut Tally) -> Result<()> {
        let kept = if self.was_empty && !self.ours.contains(&key_hash(key)) {
            Vec::new()
        } else {
            self.writer.by_key(key)?
        };
        self.touch(key_hash(key));
        let mut terms = HashMap::new();
        let mut arrivals = Vec::with_capacity(incoming.len());
        for (incoming, revision) in incoming {
            let revision = revision.max(rewritten(&incoming, &kept));
            let Incoming {
                origin,
                content,
                dispatch,
                terms: analysed,
                ..
            } = incoming;
            self.touch(content.short());
            terms.extend(analysed.map(|analysed| (content, analysed)));
            arrivals.push(Arrival {
                origin,
                content,
                revision,
                dispatch,
            });
        }
        let before = kept.clone();
        let after = join(key, kept, arrivals);
        tally.note(&before, &after);
        self.replace(&before, after, &mut terms)
    }

    /// Writes the difference between what is kept and what shall be kept.
    fn replace(
        &mut self,
        before: &[Record],
        after: Vec<Record>,
        terms: &mut HashMap<Hash, DispatchTerms>,
    ) -> Result<()> {
        for old in before {
            if !after.iter().any(|new| new.document() == old.document()) {
                self.writer.remove(old.document());
                self.uncommitted += 1;
            }
        }
        for new in after {
            let old = before.iter().find(|old| old.document() == new.document());
            if old != Some(&new) {
                let analysed = terms.remove(&new.content);
                self.write(new, old.map(Record::document), analysed)?;
            }
        }
        Ok(())
    }

    fn write(
        &mut self,
        record: Record,
        old: Option<u64>,
        terms: Option<DispatchTerms>,
    ) -> Result<()> {
        self.touch(key_hash(&record.key));
        if let Some(document) = old {
            self.writer.remove(document);
        }
        let terms = match (&record.dispatch, terms) {
            (_, Some(terms)) => terms,
            (Some(dispatch), None) => {
                let fresh = || FieldAnalyzer::new(&self.vocabularies);
                DispatchTerms::of(dispatch, self.analyzer.get_or_insert_with(fresh))
            }
            (None, None) => DispatchTerms::default(),
        };
        self.uncommitted += 1;
        self.writer.add(record, &terms)
    }

    fn touch(&mut self, name: u64) {
        self.touched.insert(name);
        if self.was_empty {
            self.ours.insert(name);
        }
    }

    /// Whether a file holds a text that no file beside these holds.
    pub(crate) fn holds_alone(&self, file: u64, these: &HashSet<u64>) -> Result<bool> {
        let held = self.writer.by_file(file, usize::MAX - 1)?;
        let only_here = |r: &Record| r.origins.iter().all(|o| these.contains(&o.file()));
        Ok(held.iter().any(|r| r.dispatch.is_some() && only_here(r)))
    }

    /// Takes a file out of every version that it holds; versions without any file are dropped.
    pub(crate) fn prune(&mut self, file: u64, tally: &mut Tally) -> Result<()> {
        let mut keys: Vec<String> = self
            .writer
            .by_file(file, usize::MAX - 1)?
            .into_iter()
            .map(|r| r.key)
            .collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            // what waited for a commit may touch it again
            while self.touched.contains(&key_hash(&key)) {
                self.commit(tally)?;
            }
            let before = self.writer.by_key(&key)?;
            let mut after = before.clone();
            for record in &mut after {
                record.origins.retain(|o| o.file() != file);
            }
            after.retain(|r| !r.origins.is_empty() || r.dispatch.is_none());
            if after.iter().any(|r| r.dispatch.is_some()) {
                settle_rest(&before, &mut after);
            }
            tally.note(&before, &after);
            self.replace(&before, after, &mut HashMap::new())?;
        }
        self.uncommitted += 1;
        self.writer.remove_file(file);
        Ok(())
    }
}

/// How often a file had been rewritten with versions of one and the same guid: among several of equal version and date, what
/// the file holds now is the newest.
fn rewritten(incoming: &Incoming, kept: &[Record]) -> u32 {
    if !incoming.changed || incoming.dispatch.guid.is_none() {
        return 0;
    }
    let here =
        |o: &Origin| o.file() == incoming.origin.file() && o.member == incoming.origin.member;
    let others = kept.iter().filter(|r| r.content != incoming.content);
    let before = others.filter(|r| r.origins.iter().any(here));
    before.map(|r| r.revision + 1).max().unwrap_or(0)
}

impl Tally {
    /// Counts what became of a dispatch.
    fn note(&mut self, before: &[Record], after: &[Record]) {
        let text = |records: &[Record]| records.iter().any(|r| r.dispatch.is_some());
        let newest = |records: &[Record]| {
            let texts = records.iter().filter(|r| r.dispatch.is_some());
            texts.min_by(|a, b| newest_first(a, b)).map(|r| r.content)
        };
        let killed = |records: &[Record]| records.iter().any(|r| r.state == State::Killed);
        if killed(after) {
            self.dispatches.killed += u64::from(!killed(before));
        } else if !text(before) && text(after) {
            self.dispatches.added += 1;
        } else if text(before) && !text(after) {
            self.dispatches.pruned += 1;
        } else if newest(before) != newest(after) {
            self.dispatches.replaced += 1;
        }
    }
}

fn content_key(content: Hash) -> String {
    key_of(
        &Dispatch {
            status: PubStatus::Usable,
            ..Dispatch::default()
        },
        content,
    )
}
