//! A stretch of documents answered at once: for frequent words, going through whole blocks of a list costs a fraction of
//! stepping from document to document.

use tantivy::DocId;

use super::Norms;

/// From so many documents of 64 on, all their values are looked at at once.
const SEVERAL: u32 = 5;

/// Documents of a list, in order, and how often each has the term.
pub(super) type Block<'b> = (&'b [DocId], &'b [u32]);

/// Documents from `base` on, and what each scores.
pub(super) struct Window {
    /// The document of the first bit.
    base: DocId,
    /// The first document that is asked for.
    start: DocId,
    bits: [u64; Self::SIZE / 64],
    /// The documents that are asked for: what is said of others is of no use.
    asked: [u64; Self::SIZE / 64],
    /// Whether that is all of them.
    all_asked: bool,
    values: Box<[f32; Self::SIZE]>,
    /// Which words of `bits` may have, or have had, documents with values: the others need no clearing.
    touched: u64,
}

impl Window {
    /// How many documents.
    pub(super) const SIZE: usize = 4096;

    pub(super) fn new() -> Self {
        Self {
            base: 0,
            start: 0,
            bits: [0; Self::SIZE / 64],
            asked: [u64::MAX; Self::SIZE / 64],
            all_asked: true,
            values: Box::new([0.0; Self::SIZE]),
            touched: 0,
        }
    }

    /// Empties it and lets it begin at a document; all behind that are asked for.
    pub(super) fn move_to(&mut self, doc: DocId) {
        self.clear_values();
        self.base = doc & !63;
        self.start = doc;
        self.bits.fill(0);
        self.asked.fill(u64::MAX);
        self.all_asked = true;
    }

    /// Empties it and lets it begin where another one does; what that one asks for is asked for.
    pub(super) fn move_with(&mut self, other: &Self) {
        self.move_to(other.start);
        self.asked = other.asked;
        self.all_asked = other.all_asked;
    }

    /// Asks only for the documents that another one at the same place has.
    pub(super) fn ask_for(&mut self, other: &Self) {
        self.asked = other.bits;
        self.all_asked = false;
    }

    /// The first document that is asked for: what fills it must not look at those before, which are settled.
    pub(super) fn start(&self) -> DocId {
        self.start
    }

    /// The document of the first bit.
    pub(super) fn base(&self) -> DocId {
        self.base
    }

    /// The first document after it.
    pub(super) fn end(&self) -> DocId {
        self.base.saturating_add(Self::SIZE as DocId)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bits.iter().all(|&b| b == 0)
    }

    /// How many documents are marked.
    pub(super) fn len(&self) -> u64 {
        self.bits.iter().map(|b| u64::from(b.count_ones())).sum()
    }

    /// Marks documents; false if one is outside.
    #[inline]
    pub(super) fn mark(&mut self, docs: &[DocId]) -> bool {
        for doc in docs {
            let place = doc.wrapping_sub(self.base) as usize;
            let Some(bits) = self.bits.get_mut(place / 64) else {
                return false;
            };
            *bits |= 1 << (place % 64);
        }
        true
    }

    /// Marks those documents that are asked for and adds what their mentions count; false if one is outside.
    #[inline]
    pub(super) fn weigh(&mut self, block: Block<'_>, norms: &Norms, weight: f32) -> bool {
        match self.all_asked {
            true => self.weigh_these::<true>(block, norms, weight),
            false => self.weigh_these::<false>(block, norms, weight),
        }
    }

    #[inline]
    fn weigh_these<const ALL: bool>(
        &mut self,
        (docs, frequencies): Block<'_>,
        norms: &Norms,
        weight: f32,
    ) -> bool {
        let (Some(first), Some(last)) = (docs.first(), docs.last()) else {
            return true;
        };
        if frequencies.len() < docs.len() {
            return false;
        }
        for (doc, &frequency) in docs.iter().zip(frequencies) {
            let place = doc.wrapping_sub(self.base) as usize;
            let Some(value) = self.values.get_mut(place) else {
                return false;
            };
            let (word, bit) = (place / 64, 1 << (place % 64));
            if ALL || self.asked[word] & bit != 0 {
                *value += weight * norms.scale(*doc) * frequency as f32;
                self.bits[word] |= bit;
                // where all are asked for, most words are touched
                if !ALL {
                    self.touched |= 1 << word;
                }
            }
        }
        if ALL {
            let word_of = |doc: DocId| doc.wrapping_sub(self.base) / 64;
            let from_first = u64::MAX << word_of(*first);
            self.touched |= from_first & u64::MAX >> (63 - word_of(*last));
        }
        true
    }

    /// Marks a document of the window and gives it a value.
    pub(super) fn set(&mut self, doc: DocId, value: f32) {
        let place = doc.wrapping_sub(self.base) as usize;
        if let Some(slot) = self.values.get_mut(place) {
            *slot = value;
            self.bits[place / 64] |= 1 << (place % 64);
            self.touched |= 1 << (place / 64);
        }
    }

    /// Marks the documents of a set, whose words are those from the first bit on, and adds a score.
    pub(super) fn mark_words(&mut self, words: &[u64], score: f32) {
        let settled = !(u64::MAX << (self.start % 64));
        for (nth, &word) in words.iter().enumerate().take(self.bits.len()) {
            let word = if nth == 0 { word & !settled } else { word };
            self.bits[nth] |= word;
            self.touched |= u64::from(word != 0) << nth;
            let mut rest = word;
            while rest != 0 && score != 0.0 {
                self.values[nth * 64 + rest.trailing_zeros() as usize] += score;
                rest &= rest - 1;
            }
        }
    }

