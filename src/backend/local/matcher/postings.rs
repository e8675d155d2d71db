//! A posting list without positions, read in blocks.

use tantivy::{
    DocId, SegmentReader, TERMINATED,
    postings::{BlockSegmentPostings, TermInfo},
    schema::{Field, IndexRecordOption},
};

use super::{Cursor, Damage, Norms, window::Window};

/// The documents of a term and how often each has it.
pub(super) struct Postings {
    block: BlockSegmentPostings,
    /// Place in the block.
    at: usize,
    doc: DocId,
    damage: Damage,
}

impl Postings {
    pub(super) fn open(
        segment: &SegmentReader,
        field: Field,
        term: &TermInfo,
        option: IndexRecordOption,
        damage: &Damage,
    ) -> tantivy::Result<Self> {
        let index = segment.inverted_index(field)?;
        let block = index.read_block_postings_from_terminfo(term, option)?;
        Ok(Self {
            doc: block.doc(0),
            block,
            at: 0,
            damage: damage.clone(),
        })
    }

    /// How often the document has the term.
    #[inline]
    pub(super) fn frequency(&self) -> u32 {
        self.block.freq(self.at)
    }

    /// Marks the window's documents; the list must not be behind the window. Ends after the window.
    pub(super) fn mark(&mut self, window: &mut Window) {
        self.each_block(window.base(), |docs, _| window.mark(docs));
    }

    /// The same, and adds what the mentions count.
    pub(super) fn weigh(&mut self, window: &mut Window, norms: &Norms, weight: f32) {
        self.each_block(window.base(), |docs, frequencies| {
            window.weigh((docs, frequencies), norms, weight)
        });
    }

    /// Hands over the documents before the window's end; the receiver says whether they are in the window at all.
    fn each_block(&mut self, base: DocId, mut each: impl FnMut(&[DocId], &[u32]) -> bool) {
        let end = base.saturating_add(Window::SIZE as DocId);
        while self.doc < end {
            let docs = self.block.docs().get(self.at..).unwrap_or_default();
            let count = match docs.last() {
                Some(&last) if last < end => docs.len(),
                _ => docs.partition_point(|&doc| doc < end),
            };
            // empty where frequencies are not read
            let frequencies = self.block.freqs().get(self.at..).unwrap_or_default();
            if count == 0 || !each(&docs[..count], frequencies) {
                self.damage.found();
                self.doc = TERMINATED;
                return;
            }
            if count < docs.len() {
                self.at += count;
            } else {
                self.block.advance();
                self.at = 0;
            }
            self.doc = self.block.doc(self.at);
        }
    }
}

impl Cursor for Postings {
    #[inline]
    fn doc(&self) -> DocId {
        self.doc
    }

    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc {
            return self.doc;
        }
        // the next one is often the one
        if let Some(&next) = self.block.docs().get(self.at + 1)
            && next >= target
        {
            self.at += 1;
            self.doc = next;
            return next;
        }
        self.at = self.block.seek(target);
        self.doc = self.block.doc(self.at);
        if self.doc < target {
            // lists are sorted, unless their bytes are not what was written
            self.damage.found();
            self.doc = TERMINATED;
        }
        self.doc
    }

    fn cost(&self) -> u64 {
        self.block.doc_freq().into()
    }
}
