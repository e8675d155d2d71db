//! One date or length of time to the span it covers, as seen from today.

use index_schema::{TimeSpan, When};
use jiff::{
    Span, Timestamp, ToSpan, Zoned,
    civil::{Date, DateTime, ISOWeekDate, Weekday},
    tz::TimeZone,
};

use super::{
    BadDate,
    calendar::{Unit, month, named_span, unit, weekday},
    words::is_blank,
};

/// What a text without a range reaches over.
pub(super) struct Reach {
    pub(super) span: TimeSpan,
    /// The moment that a range ends with, where that is not the end of the span.
    pub(super) until: Option<i64>,
}

impl From<TimeSpan> for Reach {
    fn from(span: TimeSpan) -> Self {
        Self { span, until: None }
    }
}

/// The present, which relative dates are counted from.
pub(super) struct Today<'a> {
    now: Zoned,
    zone: &'a TimeZone,
}

impl<'a> Today<'a> {
    pub(super) fn new(now: Timestamp, zone: &'a TimeZone) -> Self {
        Self {
            now: now.to_zoned(zone.clone()),
            zone,
        }
    }

    pub(super) fn read(&self, written: &str) -> Result<Reach, BadDate> {
        if let Ok(when) = written.parse::<When>() {
            return Ok(self.span(when).into());
        }
        let lowered = written.to_lowercase();
        let words: Vec<&str> = lowered
            .split(is_blank)
            .map(|word| word.trim_end_matches(['.', ',']))
            .filter(|word| !word.is_empty())
            .collect();
        if let Some(read) = self.digits(written) {
            return read.map(Reach::from);
        }
        self.local_time(written)
            .or_else(|| self.week(&words))
            .or_else(|| self.named(&words))
            .map(Reach::from)
            .or_else(|| self.back(&words))
            .map_or_else(|| self.with_month(written, &words).map(Reach::from), Ok)
    }

    fn span(&self, when: When) -> TimeSpan {
        when.span(self.zone)
    }

    /// `14/3/2017`, `14.3.17`, `14/3-2017`, `2017/03/14`, `3-2017`, `20170314`: day first, unless the year is.
    fn digits(&self, written: &str) -> Option<Result<TimeSpan, BadDate>> {
        let written = written.trim_end_matches('.');
        let separators = ['-', '/', '.'];
        if !written
            .chars()
            .all(|c| c.is_ascii_digit() || separators.contains(&c))
        {
            return None;
        }
        let parts: Vec<&str> = written.split(separators).collect();
        let number = |part: &str| part.parse::<i16>().ok();
        let small = |part: &str| part.parse::<i8>().ok();
        let day = |y, m, d| Some(When::Day(Date::new(y?, m?, d?).ok()?));
        let month = |y: Option<i16>, m: Option<i8>| When::month(y?, m?);
        let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        let when = match (&lengths[..], &parts[..]) {
            ([8], [all]) => day(number(&all[..4]), small(&all[4..6]), small(&all[6..])),
            ([4, 1 | 2], [y, m]) | ([1 | 2, 4], [m, y]) => month(number(y), small(m)),
            ([4, 1 | 2, 1 | 2], [y, m, d]) | ([1 | 2, 1 | 2, 4], [d, m, y]) => {
                day(number(y), small(m), small(d))
            }
            ([1 | 2, 1 | 2, 2], [d, m, y]) if written.contains(['/', '.']) => {
                let year = number(y).map(|y| self.century(y));
                day(year, small(m), small(d))
            }
            ([1 | 2, 1 | 2], [d, m]) if written.contains(['/', '.']) => {
                let begun = |year| Date::new(year, small(m)?, small(d)?).ok();
                let year = self.last_year(begun)?;
                let separator = if written.contains('/') { '/' } else { '.' };
                return Some(Err(BadDate::NoYear {
                    written: written.to_owned(),
                    example: format!("{written}{separator}{year}"),
                }));
            }
            _ => None,
        };
        when.map(|when| Ok(self.span(when)))
    }

    /// The full year that two digits mean: not more than one ahead.
    fn century(&self, year: i16) -> i16 {
        let this = self.now.year();
        let year = this - this % 100 + year;
        if year > this + 1 { year - 100 } else { year }
    }

    /// `2017-03-14T12:30` or `2017-03-14 12:30`, in the zone; the minute, or the second if there is one.
    fn local_time(&self, written: &str) -> Option<TimeSpan> {
        let (day, time) = written.split_once(['T', 't', ' '])?;
        let colons = time.matches(':').count();
        if day.len() != 10 || !(1..=2).contains(&colons) {
            return None;
        }
        let civil: DateTime = format!("{day}T{time}").parse().ok()?;
        let start = civil
            .to_zoned(self.zone.clone())
            .ok()?
            .timestamp()
            .as_second();
        let seconds = if colons == 1 { 60 } else { 1 };
        Some(TimeSpan {
            start,
            end: start + seconds,
        })
    }

    /// `2017-W11`, `uge 11 2017`: Monday to Sunday, as in ISO 8601.
    fn week(&self, words: &[&str]) -> Option<TimeSpan> {
        let (year, week) = match words {
            [one] => one.split_once("-w").or_else(|| one.split_once('w'))?,
            ["uge" | "week", week, year] => (*year, *week),
            _ => return None,
        };
        let monday = monday_of(four_digits(year)?, two_digits(week)?)?;
        Some(self.days(monday, 7.days()))
    }

