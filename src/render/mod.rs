//! Hits in, bytes out: one file per output format.
//!
//! An [`OutputFormat`] takes an answer in three steps, so that any number of hits can pass through in bounded memory.
//! Nothing here knows where the bytes go; what the place looks like is said by a [`Look`].

mod advice;
mod clean;
mod csv;
mod json;
mod jsonl;
mod look;
mod manual;
mod overview;
mod page;
mod paths;
mod reading;
mod summary;
mod table;
mod text;

use std::io::{self, Write};

pub use advice::{write_advice, write_explanation};
pub use clean::clean;
pub use json::{FORMAT_VERSION, write_json};
pub use look::Look;
pub use manual::{Block, Kind, Manual, spans};
pub use overview::write_status;
pub use reading::{Marks, write_shown, write_shown_json};
pub use summary::{counted, write_summary};
pub use table::{write_table, write_values};

use crate::search::{Hit, Hits};

/// One way in which hits are written.
///
/// The answer given to [`begin`](Self::begin) and [`end`](Self::end) is the same, and its list of hits is not looked
/// at: the hits come one by one in between.
pub trait OutputFormat: Sync {
    /// Its name, as in `--format`.
    fn name(&self) -> &'static str;

    /// What it is good for, as in `--help`.
    fn about(&self) -> &'static str;

    /// Whether it writes anything besides the hits; if not, nobody needs to count them first.
    fn summarises(&self) -> bool {
        false
    }

    /// Whether everything that was asked for is in it, also why there are no hits; if not, that is said elsewhere.
    fn holds_everything(&self) -> bool {
        false
    }

    /// Writes what stands before the hits.
    ///
    /// # Errors
    ///
    /// Fails if `out` does; so do the others.
    fn begin(&self, _answer: &Hits, _look: &Look, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// Writes a hit; `place` counts from 0.
    ///
    /// # Errors
    ///
    /// Fails if `out` does.
    fn hit(&self, place: u64, hit: &Hit, look: &Look, out: &mut dyn Write) -> io::Result<()>;

    /// Writes what stands after the hits, of which so many were written.
    ///
    /// # Errors
    ///
    /// Fails if `out` does.
    fn end(
        &self,
        _answer: &Hits,
        _written: u64,
        _look: &Look,
        _out: &mut dyn Write,
    ) -> io::Result<()> {
        Ok(())
    }

    /// Writes an answer with the hits it holds.
    ///
    /// # Errors
    ///
    /// Fails if `out` does.
    fn render(&self, answer: &Hits, look: &Look, out: &mut dyn Write) -> io::Result<()> {
        self.begin(answer, look, out)?;
        for (place, hit) in (0..).zip(&answer.hits) {
            self.hit(place, hit, look, out)?;
        }
        self.end(answer, answer.hits.len() as u64, look, out)
    }
}

/// The output formats, the usual one first.
pub static OUTPUT_FORMATS: &[&dyn OutputFormat] = &[
    &text::Text,
    &json::Json,
    &jsonl::JsonLines,
    &csv::Csv,
    &paths::Paths,
];

/// The output format of that name.
pub fn output_format(name: &str) -> Option<&'static dyn OutputFormat> {
    OUTPUT_FORMATS.iter().copied().find(|f| f.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found_again() {
        for format in OUTPUT_FORMATS {
            let found = output_format(format.name()).unwrap();
            assert_eq!(found.about(), format.about());
        }
        assert!(output_format("xml").is_none());
    }
}
