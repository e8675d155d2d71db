//! Segments that this program writes itself.
//!
//! The engine's own writer takes a document apart term by term, through its tokenizers, into one hash table for all
//! fields. Where a dispatch has some four hundred terms that is most of the work of an index run. Here the terms are there
//! already, and a written word is looked up once for its three fields. What is written goes through the engine's
//! serializers, but for the [store](super::store), and is byte for byte what its writer would have written.

mod chunks;
mod numbers;
mod postings;
mod zone;

use index_schema::{Fields, PlacedTerms, ZoneField};
use tantivy::{
    DocId, Segment, SegmentMeta, TantivyDocument, TantivyError,
    directory::{TerminatingWrite, WritePtr},
    fastfield::FastFieldsWriter,
    fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter},
    index::{SegmentComponent, SegmentId},
    postings::InvertedIndexSerializer,
    schema::{Field, FieldEntry, FieldType, Schema, Value},
    store::Compressor,
    tokenizer::MAX_TOKEN_LEN,
};

use self::{
    chunks::Chunks,
    numbers::Numbers,
    postings::{Postings, TermPostings},
    zone::Zone,
};
use super::store::StoreWriter;

/// Bytes of documents without words that are put in together.
///
/// There is a feed file for each dispatch, as a rule. If they took turns, half of what a question goes through would be files;
/// so that some sixteen thousand of them stand together. In tests, small archives have some runs, too.
const RUN: usize = if cfg!(test) { 400 << 10 } else { 6 << 20 };

/// A segment in the making: what it stores is on its way to the disk, what finds it is in memory.
pub(super) struct SegmentBuilder {
    segment: Segment,
    schema: Schema,
    documents: DocId,
    /// Documents without words that are not put in yet.
    wordless: Vec<TantivyDocument>,
    /// Bytes of memory that these take, about: a withheld dispatch has its whole text.
    wordless_bytes: usize,
    zones: Vec<Zone>,
    /// For every other field: how it is indexed, if it is.
    others: Vec<Option<Indexed>>,
    /// For the lists of all postings.
    chunks: Chunks,
    lengths: FieldNormsWriter,
    columns: FastFieldsWriter,
    columns_file: WritePtr,
    /// The field that is stored.
    record: Field,
    store: StoreWriter,
}

/// What a field that is in no zone holds.
enum Indexed {
    Terms(Postings),
    Numbers(Numbers),
}

impl SegmentBuilder {
    pub(super) fn new(segment: Segment, fields: &Fields) -> tantivy::Result<Self> {
        let schema = segment.schema();
        let index = segment.index();
        let settings = index.settings();
        let zones = [fields.current.zones(), fields.superseded.zones()].concat();
        let in_zone = |field| {
            let mut all = zones
                .iter()
                .flat_map(|zone| ZoneField::ALL.map(|f| zone.field(f)));
            all.any(|f| f == field)
        };
        let others = schema.fields().map(|(field, entry)| {
            let kept = entry.field_type().index_record_option();
            let kept = kept.filter(|_| !in_zone(field));
            kept.map(|kept| match entry.field_type() {
                FieldType::U64(_) => Indexed::Numbers(Numbers::default()),
                _ => Indexed::Terms(Postings::new(kept.has_positions())),
            })
        });
        let store = StoreWriter::new(
            segment.open_write(SegmentComponent::Store)?,
            settings.docstore_blocksize,
            level(settings.docstore_compression)?,
        )?;
        let tokenizers = index.fast_field_tokenizer().clone();
        Ok(Self {
            documents: 0,
            wordless: Vec::new(),
            wordless_bytes: 0,
            others: others.collect(),
            zones: zones.into_iter().map(Zone::new).collect(),
            chunks: Chunks::default(),
            lengths: FieldNormsWriter::for_schema(&schema),
            columns: FastFieldsWriter::from_schema_and_tokenizer_manager(&schema, tokenizers)?,
            columns_file: segment.open_write(SegmentComponent::FastFields)?,
            record: fields.record,
            store,
            schema,
            segment,
        })
    }

    /// Names the segment.
    pub(super) fn id(&self) -> SegmentId {
        self.segment.id()
    }

