//! The stored texts of an index, read with one decompressor.

use std::{
    collections::VecDeque,
    io,
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
};

use tantivy::{
    DocAddress, DocId, HasLen, Searcher, SegmentReader, directory::FileSlice,
    index::SegmentComponent, schema::Field,
};
use zstd::bulk::Decompressor;

use super::{
    FOOTER, TEXT, VERSION, ZSTD, read_number,
    skip_index::{Place, SkipIndex},
};

/// Texts that are kept, and bytes of one.
const KEPT: usize = 32;
const KEPT_BYTES: usize = 64 << 10;

/// The stored texts of an index, of which the last ones are kept.
#[derive(Default)]
pub(in crate::backend::local) struct StoredTexts(Mutex<Reading>);

#[derive(Default)]
struct Reading {
    /// Opened when one of its texts is asked for.
    stores: Vec<Option<Store>>,
    decompressor: Option<Decompressor<'static>>,
    /// Texts read last.
    kept: VecDeque<(DocAddress, Arc<str>)>,
}

impl StoredTexts {
    /// The text that a document has in its one stored field.
    ///
    /// # Errors
    ///
    /// Fails if the store is damaged, or is none of this program's.
    pub(in crate::backend::local) fn text(
        &self,
        searcher: &Searcher,
        address: DocAddress,
        field: Field,
    ) -> io::Result<Arc<str>> {
        // what is in it is whole after a panic, too
        let mut reading = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, text)) = reading.kept.iter().find(|(of, _)| *of == address) {
            return Ok(Arc::clone(text));
        }
        let text = reading.read(searcher, address, field)?;
        if text.len() <= KEPT_BYTES {
            if reading.kept.len() == KEPT {
                reading.kept.pop_front();
            }
            reading.kept.push_back((address, Arc::clone(&text)));
        }
        Ok(text)
    }
}

impl Reading {
    fn read(
        &mut self,
        searcher: &Searcher,
        address: DocAddress,
        field: Field,
    ) -> io::Result<Arc<str>> {
        let number = address.segment_ord as usize;
        if self.stores.len() <= number {
            self.stores.resize_with(number + 1, || None);
        }
        let store = match &mut self.stores[number] {
            Some(store) => store,
            none => none.insert(Store::open(searcher.segment_reader(address.segment_ord))?),
        };
        let decompressor = self.decompressor.get_or_insert_default();
        let document = store.document(address.doc_id, decompressor)?;
        let text =
            text_of(document, field).ok_or_else(|| damaged("a document without its text"))?;
        Ok(text.into())
    }
}

/// The store of a segment.
struct Store {
    blocks: FileSlice,
    skip_index: SkipIndex,
    /// The block read last, and its documents.
    block: Vec<u8>,
    documents: Range<DocId>,
}

impl Store {
    fn open(segment: &SegmentReader) -> io::Result<Self> {
        let file = segment.open_read(SegmentComponent::Store);
        Self::of(&file.map_err(io::Error::other)?)
    }

    fn of(file: &FileSlice) -> io::Result<Self> {
        let cut = || damaged("its footer is cut off");
        let end = file.len().checked_sub(FOOTER).ok_or_else(cut)?;
        let footer = file.slice_from(end).read_bytes()?;
        let (version, rest) = footer.split_first_chunk().ok_or_else(cut)?;
        let (skip_index, rest) = rest.split_first_chunk().ok_or_else(cut)?;
        if u32::from_le_bytes(*version) != VERSION || rest.first() != Some(&ZSTD) {
            return Err(damaged("its format is an unknown one"));
        }
        let skip_index = usize::try_from(u64::from_le_bytes(*skip_index));
        let skip_index = skip_index
            .ok()
            .filter(|at| *at <= end)
            .ok_or_else(|| damaged("it has no skip index"))?;
        Ok(Self {
            blocks: file.slice_to(skip_index),
            skip_index: SkipIndex::open(file.slice(skip_index..end).read_bytes()?)
                .ok_or_else(|| damaged("its skip index is cut off"))?,
            block: Vec::new(),
            documents: 0..0,
        })
    }

    /// The bytes of a document.
    fn document(&mut self, doc: DocId, decompressor: &mut Decompressor<'_>) -> io::Result<&[u8]> {
        if !self.documents.contains(&doc) {
            self.read_block_of(doc, decompressor)?;
        }
        let place = (doc - self.documents.start) as usize;
        document_at(&self.block, place).ok_or_else(|| damaged("a block without its documents"))
    }

    fn read_block_of(&mut self, doc: DocId, decompressor: &mut Decompressor<'_>) -> io::Result<()> {
        self.documents = 0..0;
        let Place { documents, bytes } = self
            .skip_index
            .seek(doc)
            .filter(|place| place.bytes.end <= self.blocks.len())
            .ok_or_else(|| damaged("a document without its block"))?;
        let compressed = self.blocks.slice(bytes).read_bytes()?;
        let (len, frame) = compressed
            .split_first_chunk()
            .ok_or_else(|| damaged("a block is cut off"))?;
        let len = u32::from_le_bytes(*len) as usize;
        self.block.clear();
        self.block.try_reserve_exact(len)?;
        if decompressor.decompress_to_buffer(frame, &mut self.block)? != len {
            return Err(damaged("a block of another size"));
        }
        self.documents = documents;
        Ok(())
    }
}

