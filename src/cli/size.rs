//! Sizes as people write them: `16 MB`.

/// Reads a number of bytes with an optional unit: `kB`, `MB`, `GB`, in powers of 1024, in any case, `B` optional; or
/// of `bytes`.
pub(crate) fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: u64 = text[..digits].parse().ok()?;
    let unit = text[digits..].trim().to_ascii_lowercase();
    let shift = match unit
        .strip_suffix("ib")
        .or(unit.strip_suffix('b'))
        .unwrap_or(&unit)
    {
        "" | "byte" | "bytes" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        "t" => 40,
        _ => return None,
    };
    number.checked_mul(1 << shift)
}

#[cfg(test)]
mod tests {
    use wiresearch::wire::limit_in_words;

    use super::parse_size;

    #[test]
    fn a_limit_is_shown_as_it_may_be_written() {
        for bytes in [0, 1, 1023, 1024, 100 << 10, 3 << 19, 64 << 20, 1 << 40] {
            assert_eq!(parse_size(&limit_in_words(bytes)), Some(bytes));
        }
    }

    #[test]
    fn units_are_powers_of_1024() {
        let sizes = ["16 MB", "64m", "1GiB", "512", "2 kB", "9b", "7 bytes"].map(parse_size);
        let bytes = [16 << 20, 64 << 20, 1 << 30, 512, 2048, 9, 7].map(Some);
        assert_eq!(sizes, bytes);
        for text in ["", "MB", "-1", "1.5 MB", "1 parsec", "99999999999 TB", "å"] {
            assert_eq!(parse_size(text), None, "{text}");
        }
    }
}
