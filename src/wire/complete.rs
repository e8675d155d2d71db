//! What every wire format does last: marks, language, limits, and whether there is anything to index.

use index_schema::{Dispatch, PubStatus};

use super::{FeedFile, Found, Item, language, marks};
use crate::error::{Error, ErrorKind, Result};

/// Completes a dispatch that a format has read: adds marks from headline and slug, detects the language where the
/// wire is silent, turns away what is too large, and passes over what has no text and kills nothing. A headline alone
/// is a dispatch: so come flashes.
pub(super) fn complete(mut dispatch: Dispatch, file: &FeedFile<'_>) -> Result<Item> {
    for text in [&dispatch.headline, &dispatch.slug].into_iter().flatten() {
        marks::add_from(text, &mut dispatch.marks);
    }
    let size = dispatch.body.len() + dispatch.note.as_ref().map_or(0, String::len);
    if size as u64 > file.limits.dispatch {
        return Err(too_large("the text of the dispatch", file.limits.dispatch));
    }
    if dispatch.language.is_none() {
        dispatch.language = language::detect(&dispatch.body);
    }
    let silent = dispatch.body.is_empty() && dispatch.headline.is_none();
    if silent && dispatch.status != PubStatus::Canceled {
        return Ok(Item::passed_over("no text", dispatch));
    }
    Ok(Item::Dispatch(Box::new(dispatch)))
}

/// An item at a position, outside archives.
pub(super) fn found(item: u32, content: Item) -> Found {
    Found {
        member: None,
        item,
        content,
    }
}

/// The error for what is larger than a limit.
pub(super) fn too_large(what: &str, limit: u64) -> Error {
    Error::new(
        ErrorKind::Feed,
        format!(
            "{what} is larger than the limit of {}",
            limit_in_words(limit)
        ),
    )
}

/// A limit to the byte, as the config file may say it: in the largest unit, of powers of 1024, of which it is a whole
/// number.
///
/// ```
/// use wiresearch::wire::limit_in_words;
///
/// assert_eq!(limit_in_words(100 << 10), "100 kB");
/// assert_eq!(limit_in_words(3 << 19), "1536 kB");
/// assert_eq!(limit_in_words(1000), "1000 bytes");
/// ```
pub fn limit_in_words(bytes: u64) -> String {
    let units = [(40, "TB"), (30, "GB"), (20, "MB"), (10, "kB")];
    let whole = units
        .into_iter()
        .find(|(shift, _)| bytes > 0 && bytes.is_multiple_of(1 << shift));
    match whole {
        Some((shift, unit)) => format!("{} {unit}", bytes >> shift),
        None => format!("{bytes} bytes"),
    }
}
