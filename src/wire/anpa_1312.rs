//! ANPA 1312, the high-speed wire of American agencies.
//!
//! `SYN SYN SOH service+number US selectors / priority category DC3 DC1 keyword MM-DD words / STX ^headers< TAB text
//! ETX source-day-time EOT`. There is no identifier: that a text carries an earlier one on can only be guessed from
//! its keyword line (`1st Ld-Writethru`).

use std::io::BufRead;

use index_schema::{Dispatch, When};
use jiff::{civil::Date, tz::TimeZone};

use super::{
    Beginning, FeedFile, Found, WireFormat,
    complete::{complete, found},
    credit::{self, Credit},
    dates, encoding,
    iptc_7901::{begins, first_line},
    read_whole, tidy,
    xml::feed_error,
};
use crate::error::Result;

const SOH: char = '\u{1}';
const STX: char = '\u{2}';
const ETX: char = '\u{3}';

/// ANPA 1312 messages.
pub(super) struct Anpa1312;

impl WireFormat for Anpa1312 {
    fn name(&self) -> &'static str {
        "anpa-1312"
    }

    fn recognises(&self, head: &Beginning<'_>) -> bool {
        begins(head.bytes()) && first_line(head.bytes()).contains(&0x1f)
    }

    fn read(
        &self,
        file: &FeedFile<'_>,
        input: &mut dyn BufRead,
        emit: &mut dyn FnMut(Result<Found>) -> Result<()>,
    ) -> Result<()> {
        let bytes = read_whole(file, input)?;
        let text = encoding::to_text(&bytes, None);
        for (number, message) in (0..).zip(text.split(SOH).skip(1)) {
            let read = parse(message, file.zone)
                .ok_or_else(|| feed_error("an ANPA 1312 message without text (STX)"))
                .and_then(|d| complete(d, file))
                .map(|item| found(number, item));
            emit(read)?;
        }
        Ok(())
    }
}

fn parse(message: &str, zone: &TimeZone) -> Option<Dispatch> {
    let (header, rest) = message.split_once(STX)?;
    let (text, trailer) = rest.split_once(ETX).unwrap_or((rest, ""));
    let routing = Routing::read(header.lines().nth(1).unwrap_or(""));
    let (text, date) = match (sent(trailer, zone), text.trim_end().rsplit_once('\n')) {
        // some put day and time into the last line of the text
        (None, Some((before, last))) if sent(last, zone).is_some() => (before, sent(last, zone)),
        (date, _) => (text, date),
    };
    let story = Story::read(text, routing.keyword.as_deref());
    let related = story.keywords.as_deref().and_then(related);
    let version = routing
        .keyword
        .as_deref()
        .and_then(take)
        .or_else(|| take(related.as_deref()?));
    let mut paragraphs = story.paragraphs;
    let credit = Credit::cut_closing(&mut paragraphs);
    let opening = paragraphs.first().and_then(|p| credit::dateline(p));
    let (place, opening) = opening.unzip();
    Some(Dispatch {
        format: Anpa1312.name().to_owned(),
        version,
        date,
        source: sender(trailer)
            .or_else(|| Some(opening?.source))
            .or_else(|| Some(credit.as_ref()?.source.clone())),
        credit: credit.map(|c| c.written),
        headline: story.headline,
        slug: routing.keyword,
        byline: story.byline,
        place,
        urgency: routing.priority,
        categories: routing.category.into_iter().collect(),
        related,
        note: story.note,
        body: tidy::body(&paragraphs),
        ..Dispatch::default()
    })
}

/// The second line: priority, category, keyword.
#[derive(Default)]
struct Routing {
    priority: Option<String>,
    category: Option<String>,
    keyword: Option<String>,
}

impl Routing {
    fn read(line: &str) -> Self {
        let words: Vec<&str> = line
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|w| !w.is_empty())
            .collect();
        let single = |w: Option<&&str>| w.filter(|w| w.len() == 1).map(|w| (*w).to_owned());
        let priority = single(words.first());
        let category = single(words.get(1));
        let from = usize::from(priority.is_some()) + usize::from(category.is_some());
        // the day and the number of words close the line
        let is_day = |w: &str| {
            w.len() == 5
                && w.as_bytes()[2] == b'-'
                && w.bytes().filter(u8::is_ascii_digit).count() == 4
        };
        let to = words.iter().rposition(|w| is_day(w)).unwrap_or(words.len());
        let keyword = words
            .get(from..to)
            .and_then(|w| tidy::one_line(&w.join(" ")));
        Self {
            priority,
            category,
            keyword,
        }
    }
}

