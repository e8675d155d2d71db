//! Passages: words at positions, in each zone by itself.

use index_schema::{ZoneFields, danish::Asked};
use tantivy::schema::Field;

use super::{
    super::plan::{Condition, Passage, Spans, Terms},
    Lowering, expand,
};
use crate::{matching::ask, query};

impl Lowering<'_> {
    /// A passage in the zones that are meant; none if it asks for nothing.
    pub(super) fn passage(
        &self,
        zone: query::Zone,
        what: &query::Passage,
        times: u32,
    ) -> tantivy::Result<Option<Condition>> {
        let mut places = Vec::new();
        for number in self.zones_in(zone) {
            match self.spans(self.visible.zones[number].fields, what, self.compounds)? {
                None => return Ok(None),
                Some(Spans::Never) => {}
                Some(spans) => places.push((Some(number), spans)),
            }
        }
        if places.is_empty() {
            return Ok(Some(Condition::Nothing));
        }
        Ok(Some(Condition::Passage(self.ranked(places, times))))
    }

    /// A compound written apart.
    pub(super) fn apart(
        &self,
        zone: query::Zone,
        asked: &Asked,
    ) -> tantivy::Result<Option<Passage>> {
        let mut places = Vec::new();
        for number in self.zones_in(zone) {
            let spans = self.written_apart(self.visible.zones[number].fields, asked)?;
            if !matches!(spans, Spans::Never) {
                places.push((Some(number), spans));
            }
        }
        Ok((!places.is_empty()).then(|| self.ranked(places, 1)))
    }

    fn ranked(&self, places: Vec<(Option<usize>, Spans)>, times: u32) -> Passage {
        let idf = places
            .iter()
            .map(|(_, spans)| self.idf(spans))
            .fold(f32::INFINITY, f32::min);
        Passage { places, times, idf }
    }

    /// How much finding the spans says: a phrase as much as all its words.
    fn idf(&self, spans: &Spans) -> f32 {
        match spans {
            Spans::Never => 0.0,
            Spans::Terms(terms) => {
                let most = terms.iter().map(|t| t.documents).max().unwrap_or(0);
                self.visible.statistics.idf(most)
            }
            Spans::Phrase(parts) | Spans::Near { parts, .. } => {
                parts.iter().map(|p| self.idf(p)).sum()
            }
            Spans::AnyOf(parts) => parts
                .iter()
                .map(|p| self.idf(p))
                .fold(f32::INFINITY, f32::min),
            Spans::AtLeast { what, .. } => self.idf(what),
        }
    }

    /// What must stand in a zone; `parts` says whether words inside compounds count.
    fn spans(
        &self,
        zone: ZoneFields,
        what: &query::Passage,
        parts: bool,
    ) -> tantivy::Result<Option<Spans>> {
        use query::Passage as P;
        Ok(match what {
            P::Word(written) => {
                let asked = ask(written);
                match &*asked {
                    [] => None,
                    // the text around it completed it: the *bane-* of *bane- og vejnet* is indexed as *banenet*
                    [word] if written.ends_with('-') => {
                        let whole = self.word_spans(zone, word, parts)?;
                        let typed = self.exact_form(zone, &word.exact)?;
                        Some(any_of(vec![whole, one_of(typed)]))
                    }
                    [word] => Some(self.word_spans(zone, word, parts)?),
                    words => {
                        let words = words.iter().map(|w| self.word_spans(zone, w, false));
                        Some(phrase(words.collect::<tantivy::Result<_>>()?))
                    }
                }
            }
            P::Exact(written) => {
                let asked = ask(written);
                let words = asked
                    .iter()
                    .map(|w| self.exact_form(zone, &w.exact).map(one_of));
                let words = words.collect::<tantivy::Result<Vec<_>>>()?;
                (!words.is_empty()).then(|| phrase(words))
            }
            P::Pattern(pattern) => {
                let terms = self.pattern(zone.exact, pattern, expand::IN_PASSAGE)?;
                Some(one_of(vec![terms]))
            }
            P::Misspelt(word) => {
                let terms = self.misspelt(zone.exact, word, expand::IN_PASSAGE)?;
                Some(one_of(vec![terms]))
            }
            P::Phrase(passages) => {
                let words = self.each(zone, passages, false)?;
                (!words.is_empty()).then(|| phrase(words))
            }
            P::AnyOf(passages) => {
                let parts = self.each(zone, passages, parts)?;
                (!parts.is_empty()).then(|| any_of(parts))
            }
            P::Near {
                distance,
                ordered,
                passages,
            } => {
                let mut parts = self.each(zone, passages, parts)?;
                match parts.len() {
                    0 => None,
                    1 => parts.pop(),
                    _ if parts.iter().any(|p| matches!(p, Spans::Never)) => Some(Spans::Never),
                    _ => Some(Spans::Near {
                        distance: *distance,
                        ordered: *ordered,
                        parts,
                    }),
                }
            }
            P::AtLeast { times, what } => self.spans(zone, what, parts)?.map(|spans| match spans {
                Spans::Never => Spans::Never,
                spans => Spans::AtLeast {
                    times: *times,
                    what: Box::new(spans),
                },
            }),
        })
    }

    fn each(
        &self,
        zone: ZoneFields,
        passages: &[query::Passage],
        parts: bool,
    ) -> tantivy::Result<Vec<Spans>> {
        let mut found = Vec::new();
        for passage in passages {
            found.extend(self.spans(zone, passage, parts)?);
        }
        Ok(found)
    }

    /// A word in all its forms; written apart it covers several positions.
    fn word_spans(&self, zone: ZoneFields, word: &Asked, parts: bool) -> tantivy::Result<Spans> {
        let mut terms = Vec::new();
        for main in std::iter::once(&word.main).chain(&word.variants) {
            terms.extend(self.main_token(zone, main)?);
            if parts {
                terms.extend(self.part(zone, main)?);
            }
        }
        for form in &word.forms {
            terms.extend(self.exact_form(zone, form)?);
        }
        if parts {
            for related in &word.related {
                terms.extend(self.main_token(zone, related)?);
            }
        }
        let whole = one_of(terms);
        if !parts {
            return Ok(whole);
        }
        Ok(any_of(vec![whole, self.written_apart(zone, word)?]))
    }

    fn written_apart(&self, zone: ZoneFields, word: &Asked) -> tantivy::Result<Spans> {
        let mut found = Vec::new();
        for sequence in word.apart.iter().filter(|s| !s.is_empty()) {
            let words = sequence.iter();
            let parts: Vec<Spans> = words
                .map(|main| self.main_token(zone, main).map(one_of))
                .collect::<tantivy::Result<_>>()?;
            if parts.iter().all(|p| !matches!(p, Spans::Never)) {
                found.push(Spans::Near {
                    distance: word.apart_within,
                    ordered: false,
                    parts,
                });
            }
        }
        Ok(any_of(found))
    }
}

