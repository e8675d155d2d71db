//! The life of a dispatch: which of its versions is current, what a kill leaves, how far an embargo reaches.
//!
//! Pure functions over sets of versions. What comes out depends on the set alone, so that the order in which versions
//! arrive, in one run or over several, changes nothing.

use std::collections::BTreeSet;

use index_schema::{
    Dispatch, Hash, Origin, PubStatus, Record, State, Tombstone, When, newest_first,
};

/// A version that a feed file holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arrival {
    /// Where it stood.
    pub(crate) origin: Origin,
    /// Hash of its content.
    pub(crate) content: Hash,
    /// How often its file had been rewritten in place.
    pub(crate) revision: u32,
    /// The version itself.
    pub(crate) dispatch: Dispatch,
}

/// Joins what is kept of a dispatch with what has arrived: the records that the index shall hold afterwards.
pub(crate) fn join(key: &str, kept: Vec<Record>, arrived: Vec<Arrival>) -> Vec<Record> {
    let (forgotten, mut records): (Vec<Record>, Vec<Record>) =
        kept.into_iter().partition(|r| r.state == State::Forgotten);
    // erased on purpose: nothing brings it back
    if !forgotten.is_empty() && records.is_empty() {
        return forgotten;
    }
    if let Some(tombstone) = kill(key, &records, &arrived) {
        return vec![tombstone];
    }
    let is_forgotten = |arrival: &Arrival| forgotten.iter().any(|r| r.content == arrival.content);
    for arrival in arrived.into_iter().filter(|a| !is_forgotten(a)) {
        match records.iter_mut().find(|r| r.content == arrival.content) {
            Some(same) => same_again(same, arrival),
            None => records.push(Record {
                key: key.to_owned(),
                state: State::Superseded,
                content: arrival.content,
                revision: arrival.revision,
                origins: vec![arrival.origin],
                embargo_until: None,
                dispatch: Some(arrival.dispatch),
                tombstone: None,
            }),
        }
    }
    settle(&mut records);
    records.extend(forgotten);
    records
}

/// Settles what stays of a dispatch when some of its versions are taken away.
///
/// Versions with a guid come in files of their own: an older one is the newest again. A text without a guid is superseded
/// only when its file holds another, so that no file has what is left: it stays history.
pub(crate) fn settle_rest(before: &[Record], stay: &mut [Record]) {
    let is_shown = |record: &Record| matches!(record.state, State::Current | State::Withheld);
    let has_guid = |record: &Record| record.dispatch.as_ref().is_some_and(|d| d.guid.is_some());
    // who withheld a dispatch has not released it by taking the notice away
    if before.iter().any(|r| r.state == State::Withheld)
        && before.iter().all(|r| r.state != State::Current)
    {
        return;
    }
    stay.sort_by_key(|r| r.state == State::Forgotten);
    let texts = stay.partition_point(|r| r.state != State::Forgotten);
    let texts = &mut stay[..texts];
    let older_returns = before.iter().any(is_shown) && texts.iter().any(has_guid);
    if older_returns || texts.iter().any(is_shown) {
        settle(texts);
    }
}

/// Gives each version its state and its embargo; sorts them, the newest first.
fn settle(records: &mut [Record]) {
    records.sort_by(newest_first);
    let embargo = embargo(records);
    let withheld = records
        .first()
        .is_some_and(|r| status(r) == PubStatus::Withheld);
    for (place, record) in records.iter_mut().enumerate() {
        record.embargo_until = embargo;
        record.state = match place {
            _ if withheld || status(record) == PubStatus::Withheld => State::Withheld,
            0 => State::Current,
            _ => State::Superseded,
        };
        record.origins.sort();
        record
            .origins
            .dedup_by(|a, b| (a.file(), &a.member, a.item) == (b.file(), &b.member, b.item));
    }
}

