//! What the index knows of feed files: enough to tell a changed file from an unchanged one.

use index_schema::{FileRecord, Outcome};
use tantivy::{
    DocAddress, DocId, SegmentOrdinal, SegmentReader, TantivyDocument, columnar::Column,
};

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

impl Known {
    /// Where its record lies: records are read fastest in this order.
    pub fn place(&self) -> impl Ord + use<> {
        self.address
    }
}

/// Every feed file that the index knows, sorted by hash: some forty bytes for each.
#[derive(Debug, Default)]
pub struct Manifest {
    files: Vec<Known>,
    /// Where the hashes with the same first bits begin: one place for some four files, and the end.
    begins: Vec<u32>,
    /// How far the first bits stand from the last.
    shift: u32,
}

/// Rows of a column that are read at once.
const ROWS: usize = 1024;

impl Manifest {
    fn of(mut files: Vec<Known>) -> Self {
        files.sort_unstable_by_key(|k| k.file);
        let bits = (files.len() / 4).next_power_of_two().ilog2().max(1);
        let shift = u64::BITS - bits;
        let mut begins = Vec::with_capacity((1 << bits) + 1);
        for (place, known) in (0_u32..).zip(&files) {
            let first_bits = usize::try_from(known.file >> shift).unwrap_or(usize::MAX);
            while begins.len() <= first_bits {
                begins.push(place);
            }
        }
        let end = u32::try_from(files.len()).unwrap_or(u32::MAX);
        begins.resize((1 << bits) + 1, end);
        Self {
            files,
            begins,
            shift,
        }
    }

    /// The file with this hash, and its place in the manifest.
    pub fn find(&self, file: u64) -> Option<(usize, Known)> {
        // a search of the whole would miss the processor's caches twenty times in a million files
        let first_bits = usize::try_from(file.checked_shr(self.shift)?).ok()?;
        let begin = *self.begins.get(first_bits)? as usize;
        let end = *self.begins.get(first_bits + 1)? as usize;
        let near = self.files.get(begin..end)?;
        let place = begin + near.binary_search_by_key(&file, |k| k.file).ok()?;
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
        let mut files = Vec::new();
        for (ordinal, segment) in (0..).zip(self.reader.searcher().segment_readers()) {
            self.files_of(ordinal, segment, &mut files)
                .map_err(|e| damage(&self.generation, e))?;
        }
        Ok(Manifest::of(files))
    }

    /// Reads the columns of a segment row by row: each file document has exactly one row in each.
    fn files_of(
        &self,
        ordinal: SegmentOrdinal,
        segment: &SegmentReader,
        files: &mut Vec<Known>,
    ) -> tantivy::Result<()> {
        let fast = segment.fast_fields();
        let name = |field| segment.schema().get_field_name(field);
        let file: Column<u64> = fast.u64(name(self.fields.manifest))?;
        let root: Column<u64> = fast.u64(name(self.fields.root))?;
        let size: Column<u64> = fast.u64(name(self.fields.size))?;
        let mtime: Column<i64> = fast.i64(name(self.fields.mtime))?;
        let outcome: Column<u64> = fast.u64(name(self.fields.outcome))?;
        let rows = file.values.num_vals();
        let others = [
            root.values.num_vals(),
            size.values.num_vals(),
            outcome.values.num_vals(),
        ];
        if others.iter().any(|n| *n != rows) || mtime.values.num_vals() != rows {
            let sentence = "the columns of the manifest have different lengths";
            return Err(tantivy::TantivyError::InternalError(sentence.to_owned()));
        }
        files.reserve(rows as usize);
        let mut block = Block::default();
        for start in (0..rows).step_by(ROWS) {
            let end = rows.min(start.saturating_add(ROWS as u32));
            let length = (end - start) as usize;
            block.documents.clear();
            block.documents.extend(start..end);
            file.index.select_batch_in_place(0, &mut block.documents);
            let from = u64::from(start);
            file.values.get_range(from, &mut block.file[..length]);
            root.values.get_range(from, &mut block.root[..length]);
            size.values.get_range(from, &mut block.size[..length]);
            mtime.values.get_range(from, &mut block.mtime[..length]);
            outcome.values.get_range(from, &mut block.outcome[..length]);
            for (row, document) in block.documents.iter().enumerate() {
                if segment
                    .alive_bitset()
                    .is_some_and(|alive| alive.is_deleted(*document))
                {
                    continue;
                }
                files.push(Known {
                    file: block.file[row],
                    size: block.size[row],
                    mtime: block.mtime[row],
                    root: u32::try_from(block.root[row]).unwrap_or(u32::MAX),
                    outcome: usize::try_from(block.outcome[row])
                        .ok()
                        .and_then(|n| Outcome::ALL.get(n).copied())
                        .unwrap_or(Outcome::Unread),
                    address: DocAddress::new(ordinal, *document),
                });
            }
        }
        Ok(())
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

/// Some rows of the columns.
struct Block {
    documents: Vec<DocId>,
    file: [u64; ROWS],
    root: [u64; ROWS],
    size: [u64; ROWS],
    mtime: [i64; ROWS],
    outcome: [u64; ROWS],
}

impl Default for Block {
    fn default() -> Self {
        Self {
            documents: Vec::with_capacity(ROWS),
            file: [0; ROWS],
            root: [0; ROWS],
            size: [0; ROWS],
            mtime: [0; ROWS],
            outcome: [0; ROWS],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::local::drafts::{file, record, with_files};

    #[test]
    fn each_file_is_found_and_no_other() {
        for n in [0_u64, 1, 3, 9, 1000] {
            let hash = |i: u64| index_schema::Hash::of(&i.to_le_bytes()).short();
            let known = |i| Known {
                file: hash(i),
                size: i,
                mtime: 0,
                root: 0,
                outcome: Outcome::Read,
                address: DocAddress::new(0, 0),
            };
            let manifest = Manifest::of((0..n).map(known).collect());
            for i in 0..n {
                assert_eq!(manifest.find(hash(i)).unwrap().1, known(i));
            }
            for other in [0, 1, u64::MAX, hash(n)] {
                assert!(manifest.find(other).is_none());
            }
        }
        assert!(Manifest::default().find(7).is_none());
    }

    #[test]
    fn the_manifest_holds_what_the_file_documents_say() {
        let index = LocalSearcher::in_memory(&[&[record("a").build(), record("b").build()]]);
        let names: Vec<String> = (0..3000).map(|n| format!("{n}.txt")).collect();
        let files: Vec<FileRecord> = (0..)
            .zip(&names)
            .map(|(n, name)| FileRecord {
                size: n * 7,
                mtime: i64::try_from(n).unwrap() - 1500,
                ..file(name, Outcome::ALL[(n % 5) as usize], &[])
            })
            .collect();
        let index = with_files(index, &files);
        let manifest = index.manifest().unwrap();
        assert_eq!(manifest.files().len(), files.len());
        for wanted in &files {
            let hash = index_schema::file_hash(wanted.root, wanted.path.as_bytes());
            let (_, known) = manifest.find(hash).unwrap();
            assert_eq!((known.size, known.mtime), (wanted.size, wanted.mtime));
            assert_eq!(&index.file_record(&known).unwrap(), wanted);
        }
    }
}
