//! IPTC 7901, the teleprinter format of the 1970s that agencies still send.
//!
//! `SOH source+number priority category words … keywords STX headline = text ETX DDHHMM month year EOT`. There is no
//! identifier: that a text belongs to an earlier one can only be guessed from words such as `1ST LEAD`.

use std::io::BufRead;

use index_schema::{Dispatch, When};
use jiff::{civil::Date, tz::TimeZone};

use super::{
    Beginning, FeedFile, Found, WireFormat,
    complete::{complete, found},
    credit::{self, Credit},
    dates, encoding, read_whole, tidy,
    xml::feed_error,
};
use crate::error::Result;

const SOH: char = '\u{1}';
const STX: char = '\u{2}';
const ETX: char = '\u{3}';
const EOT: char = '\u{4}';
const US: u8 = 0x1f;

/// IPTC 7901 messages.
pub(super) struct Iptc7901;

impl WireFormat for Iptc7901 {
    fn name(&self) -> &'static str {
        "iptc-7901"
    }

    fn recognises(&self, head: &Beginning<'_>) -> bool {
        begins(head.bytes()) && !first_line(head.bytes()).contains(&US)
    }

    fn read(
        &self,
        file: &FeedFile<'_>,
        input: &mut dyn BufRead,
        emit: &mut dyn FnMut(Result<Found>) -> Result<()>,
    ) -> Result<()> {
        let bytes = read_whole(file, input)?;
        let text = encoding::to_text(&bytes, None);
        let messages = text.split(SOH).skip(1);
        for (number, message) in (0..).zip(messages) {
            let read = parse(message, file.zone)
                .ok_or_else(|| feed_error("an IPTC 7901 message without text (STX)"))
                .and_then(|d| complete(d, file))
                .map(|item| found(number, item));
            emit(read)?;
        }
        Ok(())
    }
}

/// Whether a start of header stands among the first eight bytes, only fillers before it and a printable character
/// after it.
pub(super) fn begins(head: &[u8]) -> bool {
    let Some(at) = head.iter().take(8).position(|b| *b == 1) else {
        return false;
    };
    let fillers = [b'\r', b'\n', b' ', 0x16, 0x7f];
    head[..at].iter().all(|b| fillers.contains(b))
        && head.get(at + 1).is_some_and(|b| (0x20..0x7f).contains(b))
}

/// The line with the start of header.
pub(super) fn first_line(head: &[u8]) -> &[u8] {
    let start = head.iter().position(|b| *b == 1).unwrap_or(0);
    let end = head[start..]
        .iter()
        .position(|b| *b == b'\n')
        .map_or(head.len(), |i| start + i);
    &head[start..end]
}

fn parse(message: &str, zone: &TimeZone) -> Option<Dispatch> {
    let (header, rest) = message.split_once(STX)?;
    let (text, trailer) = rest.split_once(ETX).unwrap_or((rest, ""));
    let mut lines = header.lines().map(str::trim).filter(|l| !l.is_empty());
    let first = lines.next().unwrap_or("");
    let slug = lines
        .next()
        .and_then(|l| tidy::one_line(l.trim_end_matches('/')));
    let mut words = first.split_whitespace().skip(1);
    let urgency = words.next().filter(|w| w.len() == 1).map(str::to_owned);
    let category = words.next().map(str::to_owned);
    let head = Head::read(text);
    let (public, note) = split_notes(head.rest);
    let mut paragraphs = unwrap_lines(public);
    let credit = Credit::cut_closing(&mut paragraphs);
    let opening = paragraphs.first().and_then(|p| credit::dateline(p));
    let opening_source = opening.as_ref().map(|(_, c)| first_name(&c.source));
    Some(Dispatch {
        format: Iptc7901.name().to_owned(),
        date: sent(trailer, zone),
        source: first
            .split_whitespace()
            .skip(3)
            .find_map(credit::known)
            .or(opening_source)
            .or_else(|| credit.as_ref().map(|c| c.source.clone())),
        credit: credit.map(|c| c.written),
        headline: head.headline,
        slug,
        byline: head.byline,
        place: opening.map(|(place, _)| place),
        urgency,
        categories: category.into_iter().collect(),
        related: head.related,
        note,
        body: tidy::body(&paragraphs),
        ..Dispatch::default()
    })
}

/// What stands before the text: break words, headline, byline.
struct Head<'t> {
    headline: Option<String>,
    byline: Option<String>,
    related: Option<String>,
    rest: &'t str,
}

impl<'t> Head<'t> {
    /// Most lines that may stand before the `=` that ends the headline.
    const LINES: usize = 8;

