//! A date with the precision it was written with.

use std::{fmt, str::FromStr};

use jiff::{
    Timestamp, ToSpan, Zoned,
    civil::{Date, DateTime},
    tz::{Offset, TimeZone},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A year, a month, a day or a moment.
///
/// Its text form is `2017`, `2017-03`, `2017-03-14` or RFC 3339 to the second (`2017-03-14T12:30:00+01:00`).
/// It covers a [span](Self::span) of time: a month covers all its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// A year, as `2017`.
    Year(i16),
    /// A month, as `2017-03`.
    Month(i16, i8),
    /// A day, as `2017-03-14`.
    Day(Date),
    /// A moment, with the offset from UTC that it was written with.
    Moment(Timestamp, Offset),
}

/// Half-open span of time in seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TimeSpan {
    /// First second of the span.
    pub start: i64,
    /// First second after the span.
    pub end: i64,
}

impl TimeSpan {
    /// All time.
    pub const EVER: Self = Self {
        start: i64::MIN,
        end: i64::MAX,
    };

    /// Whether two spans have a second in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

impl When {
    /// The moment of a zoned time.
    pub fn moment(zoned: &Zoned) -> Self {
        Self::Moment(zoned.timestamp(), zoned.offset())
    }

    /// A civil time in `zone`, as a moment; a time that the clock skipped or repeated is taken as jiff's
    /// "compatible" rule has it (RFC 5545, 3.3.5).
    pub fn local(civil: DateTime, zone: &TimeZone) -> Option<Self> {
        civil.to_zoned(zone.clone()).ok().map(|z| Self::moment(&z))
    }

    /// A year, if it is one that a calendar has.
    pub fn year(year: i16) -> Option<Self> {
        Date::new(year, 1, 1).ok().map(|_| Self::Year(year))
    }

    /// A month, if the calendar has it.
    pub fn month(year: i16, month: i8) -> Option<Self> {
        Date::new(year, month, 1)
            .ok()
            .map(|_| Self::Month(year, month))
    }

    /// The span that it covers: from its first second to the first second after it, days beginning in `zone`.
    pub fn span(&self, zone: &TimeZone) -> TimeSpan {
        let midnight = |d: Date| {
            d.to_zoned(zone.clone()).map_or_else(
                |_| if d.year() < 0 { i64::MIN } else { i64::MAX },
                |z| z.timestamp().as_second(),
            )
        };
        let after = |d: Date, by: jiff::Span| d.checked_add(by).map_or(i64::MAX, midnight);
        match *self {
            Self::Year(y) => first(y, 1).map_or(TimeSpan { start: 0, end: 0 }, |d| TimeSpan {
                start: midnight(d),
                end: after(d, 1.year()),
            }),
            Self::Month(y, m) => first(y, m).map_or(TimeSpan { start: 0, end: 0 }, |d| TimeSpan {
                start: midnight(d),
                end: after(d, 1.month()),
            }),
            Self::Day(d) => TimeSpan {
                start: midnight(d),
                end: after(d, 1.day()),
            },
            Self::Moment(t, _) => TimeSpan {
                start: t.as_second(),
                end: t.as_second() + 1,
            },
        }
    }

    /// The calendar day in `zone` as `YYYYMMDD`, with `00` for what is not known: `20170300` for March 2017.
    pub fn local_date(&self, zone: &TimeZone) -> u64 {
        let (y, m, d) = match *self {
            Self::Year(y) => (y, 0, 0),
            Self::Month(y, m) => (y, m, 0),
            Self::Day(d) => (d.year(), d.month(), d.day()),
            Self::Moment(t, _) => {
                let d = t.to_zoned(zone.clone()).date();
                (d.year(), d.month(), d.day())
            }
        };
        u64::from(y.unsigned_abs()) * 10_000
            + u64::from(m.unsigned_abs()) * 100
            + u64::from(d.unsigned_abs())
    }
}

fn first(year: i16, month: i8) -> Option<Date> {
    Date::new(year, month, 1).ok()
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(y) => write!(f, "{y:04}"),
            Self::Month(y, m) => write!(f, "{y:04}-{m:02}"),
            Self::Day(d) => write!(f, "{d}"),
            Self::Moment(t, o) => write!(f, "{}", t.display_with_offset(*o)),
        }
    }
}

/// The text is no date in the forms that [`When`] is written in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a date: expected YYYY, YYYY-MM, YYYY-MM-DD or RFC 3339")]
pub struct NotADate(pub String);

impl FromStr for When {
    type Err = NotADate;

    fn from_str(s: &str) -> Result<Self, NotADate> {
        let no = || NotADate(s.chars().take(60).collect());
        let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        match s.len() {
            4 if digits(s) => s.parse().ok().and_then(Self::year).ok_or_else(no),
            7 => {
                let (y, m) = s.split_once('-').ok_or_else(no)?;
                if y.len() != 4 || !digits(y) || !digits(m) {
                    return Err(no());
                }
                y.parse()
                    .ok()
                    .zip(m.parse().ok())
                    .and_then(|(y, m)| Self::month(y, m))
                    .ok_or_else(no)
            }
            10 => s.parse().map(Self::Day).map_err(|_| no()),
            _ => {
                let t: Timestamp = s.parse().map_err(|_| no())?;
                let t = Timestamp::from_second(t.as_second()).map_err(|_| no())?;
                let offset = jiff::fmt::temporal::Pieces::parse(s)
                    .ok()
                    .and_then(|p| p.to_numeric_offset())
                    .unwrap_or(Offset::UTC);
                Ok(Self::Moment(t, offset))
            }
        }
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copenhagen() -> TimeZone {
        TimeZone::get("Europe/Copenhagen").unwrap()
    }

    #[test]
    fn it_is_written_with_the_precision_it_has() {
        for text in [
            "2017",
            "2017-03",
            "2017-03-14",
            "2017-03-14T12:30:00+01:00",
            "2017-03-14T11:30:00+00:00",
        ] {
            assert_eq!(text.parse::<When>().unwrap().to_string(), text);
        }
        assert_eq!(
            "2017-03-14T11:30:00Z".parse::<When>().unwrap().to_string(),
            "2017-03-14T11:30:00+00:00"
        );
        for text in [
            "",
            "17",
            "2017-13",
            "2017-02-30",
            "marts 2017",
            "2017-3-1",
            "+017",
            "2017-+3",
        ] {
            assert!(text.parse::<When>().is_err(), "{text}");
        }
    }

    #[test]
    fn days_begin_in_the_zone() {
        let span = |t: &str| t.parse::<When>().unwrap().span(&copenhagen());
        assert_eq!(
            span("2017-03-14").start,
            span("2017-03-14T00:00:00+01:00").start
        );
        // the day on which summer time begins has 23 hours
        let d = span("2017-03-26");
        assert_eq!(d.end - d.start, 23 * 3600);
        assert!(span("2017-03").overlaps(span("2017-03-31")));
        assert!(!span("2017-03").overlaps(span("2017-04-01")));
        assert_eq!(span("2017").start, span("2017-01-01").start);
    }

    #[test]
    fn the_local_date_keeps_unknown_parts_as_zero() {
        let local = |t: &str| t.parse::<When>().unwrap().local_date(&copenhagen());
        assert_eq!(local("2017"), 20_170_000);
        assert_eq!(local("2017-03"), 20_170_300);
        assert_eq!(local("2017-03-14T23:30:00Z"), 20_170_315);
    }
}
