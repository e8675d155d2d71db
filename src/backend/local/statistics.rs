//! The numbers that scoring needs, of the dispatches that a question can find.
//!
//! The engine's own statistics count every document of a segment: the files, the superseded versions and what is
//! deleted but not merged away. Here they are:
//!
//! - *documents*: those in the states asked for, from the postings of the `state` field;
//! - *length*: tokens of the exact fields asked for, one for each word (superseded texts have fields of their own, files
//!   have none), over those documents;
//! - *document frequency*: from the term dictionaries; for a main token that has two terms the sum of both, an upper bound.
//!
//! Where a segment has deletions, a list of at most [`SHORT`] documents is counted exactly, as there a few documents
//! change a score visibly; a longer one is scaled by the share of the segment that is alive, which costs nothing. After a
//! merge both are exact.

use tantivy::{
    Searcher, SegmentReader, Term,
    postings::TermInfo,
    schema::{Field, IndexRecordOption},
};

use super::kept::Dictionaries;

/// The longest list that is counted document by document.
const SHORT: u32 = 512;

/// What scoring needs to know of the whole index.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Statistics {
    /// Documents that can be found, at least 1.
    pub(super) documents: u64,
}

impl Statistics {
    /// Counts the documents in the given states.
    pub(super) fn of(searcher: &Searcher, state: Field, states: &[u64]) -> tantivy::Result<Self> {
        let mut documents = 0;
        for segment in searcher.segment_readers() {
            for &number in states {
                let term = Term::from_field_u64(state, number);
                if let Some(info) = segment.inverted_index(state)?.get_term_info(&term)? {
                    documents += document_frequency(segment, state, &info)?;
                }
            }
        }
        Ok(Self {
            documents: documents.max(1),
        })
    }

    /// How much finding a term says, given how many documents have it.
    pub(super) fn idf(self, document_frequency: u64) -> f32 {
        let has = document_frequency.min(self.documents) as f32;
        let rest = self.documents as f32 - has;
        (1.0 + (rest + 0.5) / (has + 0.5)).ln()
    }

    /// The mean number of tokens in the given fields; at least 1.
    pub(super) fn mean_length(self, searcher: &Searcher, fields: &[Dictionaries]) -> f32 {
        let mut tokens = 0.0;
        for (place, segment) in searcher.segment_readers().iter().enumerate() {
            let alive = f64::from(segment.num_docs()) / f64::from(segment.max_doc().max(1));
            for index in fields.iter().filter_map(|field| field[place].as_ref()) {
                tokens += index.total_num_tokens() as f64 * alive;
            }
        }
        (tokens / self.documents as f64).max(1.0) as f32
    }
}

/// In how many documents of a segment that are not deleted a term stands.
pub(super) fn document_frequency(
    segment: &SegmentReader,
    field: Field,
    term: &TermInfo,
) -> tantivy::Result<u64> {
    let Some(alive) = segment.alive_bitset() else {
        return Ok(term.doc_freq.into());
    };
    if term.doc_freq > SHORT {
        let scaled = u64::from(term.doc_freq) * u64::from(segment.num_docs());
        return Ok(scaled.div_ceil(u64::from(segment.max_doc().max(1))));
    }
    let index = segment.inverted_index(field)?;
    let mut block = index.read_block_postings_from_terminfo(term, IndexRecordOption::Basic)?;
    let mut count = 0;
    while !block.docs().is_empty() {
        let docs = block.docs().iter();
        count += docs.filter(|&&doc| alive.is_alive(doc)).count() as u64;
        block.advance();
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use index_schema::State;

    use super::super::{drafts::Draft, questions::*};
    use crate::backend::Searcher;

    #[test]
    fn what_cannot_be_found_changes_no_score() {
        let current = [
            item("a", "Havnen er stor."),
            item("b", "Byen er lille og ligger ved havnen."),
        ];
        let mut more = current.to_vec();
        for n in 0..20 {
            let old = item(&format!("o{n}"), "Havnen i en gammel udgave.");
            more.push(old.state(State::Superseded));
        }
        let scores = |items: &[Draft]| {
            let hits = index(items, 7)
                .search(&request(text(word("havn"))))
                .unwrap();
            hits.hits
                .into_iter()
                .map(|h| (h.id, h.score))
                .collect::<Vec<_>>()
        };
        assert_eq!(scores(&current).len(), 2);
        assert_eq!(scores(&current), scores(&more));
    }

    #[test]
    fn a_short_list_is_counted_without_what_is_deleted() {
        let items: Vec<_> = (0..10).map(|n| item(&n.to_string(), "Havn.").0).collect();
        let index = super::super::LocalSearcher::in_memory_without(&[&items], &items[3..]);
        let searcher = index.reader.searcher();
        let statistics = super::Statistics::of(&searcher, index.fields.state, &[0]).unwrap();
        assert_eq!(statistics.documents, 3);
    }
}
