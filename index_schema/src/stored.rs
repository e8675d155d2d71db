//! A record as the text that is stored of it.
//!
//! One line of JSON, which is the record without the body of its dispatch; below that line the body as it is. So a text of some
//! kilobytes is neither escaped when it is written nor parsed when it is read.

use crate::{Record, RecordError};

impl Record {
    /// The text that is stored of the record.
    ///
    /// # Errors
    ///
    /// Fails if the record cannot be serialised, which no record of ours does.
    pub fn into_stored(mut self) -> Result<String, RecordError> {
        let dispatch = self.dispatch.as_mut();
        let body = dispatch.map(|dispatch| std::mem::take(&mut dispatch.body));
        let mut text = serde_json::to_string(&self)?;
        if let Some(body) = body {
            text.reserve_exact(1 + body.len());
            text.push('\n');
            text.push_str(&body);
        }
        Ok(text)
    }

    /// The record that such a text was made of. The JSON alone, with the body in it, is read as well: so it was stored before
    /// schema 3.
    ///
    /// # Errors
    ///
    /// Fails if the text is damaged.
    pub fn from_stored(text: &str) -> Result<Self, RecordError> {
        let Some((json, body)) = text.split_once('\n') else {
            return Ok(serde_json::from_str(text)?);
        };
        let mut record: Self = serde_json::from_str(json)?;
        if let Some(dispatch) = &mut record.dispatch {
            body.clone_into(&mut dispatch.body);
        }
        Ok(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dispatch, Hash, State};

    fn record(dispatch: Option<Dispatch>) -> Record {
        Record {
            key: "urn:a".to_owned(),
            state: State::Current,
            content: Hash(7),
            revision: 0,
            origins: Vec::new(),
            embargo_until: None,
            dispatch,
            tombstone: None,
        }
    }

    fn with_body(body: &str) -> Record {
        record(Some(Dispatch {
            headline: Some("En\nto".to_owned()),
            body: body.to_owned(),
            ..Dispatch::default()
        }))
    }

    #[test]
    fn a_body_stands_below_the_json_as_it_is() {
        for body in ["", "Havnen.\n\nByen \"Ås\".", "\n", "{\"a\":1}\n"] {
            let record = with_body(body);
            let text = record.clone().into_stored().unwrap();
            assert!(text.ends_with(&format!("}}\n{body}")), "{text}");
            assert_eq!(Record::from_stored(&text).unwrap(), record);
        }
        let without = record(None);
        let text = without.clone().into_stored().unwrap();
        assert!(!text.contains('\n'));
        assert_eq!(Record::from_stored(&text).unwrap(), without);
    }

    #[test]
    fn a_record_that_is_all_json_is_read() {
        let record = with_body("Havnen.\n\nByen.");
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(Record::from_stored(&text).unwrap(), record);
        assert!(Record::from_stored("{}").is_err());
        assert!(Record::from_stored("\nHavnen.").is_err());
    }
}
