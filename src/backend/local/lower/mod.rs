//! The query tree to a plan: words are analysed, their terms looked up, and what must not be seen is kept out.

mod expand;
mod passage;
mod word;

use std::{cell::RefCell, sync::Arc};

use index_schema::{Fields, Texts, ZoneFields, primary_language};
use tantivy::{Searcher, Term, fieldnorm::FieldNormReader, schema::Field as Handle};

use super::{
    LocalSearcher,
    kept::{Kept, Visible},
    plan::{Condition, Passage, Plan, Spans, Terms, Zone},
    statistics::{Statistics, document_frequency},
    weights,
};
use crate::{
    matching::ask,
    query::{self, Field, Query},
    search::SearchRequest,
};

/// A plan, and what the asker should know about it.
pub(super) struct Lowered {
    pub(super) plan: Plan,
    pub(super) notices: Vec<String>,
}

/// Turns the question of a request, with the request's own conditions, into a plan.
pub(super) fn lower(
    index: &LocalSearcher,
    searcher: &Searcher,
    request: &SearchRequest,
) -> tantivy::Result<Lowered> {
    lower_query(index, searcher, request, &request.query)
}

/// The same for another question than the request's.
pub(super) fn lower_query(
    index: &LocalSearcher,
    searcher: &Searcher,
    request: &SearchRequest,
    query: &Query,
) -> tantivy::Result<Lowered> {
    let lowering = Lowering::new(index, searcher, request)?;
    let mut must = vec![lowering.query(query)?.unwrap_or(Condition::Nothing)];
    if let Some(span) = request.date {
        must.push(Condition::Date(span));
    }
    if !request.sources.is_empty() {
        must.push(lowering.any_value(Field::Source, &request.sources)?);
    }
    if !request.languages.is_empty() {
        must.push(lowering.any_value(Field::Language, &request.languages)?);
    }
    if !must.iter().any(|c| lowering.is_in_text(c)) {
        must.push(lowering.all_visible()?);
    }
    let root = all(must, Vec::new());
    Ok(Lowered {
        plan: Plan {
            root,
            zones: Arc::clone(&lowering.visible.zones),
            segments: searcher
                .segment_readers()
                .iter()
                .map(tantivy::SegmentReader::segment_id)
                .collect(),
            embargoed_at: (!request.embargoed).then(|| request.now.as_second()),
            columns: index.kept.columns(searcher, &index.fields)?,
        },
        notices: lowering.notices.into_inner(),
    })
}

struct Lowering<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
    compounds: bool,
    visible: &'a Visible,
    notices: RefCell<Vec<String>>,
    kept: &'a Kept,
}

impl<'a> Lowering<'a> {
    fn new(
        index: &'a LocalSearcher,
        searcher: &'a Searcher,
        request: &SearchRequest,
    ) -> tantivy::Result<Self> {
        let fields = &index.fields;
        Ok(Self {
            searcher,
            fields,
            compounds: request.compounds,
            visible: index.kept.visible(searcher, fields, request.all_versions)?,
            notices: RefCell::default(),
            kept: &index.kept,
        })
    }

    /// A condition for the query; none if it asks for nothing, as punctuation does.
    fn query(&self, query: &Query) -> tantivy::Result<Option<Condition>> {
        Ok(match query {
            Query::Everything => Some(self.all_visible()?),
            Query::Text { zone, what } => self.text(*zone, what)?,
            Query::Field { field, value } => self.value(*field, value)?,
            Query::Date { span, .. } => Some(Condition::Date(*span)),
            Query::And(queries) => {
                let (mut must, mut not) = (Vec::new(), Vec::new());
                for query in queries {
                    match query {
                        Query::Not(query) => not.extend(self.query(query)?),
                        _ => must.extend(self.query(query)?),
                    }
                }
                match (must.is_empty(), not.is_empty()) {
                    (true, true) => None,
                    (true, false) => Some(all(vec![self.all_visible()?], not)),
                    _ => Some(all(must, not)),
                }
            }
            Query::Or(queries) => {
                let mut conditions = Vec::new();
                for query in queries {
                    conditions.extend(self.query(query)?);
                }
                (!conditions.is_empty()).then(|| any(conditions))
            }
            Query::Not(query) => match self.query(query)? {
                Some(condition) => Some(all(vec![self.all_visible()?], vec![condition])),
                None => None,
            },
        })
    }

