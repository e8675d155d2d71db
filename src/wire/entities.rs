//! Character references of HTML and XML: `&aelig;`, `&#230;`, `&#xE6;`.

use std::borrow::Cow;

use super::entity_names::text_of;

/// Longest name of an entity in HTML, with room for a number.
const LONGEST: usize = 33;

/// Replaces character references by what they stand for; what is no reference stays as it is.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest) {
            Some((name, after)) if push(name, &mut out) => rest = after,
            _ => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The name in the reference that a text begins with (`&name;`), and what follows it.
pub(super) fn reference(text: &str) -> Option<(&str, &str)> {
    let tail = text.strip_prefix('&')?;
    let end = tail
        .bytes()
        .take(LONGEST)
        .position(|b| !(b.is_ascii_alphanumeric() || b == b'#'))?;
    (end > 0 && tail.as_bytes()[end] == b';').then(|| (&tail[..end], &tail[end + 1..]))
}

/// Appends what a reference stands for; `false` if its name is unknown.
pub(super) fn push(name: &str, out: &mut String) -> bool {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        let Ok(code) = code else { return false };
        out.extend(character(code));
        return true;
    }
    match text_of(name) {
        Some(text) => out.push_str(text),
        // not in HTML, but in every second feed
        None if name == "apos" => out.push('\''),
        None => return false,
    }
    true
}

/// The character of a number; 128 to 159 mean Windows-1252 (HTML, 13.2.5.80), and what no text may hold is dropped.
fn character(code: u32) -> Option<char> {
    if let 0x80..=0x9f = code {
        let byte = [u8::try_from(code).ok()?];
        let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte);
        return text.chars().next();
    }
    char::from_u32(code).filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_become_letters() {
        assert_eq!(
            decode("bl&aring;b&#230;rgr&#xF8;d &amp; &apos;fl&oslash;de&apos;"),
            "blåbærgrød & 'fløde'"
        );
        assert_eq!(decode("&#150;&#1;"), "–");
    }

    #[test]
    fn what_is_no_reference_stays() {
        for text in [
            "AT&T",
            "&",
            "&;",
            "&nonsense;",
            "a & b; c",
            "&#x;",
            "&#99999999999;",
        ] {
            assert_eq!(decode(text), text);
        }
    }
}
