//! Looking for rare bytes in long texts.

/// Bytes that are looked at together.
const BLOCK: usize = 64;

/// Where the first byte stands that is wanted.
///
/// Most blocks have none, and whether they have one is asked of all their bytes at once.
#[inline]
pub(super) fn position(bytes: &[u8], is_wanted: impl Fn(u8) -> bool) -> Option<usize> {
    let mut start = 0;
    for block in bytes.chunks(BLOCK) {
        if block.iter().fold(false, |any, byte| any | is_wanted(*byte)) {
            return block
                .iter()
                .position(|b| is_wanted(*b))
                .map(|at| start + at);
        }
        start += block.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_one_is_found_wherever_it_stands() {
        for len in [0, 1, 63, 64, 65, 200] {
            let mut bytes = vec![b'a'; len];
            assert_eq!(position(&bytes, |b| b == b'b'), None);
            for at in 0..len {
                bytes[at..].fill(b'b');
                assert_eq!(position(&bytes, |b| b == b'b'), Some(at));
                bytes.fill(b'a');
            }
        }
    }
}