    /// Every document in a state that may be seen.
    fn all_visible(&self) -> tantivy::Result<Condition> {
        let mut terms = Vec::new();
        for &state in &self.visible.states {
            terms.extend(self.look_up(&Term::from_field_u64(self.fields.state, state))?);
        }
        Ok(has(terms))
    }

    /// Whether whatever meets the condition has a text that may be seen: the fields of the texts hold no others.
    fn is_in_text(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Nothing | Condition::Word(_) | Condition::Expanded { .. } => true,
            Condition::Passage(passage) => {
                let fields = [self.fields.source, self.fields.slug, self.fields.byline];
                let more = [self.fields.place, self.fields.category];
                passage
                    .places
                    .iter()
                    .all(|(_, spans)| !spans.is_in(&[fields.as_slice(), &more].concat()))
            }
            Condition::Has(terms) => terms.iter().all(|t| t.field == self.fields.state),
            Condition::Date(_) => false,
            Condition::All { must, .. } => must.iter().any(|c| self.is_in_text(c)),
            Condition::Any(conditions) => conditions.iter().all(|c| self.is_in_text(c)),
        }
    }

    fn text(&self, zone: query::Zone, what: &query::Passage) -> tantivy::Result<Option<Condition>> {
        use query::Passage as P;
        Ok(match what {
            P::Word(written) if !written.ends_with('-') => {
                let asked = ask(written);
                match &*asked {
                    [] => None,
                    [word] => Some(self.word(zone, word, self.compounds)?),
                    _ => self.passage(zone, what, 1)?,
                }
            }
            P::Exact(written) => {
                let asked = ask(written);
                match &*asked {
                    [] => None,
                    [word] => Some(self.exact(zone, word)?),
                    _ => self.passage(zone, what, 1)?,
                }
            }
            P::Phrase(parts) if parts.len() == 1 => match &parts[0] {
                P::Word(written) if !written.ends_with('-') => {
                    let asked = ask(written);
                    match &*asked {
                        [word] => Some(self.word(zone, word, false)?),
                        _ => self.passage(zone, what, 1)?,
                    }
                }
                part @ (P::Exact(_) | P::Pattern(_) | P::Misspelt(_)) => self.text(zone, part)?,
                _ => self.passage(zone, what, 1)?,
            },
            P::Pattern(pattern) => {
                self.expanded(zone, |s, field| s.pattern(field, pattern, expand::ALONE))?
            }
            P::Misspelt(word) => {
                self.expanded(zone, |s, field| s.misspelt(field, word, expand::ALONE))?
            }
            P::AnyOf(parts) => {
                let mut conditions = Vec::new();
                for part in parts {
                    conditions.extend(self.text(zone, part)?);
                }
                (!conditions.is_empty()).then(|| any(conditions))
            }
            // mentions in the headline and in the body add up
            P::AtLeast { times, what } => self.passage(zone, what, (*times).max(1))?,
            // a word that ends in a hyphen, among others
            P::Word(_) | P::Phrase(_) | P::Near { .. } => self.passage(zone, what, 1)?,
        })
    }

    fn expanded(
        &self,
        zone: query::Zone,
        find: impl Fn(&Self, Handle) -> tantivy::Result<Terms>,
    ) -> tantivy::Result<Option<Condition>> {
        let (mut headline, mut body) = (Vec::new(), Vec::new());
        for number in self.zones_in(zone) {
            let terms = find(self, self.visible.zones[number].fields.exact)?;
            if terms.is_empty() {
                continue;
            }
            if self.visible.zones[number].headline {
                headline.push(terms);
            } else {
                body.push(terms);
            }
        }
        Ok(Some(if headline.is_empty() && body.is_empty() {
            Condition::Nothing
        } else {
            Condition::Expanded { headline, body }
        }))
    }

    fn any_value(&self, field: Field, values: &[String]) -> tantivy::Result<Condition> {
        let mut conditions = Vec::new();
        for value in values {
            conditions.extend(self.value(field, value)?);
        }
        Ok(any(conditions))
    }

    /// A value of a short field: its words next to each other.
    fn value(&self, field: Field, value: &str) -> tantivy::Result<Option<Condition>> {
        let fields = self.fields;
        let handle = match field {
            Field::Source => fields.source,
            Field::Slug => fields.slug,
            Field::Byline => fields.byline,
            Field::Place => fields.place,
            Field::Category => fields.category,
            Field::Language => {
                let term = Term::from_field_text(fields.language, &primary_language(value));
                return Ok(Some(has(self.look_up(&term)?.into_iter().collect())));
            }
            Field::Id => {
                let guid = Term::from_field_text(fields.guid, value);
                let terms = self.look_up_all(&[fields.key_term(value), guid])?;
                return Ok(Some(has(terms)));
            }
        };
        let mut words = Vec::new();
        for word in value.split_whitespace() {
            if word.contains(['*', '?']) && word.chars().any(char::is_alphanumeric) {
                let mut found = vec![self.pattern(handle, word, expand::IN_PASSAGE)?];
                // main tokens are spelled with å
                let small = word.to_lowercase();
                let spelled = small.replace("aa", "å");
                if field != Field::Source && spelled != small {
                    found.push(self.pattern(handle, &spelled, expand::IN_PASSAGE)?);
                }
                words.push(self.merge(handle, found));
                continue;
            }
            for asked in &*ask(word) {
                let mut found = Vec::new();
                if field == Field::Source {
                    found.extend(self.look_up(&Term::from_field_text(handle, &asked.exact))?);
                } else {
                    for term in std::iter::once(&asked.main).chain(&asked.variants) {
                        found.extend(self.look_up(&Term::from_field_text(handle, term))?);
                    }
                }
                words.push(self.merge(handle, found));
            }
        }
        Ok(match words.len() {
            0 => None,
            _ if words.iter().any(Terms::is_empty) => Some(Condition::Nothing),
            1 => Some(has(words)),
            _ => {
                let words = words.into_iter().map(|w| Spans::Terms(vec![w]));
                Some(Condition::Passage(Passage {
                    places: vec![(None, Spans::Phrase(words.collect()))],
                    times: 1,
                    idf: 0.0,
                }))
            }
        })
    }

    /// Numbers of the zones that a query's zone means.
    fn zones_in(&self, zone: query::Zone) -> Vec<usize> {
        let wanted = |headline| match zone {
            query::Zone::Anywhere => true,
            query::Zone::Headline => headline,
            query::Zone::Body => !headline,
        };
        (0..self.visible.zones.len())
            .filter(|&n| wanted(self.visible.zones[n].headline))
            .collect()
    }

    /// All mentions of a main token.
    fn main_token(&self, zone: ZoneFields, token: &str) -> tantivy::Result<Vec<Terms>> {
        self.look_up_all(&zone.main_token(token))
    }

    /// All mentions of an exact form.
    fn exact_form(&self, zone: ZoneFields, form: &str) -> tantivy::Result<Vec<Terms>> {
        self.look_up_all(&zone.exact_form(form))
    }

    /// All mentions of a main token inside compounds.
    fn part(&self, zone: ZoneFields, token: &str) -> tantivy::Result<Vec<Terms>> {
        self.look_up_all(&[Term::from_field_text(zone.parts, token)])
    }

    fn look_up_all(&self, terms: &[Term]) -> tantivy::Result<Vec<Terms>> {
        let mut found = Vec::with_capacity(terms.len());
        for term in terms {
            found.extend(self.look_up(term)?);
        }
        Ok(found)
    }

    /// Looks a term up in every segment; none if no segment has it.
    fn look_up(&self, term: &Term) -> tantivy::Result<Option<Terms>> {
        let field = term.field();
        let dictionaries = self.kept.dictionaries(self.searcher, field)?;
        let mut found = Vec::new();
        let mut documents = 0;
        for (place, dictionary) in dictionaries.iter().enumerate() {
            let Some(dictionary) = dictionary else {
                continue;
            };
            // most of a name's spellings stand nowhere: nothing is kept for them
            let Some(info) = dictionary.get_term_info(term)? else {
                continue;
            };
            let segment = self.searcher.segment_reader(place as u32);
            documents += document_frequency(segment, field, &info)?;
            found.resize(dictionaries.len(), Vec::new());
            found[place].push(info);
        }
        Ok((!found.is_empty()).then_some(Terms {
            field,
            found,
            documents,
        }))
    }

    /// One of several lists of terms of the same field.
    fn merge(&self, field: Handle, lists: Vec<Terms>) -> Terms {
        let mut merged = Terms {
            field,
            found: vec![Vec::new(); self.searcher.segment_readers().len()],
            documents: 0,
        };
        for list in lists {
            merged.documents += list.documents;
            for (all, found) in merged.found.iter_mut().zip(list.found) {
                all.extend(found);
            }
        }
        merged
    }
}

