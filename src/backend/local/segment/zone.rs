//! The words of a zone, until they are written.

use std::sync::Arc;

use index_schema::{Vocabulary, ZoneField, ZoneFields, ZoneTerms};
use tantivy::{DocId, schema::Field};

use super::{
    chunks::Chunks,
    postings::{Postings, TermPostings},
};

/// Vocabularies that texts may come in at the same time.
const VOCABULARIES: usize = 2;

/// The postings of a zone: a word there is all terms of a written word, and is looked up once for its three fields.
pub(super) struct Zone {
    pub(super) fields: ZoneFields,
    words: Postings,
    /// The vocabularies of the last texts.
    known: Vec<Known>,
}

/// Where the words of a vocabulary stand in the postings.
struct Known {
    vocabulary: Arc<Vocabulary>,
    /// For each number one more than the place; 0 if the word has not been met.
    places: Vec<u32>,
}

impl Zone {
    pub(super) fn new(fields: ZoneFields) -> Self {
        Self {
            fields,
            words: Postings::new(true),
            known: Vec::new(),
        }
    }

    /// Bytes of memory beside the lists.
    pub(super) fn bytes(&self) -> usize {
        let places = self.known.iter().map(|k| size_of_val(k.places.as_slice()));
        self.words.bytes() + places.sum::<usize>()
    }

    /// Adds the words of a document.
    pub(super) fn add(&mut self, document: DocId, text: &ZoneTerms, chunks: &mut Chunks) {
        let nth = self.known_of(text.vocabulary());
        let Known { vocabulary, places } = &mut self.known[nth];
        let is_new = |place: Option<&u32>| place.is_none_or(|place| *place == 0);
        if text.words().iter().any(|n| is_new(places.get(*n as usize))) {
            let words = vocabulary.read();
            places.resize(words.len(), 0);
            for &number in text.words() {
                let place = &mut places[number as usize];
                if *place == 0 {
                    *place = self.words.place(words.terms(number).as_bytes()) + 1;
                }
            }
        }
        let places = text.words().iter().map(|n| places[*n as usize] - 1);
        self.words.add_text(document, places, chunks);
    }

    /// Which of the known vocabularies this is; a new one takes the place of the oldest.
    fn known_of(&mut self, vocabulary: &Arc<Vocabulary>) -> usize {
        let is_it = |known: &Known| Arc::ptr_eq(&known.vocabulary, vocabulary);
        if let Some(nth) = self.known.iter().rposition(is_it) {
            return nth;
        }
        if self.known.len() == VOCABULARIES {
            self.known.remove(0);
        }
        self.known.push(Known {
            vocabulary: Arc::clone(vocabulary),
            places: Vec::new(),
        });
        self.known.len() - 1
    }

    /// Forgets the vocabularies: nothing is added any more.
    pub(super) fn close(&mut self) {
        self.known.clear();
    }

    /// What is to be written of a field, if it is one of this zone.
    pub(super) fn terms(&self, field: Field) -> Option<TermPostings<'_>> {
        let is_it = |of: &ZoneField| self.fields.field(*of) == field;
        let of = ZoneField::ALL.into_iter().find(is_it)?;
        Some(self.words.of_terms(move |word| of.terms(word)))
    }
}
