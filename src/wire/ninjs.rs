//! ninjs of the IPTC, versions 1 to 3: news in JSON.
//!
//! Version 1 has flat keys in lower case (`versioncreated`, `headline`, `body_html`), version 2 lists (`headlines`,
//! `bodies`), version 3 the same in camel case (`versionCreated`).

use std::io::BufRead;

use index_schema::{Dispatch, PubStatus};
use serde_json::{Map, Value};

use super::{
    Beginning, FeedFile, Found, Item, WireFormat,
    complete::complete,
    credit::{self, Credit},
    dates, html, json, marks, newsml_g2, pub_status, tidy,
};
use crate::error::Result;

/// Keys that only ninjs has.
const MARKERS: [&str; 11] = [
    "versioncreated",
    "versionCreated",
    "pubstatus",
    "pubStatus",
    "body_html",
    "body_text",
    "body_xhtml",
    "body_html5",
    "bodies",
    "headlines",
    "representationtype",
];

/// ninjs items, alone, in an array or in a wrapper.
pub(super) struct Ninjs;

impl WireFormat for Ninjs {
    fn name(&self) -> &'static str {
        "ninjs"
    }

    fn recognises(&self, head: &Beginning<'_>) -> bool {
        head.json_keys()
            .is_some_and(|keys| keys.iter().any(|k| MARKERS.contains(&k.as_str())))
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

/// Whether an object is a ninjs item.
pub(super) fn is_one(object: &Map<String, Value>) -> bool {
    MARKERS.iter().any(|m| object.contains_key(*m))
}

/// Reads one object.
pub(super) fn read_item(object: &Map<String, Value>, file: &FeedFile<'_>) -> Result<Item> {
    let dispatch = parse(object, file);
    let kind = json::line(object, &["type"]).unwrap_or_default();
    let no_text = matches!(kind.as_str(), "picture" | "graphic" | "audio" | "video")
        || matches!(kind.as_str(), "composite" | "package") && dispatch.body.is_empty();
    if no_text && dispatch.status != PubStatus::Canceled {
        return Ok(Item::passed_over(format!("{kind} without text"), dispatch));
    }
    complete(dispatch, file)
}

fn parse(object: &Map<String, Value>, file: &FeedFile<'_>) -> Dispatch {
    let line = |names: &[&str]| json::line(object, names);
    let date = |names: &[&str]| dates::parse(&line(names)?, file.zone);
    let mut paragraphs = paragraphs(object);
    let credit = Credit::cut_closing(&mut paragraphs);
    let mut dispatch = Dispatch {
        format: Ninjs.name().to_owned(),
        guid: line(&["guid", "uri"]),
        version: line(&["version"]),
        date: date(&["versioncreated"]).or_else(|| date(&["firstcreated"])),
        source: source(object).or_else(|| Some(credit.as_ref()?.source.clone())),
        credit: credit.map(|c| c.written),
        headline: line(&["headline"])
            .or_else(|| main_of(object, "headlines"))
            .and_then(|h| html::one_line(&h)),
        slug: line(&["slugline", "slug"]),
        keywords: json::names(object, &["keyword", "keywords"]),
        byline: line(&["byline", "by"]),
        place: line(&["located"]).or_else(|| place(object)),
        language: line(&["language"]),
        status: line(&["pubstatus"])
            .and_then(|s| pub_status(&s))
            .unwrap_or_default(),
        embargo: date(&["embargoed"]),
        urgency: line(&["urgency"]),
        categories: json::names(object, &["subject", "subjects", "service", "services"]),
        note: line(&["ednote"]).map(|n| tidy::body(&html::paragraphs(&n))),
        body: tidy::body(&paragraphs),
        ..Dispatch::default()
    };
    for signal in json::names(object, &["signal", "signals"]) {
        if let Some(mark) = newsml_g2::mark(&signal) {
            marks::add(mark, &mut dispatch.marks);
        }
    }
    dispatch
}

/// The body, from the place that keeps paragraphs best.
fn paragraphs(object: &Map<String, Value>) -> Vec<String> {
    for name in ["body_xhtml", "body_html", "body_html5", "body_text"] {
        let paragraphs = object
            .get(name)
            .and_then(Value::as_str)
            .map(html::paragraphs)
            .unwrap_or_default();
        if !paragraphs.is_empty() {
            return paragraphs;
        }
    }
    let bodies = object.get("bodies").and_then(Value::as_array);
    let mut best: Option<(bool, Vec<String>)> = None;
    for body in bodies.into_iter().flatten().filter_map(Value::as_object) {
        let kind = json::line(body, &["contenttype", "role"]).unwrap_or_default();
        let marked_up = kind.contains("html") || kind.contains("xml");
        let text = body.get("value").and_then(Value::as_str).unwrap_or("");
        let paragraphs = html::paragraphs(text);
        let better = best.as_ref().is_none_or(|(was, _)| marked_up && !was);
        if better && !paragraphs.is_empty() {
            best = Some((marked_up, paragraphs));
        }
    }
    best.map(|(_, paragraphs)| paragraphs).unwrap_or_default()
}

/// The value with the role `main`, else the first, of a list such as `headlines`.
fn main_of(object: &Map<String, Value>, list: &str) -> Option<String> {
    let entries = object.get(list)?.as_array()?;
    let main = entries
        .iter()
        .find(|e| e.get("role").and_then(Value::as_str) == Some("main"));
    json::written(main.or_else(|| entries.first())?.get("value")?)
}

/// The source, else who it was got from, else who holds the copyright.
fn source(object: &Map<String, Value>) -> Option<String> {
    let origin = || {
        let sources = object.get("infosources")?.as_array()?;
        json::written(sources.first()?.get("name")?)
    };
    json::line(object, &["source"])
        .or_else(origin)
        .or_else(|| json::line(object, &["copyrightholder"]))
        .and_then(|s| credit::source(&s))
}

fn place(object: &Map<String, Value>) -> Option<String> {
    let places = json::field(object, &["place", "places"])?.as_array()?;
    json::line(places.first()?.as_object()?, &["name", "literal"])
}