/// The zones of the texts, with what a mention in each counts.
pub(super) fn zones(
    searcher: &Searcher,
    kept: &Kept,
    texts: &[Texts],
    statistics: Statistics,
) -> tantivy::Result<Vec<Zone>> {
    let mut zones = Vec::new();
    for (headline, weight, length) in [
        (true, weights::HEADLINE, weights::HEADLINE_LENGTH),
        (false, weights::BODY, weights::BODY_LENGTH),
    ] {
        let fields: Vec<_> = texts
            .iter()
            .map(|t| if headline { t.headline } else { t.body })
            .collect();
        let lengths = fields.iter().map(|f| kept.dictionaries(searcher, f.exact));
        let lengths: Vec<_> = lengths.collect::<tantivy::Result<_>>()?;
        let mean = statistics.mean_length(searcher, &lengths);
        let mut scale = [0.0; 256];
        for (norm, scale) in (0..=u8::MAX).zip(&mut scale) {
            let tokens = FieldNormReader::id_to_fieldnorm(norm) as f32;
            *scale = weight / (1.0 - length + length * tokens / mean);
        }
        let scale = Arc::new(scale);
        zones.extend(fields.into_iter().map(|fields| Zone {
            fields,
            headline,
            scale: Arc::clone(&scale),
        }));
    }
    Ok(zones)
}

fn has(terms: Vec<Terms>) -> Condition {
    if terms.is_empty() {
        Condition::Nothing
    } else {
        Condition::Has(terms)
    }
}

/// All conditions, flattened, so that the rarest can lead.
fn all(conditions: Vec<Condition>, mut not: Vec<Condition>) -> Condition {
    let mut must = Vec::new();
    for condition in conditions {
        match condition {
            Condition::Nothing => return Condition::Nothing,
            Condition::All { must: m, not: n } => {
                must.extend(m);
                not.extend(n);
            }
            condition => must.push(condition),
        }
    }
    not.retain(|c| !matches!(c, Condition::Nothing));
    if must.len() == 1 && not.is_empty() {
        return must.remove(0);
    }
    Condition::All { must, not }
}

fn any(mut conditions: Vec<Condition>) -> Condition {
    conditions.retain(|c| !matches!(c, Condition::Nothing));
    match conditions.len() {
        0 => Condition::Nothing,
        1 => conditions.remove(0),
        _ => Condition::Any(conditions),
    }
}
