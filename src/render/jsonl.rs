//! JSON lines: the hits alone, one object a line, for any number of them.

use std::io::{self, Write};

use super::{Look, OutputFormat, write_json};
use crate::search::Hit;

/// A hit a line: `--format jsonl`.
pub(super) struct JsonLines;

impl OutputFormat for JsonLines {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn about(&self) -> &'static str {
        "the hits, one JSON object a line"
    }

    fn hit(&self, _: u64, hit: &Hit, _: &Look, out: &mut dyn Write) -> io::Result<()> {
        write_json(hit, out)
    }
}
