//! Character references of HTML and XML: `&aelig;`, `&#230;`, `&#xE6;`.

use std::borrow::Cow;

use html_escape::NAMED_ENTITIES;

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
    match NAMES.get(name) {
        Some(text) => out.push_str(text),
        // not in HTML, but in every second feed
        None if name == "apos" => out.push('\''),
        None => return false,
    }
    true
}

/// The names of HTML in order, each with a `;` and what it stands for. As pairs of pointers, as the library has them, they would be
/// four thousand places for the loader to fill in at every start of the program.
struct Names {
    text: [u8; BYTES],
    starts: [u16; NAMED_ENTITIES.len()],
}

static NAMES: Names = Names::of_the_library();

/// Bytes of all names and of what they stand for.
const BYTES: usize = {
    let (mut bytes, mut at) = (0, 0);
    while at < NAMED_ENTITIES.len() {
        bytes += NAMED_ENTITIES[at].0.len() + 1 + NAMED_ENTITIES[at].1.len();
        at += 1;
    }
    assert!(bytes <= u16::MAX as usize);
    bytes
};

impl Names {
    const fn of_the_library() -> Self {
        let mut names = Self {
            text: [0; BYTES],
            starts: [0; NAMED_ENTITIES.len()],
        };
        let (mut end, mut at) = (0, 0);
        while at < NAMED_ENTITIES.len() {
            names.starts[at] = end as u16;
            let (name, text) = NAMED_ENTITIES[at];
            end = names.write(end, name);
            end = names.write(end, b";");
            end = names.write(end, text.as_bytes());
            at += 1;
        }
        names
    }

    /// Writes from a place on; where that ends.
    const fn write(&mut self, start: usize, bytes: &[u8]) -> usize {
        let (_, rest) = self.text.split_at_mut(start);
        let (place, _) = rest.split_at_mut(bytes.len());
        place.copy_from_slice(bytes);
        start + bytes.len()
    }

    /// What a name stands for.
    fn get(&self, name: &str) -> Option<&str> {
        let known = |start: &u16| {
            self.text[usize::from(*start)..]
                .split(|b| *b == b';')
                .next()
        };
        let at = self
            .starts
            .binary_search_by(|start| known(start).cmp(&Some(name.as_bytes())));
        let at = at.ok()?;
        let start = usize::from(self.starts[at]) + name.len() + 1;
        let end = self
            .starts
            .get(at + 1)
            .map_or(BYTES, |end| usize::from(*end));
        str::from_utf8(self.text.get(start..end)?).ok()
    }
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
    fn every_name_of_html_is_known() {
        for (name, text) in NAMED_ENTITIES {
            let name = str::from_utf8(name).unwrap();
            assert_eq!(decode(&format!("&{name};")), text);
        }
        assert_eq!(NAMES.get(""), None);
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
