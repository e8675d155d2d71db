//! A damaged index is an error: never a shorter answer, and never a panic.
//!
//! The engine trusts the bytes it maps. Where they are not what was written it takes slices beyond their end, in postings,
//! positions, term dictionaries and columns alike, and panics; its own checksums are read by `verify` only, as reading them
//! means reading the whole index. So whatever reads an index runs here.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

use super::{LocalSearcher, damage};
use crate::error::{Error, Result};

/// What the engine failed with on the files of an index.
pub(super) type Failure = Box<dyn std::error::Error + Send + Sync>;

thread_local! {
    static READING: Cell<bool> = const { Cell::new(false) };
}

impl LocalSearcher {
    /// Runs what reads the index; whatever the engine fails with, by error or by panic, becomes an error of ours.
    pub(super) fn guarded<T>(&self, read: impl FnOnce() -> Result<T, Failure>) -> Result<T> {
        guarded(read, |e| damage(&self.generation, e))
    }
}

/// Runs what reads an index; what the engine fails with goes through `to_error`.
pub(super) fn guarded<T, E>(
    read: impl FnOnce() -> Result<T, E>,
    to_error: impl FnOnce(Failure) -> Error,
) -> Result<T>
where
    E: Into<Failure>,
{
    silence();
    let outer = READING.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(read));
    READING.set(outer);
    match result {
        Ok(result) => result.map_err(|e| to_error(e.into())),
        Err(panic) => {
            let sentence = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or(panic.downcast_ref::<&str>().copied())
                .unwrap_or("the engine gave up");
            Err(to_error(sentence.into()))
        }
    }
}

/// Keeps panics that become errors from being reported as panics, too; all others are reported as before.
fn silence() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !READING.get() {
                before(panic);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::super::{LocalSearcher, drafts::Draft, questions::*};
    use crate::{
        backend::Searcher,
        error::ErrorKind,
        query::{Field, Passage, Query},
        search::Sort,
    };

    fn questions() -> Vec<Query> {
        let near = near(5, false, &[word("havn"), pattern("m*")]);
        vec![
            text(word("havn")),
            text(phrase(&["havnen", "ligger"])),
            text(near),
            text(pattern("*n")),
            text(Passage::Misspelt("minsiter".to_owned())),
            Query::And(vec![text(word("minister")), not(text(word("krig")))]),
            Query::Field {
                field: Field::Source,
                value: "Ritzau".to_owned(),
            },
        ]
    }

    fn ask_all(dir: &Path) -> Result<(), crate::Error> {
        // not `open`, which tries a damaged index several times: a writer may have been at it
        let index = LocalSearcher::open_generation(&dir.join("generation-1"))?;
        for query in questions() {
            for sort in [Sort::Relevance, Sort::Newest] {
                let mut request = request(query.clone());
                request.sort = sort;
                index.search(&request)?;
            }
        }
        Ok(())
    }

    fn files(dir: &Path) -> Vec<std::path::PathBuf> {
        let folder = dir.join("generation-1");
        let mut files: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|f| f.unwrap().path())
            .filter(|f| f.extension().is_some_and(|e| e != "json" && e != "lock"))
            .collect();
        files.sort();
        files
    }

    fn archive(dir: &Path) {
        let words = [
            "havnen ligger",
            "minister",
            "møde",
            "krig",
            "fred",
            "og",
            "vejr",
        ];
        let items: Vec<Draft> = (0..400_usize)
            .map(|n| {
                let body: Vec<&str> = (0..30).map(|w| words[(n * w + n / 3) % 7]).collect();
                item(&format!("d{n}"), &body.join(" "))
                    .date("2017-03-14")
                    .source("Ritzau/TT")
            })
            .collect();
        let records: Vec<_> = items.iter().map(|i| i.0.clone()).collect();
        LocalSearcher::in_folder(dir, &[&records], &[]);
    }

    #[test]
    fn any_flipped_byte_is_an_answer_or_an_error() {
        let dir = tempfile::tempdir().unwrap();
        archive(dir.path());
        ask_all(dir.path()).unwrap();
        let mut failed = 0;
        for file in files(dir.path()) {
            let whole = fs::read(&file).unwrap();
            for n in 0..12_usize {
                let mut bytes = whole.clone();
                let at = (n * 7919 + 13) % bytes.len();
                bytes[at] ^= [0xff, 0x01, 0x80][n % 3];
                fs::write(&file, &bytes).unwrap();
                if let Err(e) = ask_all(dir.path()) {
                    assert_eq!(e.kind(), ErrorKind::Backend, "{e}");
                    failed += 1;
                }
            }
            fs::write(&file, &whole).unwrap();
        }
        assert!(failed > 10, "{failed}");
        ask_all(dir.path()).unwrap();
    }

    #[test]
    fn a_file_that_ends_early_or_is_gone_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        archive(dir.path());
        for file in files(dir.path()) {
            let whole = fs::read(&file).unwrap();
            fs::write(&file, &whole[..whole.len() / 2]).unwrap();
            let e = ask_all(dir.path()).unwrap_err();
            assert_eq!(e.kind(), ErrorKind::Backend, "{e}");
            fs::remove_file(&file).unwrap();
            let e = ask_all(dir.path()).unwrap_err();
            assert_eq!(e.kind(), ErrorKind::Backend, "{e}");
            fs::write(&file, &whole).unwrap();
        }
        ask_all(dir.path()).unwrap();
    }
}
