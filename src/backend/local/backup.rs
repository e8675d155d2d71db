//! A consistent copy of an index, also while a run is writing.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use tantivy::Index;

use super::{
    Folder, damage,
    directory::{LIST, MANAGED, ReadOnly},
    fitness, folder,
    guard::guarded,
};
use crate::error::{Error, ErrorKind, Result};

/// Times that the copying begins anew because a writer removed a file that it had merged meanwhile.
const TRIES: usize = 20;

/// Copies the index in `folder` to `to`, which must be empty or not there. Segment files never change once written, so
/// they become hard links where the file system has them.
///
/// # Errors
///
/// `Io` if the copy cannot be written, `NotFound` if there is no index, `Backend` if it is damaged.
pub fn backup(folder: &Folder, to: &Path) -> Result<()> {
    let failed = |e| Error::io(format!("cannot write the copy to {}", to.display()), e);
    fs::create_dir_all(to).map_err(failed)?;
    if fs::read_dir(to).map_err(failed)?.next().is_some() {
        return Err(
            Error::new(ErrorKind::Io, format!("{} is not empty", to.display()))
                .hint("name a folder that is not there yet"),
        );
    }
    let copy = Folder::at(to);
    for _ in 0..TRIES {
        let generation = copy.next()?;
        match copy_generation(&folder.current()?, &generation) {
            Ok(()) => return copy.switch_to(&generation),
            Err(e) if is_a_race(&e) => fs::remove_dir_all(&generation).map_err(failed)?,
            Err(e) => return Err(e),
        }
    }
    Err(Error::new(
        ErrorKind::Busy,
        "the index changes too fast to be copied",
    ))
}

fn is_a_race(e: &Error) -> bool {
    use std::error::Error as _;
    let vanished = e.source().and_then(|s| s.downcast_ref::<io::Error>());
    vanished.is_some_and(|e| e.kind() == io::ErrorKind::NotFound)
}

/// The order matters: the list of files first, the files next, the list last, so that a list is never without its files.
fn copy_generation(from: &Path, to: &Path) -> Result<()> {
    let failed = |path: &Path, e| Error::io(format!("cannot copy {}", path.display()), e);
    let list = from.join(LIST);
    let meta = fs::read(&list).map_err(|e| failed(&list, e))?;
    // what cannot be read may have been replaced by a rebuild, and be gone
    let unreadable = |e| match fs::read(&list) {
        Ok(now) if now == meta => damage(from, e),
        _ => failed(&list, io::Error::from(io::ErrorKind::NotFound)),
    };
    let directory = ReadOnly::open(from).map_err(|e| unreadable(e.into()))?;
    let index = Index::open(directory).map_err(unreadable)?;
    let metas = index.load_metas().map_err(unreadable)?;
    fitness(&index, metas.payload.as_deref(), from)?;
    // a commit came between the two readings of the list
    if fs::read(&list).map_err(|e| failed(&list, e))? != meta {
        let vanished = io::Error::from(io::ErrorKind::NotFound);
        return Err(failed(&list, vanished));
    }
    let mut managed: Vec<PathBuf> = vec![LIST.into()];
    for name in metas.list_segment_files() {
        let source = from.join(&name);
        if !source.exists() {
            // a part that this segment does not have; a part that it should have is missed when the copy is opened
            continue;
        }
        let target = to.join(&name);
        if fs::hard_link(&source, &target).is_err() {
            fs::copy(&source, &target).map_err(|e| failed(&source, e))?;
            sync_file(&target).map_err(|e| failed(&target, e))?;
        }
        managed.push(name);
    }
    // without it the engine would not know which files it may check and remove
    let managed = serde_json::to_vec(&managed)
        .map_err(|e| Error::new(ErrorKind::Io, "cannot write the list of files").because(e))?;
    for (name, bytes) in [(MANAGED, managed), (LIST, meta)] {
        let target = to.join(name);
        fs::write(&target, bytes).map_err(|e| failed(&target, e))?;
        sync_file(&target).map_err(|e| failed(&target, e))?;
    }
    folder::sync(to).map_err(|e| failed(to, e))?;
    let open = || {
        let index = Index::open(ReadOnly::committed(to)?.0)?;
        index_schema::register(index.tokenizers());
        index.reader()
    };
    guarded(open, |e| match changed(&list, to) {
        true => failed(&list, io::Error::new(io::ErrorKind::NotFound, e)),
        false => damage(from, e),
    })
    .map(drop)
}

/// Whether the index has a newer commit than its copy, or has been replaced by a rebuild and is gone.
fn changed(list: &Path, copy: &Path) -> bool {
    fs::read(list).ok() != fs::read(copy.join(LIST)).ok()
}

fn sync_file(path: &Path) -> io::Result<()> {
    fs::File::open(path)?.sync_all()
}
