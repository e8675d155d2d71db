//! Which documents have which numbers, until that is written.

use std::io;

use tantivy::{DocId, postings::FieldSerializer};

/// Which documents have which numbers in a field. Most of them name one document, so they are kept one by one.
#[derive(Debug, Default)]
pub(super) struct Numbers(Vec<(u64, DocId)>);

impl Numbers {
    /// Bytes of memory.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(self.0.as_slice())
    }

    pub(super) fn add(&mut self, document: DocId, number: u64) {
        self.0.push((number, document));
    }

    /// How many there are, those of one document counted each.
    pub(super) fn total(&self) -> u64 {
        self.0.len() as u64
    }

    /// Writes them: as terms in the order of their bytes, that is, with the highest byte first.
    pub(super) fn write(mut self, field: &mut FieldSerializer<'_>) -> io::Result<()> {
        self.0.sort_unstable();
        // a document may have the same number twice
        self.0.dedup();
        for same in self.0.chunk_by(|(a, _), (b, _)| a == b) {
            field.new_term_without_freq(&same[0].0.to_be_bytes())?;
            for (_, document) in same {
                field.write_doc(*document, 0, &[]);
            }
            field.close_term()?;
        }
        Ok(())
    }
}
