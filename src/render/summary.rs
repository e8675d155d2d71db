//! What is said of all hits: the timeline, the facets, the count.

use std::io::{self, Write};

use index_schema::When;
use unicode_width::UnicodeWidthStr;

use super::{
    Look,
    look::{FAINT, STRONG},
    page::{Page, Run},
};
use crate::search::{Bar, FacetValue, Facets, Hits};

/// Writes timeline, facets, count and time below the hits that were written. Without hits there is nothing to sum up.
///
/// # Errors
///
/// Fails if `out` does.
pub fn write_summary(
    answer: &Hits,
    written: u64,
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    if answer.total == 0 {
        return Ok(());
    }
    let mut page = Page::new(look, out);
    if written > 0 {
        page.blank_line()?;
    }
    if let Some(bars) = &answer.timeline {
        timeline(bars, &mut page)?;
        page.blank_line()?;
    }
    if let Some(facets) = &answer.facets {
        for (title, values) in named(facets) {
            table(title, values, &mut page)?;
        }
    }
    let offset = look.offset as u64;
    let count = match written {
        n if n == answer.total => hits(n),
        0 if offset >= answer.total => format!("no more of {}", hits(answer.total)),
        // none were asked for
        0 => hits(answer.total),
        n => {
            let (first, last) = (grouped(offset + 1), grouped(offset + n));
            format!("{first} to {last} of {}", hits(answer.total))
        }
    };
    let count = format!("{count} ({})", milliseconds(answer.took_ms));
    page.paragraph(0, &[Run::new(&count, FAINT)])
}

fn named(facets: &Facets) -> [(&'static str, &[FacetValue]); 4] {
    [
        ("source", &facets.source),
        ("language", &facets.language),
        ("category", &facets.category),
        ("year", &facets.year),
    ]
}

/// `1 hit`, `1,234 hits`.
pub(super) fn hits(total: u64) -> String {
    counted(total, "hit", "hits")
}

/// A number and what is counted: `1 dispatch`, `1,234 dispatches`.
pub fn counted(number: u64, one: &str, more: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        n => format!("{} {more}", grouped(n)),
    }
}

/// A number with its thousands apart.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

pub(super) fn milliseconds(took: f64) -> String {
    if took < 1000.0 {
        format!("{took:.1} ms")
    } else {
        format!("{:.1} s", took / 1000.0)
    }
}

fn table(title: &str, values: &[FacetValue], page: &mut Page<'_>) -> io::Result<()> {
    if values.is_empty() {
        return Ok(());
    }
    page.line(&[Run::new(title, STRONG)])?;
    let counts: Vec<String> = values.iter().map(|v| grouped(v.count)).collect();
    let wide = counts.iter().map(String::len).max().unwrap_or(0);
    for (count, value) in counts.iter().zip(values) {
        let label = format!("  {count:>wide$}");
        page.labelled(&[Run::plain(&label)], wide + 4, &[Run::plain(&value.value)])?;
    }
    page.blank_line()
}

/// Columns of a timeline at most: longer bars say nothing more.
const WIDEST: usize = 100;

/// Bars that fit the width, the longest as long as there is room. Where nothing was sent there are empty bars, or one
/// line of dots for a long silence.
fn timeline(bars: &[Bar], page: &mut Page<'_>) -> io::Result<()> {
    let most = bars.iter().map(|b| b.count).max().unwrap_or(0).max(1);
    let label = bars.iter().map(|b| b.start.width()).max().unwrap_or(0);
    let figures = grouped(most).len();
    let room = page.look().width.min(WIDEST);
    let room = room.saturating_sub(label + figures + 4);
    let line = |start: &str, count: u64, page: &mut Page<'_>| {
        let drawn = drawn(count, most, room, page.look().unicode);
        let text = format!("{start:label$}  {:>figures$}  {drawn}", grouped(count));
        page.line(&[Run::plain(text.trim_end())])
    };
    let mut last: Option<&str> = None;
    for bar in bars {
        // a date that is less precise than the unit stands between the others and interrupts nothing
        if bar.start.len() == label {
            let silent = last.map_or(Vec::new(), |last| between(last, &bar.start));
            if silent.len() > SILENT {
                page.line(&[Run::new(page.look().dots(), FAINT)])?;
            } else {
                for start in &silent {
                    line(start, 0, page)?;
                }
            }
            last = Some(&bar.start);
        }
        line(&bar.start, bar.count, page)?;
    }
    Ok(())
}

