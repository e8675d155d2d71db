//! Which documents of a segment are not deleted, in words of 64: whole windows are told apart at once.

use tantivy::{DocId, SegmentReader, directory::OwnedBytes, index::SegmentComponent};

/// The documents that are not deleted: one bit each, the lowest first.
pub(super) struct Alive(OwnedBytes);

impl Alive {
    /// None if nothing is deleted.
    pub(super) fn of(segment: &SegmentReader) -> tantivy::Result<Option<Self>> {
        if !segment.has_deletes() {
            return Ok(None);
        }
        // the engine has read it and shows single bits of it; before them stands how many there are, in four bytes
        let mut bits = segment.open_read(SegmentComponent::Delete)?.read_bytes()?;
        bits.advance(bits.len().min(4));
        Ok(Some(Self(bits)))
    }

    #[inline]
    pub(super) fn has(&self, doc: DocId) -> bool {
        let byte = self.0.get(doc as usize / 8);
        byte.is_some_and(|b| b >> (doc % 8) & 1 == 1)
    }

    /// The words from the one on that a document is in.
    pub(super) fn words(&self, from: DocId) -> impl Iterator<Item = u64> {
        let words = self.0.as_chunks().0;
        let words = words.get(from as usize / 64..).unwrap_or_default();
        words.iter().map(|word| u64::from_le_bytes(*word))
    }
}