    /// Bytes of memory that it takes, about.
    pub(super) fn bytes(&self) -> usize {
        let zones = self.zones.iter().map(Zone::bytes);
        let others = self.others.iter().flatten().map(Indexed::bytes);
        self.chunks.bytes()
            + self.wordless_bytes
            + zones.chain(others).sum::<usize>()
            + self.lengths.mem_usage()
            + self.columns.mem_usage()
            + self.store.bytes()
    }

    /// Adds a document; its terms beside it. One without waits for others.
    pub(super) fn add(
        &mut self,
        document: TantivyDocument,
        terms: Option<&PlacedTerms<'_>>,
    ) -> tantivy::Result<()> {
        if terms.is_some() {
            return self.put(&document, terms);
        }
        self.wordless_bytes += bytes_of(&document);
        self.wordless.push(document);
        match self.wordless_bytes < RUN {
            true => Ok(()),
            false => self.put_wordless(),
        }
    }

    fn put_wordless(&mut self) -> tantivy::Result<()> {
        self.wordless_bytes = 0;
        let documents = std::mem::take(&mut self.wordless);
        documents.iter().try_for_each(|d| self.put(d, None))
    }

    fn put(
        &mut self,
        document: &TantivyDocument,
        terms: Option<&PlacedTerms<'_>>,
    ) -> tantivy::Result<()> {
        let id = self.documents;
        for (field, value) in document.field_values() {
            match &mut self.others[field.field_id() as usize] {
                None => {}
                Some(Indexed::Numbers(numbers)) => {
                    let number = value
                        .as_u64()
                        .ok_or_else(|| mistaken(self.schema.get_field_entry(field)))?;
                    numbers.add(id, number);
                }
                Some(Indexed::Terms(terms)) => {
                    let term = value
                        .as_str()
                        .ok_or_else(|| mistaken(self.schema.get_field_entry(field)))?;
                    // the engine cannot hold a longer one either
                    if term.len() <= MAX_TOKEN_LEN {
                        terms.add(id, 0, term.as_bytes(), &mut self.chunks);
                    }
                }
            }
        }
        if let Some(terms) = terms {
            self.add_terms(terms);
        }
        self.columns.add_document(document)?;
        let stored = document.get_first(self.record);
        let stored = stored
            .and_then(|value| value.as_str())
            .ok_or_else(|| mistaken(self.schema.get_field_entry(self.record)))?;
        self.store.add(self.record, stored)?;
        self.documents += 1;
        Ok(())
    }

    fn add_terms(&mut self, terms: &PlacedTerms<'_>) {
        let id = self.documents;
        for (fields, text) in terms.zones {
            if let Some(zone) = self
                .zones
                .iter_mut()
                .find(|z| z.fields.exact == fields.exact)
            {
                zone.add(id, text, &mut self.chunks);
                let len = text.words().len() as u32;
                self.lengths.record(id, fields.exact, len);
            }
        }
        for (field, terms) in terms.short {
            if let Some(Indexed::Terms(postings)) = &mut self.others[field.field_id() as usize] {
                for (position, term) in index_schema::terms_of(terms) {
                    postings.add(id, position, term.as_bytes(), &mut self.chunks);
                }
            }
        }
    }

    /// Writes what is in memory; what the engine needs to know of the segment.
    pub(super) fn finish(mut self) -> tantivy::Result<SegmentMeta> {
        self.put_wordless()?;
        self.zones.iter_mut().for_each(Zone::close);
        self.write_lengths()?;
        self.write_postings()?;
        self.columns.serialize(&mut self.columns_file, None)?;
        self.columns_file.terminate()?;
        self.store.close()?;
        let meta = self.segment.with_max_doc(self.documents).meta().clone();
        meta.untrack_temp_docstore();
        Ok(meta)
    }

    fn write_lengths(&mut self) -> tantivy::Result<()> {
        self.lengths.fill_up_to_max_doc(self.documents);
        let file = self.segment.open_write(SegmentComponent::FieldNorms)?;
        let serializer = FieldNormsSerializer::from_write(file)?;
        Ok(self.lengths.serialize(serializer, None)?)
    }

