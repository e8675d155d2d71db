//! How many hits have each source, language, category and year.

use std::{collections::HashMap, io};

use index_schema::Fields;
use tantivy::{
    DocId, Score, Searcher, SegmentReader, TantivyError,
    collector::{Collector, SegmentCollector},
    columnar::{Cardinality, Column, StrColumn},
    query::Query,
    schema::Field,
};

use crate::search::{FacetValue, Facets};

/// Most values of one facet: those with the most hits. An archive has tens of sources and languages and hundreds of
/// categories; more than that is noise, or hostile.
const MOST_VALUES: usize = 1_000;

/// Counts the values of the documents that answer `query`, which must leave out what may not be seen.
///
/// # Errors
///
/// Fails if the index is damaged.
pub(crate) fn count(
    searcher: &Searcher,
    fields: &Fields,
    query: &dyn Query,
) -> tantivy::Result<Facets> {
    let counted = Counted {
        texts: [fields.source_value, fields.language, fields.category_value],
        date: fields.local_date,
    };
    let Counts { texts, years } = searcher.search(query, &counted)?;
    let [source, language, category] = texts.map(most_frequent);
    let years = years.into_iter().map(|(y, n)| (format!("{y:04}"), n));
    Ok(Facets {
        source,
        language,
        category,
        year: most_frequent(years.collect()),
    })
}

/// The most frequent values first; those of the same frequency by value.
fn most_frequent(counts: HashMap<String, u64>) -> Vec<FacetValue> {
    let mut values: Vec<FacetValue> = counts
        .into_iter()
        .map(|(value, count)| FacetValue { value, count })
        .collect();
    values.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    values.truncate(MOST_VALUES);
    values
}

/// Counts the values of some fields.
struct Counted {
    texts: [Field; 3],
    date: Field,
}

/// How many documents have each value.
#[derive(Default)]
struct Counts {
    texts: [HashMap<String, u64>; 3],
    years: HashMap<u64, u64>,
}

/// The counts of one segment, by the numbers that the segment gives to values.
struct SegmentCounts {
    texts: [Option<TextCounts>; 3],
    date: Option<Column<u64>>,
    years: HashMap<u64, u64>,
    read: Vec<Option<u64>>,
}

struct TextCounts {
    column: StrColumn,
    /// For each value, how many documents have it.
    counts: Vec<u64>,
    /// For each value, the last document that had it: a document that names a category twice counts once.
    last: Vec<Option<DocId>>,
}

impl Collector for Counted {
    type Fruit = Counts;
    type Child = SegmentCounts;

    fn for_segment(&self, _: u32, segment: &SegmentReader) -> tantivy::Result<SegmentCounts> {
        let fast = segment.fast_fields();
        let name = |field| segment.schema().get_field_name(field);
        let mut texts = [const { None }; 3];
        for (counts, &field) in texts.iter_mut().zip(&self.texts) {
            *counts = fast.str(name(field))?.map(TextCounts::new);
        }
        Ok(SegmentCounts {
            texts,
            date: fast.column_opt(name(self.date))?,
            years: HashMap::new(),
            read: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<io::Result<Counts>>) -> tantivy::Result<Counts> {
        let mut all = Counts::default();
        for segment in segments {
            let segment = segment.map_err(TantivyError::from)?;
            for (all, counts) in all.texts.iter_mut().zip(segment.texts) {
                for (value, count) in counts {
                    *all.entry(value).or_default() += count;
                }
            }
            for (year, count) in segment.years {
                *all.years.entry(year).or_default() += count;
            }
        }
        Ok(all)
    }
}

impl SegmentCollector for SegmentCounts {
    type Fruit = io::Result<Counts>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.collect_block(&[doc]);
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        for text in self.texts.iter_mut().flatten() {
            text.collect(docs);
        }
        if let Some(column) = &self.date {
            self.read.clear();
            self.read.resize(docs.len(), None);
            column.first_vals(docs, &mut self.read);
            for date in self.read.iter().flatten() {
                *self.years.entry(date / 10_000).or_default() += 1;
            }
        }
    }

    fn harvest(self) -> io::Result<Counts> {
        let mut counts = Counts {
            years: self.years,
            ..Counts::default()
        };
        for (counts, text) in counts.texts.iter_mut().zip(self.texts) {
            if let Some(text) = text {
                *counts = text.by_value()?;
            }
        }
        Ok(counts)
    }
}

impl TextCounts {
    fn new(column: StrColumn) -> Self {
        let values = column.num_terms();
        Self {
            column,
            counts: vec![0; values],
            last: vec![None; values],
        }
    }

