//! What was added and removed since the last commit.

use std::{
    collections::HashSet,
    ops::RangeInclusive,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
};

use index_schema::{Fields, PlacedTerms};
use tantivy::{Index, IndexWriter, SegmentMeta, TantivyDocument, TantivyError, Term};

use super::{
    removal::{Order, Removal},
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
    resources: Resources,
    order: Arc<Order>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Segments in the making that no thread adds to at the moment.
    idle: Vec<SegmentBuilder>,
    /// Segments in the making.
    making: usize,
    /// The numbers by which what they hold may be removed again.
    numbers: HashSet<u64>,
    writing: Vec<JoinHandle<tantivy::Result<SegmentMeta>>>,
    written: Vec<SegmentMeta>,
    removals: Vec<Removal>,
}

impl Pending {
    pub(super) fn new(index: Index, fields: Fields, resources: Resources) -> Self {
        Self {
            index,
            fields,
            resources,
            order: Arc::default(),
            state: Mutex::default(),
        }
    }

    /// Adds a document; threads that add at the same time make a segment each.
    ///
    /// # Errors
    ///
    /// Fails if a segment cannot be written, be it an earlier one.
    pub(super) fn add(
        &self,
        document: &TantivyDocument,
        terms: Option<&PlacedTerms<'_>>,
        number: u64,
    ) -> tantivy::Result<()> {
        let mut state = self.state();
        state.numbers.insert(number);
        let idle = state.idle.pop();
        state.making += usize::from(idle.is_none());
        // the rest is for what is added while a full one is being written
        let room = self.resources.memory / 5 * 4 / state.making;
        let room = room.clamp(*ROOM.start(), *ROOM.end());
        drop(state);
        let mut segment = match idle {
            Some(segment) => segment,
            None => SegmentBuilder::new(self.index.new_segment(), &self.fields)?,
        };
        segment.add(document, terms)?;
        let mut state = self.state();
        if segment.bytes() < room {
            state.idle.push(segment);
            return Ok(());
        }
        self.seal(segment, &mut state);
        // no more memory is taken than for those in the making and one for each thread that writes
        if state.writing.len() > self.resources.threads.max(1) {
            let first = state.writing.remove(0);
            drop(state);
            let first = written(first)?;
            self.state().written.push(first);
        }
        Ok(())
    }

    /// Removes the document that has a term with this number, if it was added before; not one that is added later. No other
    /// thread adds meanwhile.
    pub(super) fn remove(&self, term: Term, number: u64) {
        let mut state = self.state();
        if state.numbers.contains(&number) {
            for segment in std::mem::take(&mut state.idle) {
                self.seal(segment, &mut state);
            }
            state.numbers.clear();
        }
        let removal = Removal::new(term, &self.order);
        state.removals.push(removal);
    }

    /// Makes all of it the engine's, to be committed.
    ///
    /// # Errors
    ///
    /// Fails if a segment cannot be written; then nothing is pending any more, and the engine is to be rolled back.
    pub(super) fn hand_over(&self, writer: &IndexWriter) -> tantivy::Result<()> {
        let mut state = self.state();
        for segment in std::mem::take(&mut state.idle) {
            self.seal(segment, &mut state);
        }
        let State {
            writing,
            written: mut segments,
            removals,
            ..
        } = std::mem::take(&mut *state);
        drop(state);
        // none is left behind that still writes
        let last: Vec<_> = writing.into_iter().map(written).collect();
        for segment in last {
            segments.push(segment?);
        }
        for segment in segments {
            writer.add_segment(segment)?;
        }
        for removal in removals {
            writer.delete_query(Box::new(removal))?;
        }
        Ok(())
    }

    /// Has a segment written, in a thread of its own.
    fn seal(&self, segment: SegmentBuilder, state: &mut State) {
        self.order.seal(segment.id());
        state.making -= 1;
        state.writing.push(thread::spawn(move || segment.finish()));
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