/// Most empty bars in a row.
const SILENT: usize = 6;

/// The dates between two of the same precision, up to one more than are drawn.
fn between(first: &str, last: &str) -> Vec<String> {
    let mut dates = Vec::new();
    let mut date = first.parse().ok().and_then(after);
    while let Some(next) = date {
        let text = next.to_string();
        if text.as_str() >= last || dates.len() > SILENT {
            break;
        }
        dates.push(text);
        date = after(next);
    }
    dates
}

/// The next year, month or day.
fn after(date: When) -> Option<When> {
    match date {
        When::Year(year) => When::year(year.checked_add(1)?),
        When::Month(year, 12) => When::month(year.checked_add(1)?, 1),
        When::Month(year, month) => When::month(year, month + 1),
        When::Day(day) => day.tomorrow().ok().map(When::Day),
        When::Moment(..) => None,
    }
}

/// A bar of `room` columns at most, in eighths of a column where the place can show them; never empty for a count.
fn drawn(count: u64, most: u64, room: usize, unicode: bool) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    if count == 0 || room == 0 {
        return String::new();
    }
    let parts = if unicode { 8 } else { 1 };
    let length = u128::from(count) * (room * parts) as u128 / u128::from(most);
    let length = usize::try_from(length).unwrap_or(room * parts).max(1);
    if unicode {
        format!("{}{}", "█".repeat(length / 8), EIGHTHS[length % 8])
    } else {
        "#".repeat(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(start: &str, count: u64) -> Bar {
        Bar {
            start: start.to_owned(),
            count,
        }
    }

    fn summary(width: usize, unicode: bool) -> String {
        let answer = Hits {
            total: 1234,
            took_ms: 12.34,
            timeline: Some(vec![
                bar("2017", 3),
                bar("2017-03", 1200),
                bar("2017-04", 31),
            ]),
            facets: Some(Facets {
                source: vec![FacetValue {
                    value: "Ritzau/Reuters".to_owned(),
                    count: 1234,
                }],
                ..Facets::default()
            }),
            ..Hits::default()
        };
        let look = Look {
            width,
            unicode,
            ..Look::plain()
        };
        let mut out = Vec::new();
        write_summary(&answer, 10, &look, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn bars_fit_the_width() {
        let expected = "
2017         3  ▏
2017-03  1,200  ████████████████████████
2017-04     31  ▌

source
  1,234  Ritzau/Reuters

1 to 10 of 1,234 hits (12.3 ms)
";
        assert_eq!(summary(40, true), expected);
        assert!(summary(40, false).contains("2017         3  #\n"));
        for width in 0..60 {
            for line in summary(width, true).lines() {
                assert!(line.width() <= width.max(22), "{width}: {line}");
            }
        }
    }

    #[test]
    fn silence_is_seen() {
        let between = |a, b| between(a, b).join(" ");
        assert_eq!(between("2016-11", "2017-02"), "2016-12 2017-01");
        assert_eq!(between("2017-02-28", "2017-03-02"), "2017-03-01");
        assert_eq!(between("2016", "2017"), "");
        assert_eq!(between("2016", "2017-02"), "2017");
        let answer = Hits {
            total: 3,
            timeline: Some(vec![bar("2010", 1), bar("2012", 1), bar("2020", 1)]),
            ..Hits::default()
        };
        let mut out = Vec::new();
        write_summary(&answer, 3, &Look::plain(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let starts: Vec<&str> = text.lines().filter_map(|l| l.split("  ").next()).collect();
        assert_eq!(starts[1..5], ["2010", "2011", "2012", "…"], "{text}");
    }

    #[test]
    fn thousands_stand_apart() {
        let grouped = [0, 999, 1000, 1_234_567].map(grouped);
        assert_eq!(grouped, ["0", "999", "1,000", "1,234,567"]);
    }
}
