//! Query text in, query tree out.
//!
//! [`parse`] never fails: what is no operator, field or date is searched as words, so that a pasted headline with its
//! quotes, colons and dashes is a good query. [`read_as`] writes the tree in the query language again and shows how
//! the text was read.
//!
//! ```
//! use jiff::{Timestamp, tz::TimeZone};
//! use wiresearch::query::{parse, read_as};
//!
//! let now: Timestamp = "2017-03-15T12:00:00Z".parse()?;
//! let zone = TimeZone::get("Europe/Copenhagen")?;
//!
//! let parsed = parse("Palmyra landminer ELLER bomber -øvelse dato:»marts 2017«", now, &zone);
//! assert_eq!(read_as(&parsed.query), r#"Palmyra (landminer OR bomber) NOT øvelse date:"marts 2017""#);
//! assert_eq!(parsed.words.len(), 3);
//!
//! let parsed = parse("Hvem vandt? Trump: \"Det var mig", now, &zone);
//! assert_eq!(read_as(&parsed.query), "Hvem vandt Trump Det var mig");
//! assert_eq!(parsed.notices, ["a quotation mark without a partner is read as punctuation"]);
//! # Ok::<(), jiff::Error>(())
//! ```

mod asked;
mod ast;
mod calendar;
mod dates;
mod names;
mod notices;
mod read_as;
mod today;
mod tokens;
mod tree;
mod words;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod readings;

use jiff::{Timestamp, tz::TimeZone};

pub use asked::AskedWord;
pub use ast::{Field, Passage, Query, Zone};
pub use dates::{BadDate, parse_date, parse_since_until};
pub use read_as::read_as;

/// A query text as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// What is asked.
    pub query: Query,
    /// What the reader should know of the reading, in sentences: an operator that was read as a word, a month
    /// without its year.
    pub notices: Vec<String>,
    /// Each word and pattern that is asked for, none that is excluded, in the order written.
    pub words: Vec<AskedWord>,
}

/// Reads a query text; relative dates count from `now`, and days begin in `zone`.
///
/// Takes time in proportion to the text.
pub fn parse(text: &str, now: Timestamp, zone: &TimeZone) -> Parsed {
    let mut notices = notices::Notices::default();
    let tokens = tokens::tokens(text, &mut notices);
    let query = tree::tree(tokens, now, zone, &mut notices);
    if query == Query::Everything {
        notices.everything();
    }
    Parsed {
        words: asked::words(&query),
        notices: notices.into_sentences(),
        query,
    }
}
