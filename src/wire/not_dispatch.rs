//! XML and JSON that are no dispatches: catalogues, planning items, data of other trades. They are passed over.

use std::io::BufRead;

use index_schema::Dispatch;

use super::{
    Beginning, FeedFile, Found, Item, NOT_DISPATCH, WireFormat, complete::found, html,
    xml::feed_error,
};
use crate::error::{Error, Result};

/// What is XML or JSON and none of the formats before it.
pub(super) struct NotDispatch;

impl WireFormat for NotDispatch {
    fn name(&self) -> &'static str {
        NOT_DISPATCH
    }

    fn recognises(&self, head: &Beginning<'_>) -> bool {
        head.root_name().is_some_and(|root| !html::is_tag(root)) || head.json_keys().is_some()
    }

    fn read(
        &self,
        _file: &FeedFile<'_>,
        input: &mut dyn BufRead,
        emit: &mut dyn FnMut(Result<Found>) -> Result<()>,
    ) -> Result<()> {
        let head = input
            .fill_buf()
            .map_err(|e| Error::io("cannot be read", e))?;
        let head = Beginning::of(head);
        let reason = match head.root_name() {
            Some("catalogItem") => "a catalogue of codes".to_owned(),
            Some("conceptItem" | "knowledgeItem") => "a vocabulary".to_owned(),
            Some("planningItem" | "newsCoverageSet") => "a planning item".to_owned(),
            Some("contentSet" | "contentMeta" | "itemMeta") => {
                "a fragment of a NewsML-G2 item".to_owned()
            }
            Some("html" | "HTML") => "an HTML page".to_owned(),
            Some(root) => format!("XML of another kind: <{root}>"),
            None if head.json_keys().is_some() => "JSON of another kind".to_owned(),
            None => return emit(Err(feed_error("neither XML nor JSON"))),
        };
        let nothing = Dispatch {
            format: NOT_DISPATCH.to_owned(),
            ..Dispatch::default()
        };
        emit(Ok(found(0, Item::passed_over(reason, nothing))))
    }
}
