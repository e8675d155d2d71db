//! Many lists of numbers that grow side by side.

use std::hint;

/// Bytes of a page; a chunk lies in one.
const PAGE: usize = 1 << 16;
/// Bytes of the first chunk of a list, and of its largest ones. Each is twice as long as the one before.
const CHUNKS: std::ops::RangeInclusive<u16> = 8..=256;
/// Bytes behind a chunk that say where the next one begins.
const LINK: usize = size_of::<u32>();

/// Memory for lists of numbers. A list takes chunks of it, each twice as long as the one before: little is wasted on the many
/// short lists, and nothing is copied when a long one grows.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    pages: Vec<Box<[u8]>>,
    /// Bytes taken of the last page.
    taken: usize,
}

/// A list of numbers in [`Chunks`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct List {
    /// Where its first chunk begins.
    first: u32,
    /// Where the next byte goes.
    end: u32,
    /// Bytes left in its last chunk.
    left: u16,
    /// Bytes of its last chunk; 0 for a list without any.
    chunk: u16,
}

impl Chunks {
    /// Bytes of memory that are taken.
    pub(super) fn bytes(&self) -> usize {
        self.pages.len() * PAGE
    }

    /// Looks at the place where a list ends, which is written to soon.
    #[inline]
    pub(super) fn look_at(&self, list: List) {
        let (page, at) = place(list.end);
        hint::black_box(self.pages.get(page).map(|page| page[at]));
    }

    /// Looks at the place where a list begins, which is read soon.
    #[inline]
    pub(super) fn look_at_start(&self, list: List) {
        let (page, at) = place(list.first);
        hint::black_box(self.pages.get(page).map(|page| page[at]));
    }

    /// Adds a number to a list: seven bits a byte, the lowest first, the last byte marked.
    #[inline]
    pub(super) fn push(&mut self, list: &mut List, number: u32) {
        let mut bytes = [0; 5];
        let (mut rest, mut len) = (number, 0);
        while rest >= 0x80 {
            bytes[len] = (rest & 0x7f) as u8;
            rest >>= 7;
            len += 1;
        }
        bytes[len] = rest as u8 | 0x80;
        let mut bytes = &bytes[..=len];
        while bytes.len() > list.left.into() {
            let fitting = self.put(list, &bytes[..list.left.into()]);
            bytes = &bytes[fitting..];
            self.grow(list);
        }
        self.put(list, bytes);
    }

    /// Writes bytes that the last chunk of a list has room for; returns how many.
    #[inline]
    fn put(&mut self, list: &mut List, bytes: &[u8]) -> usize {
        if let Some(page) = self.pages.get_mut(place(list.end).0) {
            let at = place(list.end).1;
            for (to, byte) in page[at..].iter_mut().zip(bytes) {
                *to = *byte;
            }
        }
        list.end += bytes.len() as u32;
        list.left -= bytes.len() as u16;
        bytes.len()
    }

    /// Gives a list another chunk.
    #[cold]
    fn grow(&mut self, list: &mut List) {
        let len = match list.chunk {
            0 => *CHUNKS.start(),
            chunk => (chunk * 2).min(*CHUNKS.end()),
        };
        let room = usize::from(len) + LINK;
        if self.pages.is_empty() || self.taken + room > PAGE {
            self.pages.push(vec![0; PAGE].into());
            self.taken = 0;
        }
        let start = ((self.pages.len() - 1) * PAGE + self.taken) as u32;
        self.taken += room;
        match list.chunk {
            0 => list.first = start,
            _ => {
                let (page, at) = place(list.end);
                self.pages[page][at..at + LINK].copy_from_slice(&start.to_le_bytes());
            }
        }
        (list.end, list.left, list.chunk) = (start, len, len);
    }

    /// Reads the numbers of a list into a buffer.
    pub(super) fn read(&self, list: List, numbers: &mut Vec<u32>) {
        numbers.clear();
        let (mut start, mut len) = (list.first, *CHUNKS.start());
        let (mut number, mut shift) = (0, 0);
        loop {
            let (page, at) = place(start);
            let is_last = start + u32::from(len) == list.end + u32::from(list.left);
            let used = len - if is_last { list.left } else { 0 };
            let chunk = &self.pages[page][at..];
            for &byte in &chunk[..usize::from(used)] {
                number |= u32::from(byte & 0x7f) << shift;
                shift += 7;
                if byte >= 0x80 {
                    numbers.push(number);
                    (number, shift) = (0, 0);
                }
            }
            if is_last {
                return;
            }
            let mut link = [0; LINK];
            link.copy_from_slice(&chunk[usize::from(len)..][..LINK]);
            start = u32::from_le_bytes(link);
            len = (len * 2).min(*CHUNKS.end());
        }
    }
}

/// The page of a place, and where in it.
#[inline]
fn place(at: u32) -> (usize, usize) {
    (at as usize / PAGE, at as usize % PAGE)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lists_that_grow_side_by_side_hold_what_each_was_given(
            numbers in proptest::collection::vec((0..4_usize, 0..=u32::MAX, 0..32_u32), 1..4000),
        ) {
            let mut chunks = Chunks::default();
            let mut lists = [List::default(); 4];
            let mut expected = [const { Vec::new() }; 4];
            for (list, number, small) in numbers {
                let number = number >> small;
                chunks.push(&mut lists[list], number);
                expected[list].push(number);
            }
            for (list, expected) in lists.into_iter().zip(expected) {
                if !expected.is_empty() {
                    let mut read = Vec::new();
                    chunks.read(list, &mut read);
                    prop_assert_eq!(read, expected);
                }
            }
        }
    }

    #[test]
    fn a_list_may_fill_many_pages() {
        let (mut chunks, mut list) = (Chunks::default(), List::default());
        let numbers: Vec<u32> = (0..100_000).collect();
        for &number in &numbers {
            chunks.push(&mut list, number);
        }
        let mut read = Vec::new();
        chunks.read(list, &mut read);
        assert_eq!(read, numbers);
        assert!(chunks.bytes() > 4 * PAGE && chunks.bytes() < 6 * PAGE);
    }
}
