//! dpa digitalwires: one JSON object for each version of a dispatch.

use std::io::BufRead;

use index_schema::Dispatch;
use serde_json::{Map, Value};

use super::{
    Beginning, FeedFile, Found, Item, WireFormat,
    complete::complete,
    credit::{self, Credit},
    dates, html, json, marks, newsml_g2, pub_status, tidy,
};
use crate::error::Result;

/// dpa's JSON.
pub(super) struct DpaDigitalwires;

impl WireFormat for DpaDigitalwires {
    fn name(&self) -> &'static str {
        "dpa-digitalwires"
    }

    fn recognises(&self, head: &Beginning<'_>) -> bool {
        let has = |keys: &[String], key: &str| keys.iter().any(|k| k == key);
        head.json_keys().is_some_and(|keys| {
            has(keys, "urn") && (has(keys, "article_html") || has(keys, "version_created"))
        })
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

/// Whether an object is a dispatch of dpa.
pub(super) fn is_one(object: &Map<String, Value>) -> bool {
    object.contains_key("urn")
        && (object.contains_key("article_html") || object.contains_key("version_created"))
}

/// Reads one object.
pub(super) fn read_item(object: &Map<String, Value>, file: &FeedFile<'_>) -> Result<Item> {
    let dispatch = parse(object, file);
    let media = object
        .get("associations")
        .and_then(Value::as_array)
        .and_then(|a| a.first()?.get("type")?.as_str());
    match media {
        Some(media) if dispatch.body.is_empty() => {
            Ok(Item::passed_over(format!("{media} without text"), dispatch))
        }
        _ => complete(dispatch, file),
    }
}

fn parse(object: &Map<String, Value>, file: &FeedFile<'_>) -> Dispatch {
    let line = |name| json::line(object, &[name]);
    let date = |name| dates::parse(&line(name)?, file.zone);
    let mut paragraphs = object
        .get("article_html")
        .and_then(Value::as_str)
        .map(html::paragraphs)
        .unwrap_or_default();
    let credit = Credit::cut_closing(&mut paragraphs);
    let mut dispatch = Dispatch {
        format: DpaDigitalwires.name().to_owned(),
        guid: line("urn"),
        version: line("version"),
        date: date("version_created").or_else(|| date("updated")),
        source: line("creditline").and_then(|c| credit::source(&c)),
        credit: credit.map(|c| c.written),
        headline: line("headline").and_then(|h| html::one_line(&h)),
        slug: line("slug").or_else(|| line("kicker")),
        keywords: json::names(object, &["keyword_names"]),
        byline: line("byline"),
        place: place(object),
        language: line("language"),
        status: line("pubstatus")
            .and_then(|s| pub_status(&s))
            .unwrap_or_default(),
        embargo: date("embargoed"),
        urgency: line("urgency"),
        categories: json::names(
            object,
            &[
                "desk_names",
                "dpasubject_names",
                "geosubject_names",
                "genre_names",
            ],
        ),
        note: note(object),
        body: tidy::body(&paragraphs),
        ..Dispatch::default()
    };
    if let Some(mark) = line("signal").and_then(|s| newsml_g2::mark(&s)) {
        marks::add(mark, &mut dispatch.marks);
    }
    dispatch
}

/// The place in `New York (dpa) - `.
fn place(object: &Map<String, Value>) -> Option<String> {
    let dateline = json::line(object, &["dateline"])?;
    let place = dateline.split(['(', '-', '–']).next()?.trim();
    (!place.is_empty()).then(|| place.to_owned())
}

/// The notepad and the notes to editors.
fn note(object: &Map<String, Value>) -> Option<String> {
    let mut notes = Vec::new();
    if let Some(pad) = object.get("notepad").and_then(Value::as_object) {
        for part in ["public_html", "nonpublic_html"] {
            let text = pad.get(part).and_then(Value::as_str).unwrap_or("");
            // the class that hides the part in a body must not hide it here
            notes.extend(html::paragraphs(&text.replace("class=", "data-class=")));
        }
    }
    if notes.is_empty() {
        let listed = object.get("ednotes").and_then(Value::as_array);
        for note in listed.into_iter().flatten() {
            let text = note.get("ednote").and_then(Value::as_str);
            notes.extend(text.and_then(html::one_line));
        }
    }
    (!notes.is_empty()).then(|| tidy::body(&notes))
}