/// The tombstone, if any version of the dispatch is canceled. A canceled item stays canceled (NewsML-G2, pubStatus).
fn kill(key: &str, kept: &[Record], arrived: &[Arrival]) -> Option<Record> {
    let old = kept.iter().filter(|r| r.state == State::Killed).cloned();
    let new = arrived
        .iter()
        .filter(|a| a.dispatch.status == PubStatus::Canceled)
        .map(|a| Record {
            key: key.to_owned(),
            state: State::Killed,
            content: a.content,
            revision: 0,
            origins: vec![a.origin.clone()],
            embargo_until: None,
            dispatch: None,
            tombstone: Some(Tombstone {
                version: a.dispatch.version.clone(),
                date: a.dispatch.date,
                reason: "canceled by its sender".to_owned(),
            }),
        });
    let mut notices: Vec<Record> = old.chain(new).collect();
    notices.sort_by(newest_first);
    let mut notice = notices.into_iter().next()?;
    let origins = kept.iter().flat_map(|r| r.origins.iter().cloned());
    let all: BTreeSet<Origin> = origins
        .chain(arrived.iter().map(|a| a.origin.clone()))
        .collect();
    notice.origins = all.into_iter().collect();
    Some(notice)
}

fn same_again(record: &mut Record, arrival: Arrival) {
    let same_place = |o: &Origin| {
        (o.file(), &o.member, o.item)
            == (
                arrival.origin.file(),
                &arrival.origin.member,
                arrival.origin.item,
            )
    };
    record.revision = record.revision.max(arrival.revision);
    if !record.origins.iter().any(same_place) {
        record.origins.push(arrival.origin);
    }
}

/// The embargo of the newest version that states a time covers all versions, earlier ones too ("before which all
/// versions of the Item are embargoed", NewsML-G2 `embargoed`). An embargo without a time holds until a usable version.
fn embargo(newest_first: &[Record]) -> Option<i64> {
    let versions = || newest_first.iter().filter_map(|r| r.dispatch.as_ref());
    let newest = versions().next()?;
    if newest.status == PubStatus::Embargoed && newest.embargo.is_none() {
        return Some(i64::MAX);
    }
    versions().find_map(|d| d.embargo).map(moment)
}

fn moment(when: When) -> i64 {
    match when {
        When::Moment(t, _) => t.as_second(),
        // a day or month lasts longest in the westernmost zone: rather an hour late than a minute early
        other => other
            .span(&jiff::tz::TimeZone::UTC)
            .end
            .saturating_add(12 * 3600),
    }
}

fn status(record: &Record) -> PubStatus {
    record
        .dispatch
        .as_ref()
        .map_or(PubStatus::Canceled, |d| d.status)
}

#[cfg(test)]
mod tests {
    use index_schema::RawPath;
    use proptest::prelude::*;

    use super::*;

    fn arrival(
        path: &str,
        version: Option<&str>,
        date: Option<&str>,
        status: PubStatus,
    ) -> Arrival {
        let dispatch = Dispatch {
            guid: Some("urn:x".to_owned()),
            version: version.map(str::to_owned),
            date: date.map(|d| d.parse().unwrap()),
            status,
            body: format!("{version:?} {date:?} {status:?}"),
            ..Dispatch::default()
        };
        Arrival {
            origin: Origin {
                root: 0,
                path: RawPath::Text(path.to_owned()),
                member: None,
                item: 0,
            },
            content: Hash::of(&serde_json::to_vec(&dispatch).unwrap()),
            revision: 0,
            dispatch,
        }
    }

    fn usable(version: &str) -> Arrival {
        arrival(version, Some(version), None, PubStatus::Usable)
    }

    fn states(records: &[Record]) -> Vec<(Option<String>, State)> {
        records
            .iter()
            .map(|r| (r.dispatch.as_ref().and_then(|d| d.version.clone()), r.state))
            .collect()
    }

    #[test]
    fn versions_are_ordered_as_numbers() {
        let records = join("k", vec![], vec![usable("10"), usable("9")]);
        assert_eq!(
            states(&records),
            [
                (Some("10".into()), State::Current),
                (Some("9".into()), State::Superseded)
            ]
        );
    }

