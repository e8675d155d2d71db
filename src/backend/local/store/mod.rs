//! What is stored of documents, in the store of their segment: one text for each.
//!
//! The engine can write and read it, too, and does where segments are merged or few texts are read. But it makes a new
//! compressor or decompressor for every block, which in a virtual machine takes as long as a small block itself, and it keeps
//! whole blocks, where the texts of a page of hits stand in ten of them.
//!
//! A store, as Tantivy 0.27 has it (version 2 of that format), is a sequence of compressed blocks, a [skip index](skip_index)
//! that says where the block of a document is, and a footer. Numbers of fixed width are little endian. All others have seven bits
//! in a byte, the lowest first, and a mark in the last byte.
//!
//! A block is its length, and compressed: documents, where each of them begins, and how many there are. A document is how many
//! values it has, here one, and of each the field, the type, the length and the text.

mod skip_index;
mod texts;
mod writer;

pub(super) use texts::StoredTexts;
pub(super) use writer::StoreWriter;

/// Bytes of a footer: version, place of the skip index, compression, and fifteen bytes for later.
const FOOTER: usize = 28;
/// The version of the format, and the number of Zstandard among its compressions.
const VERSION: u32 = 2;
const ZSTD: u8 = 4;
/// The type of a value that is a text.
const TEXT: u8 = 0;

/// Reads a number of as many bytes as it needs.
fn read_number(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for (place, byte) in (0..10).zip(*bytes) {
        number |= u64::from(byte & 127) << (7 * place);
        if *byte > 127 {
            *bytes = &bytes[place + 1..];
            return number.try_into().ok();
        }
    }
    None
}

/// Writes a number in as few bytes as it needs.
fn write_number(mut number: usize, out: &mut Vec<u8>) {
    while number > 127 {
        out.push((number & 127) as u8);
        number >>= 7;
    }
    out.push(number as u8 | 128);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_comes_back_as_it_went() {
        let mut bytes = Vec::new();
        let numbers = [0, 1, 127, 128, 300, 1 << 14, usize::MAX];
        for number in numbers {
            write_number(number, &mut bytes);
        }
        let mut rest = bytes.as_slice();
        for number in numbers {
            assert_eq!(read_number(&mut rest), Some(number));
        }
        assert!(rest.is_empty());
        for none in [&[][..], &[1, 2], &[0; 11]] {
            assert_eq!(read_number(&mut &*none), None);
        }
    }
}
