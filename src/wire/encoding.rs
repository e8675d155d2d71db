//! Bytes to text: UTF-8, UTF-16 with a byte order mark, Windows-1252 and whatever else a feed file declares.

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_8859_15, UTF_8, WINDOWS_1252};

use super::scan;

/// Decodes the bytes of a feed file.
///
/// In this order: a byte order mark; UTF-8 if the bytes are valid UTF-8, whatever is declared, as a lie in the
/// declaration is common and valid UTF-8 with letters beyond ASCII is never an accident; what is declared, where
/// ISO-8859-1 is read as Windows-1252 as on the web (WHATWG Encoding, 4.2); Windows-1252.
///
/// A few broken bytes in a text that is otherwise UTF-8 do not turn the rest of it into nonsense: they become U+FFFD.
pub(super) fn to_text<'b>(bytes: &'b [u8], declared: Option<&str>) -> Cow<'b, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.into();
    }
    if mostly_utf8(bytes) {
        return String::from_utf8_lossy(bytes);
    }
    let encoding = declared
        .map(str::trim)
        .and_then(|label| match label.to_ascii_lowercase().as_str() {
            // the label is missing from the WHATWG table in this spelling
            "iso8859-15" | "latin-9" => Some(ISO_8859_15),
            _ => Encoding::for_label(label.as_bytes()),
        })
        .filter(|e| *e != UTF_8 && e.is_ascii_compatible())
        .unwrap_or(WINDOWS_1252);
    encoding.decode_without_bom_handling(bytes).0
}

/// Why the bytes are no text, in a few words, or `None` if they are text.
pub(super) fn not_text(head: &[u8]) -> Option<String> {
    const KNOWN: [(&[u8], &str); 8] = [
        (b"\x89PNG", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"%PDF-", "a PDF file"),
        (b"RIFF", "a RIFF file"),
        (b"ID3", "an MP3 file"),
        (b"\xd0\xcf\x11\xe0", "an old Office file"),
        (b"\x7fELF", "a program"),
    ];
    if let Some((_, name)) = KNOWN.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(format!("it looks like {name}"));
    }
    if let Some((encoding, _)) = Encoding::for_bom(head)
        && encoding != UTF_8
    {
        return None;
    }
    // most texts have no control character at all
    scan::position(head, |b| b < 0x20 && b != b'\n')?;
    // a stray zero byte in a long text is a flaw of the wire; it is left out with the other control characters
    let zeros = head.iter().filter(|b| **b == 0).count();
    if let Some(at) = head
        .iter()
        .position(|b| *b == 0)
        .filter(|_| zeros * 500 > head.len())
    {
        return Some(format!("a zero byte at byte {at}"));
    }
    let control = head.iter().filter(|b| is_control(**b)).count();
    (control > 8 && control * 20 > head.len()).then(|| "too many control characters".to_owned())
}

/// Whether a control byte is one that no text format uses. The teleprinter's own (SOH, STX, ETX, EOT, SYN, DC1-4, US)
/// belong to IPTC 7901 and ANPA 1312.
fn is_control(byte: u8) -> bool {
    byte < 0x20
        && !matches!(
            byte,
            b'\t' | b'\n' | b'\r' | 0x0c | 0x01..=0x04 | 0x11..=0x14 | 0x16 | 0x1a | 0x1f
        )
}

/// Whether the text has letters beyond ASCII in UTF-8, at least ten for each byte that is broken.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut letters, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        letters += chunk
            .valid()
            .bytes()
            .filter(|b| !b.is_ascii() && *b >= 0xc0)
            .count();
        broken += chunk.invalid().len();
    }
    letters >= 10 && letters >= broken.saturating_mul(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lie_in_the_declaration_does_not_garble_danish_letters() {
        for declared in [
            None,
            Some("iso-8859-1"),
            Some("ISO-8859-15"),
            Some("us-ascii"),
            Some("nonsense"),
        ] {
            assert_eq!(to_text("blåbærgrød".as_bytes(), declared), "blåbærgrød");
        }
        for declared in [
            None,
            Some("utf-8"),
            Some("UTF8"),
            Some("iso-8859-1"),
            Some("utf-16"),
        ] {
            assert_eq!(to_text(b"bl\xe5b\xe6rgr\xf8d", declared), "blåbærgrød");
        }
    }

    #[test]
    fn latin_1_is_read_as_windows_1252_and_latin_9_as_itself() {
        assert_eq!(to_text(b"\x93ja\x94 \x80", Some("iso-8859-1")), "“ja” €");
        assert_eq!(to_text(b"10 \xa4", Some("ISO-8859-15")), "10 €");
        assert_eq!(to_text(b"10 \xa4", None), "10 ¤");
    }

    #[test]
    fn a_byte_order_mark_decides_and_is_removed() {
        assert_eq!(to_text(b"\xef\xbb\xbf\xc3\xb8", Some("iso-8859-1")), "ø");
        assert_eq!(to_text(b"\xff\xfe\xf8\0", None), "ø");
        assert_eq!(to_text(b"\xfe\xff\0\xf8", None), "ø");
    }

    #[test]
    fn one_broken_byte_leaves_the_other_letters_alone() {
        let mut bytes = "æøå".repeat(10).into_bytes();
        bytes.push(0xe5);
        assert_eq!(to_text(&bytes, None), "æøå".repeat(10) + "\u{fffd}");
    }

    #[test]
    fn pictures_and_binary_data_are_no_text() {
        assert_eq!(
            not_text(b"\x89PNG\r\n").as_deref(),
            Some("it looks like a PNG picture")
        );
        assert_eq!(
            not_text(b"abc\0def").as_deref(),
            Some("a zero byte at byte 3")
        );
        assert!(not_text(&[5; 100]).is_some());
        let stray = ["Et langt telegram. ".repeat(40), "\0".to_owned()].concat();
        assert_eq!(not_text(stray.as_bytes()), None);
        assert_eq!(not_text("\u{1}abc\u{2}\r\nTekst\u{3}".as_bytes()), None);
        assert_eq!(not_text(b"\xff\xfea\0"), None);
    }
}
