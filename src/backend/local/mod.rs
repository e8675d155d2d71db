//! An index in a folder of this machine.
//!
//! ```text
//! DIR/current          names the generation in use; replaced atomically
//! DIR/generation-1/    a Tantivy index
//! ```
//!
//! A rebuild makes the next generation beside the one in use and then replaces `current`, so that readers see the old
//! one or the new one and nothing between.

mod alive;
mod backup;
mod census;
mod check;
mod closeness;
mod directory;
#[cfg(test)]
pub(crate) mod drafts;
mod engine_query;
mod facets;
mod first;
mod folder;
mod get;
mod glanced;
mod guard;
mod hit;
mod kept;
mod lock;
mod lower;
mod manifest;
mod matcher;
mod mentions;
mod misspelt;
mod opened;
#[cfg(test)]
mod oracle;
mod order;
mod pending;
mod plan;
mod positions;
#[cfg(test)]
mod questions;
mod rebuild;
mod removal;
mod search;
#[cfg(test)]
mod search_tests;
mod searcher;
mod segment;
mod statistics;
mod status;
mod store;
mod streamed;
mod suggest;
mod timeline;
mod weights;
mod words;
mod writer;

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

use index_schema::{Fields, RawPath, Stamp, State};
use rustix::io::Errno;
use tantivy::{
    DocId, Index, IndexReader, ReloadPolicy, TantivyError, Term, directory::error::OpenReadError,
};

pub use backup::backup;
pub use check::{Checked, verify};
pub use folder::Folder;
pub use lock::Lock;
pub use manifest::{Known, Manifest};
pub use rebuild::rebuild;
pub use writer::{LocalWriter, Resources};

use self::{directory::ReadOnly, guard::guarded, kept::Kept};
use crate::error::{Error, ErrorKind, Result};

/// An index opened for reading, as it was at that moment.
pub struct LocalSearcher {
    /// The handles of the fields.
    pub(super) fields: Fields,
    /// What the index says of itself.
    pub(super) stamp: Stamp,
    /// Keeps the segments open.
    pub(super) reader: IndexReader,
    /// The folder of the generation.
    pub(super) generation: PathBuf,
    /// What is read once.
    kept: Kept,
}

