//! An index opened for writing.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use index_schema::{DispatchTerms, Fields, FileRecord, Hash, LastRun, RawPath, Record, Stamp};
use jiff::tz::TimeZone;
use tantivy::{
    DocSet, Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, TERMINATED,
    TantivyDocument, Term,
    directory::error::LockError,
    indexer::{IndexWriterOptions, LogMergePolicy},
    schema::IndexRecordOption,
    store::{Compressor, ZstdCompressor},
};

use super::{damage, directory::Shared, fitness, folder};
use crate::{
    backend::Writer,
    error::{Error, ErrorKind, Result},
};

/// How much memory and how many threads a writer may take.
#[derive(Clone, Copy, Debug)]
pub struct Resources {
    /// Bytes for documents that are not yet written.
    pub memory: usize,
    /// Threads that build segments.
    pub threads: usize,
}

/// Segments merged, and merges tried again, in one purge.
const PURGE_TRIES: u32 = 1000;

/// Writes to one generation. The caller holds the lock of the [`Folder`](super::Folder).
pub struct LocalWriter {
    fields: Fields,
    stamp: Stamp,
    zone: TimeZone,
    writer: IndexWriter,
    reader: IndexReader,
    generation: PathBuf,
}

impl LocalWriter {
    /// Opens the generation in use, or makes the first one.
    ///
    /// A new index is put into use by its first [`commit`](Writer::commit) only, through `Folder::switch_to`.
    ///
    /// # Errors
    ///
    /// `Schema` if this program must not write to the index, `Backend` if it is damaged, `Io` if it cannot be made.
    pub fn open(generation: &Path, resources: Resources) -> Result<Self> {
        let damaged = |e: tantivy::TantivyError| damage(generation, e);
        let directory = Shared::open(generation).map_err(|e| damage(generation, e))?;
        let index = Index::open(directory).map_err(damaged)?;
        let payload = index.load_metas().map_err(damaged)?.payload;
        let (stamp, fields) = fitness(&index, payload.as_deref(), generation)?;
        Self::over(&index, stamp, fields, generation, resources)
    }

    /// Makes an index in an empty folder; its first commit makes it readable.
    ///
    /// # Errors
    ///
    /// `Io` if the folder cannot be written.
    pub fn create(generation: &Path, stamp: Stamp, resources: Resources) -> Result<Self> {
        let failed = |e: tantivy::TantivyError| cannot_write(generation, e);
        let directory = Shared::open(generation).map_err(|e| damage(generation, e))?;
        let (schema, fields) = Fields::schema();
        let settings = IndexSettings {
            // Blocks of 64 kB would take a tenth off the store, but ten hits read ten blocks: a cold question took a quarter longer.
            docstore_compression: Compressor::Zstd(ZstdCompressor {
                compression_level: Some(3),
            }),
            docstore_blocksize: 16 << 10,
            ..IndexSettings::default()
        };
        let index = Index::builder()
            .schema(schema)
            .settings(settings)
            .open_or_create(directory)
            .map_err(failed)?;
        Self::over(&index, stamp, fields, generation, resources)
    }

    fn over(
        index: &Index,
        stamp: Stamp,
        fields: Fields,
        generation: &Path,
        resources: Resources,
    ) -> Result<Self> {
        let failed = |e: tantivy::TantivyError| cannot_write(generation, e);
        index_schema::register(index.tokenizers());
        sweep(generation)?;
        let threads = resources.threads.clamp(1, 8);
        let options = IndexWriterOptions::builder()
            .num_worker_threads(threads)
            .memory_budget_per_thread((resources.memory / threads).max(15_000_000))
            .num_merge_threads(1)
            .build();
        let writer: IndexWriter = index.writer_with_options(options).map_err(failed)?;
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(0.2);
        writer.set_merge_policy(Box::new(policy));
        writer.garbage_collect_files().wait().map_err(failed)?;
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(|e| damage(generation, e))?;
        let zone = TimeZone::get(&stamp.zone).map_err(|e| {
            Error::new(ErrorKind::Backend, "the index names an unknown time zone").because(e)
        })?;
        Ok(Self {
            fields,
            stamp,
            zone,
            writer,
            reader,
            generation: generation.to_owned(),
        })
    }

    /// The versions with a guid as their sender wrote it.
    ///
    /// # Errors
    ///
    /// `Backend` if the index is damaged.
    pub fn by_guid(&self, guid: &str) -> Result<Vec<Record>> {
        self.records(&Term::from_field_text(self.fields.guid, guid))
    }

    /// Merges away whatever was removed up to the last commit, so that no file of the index holds it any more.
    ///
    /// # Errors
    ///
    /// `Io` if the index cannot be written.
    pub fn purge(&mut self) -> Result<()> {
        let generation = self.generation.clone();
        let failed = |e: tantivy::TantivyError| cannot_write(&generation, e);
        // a merge of the engine's own may take a segment away between looking and merging: then look again
        for last in (0..PURGE_TRIES).rev() {
            let metas = self
                .writer
                .index()
                .searchable_segment_metas()
                .map_err(failed)?;
            let Some(segment) = metas
                .iter()
                .find(|m| m.has_deletes())
                .map(tantivy::SegmentMeta::id)
            else {
                break;
            };
            drop(metas);
            match self.writer.merge(&[segment]).wait() {
                Err(e) if last == 0 => return Err(failed(e)),
                Err(_) => std::thread::sleep(Duration::from_millis(20)),
                Ok(_) => {}
            }
        }
        // the engine keeps files that a reader of this process still has open
        self.reader.reload().map_err(failed)?;
        self.writer.garbage_collect_files().wait().map_err(failed)?;
        folder::sync(&self.generation)
            .map_err(|e| Error::io(format!("cannot write to {}", self.generation.display()), e))
    }

