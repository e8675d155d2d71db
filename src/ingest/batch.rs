//! Files that go through the threads together.
//!
//! To wake a thread, and to bring the tables of the analyzer near the core, costs as much for one small file as for many.

use std::{
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    slice, vec,
};

use crossbeam_channel::{Receiver, Sender};
use index_schema::{Dispatch, DispatchTerms, FieldAnalyzer};

use super::{pipeline::Job, read::Part};

/// Files of a batch at most, and bytes of them, the last one left aside.
const FILES: usize = 32;
const BYTES: u64 = 256 << 10;
/// Bytes of text, and parts, that go on together, as soon as there are so many.
const TEXT: usize = 256 << 10;
const PARTS: usize = 1024;

/// Files that one thread reads.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) jobs: Vec<Job>,
    bytes: u64,
}

impl Batch {
    /// Takes a file in; whether there is room for another.
    pub(super) fn add(&mut self, job: Job) -> bool {
        self.bytes = self.bytes.saturating_add(job.seen.facts.size);
        self.jobs.push(job);
        self.jobs.len() < FILES && self.bytes < BYTES
    }
}

/// The parts of a batch on their way out of the thread that reads it; analyses the dispatches among them.
pub(super) struct Outgoing<'a> {
    analyzer: &'a mut FieldAnalyzer,
    to: Sender<Vec<Part>>,
    parts: Vec<Part>,
    text: usize,
}

impl<'a> Outgoing<'a> {
    pub(super) fn new(analyzer: &'a mut FieldAnalyzer, to: Sender<Vec<Part>>) -> Self {
        Self {
            analyzer,
            to,
            parts: Vec::new(),
            text: 0,
        }
    }

    /// Takes a part in; whether anybody listens.
    pub(super) fn push(&mut self, part: Part) -> bool {
        if let Part::Dispatch(prepared) = &part {
            self.text += prepared.dispatch.body.len();
        }
        self.parts.push(part);
        let has_room = self.text < TEXT && self.parts.len() < PARTS;
        has_room || self.send()
    }

    /// Sends all that was taken in; whether anybody listens.
    pub(super) fn send(&mut self) -> bool {
        self.text = 0;
        let mut parts = mem::take(&mut self.parts);
        analyse(&mut parts, |dispatches| {
            DispatchTerms::of_all(dispatches, self.analyzer)
        });
        self.to.send(parts).is_ok()
    }
}

/// Analyses the dispatches among some parts; not even a fault of ours stops more than the one that it is in.
fn analyse(parts: &mut [Part], mut of: impl FnMut(&[&Dispatch]) -> Vec<DispatchTerms>) {
    let mut of = |parts: &[Part]| {
        let dispatches = parts.iter().filter_map(|part| match part {
            Part::Dispatch(prepared) => Some(&prepared.dispatch),
            _ => None,
        });
        let dispatches: Vec<_> = dispatches.collect();
        catch_unwind(AssertUnwindSafe(|| of(&dispatches)))
    };
    let set = |parts: &mut [Part], terms: Vec<DispatchTerms>| {
        let mut terms = terms.into_iter();
        for part in parts {
            if let Part::Dispatch(prepared) = part {
                prepared.terms = terms.next().unwrap_or_default();
            }
        }
    };
    match of(parts) {
        Ok(terms) => set(parts, terms),
        Err(_) => {
            for part in parts {
                match of(slice::from_ref(part)) {
                    Ok(terms) => set(slice::from_mut(part), terms),
                    Err(_) => *part = Part::Fault,
                }
            }
        }
    }
}

/// The parts of a batch as they come in.
pub(super) struct Incoming {
    from: Receiver<Vec<Part>>,
    parts: vec::IntoIter<Part>,
    /// A file has been begun whose end has not come yet.
    is_open: bool,
}

impl Incoming {
    pub(super) fn new(from: Receiver<Vec<Part>>) -> Self {
        Self {
            from,
            parts: Vec::new().into_iter(),
            is_open: false,
        }
    }