impl LocalSearcher {
    /// Opens the index in `dir`.
    ///
    /// # Errors
    ///
    /// `NotFound` if there is none, `Schema` if this program must not read it, `Backend` if it is damaged.
    pub fn open(dir: &Path) -> Result<Self> {
        let folder = Folder::at(dir);
        // a writer may swap generations, or clean up, between reading `current` and opening the files it names
        let mut last = None;
        for _ in 0..5 {
            let generation = folder.current()?;
            match Self::open_generation(&generation) {
                Ok(searcher) => return Ok(searcher),
                Err(e) if e.kind() == ErrorKind::Backend => last = Some(e),
                Err(e) => return Err(e),
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        Err(last.unwrap_or_else(|| Error::new(ErrorKind::Backend, "the index cannot be opened")))
    }

    fn open_generation(generation: &Path) -> Result<Self> {
        let damaged = |e| damage(generation, e);
        let read = || {
            let (directory, payload) = ReadOnly::committed(generation)?;
            Ok::<_, TantivyError>((Index::open(directory)?, payload))
        };
        let (index, payload) = guarded(read, damaged)?;
        let (stamp, fields) = fitness(&index, payload.as_deref(), generation)?;
        index_schema::register(index.tokenizers());
        let builder = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(10);
        let reader: IndexReader = guarded(|| builder.try_into(), damaged)?;
        Ok(Self {
            fields,
            stamp,
            reader,
            generation: generation.to_owned(),
            kept: Kept::default(),
        })
    }

    /// What the index says of itself.
    pub fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// Dispatches that can be found at a moment, each counted once, and those that an embargo hides then.
    ///
    /// # Errors
    ///
    /// `Backend` if the index is damaged.
    pub fn totals(&self, now: i64) -> Result<(u64, u64)> {
        let damaged = |e: tantivy::TantivyError| damage(&self.generation, e);
        let current = Term::from_field_u64(self.fields.state, State::Current.number());
        let (mut visible, mut embargoed) = (0, 0);
        for segment in self.reader.searcher().segment_readers() {
            let fast = segment.fast_fields();
            let name = |field| segment.schema().get_field_name(field);
            let state = fast.u64(name(self.fields.state)).map_err(damaged)?;
            let until = fast.i64(name(self.fields.embargo_until)).map_err(damaged)?;
            let is_current = |doc: DocId| state.first(doc) == Some(State::Current.number());
            let inverted = segment.inverted_index(self.fields.state).map_err(damaged)?;
            // every run asks, so what is there is not counted one by one; what is deleted is little
            let ever = u64::from(inverted.doc_freq(&current).map_err(|e| damaged(e.into()))?);
            let deleted = segment.alive_bitset().map_or(0, |alive| {
                let dead = (0..segment.max_doc()).filter(|doc| alive.is_deleted(*doc));
                dead.filter(|doc| is_current(*doc)).count() as u64
            });
            let mut later = Vec::new();
            let after_now = now.saturating_add(1)..=i64::MAX;
            until.get_docids_for_value_range(after_now, 0..segment.max_doc(), &mut later);
            let hidden = later
                .into_iter()
                .filter(|doc| !segment.is_deleted(*doc) && is_current(*doc))
                .count() as u64;
            embargoed += hidden;
            visible += ever.saturating_sub(deleted + hidden);
        }
        Ok((visible, embargoed))
    }

    /// The absolute path of a file that a root and a path below it name.
    pub(super) fn path_of(&self, root: u32, path: &RawPath) -> PathBuf {
        path_of(&self.stamp.roots, root, path)
    }
}

/// The absolute path of a file; a root that is a file itself has an empty path below it.
pub(crate) fn path_of(roots: &[RawPath], root: u32, path: &RawPath) -> PathBuf {
    let below = path.to_path();
    match roots.get(root as usize) {
        Some(root) if below.as_os_str().is_empty() => root.to_path(),
        Some(root) => root.to_path().join(below),
        None => below,
    }
}

/// Whether this program may read the index, by its own schema and by what the last commit says.
fn fitness(index: &Index, payload: Option<&str>, generation: &Path) -> Result<(Stamp, Fields)> {
    let unfit = |why: &dyn std::fmt::Display| {
        Error::new(
            ErrorKind::Schema,
            format!(
                "the index in {} cannot be used: {why}",
                generation.display()
            ),
        )
        .hint("run `wiresearch index --rebuild` to make it anew from what it holds")
    };
    let stamp = Stamp::read(payload.unwrap_or("")).map_err(|e| unfit(&e))?;
    let (schema, fields) = Fields::schema();
    if index.schema() != schema {
        return Err(unfit(&"its fields are not those of this program"));
    }
    Ok((stamp, fields))
}

/// The engine failed on the files of an index.
pub(super) fn damage(
    place: &Path,
    e: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> Error {
    let e = e.into();
    if has_no_descriptors(e.as_ref()) {
        return Error::new(
            ErrorKind::Io,
            format!("cannot read the index in {}", place.display()),
        )
        .because(e)
        .hint("this process may open too few files: raise `ulimit -n`");
    }
    let why = match file_that_failed(e.as_ref()) {
        Some((file, io)) => format!("{}: {io}", file.to_string_lossy()).into(),
        None => e,
    };
    Error::new(
        ErrorKind::Backend,
        format!("the index in {} is damaged", place.display()),
    )
    .because(why)
    .hint("run `wiresearch verify` to see what is damaged")
}

/// The file that the engine could not open, and why.
fn file_that_failed<'e>(
    e: &'e (dyn std::error::Error + 'static),
) -> Option<(&'e OsStr, &'e std::io::Error)> {
    match e.downcast_ref()? {
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, filepath }) => {
            Some((filepath.file_name()?, io_error))
        }
        _ => None,
    }
}

