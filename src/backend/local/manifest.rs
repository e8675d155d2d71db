//! What the index knows of feed files: enough to tell a changed file from an unchanged one.

use index_schema::{FileRecord, Outcome};
use tantivy::{DocAddress, TantivyDocument, columnar::Column};

use super::{LocalSearcher, damage};
use crate::error::Result;

/// A feed file as it was when it was last read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Hash of root and path.
    pub file: u64,
    /// Size in bytes.
    pub size: u64,
    /// Modification time, nanoseconds since 1970.
    pub mtime: i64,
    /// Number of its root.
    pub root: u32,
    /// What came of it.
    pub outcome: Outcome,
    address: DocAddress,
}

/// Every feed file that the index knows, sorted by hash: some forty bytes for each.
#[derive(Debug, Default)]
pub struct Manifest {
    files: Vec<Known>,
}

impl Manifest {
    /// The file with this hash, and its place in the manifest.
    pub fn find(&self, file: u64) -> Option<(usize, Known)> {
        let place = self.files.binary_search_by_key(&file, |k| k.file).ok()?;
        Some((place, self.files[place]))
    }

    /// Every file.
    pub fn files(&self) -> &[Known] {
        &self.files
    }
}

impl LocalSearcher {
    /// Reads the manifest.
    ///
    /// # Errors
    ///
    /// `Backend` if the index is damaged.
    pub fn manifest(&self) -> Result<Manifest> {
        let damaged = |e: tantivy::TantivyError| damage(&self.generation, e);
        let searcher = self.reader.searcher();
        let schema = searcher.schema();
        let mut files = Vec::new();
        for (ordinal, segment) in searcher.segment_readers().iter().enumerate() {
            let fast = segment.fast_fields();
            let name = |field| schema.get_field_name(field).to_owned();
            let file: Column<u64> = fast.u64(&name(self.fields.manifest)).map_err(damaged)?;
            let root = fast.u64(&name(self.fields.root)).map_err(damaged)?;
            let size = fast.u64(&name(self.fields.size)).map_err(damaged)?;
            let mtime = fast.i64(&name(self.fields.mtime)).map_err(damaged)?;
            let outcome = fast.u64(&name(self.fields.outcome)).map_err(damaged)?;
            for doc in segment.doc_ids_alive() {
                let Some(hash) = file.first(doc) else {
                    continue;
                };
                let number = |column: &Column<u64>| column.first(doc).unwrap_or_default();
                files.push(Known {
                    file: hash,
                    size: number(&size),
                    mtime: mtime.first(doc).unwrap_or_default(),
                    root: u32::try_from(number(&root)).unwrap_or(u32::MAX),
                    outcome: usize::try_from(number(&outcome))
                        .ok()
                        .and_then(|n| Outcome::ALL.get(n).copied())
                        .unwrap_or(Outcome::Unread),
                    address: DocAddress::new(u32::try_from(ordinal).unwrap_or(u32::MAX), doc),
                });
            }
        }
        files.sort_unstable_by_key(|k| k.file);
        Ok(Manifest { files })
    }

    /// All that is kept of a file that this searcher's manifest names.
    ///
    /// # Errors
    ///
    /// `Backend` if the index is damaged.
    pub fn file_record(&self, known: &Known) -> Result<FileRecord> {
        let document: TantivyDocument = self
            .reader
            .searcher()
            .doc(known.address)
            .map_err(|e| damage(&self.generation, e))?;
        self.fields
            .file_record(&document)
            .map_err(|e| damage(&self.generation, e))
    }
}
