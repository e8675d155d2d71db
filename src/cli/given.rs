//! Arguments that must say something: an unset variable in a script gives an empty one.

use std::{ffi::OsString, path::PathBuf};

use clap::builder::{PathBufValueParser, TypedValueParser};

/// Reads an id or a path, which may be no text; an empty one is refused as clap refuses an empty path.
pub(crate) fn id_or_path() -> impl TypedValueParser<Value = OsString> {
    PathBufValueParser::new().map(PathBuf::into_os_string)
}

/// Reads a text that is more than blanks.
pub(crate) fn parse_filled(text: &str) -> Result<String, String> {
    match text.trim().is_empty() {
        true => Err("it is empty; name one, or leave the option out".to_owned()),
        false => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::parse_filled;

    #[test]
    fn blanks_are_nothing() {
        assert_eq!(parse_filled("Le Monde").as_deref(), Ok("Le Monde"));
        for text in ["", " ", "\t\n"] {
            assert!(parse_filled(text).is_err(), "{text:?}");
        }
    }
}
