//! Where the block of a document is.
//!
//! Layers of places, the last one of the blocks themselves; each above it says where the groups of eight of the one below are. A
//! group is the number of places, the first document and the first byte, and for each place how many documents and how many bytes.
//! Before the layers stands how many there are, and where each of them ends.

use std::ops::Range;

use tantivy::{DocId, directory::OwnedBytes};

use super::{read_number, write_number};

/// Places of a group.
const GROUP: usize = 8;

/// Which documents a block or a group holds, and where it is among the bytes of its kind.
pub(super) struct Place {
    pub(super) documents: Range<DocId>,
    pub(super) bytes: Range<usize>,
}

/// A skip index that is read.
pub(super) struct SkipIndex {
    bytes: OwnedBytes,
    layers: Vec<Range<usize>>,
}

impl SkipIndex {
    /// Reads what stands before the layers; none if it is cut off.
    pub(super) fn open(mut bytes: OwnedBytes) -> Option<Self> {
        let mut rest = bytes.as_slice();
        let many = read_number(&mut rest)?;
        let mut layers = Vec::new();
        let mut start = 0;
        for _ in 0..many {
            let end = read_number(&mut rest)?;
            layers.push(start..end);
            start = end;
        }
        let before = bytes.len() - rest.len();
        bytes.advance(before);
        Some(Self { bytes, layers })
    }

    /// Where the block of a document is.
    pub(super) fn seek(&self, doc: DocId) -> Option<Place> {
        let mut from = 0;
        let mut place = None;
        for layer in &self.layers {
            let found = seek(self.bytes.get(layer.clone())?.get(from..)?, doc)?;
            from = found.bytes.start;
            place = Some(found);
        }
        place.filter(|p| p.documents.contains(&doc))
    }
}

/// The first place of a layer, from some group of places on, that does not end before a document.
fn seek(mut groups: &[u8], doc: DocId) -> Option<Place> {
    loop {
        let places = read_number(&mut groups)?;
        let mut start = DocId::try_from(read_number(&mut groups)?).ok()?;
        let mut from = read_number(&mut groups)?;
        for _ in 0..places {
            let end = start.checked_add(read_number(&mut groups)?.try_into().ok()?)?;
            let to = from.checked_add(read_number(&mut groups)?)?;
            if doc < end {
                return Some(Place {
                    documents: start..end,
                    bytes: from..to,
                });
            }
            (start, from) = (end, to);
        }
    }
}

/// A skip index that is written: its layers, that of the blocks first.
#[derive(Default)]
pub(super) struct SkipIndexBuilder(Vec<Layer>);

#[derive(Default)]
struct Layer {
    groups: Vec<u8>,
    /// Of the group that is not full yet.
    places: Vec<Place>,
}

impl Layer {
    /// Writes the group; where it is, if there is anything in it.
    fn close_group(&mut self) -> Option<Place> {
        let (first, last) = (self.places.first()?, self.places.last()?);
        let documents = first.documents.start..last.documents.end;
        let start = self.groups.len();
        write_number(self.places.len(), &mut self.groups);
        write_number(first.documents.start as usize, &mut self.groups);
        write_number(first.bytes.start, &mut self.groups);
        for place in self.places.drain(..) {
            write_number(place.documents.len(), &mut self.groups);
            write_number(place.bytes.len(), &mut self.groups);
        }
        Some(Place {
            documents,
            bytes: start..self.groups.len(),
        })
    }
}

impl SkipIndexBuilder {
    /// Adds the place of the next block.
    pub(super) fn add(&mut self, place: Place) {
        let mut next = Some(place);
        let mut number = 0;
        while let Some(place) = next {
            if number == self.0.len() {
                self.0.push(Layer::default());
            }
            let layer = &mut self.0[number];
            layer.places.push(place);
            let is_full = layer.places.len() == GROUP;
            next = is_full.then(|| layer.close_group()).flatten();
            number += 1;
        }
    }

    /// The bytes of the index.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let mut below = None;
        for layer in &mut self.0 {
            layer.places.extend(below);
            below = layer.close_group();
        }
        let mut bytes = Vec::new();
        write_number(self.0.len(), &mut bytes);
        let mut end = 0;
        for layer in self.0.iter().rev() {
            end += layer.groups.len();
            write_number(end, &mut bytes);
        }
        for layer in self.0.iter().rev() {
            bytes.extend_from_slice(&layer.groups);
        }
        bytes
    }
}