    fn collect(&mut self, docs: &[DocId]) {
        let values = self.column.ords();
        if values.get_cardinality() != Cardinality::Multivalued {
            for value in docs.iter().filter_map(|&doc| values.first(doc)) {
                self.counts[value as usize] += 1;
            }
            return;
        }
        for &doc in docs {
            for value in values.values_for_doc(doc) {
                let value = value as usize;
                if self.last[value] != Some(doc) {
                    self.last[value] = Some(doc);
                    self.counts[value] += 1;
                }
            }
        }
    }

    fn by_value(self) -> io::Result<HashMap<String, u64>> {
        let (numbers, counts): (Vec<u64>, Vec<u64>) = (0..)
            .zip(self.counts)
            .filter(|&(_, count)| count > 0)
            .unzip();
        let mut counts = counts.into_iter();
        let mut by_value = HashMap::new();
        let all = self
            .column
            .dictionary()
            .sorted_ords_to_term_cb(&numbers, |value| {
                let value = String::from_utf8_lossy(value).into_owned();
                by_value.extend(counts.next().map(|count| (value, count)));
            })?;
        if !all {
            return Err(io::Error::other("a value is not in its dictionary"));
        }
        Ok(by_value)
    }
}

#[cfg(test)]
mod tests {
    use tantivy::query::{AllQuery, TermQuery};
    use tantivy::{Term, schema::IndexRecordOption};

    use super::*;
    use crate::backend::local::{LocalSearcher, drafts::record};

    fn values(facet: &[FacetValue]) -> Vec<(&str, u64)> {
        facet.iter().map(|f| (f.value.as_str(), f.count)).collect()
    }

    #[test]
    fn values_are_counted_over_all_segments() {
        let a = [
            record("1")
                .source("Ritzau")
                .date("2017-03")
                .categories(&["Politik", "EU", "EU"])
                .build(),
            record("2")
                .source("Reuters")
                .date("2017")
                .language("en-GB")
                .build(),
        ];
        let b = [
            record("3")
                .source("Ritzau")
                .date("2018-01-01T00:30:00+01:00")
                .categories(&["EU"])
                .build(),
            record("4").language("da").build(),
        ];
        let index = LocalSearcher::in_memory(&[&a, &b]);
        let facets = count(&index.reader.searcher(), &index.fields, &AllQuery).unwrap();
        assert_eq!(values(&facets.source), [("Ritzau", 2), ("Reuters", 1)]);
        assert_eq!(values(&facets.language), [("da", 1), ("en", 1)]);
        assert_eq!(values(&facets.category), [("EU", 2), ("Politik", 1)]);
        assert_eq!(values(&facets.year), [("2017", 2), ("2018", 1)]);
    }

    #[test]
    fn only_hits_are_counted() {
        let records = [
            record("1")
                .source("Ritzau")
                .headline("Broen lukker")
                .build(),
            record("2")
                .source("Reuters")
                .headline("Havnen lukker")
                .build(),
        ];
        let index = LocalSearcher::in_memory(&[&records]);
        let term = Term::from_field_text(index.fields.current.headline.lemma, "bro");
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        let facets = count(&index.reader.searcher(), &index.fields, &query).unwrap();
        assert_eq!(values(&facets.source), [("Ritzau", 1)]);
        assert!(facets.year.is_empty());
    }

    #[test]
    fn an_empty_index_has_no_values() {
        let index = LocalSearcher::in_memory(&[]);
        let facets = count(&index.reader.searcher(), &index.fields, &AllQuery).unwrap();
        assert_eq!(facets, Facets::default());
    }
}