/// The text: header lines marked with `^`, then indented paragraphs.
#[derive(Default)]
struct Story {
    keywords: Option<String>,
    headline: Option<String>,
    byline: Option<String>,
    note: Option<String>,
    paragraphs: Vec<String>,
}

impl Story {
    /// Splits header lines from text. Kyodo has no `^`: there its header lines end where the first indent is.
    fn read(text: &str, keyword: Option<&str>) -> Self {
        let lines: Vec<&str> = text.lines().map(|l| l.trim_end_matches('\r')).collect();
        let is_text =
            |l: &&str| !l.trim().is_empty() && (l.starts_with('\t') || l.starts_with("   "));
        let marked = lines.iter().any(|l| l.starts_with('^'));
        let begin = lines.iter().position(is_text).unwrap_or_else(|| {
            let is_head = |l: &&&str| l.trim().is_empty() || l.contains('^');
            let head = lines.iter().take_while(is_head).count();
            if marked {
                head
            } else {
                lines.len().min(head + 1)
            }
        });
        let (head, body) = lines.split_at(begin);
        let mut story = Self {
            paragraphs: paragraphs(body),
            ..Self::default()
        };
        let head: Vec<&str> = head
            .iter()
            .flat_map(|l| l.split('^'))
            .map(bare)
            .filter(|l| !l.is_empty())
            .collect();
        let first_is_keyword = marked
            || head.first().is_some_and(|first| {
                let start = keyword.and_then(|k| k.get(..k.len().min(6)));
                !first.contains(' ') || start.is_some_and(|s| first.starts_with(s))
            });
        if !first_is_keyword {
            story.keywords = keyword.map(str::to_owned);
        }
        story.read_head(head.into_iter());
        story
    }

    fn read_head<'t>(&mut self, lines: impl Iterator<Item = &'t str>) {
        let mut left: Vec<String> = Vec::new();
        let mut notes: Vec<String> = Vec::new();
        for line in lines {
            let Some(line) = tidy::one_line(&quotes(line)) else {
                continue;
            };
            if line.starts_with('*') && line.len() < 12 {
                // a block mark, as `*9006`
                continue;
            }
            let lower = line.to_lowercase();
            let plain = lower.trim_start_matches('(');
            if self.keywords.is_none() {
                self.keywords = Some(line);
            } else if is_note(plain) || plain.contains(" photo ") && left.len() <= 1 {
                notes.push(line);
            } else if let Some(name) = line.strip_prefix("By ").filter(|_| self.byline.is_none()) {
                self.byline = Some(format!("By {name}"));
            } else if self.headline.is_none() && self.byline.is_none() {
                self.headline = Some(line);
            } else {
                left.push(line);
            }
        }
        if self.paragraphs.is_empty() {
            // digests put their stories into header lines
            self.paragraphs = left;
        }
        self.note = (!notes.is_empty()).then(|| tidy::body(&notes));
    }
}

fn is_note(line: &str) -> bool {
    ["eds:", "editors:", "attention", "with "]
        .iter()
        .any(|w| line.starts_with(w))
}

/// Paragraphs begin with a tab or an indent; a line that ends in `<` is a line of a table.
fn paragraphs(lines: &[&str]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut in_table = false;
    let mut fresh = true;
    for line in lines {
        if line.starts_with('^') {
            continue;
        }
        let indented = line.starts_with(['\t', ' ']);
        let row = line.trim_end().ends_with('<');
        let Some(text) = tidy::one_line(&quotes(bare(line))) else {
            fresh = true;
            continue;
        };
        match all.last_mut() {
            Some(paragraph) if in_table || !indented && !fresh => {
                paragraph.push(if in_table { '\n' } else { ' ' });
                paragraph.push_str(&text);
            }
            _ => all.push(text),
        }
        in_table = row;
        fresh = false;
    }
    all
}

/// A line without its end marks.
fn bare(line: &str) -> &str {
    line.trim().trim_end_matches(['<', '=']).trim()
}

fn quotes(text: &str) -> String {
    text.replace("``", "\"").replace("''", "\"")
}

/// The words of a keyword line that speak of an earlier text: `BC-BKN--Heat-Hawks, 1st Ld-Writethru,416`.
fn related(keywords: &str) -> Option<String> {
    const WORDS: [&str; 9] = [
        "ld",
        "lead",
        "writethru",
        "take",
        "kill",
        "elim",
        "sub",
        "correction",
        "refile",
    ];
    keywords
        .split(',')
        .skip(1)
        .map(str::trim)
        .find(|part| {
            let mut words = part.split(|c: char| !c.is_alphanumeric());
            words.any(|w| WORDS.contains(&w.to_lowercase().as_str()))
        })
        .map(str::to_owned)
}

