//! The beginning of a file, by which its format is recognised.

use std::{borrow::Cow, cell::OnceCell};

use super::{encoding, json, xml};

/// The first bytes of a file (up to 64 KiB), and what is found out of them: once, whichever formats ask.
pub struct Beginning<'b> {
    bytes: &'b [u8],
    text: OnceCell<Cow<'b, str>>,
    root_name: OnceCell<Option<String>>,
    json_keys: OnceCell<Option<Vec<String>>>,
}

impl<'b> Beginning<'b> {
    /// The beginning of a file.
    pub fn of(bytes: &'b [u8]) -> Self {
        Self {
            bytes,
            text: OnceCell::new(),
            root_name: OnceCell::new(),
            json_keys: OnceCell::new(),
        }
    }

    /// As it stands in the file.
    pub fn bytes(&self) -> &'b [u8] {
        self.bytes
    }

    /// As text.
    pub fn text(&self) -> &str {
        self.text
            .get_or_init(|| encoding::to_text(self.bytes, None))
    }

    /// The local name of the first element, if it is XML.
    pub fn root_name(&self) -> Option<&str> {
        let read = || xml::root_name(self.text());
        self.root_name.get_or_init(read).as_deref()
    }

    /// The keys of the outer objects, if it is JSON.
    pub fn json_keys(&self) -> Option<&[String]> {
        let read = || json::begins(self.text()).then(|| json::keys(self.text()));
        self.json_keys.get_or_init(read).as_deref()
    }
}
