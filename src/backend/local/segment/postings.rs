//! Where terms stand, until that is written.

use std::{hash::BuildHasher, hint, io};

use foldhash::fast::FixedState;
use tantivy::{DocId, postings::FieldSerializer};

use super::chunks::{Chunks, List};

/// Words of a text that are looked up together.
const ROW: usize = 256;
/// Terms whose lists are looked at before they are read.
const AHEAD: usize = 16;
/// Bit of a number in a list that is the distance to another document, not to another position.
const DOCUMENT: u32 = 1;

/// Which documents have which words, and where. A word is whatever is looked up as one: a term, or all terms of a written word.
#[derive(Debug)]
pub(super) struct Postings {
    /// Whether positions are kept, or documents only.
    positions: bool,
    /// A hash table of the words; open addressing, at most four fifths full.
    slots: Vec<Slot>,
    words: Vec<Word>,
    /// The words themselves one behind the other, and where each begins.
    texts: Vec<u8>,
    starts: Vec<u32>,
}

/// Where a word stands in the list of words.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// So many bits of the hash.
    print: u32,
    /// One more than the place; 0 where the slot is free.
    place: u32,
}

/// Where a word stands: half a line of a core's cache, as this is all that is looked at for each word of a text.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
struct Word {
    /// How often it stands anywhere, and in how many documents.
    count: u32,
    documents: u32,
    /// The last of these, and its last position there.
    document: DocId,
    position: u32,
    /// Each document, and behind it its positions, as distances from the one before; see [`DOCUMENT`].
    list: List,
}

const _: () = assert!(size_of::<Word>() == 32);

impl Postings {
    pub(super) fn new(positions: bool) -> Self {
        Self {
            positions,
            slots: Vec::new(),
            words: Vec::new(),
            texts: Vec::new(),
            starts: Vec::new(),
        }
    }

    /// Bytes of memory beside the lists.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(self.slots.as_slice())
            + size_of_val(self.words.as_slice())
            + size_of_val(self.texts.as_slice())
            + size_of_val(self.starts.as_slice())
    }

    /// Adds the words of a text, of which the places are given in order; the documents in order, too.
    ///
    /// Each step is done for many of them before the next begins: the waits for the memory overlap.
    pub(super) fn add_text(
        &mut self,
        document: DocId,
        mut places: impl Iterator<Item = u32>,
        chunks: &mut Chunks,
    ) {
        let mut position = 0;
        let mut row = Vec::with_capacity(ROW);
        loop {
            row.clear();
            row.extend(places.by_ref().take(ROW).map(|place| place as usize));
            if row.is_empty() {
                return;
            }
            for &place in &row {
                hint::black_box(self.words[place].count);
            }
            for &place in &row {
                chunks.look_at(&self.words[place].list);
            }
            for &place in &row {
                self.words[place].add(document, Some(position), chunks);
                position += 1;
            }
        }
    }

    /// Adds one word of a document.
    pub(super) fn add(&mut self, document: DocId, position: u32, word: &[u8], chunks: &mut Chunks) {
        let position = self.positions.then_some(position);
        let place = self.place(word) as usize;
        self.words[place].add(document, position, chunks);
    }

    /// Where a word stands; a new one is taken in.
    pub(super) fn place(&mut self, word: &[u8]) -> u32 {
        self.make_room();
        let mask = self.slots.len() - 1;
        let hash = hash(word);
        let print = (hash >> 32) as u32;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.place == 0 {
                break;
            }
            let place = slot.place - 1;
            if slot.print == print && self.text(place) == word {
                return place;
            }
            at = (at + 1) & mask;
        }
        self.starts.push(self.texts.len() as u32);
        self.texts.extend_from_slice(word);
        self.words.push(Word::default());
        let place = self.words.len() as u32;
        self.slots[at] = Slot { print, place };
        place - 1
    }

    /// The word that stands at a place.
    #[inline]
    fn text(&self, place: u32) -> &[u8] {
        let place = place as usize;
        let end = self.starts.get(place + 1).map(|end| *end as usize);
        &self.texts[self.starts[place] as usize..end.unwrap_or(self.texts.len())]
    }

    /// Makes the table so large that it takes one word more.
    fn make_room(&mut self) {
        let wanted = ((self.words.len() + 1) * 5 / 4 + 1).next_power_of_two();
        if wanted <= self.slots.len() {
            return;
        }
        let mask = wanted - 1;
        let mut slots = vec![Slot::default(); wanted];
        for place in 1..=self.words.len() as u32 {
            let hash = hash(self.text(place - 1));
            let mut at = hash as usize & mask;
            while slots[at].place != 0 {
                at = (at + 1) & mask;
            }
            let print = (hash >> 32) as u32;
            slots[at] = Slot { print, place };
        }
        self.slots = slots;
    }

    /// What is to be written if each word stands for these terms of a field, which are pieces of it.
    pub(super) fn of_terms<'a, T>(&'a self, terms: impl Fn(&'a [u8]) -> T) -> TermPostings<'a>
    where
        T: Iterator<Item = &'a [u8]>,
    {
        let mut all = Vec::with_capacity(self.words.len());
        let mut total = 0;
        for (place, word) in (0..).zip(&self.words) {
            for term in terms(self.text(place)) {
                all.push(TermOf {
                    first: first_bytes(term),
                    place,
                    start: (term.as_ptr().addr() - self.texts.as_ptr().addr()) as u32,
                    len: term.len() as u32,
                });
                total += u64::from(word.count);
            }
        }
        // most are told apart by their first bytes, without a look at the text
        all.sort_unstable_by(|a, b| {
            let first = a.first.cmp(&b.first);
            first.then_with(|| self.term(a).cmp(self.term(b)))
        });
        TermPostings {
            postings: self,
            terms: all,
            total,
        }
    }

    #[inline]
    fn word(&self, of: &TermOf) -> &Word {
        &self.words[of.place as usize]
    }

    fn term(&self, of: &TermOf) -> &[u8] {
        &self.texts[of.start as usize..][..of.len as usize]
    }
}