    fn write_postings(&mut self) -> tantivy::Result<()> {
        let lengths = self.segment.open_read(SegmentComponent::FieldNorms)?;
        let lengths = FieldNormReaders::open(lengths)?;
        let mut serializer = InvertedIndexSerializer::open(&self.segment)?;
        for (field, _) in self.schema.fields() {
            let lengths = lengths.get_field(field)?;
            if let Some(Indexed::Numbers(numbers)) = &mut self.others[field.field_id() as usize] {
                let numbers = std::mem::take(numbers);
                if numbers.total() > 0 {
                    let mut out = serializer.new_field(field, numbers.total(), lengths)?;
                    numbers.write(&mut out)?;
                    out.close()?;
                }
            } else if let Some(terms) = self.terms(field).filter(|terms| terms.total() > 0) {
                let mut out = serializer.new_field(field, terms.total(), lengths)?;
                terms.write(&self.chunks, &mut out)?;
                out.close()?;
            }
        }
        Ok(serializer.close()?)
    }

    /// The terms of a field.
    fn terms(&self, field: Field) -> Option<TermPostings<'_>> {
        if let Some(Indexed::Terms(postings)) = &self.others[field.field_id() as usize] {
            return Some(postings.of_terms(std::iter::once));
        }
        self.zones.iter().find_map(|zone| zone.terms(field))
    }
}

impl Indexed {
    fn bytes(&self) -> usize {
        match self {
            Self::Terms(terms) => terms.bytes(),
            Self::Numbers(numbers) => numbers.bytes(),
        }
    }
}

/// Bytes of memory that a document takes, about.
fn bytes_of(document: &TantivyDocument) -> usize {
    let bytes = |text: Option<&str>| 24 + text.map_or(0, str::len);
    let values = document.field_values();
    values.map(|(_, value)| bytes(value.as_str())).sum()
}

/// The level of Zstandard at which a store is compressed; 0 is its own default.
fn level(compression: Compressor) -> tantivy::Result<i32> {
    match compression {
        Compressor::Zstd(zstd) => Ok(zstd.compression_level.unwrap_or(0)),
        Compressor::None => {
            let sentence = "the index has an unknown compression".to_owned();
            Err(TantivyError::InvalidArgument(sentence))
        }
    }
}

/// A value that a field cannot hold.
fn mistaken(entry: &FieldEntry) -> TantivyError {
    TantivyError::SchemaError(format!("a value of another kind in {}", entry.name()))
}

#[cfg(test)]
mod tests {
    use index_schema::{DispatchTerms, FieldAnalyzer, Outcome, Record, State};
    use jiff::tz::TimeZone;
    use tantivy::{Index, IndexSettings, IndexWriter};

    use super::{super::drafts, *};

    /// Documents of all kinds: dispatches of all states with many and with no words, and more than a run of files.
    fn documents(fields: &Fields) -> Vec<(TantivyDocument, Option<(Record, DispatchTerms)>)> {
        let mut analyzer = FieldAnalyzer::default();
        let mut documents = Vec::new();
        for n in 0..3000_u32 {
            let words = |many: u32| {
                let word = |m: u32| match (n + m) % 7 {
                    0 => "Landminerne".to_owned(),
                    1 => "og EU-topmødet".to_owned(),
                    2 => format!("b{}", n * m % 2503),
                    _ => format!("{}", m % 11),
                };
                (0..many).map(word).collect::<Vec<_>>().join(" ")
            };
            let draft = drafts::record(&format!("urn:{n}"))
                .headline(&words(n % 5))
                .body(&words(n * 31 % 400))
                .source("ritzau/Reuters")
                .language("da")
                .categories(&["indland", &words(2)])
                .state(match n % 9 {
                    0 => State::Superseded,
                    1 => State::Withheld,
                    _ => State::Current,
                })
                .origins(vec![
                    drafts::origin(0, &format!("{n}.xml")),
                    drafts::origin(1, &format!("{}.xml", n / 2)),
                ]);
            let record = if n % 50 == 0 { draft.killed() } else { draft }.build();
            let dispatch = record.dispatch.clone().unwrap_or_default();
            let terms = DispatchTerms::of(&dispatch, &mut analyzer);
            let document = fields.dispatch_document(record.clone(), &TimeZone::UTC);
            documents.push((document.unwrap(), Some((record, terms))));
            let file = drafts::file(&format!("{n}.xml"), Outcome::Read, &[]);
            documents.push((fields.file_document(&file).unwrap(), None));
        }
        documents
    }