impl Spans {
    /// Whether it reads one of the fields.
    pub(super) fn is_in(&self, fields: &[Field]) -> bool {
        match self {
            Self::Never => false,
            Self::Terms(terms) => terms.iter().any(|t| fields.contains(&t.field)),
            Self::Phrase(parts) | Self::AnyOf(parts) | Self::Near { parts, .. } => {
                parts.iter().any(|p| p.is_in(fields))
            }
            Self::AtLeast { what, .. } => what.is_in(fields),
        }
    }
}

fn one_of(mut terms: Vec<Terms>) -> Spans {
    terms.retain(|t| !t.is_empty());
    if terms.is_empty() {
        Spans::Never
    } else {
        Spans::Terms(terms)
    }
}

/// A phrase of phrases is one phrase.
fn phrase(words: Vec<Spans>) -> Spans {
    let mut flat = Vec::new();
    for word in words {
        match word {
            Spans::Never => return Spans::Never,
            Spans::Phrase(words) => flat.extend(words),
            word => flat.push(word),
        }
    }
    match flat.len() {
        0 => Spans::Never,
        1 => flat.remove(0),
        _ => Spans::Phrase(flat),
    }
}

fn any_of(mut parts: Vec<Spans>) -> Spans {
    parts.retain(|p| !matches!(p, Spans::Never));
    match parts.len() {
        0 => Spans::Never,
        1 => parts.remove(0),
        _ => Spans::AnyOf(parts),
    }
}
