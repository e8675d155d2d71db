//! Where the words of a question stand in the texts found, as the index knows it.
//!
//! A snippet needs the words that were asked for and no others. The positions are those of the lists that found the text, so
//! that all its other words need no analysis.

use index_schema::ZoneFields;
use tantivy::{
    DocId, DocSet, Searcher,
    postings::{Postings, SegmentPostings},
    schema::IndexRecordOption,
};

use super::{
    order::Found,
    plan::{Condition, Passage, Plan, Spans, Terms},
};
use crate::{
    query::{self, Query},
    search::SearchRequest,
};

/// Positions of words in the two texts of a dispatch, in order; others may be among them.
#[derive(Clone, Debug, Default)]
pub(super) struct Mentions {
    pub(super) headline: Vec<u32>,
    pub(super) body: Vec<u32>,
}

/// The mentions in each of the texts found. None if they are not needed, or if the plan may lack words that can be marked.
pub(super) fn mentions(
    searcher: &Searcher,
    plan: &Plan,
    request: &SearchRequest,
    found: &[Found],
) -> tantivy::Result<Option<Vec<Mentions>>> {
    if !request.snippets || !has_every_word(&request.query, false) {
        return Ok(None);
    }
    let mut lists = Lists {
        plan,
        lists: Vec::new(),
    };
    lists.of_condition(&plan.root);
    let mut mentions = vec![Mentions::default(); found.len()];
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|&place| found[place].address());
    let segment_of = |&place: &usize| found[place].address().segment_ord;
    for here in order.chunk_by(|a, b| segment_of(a) == segment_of(b)) {
        let ordinal = here.first().map_or(0, segment_of);
        let segment = searcher.segment_reader(ordinal);
        for &(terms, is_headline) in &lists.lists {
            // several terms were found by their letters, and a text's words are looked at for those
            let Some([info]) = terms.found.get(ordinal as usize).map(Vec::as_slice) else {
                continue;
            };
            let index = segment.inverted_index(terms.field)?;
            let option = IndexRecordOption::WithFreqsAndPositions;
            let mut list = index.read_postings_from_terminfo(info, option)?;
            for &place in here {
                let doc = found[place].address().doc_id;
                if stands_on(&mut list, doc) {
                    list.append_positions_with_offset(0, mentions[place].of(is_headline));
                }
            }
        }
    }
    for mentions in &mut mentions {
        for positions in [&mut mentions.headline, &mut mentions.body] {
            positions.sort_unstable();
            positions.dedup();
        }
    }
    Ok(Some(mentions))
}

/// Whether a list has a document, which is not before the one asked about last.
fn stands_on(list: &mut SegmentPostings, doc: DocId) -> bool {
    let at = list.doc();
    at == doc || (at < doc && list.seek(doc) == doc)
}

impl Mentions {
    fn of(&mut self, is_headline: bool) -> &mut Vec<u32> {
        if is_headline {
            &mut self.headline
        } else {
            &mut self.body
        }
    }
}

/// The lists of a plan that hold words of headlines and bodies.
struct Lists<'a> {
    plan: &'a Plan,
    lists: Vec<(&'a Terms, bool)>,
}

impl<'a> Lists<'a> {
    fn of_condition(&mut self, condition: &'a Condition) {
        match condition {
            Condition::Word(word) => {
                word.forms.iter().for_each(|f| self.add(&f.terms));
                word.apart.iter().for_each(|p| self.of_passage(p));
            }
            Condition::Passage(passage) => self.of_passage(passage),
            Condition::All { must, .. } => must.iter().for_each(|c| self.of_condition(c)),
            Condition::Any(conditions) => conditions.iter().for_each(|c| self.of_condition(c)),
            Condition::Nothing
            | Condition::Expanded { .. }
            | Condition::Has(_)
            | Condition::Date(_) => {}
        }
    }

    fn of_passage(&mut self, passage: &'a Passage) {
        passage
            .places
            .iter()
            .for_each(|(_, spans)| self.of_spans(spans));
    }

    fn of_spans(&mut self, spans: &'a Spans) {
        match spans {
            Spans::Never => {}
            Spans::Terms(terms) => terms.iter().for_each(|t| self.add(t)),
            Spans::Phrase(parts) | Spans::AnyOf(parts) | Spans::Near { parts, .. } => {
                parts.iter().for_each(|p| self.of_spans(p));
            }
            Spans::AtLeast { what, .. } => self.of_spans(what),
        }
    }

    fn add(&mut self, terms: &'a Terms) {
        let holds = |zone: &ZoneFields| [zone.exact, zone.lemma, zone.parts].contains(&terms.field);
        if let Some(zone) = self.plan.zones.iter().find(|z| holds(&z.fields)) {
            self.lists.push((terms, zone.headline));
        }
    }
}

/// Whether a plan holds every word of a query that can be marked in a text found.
///
/// What cannot be met leaves a plan with all its words. A phrase that cannot be met marks nothing; but of conditions that must
/// all be met, and of mentions that must be several, each is marked by itself wherever something else made the text a hit.
fn has_every_word(query: &Query, is_optional: bool) -> bool {
    match query {
        Query::And(queries) => {
            (!is_optional || queries.len() < 2)
                && queries.iter().all(|q| has_every_word(q, is_optional))
        }
        Query::Or(queries) => queries.iter().all(|q| has_every_word(q, true)),
        Query::Text { what, .. } => match what {
            query::Passage::AtLeast { what, .. } => !counts_mentions(what),
            what => !counts_mentions(what),
        },
        // what a NOT excludes is never marked
        Query::Not(_) | Query::Everything | Query::Field { .. } | Query::Date { .. } => true,
    }
}

fn counts_mentions(passage: &query::Passage) -> bool {
    use query::Passage as P;
    match passage {
        P::AtLeast { .. } => true,
        P::Phrase(passages) | P::AnyOf(passages) | P::Near { passages, .. } => {
            passages.iter().any(counts_mentions)
        }
        P::Word(_) | P::Exact(_) | P::Pattern(_) | P::Misspelt(_) => false,
    }
}
