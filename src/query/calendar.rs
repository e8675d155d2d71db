//! The words of the calendar, Danish and English, in lower case.

use jiff::civil::Weekday;

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Hour,
    Day,
    Week,
    Month,
    Year,
}

const UNITS: &[(Unit, &[&str])] = &[
    (Unit::Hour, &["h", "time", "timer", "hour", "hours"]),
    (Unit::Day, &["d", "dag", "dage", "døgn", "day", "days"]),
    (Unit::Week, &["w", "u", "uge", "uger", "week", "weeks"]),
    (
        Unit::Month,
        &["m", "md", "mdr", "måned", "måneder", "month", "months"],
    ),
    (Unit::Year, &["y", "å", "år", "year", "years"]),
];

/// Spans that are named from today: the unit, and how many of them ahead.
const NAMED: &[(Unit, i32, &[&str])] = &[
    (Unit::Day, 0, &["i dag", "idag", "dags dato", "today"]),
    (
        Unit::Day,
        -1,
        &["i går", "igår", "i gaar", "igaar", "yesterday"],
    ),
    (
        Unit::Day,
        -2,
        &[
            "i forgårs",
            "iforgårs",
            "forgårs",
            "i forgaars",
            "day before yesterday",
            "the day before yesterday",
        ],
    ),
    (Unit::Day, 1, &["i morgen", "imorgen", "tomorrow"]),
    (Unit::Week, 0, &["denne uge", "i denne uge", "this week"]),
    (
        Unit::Week,
        -1,
        &["sidste uge", "i sidste uge", "forrige uge", "last week"],
    ),
    (
        Unit::Month,
        0,
        &["denne måned", "i denne måned", "this month"],
    ),
    (
        Unit::Month,
        -1,
        &[
            "sidste måned",
            "i sidste måned",
            "forrige måned",
            "last month",
        ],
    ),
    (Unit::Year, 0, &["i år", "dette år", "this year"]),
    (
        Unit::Year,
        -1,
        &["sidste år", "forrige år", "i fjor", "last year"],
    ),
];

const MONTHS: [&[&str]; 12] = [
    &["januar", "january", "jan"],
    &["februar", "february", "feb"],
    &["marts", "march", "mar"],
    &["april", "apr"],
    &["maj", "may"],
    &["juni", "june", "jun"],
    &["juli", "july", "jul"],
    &["august", "aug"],
    &["september", "sep", "sept"],
    &["oktober", "october", "okt", "oct"],
    &["november", "nov"],
    &["december", "dec"],
];

const WEEKDAYS: [(Weekday, [&str; 2]); 7] = [
    (Weekday::Monday, ["mandag", "monday"]),
    (Weekday::Tuesday, ["tirsdag", "tuesday"]),
    (Weekday::Wednesday, ["onsdag", "wednesday"]),
    (Weekday::Thursday, ["torsdag", "thursday"]),
    (Weekday::Friday, ["fredag", "friday"]),
    (Weekday::Saturday, ["lørdag", "saturday"]),
    (Weekday::Sunday, ["søndag", "sunday"]),
];

/// The unit that a word or letter names.
pub(super) fn unit(word: &str) -> Option<Unit> {
    UNITS
        .iter()
        .find(|(_, names)| names.contains(&word))
        .map(|(unit, _)| *unit)
}

/// The unit and how many of them ahead: `sidste uge` is the week, one back.
pub(super) fn named_span(words: &str) -> Option<(Unit, i32)> {
    NAMED
        .iter()
        .find(|(.., names)| names.contains(&words))
        .map(|(unit, ahead, _)| (*unit, *ahead))
}

/// The month, from 1.
pub(super) fn month(word: &str) -> Option<i8> {
    let index = MONTHS.iter().position(|names| names.contains(&word))?;
    i8::try_from(index + 1).ok()
}

/// The day of the week.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    WEEKDAYS
        .iter()
        .find(|(_, names)| names.contains(&word))
        .map(|(day, _)| *day)
}