    /// Waits for merges that are under way and removes files that no commit names.
    ///
    /// # Errors
    ///
    /// `Io` if merging failed; what was committed stands.
    pub fn close(self) -> Result<()> {
        let Self {
            writer, generation, ..
        } = self;
        writer
            .garbage_collect_files()
            .wait()
            .map_err(|e| cannot_write(&generation, e))?;
        writer
            .wait_merging_threads()
            .map_err(|e| cannot_write(&generation, e))
    }

    /// The living documents that have a term.
    fn documents(&self, term: &Term) -> tantivy::Result<Vec<TantivyDocument>> {
        let searcher = self.reader.searcher();
        let mut found = Vec::new();
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(term.field())?;
            let Some(mut postings) = index.read_postings(term, IndexRecordOption::Basic)? else {
                continue;
            };
            let store = segment.get_store_reader(0)?;
            while postings.doc() != TERMINATED {
                let doc = postings.doc();
                if segment
                    .alive_bitset()
                    .is_none_or(|alive| alive.is_alive(doc))
                {
                    found.push(store.get(doc)?);
                }
                postings.advance();
            }
        }
        Ok(found)
    }

    fn records(&self, term: &Term) -> Result<Vec<Record>> {
        let documents = self
            .documents(term)
            .map_err(|e| damage(&self.generation, e))?;
        let records = documents.iter().map(|d| self.fields.record(d));
        records
            .collect::<Result<_, _>>()
            .map_err(|e| damage(&self.generation, e))
    }
}

impl Writer for LocalWriter {
    fn by_key(&self, key: &str) -> Result<Vec<Record>> {
        self.records(&Term::from_field_text(self.fields.key, key))
    }

    fn by_content(&self, content: Hash) -> Result<Vec<Record>> {
        let found = self.records(&Term::from_field_u64(self.fields.content, content.short()))?;
        Ok(found.into_iter().filter(|r| r.content == content).collect())
    }

    fn by_file(&self, file: u64, most: usize) -> Result<Vec<Record>> {
        let term = Term::from_field_u64(self.fields.file, file);
        let held = self
            .reader
            .searcher()
            .doc_freq(&term)
            .map_err(|e| damage(&self.generation, e))?;
        if held > most as u64 {
            return Ok(Vec::new());
        }
        self.records(&term)
    }

    fn is_there(&self, file: u64) -> Result<bool> {
        let term = Term::from_field_u64(self.fields.manifest, file);
        let found = self
            .documents(&term)
            .map_err(|e| damage(&self.generation, e))?;
        let Some(document) = found.first() else {
            return Ok(false);
        };
        let record = self
            .fields
            .file_record(document)
            .map_err(|e| damage(&self.generation, e))?;
        Ok(!record.gone)
    }

    fn add(&self, record: &Record, terms: &DispatchTerms) -> Result<()> {
        let document = self
            .fields
            .dispatch_document(record, terms, &self.zone)
            .map_err(|e| damage(&self.generation, e))?;
        self.writer
            .add_document(document)
            .map_err(|e| cannot_write(&self.generation, e))?;
        Ok(())
    }

    fn remove(&self, document: u64) {
        self.writer
            .delete_term(Term::from_field_u64(self.fields.document, document));
    }

    fn put_file(&self, file: &FileRecord, known: bool) -> Result<()> {
        if known {
            self.remove_file(index_schema::file_hash(file.root, file.path.as_bytes()));
        }
        let document = self
            .fields
            .file_document(file)
            .map_err(|e| damage(&self.generation, e))?;
        self.writer
            .add_document(document)
            .map_err(|e| cannot_write(&self.generation, e))?;
        Ok(())
    }

    fn remove_file(&self, file: u64) {
        self.writer
            .delete_term(Term::from_field_u64(self.fields.manifest, file));
    }

    fn describe(&mut self, roots: &[RawPath], run: LastRun) {
        self.stamp.roots = roots.to_vec();
        self.stamp.last_run = Some(run);
    }

    fn commit(&mut self) -> Result<()> {
        let payload = self.stamp.to_payload();
        let committed = self.writer.prepare_commit().and_then(|mut prepared| {
            prepared.set_payload(&payload);
            prepared.commit()
        });
        if let Err(e) = committed {
            // after a failed commit the engine would go on taking documents; what it holds is not to be trusted
            let _ = self.writer.rollback();
            return Err(cannot_write(&self.generation, e));
        }
        // the engine renames meta.json last and does not bring that name to disk by itself
        folder::sync(&self.generation)
            .map_err(|e| Error::io(format!("cannot write to {}", self.generation.display()), e))?;
        self.reader
            .reload()
            .map_err(|e| damage(&self.generation, e))
    }
}

/// Removes what a killed process left of an atomic write; the caller holds the lock.
fn sweep(generation: &Path) -> Result<()> {
    let failed = |e| Error::io(format!("cannot read {}", generation.display()), e);
    for entry in fs::read_dir(generation).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_name().to_string_lossy().starts_with(".tmp") {
            fs::remove_file(entry.path())
                .map_err(|e| Error::io(format!("cannot remove {}", entry.path().display()), e))?;
        }
    }
    Ok(())
}

fn cannot_write(place: &Path, e: tantivy::TantivyError) -> Error {
    // the engine's own words tell of another writer where only a right is missing
    if let tantivy::TantivyError::LockFailure(LockError::IoError(io), _) = &e {
        let sentence = format!("cannot write the index in {}", place.display());
        return Error::io(sentence, std::io::Error::new(io.kind(), io.to_string()));
    }
    Error::new(
        ErrorKind::Io,
        format!("cannot write the index in {}", place.display()),
    )
    .because(e)
}