    /// Forgets the values.
    pub(super) fn clear_values(&mut self) {
        let (words, _) = self.values.as_chunks_mut::<64>();
        for (nth, values) in words.iter_mut().enumerate() {
            if self.touched >> nth & 1 == 1 {
                *values = [0.0; 64];
            }
        }
        self.touched = 0;
    }

    /// Marks the documents of another one at the same place.
    pub(super) fn mark_all(&mut self, other: &Self) {
        for (a, b) in self.bits.iter_mut().zip(&other.bits) {
            *a |= b;
        }
    }

    /// Adds what the values of another one at the same place make, for documents that both have.
    #[inline]
    pub(super) fn add_scores(&mut self, other: &Self, score: impl Fn(f32) -> f32) {
        for (nth, (a, b)) in self.bits.iter().zip(&other.bits).enumerate() {
            let mut rest = a & b;
            self.touched |= u64::from(rest != 0) << nth;
            while rest != 0 {
                let place = nth * 64 + rest.trailing_zeros() as usize;
                rest &= rest - 1;
                self.values[place] += score(other.values[place]);
            }
        }
    }

    /// Whether a document is marked.
    pub(super) fn has(&self, doc: DocId) -> bool {
        let place = doc.wrapping_sub(self.base) as usize;
        let bits = self.bits.get(place / 64);
        bits.is_some_and(|b| b >> (place % 64) & 1 == 1)
    }

    /// Keeps the documents that another one at the same place has.
    pub(super) fn keep(&mut self, other: &Self) {
        for (a, b) in self.bits.iter_mut().zip(&other.bits) {
            *a &= b;
        }
    }

    /// Keeps the documents of a set, whose words are those from the first bit on.
    pub(super) fn keep_words(&mut self, words: impl Iterator<Item = u64>) {
        let words = words.chain(std::iter::repeat(0));
        for (bits, word) in self.bits.iter_mut().zip(words) {
            *bits &= word;
        }
    }

    /// Keeps the documents for which the answer is yes.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(DocId) -> bool) {
        let base = self.base;
        for (nth, bits) in self.bits.iter_mut().enumerate() {
            let mut rest = *bits;
            while rest != 0 {
                let bit = rest.trailing_zeros();
                rest &= rest - 1;
                if !keep(base + nth as DocId * 64 + bit) {
                    *bits &= !(1 << bit);
                }
            }
        }
    }

    /// Hands over the documents whose value is at least `least`, in order.
    #[inline]
    pub(super) fn each_from(&self, least: f32, mut each: impl FnMut(DocId, f32)) {
        for (nth, &word) in self.bits.iter().enumerate() {
            if word == 0 {
                continue;
            }
            let values = &self.values[nth * 64..][..64];
            // of several documents in a row there is seldom one that counts
            if word.count_ones() >= SEVERAL
                && !values.iter().fold(false, |any, &v| any | (v >= least))
            {
                continue;
            }
            let mut rest = word;
            while rest != 0 {
                let bit = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                if values[bit] >= least {
                    each(self.base + (nth * 64 + bit) as DocId, values[bit]);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;
    use tantivy::fieldnorm::FieldNormReader;

    use super::*;

    fn norms() -> Norms {
        Norms {
            reader: FieldNormReader::constant(1 << 16, 40),
            scale: Arc::new([0.25; 256]),
        }
    }

    proptest! {
        #[test]
        fn what_is_asked_for_weighs_the_same_whether_all_is_asked_for_or_some(
            start in 0..20_000_u32,
            lists in proptest::collection::vec(
                proptest::collection::btree_map(0..Window::SIZE as u32 - 64, 1..9_u32, 0..200), 1..4,
            ),
            asked in proptest::collection::btree_set(0..Window::SIZE as u32 - 64, 0..300),
        ) {
            let norms = norms();
            let (mut all, mut some) = (Window::new(), Window::new());
            // twice, so that what is left of the first time would be seen
            for start in [start, start + 9_000] {
                all.move_to(start);
                some.move_to(start);
                let mut wanted = Window::new();
                wanted.move_to(start);
                let docs: Vec<DocId> = asked.iter().map(|doc| start + doc).collect();
                prop_assert!(wanted.mark(&docs));
                some.ask_for(&wanted);
                for list in &lists {
                    let docs: Vec<DocId> = list.keys().map(|doc| start + doc).collect();
                    let frequencies: Vec<u32> = list.values().copied().collect();
                    for window in [&mut all, &mut some] {
                        prop_assert!(window.weigh((&docs, &frequencies), &norms, 2.0));
                    }
                }
                all.keep(&wanted);
                let found = |window: &Window| {
                    let mut found = Vec::new();
                    window.each_from(0.0, |doc, value| found.push((doc, value)));
                    found
                };
                prop_assert_eq!(found(&all), found(&some));
                let expected = |doc: u32| {
                    let frequencies = lists.iter().filter_map(|list| list.get(&doc));
                    frequencies.sum::<u32>() as f32 * 0.5
                };
                for (doc, value) in found(&some) {
                    prop_assert_eq!(value, expected(doc - start));
                }
                let least = 2.0;
                let mut best = Vec::new();
                all.each_from(least, |doc, value| best.push((doc, value)));
                let all_of_them = found(&all).into_iter();
                prop_assert_eq!(best, all_of_them.filter(|(_, v)| *v >= least).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn a_document_outside_is_told() {
        let norms = norms();
        let mut window = Window::new();
        window.move_to(128);
        assert!(!window.mark(&[130, 127]));
        assert!(!window.weigh((&[128 + Window::SIZE as u32], &[1]), &norms, 1.0));
        assert!(!window.weigh((&[130, 131], &[1]), &norms, 1.0));
        assert!(window.weigh((&[], &[]), &norms, 1.0));
    }
}
