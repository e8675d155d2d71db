//! Records to documents of the engine, and back: the only mapping.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use tantivy::{
    TantivyDocument,
    schema::{Field, Value},
};

use crate::{
    Dispatch, FieldAnalyzer, Fields, FileRecord, Kind, Outcome, Record, State, ZoneFields,
    ZoneTerms, file_hash, key_hash,
};

/// The terms of a dispatch, analysed once.
#[derive(Clone, Debug, Default)]
pub struct DispatchTerms {
    headline: ZoneTerms,
    body: ZoneTerms,
    slug: String,
    byline: String,
    place: String,
    category: String,
    source: String,
}

impl DispatchTerms {
    /// Analyses headline, body and the short fields of a dispatch.
    pub fn of(dispatch: &Dispatch, analyzer: &mut FieldAnalyzer) -> Self {
        Self::of_all(&[dispatch], analyzer)
            .pop()
            .unwrap_or_default()
    }

    /// The same for several: together they take less time than one by one.
    pub fn of_all(dispatches: &[&Dispatch], analyzer: &mut FieldAnalyzer) -> Vec<Self> {
        let texts: Vec<_> = dispatches.iter().flat_map(|d| texts(d)).collect();
        let texts: Vec<&str> = texts.iter().map(Cow::as_ref).collect();
        let terms = ZoneTerms::of(&texts, analyzer);
        let mut terms = terms.into_iter();
        let mut next = || terms.next().unwrap_or_default();
        let of_each = dispatches.iter().map(|_| Self {
            headline: next(),
            body: next(),
            source: next().exact_forms(),
            slug: next().main_tokens(),
            byline: next().main_tokens(),
            place: next().main_tokens(),
            category: next().main_tokens(),
        });
        of_each.collect()
    }
}

/// The texts of a dispatch, in the order in which [`DispatchTerms::of_all`] takes their terms.
fn texts(dispatch: &Dispatch) -> [Cow<'_, str>; 7] {
    fn text(field: &Option<String>) -> Cow<'_, str> {
        field.as_deref().unwrap_or_default().into()
    }
    // a blank more between keywords keeps phrases from running over
    let slug = [dispatch.slug.as_slice(), &dispatch.keywords].concat();
    [
        text(&dispatch.headline),
        dispatch.body.as_str().into(),
        text(&dispatch.source).replace('/', " ").into(),
        slug.join(" / ").into(),
        text(&dispatch.byline),
        text(&dispatch.place),
        dispatch.categories.join(" / ").into(),
    ]
}