    /// A document as the engine's own writer takes it.
    fn with_terms(document: &TantivyDocument, terms: Option<&PlacedTerms<'_>>) -> TantivyDocument {
        let mut document = document.clone();
        if let Some(terms) = terms {
            for (fields, zone) in terms.zones {
                for field in ZoneField::ALL {
                    document.add_text(fields.field(field), zone.field(field));
                }
            }
            for (field, terms) in terms.short {
                document.add_text(field, terms);
            }
        }
        document
    }

    fn index() -> Index {
        let (schema, _) = Fields::schema();
        let index = Index::builder().schema(schema);
        let index = index.settings(IndexSettings::default());
        let index = index.create_in_ram().unwrap();
        index_schema::register(index.tokenizers());
        index
    }

    fn files(index: &Index) -> Vec<(SegmentComponent, Vec<u8>)> {
        let segments = index.searchable_segments().unwrap();
        assert_eq!(segments.len(), 1);
        let all = [
            SegmentComponent::Terms,
            SegmentComponent::Postings,
            SegmentComponent::Positions,
            SegmentComponent::FieldNorms,
            SegmentComponent::FastFields,
            SegmentComponent::Store,
        ];
        let read = |component: SegmentComponent| {
            let file = segments[0].open_read(component.clone()).unwrap();
            (component, file.read_bytes().unwrap().to_vec())
        };
        all.map(read).into()
    }

    #[test]
    fn a_segment_is_byte_for_byte_what_the_engine_would_have_written() {
        let (_, fields) = Fields::schema();
        let documents = documents(&fields);
        let engine = index();
        let mut writer: IndexWriter = engine.writer_with_num_threads(1, 50_000_000).unwrap();
        let (mut wordless, mut bytes, mut runs) = (Vec::new(), 0, 0);
        for (document, of) in &documents {
            let terms = of.as_ref().and_then(|(r, terms)| fields.place(r, terms));
            if terms.is_some() {
                let document = with_terms(document, terms.as_ref());
                writer.add_document(document).unwrap();
                continue;
            }
            bytes += bytes_of(document);
            wordless.push(document.clone());
            if bytes >= RUN {
                for document in wordless.drain(..) {
                    writer.add_document(document).unwrap();
                }
                (bytes, runs) = (0, runs + 1);
            }
        }
        assert!(runs > 1 && !wordless.is_empty());
        for document in wordless {
            writer.add_document(document).unwrap();
        }
        writer.commit().unwrap();
        let own = index();
        let mut writer: IndexWriter = own.writer_with_num_threads(1, 15_000_000).unwrap();
        let mut segment = SegmentBuilder::new(writer.new_segment(), &fields).unwrap();
        for (document, of) in &documents {
            let terms = of.as_ref().and_then(|(r, terms)| fields.place(r, terms));
            segment.add(document.clone(), terms.as_ref()).unwrap();
        }
        writer.add_segment(segment.finish().unwrap()).unwrap();
        writer.commit().unwrap();
        for (expected, written) in files(&engine).into_iter().zip(files(&own)) {
            assert!(expected == written, "{:?} differs", expected.0);
        }
    }

    #[test]
    fn long_texts_without_words_do_not_wait() {
        let (_, fields) = Fields::schema();
        let own = index();
        let writer: IndexWriter = own.writer_with_num_threads(1, 15_000_000).unwrap();
        let mut segment = SegmentBuilder::new(writer.new_segment(), &fields).unwrap();
        let withheld = drafts::record("urn:a").body(&"a".repeat(RUN / 4));
        let withheld = withheld.state(State::Withheld).build();
        let document = fields.dispatch_document(withheld, &TimeZone::UTC).unwrap();
        for _ in 0..12 {
            segment.add(document.clone(), None).unwrap();
            assert!(segment.wordless.len() < 4);
            assert!(segment.bytes() > segment.wordless.len() * RUN / 4);
        }
        assert_eq!(segment.documents, 12);
    }
}
