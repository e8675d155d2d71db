//! JSON: one object for an answer. The command line and any other front door write these same bytes.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

use super::{Look, OutputFormat, clean::steers};
use crate::search::{Hit, Hits};

/// Version of the keys of an answer. New keys may come without a new version; none goes or changes its meaning.
pub const FORMAT_VERSION: u32 = 1;

/// One object with everything: `--format json`.
pub(super) struct Json;

impl OutputFormat for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn about(&self) -> &'static str {
        "one JSON object with hits, total and whatever else was asked for"
    }

    fn summarises(&self) -> bool {
        true
    }

    fn holds_everything(&self) -> bool {
        true
    }

    fn begin(&self, answer: &Hits, _: &Look, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{{\"format\":{FORMAT_VERSION},\"query\":")?;
        write_value(&answer.query, out)?;
        out.write_all(b",\"read_as\":")?;
        write_value(&answer.read_as, out)?;
        write!(out, ",\"total\":{},\"took_ms\":", answer.total)?;
        // to the microsecond: no clock means more
        write_value(&((answer.took_ms * 1e3).round() / 1e3), out)?;
        out.write_all(b",\"hits\":[")
    }

    fn hit(&self, place: u64, hit: &Hit, _: &Look, out: &mut dyn Write) -> io::Result<()> {
        if place > 0 {
            out.write_all(b",")?;
        }
        write_value(hit, out)
    }

    fn end(&self, answer: &Hits, _: u64, _: &Look, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"]")?;
        optional("facets", answer.facets.as_ref(), out)?;
        optional("timeline", answer.timeline.as_ref(), out)?;
        optional("suggestions", answer.suggestions.as_ref(), out)?;
        let leave_out = Some(&answer.leave_out).filter(|l| !l.is_empty());
        optional("leave_out", leave_out, out)?;
        optional("words", answer.words.as_ref(), out)?;
        let notices = Some(&answer.notices).filter(|n| !n.is_empty());
        optional("notices", notices, out)?;
        out.write_all(b"}\n")
    }
}

fn optional<T: Serialize>(key: &str, value: Option<&T>, out: &mut dyn Write) -> io::Result<()> {
    match value {
        Some(value) => {
            write!(out, ",\"{key}\":")?;
            write_value(value, out)
        }
        None => Ok(()),
    }
}

/// Writes a value as JSON on a line of its own.
///
/// # Errors
///
/// Fails if `out` does.
pub fn write_json<T: Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    write_value(value, out)?;
    out.write_all(b"\n")
}

fn write_value<T: Serialize + ?Sized>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(out, Escaping(CompactFormatter));
    value.serialize(&mut serializer).map_err(io::Error::from)
}

/// Writes what RFC 8259 (7) lets stand but a terminal obeys as `\uXXXX`: the value is the same.
struct Escaping(CompactFormatter);

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|&(_, c)| steers(c)) {
            self.0.write_string_fragment(writer, &rest[..at])?;
            write!(writer, "\\u{:04x}", u32::from(c))?;
            rest = &rest[at + c.len_utf8()..];
        }
        self.0.write_string_fragment(writer, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{Bar, FacetValue, Facets, LeaveOut, Suggestion, WordCount};

    fn answer() -> Hits {
        Hits {
            query: "\"a\"".to_owned(),
            read_as: "a".to_owned(),
            total: 2,
            took_ms: 1.25,
            hits: vec![Hit::default(), Hit::default()],
            facets: Some(Facets {
                source: vec![FacetValue {
                    value: "Ritzau".to_owned(),
                    count: 2,
                }],
                ..Facets::default()
            }),
            timeline: Some(vec![Bar::default()]),
            suggestions: Some(vec![Suggestion::default()]),
            leave_out: vec![LeaveOut::default()],
            words: Some(vec![WordCount::default()]),
            notices: vec!["a notice".to_owned()],
        }
    }

    fn rendered(answer: &Hits) -> String {
        let mut out = Vec::new();
        Json.render(answer, &Look::plain(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_answer_written_in_steps_is_the_answer_written_at_once() {
        for answer in [answer(), Hits::default()] {
            let mut steps: serde_json::Value = serde_json::from_str(&rendered(&answer)).unwrap();
            let format = steps.as_object_mut().unwrap().remove("format");
            assert_eq!(format, Some(FORMAT_VERSION.into()));
            assert_eq!(steps, serde_json::to_value(&answer).unwrap());
        }
    }

    #[test]
    fn controls_are_escaped_and_come_back() {
        let text = "a\u{1b}\u{9b}\u{7f}\u{202e}\u{85}\"\\\n å";
        let mut out = Vec::new();
        write_json(&text, &mut out).unwrap();
        let line = String::from_utf8(out).unwrap();
        assert_eq!(
            line,
            "\"a\\u001b\\u009b\\u007f\\u202e\\u0085\\\"\\\\\\n å\"\n"
        );
        assert_eq!(serde_json::from_str::<String>(&line).unwrap(), text);
    }
}
