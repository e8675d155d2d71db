//! Many lists of numbers that grow side by side.

use std::hint;

/// Bytes of a page; a chunk lies in one.
const PAGE: usize = 1 << 16;
/// Bytes of the first chunk of a list, and of its largest ones. Each is twice as long as the one before.
const CHUNKS: std::ops::RangeInclusive<u16> = 32..=256;
/// Bytes behind a chunk that say where the next one begins.
const LINK: usize = size_of::<u32>();
/// Bytes of a list that needs no chunk: most words stand in a text or two.
const FEW: usize = 14;

/// Memory for lists of numbers. A list takes chunks of it, each twice as long as the one before: little is wasted on short
/// lists, and nothing is copied when a long one grows.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    pages: Vec<Box<[u8]>>,
    /// Bytes taken of the last page.
    taken: usize,
}

/// A list of numbers: seven bits a byte, the lowest first, the last byte of each marked.
#[derive(Clone, Copy, Debug)]
pub(super) enum List {
    /// Its bytes.
    Few { len: u8, bytes: [u8; FEW] },
    /// Its bytes are in [`Chunks`].
    Many(Chain),
}

/// The chunks of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chain {
    /// Where the first one begins.
    first: u32,
    /// Where the next byte goes.
    end: u32,
    /// Bytes left in the last one.
    left: u16,
    /// Bytes of the last one.
    last: u16,
}

impl Default for List {
    fn default() -> Self {
        Self::Few {
            len: 0,
            bytes: [0; FEW],
        }
    }
}

impl Chunks {
    /// Bytes of memory that are taken.
    pub(super) fn bytes(&self) -> usize {
        self.pages.len() * PAGE
    }

    /// Looks at the place where a list ends, which is written to soon.
    #[inline]
    pub(super) fn look_at(&self, list: &List) {
        if let List::Many(chain) = list {
            self.look_at_place(chain.end);
        }
    }

    /// Looks at the place where a list begins, which is read soon.
    #[inline]
    pub(super) fn look_at_start(&self, list: &List) {
        if let List::Many(chain) = list {
            self.look_at_place(chain.first);
        }
    }

    #[inline]
    fn look_at_place(&self, at: u32) {
        let (page, at) = place(at);
        hint::black_box(self.pages.get(page).map(|page| page[at]));
    }

    /// Adds a number to a list.
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
        let bytes = &bytes[..=len];
        match list {
            List::Many(chain) => self.push_bytes(chain, bytes),
            List::Few { len, bytes: few } => {
                let from = usize::from(*len);
                match few.get_mut(from..from + bytes.len()) {
                    Some(to) => {
                        to.copy_from_slice(bytes);
                        *len += bytes.len() as u8;
                    }
                    None => {
                        let mut chain = self.begin();
                        self.push_bytes(&mut chain, &few[..from]);
                        self.push_bytes(&mut chain, bytes);
                        *list = List::Many(chain);
                    }
                }
            }
        }
    }

    #[inline]
    fn push_bytes(&mut self, chain: &mut Chain, mut bytes: &[u8]) {
        while bytes.len() > chain.left.into() {
            let fitting = self.put(chain, &bytes[..chain.left.into()]);
            bytes = &bytes[fitting..];
            self.grow(chain);
        }
        self.put(chain, bytes);
    }

    /// Writes bytes that the last chunk has room for; returns how many.
    #[inline]
    fn put(&mut self, chain: &mut Chain, bytes: &[u8]) -> usize {
        if let Some(page) = self.pages.get_mut(place(chain.end).0) {
            let at = place(chain.end).1;
            for (to, byte) in page[at..].iter_mut().zip(bytes) {
                *to = *byte;
            }
        }
        chain.end += bytes.len() as u32;
        chain.left -= bytes.len() as u16;
        bytes.len()
    }

    /// A chain of one chunk.
    #[cold]
    fn begin(&mut self) -> Chain {
        let len = *CHUNKS.start();
        let start = self.take(len);
        Chain {
            first: start,
            end: start,
            left: len,
            last: len,
        }
    }

    /// Gives a chain another chunk.
    #[cold]
    fn grow(&mut self, chain: &mut Chain) {
        let len = longer(chain.last);
        let start = self.take(len);
        let (page, at) = place(chain.end);
        self.pages[page][at..at + LINK].copy_from_slice(&start.to_le_bytes());
        (chain.end, chain.left, chain.last) = (start, len, len);
    }

    /// Takes so many bytes for a chunk; where they begin.
    fn take(&mut self, len: u16) -> u32 {
        let room = usize::from(len) + LINK;
        if self.pages.is_empty() || self.taken + room > PAGE {
            self.pages.push(vec![0; PAGE].into());
            self.taken = 0;
        }
        let start = (self.pages.len() - 1) * PAGE + self.taken;
        self.taken += room;
        start as u32
    }

    /// Reads the numbers of a list into a buffer.
    pub(super) fn read(&self, list: &List, numbers: &mut Vec<u32>) {
        numbers.clear();
        let mut reading = Reading {
            numbers,
            number: 0,
            shift: 0,
        };
        match list {
            List::Few { len, bytes } => reading.read(&bytes[..usize::from(*len)]),
            List::Many(chain) => self.read_chain(chain, &mut reading),
        }
    }

    fn read_chain(&self, chain: &Chain, reading: &mut Reading<'_>) {
        let (mut start, mut len) = (chain.first, *CHUNKS.start());
        loop {
            let (page, at) = place(start);
            let chunk = &self.pages[page][at..];
            if start + u32::from(len) == chain.end + u32::from(chain.left) {
                reading.read(&chunk[..usize::from(len - chain.left)]);
                return;
            }
            reading.read(&chunk[..usize::from(len)]);
            let mut link = [0; LINK];
            link.copy_from_slice(&chunk[usize::from(len)..][..LINK]);
            start = u32::from_le_bytes(link);
            len = longer(len);
        }
    }
}

/// Bytes of the chunk behind one.
fn longer(len: u16) -> u16 {
    (len * 2).min(*CHUNKS.end())
}

/// Numbers that are being read; one may go over from one chunk to the next.
struct Reading<'a> {
    numbers: &'a mut Vec<u32>,
    number: u32,
    shift: u32,
}

impl Reading<'_> {
    #[inline]
    fn read(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.number |= u32::from(byte & 0x7f) << self.shift;
            self.shift += 7;
            if byte >= 0x80 {
                self.numbers.push(self.number);
                (self.number, self.shift) = (0, 0);
            }
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
                    chunks.read(&list, &mut read);
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
        chunks.read(&list, &mut read);
        assert_eq!(read, numbers);
        assert!(chunks.bytes() > 4 * PAGE && chunks.bytes() < 6 * PAGE);
    }
}
