//! JSON lines: an object a line, of ninjs, of dpa, or simple ones with `date`, `source`, `headline` and `body`.
//!
//! The simple form is what an archive's own export looks like, and JSON Feed too. Keys may be English or Danish, in any case.

use std::io::BufRead;

use index_schema::{Dispatch, PubStatus};
use serde_json::{Map, Value};

use super::{
    Beginning, FeedFile, Found, Item, WireFormat,
    complete::complete,
    credit::{self, Credit},
    dates, html, json, pub_status, tidy,
};
use crate::error::Result;

const BODY: [&str; 9] = [
    "body",
    "text",
    "content",
    "content_html",
    "content_text",
    "brødtekst",
    "broedtekst",
    "tekst",
    "body_plain",
];
const HEADLINE: [&str; 5] = ["headline", "title", "rubrik", "overskrift", "titel"];
const DATE: [&str; 8] = [
    "date",
    "date_published",
    "published",
    "created",
    "timestamp",
    "dato",
    "sent",
    "versiondate",
];

/// JSON lines, and a single simple object.
pub(super) struct JsonLines;

impl WireFormat for JsonLines {
    fn name(&self) -> &'static str {
        "json-lines"
    }

    fn recognises(&self, head: &Beginning<'_>) -> bool {
        head.json_keys()
            .is_some_and(|keys| json::is_lines(head.text()) || has_text_keys(keys))
    }

    fn read(
        &self,
        file: &FeedFile<'_>,
        input: &mut dyn BufRead,
        emit: &mut dyn FnMut(Result<Found>) -> Result<()>,
    ) -> Result<()> {
        json::read(file, input, emit)
    }
}

fn has_text_keys(keys: &[String]) -> bool {
    let any = |names: &[&str]| {
        keys.iter()
            .any(|k| names.contains(&k.to_lowercase().as_str()))
    };
    any(&BODY) && (any(&HEADLINE) || any(&DATE))
}

/// Whether an object is a simple dispatch: it has a text, or a headline and a date.
pub(super) fn is_one(object: &Map<String, Value>) -> bool {
    let has = |names| json::field(object, names).is_some_and(Value::is_string);
    let dated = || json::field(object, &DATE).is_some();
    has(&BODY) && (has(&HEADLINE) || dated() || object.len() <= 3) || has(&HEADLINE) && dated()
}

/// Reads one object.
pub(super) fn read_item(object: &Map<String, Value>, file: &FeedFile<'_>) -> Result<Item> {
    complete(parse(object, file), file)
}

fn parse(object: &Map<String, Value>, file: &FeedFile<'_>) -> Dispatch {
    let line = |names: &[&str]| json::line(object, names);
    let mut paragraphs = json::field(object, &BODY)
        .and_then(Value::as_str)
        .map(html::paragraphs)
        .unwrap_or_default();
    let closing = Credit::cut_closing(&mut paragraphs);
    let named = line(&["source", "kilde", "provider", "agency", "bureau"]);
    let embargo = json::field(
        object,
        &["embargo", "embargoed", "embargo_until", "klausul"],
    );
    let mut dispatch = Dispatch {
        format: JsonLines.name().to_owned(),
        guid: line(&["guid", "id", "uri", "urn", "uuid", "url"]),
        version: line(&["version", "revision"]),
        date: line(&DATE).and_then(|d| date(&d, file)),
        source: named
            .and_then(|s| credit::source(&s))
            .or_else(|| Some(closing.as_ref()?.source.clone())),
        credit: line(&["credit", "kreditering"]).or(closing.map(|c| c.written)),
        headline: line(&HEADLINE).and_then(|h| html::one_line(&h)),
        slug: line(&["slug", "slugline", "stikord"]),
        keywords: json::names(object, &["keywords", "keyword", "nøgleord", "tags"]),
        byline: line(&["byline", "author", "by", "forfatter"]),
        place: line(&["place", "located", "dateline", "sted"]),
        language: line(&["language", "lang", "sprog"]),
        status: line(&["status", "pubstatus"])
            .and_then(|s| pub_status(&s))
            .unwrap_or_default(),
        embargo: embargo.and_then(json::written).and_then(|d| date(&d, file)),
        urgency: line(&["urgency", "priority", "prioritet"]),
        categories: json::names(
            object,
            &["category", "categories", "section", "kategori", "subject"],
        ),
        note: line(&["note", "ednote", "til_redaktionen"]),
        body: tidy::body(&paragraphs),
        ..Dispatch::default()
    };
    if embargo == Some(&Value::Bool(true)) && dispatch.status == PubStatus::Usable {
        dispatch.status = PubStatus::Embargoed;
    }
    dispatch
}

/// A written date, or seconds or milliseconds since 1970.
fn date(text: &str, file: &FeedFile<'_>) -> Option<index_schema::When> {
    if text.len() == 4 {
        return text.parse().ok();
    }
    if let Some(date) = dates::parse(text, file.zone) {
        return Some(date);
    }
    let number: i64 = text.parse().ok()?;
    let seconds = if number.abs() >= 100_000_000_000 {
        number / 1000
    } else {
        number
    };
    let time = jiff::Timestamp::from_second(seconds).ok()?;
    Some(index_schema::When::moment(
        &time.to_zoned(file.zone.clone()),
    ))
}