    /// The parts of the next file. Those of the last one that nobody asked for are let go.
    pub(super) fn of_file(&mut self) -> FileParts<'_> {
        FileParts(self).for_each(drop);
        self.is_open = true;
        FileParts(self)
    }

    fn next(&mut self) -> Option<Part> {
        loop {
            if let Some(part) = self.parts.next() {
                return Some(part);
            }
            self.parts = self.from.recv().ok()?.into_iter();
        }
    }
}

/// The parts of a file up to its end.
pub(crate) struct FileParts<'a>(&'a mut Incoming);

impl Iterator for FileParts<'_> {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        if !self.0.is_open {
            return None;
        }
        let part = self.0.next();
        self.0.is_open = !matches!(part, None | Some(Part::End(_)));
        part
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use crossbeam_channel::bounded;
    use index_schema::{Fields, Hash, ZoneField};

    use super::{
        super::read::{End, Prepared},
        *,
    };
    use crate::backend::local::drafts;

    fn dispatch(body: &str) -> Part {
        Part::Dispatch(Box::new(Prepared {
            member: None,
            item: 0,
            content: Hash::of(body.as_bytes()),
            dispatch: Dispatch {
                body: body.to_owned(),
                ..Dispatch::default()
            },
            terms: DispatchTerms::default(),
            alone: true,
        }))
    }

    #[test]
    fn a_fault_in_one_dispatch_is_not_the_end_of_others() {
        let bodies = ["by", "fault", "hus"];
        let mut parts: Vec<_> = bodies.into_iter().map(dispatch).collect();
        let mut analyzer = FieldAnalyzer::default();
        analyse(&mut parts, |dispatches| {
            assert!(dispatches.iter().all(|d| d.body != "fault"));
            DispatchTerms::of_all(dispatches, &mut analyzer)
        });
        assert!(matches!(parts[1], Part::Fault));
        for nth in [0, 2] {
            let Part::Dispatch(prepared) = &parts[nth] else {
                panic!("a dispatch like others");
            };
            let (_, fields) = Fields::schema();
            let record = drafts::record("urn:a").body(bodies[nth]).build();
            let placed = fields.place(&record, &prepared.terms).unwrap();
            let [_, (_, body)] = placed.zones;
            assert_eq!(body.field(ZoneField::Exact), format!("{} ", bodies[nth]));
        }
    }

    #[test]
    fn what_nobody_asked_for_of_one_file_is_not_taken_for_the_next() {
        let (to, from) = bounded(1);
        let sender = thread::spawn(move || {
            let mut analyzer = FieldAnalyzer::default();
            let mut outgoing = Outgoing::new(&mut analyzer, to);
            let long = "a ".repeat(TEXT);
            for n in 0..3 {
                for _ in 0..n {
                    // each goes out alone
                    assert!(outgoing.push(dispatch(&long)));
                }
                assert!(outgoing.push(Part::End(End::unread(n.to_string()))));
            }
            outgoing.send()
        });
        let mut incoming = Incoming::new(from);
        assert_eq!(incoming.of_file().count(), 1);
        assert!(matches!(incoming.of_file().next(), Some(Part::Dispatch(_))));
        let last: Vec<_> = incoming.of_file().collect();
        assert_eq!(last.len(), 3);
        assert!(matches!(&last[2], Part::End(End::Read { reasons, .. }) if reasons == &["2"]));
        assert!(sender.join().unwrap());
        assert_eq!(incoming.of_file().count(), 0);
    }

    #[test]
    fn a_reader_learns_that_nobody_listens_before_its_file_ends() {
        let (to, from) = bounded(1);
        let mut analyzer = FieldAnalyzer::default();
        let mut outgoing = Outgoing::new(&mut analyzer, to);
        let mut incoming = Incoming::new(from);
        // without a body, too, they do not wait for the end of the file
        assert!((0..PARTS).all(|_| outgoing.push(dispatch(""))));
        assert!(incoming.of_file().next().is_some());
        drop(incoming);
        assert!(!(0..PARTS).all(|_| outgoing.push(dispatch(""))));
    }
}
