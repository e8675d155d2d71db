//! The one error of the library: a kind to act on, a sentence to read, a hint where a cure is known.

use std::{error, fmt, io};

/// Result with the library's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What a caller can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// A feed file, or a part of one, cannot be read as dispatches.
    Feed,
    /// A question cannot be asked so.
    Query,
    /// The index was made with another schema or another analysis, or by another program.
    Schema,
    /// There is no index, or no dispatch, at the place named.
    NotFound,
    /// Another run holds the index.
    Busy,
    /// The index is damaged or the engine failed.
    Backend,
    /// The outside world failed: files, permissions, space.
    Io,
}

/// An error: kind, sentence, optional hint, optional cause.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    sentence: String,
    hint: Option<String>,
    source: Option<Box<dyn error::Error + Send + Sync>>,
}

impl Error {
    /// An error with a sentence: lower case, no full stop, naming the file or place.
    pub fn new(kind: ErrorKind, sentence: impl Into<String>) -> Self {
        Self {
            kind,
            sentence: sentence.into(),
            hint: None,
            source: None,
        }
    }

    /// The same with the failure that caused it; the message shows it after a colon.
    pub fn because(mut self, source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The same with a known cure, shown on a line of its own.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A failure of the outside world while doing what the sentence says.
    pub fn io(sentence: impl Into<String>, source: io::Error) -> Self {
        Self::new(ErrorKind::Io, sentence).because(source)
    }

    /// What a caller can act on.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The cure, where one is known.
    pub fn cure(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)?;
        if let Some(source) = &self.source {
            write!(f, ": {source}")?;
        }
        Ok(())
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.as_ref().map(|s| &**s as _)
    }
}
