//! How many hits each day, month or year has.

use std::collections::{BTreeMap, HashMap};

use index_schema::Fields;
use tantivy::{
    DocId, Score, Searcher, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::Column,
    query::Query,
    schema::Field,
};

use crate::search::{Bar, TimelineUnit};

/// Counts the documents that answer `query` by their own date, oldest first; `query` must leave out what may not be
/// seen. A date that is less precise than the unit has a bar of its own; undated documents have none.
///
/// # Errors
///
/// Fails if the index is damaged.
pub(crate) fn count(
    searcher: &Searcher,
    fields: &Fields,
    query: &dyn Query,
    unit: TimelineUnit,
) -> tantivy::Result<Vec<Bar>> {
    let by_date = ByDate {
        field: fields.local_date,
        unit,
    };
    let bars = searcher.search(query, &by_date)?;
    let bar = |(date, count)| Bar {
        start: written(date),
        count,
    };
    Ok(bars.into_iter().map(bar).collect())
}

/// A date as `YYYYMMDD` with zeros for what is not known, as it is written with that precision.
pub(super) fn written(date: u64) -> String {
    let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100);
    match (month, day) {
        (0, _) => format!("{year:04}"),
        (_, 0) => format!("{year:04}-{month:02}"),
        _ => format!("{year:04}-{month:02}-{day:02}"),
    }
}

/// A date without what is more precise than the unit. Dates stay in their order, and a year comes before its months.
fn truncated(date: u64, unit: TimelineUnit) -> u64 {
    match unit {
        TimelineUnit::Day => date,
        TimelineUnit::Month => date - date % 100,
        TimelineUnit::Year => date - date % 10_000,
    }
}

struct ByDate {
    field: Field,
    unit: TimelineUnit,
}

struct SegmentDates {
    dates: Option<Column<u64>>,
    unit: TimelineUnit,
    bars: HashMap<u64, u64>,
    read: Vec<Option<u64>>,
}

impl Collector for ByDate {
    type Fruit = BTreeMap<u64, u64>;
    type Child = SegmentDates;

    fn for_segment(&self, _: u32, segment: &SegmentReader) -> tantivy::Result<SegmentDates> {
        let name = segment.schema().get_field_name(self.field);
        Ok(SegmentDates {
            dates: segment.fast_fields().column_opt(name)?,
            unit: self.unit,
            bars: HashMap::new(),
            read: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<HashMap<u64, u64>>) -> tantivy::Result<Self::Fruit> {
        let mut all = BTreeMap::new();
        for (date, count) in segments.into_iter().flatten() {
            *all.entry(date).or_default() += count;
        }
        Ok(all)
    }
}

impl SegmentCollector for SegmentDates {
    type Fruit = HashMap<u64, u64>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.collect_block(&[doc]);
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        let Some(dates) = &self.dates else {
            return;
        };
        self.read.clear();
        self.read.resize(docs.len(), None);
        dates.first_vals(docs, &mut self.read);
        for &date in self.read.iter().flatten() {
            *self.bars.entry(truncated(date, self.unit)).or_default() += 1;
        }
    }

    fn harvest(self) -> HashMap<u64, u64> {
        self.bars
    }
}

#[cfg(test)]
mod tests {
    use tantivy::query::AllQuery;

    use super::*;
    use crate::backend::local::{LocalSearcher, drafts::record};

    fn bars(unit: TimelineUnit) -> Vec<(String, u64)> {
        let dates = [
            "2017-03-14T23:30:00Z",
            "2017-03-15",
            "2017-03",
            "2017",
            "2016-12-31T23:30:00Z",
            "2016-05",
        ];
        let mut records: Vec<_> = dates.iter().map(|d| record(d).date(d).build()).collect();
        records.push(record("undated").build());
        let (a, b) = records.split_at(3);
        let index = LocalSearcher::in_memory(&[a, b]);
        let bars = count(&index.reader.searcher(), &index.fields, &AllQuery, unit).unwrap();
        bars.into_iter().map(|b| (b.start, b.count)).collect()
    }

    fn expected(bars: &[(&str, u64)]) -> Vec<(String, u64)> {
        bars.iter().map(|&(s, n)| (s.to_owned(), n)).collect()
    }

    #[test]
    fn days_begin_in_copenhagen_and_partial_dates_stay_apart() {
        let days = [
            ("2016-05", 1),
            ("2017", 1),
            ("2017-01-01", 1),
            ("2017-03", 1),
            ("2017-03-15", 2),
        ];
        assert_eq!(bars(TimelineUnit::Day), expected(&days));
    }

    #[test]
    fn a_year_comes_before_its_months() {
        let months = [("2016-05", 1), ("2017", 1), ("2017-01", 1), ("2017-03", 3)];
        assert_eq!(bars(TimelineUnit::Month), expected(&months));
    }

    #[test]
    fn years_take_everything_that_is_dated() {
        assert_eq!(
            bars(TimelineUnit::Year),
            expected(&[("2016", 1), ("2017", 5)])
        );
    }
}
