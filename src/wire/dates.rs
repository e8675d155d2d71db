//! The date spellings found in feeds.

use std::path::Path;

use index_schema::When;
use jiff::{
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};

/// Reads a date or a moment in any spelling of the wires: ISO 8601 in its long and short forms (`2013-01-01`,
/// `20130101T000000+0100`, `2016-05-12 00:05`), RFC 2822 (`Thu, 25 Feb 2021 10:15:00 +0000`), and a bare
/// `YYYY-MM`. Fractions of a second are dropped; a time without a zone is read in `zone`.
pub(super) fn parse(text: &str, zone: &TimeZone) -> Option<When> {
    let text = text.trim();
    iso(text, zone).or_else(|| mail(text, zone))
}

/// Reads a date only from its longest prefix that is one, as in ` 2017-03-14 12:30 Text`; returns the date and what
/// follows. Precision as written: month, day or minute.
pub(super) fn parse_prefix<'t>(text: &'t str, zone: &TimeZone) -> Option<(When, &'t str)> {
    let mut scan = Scan(text);
    let year = scan.number(4)?;
    scan.char('-')?;
    let month = scan.number(2)?;
    let year = i16::try_from(year).ok()?;
    let month = i8::try_from(month).ok()?;
    if scan.ended() {
        return Some((When::month(year, month)?, scan.0));
    }
    scan.char('-')?;
    let day = i8::try_from(scan.number(2)?).ok()?;
    let date = Date::new(year, month, day).ok()?;
    if !scan.ended() && scan.peek() != Some('T') {
        return None;
    }
    let after_day = scan.0;
    let mut scan = Scan(after_day.trim_start_matches([' ', 'T', '\t']));
    let time = scan.time().filter(|_| scan.ended() || scan.at_zone());
    let Some(time) = time else {
        return (!after_day.starts_with('T')).then_some((When::Day(date), after_day));
    };
    let when = match scan.zone() {
        Some(offset) => at_offset(date.to_datetime(time), offset)?,
        None => When::local(date.to_datetime(time), zone)?,
    };
    Some((when, scan.0))
}

/// The day that a `YYYY/MM/DD` folder path names, if exactly one does.
pub(super) fn from_folders(path: &Path) -> Option<When> {
    let parts: Vec<&str> = path
        .parent()?
        .components()
        .filter_map(|c| c.as_os_str().to_str())
        .collect();
    let mut days = parts.windows(3).filter_map(|w| {
        if w[0].len() != 4 || w[1].len() != 2 || w[2].len() != 2 {
            return None;
        }
        let year = digits(w[0])
            .and_then(|y| i16::try_from(y).ok())
            .filter(|y| (1800..=2199).contains(y))?;
        let month = i8::try_from(digits(w[1])?).ok()?;
        let day = i8::try_from(digits(w[2])?).ok()?;
        Date::new(year, month, day).ok()
    });
    let day = days.next()?;
    days.next().is_none().then_some(When::Day(day))
}

/// A month by its English, German, Danish, Norwegian, Swedish, French or Dutch name or the first three letters of it.
pub(super) fn month(name: &str) -> Option<i8> {
    const NAMES: [&[&str]; 12] = [
        &["jan"],
        &["feb", "fév", "fev"],
        &["mar", "mär", "mae", "mrt", "mrz"],
        &["apr", "avr"],
        &["may", "maj", "mai", "mei"],
        &["jun"],
        &["jul"],
        &["aug", "aoû", "aou"],
        &["sep"],
        &["oct", "okt"],
        &["nov"],
        &["dec", "dez", "des", "déc"],
    ];
    let name = name.to_lowercase();
    match name.as_str() {
        "juin" => return Some(6),
        "juillet" => return Some(7),
        "maart" | "marts" => return Some(3),
        _ => {}
    }
    let three: String = name.chars().take(3).collect();
    NAMES
        .iter()
        .position(|names| names.contains(&three.as_str()))
        .and_then(|i| i8::try_from(i + 1).ok())
}

/// A moment at an offset from UTC.
pub(super) fn at_offset(civil: DateTime, offset: Offset) -> Option<When> {
    offset
        .to_timestamp(civil)
        .ok()
        .map(|t| When::Moment(t, offset))
}

/// The offset that a zone's abbreviation stands for, as far as RFC 5322 (4.3) and European wires use them.
pub(super) fn abbreviation(name: &str) -> Option<Offset> {
    let hours = match name.to_ascii_uppercase().as_str() {
        "Z" | "GMT" | "UT" | "UTC" | "WET" => 0,
        "CET" | "MEZ" | "BST" | "WEST" => 1,
        "CEST" | "MESZ" | "EET" => 2,
        "EEST" | "MSK" => 3,
        "JST" => 9,
        "AEST" => 10,
        "AEDT" => 11,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        _ => return None,
    };
    Offset::from_hours(hours).ok()
}

