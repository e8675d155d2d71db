//! A store that is written, with one compressor.

use std::io::{self, Write};

use tantivy::{
    DocId,
    directory::{TerminatingWrite, WritePtr},
    schema::Field,
};
use zstd::{bulk::Compressor, zstd_safe::compress_bound};

use super::{
    FOOTER, TEXT, VERSION, ZSTD,
    skip_index::{Place, SkipIndexBuilder},
    write_number,
};

/// Writes the store of a segment, byte for byte as the engine would.
pub(in crate::backend::local) struct StoreWriter {
    file: WritePtr,
    /// Bytes in the file so far.
    written: usize,
    compressor: Compressor<'static>,
    /// Bytes that make a block full.
    full: usize,
    /// Documents that are in no block yet, and where each of them begins.
    block: Vec<u8>,
    starts: Vec<u32>,
    compressed: Vec<u8>,
    /// Documents in blocks.
    documents: DocId,
    skip_index: SkipIndexBuilder,
}

impl StoreWriter {
    /// A store with blocks of about so many bytes, compressed at a level of Zstandard.
    ///
    /// # Errors
    ///
    /// Fails if there is no such level, or no memory.
    pub(in crate::backend::local) fn new(
        file: WritePtr,
        full: usize,
        level: i32,
    ) -> io::Result<Self> {
        Ok(Self {
            file,
            written: 0,
            compressor: Compressor::new(level)?,
            full,
            block: Vec::new(),
            starts: Vec::new(),
            compressed: Vec::new(),
            documents: 0,
            skip_index: SkipIndexBuilder::default(),
        })
    }

    /// Bytes of memory that it takes, about.
    pub(in crate::backend::local) fn bytes(&self) -> usize {
        self.block.capacity() + self.compressed.capacity() + self.starts.capacity() * 4
    }

    /// Adds a document that has a text in one field.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be written.
    pub(in crate::backend::local) fn add(&mut self, field: Field, text: &str) -> io::Result<()> {
        self.starts.push(self.block.len() as u32);
        write_number(1, &mut self.block);
        self.block
            .extend_from_slice(&field.field_id().to_le_bytes());
        self.block.push(TEXT);
        write_number(text.len(), &mut self.block);
        self.block.extend_from_slice(text.as_bytes());
        // the engine counts eight bytes for each of these
        match self.block.len() + self.starts.len() * 8 > self.full {
            true => self.close_block(),
            false => Ok(()),
        }
    }

    fn close_block(&mut self) -> io::Result<()> {
        let many = self.starts.len() as u32;
        for number in self.starts.drain(..).chain([many]) {
            self.block.extend_from_slice(&number.to_le_bytes());
        }
        let len = self.block.len() as u32;
        self.compressed.clear();
        self.compressed.reserve(compress_bound(self.block.len()));
        self.compressor
            .compress_to_buffer(&self.block, &mut self.compressed)?;
        self.block.clear();
        let place = Place {
            documents: self.documents..self.documents + many,
            bytes: self.written..self.written + 4 + self.compressed.len(),
        };
        self.file.write_all(&len.to_le_bytes())?;
        self.file.write_all(&self.compressed)?;
        self.documents = place.documents.end;
        self.written = place.bytes.end;
        self.skip_index.add(place);
        Ok(())
    }

    /// Writes what is left, and the end of the file.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be written.
    pub(in crate::backend::local) fn close(mut self) -> io::Result<()> {
        if !self.starts.is_empty() {
            self.close_block()?;
        }
        let mut end = self.skip_index.finish();
        let footer = end.len();
        end.extend_from_slice(&VERSION.to_le_bytes());
        end.extend_from_slice(&(self.written as u64).to_le_bytes());
        end.push(ZSTD);
        end.resize(footer + FOOTER, 0);
        self.file.write_all(&end)?;
        self.file.terminate()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tantivy::{
        TantivyDocument,
        directory::{Directory, RamDirectory},
        schema::{Schema, TextOptions},
        store::{Compressor as Compression, StoreWriter as OfTheEngine, ZstdCompressor},
    };

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_store_is_byte_for_byte_what_the_engine_would_have_written(
            texts in proptest::collection::vec("\\PC{0,60}", 0..700),
            full in prop_oneof![1..90_usize, Just(4096)],
            level in 1..4,
        ) {
            let mut schema = Schema::builder();
            let field = schema.add_text_field("record", TextOptions::default().set_stored());
            let schema = schema.build();
            let directory = RamDirectory::create();
            let file = |name: &str| directory.open_write(name.as_ref()).unwrap();
            let compression = Compression::Zstd(ZstdCompressor { compression_level: Some(level) });
            let mut engine = OfTheEngine::new(file("engine"), compression, full, false).unwrap();
            let mut own = StoreWriter::new(file("own"), full, level).unwrap();
            for text in &texts {
                let mut document = TantivyDocument::default();
                document.add_text(field, text);
                engine.store(&document, &schema).unwrap();
                own.add(field, text).unwrap();
            }
            engine.close().unwrap();
            own.close().unwrap();
            let bytes = |name: &str| directory.open_read(name.as_ref()).unwrap().read_bytes().unwrap();
            prop_assert!(bytes("engine") == bytes("own"));
        }
    }
}