/// A document of a block.
fn document_at(block: &[u8], place: usize) -> Option<&[u8]> {
    let (rest, many) = block.split_last_chunk()?;
    let starts = (u32::from_le_bytes(*many) as usize).checked_mul(4)?;
    let (documents, starts) = rest.split_at(rest.len().checked_sub(starts)?);
    let mut starts = starts.as_chunks().0.iter().skip(place);
    let mut next = || Some(u32::from_le_bytes(*starts.next()?) as usize);
    let start = next()?;
    documents.get(start..next().unwrap_or(documents.len()))
}

/// The one value of a document.
fn text_of(mut document: &[u8], field: Field) -> Option<&str> {
    let values = read_number(&mut document)?;
    let (of, rest) = document.split_first_chunk()?;
    let (kind, mut rest) = rest.split_first()?;
    if values != 1 || u32::from_le_bytes(*of) != field.field_id() || *kind != TEXT {
        return None;
    }
    let len = read_number(&mut rest)?;
    str::from_utf8(rest.get(..len)?).ok()
}

fn damaged(what: &str) -> io::Error {
    let sentence = format!("the stored texts of a segment cannot be read: {what}");
    io::Error::new(io::ErrorKind::InvalidData, sentence)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tantivy::{
        Index, TantivyDocument,
        directory::{Directory, RamDirectory},
        schema::{Schema, TextOptions, Value},
        store::{Compressor, StoreReader, StoreWriter, ZstdCompressor},
    };

    use super::*;

    fn schema() -> (Schema, Field) {
        let mut schema = Schema::builder();
        schema.add_text_field("other", TextOptions::default().set_stored());
        let field = schema.add_text_field("record", TextOptions::default().set_stored());
        (schema.build(), field)
    }

    /// A store that the engine wrote.
    fn store(texts: &[String], block: usize) -> Vec<u8> {
        let (schema, field) = schema();
        let directory = RamDirectory::create();
        let path = std::path::Path::new("a.store");
        let compression = Compressor::Zstd(ZstdCompressor::default());
        let file = directory.open_write(path).unwrap();
        let mut store = StoreWriter::new(file, compression, block, false).unwrap();
        for text in texts {
            let mut document = TantivyDocument::default();
            document.add_text(field, text);
            store.store(&document, &schema).unwrap();
        }
        store.close().unwrap();
        let file = directory.open_read(path).unwrap();
        file.read_bytes().unwrap().to_vec()
    }

    fn open(bytes: Vec<u8>) -> io::Result<Store> {
        Store::of(&FileSlice::from(bytes))
    }

    fn text_at(
        store: &mut Store,
        doc: DocId,
        decompressor: &mut Decompressor<'_>,
    ) -> Option<String> {
        let document = store.document(doc, decompressor).ok()?;
        text_of(document, schema().1).map(str::to_owned)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_text_is_what_the_engine_reads(
            texts in proptest::collection::vec("\\PC{0,30}", 0..400),
            block in prop_oneof![1..90_usize, Just(4096)],
            asked in proptest::collection::vec(any::<u32>(), 60),
        ) {
            let bytes = store(&texts, block);
            let engine = StoreReader::open(FileSlice::from(bytes.clone()), 0).unwrap();
            let mut store = open(bytes).unwrap();
            let mut decompressor = Decompressor::default();
            let many = texts.len() as u32;
            for doc in asked.into_iter().filter_map(|n| n.checked_rem(many)) {
                let expected: TantivyDocument = engine.get(doc).unwrap();
                let expected = expected.get_first(schema().1).and_then(|v| v.as_str().map(str::to_owned));
                prop_assert_eq!(text_at(&mut store, doc, &mut decompressor), expected);
            }
            prop_assert!(store.document(many, &mut decompressor).is_err());
            prop_assert!(store.document(DocId::MAX, &mut decompressor).is_err());
        }

        #[test]
        fn a_damaged_store_gives_errors_and_no_panic(
            many in 0..200_usize,
            damage in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..9),
            cut in proptest::option::of(any::<usize>()),
        ) {
            let texts: Vec<String> = (0..many).map(|n| format!("tekst {n}")).collect();
            let mut bytes = store(&texts, 64);
            let len = bytes.len();
            // half of them in the footer and the skip index
            for (n, (at, byte)) in damage.into_iter().enumerate() {
                let at = if n % 2 == 0 { at % len } else { len - 1 - at % len.min(60) };
                bytes[at] = byte;
            }
            bytes.truncate(cut.map_or(len, |cut| cut % len));
            if let Ok(mut store) = open(bytes) {
                let mut decompressor = Decompressor::default();
                for doc in 0..many as u32 + 2 {
                    let _ = text_at(&mut store, doc, &mut decompressor);
                }
            }
        }
    }

    #[test]
    fn texts_are_kept_and_not_too_many() {
        let (schema, field) = schema();
        let index = Index::create_in_ram(schema);
        let mut writer: tantivy::IndexWriter =
            index.writer_with_num_threads(1, 15_000_000).unwrap();
        let text = |n: u32| {
            if n == 0 {
                "x".repeat(KEPT_BYTES + 1)
            } else {
                n.to_string()
            }
        };
        for n in 0..100 {
            let mut document = TantivyDocument::default();
            document.add_text(field, text(n));
            writer.add_document(document).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        let texts = StoredTexts::default();
        for n in (0..100).chain(0..100).chain([7, 7, 7]) {
            let read = texts.text(&searcher, DocAddress::new(0, n), field).unwrap();
            assert_eq!(*read, *text(n));
            assert!(texts.0.lock().unwrap().kept.len() <= KEPT);
        }
        let other = Field::from_field_id(0);
        assert!(
            texts
                .text(&searcher, DocAddress::new(0, 50), other)
                .is_err()
        );
        assert!(
            texts
                .text(&searcher, DocAddress::new(0, 100), field)
                .is_err()
        );
    }
}