fn iso(text: &str, zone: &TimeZone) -> Option<When> {
    let mut scan = Scan(text);
    let year = i16::try_from(scan.number(4)?).ok()?;
    let dashed = scan.char('-').is_some();
    let month = i8::try_from(scan.number(2)?).ok()?;
    if dashed && scan.0.is_empty() {
        return When::month(year, month);
    }
    if dashed {
        scan.char('-')?;
    }
    let day = i8::try_from(scan.number(2)?).ok()?;
    let date = Date::new(year, month, day).ok()?;
    if scan.0.is_empty() {
        return Some(When::Day(date));
    }
    let before_time = scan.0;
    scan.0 = scan.0.trim_start_matches([' ', 'T', 't']);
    if scan.0.len() == before_time.len() && dashed {
        // `2017-03-14+01:00` and `2017-03-14Z`: a day with a zone (XML Schema, 3.3.9)
        scan.zone()?;
        return scan.0.trim().is_empty().then_some(When::Day(date));
    }
    let civil = date.to_datetime(scan.time()?);
    scan.0 = scan.0.trim_start();
    if scan.0.is_empty() {
        return When::local(civil, zone);
    }
    let offset = scan.zone()?;
    scan.0.trim().is_empty().then_some(())?;
    at_offset(civil, offset)
}

/// RFC 5322 (3.3), as RSS has it; the day of the week and the seconds may be missing, the year may have two digits,
/// month names may be spelt out.
fn mail(text: &str, zone: &TimeZone) -> Option<When> {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|w| !w.is_empty())
        .take(8)
        .flat_map(|w| {
            // `25-Feb-21` (RFC 850)
            let dated = w.split('-').nth(1).is_some_and(|m| month(m).is_some());
            w.split(move |c| dated && c == '-')
        })
        .collect();
    let alphabetic = |i: usize| {
        words
            .get(i)
            .is_some_and(|w| w.starts_with(char::is_alphabetic))
    };
    // a day of the week, unless it is the month of `Feb 25, 2021`
    let weekday = alphabetic(0) && (alphabetic(1) || alphabetic(2));
    let mut words = words.into_iter().skip(usize::from(weekday));
    let mut first = words.next()?.trim_end_matches('.');
    let mut second = words.next()?.trim_end_matches('.');
    if first.starts_with(char::is_alphabetic) {
        std::mem::swap(&mut first, &mut second);
    }
    let day = i8::try_from(digits(first)?).ok()?;
    let month = month(second)?;
    let written = words.next()?;
    let mut year = digits(written)?;
    if written.len() == 2 {
        year += if year < 50 { 2000 } else { 1900 };
    }
    let date = Date::new(i16::try_from(year).ok()?, month, day).ok()?;
    let Some(time) = words.next() else {
        return Some(When::Day(date));
    };
    let mut scan = Scan(time);
    let civil = date.to_datetime(scan.time()?);
    let rest = if scan.0.is_empty() {
        words.next().unwrap_or("")
    } else {
        scan.0
    };
    if rest.is_empty() {
        return When::local(civil, zone);
    }
    let offset = Scan(rest).zone().or_else(|| abbreviation(rest))?;
    at_offset(civil, offset)
}

fn digits(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 4 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// What is left of a text while it is read from the left.
struct Scan<'t>(&'t str);

impl Scan<'_> {
    fn peek(&self) -> Option<char> {
        self.0.chars().next()
    }

    fn ended(&self) -> bool {
        self.peek().is_none_or(char::is_whitespace)
    }

    fn at_zone(&self) -> bool {
        matches!(self.peek(), Some('Z' | '+' | '-'))
    }

    fn char(&mut self, c: char) -> Option<()> {
        self.0 = self.0.strip_prefix(c)?;
        Some(())
    }

    fn number(&mut self, width: usize) -> Option<u32> {
        let (number, rest) = self.0.split_at_checked(width)?;
        let number = digits(number)?;
        self.0 = rest;
        Some(number)
    }

    /// `HH:MM`, `HH:MM:SS`, `HHMM`, `HHMMSS`, with a fraction; 24:00 and leap seconds become the last second.
    fn time(&mut self) -> Option<Time> {
        let saved = self.0;
        let time = self.time_parts();
        if time.is_none() {
            self.0 = saved;
        }
        time
    }

    fn time_parts(&mut self) -> Option<Time> {
        let hour = self.number(2)?;
        let colon = self.char(':').is_some();
        let minute = self.number(2)?;
        let mut second = 0;
        if colon {
            if self.char(':').is_some() {
                second = self.number(2)?;
            }
        } else if self.peek().is_some_and(|c| c.is_ascii_digit()) {
            second = self.number(2)?;
        }
        if let Some(rest) = self.0.strip_prefix(['.', ',']) {
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            // a full stop after the time is a full stop
            if rest.len() + 1 < self.0.len() {
                self.0 = rest;
            }
        }
        if hour == 24 && minute == 0 && second == 0 {
            return Time::new(23, 59, 59, 0).ok();
        }
        Time::new(
            i8::try_from(hour).ok()?,
            i8::try_from(minute).ok()?,
            i8::try_from(second.min(59)).ok()?,
            0,
        )
        .ok()
    }

    /// `Z`, `+01:00`, `+0100`, `+01`, `GMT`.
    fn zone(&mut self) -> Option<Offset> {
        let sign = match self.peek()? {
            '+' => 1,
            '-' | '\u{2212}' => -1,
            _ => {
                let end = self
                    .0
                    .find(|c: char| !c.is_ascii_alphabetic())
                    .unwrap_or(self.0.len());
                let offset = abbreviation(&self.0[..end])?;
                self.0 = &self.0[end..];
                return Some(offset);
            }
        };
        let mut rest = Scan(self.0.trim_start_matches(['+', '-', '\u{2212}']));
        let hours = rest.number(2)?;
        let _ = rest.char(':');
        let minutes = if rest.peek().is_some_and(|c| c.is_ascii_digit()) {
            rest.number(2)?
        } else {
            0
        };
        self.0 = rest.0;
        let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
        Offset::from_seconds(sign * seconds).ok()
    }
}

