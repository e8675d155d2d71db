//! The union of posting lists with positions, of one field or of several that share their positions.

use std::{cmp::Reverse, collections::BinaryHeap};

use tantivy::{
    DocId, DocSet, TERMINATED,
    postings::{Postings, SegmentPostings},
    schema::IndexRecordOption,
};

use super::{super::plan::Terms, Cursor, Damage, Opening};

/// From so many lists on, a heap finds the next document faster than looking at every list.
const MANY: usize = 12;

/// Documents that stand in at least one of several lists.
///
/// Lists may lag behind: one that is not needed to know the next document is moved when its positions are asked for.
pub(super) struct Lists {
    lists: Vec<SegmentPostings>,
    /// Of many lists: where each stands, except those that are exhausted.
    heap: Option<BinaryHeap<Reverse<(DocId, u32)>>>,
    doc: DocId,
    cost: u64,
    damage: Damage,
}

impl Lists {
    /// The lists; none if the segment has none of the terms.
    pub(super) fn open(opening: &Opening<'_>, terms: &[Terms]) -> tantivy::Result<Option<Self>> {
        let option = IndexRecordOption::WithFreqsAndPositions;
        let mut lists = Vec::new();
        for terms in terms {
            let found = &terms.found[opening.place];
            if found.is_empty() {
                continue;
            }
            let index = opening.segment.inverted_index(terms.field)?;
            for info in found {
                lists.push(index.read_postings_from_terminfo(info, option)?);
            }
        }
        if lists.is_empty() {
            return Ok(None);
        }
        // the longest first: it most often settles where the next document is
        lists.sort_by_key(|l| Reverse(l.doc_freq()));
        let heap = (lists.len() >= MANY).then(|| {
            let places = lists.iter().zip(0..);
            let all = places.map(|(l, i)| Reverse((l.doc(), i)));
            all.filter(|Reverse((doc, _))| *doc != TERMINATED).collect()
        });
        Ok(Some(Self {
            cost: lists.iter().map(|l| u64::from(l.doc_freq())).sum(),
            doc: lists.iter().map(DocSet::doc).min().unwrap_or(TERMINATED),
            lists,
            heap,
            damage: opening.damage.clone(),
        }))
    }

    /// Adds the positions in the document it stands on to `out`, sorted, each once.
    pub(super) fn positions(&mut self, out: &mut Vec<u32>) {
        let doc = self.doc;
        let start = out.len();
        let mut read = 0;
        if let Some(heap) = &mut self.heap {
            let mut here = Vec::new();
            while let Some(&Reverse((at, place))) = heap.peek() {
                if at != doc {
                    break;
                }
                heap.pop();
                here.push(Reverse((at, place)));
                self.lists[place as usize].append_positions_with_offset(0, out);
            }
            read = here.len();
            heap.extend(here);
        } else {
            for list in &mut self.lists {
                if seek(list, doc, &self.damage) == doc {
                    list.append_positions_with_offset(0, out);
                    read += 1;
                }
            }
        }
        if read > 1 {
            out[start..].sort_unstable();
            let mut kept = start;
            for i in start..out.len() {
                if i == start || out[i] != out[kept - 1] {
                    out[kept] = out[i];
                    kept += 1;
                }
            }
            out.truncate(kept);
        }
    }
}

impl Cursor for Lists {
    fn doc(&self) -> DocId {
        self.doc
    }

    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc {
            return self.doc;
        }
        if let Some(heap) = &mut self.heap {
            while let Some(mut top) = heap.peek_mut() {
                let Reverse((doc, place)) = *top;
                if doc >= target {
                    break;
                }
                match seek(&mut self.lists[place as usize], target, &self.damage) {
                    TERMINATED => {
                        std::collections::binary_heap::PeekMut::pop(top);
                    }
                    doc => *top = Reverse((doc, place)),
                }
            }
            self.doc = heap.peek().map_or(TERMINATED, |Reverse((doc, _))| *doc);
            return self.doc;
        }
        self.doc = seek_any(&mut self.lists, target, &self.damage);
        self.doc
    }

    fn cost(&self) -> u64 {
        self.cost
    }
}

/// The first document at or after `target` in any of the lists; stops at the first list that has `target` itself.
#[inline]
fn seek_any(lists: &mut [SegmentPostings], target: DocId, damage: &Damage) -> DocId {
    let mut first = TERMINATED;
    for list in lists {
        let doc = seek(list, target, damage);
        if doc == target {
            return target;
        }
        first = first.min(doc);
    }
    first
}

/// The first document of a list at or after `target`. A list that is not sorted ends there.
#[inline]
fn seek(list: &mut SegmentPostings, target: DocId, damage: &Damage) -> DocId {
    let mut doc = list.doc();
    if doc < target {
        doc = list.seek(target);
        if doc < target {
            damage.found();
            return TERMINATED;
        }
    }
    doc
}