/// The terms of a version, and the fields that they go to.
#[derive(Clone, Copy, Debug)]
pub struct PlacedTerms<'a> {
    /// Headline and body.
    pub zones: [(ZoneFields, &'a ZoneTerms); 2],
    /// The short fields, with strings of terms: see [`terms_of`](crate::terms_of).
    pub short: [(Field, &'a str); 5],
}

/// A record that the engine handed back cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The document has no record: it is not one of ours.
    #[error("a document without its record")]
    Missing,
    /// The record is damaged.
    #[error("a damaged record: {0}")]
    Damaged(#[from] serde_json::Error),
}

impl Fields {
    /// Where the terms of a version go, if they go anywhere: that of a withheld or killed one finds nothing.
    pub fn place<'a>(&self, record: &Record, terms: &'a DispatchTerms) -> Option<PlacedTerms<'a>> {
        let texts = match record.state {
            _ if record.dispatch.is_none() => None,
            State::Current => Some(self.current),
            State::Superseded => Some(self.superseded),
            _ => None,
        }?;
        Some(PlacedTerms {
            zones: [(texts.headline, &terms.headline), (texts.body, &terms.body)],
            short: [
                (self.source, &terms.source),
                (self.slug, &terms.slug),
                (self.byline, &terms.byline),
                (self.place, &terms.place),
                (self.category, &terms.category),
            ],
        })
    }

    /// The document of a version, without its [terms](Self::place).
    ///
    /// # Errors
    ///
    /// Fails if the record cannot be serialised, which no record of ours does.
    pub fn dispatch_document(
        &self,
        record: Record,
        zone: &TimeZone,
    ) -> Result<TantivyDocument, RecordError> {
        let mut d = TantivyDocument::default();
        d.add_u64(self.kind, Kind::Dispatch as u64);
        d.add_u64(self.key, key_hash(&record.key));
        d.add_u64(self.document, record.document());
        d.add_u64(self.content, record.content.short());
        d.add_u64(self.state, record.state.number());
        for origin in &record.origins {
            d.add_u64(self.file, origin.file());
        }
        if let Some(until) = record.embargo_until {
            d.add_i64(self.embargo_until, until);
        }
        if let Some(dispatch) = &record.dispatch {
            self.add_facts(&mut d, &record, dispatch, zone);
        }
        d.add_text(self.record, record.into_stored()?);
        Ok(d)
    }

    fn add_facts(
        &self,
        d: &mut TantivyDocument,
        record: &Record,
        dispatch: &Dispatch,
        zone: &TimeZone,
    ) {
        if let Some(guid) = dispatch.guid.as_deref().filter(|g| *g != record.key) {
            d.add_text(self.guid, guid);
        }
        if let Some(date) = &dispatch.date {
            let span = date.span(zone);
            d.add_i64(self.date_start, span.start);
            d.add_i64(self.date_end, span.end);
            d.add_u64(self.local_date, date.local_date(zone));
        }
        if let Some(source) = &dispatch.source {
            d.add_text(self.source_value, source);
        }
        for category in &dispatch.categories {
            d.add_text(self.category_value, category);
        }
        if let Some(language) = &dispatch.language {
            d.add_text(self.language, primary_language(language));
        }
    }

    /// The document of a feed file.
    ///
    /// # Errors
    ///
    /// Fails if the record cannot be serialised, which no record of ours does.
    pub fn file_document(&self, file: &FileRecord) -> Result<TantivyDocument, RecordError> {
        let mut d = TantivyDocument::default();
        d.add_u64(self.kind, Kind::File as u64);
        d.add_u64(self.manifest, file_hash(file.root, file.path.as_bytes()));
        d.add_u64(self.root, u64::from(file.root));
        d.add_u64(self.size, file.size);
        d.add_i64(self.mtime, file.mtime);
        let outcome = if file.gone {
            Outcome::Gone
        } else {
            file.outcome
        };
        d.add_u64(self.outcome, outcome as u64);
        d.add_text(self.record, serde_json::to_string(file)?);
        Ok(d)
    }

    /// The record of a dispatch document.
    ///
    /// # Errors
    ///
    /// Fails if the document is not ours or is damaged.
    pub fn record(&self, document: &TantivyDocument) -> Result<Record, RecordError> {
        Record::from_stored(self.stored(document)?)
    }

    /// The record of a file document.
    ///
    /// # Errors
    ///
    /// Fails if the document is not ours or is damaged.
    pub fn file_record(&self, document: &TantivyDocument) -> Result<FileRecord, RecordError> {
        Ok(serde_json::from_str(self.stored(document)?)?)
    }

    fn stored<'a>(&self, document: &'a TantivyDocument) -> Result<&'a str, RecordError> {
        document
            .get_first(self.record)
            .and_then(|v| v.as_str())
            .ok_or(RecordError::Missing)
    }
}

/// The primary subtag of a language tag (BCP 47), lower-cased: `da` of `da-DK`.
pub fn primary_language(tag: &str) -> String {
    tag.split(['-', '_'])
        .next()
        .unwrap_or_default()
        .trim()
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;
    use crate::{Hash, Mark, Origin, PubStatus, RawPath, When};

    fn text() -> impl Strategy<Value = String> {
        "\\PC{0,40}"
    }

    fn dispatch() -> impl Strategy<Value = Dispatch> {
        let texts = proptest::collection::vec(proptest::option::of(text()), 8);
        let dates = proptest::option::of(0..4_000_000_000_i64);
        (texts, text(), dates, any::<bool>()).prop_map(|(mut texts, body, date, marked)| {
            let mut next = || texts.pop().flatten();
            Dispatch {
                format: "ninjs".to_owned(),
                guid: next(),
                version: next(),
                source: next(),
                headline: next(),
                slug: next(),
                byline: next(),
                place: next(),
                language: next(),
                date: date
                    .and_then(|d| Timestamp::from_second(d).ok())
                    .map(|t| When::Moment(t, jiff::tz::Offset::UTC)),
                marks: if marked {
                    vec![Mark::Correction]
                } else {
                    Vec::new()
                },
                status: if marked {
                    PubStatus::Embargoed
                } else {
                    PubStatus::Usable
                },
                body,
                ..Dispatch::default()
            }
        })
    }

    proptest! {
        #[test]
        fn a_record_comes_back_as_it_went(dispatch in dispatch(), root in 0..9_u32, path in proptest::collection::vec(any::<u8>(), 0..20)) {
            let (_, fields) = Fields::schema();
            let path = match String::from_utf8(path) {
                Ok(text) => RawPath::Text(text),
                Err(e) => RawPath::Bytes(e.into_bytes()),
            };
            let record = Record {
                key: crate::key_of(&dispatch, Hash(7)),
                state: State::Current,
                content: Hash(u128::MAX - 5),
                revision: 2,
                origins: vec![Origin { root, path, member: None, item: 3 }],
                embargo_until: Some(-5),
                dispatch: Some(dispatch.clone()),
                tombstone: None,
            };
            let document = fields.dispatch_document(record.clone(), &TimeZone::UTC).unwrap();
            prop_assert_eq!(fields.record(&document).unwrap(), record);
            prop_assert!(fields.file_record(&document).is_err());
        }
    }
}