    /// `i går`, `sidste uge`, `i mandags`.
    fn named(&self, words: &[&str]) -> Option<TimeSpan> {
        let today = self.now.date();
        let day = match words {
            ["i", name] => name.strip_suffix('s').and_then(weekday),
            ["sidste" | "last", name] => weekday(name),
            _ => None,
        };
        if let Some(day) = day {
            let date = today.nth_weekday(-1, day).ok()?;
            return Some(self.span(When::Day(date)));
        }
        let (unit, offset) = named_span(&words.join(" "))?;
        match unit {
            Unit::Hour => None,
            Unit::Day => Some(self.span(When::Day(today.checked_add(offset.days()).ok()?))),
            Unit::Week => {
                let since_monday = i64::from(today.weekday().to_monday_zero_offset());
                let back = i64::from(offset) * 7 - since_monday;
                Some(self.days(today.checked_add(back.days()).ok()?, 7.days()))
            }
            Unit::Month => {
                let date = today.first_of_month().checked_add(offset.months()).ok()?;
                Some(self.span(When::Month(date.year(), date.month())))
            }
            Unit::Year => {
                let date = today.checked_add(offset.years()).ok()?;
                Some(self.span(When::Year(date.year())))
            }
        }
    }

    /// `7d`, `2 uger`, `seneste 7 dage`: so far back from now, and the rest of today.
    fn back(&self, words: &[&str]) -> Option<Reach> {
        let words = match words {
            ["de" | "the", rest @ ..] => rest,
            all => all,
        };
        let words = match words {
            ["sidste" | "seneste" | "last" | "past", rest @ ..] if rest.len() == 2 => rest,
            all => all,
        };
        let (count, name) = match words {
            [one] => one.split_at(one.find(|c: char| !c.is_ascii_digit())?),
            [count, name] => (*count, *name),
            _ => return None,
        };
        let count: i64 = count.parse().ok().filter(|n| *n >= 0)?;
        let span = match unit(name)? {
            Unit::Hour => Span::new().try_hours(count),
            Unit::Day => Span::new().try_days(count),
            Unit::Week => Span::new().try_weeks(count),
            Unit::Month => Span::new().try_months(count),
            Unit::Year => Span::new().try_years(count),
        };
        let from = self.now.checked_sub(span.ok()?).ok()?;
        let start = from.timestamp().as_second();
        Some(Reach {
            span: TimeSpan {
                start,
                end: self.span(When::Day(self.now.date())).end,
            },
            until: Some(start),
        })
    }

    /// `marts 2017`, `d. 17. okt. 2016`, `October 17th, 2016`, in any order.
    fn with_month(&self, written: &str, words: &[&str]) -> Result<TimeSpan, BadDate> {
        let unknown = || BadDate::Unknown {
            written: written.to_owned(),
        };
        if let ["uge" | "week", week] = words
            && let Some(week) = two_digits(week)
            && let Some(year) = self.last_year(|year| monday_of(year, week))
        {
            return Err(no_year(written, year));
        }
        let mut named = None;
        let mut day = None;
        let mut year = None;
        for (i, word) in words.iter().enumerate() {
            let filler = matches!(*word, "i" | "in" | "d" | "den" | "the" | "of" | "on");
            if (filler && i + 1 < words.len()) || (i == 0 && weekday(word).is_some()) {
                continue;
            }
            if let Some(number) = month(word).filter(|_| named.is_none()) {
                named = Some(number);
            } else if let Some(number) = four_digits(word).filter(|_| year.is_none()) {
                year = Some(number);
            } else if let Some(number) = day_of_month(word).filter(|_| day.is_none()) {
                day = Some(number);
            } else {
                return Err(unknown());
            }
        }
        let month = named.ok_or_else(unknown)?;
        let Some(year) = year else {
            let begun = |year| Date::new(year, month, day.unwrap_or(1)).ok();
            let year = self.last_year(begun).ok_or_else(unknown)?;
            return Err(no_year(written, year));
        };
        let when = match day {
            Some(day) => Date::new(year, month, day).ok().map(When::Day),
            None => When::month(year, month),
        };
        when.map(|when| self.span(when)).ok_or_else(unknown)
    }

    /// The last year, of a leap year's span, in which a date existed and is not in the future.
    fn last_year(&self, date: impl Fn(i16) -> Option<Date>) -> Option<i16> {
        let this = self.now.year();
        (0..=8)
            .filter_map(|back| this.checked_sub(back))
            .find(|year| date(*year).is_some_and(|d| d <= self.now.date()))
    }

    fn days(&self, first: Date, length: Span) -> TimeSpan {
        let after = first.checked_add(length).unwrap_or(Date::MAX);
        TimeSpan {
            start: self.span(When::Day(first)).start,
            end: self.span(When::Day(after)).start,
        }
    }
}

fn no_year(written: &str, year: i16) -> BadDate {
    BadDate::NoYear {
        written: written.to_owned(),
        example: format!("{written} {year}"),
    }
}

fn monday_of(year: i16, week: i8) -> Option<Date> {
    ISOWeekDate::new(year, week, Weekday::Monday)
        .ok()
        .map(ISOWeekDate::date)
}

/// The number that exactly four digits write.
pub(super) fn four_digits(word: &str) -> Option<i16> {
    let plain = word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| word.parse().ok()).flatten()
}

fn two_digits(word: &str) -> Option<i8> {
    let plain = matches!(word.len(), 1 | 2) && word.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| word.parse().ok()).flatten()
}

/// `17`, `17th`
fn day_of_month(word: &str) -> Option<i8> {
    let ordinal = ["st", "nd", "rd", "th"];
    let digits = ordinal
        .iter()
        .find_map(|suffix| word.strip_suffix(suffix))
        .unwrap_or(word);
    two_digits(digits)
}
