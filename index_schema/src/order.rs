//! The order of the versions of a dispatch.

use std::cmp::Ordering;

use jiff::tz::TimeZone;

use crate::Record;

/// Order of versions: the version, then the time sent, then the content. A text without a guid has no version; there
/// the file that was rewritten last is newest, whatever date it carries.
pub fn newest_first(a: &Record, b: &Record) -> Ordering {
    let version = |r: &Record| match (&r.dispatch, &r.tombstone) {
        (Some(d), _) => d.version.as_deref().map(VersionKey::of),
        (None, Some(t)) => t.version.as_deref().map(VersionKey::of),
        _ => None,
    };
    let sent = |r: &Record| {
        let date = r
            .dispatch
            .as_ref()
            .map_or_else(|| r.tombstone.as_ref().and_then(|t| t.date), |d| d.date);
        date.map(|d| d.span(&TimeZone::UTC).start)
    };
    let has_guid = |r: &Record| r.dispatch.as_ref().is_some_and(|d| d.guid.is_some());
    let by_time = sent(b).cmp(&sent(a));
    let by_revision = b.revision.cmp(&a.revision);
    let by_age = if has_guid(a) || has_guid(b) {
        by_time.then(by_revision)
    } else {
        by_revision.then(by_time)
    };
    version(b)
        .cmp(&version(a))
        .then(by_age)
        .then(b.content.cmp(&a.content))
}

/// A version as it is ordered: words before numbers, numbers by value, `1.10` after `1.9`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum VersionKey {
    Word(String),
    Numbers(Vec<u128>),
}

impl VersionKey {
    fn of(version: &str) -> Self {
        let version = version.trim();
        let numbers: Option<Vec<u128>> = version.split('.').map(|n| n.parse().ok()).collect();
        numbers.map_or_else(|| Self::Word(version.to_owned()), Self::Numbers)
    }
}
