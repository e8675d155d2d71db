//! What the JSON formats share: values one a line or one in all, wrappers, fields by several names.
//!
//! JSON lines stream: a line is read, handed over and forgotten, so that a dump of any size needs the memory of its
//! longest line. A broken line is an error of its own.

use std::io::{BufRead, Read};

use index_schema::Dispatch;
use serde_json::{Map, Value};

use super::{
    FeedFile, Found, Item, NOT_DISPATCH, complete::found, complete::too_large, dpa_digitalwires,
    encoding, json_lines, ninjs, read_failed, tidy, xml::feed_error,
};
use crate::error::{Error, Result};

/// Most values in one JSON text: about 200 MB of memory.
const VALUES: usize = 3_000_000;
/// Objects with more keys than this are searched by exact key only.
const MOST_KEYS: usize = 500;
/// Keys under which agencies and services wrap their items.
const WRAPPERS: [&str; 6] = ["item", "items", "entries", "results", "data", "_items"];

/// Whether a file that begins so is JSON: an object, or an array of them.
pub(super) fn begins(head: &str) -> bool {
    let text = head.trim_start();
    if let Some(rest) = text.strip_prefix('{') {
        return rest.trim_start().starts_with(['"', '}']) || rest.trim_start().is_empty();
    }
    // `[RETTELSE] …` is a text
    text.strip_prefix('[')
        .is_some_and(|rest| rest.trim_start().starts_with(['{', ']']))
}

/// The keys of the outer objects in the beginning of a file, to a depth of three.
pub(super) fn keys(head: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut depth = 0;
    let mut rest = head;
    while let Some(at) = rest.find(['{', '}', '[', ']', '"']) {
        let tail = &rest[at + 1..];
        match rest.as_bytes()[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {
                let Some(end) = string_end(tail) else { break };
                rest = &tail[end + 1..];
                if depth <= 3 && rest.trim_start().starts_with(':') {
                    keys.push(tail[..end].to_owned());
                }
                continue;
            }
        }
        rest = tail;
    }
    keys
}

/// Whether a file begins with two lines that are JSON objects, or with one that is and one that tries to be.
pub(super) fn is_lines(head: &str) -> bool {
    let mut lines = head.lines().map(str::trim).filter(|l| !l.is_empty());
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else {
        return false;
    };
    let begins = |line: &str| line.starts_with("{\"") || line.starts_with("{ \"");
    let complete = |line: &str| begins(line) && serde_json::from_str::<Map<_, _>>(line).is_ok();
    complete(first) && begins(second) || begins(first) && complete(second)
}

/// Reads a file of JSON, of whatever format each of its values is.
pub(super) fn read(
    file: &FeedFile<'_>,
    input: &mut dyn BufRead,
    emit: &mut dyn FnMut(Result<Found>) -> Result<()>,
) -> Result<()> {
    let mut number = 0;
    let mut hand_over = |value: Result<Value>| -> Result<()> {
        match value {
            Ok(value) => {
                for value in unwrap(value) {
                    emit(to_item(&value, file).map(|content| found(number, content)))?;
                    number += 1;
                }
            }
            Err(error) => {
                emit(Err(error))?;
                number += 1;
            }
        }
        Ok(())
    };
    let mut lines = Lines::new(input, file.limits.file);
    let first = lines.next()?;
    let second = lines.next()?;
    let by_line = [&first, &second]
        .into_iter()
        .any(|l| matches!(l, Line::Text(text) if is_container(text)));
    if by_line || matches!(first, Line::TooLong) {
        let mut count = 0;
        for line in [first, second] {
            count += 1;
            hand_over_line(line, count, file, &mut hand_over)?;
        }
        loop {
            count += 1;
            match lines.next()? {
                Line::End => return Ok(()),
                line => hand_over_line(line, count, file, &mut hand_over)?,
            }
        }
    }
    let mut text = first.text() + &second.text();
    let room = file
        .limits
        .file
        .saturating_add(1)
        .saturating_sub(text.len() as u64);
    let mut rest = Vec::new();
    Read::take(input, room)
        .read_to_end(&mut rest)
        .map_err(read_failed)?;
    text.push_str(&encoding::to_text(&rest, None));
    if text.len() as u64 > file.limits.file {
        return emit(Err(too_large("the file", file.limits.file)));
    }
    hand_over_all(&text, &mut hand_over)
}

