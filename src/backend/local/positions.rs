//! Where terms stand in texts that were found.

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

impl PartialEq for Lists<'_> {
    /// Whether both are the same lists of an index.
    fn eq(&self, other: &Self) -> bool {
        let same = |(a, b): (&(&Terms, bool), &(&Terms, bool))| {
            (a.0.field, &a.0.found) == (b.0.field, &b.0.found)
        };
        self.lists.len() == other.lists.len() && self.lists.iter().zip(&other.lists).all(same)
    }
}

/// The lists of a plan that hold words of headlines and bodies.
pub(super) struct Lists<'a> {
    plan: &'a Plan,
    /// Each with whether it is of headlines.
    lists: Vec<(&'a Terms, bool)>,
}

/// Positions of words in the two texts of a dispatch.
#[derive(Clone, Debug, Default)]
pub(super) struct Positions {
    pub(super) headline: Vec<u32>,
    pub(super) body: Vec<u32>,
}

impl<'a> Lists<'a> {
    /// The lists of one condition of a plan.
    pub(super) fn of(plan: &'a Plan, condition: &'a Condition) -> Self {
        let mut lists = Self {
            plan,
            lists: Vec::new(),
        };
        lists.of_condition(condition);
        lists
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.lists.len()
    }

    /// The positions in each of the texts found, in order, each once.
    pub(super) fn positions(
        &self,
        searcher: &Searcher,
        found: &[Found],
    ) -> tantivy::Result<Vec<Positions>> {
        let mut positions = vec![Positions::default(); found.len()];
        let mut order: Vec<usize> = (0..found.len()).collect();
        order.sort_unstable_by_key(|&place| found[place].address());
        let segment_of = |&place: &usize| found[place].address().segment_ord;
        for here in order.chunk_by(|a, b| segment_of(a) == segment_of(b)) {
            let ordinal = here.first().map_or(0, segment_of);
            let segment = searcher.segment_reader(ordinal);
            for &(terms, is_headline) in &self.lists {
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
                        list.append_positions_with_offset(0, positions[place].of(is_headline));
                    }
                }
            }
        }
        for positions in &mut positions {
            for positions in [&mut positions.headline, &mut positions.body] {
                positions.sort_unstable();
                positions.dedup();
            }
        }
        Ok(positions)
    }

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

/// Whether a list has a document, which is not before the one asked about last.
fn stands_on(list: &mut SegmentPostings, doc: DocId) -> bool {
    let at = list.doc();
    at == doc || (at < doc && list.seek(doc) == doc)
}

impl Positions {
    fn of(&mut self, is_headline: bool) -> &mut Vec<u32> {
        if is_headline {
            &mut self.headline
        } else {
            &mut self.body
        }
    }
}
