//! An index in a folder of this machine.
//!
//! ```text
//! DIR/current          names the generation in use; replaced atomically
//! DIR/generation-1/    a Tantivy index
//! ```
//!
//! A rebuild makes the next generation beside the one in use and then replaces `current`, so that readers see the old
//! one or the new one and nothing between.

#[cfg(test)]
mod archive;
mod directory;
mod engine_query;
mod folder;
mod guard;
mod hit;
mod kept;
mod lower;
mod matcher;
#[cfg(test)]
mod oracle;
mod order;
mod plan;
mod search;
#[cfg(test)]
mod search_tests;
mod searcher;
mod statistics;
mod weights;
mod words;

use std::path::{Path, PathBuf};

use index_schema::{Fields, RawPath, Stamp};
use tantivy::{Index, IndexReader, ReloadPolicy};

pub use folder::Folder;

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
            let index = Index::open(ReadOnly::open(generation)?)?;
            let payload = index.load_metas()?.payload;
            Ok::<_, tantivy::TantivyError>((index, payload))
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
    Error::new(
        ErrorKind::Backend,
        format!("the index in {} is damaged", place.display()),
    )
    .because(e)
    .hint("run `wiresearch verify` to see what is damaged")
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
    pub(super) fn in_folder(dir: &Path, segments: &[&[index_schema::Record]]) -> Self {
        let generation = Folder::at(dir).next().unwrap();
        let index = Index::create_in_dir(&generation, Fields::schema().0).unwrap();
        let searcher = Self::filled(&index, segments, &[]);
        Folder::at(dir).switch_to(&generation).unwrap();
        searcher
    }

    fn filled(
        index: &Index,
        segments: &[&[index_schema::Record]],
        deleted: &[index_schema::Record],
    ) -> Self {
        use tantivy::indexer::NoMergePolicy;
        let (_, fields) = Fields::schema();
        index_schema::register(index.tokenizers());
        let mut writer = index.writer_with_num_threads(1, 15_000_000).unwrap();
        writer.set_merge_policy(Box::new(NoMergePolicy));
        let stamp = Stamp::new("Europe/Copenhagen");
        let zone = jiff::tz::TimeZone::get(&stamp.zone).unwrap();
        let mut analyzer = index_schema::danish::Analyzer::new();
        for segment in segments {
            for record in *segment {
                let terms = record
                    .dispatch
                    .as_ref()
                    .map(|d| index_schema::DispatchTerms::of(d, &mut analyzer))
                    .unwrap_or_default();
                writer
                    .add_document(fields.dispatch_document(record, &terms, &zone).unwrap())
                    .unwrap();
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