/// The number of the lead: `3` in `3rdLd-Writethru` and in `3rd Ld-Writethru`.
fn take(keyword: &str) -> Option<String> {
    let lower = keyword.to_lowercase();
    let packed: String = lower.split_whitespace().collect();
    for ordinal in ["stld", "ndld", "rdld", "thld"] {
        let Some(at) = packed.find(ordinal) else {
            continue;
        };
        let digits = packed[..at]
            .bytes()
            .rev()
            .take_while(u8::is_ascii_digit)
            .count();
        if digits > 0 {
            return Some(packed[at - digits..at].to_owned());
        }
    }
    None
}

/// The agency in `AP-WF-11-13-13 1509GMT`.
fn sender(trailer: &str) -> Option<String> {
    let name = trailer.trim().split('-').next()?;
    let plain = (2..=10).contains(&name.len()) && name.chars().all(char::is_alphabetic);
    plain.then(|| credit::source(name)).flatten()
}

/// `AP-WF-11-13-13 1509GMT` has month, day, year; `12:34-01-02-19 JST` (Kyodo) has day, month, year.
fn sent(trailer: &str, zone: &TimeZone) -> Option<When> {
    trailer
        .lines()
        .take(8)
        .find_map(|line| sent_line(bare(line), zone))
}

fn sent_line(line: &str, zone: &TimeZone) -> Option<When> {
    let parts: Vec<&str> = line
        .split(|c: char| !c.is_alphanumeric() && c != ':')
        .filter(|p| !p.is_empty())
        .collect();
    let number = |text: &str| text.parse::<i8>().ok().filter(|_| text.len() == 2);
    let at = parts
        .windows(3)
        .position(|w| w.iter().all(|p| number(p).is_some()))?;
    let year = 2000 + i16::from(number(parts[at + 2])?);
    let year = if year >= 2070 { year - 100 } else { year };
    let (first, second) = (number(parts[at])?, number(parts[at + 1])?);
    let kyodo = at > 0 && parts[at - 1].contains(':');
    let (month, day) = if kyodo {
        (second, first)
    } else {
        (first, second)
    };
    let time = if kyodo {
        parts[at - 1]
    } else {
        parts.get(at + 3)?
    };
    let figures: String = time.chars().filter(char::is_ascii_digit).collect();
    let hour = number(figures.get(..2)?)?;
    let minute = number(figures.get(2..4)?)?;
    let civil = Date::new(year, month, day)
        .ok()?
        .at(0, 0, 0, 0)
        .with()
        .hour(hour)
        .minute(minute)
        .build()
        .ok()?;
    let zone_name = time.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':');
    let zone_name = if zone_name.is_empty() {
        parts.last()?
    } else {
        zone_name
    };
    match dates::abbreviation(zone_name) {
        Some(offset) => dates::at_offset(civil, offset),
        None => When::local(civil, zone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::dates::copenhagen;

    #[test]
    fn day_and_time_are_read_in_both_orders() {
        let read = |t: &str| sent(t, &copenhagen()).map(|w| w.to_string());
        assert_eq!(
            read("AP-WF-11-13-13 1509GMT<").as_deref(),
            Some("2013-11-13T15:09:00+00:00")
        );
        assert_eq!(
            read("\n12:34-25-12-19 JST").as_deref(),
            Some("2019-12-25T12:34:00+09:00")
        );
        assert_eq!(read("AP-WF-11-13-13"), None);
        assert_eq!(read("AP-WF-99-99-99 9999GMT"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn a_wire_without_carets_has_headers_too() {
        let d = parse(
            "A0101\u{1f}glb\nu i\u{13}\u{11} BC-WHALE 12-25 0050\n\u{2}Whale swims free\n\tTOKYO, Dec. 25 Kyodo - A whale swam free.\n\tIt was big.\n==Kyodo\n\u{3}12:34-25-12-19 JST\n\u{4}",
            &copenhagen(),
        )
        .unwrap();
        assert_eq!(d.headline.as_deref(), Some("Whale swims free"));
        assert_eq!(d.slug.as_deref(), Some("BC-WHALE"));
        assert_eq!(d.source.as_deref(), Some("Kyodo"));
        assert!(d.body.starts_with("TOKYO, Dec. 25 Kyodo - A whale"));
    }
}
