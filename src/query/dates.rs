//! Dates and ranges as people write them to spans of time: `2017-03`, `7d`, `i går`, `marts 2017`, `2016..`.

use index_schema::TimeSpan;
use jiff::{Timestamp, tz::TimeZone};

use super::{
    notices::excerpt,
    today::{Today, four_digits},
    words::one_line,
};

/// Why a text is no date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDate {
    /// A day or a month without its year.
    #[error("{}: which year? for example {example}", excerpt(.written))]
    NoYear {
        /// As typed.
        written: String,
        /// The same with the last year in which it has begun.
        example: String,
    },
    /// A range that ends before it begins.
    #[error("{}: the end lies before the beginning", excerpt(.written))]
    Backwards {
        /// As typed.
        written: String,
    },
    /// A range where one end of a range was asked for.
    #[error(
        "{} is a range: give its ends to --since and --until, or all of it to date: in the query",
        excerpt(.written)
    )]
    Range {
        /// As typed.
        written: String,
    },
    /// No end of a range that is known here, such as an empty text.
    #[error(
        "'{}' is not a date: expected 2017, 2017-03, 2017-03-14, 7d, \"marts 2017\" or \"i går\"",
        excerpt(.written)
    )]
    NoEnd {
        /// As typed.
        written: String,
    },
    /// Nothing that is known here.
    #[error(
        "'{}' is not a date: expected 2017, 2017-03, 2017-03-14, 2017-03..2017-05, 7d, \"marts 2017\" or \"i går\"",
        excerpt(.written)
    )]
    Unknown {
        /// As typed.
        written: String,
    },
}

/// Reads a date or a range of dates; days begin in `zone`.
///
/// ```
/// use jiff::{Timestamp, tz::TimeZone};
/// use wiresearch::query::parse_date;
///
/// let now: Timestamp = "2017-03-15T12:00:00Z".parse()?;
/// let zone = TimeZone::get("Europe/Copenhagen")?;
/// let read = |text| parse_date(text, now, &zone);
///
/// assert_eq!(read("marts 2017"), read("2017-03"));
/// assert_eq!(read("i går"), read("14/3/2017"));
/// assert_eq!(read("marts").unwrap_err().to_string(), "marts: which year? for example marts 2017");
/// # Ok::<(), jiff::Error>(())
/// ```
///
/// # Errors
///
/// With a sentence that says what is missing, or which forms are known.
pub fn parse_date(text: &str, now: Timestamp, zone: &TimeZone) -> Result<TimeSpan, BadDate> {
    let today = Today::new(now, zone);
    let written = cleaned(text);
    let Some((from, to)) = ends(&written) else {
        return today.read(&written).map(|reach| reach.span);
    };
    range(&today, from, to, &written)
}