fn hash(word: &[u8]) -> u64 {
    FixedState::with_seed(0).hash_one(word)
}

/// The first bytes of a term, to be compared as one.
fn first_bytes(term: &[u8]) -> u64 {
    let mut first = [0; 8];
    let len = term.len().min(first.len());
    first[..len].copy_from_slice(&term[..len]);
    u64::from_be_bytes(first)
}

impl Word {
    /// Notes that a document has it, and where.
    #[inline]
    fn add(&mut self, document: DocId, position: Option<u32>, chunks: &mut Chunks) {
        if self.documents == 0 || self.document != document {
            let step = document - self.document;
            chunks.push(&mut self.list, step << 1 | DOCUMENT);
            self.documents += 1;
            self.document = document;
            self.position = 0;
        }
        if let Some(position) = position {
            let step = position - self.position;
            chunks.push(&mut self.list, step << 1);
            self.position = position;
        }
        self.count += 1;
    }
}

/// The terms of a field in the order of their bytes, each as often as there are words that stand for it.
pub(super) struct TermPostings<'a> {
    postings: &'a Postings,
    terms: Vec<TermOf>,
    total: u64,
}

/// A term that a word stands for.
struct TermOf {
    first: u64,
    /// Where the word stands.
    place: u32,
    /// Where the term lies in the texts.
    start: u32,
    len: u32,
}

impl TermPostings<'_> {
    /// How many postings there are, those of one term in one document counted each.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Writes them.
    pub(super) fn write(&self, chunks: &Chunks, field: &mut FieldSerializer<'_>) -> io::Result<()> {
        let words = self.postings;
        let mut places = Places::default();
        // words and their lists lie all over the memory: those that come soon are on their way meanwhile
        let mut words_soon = self.terms.iter().skip(2 * AHEAD);
        let mut lists_soon = self.terms.iter().skip(AHEAD);
        for same in self.same_terms() {
            for term in words_soon.by_ref().take(same.len()) {
                hint::black_box(words.word(term).count);
                hint::black_box(words.term(term).first());
            }
            for term in lists_soon.by_ref().take(same.len()) {
                chunks.look_at_start(&words.word(term).list);
            }
            let term = words.term(&same[0]);
            let one = words.word(&same[0]);
            if words.positions {
                places.read(same.iter().map(|term| &words.word(term).list), chunks);
                let documents = match same.len() {
                    1 => one.documents,
                    _ => places.documents(),
                };
                field.new_term(term, documents, true)?;
                places.write(field);
            } else {
                field.new_term_without_freq(term)?;
                places.copy(&one.list, chunks, field);
            }
            field.close_term()?;
        }
        Ok(())
    }

    /// The words that stand for each term.
    fn same_terms(&self) -> impl Iterator<Item = &[TermOf]> {
        let words = self.postings;
        let is_same = |a: &TermOf, b: &TermOf| a.first == b.first && words.term(a) == words.term(b);
        self.terms.chunk_by(is_same)
    }
}

/// Where a term stands, read from one list or from several.
#[derive(Default)]
struct Places {
    /// Document and position as one number, the document in the upper half.
    places: Vec<u64>,
    /// As [`Word::list`].
    numbers: Vec<u32>,
    positions: Vec<u32>,
}

impl Places {
    /// Reads lists with positions.
    fn read<'a>(&mut self, lists: impl ExactSizeIterator<Item = &'a List>, chunks: &Chunks) {
        let is_one = lists.len() == 1;
        self.places.clear();
        for list in lists {
            chunks.read(list, &mut self.numbers);
            let (mut document, mut position) = (0, 0);
            for &number in &self.numbers {
                let step = number >> 1;
                match number & DOCUMENT {
                    DOCUMENT => (document, position) = (document + step, 0),
                    _ => {
                        position += step;
                        self.places
                            .push(u64::from(document) << 32 | u64::from(position));
                    }
                }
            }
        }
        if !is_one {
            // runs that are in order are merged as such
            self.places.sort();
        }
    }

    fn documents(&self) -> u32 {
        self.by_document().count() as u32
    }

    /// The places in each document.
    fn by_document(&self) -> impl Iterator<Item = &[u64]> {
        self.places.chunk_by(|a, b| a >> 32 == b >> 32)
    }

    fn write(&mut self, field: &mut FieldSerializer<'_>) {
        let mut positions = std::mem::take(&mut self.positions);
        for places in self.by_document() {
            positions.clear();
            let mut before = 0;
            for &place in places {
                let position = place as u32;
                positions.push(position - before);
                before = position;
            }
            let document = (places[0] >> 32) as DocId;
            field.write_doc(document, positions.len() as u32, &positions);
        }
        self.positions = positions;
    }

    /// Writes a list that has documents only.
    fn copy(&mut self, list: &List, chunks: &Chunks, field: &mut FieldSerializer<'_>) {
        chunks.read(list, &mut self.numbers);
        let mut document = 0;
        for &number in &self.numbers {
            document += number >> 1;
            field.write_doc(document, 0, &[]);
        }
    }
}
