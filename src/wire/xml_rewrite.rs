//! The pass that makes a feed's XML fit to be parsed; what it does and why stands in `xml.rs`.

use std::collections::HashMap;

use super::{entities, xml::feed_error};
use crate::error::Result;

/// Deepest nesting of elements.
const DEPTH: usize = 256;
/// Most attributes of one element; roxmltree compares each with each.
const ATTRIBUTES: usize = 256;
/// Most attributes of a file: about 200 MB of memory.
const ALL_ATTRIBUTES: usize = 2_000_000;
/// Longest entity of a document type that is replaced.
const LONGEST_ENTITY: usize = 16;

/// The one pass over a file.
pub(super) struct Rewrite<'t> {
    rest: &'t str,
    out: String,
    open: Vec<String>,
    entities: HashMap<String, String>,
    attributes: usize,
    lines: usize,
}

impl<'t> Rewrite<'t> {
    /// Begins at the first character that may belong to XML.
    pub(super) fn new(text: &'t str) -> Self {
        let rest = text.trim_start_matches(is_before_xml);
        Self {
            rest,
            out: String::with_capacity(rest.len() + 64) + "<wire>",
            open: Vec::new(),
            entities: HashMap::new(),
            attributes: 0,
            lines: 1 + text[..text.len() - rest.len()].matches('\n').count(),
        }
    }

    /// Does the pass; fails on what no leniency can save.
    pub(super) fn run(&mut self) -> Result<()> {
        while !self.rest.is_empty() {
            let next = self.rest.find('<').unwrap_or(self.rest.len());
            let text = self.take(next);
            if !self.open.is_empty() {
                self.text(text);
            }
            if !self.rest.is_empty() {
                self.markup()?;
            }
        }
        Ok(())
    }

    /// The rewritten text, and its length before what was still open at the end was closed.
    pub(super) fn finish(mut self) -> (String, usize) {
        let mut written = self.out.len();
        if self.open.is_empty() {
            // nothing is cut, nor is the element that ends here
            written += "</wire>".len();
        }
        for name in self.open.iter().rev() {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
        self.out.push_str("</wire>");
        (self.out, written)
    }

    /// Moves on by a length in bytes and counts lines.
    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        self.lines += taken.bytes().filter(|b| *b == b'\n').count();
        taken
    }