/// Whether the engine failed because no more files may be opened, which says nothing of the index.
fn has_no_descriptors(e: &(dyn std::error::Error + 'static)) -> bool {
    let io = match e.downcast_ref() {
        Some(TantivyError::IoError(io)) => Some(&**io),
        _ => file_that_failed(e).map(|(_, io)| io),
    };
    let refused = [Errno::MFILE, Errno::NFILE].map(|errno| Some(errno.raw_os_error()));
    io.is_some_and(|io| refused.contains(&io.raw_os_error()))
}

#[cfg(test)]
#[test]
fn too_few_descriptors_are_no_damage() {
    let io = std::io::Error::from(Errno::MFILE);
    let open = OpenReadError::wrap_io_error(io, "a.idx".into());
    let error = damage(Path::new("i"), TantivyError::from(open));
    assert!(!error.to_string().contains("damaged"), "{error}");
    let io = std::io::Error::from(Errno::IO);
    let error = damage(Path::new("i"), TantivyError::from(io));
    assert!(error.to_string().contains("damaged"), "{error}");
}

#[cfg(test)]
impl LocalSearcher {
    /// An index in memory, with one segment for each slice of records.
    pub(super) fn in_memory(segments: &[&[index_schema::Record]]) -> Self {
        Self::in_memory_without(segments, &[])
    }

    /// The same, with some records deleted again and not merged away.
    pub(super) fn in_memory_without(
        segments: &[&[index_schema::Record]],
        deleted: &[index_schema::Record],
    ) -> Self {
        Self::filled(&Index::create_in_ram(Fields::schema().0), segments, deleted)
    }

    /// An index in a folder, as [`open`](Self::open) finds it.
    pub(super) fn in_folder(
        dir: &Path,
        segments: &[&[index_schema::Record]],
        deleted: &[index_schema::Record],
    ) -> Self {
        let generation = Folder::at(dir).next().unwrap();
        let index = Index::create_in_dir(&generation, Fields::schema().0).unwrap();
        let searcher = Self::filled(&index, segments, deleted);
        Folder::at(dir).switch_to(&generation).unwrap();
        searcher
    }

    fn filled(
        index: &Index,
        segments: &[&[index_schema::Record]],
        deleted: &[index_schema::Record],
    ) -> Self {
        use segment::SegmentBuilder;
        use tantivy::indexer::NoMergePolicy;
        let (_, fields) = Fields::schema();
        index_schema::register(index.tokenizers());
        let mut writer: tantivy::IndexWriter =
            index.writer_with_num_threads(1, 15_000_000).unwrap();
        writer.set_merge_policy(Box::new(NoMergePolicy));
        let stamp = Stamp::new("Europe/Copenhagen");
        let zone = jiff::tz::TimeZone::get(&stamp.zone).unwrap();
        let mut analyzer = index_schema::FieldAnalyzer::default();
        for segment in segments {
            let mut making = SegmentBuilder::new(writer.new_segment(), &fields).unwrap();
            for record in *segment {
                let terms = record
                    .dispatch
                    .as_ref()
                    .map(|d| index_schema::DispatchTerms::of(d, &mut analyzer))
                    .unwrap_or_default();
                let document = fields.dispatch_document(record.clone(), &zone).unwrap();
                let terms = fields.place(record, &terms);
                making.add(document, terms.as_ref()).unwrap();
            }
            if !segment.is_empty() {
                writer.add_segment(making.finish().unwrap()).unwrap();
            }
            let mut commit = writer.prepare_commit().unwrap();
            commit.set_payload(&stamp.to_payload());
            commit.commit().unwrap();
        }
        for record in deleted {
            let document = record.document();
            writer.delete_term(tantivy::Term::from_field_u64(fields.document, document));
        }
        let mut commit = writer.prepare_commit().unwrap();
        commit.set_payload(&stamp.to_payload());
        commit.commit().unwrap();
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .unwrap();
        Self {
            fields,
            stamp,
            reader,
            generation: PathBuf::new(),
            kept: Kept::default(),
        }
    }
}