    fn read(text: &'t str) -> Self {
        let mut head = Self {
            headline: None,
            byline: None,
            related: None,
            rest: text,
        };
        let mut lines: Vec<&str> = Vec::new();
        let mut at = 0;
        let mut ended = false;
        for line in text.split_inclusive('\n').take(Self::LINES) {
            at += line.len();
            let line = line.trim();
            if line.is_empty() && !lines.is_empty() {
                break;
            }
            ended = line.ends_with('=');
            let line = line.trim_end_matches('=').trim_end();
            if !line.is_empty() {
                lines.push(line);
            }
            if ended {
                break;
            }
        }
        if !ended && (lines.len() != 1 || text[at..].trim().is_empty()) {
            // no headline, but text from the first line on
            return head;
        }
        head.rest = &text[at..];
        let mut headline: Vec<&str> = Vec::new();
        for line in lines {
            if is_break(line) {
                head.related.get_or_insert_with(|| line.to_owned());
            } else if let Some(byline) = byline(line) {
                head.byline = Some(byline);
            } else {
                headline.push(line);
            }
        }
        head.headline = joined(&headline);
        head
    }
}

/// The headline: the last line, with those before it that were long enough to run over. Lines such as `Situation` and
/// `France:` stand above it on some wires.
fn joined(lines: &[&str]) -> Option<String> {
    const RUNS_OVER: usize = 45;
    let (last, before) = lines.split_last()?;
    let mut headline = (*last).to_owned();
    for line in before.iter().rev() {
        if line.chars().count() < RUNS_OVER || line.ends_with(':') {
            break;
        }
        headline = format!("{line} {headline}");
    }
    tidy::one_line(&headline)
}

fn byline(line: &str) -> Option<String> {
    ["By ", "Von ", "Af ", "Av ", "Par ", "Door "]
        .iter()
        .any(|w| line.starts_with(w))
        .then(|| tidy::one_line(line))
        .flatten()
}

/// Words that say that the text is not the first about its subject, or is for attention.
fn is_break(line: &str) -> bool {
    const WORDS: [&str; 22] = [
        "EXTRA",
        "URGENT",
        "FLASH",
        "BULLETIN",
        "REFILE",
        "CORRECTED",
        "CORRECTION",
        "UPDATE",
        "LEAD",
        "LD",
        "ROUNDUP",
        "WRAPUP",
        "ACHTUNG",
        "BERICHTIGUNG",
        "EILMELDUNG",
        "EIL",
        "KILL",
        "RETTELSE",
        "OPDATERET",
        "NEWS FEATURE",
        "BREAKING",
        "KORREKTUR",
    ];
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    let upper = bare.to_uppercase();
    let counted = upper
        .split_once(' ')
        .is_some_and(|(n, w)| n.starts_with(|c: char| c.is_ascii_digit()) && WORDS.contains(&w));
    let numbered = upper
        .rsplit_once(' ')
        .is_some_and(|(w, n)| n.bytes().all(|b| b.is_ascii_digit()) && WORDS.contains(&w));
    (WORDS.contains(&upper.as_str()) || counted || numbered)
        && (bare == upper || line.starts_with('('))
}

/// The public text, and what follows the line of asterisks and the notice that it is not for publication. dpa's
/// notebook before it (links, places) is public; its heading goes where nothing but the notice is below it.
fn split_notes(text: &str) -> (&str, Option<String>) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        let stars = bare.len() > 4 && bare.chars().all(|c| c == '*' || c == ' ');
        if is_notice(bare) || stars && followed_by_notice(&text[at + line.len()..]) {
            let note = tidy::body(&tidy::paragraphs(&text[at..]));
            let public = text[..at].trim_end();
            let start = public.rfind('\n').map_or(0, |i| i + 1);
            let heading = public[start..].starts_with('#');
            let public = if heading { &public[..start] } else { public };
            return (public, (!note.is_empty()).then_some(note));
        }
        at += line.len();
    }
    (text, None)
}

fn is_notice(line: &str) -> bool {
    let line = line.to_lowercase();
    line.contains("not for publication")
        || line.contains("not intended for publication")
        || line.contains("nicht zur veröffentlichung")
}

fn followed_by_notice(text: &str) -> bool {
    let next = text.lines().map(str::trim).find(|l| !l.is_empty());
    next.is_some_and(is_notice)
}

/// Paragraphs from lines that were broken to the width of a teleprinter: a blank line or an indent begins a paragraph;
/// a line with columns stays a line.
pub(super) fn unwrap_lines(text: &str) -> Vec<String> {
    let text = tidy::clean(text);
    let mut all: Vec<String> = Vec::new();
    let mut fresh = true;
    let mut columns_before = false;
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let bare = line.trim();
        if bare.is_empty() {
            fresh = true;
            continue;
        }
        let columns = bare.contains("   ");
        match all.last_mut() {
            Some(paragraph) if !fresh && (indent < 2 || columns) => {
                paragraph.push(if columns || columns_before { '\n' } else { ' ' });
                paragraph.push_str(bare);
            }
            _ => all.push(bare.to_owned()),
        }
        columns_before = columns;
        fresh = false;
    }
    all
}

