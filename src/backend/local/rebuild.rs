//! An index made anew from what an index holds, beside it, without a single feed file.

use std::{mem, path::Path, thread};

use crossbeam_channel::{Receiver, Sender, bounded};
use index_schema::{
    DispatchTerms, FieldAnalyzer, FileRecord, LastRun, Outcome, RawPath, Record, Stamp,
    Vocabularies,
};
use tantivy::{
    Index, Searcher, TantivyDocument,
    schema::{Field, Value},
};

use super::{Folder, LocalWriter, Lock, Resources, damage, directory::ReadOnly, guard::guarded};
use crate::{
    backend::Writer,
    error::{Error, ErrorKind, Result},
};

/// Documents that a thread takes at once.
const BATCH: usize = 32;

/// Makes the next generation from the records of the one in use, with this program's schema and analysis, and puts it
/// into use. Until then the old one answers; if this is interrupted the old one stays whole.
///
/// Every record goes over: current and superseded versions, tombstones, the manifest. Returns how many dispatches.
///
/// # Errors
///
/// `NotFound` if there is no index, `Backend` if it is damaged, `Io` if the new one cannot be written.
pub fn rebuild(folder: &Folder, _lock: &Lock, resources: Resources, threads: usize) -> Result<u64> {
    let old = folder.current()?;
    let damaged = |e| damage(&old, e);
    let open = || Index::open(ReadOnly::open(&old)?);
    let index = guarded(open, damaged)?;
    let stamp = carried_over(&index, &old)?;
    // the old analysis may have a name that this program does not know; only stored records are read
    index_schema::register(index.tokenizers());
    let reader = guarded(|| index.reader(), damaged)?;
    folder.sweep()?;
    let next = folder.next()?;
    match make(&reader.searcher(), &old, &next, stamp, resources, threads) {
        Ok(dispatches) => {
            folder.switch_to(&next)?;
            folder.sweep()?;
            Ok(dispatches)
        }
        Err(e) => {
            // the disk may be full of it; the failure itself is told
            let _ = folder.sweep();
            Err(e)
        }
    }
}

/// Makes a generation of what another one holds.
fn make(
    searcher: &Searcher,
    old: &Path,
    next: &Path,
    stamp: Stamp,
    resources: Resources,
    threads: usize,
) -> Result<u64> {
    let roots = stamp.roots.clone();
    let run = stamp.last_run.clone().unwrap_or_default();
    let mut writer = LocalWriter::create(next, stamp, resources)?;
    let dispatches = copy_records(searcher, old, &writer, threads)?;
    writer.describe(&roots, run);
    writer.commit()?;
    writer.close()?;
    Ok(dispatches)
}

/// The new index's stamp: roots, zone and last run of the old one, as far as it has them.
fn carried_over(index: &Index, old: &Path) -> Result<Stamp> {
    let metas = index.load_metas().map_err(|e| damage(old, e))?;
    let payload: serde_json::Value = metas
        .payload
        .as_deref()
        .and_then(|p| serde_json::from_str(p).ok())
        .filter(|p: &serde_json::Value| p["program"] == "wiresearch")
        .ok_or_else(|| {
            let sentence = format!("{} is not an index of wiresearch", old.display());
            Error::new(ErrorKind::Schema, sentence)
        })?;
    let part = |name: &str| payload.get(name).cloned().unwrap_or_default();
    let roots: Vec<RawPath> = serde_json::from_value(part("roots")).map_err(|e| damage(old, e))?;
    let last_run: Option<LastRun> = serde_json::from_value(part("last_run")).unwrap_or_default();
    let mut stamp = Stamp::new(part("zone").as_str().unwrap_or("Europe/Copenhagen"));
    stamp.roots = roots;
    stamp.last_run = last_run;
    Ok(stamp)
}

/// Reads in one thread, analyses and writes in several: the order of documents means nothing.
fn copy_records(
    searcher: &Searcher,
    old: &Path,
    writer: &LocalWriter,
    threads: usize,
) -> Result<u64> {
    let field = searcher
        .schema()
        .get_field("record")
        .map_err(|e| damage(old, e))?;
    thread::scope(|scope| {
        let vocabularies = Vocabularies::default();
        let (send, receive) = bounded::<Vec<String>>(4 * threads.max(1));
        let workers: Vec<_> = (0..threads.max(1))
            .map(|_| {
                let receive = receive.clone();
                let mut analyzer = FieldAnalyzer::new(&vocabularies);
                scope.spawn(move || copy(&receive, &mut analyzer, writer, old))
            })
            .collect();
        drop(receive);
        // whatever the engine fails with: those who listen come to their end
        let read = guarded(|| hand_out(searcher, field, &send), |e| damage(old, e));
        drop(send);
        let mut dispatches = 0;
        for worker in workers {
            dispatches += worker.join().unwrap_or_else(|_| {
                Err(Error::new(
                    ErrorKind::Backend,
                    "the rebuild ended in a fault",
                ))
            })?;
        }
        read.map(|()| dispatches)
    })
}

/// Hands the stored records over by the batch, until nobody listens: who does not, tells why.
fn hand_out(searcher: &Searcher, field: Field, send: &Sender<Vec<String>>) -> tantivy::Result<()> {
    let mut batch = Vec::with_capacity(BATCH);
    for segment in searcher.segment_readers() {
        let store = segment.get_store_reader(10)?;
        for document in store.iter::<TantivyDocument>(segment.alive_bitset()) {
            let document = document?;
            let record = document.get_first(field).and_then(|v| v.as_str());
            batch.extend(record.map(str::to_owned));
            if batch.len() == BATCH && send.send(mem::take(&mut batch)).is_err() {
                return Ok(());
            }
        }
    }
    let _ = send.send(batch);
    Ok(())
}

fn copy(
    stored: &Receiver<Vec<String>>,
    analyzer: &mut FieldAnalyzer,
    writer: &LocalWriter,
    old: &Path,
) -> Result<u64> {
    let mut dispatches = 0;
    for batch in stored {
        let mut records = Vec::with_capacity(batch.len());
        for text in batch {
            if let Ok(mut file) = serde_json::from_str::<FileRecord>(&text) {
                // the run that follows tries again
                if file.outcome == Outcome::Rejected {
                    file.outcome = Outcome::Unread;
                    file.hash = None;
                }
                writer.put_file(&file, false)?;
                continue;
            }
            records.push(Record::from_stored(&text).map_err(|e| damage(old, e))?);
        }
        let texts: Vec<_> = records.iter().filter_map(|r| r.dispatch.as_ref()).collect();
        dispatches += texts.len() as u64;
        let mut terms = DispatchTerms::of_all(&texts, analyzer).into_iter();
        for record in records {
            let of_it = record.dispatch.as_ref().and_then(|_| terms.next());
            writer.add(record, &of_it.unwrap_or_default())?;
        }
    }
    Ok(dispatches)
}
