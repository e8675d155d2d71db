//! What is stored of documents, read from the stores of their segments.
//!
//! The engine can do this, too. But it makes a new decompressor for every block, which in a virtual machine takes longer than
//! the block itself, and it keeps whole blocks; the texts of a page of hits stand in ten of them. Here one decompressor and
//! one block for each segment do, and texts are kept that were shown.
//!
//! A store, as Tantivy 0.27 writes it (version 2 of that format), is a sequence of compressed blocks, a skip index that says where
//! the block of a document is, and a footer. Numbers of fixed width are little endian. All others have seven bits in a byte, the
//! lowest first, and a mark in the last byte.

use std::{
    collections::VecDeque,
    io,
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
};

use tantivy::{
    DocAddress, DocId, HasLen, Searcher, SegmentReader,
    directory::{FileSlice, OwnedBytes},
    index::SegmentComponent,
    schema::Field,
};
use zstd::bulk::Decompressor;

/// Bytes of a footer: version, place of the skip index, compression, and fifteen bytes for later.
const FOOTER: usize = 28;
/// The version of the format, and the number of Zstandard among its compressions.
const VERSION: u32 = 2;
const ZSTD: u8 = 4;
/// The type of a value that is a text.
const TEXT: u8 = 0;
/// Texts that are kept, and bytes of one.
const KEPT: usize = 32;
const KEPT_BYTES: usize = 64 << 10;

/// The stored texts of an index, which is one for each document.
#[derive(Default)]
pub(super) struct StoredTexts(Mutex<Reading>);

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
    pub(super) fn text(
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

/// Which documents a block holds, and where it is among all bytes.
struct Place {
    documents: Range<DocId>,
    bytes: Range<usize>,
}

/// Layers of places, the last one of the blocks themselves; each above it of every eighth place of the one below.
struct SkipIndex {
    bytes: OwnedBytes,
    layers: Vec<Range<usize>>,
}

impl SkipIndex {
    /// How many layers there are, where each of them ends, and the layers.
    fn open(mut bytes: OwnedBytes) -> Option<Self> {
        let mut rest = bytes.as_slice();
        let many = number(&mut rest)?;
        let mut layers = Vec::new();
        let mut start = 0;
        for _ in 0..many {
            let end = number(&mut rest)?;
            layers.push(start..end);
            start = end;
        }
        let before = bytes.len() - rest.len();
        bytes.advance(before);
        Some(Self { bytes, layers })
    }

    /// Where the block of a document is.
    fn seek(&self, doc: DocId) -> Option<Place> {
        let mut from = 0;
        let mut place = None;
        for layer in &self.layers {
            let found = seek(self.bytes.get(layer.clone())?.get(from..)?, doc)?;
            from = found.bytes.start;
            place = Some(found);
        }
        place.filter(|p| p.documents.contains(&doc))
    }
}

/// The first place of a layer, from some group of places on, that does not end before a document. A group is the number of places,
/// the first document and the first byte, and for each place how many documents and how many bytes.
fn seek(mut groups: &[u8], doc: DocId) -> Option<Place> {
    loop {
        let places = number(&mut groups)?;
        let mut start = DocId::try_from(number(&mut groups)?).ok()?;
        let mut from = number(&mut groups)?;
        for _ in 0..places {
            let end = start.checked_add(number(&mut groups)?.try_into().ok()?)?;
            let to = from.checked_add(number(&mut groups)?)?;
            if doc < end {
                return Some(Place {
                    documents: start..end,
                    bytes: from..to,
                });
            }
            (start, from) = (end, to);
        }
    }
}

/// A document of a block: the documents, where each of them begins, and how many there are.
fn document_at(block: &[u8], place: usize) -> Option<&[u8]> {
    let (rest, many) = block.split_last_chunk()?;
    let starts = 4 * u32::from_le_bytes(*many) as usize;
    let (documents, starts) = rest.split_at_checked(rest.len().checked_sub(starts)?)?;
    let mut starts = starts.as_chunks().0[..].iter().skip(place);
    let mut next = || Some(u32::from_le_bytes(*starts.next()?) as usize);
    let start = next()?;
    documents.get(start..next().unwrap_or(documents.len()))
}

/// The one value of a document: how many there are, then for each its field, its type, its length and itself.
fn text_of(mut document: &[u8], field: Field) -> Option<&str> {
    let values = number(&mut document)?;
    let (of, rest) = document.split_first_chunk()?;
    let (kind, mut rest) = rest.split_first()?;
    if values != 1 || u32::from_le_bytes(*of) != field.field_id() || *kind != TEXT {
        return None;
    }
    let len = number(&mut rest)?;
    str::from_utf8(rest.get(..len)?).ok()
}

/// Reads a number of as many bytes as it needs.
fn number(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for (place, byte) in (0..10).zip(*bytes) {
        number |= u64::from(byte & 127) << (7 * place);
        if *byte > 127 {
            *bytes = &bytes[place + 1..];
            return number.try_into().ok();
        }
    }
    None
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