/// Values one after the other, whatever white space stands between them.
fn hand_over_all(text: &str, hand_over: &mut dyn FnMut(Result<Value>) -> Result<()>) -> Result<()> {
    if has_too_many_values(text) {
        return hand_over(Err(too_many()));
    }
    let mut values = serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}'))
        .into_iter::<Value>();
    let mut any = false;
    for value in &mut values {
        any = true;
        hand_over(value.map_err(|e| broken(e.line(), e.column())))?;
    }
    if any {
        return Ok(());
    }
    hand_over(Err(feed_error("no JSON value in the file")))
}

fn hand_over_line(
    line: Line,
    count: usize,
    file: &FeedFile<'_>,
    hand_over: &mut dyn FnMut(Result<Value>) -> Result<()>,
) -> Result<()> {
    let text = match line {
        Line::Text(text) => text,
        Line::TooLong => {
            return hand_over(Err(too_large(&format!("line {count}"), file.limits.file)));
        }
        Line::End => return Ok(()),
    };
    let text = text.trim_start_matches('\u{feff}').trim();
    // the brackets and commas of an array that has been written one element a line
    let text = text.trim_end_matches(',');
    if matches!(text, "" | "[" | "]") {
        return Ok(());
    }
    if has_too_many_values(text) {
        return hand_over(Err(too_many()));
    }
    let value = serde_json::from_str(text).map_err(|e| broken(count, e.column()));
    hand_over(value)
}

/// What a value is: by its keys a dispatch of dpa, a ninjs item, a plain one, or nothing of the kind.
fn to_item(value: &Value, file: &FeedFile<'_>) -> Result<Item> {
    let Some(object) = value.as_object() else {
        return Ok(of_another_kind());
    };
    if dpa_digitalwires::is_one(object) {
        return dpa_digitalwires::read_item(object, file);
    }
    if ninjs::is_one(object) {
        return ninjs::read_item(object, file);
    }
    if json_lines::is_one(object) {
        return json_lines::read_item(object, file);
    }
    Ok(of_another_kind())
}

fn of_another_kind() -> Item {
    let nothing = Dispatch {
        format: NOT_DISPATCH.to_owned(),
        ..Dispatch::default()
    };
    Item::passed_over("JSON of another kind", nothing)
}

/// The items in a value: an array's elements, what a wrapper holds, else itself.
fn unwrap(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        Value::Object(mut object) if object.len() <= 12 => {
            let wrapper = WRAPPERS
                .iter()
                .find(|w| matches!(object.get(**w), Some(Value::Array(a)) if a.first().is_none_or(Value::is_object)));
            match wrapper.and_then(|w| object.remove(*w)) {
                Some(Value::Array(items)) => items,
                _ => vec![Value::Object(object)],
            }
        }
        value => vec![value],
    }
}

/// A field by the first of its names that has a value, in any case.
pub(super) fn field<'v>(object: &'v Map<String, Value>, names: &[&str]) -> Option<&'v Value> {
    names.iter().find_map(|name| {
        object
            .get(*name)
            .or_else(|| {
                if object.len() > MOST_KEYS {
                    return None;
                }
                let mut others = object.iter();
                let same = others.find(|(k, _)| k.to_lowercase() == name.to_lowercase());
                same.map(|(_, v)| v)
            })
            .filter(|v| !v.is_null() && v.as_str() != Some(""))
    })
}

/// A string or a number as written.
pub(super) fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => {
            let text = text.trim();
            (!text.is_empty()).then(|| text.to_owned())
        }
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The text of a field on one line.
pub(super) fn line(object: &Map<String, Value>, names: &[&str]) -> Option<String> {
    tidy::one_line(&written(field(object, names)?)?)
}

