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
    let limit = if limit >= 1 << 20 {
        format!("{} MB", limit >> 20)
    } else {
        format!("{limit} bytes")
    };
    Error::new(
        ErrorKind::Feed,
        format!("{what} is larger than the limit of {limit}"),
    )
}
