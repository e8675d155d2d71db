//! The names of the character references of HTML.
//!
//! The library has them as pairs of pointers: four thousand places for the loader to fill in at every start of the program. They are
//! packed when it is compiled.

use html_escape::NAMED_ENTITIES;

/// What a name of HTML stands for.
pub(super) fn text_of(name: &str) -> Option<&'static str> {
    NAMES.get(name)
}

/// The names in order, each with a `;` and what it stands for, and where each of them begins.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_html_is_known() {
        for (name, text) in NAMED_ENTITIES {
            assert_eq!(text_of(str::from_utf8(name).unwrap()), Some(text));
        }
        for none in ["", ";", "aelig;", "nonsense", "Æ"] {
            assert_eq!(text_of(none), None, "{none}");
        }
    }
}
