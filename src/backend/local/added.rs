//! Documents between being added and being the engine's.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
};

use index_schema::{Fields, PlacedTerms};
use tantivy::{IndexWriter, SegmentMeta, TantivyDocument, TantivyError};

use super::{segment::SegmentBuilder, writer::Resources};

/// What was added and is not yet the engine's: segments in the making, and full ones that are being written beside them.
pub(super) struct Added {
    fields: Fields,
    resources: Resources,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Segments in the making that no thread adds to at the moment.
    idle: Vec<SegmentBuilder>,
    /// Segments in the making.
    making: usize,
    writing: Vec<JoinHandle<tantivy::Result<SegmentMeta>>>,
    /// The numbers by which the documents may be removed again.
    numbers: HashSet<u64>,
}

impl Added {
    pub(super) fn new(fields: Fields, resources: Resources) -> Self {
        Self {
            fields,
            resources,
            state: Mutex::default(),
        }
    }

    /// Adds a document; threads that add at the same time make a segment each.
    ///
    /// # Errors
    ///
    /// Fails if a segment cannot be written, be it an earlier one.
    pub(super) fn put(
        &self,
        document: &TantivyDocument,
        terms: Option<&PlacedTerms<'_>>,
        number: u64,
        writer: &IndexWriter,
    ) -> tantivy::Result<()> {
        let mut state = self.state();
        state.numbers.insert(number);
        let idle = state.idle.pop();
        state.making += usize::from(idle.is_none());
        let room = self.resources.memory / state.making;
        drop(state);
        let mut segment = match idle {
            Some(segment) => segment,
            None => SegmentBuilder::new(writer.new_segment(), &self.fields)?,
        };
        segment.add(document, terms)?;
        if segment.bytes() < room {
            self.state().idle.push(segment);
            return Ok(());
        }
        let mut state = self.state();
        // so that no more memory is taken than for those in the making and one for each thread that writes
        let before = match state.writing.len() < self.resources.threads.max(1) {
            true => None,
            false => Some(state.writing.remove(0)),
        };
        state.making -= 1;
        drop(state);
        if let Some(before) = before {
            writer.add_segment(written(before)?)?;
        }
        self.state().writing.push(write(segment));
        Ok(())
    }

    /// Whether a document with this number is not the engine's yet: then the engine cannot remove it.
    pub(super) fn holds(&self, number: u64) -> bool {
        self.state().numbers.contains(&number)
    }

    /// Makes all that was added the engine's.
    ///
    /// # Errors
    ///
    /// Fails if a segment cannot be written.
    pub(super) fn settle(&self, writer: &IndexWriter) -> tantivy::Result<()> {
        let State {
            idle, mut writing, ..
        } = std::mem::take(&mut *self.state());
        writing.extend(idle.into_iter().map(write));
        // none is left behind that still writes
        let segments: Vec<_> = writing.into_iter().map(written).collect();
        for segment in segments {
            writer.add_segment(segment?)?;
        }
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Added {
    fn drop(&mut self) {
        // nothing writes into the folder when its writer is gone
        for segment in std::mem::take(&mut self.state().writing) {
            let _ = segment.join();
        }
    }
}

/// Writes a segment in a thread of its own.
fn write(segment: SegmentBuilder) -> JoinHandle<tantivy::Result<SegmentMeta>> {
    thread::spawn(move || segment.finish())
}

fn written(segment: JoinHandle<tantivy::Result<SegmentMeta>>) -> tantivy::Result<SegmentMeta> {
    segment.join().unwrap_or_else(|_| {
        let sentence = "the thread that writes a segment ended in a fault";
        Err(TantivyError::InternalError(sentence.to_owned()))
    })
}