/// `131137 GMT Nov 13`, `091223 dec 18`: day and time, the zone unless it is local, month and year.
fn sent(trailer: &str, zone: &TimeZone) -> Option<When> {
    let trailer = trailer.trim_end_matches(EOT);
    let mut words = trailer
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty());
    let figures = words.find(|w| w.len() == 6 && w.bytes().all(|b| b.is_ascii_digit()))?;
    let number = |from: usize| figures[from..from + 2].parse::<i8>().ok();
    let (day, hour, minute) = (number(0)?, number(2)?, number(4)?);
    let mut word = words.next()?;
    let offset = dates::abbreviation(word);
    if offset.is_some() {
        word = words.next()?;
    }
    let month = dates::month(word.trim_end_matches('.'))?;
    let year = words.next()?.parse::<i16>().ok().filter(|y| *y >= 0)?;
    let year = match year {
        0..50 => year + 2000,
        50..100 => year + 1900,
        year => year,
    };
    let date = Date::new(year, month, day).ok()?;
    let civil = date
        .at(0, 0, 0, 0)
        .with()
        .hour(hour)
        .minute(minute)
        .build()
        .ok()?;
    match offset {
        Some(offset) => dates::at_offset(civil, offset),
        None => When::local(civil, zone),
    }
}

fn first_name(source: &str) -> String {
    source.split('/').next().unwrap_or(source).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::dates::copenhagen;

    fn message(head: &str, body: &str) -> Dispatch {
        let text = format!(
            "eca1 4 i 10  dpa 1\r\n\r\nEmne/\r\n\u{2}{head}\r\n\r\n{body}\r\n\u{3}131137 GMT Nov 13"
        );
        parse(&text, &copenhagen()).expect("it has a text")
    }

    #[test]
    fn day_and_time_have_a_zone_or_are_local() {
        let read = |t: &str| sent(t, &copenhagen()).map(|w| w.to_string());
        assert_eq!(
            read("131137 GMT Nov 13").as_deref(),
            Some("2013-11-13T11:37:00+00:00")
        );
        assert_eq!(
            read("\n091223 dec 18\n").as_deref(),
            Some("2018-12-09T12:23:00+01:00")
        );
        assert_eq!(
            read("011200 MESZ Okt 99").as_deref(),
            Some("1999-10-01T12:00:00+02:00")
        );
        for broken in [
            "",
            "131137",
            "991137 GMT Nov 13",
            "131137 GMT Foo 13",
            "13113æ GMT Nov 13",
        ] {
            assert_eq!(read(broken), None, "{broken}");
        }
    }

    #[test]
    fn lines_above_the_headline_are_told_apart() {
        let d = message("1ST LEAD\r\nFærge på grund =", "   Kiel (dpa) - En færge.");
        assert_eq!(d.headline.as_deref(), Some("Færge på grund"));
        assert_eq!(d.related.as_deref(), Some("1ST LEAD"));
        let d = message(
            "Situation\r\nFrankrig:\r\nEn rubrik\r\nBy Jean Dahl =",
            "Tekst.",
        );
        assert_eq!(d.headline.as_deref(), Some("En rubrik"));
        assert_eq!(d.byline.as_deref(), Some("By Jean Dahl"));
        let long = "En rubrik, der er så lang, at den er brudt over på\r\nto linjer =";
        assert_eq!(
            message(long, "Tekst.").headline.as_deref(),
            Some("En rubrik, der er så lang, at den er brudt over på to linjer")
        );
    }

    #[test]
    fn lines_broken_to_the_width_of_the_wire_are_joined() {
        assert_eq!(
            unwrap_lines("   Et afsnit over\r\nto linjer.\r\n   Et nyt.\r\n\r\nEt tredje."),
            ["Et afsnit over to linjer.", "Et nyt.", "Et tredje."]
        );
        assert_eq!(
            unwrap_lines("Rom     31\nOslo     9"),
            ["Rom     31\nOslo     9"]
        );
    }

    #[test]
    fn what_is_not_for_publication_is_a_note() {
        let d = message(
            "R =",
            "Tekst.\n\n# Notebook\n\n* * * *\nThe following information is not for publication\nRing 12.",
        );
        assert_eq!(d.body, "Tekst.");
        assert!(d.note.is_some_and(|n| n.contains("Ring 12.")));
    }
}