/// The zone of the tests of this floor.
#[cfg(test)]
pub(super) fn copenhagen() -> TimeZone {
    TimeZone::get("Europe/Copenhagen").expect("the zone is bundled")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        parse(text, &copenhagen()).map(|w| w.to_string())
    }

    #[test]
    fn every_spelling_of_the_wires_is_read() {
        for (written, meant) in [
            ("2016-05-12T00:05:13+02:00", "2016-05-12T00:05:13+02:00"),
            ("20130101T000000+0100", "2013-01-01T00:00:00+01:00"),
            ("20130101T000000Z", "2013-01-01T00:00:00+00:00"),
            ("20130101T000000", "2013-01-01T00:00:00+01:00"),
            ("2018-02-01T18:44:52.997", "2018-02-01T18:44:52+01:00"),
            ("2018-07-01T18:44:52.99", "2018-07-01T18:44:52+02:00"),
            ("2015-02-20 13:51", "2015-02-20T13:51:00+01:00"),
            ("2015-02-20 13:51:07 GMT", "2015-02-20T13:51:07+00:00"),
            (
                "Thu, 25 Feb 2021 10:15:00 +0000",
                "2021-02-25T10:15:00+00:00",
            ),
            ("25 Feb 21 10:15 EST", "2021-02-25T10:15:00-05:00"),
            ("Feb 25, 2021 10:15 GMT", "2021-02-25T10:15:00+00:00"),
            ("Thu Feb 25 2021", "2021-02-25"),
            ("Thu, 25 Feb 2021", "2021-02-25"),
            (
                "Thursday, 25-Feb-21 10:15:00 GMT",
                "2021-02-25T10:15:00+00:00",
            ),
            ("6. februar 2021 23:01", "2021-02-06T23:01:00+01:00"),
            ("2017-03", "2017-03"),
            ("2017-03-14", "2017-03-14"),
            ("20170314", "2017-03-14"),
            ("2017-03-14+01:00", "2017-03-14"),
        ] {
            assert_eq!(read(written).as_deref(), Some(meant), "{written}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "YYYYMMDD000000-HHMM",
            "2017",
            "2017-02-30",
            "20171301",
            "i morgen",
            "2017-03-14T25:00",
            "99999999T999999",
            "2017-03-14T12:00+99:99",
            "søndag",
            "1",
            "2017-03-14T12:0ø",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_prefix_is_read_with_the_precision_it_has() {
        let prefix =
            |t| parse_prefix(t, &copenhagen()).map(|(w, rest)| (w.to_string(), rest.to_owned()));
        let some = |w: &str, r: &str| Some((w.to_owned(), r.to_owned()));
        assert_eq!(
            prefix("2017-03 Irakiske styrker"),
            some("2017-03", " Irakiske styrker")
        );
        assert_eq!(
            prefix("2017-03-14 100 mennesker"),
            some("2017-03-14", " 100 mennesker")
        );
        assert_eq!(
            prefix("2017-03-14 12:30 Mænd"),
            some("2017-03-14T12:30:00+01:00", " Mænd")
        );
        assert_eq!(
            prefix("2017-03-14T12:30:00Z"),
            some("2017-03-14T12:30:00+00:00", "")
        );
        assert_eq!(prefix("2017-13 x"), None);
        assert_eq!(prefix("2017-03-14x"), None);
        assert_eq!(prefix("2017"), None);
    }

    #[test]
    fn one_dated_folder_dates_a_file_and_two_do_not() {
        let folders = |p: &str| from_folders(Path::new(p)).map(|w| w.to_string());
        assert_eq!(
            folders("feeds/2024/02/29/a.txt").as_deref(),
            Some("2024-02-29")
        );
        assert_eq!(folders("2024/02/30/a.txt"), None);
        assert_eq!(folders("2024/01/01/2023/12/31/a.txt"), None);
        assert_eq!(folders("2024/01/a.txt"), None);
    }
}
