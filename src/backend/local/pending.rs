//! What was added and removed since the last commit.

use std::{
    collections::HashSet,
    ops::RangeInclusive,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
};

use foldhash::fast::FixedState;
use index_schema::{Fields, PlacedTerms};
use tantivy::{Index, IndexWriter, SegmentMeta, TantivyDocument, TantivyError, Term};

use super::{
    removal::{Removal, Sealed},
    segment::SegmentBuilder,
    writer::Resources,
};

/// Bytes of memory for a segment in the making: with less there would be one for every few documents, and with more its lists
/// could not be found by numbers of 32 bits.
const ROOM: RangeInclusive<usize> = 15 << 20..=2 << 30;

/// What was added and removed and is not yet the engine's: segments in the making, full ones that are being written beside
/// them, and what they or older segments hold and shall not hold any more.
pub(super) struct Pending {
    index: Index,
    fields: Fields,
    /// Segments in the making at most, and as many that are being written.
    most: usize,
    /// Bytes of memory for each.
    room: usize,
    sealed: Arc<Sealed>,
    state: Mutex<State>,
    /// A segment in the making has become idle, or may be begun.
    idle: Condvar,
}

#[derive(Default)]
struct State {
    /// Segments in the making that no thread adds to at the moment.
    idle: Vec<Making>,
    /// Those that a thread adds to.
    busy: usize,
    /// Threads that wait for an idle one. Without any nobody is woken: that would ask the kernel for each document.
    waiting: usize,
    writing: Vec<JoinHandle<tantivy::Result<SegmentMeta>>>,
    written: Vec<tantivy::Result<SegmentMeta>>,
    removals: Vec<Removal>,
}

/// A segment in the making.
struct Making {
    segment: SegmentBuilder,
    /// The numbers by which its documents may be removed again.
    numbers: HashSet<u64, FixedState>,
}

/// A thread that adds to a segment in the making, and gives it back to others; however it ends, they go on.
struct Busy<'a> {
    pending: &'a Pending,
    making: Option<Making>,
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        let mut state = self.pending.state();
        state.busy -= 1;
        state.idle.extend(self.making.take());
        if state.waiting > 0 {
            self.pending.idle.notify_one();
        }
    }
}

impl Pending {
    pub(super) fn new(index: Index, fields: Fields, resources: Resources) -> Self {
        let most = resources
            .threads
            .min(resources.memory / ROOM.start())
            .max(1);
        // the rest is for what is added while a full one is being written
        let room = resources.memory / 5 * 4 / most;
        Self {
            index,
            fields,
            most,
            room: room.clamp(*ROOM.start(), *ROOM.end()),
            sealed: Arc::default(),
            state: Mutex::default(),
            idle: Condvar::new(),
        }
    }

    /// Adds a document; threads that add at the same time make a segment each, or wait for one.
    ///
    /// # Errors
    ///
    /// Fails if a segment cannot be written.
    pub(super) fn add(
        &self,
        document: TantivyDocument,
        terms: Option<&PlacedTerms<'_>>,
        number: u64,
    ) -> tantivy::Result<()> {
        let mut busy = self.take();
        let mut making = match busy.making.take() {
            Some(making) => making,
            None => Making {
                segment: SegmentBuilder::new(self.index.new_segment(), &self.fields)?,
                numbers: HashSet::default(),
            },
        };
        making.segment.add(document, terms)?;
        making.numbers.insert(number);
        if making.segment.bytes() < self.room {
            busy.making = Some(making);
            return Ok(());
        }
        drop(busy);
        let mut state = self.state();
        self.seal(making, &mut state);
        if state.writing.len() > self.most {
            let first = state.writing.remove(0);
            drop(state);
            let first = written(first);
            self.state().written.push(first);
        }
        Ok(())
    }

    /// Waits for a segment in the making; none if one is to be begun.
    fn take(&self) -> Busy<'_> {
        let mut state = self.state();
        while state.idle.is_empty() && state.busy == self.most {
            state.waiting += 1;
            let woken = self.idle.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
            state.waiting -= 1;
        }
        state.busy += 1;
        Busy {
            pending: self,
            making: state.idle.pop(),
        }
    }

    /// Removes the document that has a term with this number, if it was added before; not one that is added later. No other
    /// thread adds meanwhile.
    pub(super) fn remove(&self, term: Term, number: u64) {
        let mut state = self.state();
        let (holding, others) = std::mem::take(&mut state.idle)
            .into_iter()
            .partition::<Vec<_>, _>(|making| making.numbers.contains(&number));
        state.idle = others;
        for making in holding {
            self.seal(making, &mut state);
        }
        let removal = Removal::new(term, &self.sealed);
        state.removals.push(removal);
    }

    /// Makes all of it the engine's, to be committed.
    ///
    /// # Errors
    ///
    /// Fails if a segment cannot be written; then nothing is pending any more, and the engine is to be rolled back.
    pub(super) fn hand_over(&self, writer: &IndexWriter) -> tantivy::Result<()> {
        let mut state = self.state();
        for making in std::mem::take(&mut state.idle) {
            self.seal(making, &mut state);
        }
        let State {
            writing,
            written: mut segments,
            removals,
            ..
        } = std::mem::take(&mut *state);
        drop(state);
        // none is left behind that still writes
        segments.extend(writing.into_iter().map(written));
        for segment in segments {
            writer.add_segment(segment?)?;
        }
        for removal in removals {
            writer.delete_query(Box::new(removal))?;
        }
        Ok(())
    }

    /// Has a segment written, in a thread of its own.
    fn seal(&self, making: Making, state: &mut State) {
        let segment = making.segment;
        self.sealed.note(segment.id());
        let name = "segment".to_owned();
        match thread::Builder::new()
            .name(name)
            .spawn(move || segment.finish())
        {
            Ok(writing) => state.writing.push(writing),
            Err(e) => state.written.push(Err(e.into())),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        // nothing writes into the folder when its writer is gone
        for segment in std::mem::take(&mut self.state().writing) {
            let _ = segment.join();
        }
    }
}

fn written(segment: JoinHandle<tantivy::Result<SegmentMeta>>) -> tantivy::Result<SegmentMeta> {
    segment.join().unwrap_or_else(|_| {
        let sentence = "the thread that writes a segment ended in a fault";
        Err(TantivyError::InternalError(sentence.to_owned()))
    })
}