    /// Moves on beyond the next occurrence of a mark, or to the end.
    fn take_beyond(&mut self, mark: &str) -> &'t str {
        let length = self
            .rest
            .find(mark)
            .map_or(self.rest.len(), |i| i + mark.len());
        self.take(length)
    }

    fn markup(&mut self) -> Result<()> {
        let rest = self.rest;
        if rest.starts_with("<!--") {
            self.take_beyond("-->");
        } else if rest.starts_with("<![CDATA[") {
            let content = self.take_beyond("]]>");
            let content = content
                .trim_start_matches("<![CDATA[")
                .trim_end_matches("]]>");
            if !self.open.is_empty() {
                escape(content, &mut self.out);
            }
        } else if rest.starts_with("<?") {
            self.take_beyond("?>");
        } else if rest.starts_with("<!") {
            let end = doctype_end(rest).unwrap_or(rest.len());
            let declaration = self.take(end);
            self.declare_entities(declaration);
        } else if rest.starts_with("</") {
            return self.end_tag();
        } else if rest[1..].starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | ':')) {
            return self.start_tag();
        } else {
            self.take(1);
            if !self.open.is_empty() {
                self.out.push_str("&lt;");
            }
        }
        Ok(())
    }

    fn start_tag(&mut self) -> Result<()> {
        let line = self.lines;
        self.take(1);
        let name = self.name();
        let mut tag = format!("<{name}");
        let mut count = 0;
        loop {
            self.blanks();
            if self.rest.is_empty() {
                // the file ends inside a tag, which therefore never was
                return Ok(());
            }
            if self.rest.starts_with("/>") {
                self.take(2);
                tag.push_str("/>");
                self.out.push_str(&tag);
                return Ok(());
            }
            if self.rest.starts_with('>') {
                self.take(1);
                tag.push('>');
                break;
            }
            if self.rest.starts_with('<') {
                return Err(feed_error(format!(
                    "not well-formed XML: a tag without end in line {line}"
                )));
            }
            let name = self.name();
            if name.is_empty() {
                let odd = self.rest.chars().next().map_or(1, char::len_utf8);
                self.take(odd);
                continue;
            }
            self.blanks();
            if !self.rest.starts_with('=') {
                continue;
            }
            self.take(1);
            self.blanks();
            let Some(value) = self.value() else {
                return Ok(());
            };
            count += 1;
            self.attributes += 1;
            if count > ATTRIBUTES || self.attributes > ALL_ATTRIBUTES {
                return Err(feed_error(format!(
                    "an element with more than {ATTRIBUTES} attributes, or a file with more than {ALL_ATTRIBUTES}, in line {line}"
                )));
            }
            if name == "xmlns" || name.starts_with("xmlns·") {
                continue;
            }
            tag.push(' ');
            tag.push_str(&name);
            tag.push_str("=\"");
            self.append_text(value, &mut tag);
            tag.push('"');
        }
        self.out.push_str(&tag);
        self.open.push(name);
        if self.open.len() > DEPTH {
            return Err(feed_error(format!(
                "elements nested deeper than {DEPTH} in line {line}"
            )));
        }
        Ok(())
    }

    fn end_tag(&mut self) -> Result<()> {
        let line = self.lines;
        self.take(2);
        let name = self.name();
        if !self.rest.contains('>') {
            self.take(self.rest.len());
            return Ok(());
        }
        self.take_beyond(">");
        match self.open.pop() {
            Some(open) if open == name => {
                self.out.push_str("</");
                self.out.push_str(&name);
                self.out.push('>');
                Ok(())
            }
            Some(open) => Err(feed_error(format!(
                "not well-formed XML: </{name}> where </{open}> was expected in line {line}"
            ))),
            None => Err(feed_error(format!(
                "not well-formed XML: </{name}> was never opened in line {line}"
            ))),
        }
    }

    /// A name with the colon of its prefix exchanged for a middle dot, which XML allows in names (production 4a).
    fn name(&mut self) -> String {
        let end = self
            .rest
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '·')))
            .unwrap_or(self.rest.len());
        let name = self.take(end).trim_matches(':').replace(':', "·");
        // letters that Unicode knows and XML does not are no part of any wire's names
        if name.is_ascii() || name.chars().all(|c| c.is_ascii() || c == '·') {
            return name
                .trim_start_matches(|c: char| !(c.is_alphabetic() || c == '_'))
                .to_owned();
        }
        name.chars()
            .map(|c| if c.is_ascii() || c == '·' { c } else { '_' })
            .collect()
    }

    fn value(&mut self) -> Option<&'t str> {
        let quote = self.rest.chars().next()?;
        if !matches!(quote, '"' | '\'') {
            let end = self
                .rest
                .find(|c: char| c.is_whitespace() || c == '>')
                .unwrap_or(self.rest.len());
            return Some(self.take(end));
        }
        self.take(1);
        let Some(end) = self.rest.find(quote) else {
            self.take(self.rest.len());
            return None;
        };
        let value = self.take(end);
        self.take(1);
        Some(value)
    }

    fn blanks(&mut self) {
        let trimmed = self.rest.trim_start();
        self.take(self.rest.len() - trimmed.len());
    }

    fn text(&mut self, text: &str) {
        let mut out = std::mem::take(&mut self.out);
        self.append_text(text, &mut out);
        self.out = out;
    }

    /// Appends text in which references are resolved and everything that XML forbids is gone.
    fn append_text(&self, text: &str, out: &mut String) {
        let mut rest = text;
        while let Some(at) = rest.find('&') {
            escape(&rest[..at], out);
            rest = &rest[at..];
            let Some((name, after)) = entities::reference(rest) else {
                out.push_str("&amp;");
                rest = &rest[1..];
                continue;
            };
            let mut value = String::new();
            if let Some(declared) = self.entities.get(name) {
                escape(declared, out);
            } else if entities::push(name, &mut value) {
                escape(&value, out);
            } else {
                out.push_str("&amp;");
                rest = &rest[1..];
                continue;
            }
            rest = after;
        }
        escape(rest, out);
    }

    /// Remembers the short entities of an internal subset (`<!ENTITY oe "&#248;">`).
    fn declare_entities(&mut self, declaration: &str) {
        for part in declaration.split("<!ENTITY").skip(1).take(1000) {
            let mut words = part.trim_start().splitn(2, char::is_whitespace);
            let (Some(name), Some(value)) = (words.next(), words.next()) else {
                continue;
            };
            let value = value.trim_start();
            let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
                continue;
            };
            let Some(value) = value[1..].split(quote).next() else {
                continue;
            };
            if value.len() <= LONGEST_ENTITY && name != "%" {
                self.entities
                    .insert(name.to_owned(), entities::decode(value).into_owned());
            }
        }
    }
}

/// Appends text with the characters of mark-up escaped and those that XML forbids (production 2) left out.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\r' => {}
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() && !matches!(c, '\n' | '\t' | '\u{85}') => out.push(' '),
            c => out.push(c),
        }
    }
}

/// Where a document type declaration ends, its internal subset included.
pub(super) fn doctype_end(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut depth = 0_usize;
    let mut comment_end = 0;
    for (at, byte) in text.bytes().enumerate() {
        if at < comment_end {
            continue;
        }
        if quote.is_none() && byte == b'<' && text[at..].starts_with("<!--") {
            comment_end = at + text[at..].find("-->")? + 3;
            continue;
        }
        match (quote, byte) {
            (Some(q), b) if q == b => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'[') => depth += 1,
            (None, b']') => depth = depth.saturating_sub(1),
            (None, b'>') if depth == 0 => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// What may stand before the first `<`.
pub(super) fn is_before_xml(c: char) -> bool {
    c.is_whitespace() || c.is_control() || c == '\u{feff}'
}
