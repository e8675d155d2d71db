//! An index opened for writing.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use index_schema::{
    DispatchTerms, Fields, FileRecord, Hash, LastRun, PlacedTerms, RawPath, Record, Stamp, State,
};
use jiff::tz::TimeZone;
use tantivy::{
    DocAddress, DocSet, Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, SegmentMeta,
    TERMINATED, TantivyDocument, Term,
    directory::error::LockError,
    index::SegmentId,
    indexer::{IndexWriterOptions, LogMergePolicy, MergePolicy, NoMergePolicy},
    schema::IndexRecordOption,
    store::{Compressor, ZstdCompressor},
};

use super::{damage, directory::Shared, fitness, folder, pending::Pending};
use crate::{
    backend::Writer,
    error::{Error, ErrorKind, Result},
};

/// How much memory and how many threads a writer may take.
#[derive(Clone, Copy, Debug)]
pub struct Resources {
    /// Bytes for documents that are not yet written.
    pub memory: usize,
    /// Segments in the making at most, and as many that are being written.
    pub threads: usize,
}

/// Bytes for documents that the engine wants at least for each thread.
const LEAST_MEMORY: usize = 15_000_000;
/// Segments merged, and merges tried again, in one purge.
const PURGE_TRIES: u32 = 1000;
/// Segments with less than this part of the documents that a writer added are merged when it closes.
const PART: u64 = 16;

