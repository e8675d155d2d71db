//! What every wire target does: read the input as one format, and check what a dispatch promises.

use std::{io, path::Path};

use jiff::tz::TimeZone;
use wiresearch::wire::{self, FeedFile, Found, Limits, WIRE_FORMATS};

/// Reads `data` as the format of that name, whatever it looks like; as what it looks like if there is no such format.
pub fn read_as(name: &str, data: &[u8]) {
    let zone = TimeZone::UTC;
    let file = FeedFile {
        path: Path::new("2024/05/01/fuzz"),
        zone: &zone,
        limits: Limits::default(),
    };
    let mut input = io::Cursor::new(data);
    let mut emit = |found: wiresearch::Result<Found>| {
        if let Ok(found) = found {
            check(&found);
        }
        Ok(())
    };
    let format = WIRE_FORMATS.iter().find(|f| f.name() == name);
    // an error is an answer; a panic is not
    let _ = match format {
        Some(format) => format.read(&file, &mut input, &mut emit),
        None => wire::read(&file, &mut input, &mut emit).map(|_| ()),
    };
}

fn check(found: &Found) {
    let dispatch = found.content.dispatch();
    let texts = [Some(&dispatch.body), dispatch.headline.as_ref(), dispatch.note.as_ref()];
    for text in texts.into_iter().flatten() {
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    }
    assert!(dispatch.headline.as_ref().is_none_or(|h| !h.contains('\n')));
}
