//! Where the words of a question stand in the texts found, as the index knows it.
//!
//! A snippet needs the words that were asked for and no others. The positions are those of the lists that found the text, so
//! that all its other words need no analysis.

use index_schema::ZoneFields;
use tantivy::{DocSet, Searcher, postings::Postings, schema::IndexRecordOption};

use super::{
    order::Found,
    plan::{Condition, Passage, Plan, Spans, Terms},
};
use crate::query::{self, Query};

/// Positions of words in the two texts of a dispatch, in order; others may be among them.
#[derive(Clone, Debug, Default)]
pub(super) struct Mentions {
    pub(super) headline: Vec<u32>,
    pub(super) body: Vec<u32>,
}

/// The mentions in each of the texts found. None if the plan may lack words that can be marked.
pub(super) fn mentions(
    searcher: &Searcher,
    plan: &Plan,
    query: &Query,
    found: &[Found],
) -> tantivy::Result<Option<Vec<Mentions>>> {
    if !has_every_word(query, false) {
        return Ok(None);
    }
    let mut lists = Lists {
        plan,
        lists: Vec::new(),
    };
    lists.of_condition(&plan.root);
    let mut mentions = vec![Mentions::default(); found.len()];
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|&i| found[i].address());
    for here in
        order.chunk_by(|&a, &b| found[a].address().segment_ord == found[b].address().segment_ord)
    {
        let Some(&first) = here.first() else { continue };
        let ordinal = found[first].address().segment_ord;
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
                let at = if list.doc() < doc {
                    list.seek(doc)
                } else {
                    list.doc()
                };
                if at == doc {
                    let mentions = &mut mentions[place];
                    let positions = if is_headline {
                        &mut mentions.headline
                    } else {
                        &mut mentions.body
                    };
                    list.append_positions_with_offset(0, positions);
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