    #[test]
    fn the_same_version_twice_is_one_with_two_origins() {
        let again = Arrival {
            origin: Origin {
                path: RawPath::Text("other".into()),
                ..usable("1").origin
            },
            ..usable("1")
        };
        let records = join("k", join("k", vec![], vec![usable("1")]), vec![again]);
        assert_eq!(records.len(), 1);
        assert_eq!(records[0].origins.len(), 2);
    }

    #[test]
    fn a_kill_leaves_a_tombstone_that_no_late_original_lifts() {
        let kill = arrival("k", Some("2"), None, PubStatus::Canceled);
        let killed = join("k", vec![], vec![kill]);
        for late in ["1", "2", "3"] {
            let records = join("k", killed.clone(), vec![usable(late)]);
            assert_eq!(records.len(), 1);
            assert_eq!(records[0].state, State::Killed);
            assert_eq!(records[0].dispatch, None);
        }
    }

    #[test]
    fn withheld_hides_every_version_until_a_usable_one_comes() {
        let withheld = arrival("w", Some("2"), None, PubStatus::Withheld);
        let records = join("k", vec![], vec![usable("1"), withheld]);
        assert!(records.iter().all(|r| r.state == State::Withheld));
        let records = join("k", records, vec![usable("3")]);
        assert_eq!(
            states(&records).iter().map(|s| s.1).collect::<Vec<_>>(),
            [State::Current, State::Withheld, State::Superseded]
        );
    }

    #[test]
    fn an_embargo_covers_earlier_versions_too() {
        let mut second = usable("2");
        second.dispatch.embargo = Some("2030-01-01T12:00:00+01:00".parse().unwrap());
        let records = join("k", vec![], vec![usable("1"), second]);
        assert!(
            records
                .iter()
                .all(|r| r.embargo_until == Some(1_893_495_600))
        );
    }

    #[test]
    fn an_embargo_without_a_time_holds_until_a_usable_version() {
        let first = arrival("e", Some("1"), None, PubStatus::Embargoed);
        let records = join("k", vec![], vec![first]);
        assert_eq!(records[0].embargo_until, Some(i64::MAX));
        let records = join("k", records, vec![usable("2")]);
        assert!(records.iter().all(|r| r.embargo_until.is_none()));
    }

    #[test]
    fn what_is_forgotten_stays_forgotten() {
        let mut records = join("k", vec![], vec![usable("1")]);
        records[0].state = State::Forgotten;
        records[0].dispatch = None;
        let after = join("k", records.clone(), vec![usable("1"), usable("2")]);
        assert_eq!(after, records);
    }

    fn arrivals() -> impl Strategy<Value = Vec<Arrival>> {
        let one = (0..4_u8, 0..3_u8, 0..8_u8).prop_map(|(version, day, status)| {
            let version = ["1", "2", "10", "a"][usize::from(version)];
            let date =
                ["2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z", "2020-01-03"][usize::from(day)];
            let status = match status {
                0 => PubStatus::Withheld,
                1 => PubStatus::Embargoed,
                2 => PubStatus::Canceled,
                _ => PubStatus::Usable,
            };
            arrival(
                &format!("{version}{date}"),
                Some(version),
                Some(date),
                status,
            )
        });
        proptest::collection::vec(one, 1..6)
    }

    proptest! {
        #[test]
        fn the_order_of_arrival_changes_nothing(
            (arrivals, shuffled) in arrivals().prop_flat_map(|a| (Just(a.clone()), Just(a).prop_shuffle())),
            cut in 0..6_usize,
        ) {
            let at_once = join("k", vec![], arrivals);
            let (first, then) = shuffled.split_at(cut.min(shuffled.len()));
            let over_two_runs = join("k", join("k", vec![], first.to_vec()), then.to_vec());
            // the first run of no versions is the first of the two
            prop_assert_eq!(at_once, over_two_runs);
        }
    }
}