/// The names in a list of strings, or of objects with a `name`, `literal` or `code`; or in one string.
pub(super) fn names(object: &Map<String, Value>, lists: &[&str]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for list in lists {
        let values = match object.get(*list) {
            Some(Value::Array(values)) => values.as_slice(),
            Some(value) => std::slice::from_ref(value),
            None => continue,
        };
        for value in values {
            let parts: Vec<String> = match value {
                Value::Object(entry) => ["code", "literal", "name"]
                    .iter()
                    .filter_map(|k| written(entry.get(*k)?))
                    .collect(),
                value => written(value).into_iter().collect(),
            };
            for part in parts.iter().filter_map(|p| tidy::one_line(p)) {
                tidy::add_name(part, &mut all);
            }
        }
    }
    all
}

fn is_container(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim();
    if !text.starts_with(['{', '[']) || !text.ends_with(['}', ']']) || text.len() < 2 {
        return false;
    }
    text != "[]" && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

fn has_too_many_values(text: &str) -> bool {
    let marks = text.bytes().filter(|b| matches!(b, b',' | b'[' | b'{'));
    // commas in texts count too: a text of that many is not turned away lightly
    if marks.count() <= VALUES {
        return false;
    }
    let (mut count, mut in_string, mut escaped) = (0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b',' | b'[' | b'{' if !in_string => count += 1,
            _ => {}
        }
    }
    count > VALUES
}

fn broken(line: usize, column: usize) -> Error {
    feed_error(format!(
        "not well-formed JSON in line {line}, column {column}"
    ))
}

fn too_many() -> Error {
    feed_error(format!("JSON with more than {VALUES} values"))
}

fn string_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at),
            _ => {}
        }
    }
    None
}

/// The lines of an input, none kept in memory beyond a limit.
struct Lines<'i> {
    input: &'i mut dyn BufRead,
    limit: u64,
}

enum Line {
    Text(String),
    TooLong,
    End,
}

impl Line {
    fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::TooLong | Self::End => String::new(),
        }
    }
}

impl<'i> Lines<'i> {
    fn new(input: &'i mut dyn BufRead, limit: u64) -> Self {
        Self { input, limit }
    }

    fn next(&mut self) -> Result<Line> {
        let mut line = Vec::new();
        let mut too_long = false;
        loop {
            let buffer = self.input.fill_buf().map_err(read_failed)?;
            if buffer.is_empty() {
                if too_long {
                    return Ok(Line::TooLong);
                }
                if line.is_empty() {
                    return Ok(Line::End);
                }
                break;
            }
            let end = buffer.iter().position(|b| *b == b'\n');
            let part = end.map_or(buffer.len(), |i| i + 1);
            if !too_long {
                line.extend_from_slice(&buffer[..part]);
            }
            self.input.consume(part);
            if line.len() as u64 > self.limit {
                too_long = true;
                line = Vec::new();
            }
            if end.is_some() {
                break;
            }
        }
        if too_long {
            return Ok(Line::TooLong);
        }
        Ok(Line::Text(encoding::to_text(&line, None).into_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Beginning;

    #[test]
    fn a_text_in_brackets_is_no_json() {
        assert!(begins(" {\"a\":1}"));
        assert!(begins("[ {\"a\":1}]"));
        assert!(
            Beginning::of("\u{feff}{ }".as_bytes())
                .json_keys()
                .is_some()
        );
        assert!(!begins("[RETTELSE] Ministeren går af"));
        assert!(!begins("{fed}Tekst"));
    }

    #[test]
    fn keys_are_those_of_the_outer_objects() {
        assert_eq!(
            keys("{\"a\": {\"b\": \"c\\\"{\", \"d\": [1]}, \"e\": \"f"),
            ["a", "b", "d", "e"]
        );
    }

    #[test]
    fn lines_are_told_from_one_long_value() {
        assert!(is_lines("{\"a\":1}\n{\"a\":2}\n"));
        assert!(is_lines("{\"a\":1\n{\"a\":2}\n"));
        assert!(!is_lines("{\"a\":1}\n"));
        assert!(!is_lines("{\n\"a\":1}\n"));
    }
}