/// Writes to one generation. The caller holds the lock of the [`Folder`](super::Folder).
pub struct LocalWriter {
    fields: Fields,
    stamp: Stamp,
    zone: TimeZone,
    writer: IndexWriter,
    pending: Pending,
    reader: IndexReader,
    generation: PathBuf,
    /// Documents added so far.
    added: AtomicU64,
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
            // Those of 8 kB make it 1-3 % shorter, each run 1 % longer, and the index 1 % larger.
            docstore_compression: Compressor::Zstd(ZstdCompressor {
                compression_level: Some(1),
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
        folder::sweep_unfinished(generation)?;
        let writer: IndexWriter = index.writer_with_options(options()).map_err(failed)?;
        writer.set_merge_policy(merge_policy());
        writer.garbage_collect_files().wait().map_err(failed)?;
        // The engine gives the first change of a process the number of the last commit. A merge that is under way then can
        // take it for done in one segment and forget it in the others: what was deleted comes back. So the first deletes nothing.
        writer.delete_term(Term::from_field_u64(fields.kind, u64::MAX));
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
            pending: Pending::new(index.clone(), fields, resources),
            reader,
            generation: generation.to_owned(),
            added: AtomicU64::new(0),
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
            let Some(segment) = metas.iter().find(|m| m.has_deletes()).map(SegmentMeta::id) else {
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

    /// Waits for merges that are under way, and removes files that no commit names.
    ///
    /// Then what is left of a large run in small segments is merged: a question opens each segment anew, and the engine
    /// lets seven small ones stand beside seven large ones. A run that added little merges nothing here, so that it costs no more
    /// than what it added.
    ///
    /// # Errors
    ///
    /// `Io` if merging failed; what was committed stands.
    pub fn close(self) -> Result<()> {
        let Self {
            writer,
            generation,
            added,
            ..
        } = self;
        let failed = |e: tantivy::TantivyError| cannot_write(&generation, e);
        let index = writer.index().clone();
        writer.garbage_collect_files().wait().map_err(failed)?;
        writer.wait_merging_threads().map_err(failed)?;
        let most = added.into_inner() / PART;
        let metas = index.searchable_segment_metas().map_err(failed)?;
        let small: Vec<_> = metas
            .iter()
            .filter(|segment| u64::from(segment.max_doc()) < most)
            .map(SegmentMeta::id)
            .collect();
        drop(metas);
        if small.len() < 2 {
            return Ok(());
        }
        // on a full disk the index stays as it is: sound, and read a little slower
        let _ = merge(&index, &small);
        Ok(())
    }

    fn put(
        &self,
        document: TantivyDocument,
        terms: Option<&PlacedTerms<'_>>,
        number: u64,
    ) -> Result<()> {
        self.pending
            .add(document, terms, number)
            .map_err(|e| cannot_write(&self.generation, e))?;
        self.added.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Where the living documents that have a term stand.
    fn addresses(&self, term: &Term) -> tantivy::Result<Vec<DocAddress>> {
        let searcher = self.reader.searcher();
        let mut found = Vec::new();
        for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
            let index = segment.inverted_index(term.field())?;
            let Some(mut postings) = index.read_postings(term, IndexRecordOption::Basic)? else {
                continue;
            };
            while postings.doc() != TERMINATED {
                if !segment.is_deleted(postings.doc()) {
                    found.push(DocAddress::new(ordinal, postings.doc()));
                }
                postings.advance();
            }
        }
        Ok(found)
    }

    /// Whether a document is the newest version of its dispatch.
    fn is_newest(&self, address: DocAddress) -> tantivy::Result<bool> {
        let searcher = self.reader.searcher();
        let segment = searcher.segment_reader(address.segment_ord);
        let name = segment.schema().get_field_name(self.fields.state);
        let state = segment.fast_fields().u64(name)?.first(address.doc_id);
        Ok([State::Current, State::Withheld]
            .iter()
            .any(|s| state == Some(s.number())))
    }

    /// The living documents that have a term.
    fn documents(&self, term: &Term) -> tantivy::Result<Vec<TantivyDocument>> {
        let searcher = self.reader.searcher();
        let found = self.addresses(term)?.into_iter();
        found.map(|address| searcher.doc(address)).collect()
    }

    fn records(&self, term: &Term) -> Result<Vec<Record>> {
        let found = self.addresses(term);
        self.read(found.map_err(|e| damage(&self.generation, e))?)
    }

    fn read(&self, found: Vec<DocAddress>) -> Result<Vec<Record>> {
        let searcher = self.reader.searcher();
        let read = |address| {
            let document = searcher.doc(address);
            let document = document.map_err(|e| damage(&self.generation, e))?;
            let record = self.fields.record(&document);
            record.map_err(|e| damage(&self.generation, e))
        };
        found.into_iter().map(read).collect()
    }
}

impl Writer for LocalWriter {
    fn by_key(&self, key: &str) -> Result<Vec<Record>> {
        let found = self.records(&self.fields.key_term(key))?;
        Ok(found.into_iter().filter(|r| r.key == key).collect())
    }

    fn by_content(&self, content: Hash) -> Result<Vec<Record>> {
        let found = self.records(&Term::from_field_u64(self.fields.content, content.short()))?;
        Ok(found.into_iter().filter(|r| r.content == content).collect())
    }

    fn by_file(&self, file: u64, most: usize) -> Result<Vec<Record>> {
        let term = Term::from_field_u64(self.fields.file, file);
        let damaged = |e| damage(&self.generation, e);
        let held = self.reader.searcher().doc_freq(&term).map_err(damaged)?;
        if held <= most as u64 {
            return self.records(&term);
        }
        let mut visible = Vec::new();
        for address in self.addresses(&term).map_err(damaged)? {
            if self.is_newest(address).map_err(damaged)? {
                visible.push(address);
            }
            if visible.len() > most {
                return Ok(Vec::new());
            }
        }
        self.read(visible)
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

    fn add(&self, record: Record, terms: &DispatchTerms) -> Result<()> {
        let number = record.document();
        let terms = self.fields.place(&record, terms);
        let document = self
            .fields
            .dispatch_document(record, &self.zone)
            .map_err(|e| damage(&self.generation, e))?;
        self.put(document, terms.as_ref(), number)
    }

    fn remove(&self, document: u64) {
        let term = Term::from_field_u64(self.fields.document, document);
        self.pending.remove(term, document);
    }

    fn put_file(&self, file: &FileRecord, known: bool) -> Result<()> {
        let number = index_schema::file_hash(file.root, file.path.as_bytes());
        if known {
            self.remove_file(number);
        }
        let document = self
            .fields
            .file_document(file)
            .map_err(|e| damage(&self.generation, e))?;
        self.put(document, None, number)
    }

    fn remove_file(&self, file: u64) {
        let term = Term::from_field_u64(self.fields.manifest, file);
        self.pending.remove(term, file);
    }

    fn describe(&mut self, roots: &[RawPath], run: LastRun) {
        self.stamp.roots = roots.to_vec();
        self.stamp.last_run = Some(run);
    }

    fn commit(&mut self) -> Result<()> {
        let payload = self.stamp.to_payload();
        // what is new is merged when it is committed, and what is removed has been taken out of it
        self.writer.set_merge_policy(Box::new(NoMergePolicy));
        let handed_over = self.pending.hand_over(&self.writer);
        self.writer.set_merge_policy(merge_policy());
        let committed = handed_over.and_then(|()| {
            let mut prepared = self.writer.prepare_commit()?;
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

/// Merges segments, with nothing else going on.
fn merge(index: &Index, segments: &[SegmentId]) -> tantivy::Result<()> {
    let mut writer: IndexWriter = index.writer_with_options(options())?;
    let merged = writer.merge(segments).wait();
    // the old segments, or what was written of the new one
    writer.garbage_collect_files().wait()?;
    writer.wait_merging_threads()?;
    merged.map(drop)
}

fn merge_policy() -> Box<dyn MergePolicy> {
    let mut policy = LogMergePolicy::default();
    policy.set_del_docs_ratio_before_merge(0.2);
    Box::new(policy)
}

/// Its threads and its memory for documents are not used: segments are made [elsewhere](Pending).
fn options() -> IndexWriterOptions {
    IndexWriterOptions::builder()
        .num_worker_threads(1)
        .memory_budget_per_thread(LEAST_MEMORY)
        .num_merge_threads(1)
        .build()
}

fn cannot_write(place: &Path, e: tantivy::TantivyError) -> Error {
    let sentence = format!("cannot write the index in {}", place.display());
    // the engine's own words tell of another writer where only a right is missing
    if let tantivy::TantivyError::LockFailure(LockError::IoError(io), _) = &e {
        return Error::io(sentence, std::io::Error::new(io.kind(), io.to_string()));
    }
    if is_full(place) {
        // of the threads that write, the engine says only that they ended
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        return Error::io(sentence, full);
    }
    Error::new(ErrorKind::Io, sentence).because(e)
}

/// Whether the disk has hardly any room left.
fn is_full(place: &Path) -> bool {
    let room = rustix::fs::statvfs(place).map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize));
    room.is_ok_and(|bytes| bytes < 1 << 20)
}

#[cfg(test)]
mod tests {
    use index_schema::Outcome;

    use super::{super::drafts, *};

    const RESOURCES: Resources = Resources {
        threads: 1,
        memory: 15_000_000,
    };

    fn create(generation: &Path) -> LocalWriter {
        LocalWriter::create(generation, Stamp::new("UTC"), RESOURCES).unwrap()
    }

    fn add_files(writer: &mut LocalWriter, files: u32) {
        for n in 0..files {
            let file = drafts::file(&n.to_string(), Outcome::Read, &[]);
            writer.put_file(&file, false).unwrap();
        }
        writer.commit().unwrap();
    }

    /// Documents of the segments, the largest first.
    fn segments(generation: &Path) -> Vec<u32> {
        let index = Index::open_in_dir(generation).unwrap();
        let metas = index.searchable_segment_metas().unwrap();
        let mut documents: Vec<u32> = metas.iter().map(SegmentMeta::max_doc).collect();
        documents.sort_unstable_by(|a, b| b.cmp(a));
        documents
    }

    #[test]
    fn no_change_has_the_number_of_the_commit_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = create(folder.path());
        first.remove(1);
        first.commit().unwrap();
        first.close().unwrap();
        let second = LocalWriter::open(folder.path(), RESOURCES).unwrap();
        let committed = second.writer.index().load_metas().unwrap().opstamp;
        let term = Term::from_field_u64(second.fields.document, 1);
        assert!(second.writer.delete_term(term) > committed);
    }

    #[test]
    fn a_removal_is_for_what_was_added_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = create(folder.path());
        let number = |name: &str| index_schema::file_hash(0, name.as_bytes());
        let put = |writer: &LocalWriter, name: &str, size: u64, known: bool| {
            let file = drafts::file(name, Outcome::Read, &[]);
            writer
                .put_file(&FileRecord { size, ..file }, known)
                .unwrap();
        };
        let sizes = |writer: &LocalWriter, name: &str| -> Vec<u64> {
            let term = Term::from_field_u64(writer.fields.manifest, number(name));
            let found = writer.documents(&term).unwrap();
            let record = |d| writer.fields.file_record(d).unwrap().size;
            found.iter().map(record).collect()
        };
        for commit in 0..5 {
            // added, replaced twice, and removed; beside them what nobody removes
            put(&writer, "a", 1, commit > 0);
            put(&writer, "a", 2, true);
            put(&writer, "b", 3, commit > 0);
            put(&writer, "c", 4, commit > 0);
            put(&writer, "a", 5 + commit, true);
            writer.remove_file(number("b"));
            writer.commit().unwrap();
            assert_eq!(sizes(&writer, "a"), [5 + commit], "commit {commit}");
            assert!(sizes(&writer, "b").is_empty());
            assert_eq!(sizes(&writer, "c"), [4]);
        }
        writer.close().unwrap();
        let writer = LocalWriter::open(folder.path(), RESOURCES).unwrap();
        assert_eq!(sizes(&writer, "a"), [9]);
    }

    #[test]
    fn a_large_run_leaves_no_small_segments_and_a_small_one_leaves_all_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let mut large = create(folder.path());
        for files in [80, 3, 3, 12] {
            add_files(&mut large, files);
        }
        assert_eq!(segments(folder.path()), [80, 12, 3, 3]);
        large.close().unwrap();
        assert_eq!(segments(folder.path()), [80, 12, 6]);
        let mut small = LocalWriter::open(folder.path(), RESOURCES).unwrap();
        for files in [3, 3] {
            add_files(&mut small, files);
        }
        small.close().unwrap();
        assert_eq!(segments(folder.path()), [80, 12, 6, 3, 3]);
    }
}
