//! A stored document as its record's text, without the document around it.

use tantivy::schema::{
    Field,
    document::{
        DeserializeError, DocumentDeserialize, DocumentDeserializer, ValueDeserialize,
        ValueDeserializer,
    },
};

use crate::{Fields, Record, RecordError};

/// The one stored field of a document, copied once: what a hit is read from.
#[derive(Debug, Default)]
pub struct Stored(Option<(Field, String)>);

impl DocumentDeserialize for Stored {
    fn deserialize<'de, D: DocumentDeserializer<'de>>(
        mut document: D,
    ) -> Result<Self, DeserializeError> {
        let field = document.next_field::<Text>()?;
        Ok(Self(field.map(|(field, Text(text))| (field, text))))
    }
}

struct Text(String);

impl ValueDeserialize for Text {
    fn deserialize<'de, D: ValueDeserializer<'de>>(value: D) -> Result<Self, DeserializeError> {
        value.deserialize_string().map(Self)
    }
}

impl Fields {
    /// The record of a dispatch document, as [`record`](Self::record) reads it.
    ///
    /// # Errors
    ///
    /// Fails if the document is not ours or is damaged.
    pub fn stored_record(&self, stored: &Stored) -> Result<Record, RecordError> {
        match &stored.0 {
            Some((field, text)) if *field == self.record => Ok(serde_json::from_str(text)?),
            _ => Err(RecordError::Missing),
        }
    }
}
