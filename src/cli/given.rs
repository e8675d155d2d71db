//! Arguments that must say something: an unset variable in a script gives an empty one.

use std::{ffi::OsString, path::PathBuf};

use clap::builder::{PathBufValueParser, TypedValueParser};

/// Reads an id or a path, which may be no text; an empty one is refused as clap refuses an empty path.
pub(crate) fn id_or_path() -> impl TypedValueParser<Value = OsString> {
    PathBufValueParser::new().map(PathBuf::into_os_string)
}