/// Reads the first and the last date of a stretch of time, both included; a length such as `7d` is the moment so
/// long ago.
///
/// # Errors
///
/// As [`parse_date`]; also for an empty text and for a range, and when the end lies before the beginning.
pub fn parse_since_until(
    since: Option<&str>,
    until: Option<&str>,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<TimeSpan, BadDate> {
    let today = Today::new(now, zone);
    let since = since.map(|text| end(&today, text)).transpose()?;
    let until = until.map(|text| end(&today, text)).transpose()?;
    let (since, until) = (since.unwrap_or_default(), until.unwrap_or_default());
    let written = format!("{since}..{until}");
    range(&today, &since, &until, &written)
}

/// One end of a range, if it is a date.
fn end(today: &Today<'_>, text: &str) -> Result<String, BadDate> {
    let date = cleaned(text);
    match today.read(&date) {
        Ok(_) => Ok(date),
        Err(BadDate::Unknown { .. }) if ends(&date).is_some() => {
            Err(BadDate::Range { written: date })
        }
        Err(BadDate::Unknown { .. }) => Err(BadDate::NoEnd {
            written: one_line(text),
        }),
        Err(e) => Err(e),
    }
}

/// From the start of one date to the end of the other; an empty one leaves that end open.
fn range(today: &Today<'_>, from: &str, to: &str, written: &str) -> Result<TimeSpan, BadDate> {
    let mut span = TimeSpan::EVER;
    if !from.is_empty() {
        span.start = today.read(from)?.span.start;
    }
    if !to.is_empty() {
        let reach = today.read(to)?;
        span.end = reach.until.unwrap_or(reach.span.end);
    }
    match span.start < span.end {
        true => Ok(span),
        false => Err(BadDate::Backwards {
            written: written.to_owned(),
        }),
    }
}

/// On one line, without the punctuation of a sentence behind it.
pub(super) fn cleaned(text: &str) -> String {
    one_line(text)
        .trim_end_matches([',', ';', ':', '!', '?', ' '])
        .to_owned()
}

/// The two ends of a range, either of which may be empty, not both.
fn ends(written: &str) -> Option<(&str, &str)> {
    let empty = |end: &str| end.trim_matches([' ', '.', '…']).is_empty();
    let split = |separator: &str| {
        let (from, to) = written.split_once(separator)?;
        Some((from.trim(), to.trim_start_matches('.').trim()))
    };
    if let Some((from, to)) = split("..").or_else(|| split("…")) {
        return (!empty(from) || !empty(to)).then_some((from, to));
    }
    let years =
        |(from, to): &(&str, &str)| four_digits(from).is_some() && four_digits(to).is_some();
    split("–")
        .or_else(|| split("—"))
        .filter(|(from, to)| !from.is_empty() && !to.is_empty())
        .or_else(|| split("-").filter(years))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copenhagen() -> TimeZone {
        TimeZone::get("Europe/Copenhagen").unwrap()
    }

    /// A Wednesday, one in the afternoon in Copenhagen.
    fn now() -> Timestamp {
        "2017-03-15T12:00:00Z".parse().unwrap()
    }

    fn read(text: &str) -> Result<TimeSpan, BadDate> {
        parse_date(text, now(), &copenhagen())
    }

    /// The span in local time, days without their midnight: `2017-03-14/2017-03-15`.
    fn shown(span: TimeSpan) -> String {
        let moment = |second: i64| {
            if second == i64::MIN || second == i64::MAX {
                return String::new();
            }
            let local = Timestamp::from_second(second)
                .unwrap()
                .to_zoned(copenhagen())
                .datetime();
            local.to_string().replace("T00:00:00", "")
        };
        format!("{}/{}", moment(span.start), moment(span.end))
    }

    #[test]
    fn each_form_covers_what_it_names() {
        for (texts, span) in [
            (&["2017"][..], "2017-01-01/2018-01-01"),
            (
                &[
                    "2017-03",
                    "2017-3",
                    "3/2017",
                    "marts 2017",
                    "Marts 2017",
                    "mar. 2017",
                    "March 2017",
                    "i marts 2017",
                    "2017 marts",
                ],
                "2017-03-01/2017-04-01",
            ),
            (
                &[
                    "2017-03-14",
                    "2017-3-14",
                    "14/3/2017",
                    "14.3.2017",
                    "14.03.2017",
                    "14-3-2017",
                    "14/3-2017",
                    "14/3-17",
                    "14.3.17",
                    "20170314",
                    "2017/03/14",
                    "i går",
                    "I  GÅR",
                    "igår",
                    "i gaar",
                    "yesterday",
                    "i tirsdags",
                    "last tuesday",
                ],
                "2017-03-14/2017-03-15",
            ),
            (
                &[
                    "17. oktober 2016",
                    "17 oktober 2016",
                    "17. okt. 2016",
                    "d. 17. oktober 2016",
                    "den 17. oktober 2016",
                    "mandag den 17. oktober 2016",
                    "October 17, 2016",
                    "17th October 2016",
                    "17 Oct 2016",
                    "17. oktober 2016,",
                ],
                "2016-10-17/2016-10-18",
            ),
            (&["i dag", "today"], "2017-03-15/2017-03-16"),
            (
                &["i forgårs", "forgårs", "day before yesterday"],
                "2017-03-13/2017-03-14",
            ),
            (&["i onsdags", "sidste onsdag"], "2017-03-08/2017-03-09"),
            (
                &[
                    "denne uge",
                    "this week",
                    "2017-W11",
                    "2017W11",
                    "uge 11 2017",
                    "uge 11, 2017",
                ],
                "2017-03-13/2017-03-20",
            ),
            (&["sidste uge", "last week"], "2017-03-06/2017-03-13"),
            (&["denne måned", "this month"], "2017-03-01/2017-04-01"),
            (&["sidste måned", "last month"], "2017-02-01/2017-03-01"),
            (&["i år", "this year"], "2017-01-01/2018-01-01"),
            (
                &["sidste år", "last year", "i fjor"],
                "2016-01-01/2017-01-01",
            ),
            (&["2015-W53"], "2015-12-28/2016-01-04"),
            (
                &["2017-03-14T12:30", "2017-03-14 12:30"],
                "2017-03-14T12:30:00/2017-03-14T12:31:00",
            ),
            (
                &["2017-03-14T12:30:15", "2017-03-14T11:30:15Z"],
                "2017-03-14T12:30:15/2017-03-14T12:30:16",
            ),
        ] {
            for text in texts {
                let read = read(text).map(shown);
                assert_eq!(read.as_deref(), Ok(span), "{text}");
            }
        }
    }

    #[test]
    fn lengths_reach_back_from_now_and_to_the_end_of_today() {
        for (texts, start) in [
            (&["12h", "12 timer"][..], "2017-03-15T01:00:00"),
            (
                &[
                    "7d",
                    "7 dage",
                    "1w",
                    "1u",
                    "seneste 7 dage",
                    "the last 7 days",
                ],
                "2017-03-08T13:00:00",
            ),
            (&["1m", "1 måned"], "2017-02-15T13:00:00"),
            (&["1y", "1 år"], "2016-03-15T13:00:00"),
        ] {
            for text in texts {
                let read = read(text).map(shown);
                assert_eq!(read, Ok(format!("{start}/2017-03-16")), "{text}");
            }
        }
    }

    #[test]
    fn ranges_hold_both_ends_and_may_be_open() {
        for (text, span) in [
            ("2017-03..2017-05", "2017-03-01/2017-06-01"),
            ("2015-2017", "2015-01-01/2018-01-01"),
            ("2015–2017", "2015-01-01/2018-01-01"),
            ("2015…2017", "2015-01-01/2018-01-01"),
            ("2015...2017", "2015-01-01/2018-01-01"),
            ("marts 2016 .. 3. maj 2016", "2016-03-01/2016-05-04"),
            ("..2016", "/2017-01-01"),
            ("2016..", "2016-01-01/"),
            ("30d..7d", "2017-02-13T13:00:00/2017-03-08T13:00:00"),
            ("i går..", "2017-03-14/"),
        ] {
            let read = read(text).map(shown);
            assert_eq!(read.as_deref(), Ok(span), "{text}");
        }
        assert!(matches!(read("2018..2016"), Err(BadDate::Backwards { .. })));
    }

    #[test]
    fn since_and_until_hold_the_days_they_name() {
        let between =
            |since, until| parse_since_until(since, until, now(), &copenhagen()).map(shown);
        assert_eq!(
            between(Some("2016"), Some("marts 2017")).as_deref(),
            Ok("2016-01-01/2017-04-01")
        );
        assert_eq!(between(None, Some("i går")).as_deref(), Ok("/2017-03-15"));
        assert_eq!(
            between(None, Some("7d")).as_deref(),
            Ok("/2017-03-08T13:00:00")
        );
        assert_eq!(between(None, None), Ok(shown(TimeSpan::EVER)));
        assert!(between(Some("2017"), Some("2016")).is_err());
    }

    #[test]
    fn an_end_of_a_range_is_one_date() {
        let read = |text| parse_since_until(None, Some(text), now(), &copenhagen());
        for text in ["", " ", ",", "..", "torsk"] {
            let written = text.trim().to_owned();
            assert_eq!(read(text), Err(BadDate::NoEnd { written }), "{text}");
        }
        for text in ["2017-03..2017-05", "2016..", "..i går", "2016–2017"] {
            let written = text.to_owned();
            assert_eq!(read(text), Err(BadDate::Range { written }), "{text}");
        }
        assert!(matches!(read("marts"), Err(BadDate::NoYear { .. })));
    }

    #[test]
    fn a_missing_year_is_asked_for_with_the_last_one_that_fits() {
        for (text, example) in [
            ("marts", "marts 2017"),
            ("april", "april 2016"),
            ("17. oktober", "17. oktober 2016"),
            ("29. februar", "29. februar 2016"),
            ("uge 11", "uge 11 2017"),
            ("uge 12", "uge 12 2016"),
            ("14/3", "14/3/2017"),
            ("16.3.", "16.3.2016"),
        ] {
            let expected = BadDate::NoYear {
                written: text.trim_end_matches('.').to_owned(),
                example: example.to_owned(),
            };
            assert_eq!(read(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_said_to_be_none() {
        for text in [
            "",
            " ",
            "..",
            "...",
            "-",
            "17",
            "0",
            "2017-13",
            "31/2/2017",
            "32. marts 2017",
            "17. 18. marts 2017",
            "marts april 2017",
            "i overmorgen",
            "snart",
            "i",
            "den",
            "mandag",
            "uge",
            "uge 54",
            "2017-W54",
            "W11",
            "7x",
            "-7d",
            "7",
            "99999999999999999999d",
            "9999999y",
            "2017-03-14T",
            "2017-03-14T25:00",
            "1/1/1/1",
            "ååååååå",
            "2017\u{308}",
        ] {
            assert!(
                matches!(read(text), Err(BadDate::Unknown { .. })),
                "{text}: {:?}",
                read(text)
            );
        }
    }
}
