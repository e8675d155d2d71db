//! Which documents of a segment are not deleted, in words of 64: whole windows are told apart at once.

use tantivy::{BitSet, DocId, SegmentReader};

/// The documents that are not deleted, one bit each.
pub(super) struct Alive(Box<[u64]>);

impl Alive {
    /// None if nothing is deleted.
    pub(super) fn of(segment: &SegmentReader) -> Option<Self> {
        let alive = segment.alive_bitset()?;
        // the engine shows the words of such a set only
        let mut set = BitSet::with_max_value_and_full(segment.max_doc());
        set.intersect_update(alive.bitset());
        let words = 0..segment.max_doc().div_ceil(64);
        let word = |place| u64::from_le_bytes(set.tinyset(place).into_bytes());
        Some(Self(words.map(word).collect()))
    }

    #[inline]
    pub(super) fn has(&self, doc: DocId) -> bool {
        let word = self.0.get(doc as usize / 64);
        word.is_some_and(|w| w >> (doc % 64) & 1 == 1)
    }

    /// The words from the one on that a document is in.
    pub(super) fn words(&self, from: DocId) -> &[u64] {
        self.0.get(from as usize / 64..).unwrap_or_default()
    }
}
