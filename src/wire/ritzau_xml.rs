//! Ritzau's own XML: `RBNews` records, alone or in the answer of its queue.

use std::io::BufRead;

use index_schema::{Dispatch, Mark, PubStatus};
use roxmltree::Node;

use super::{
    Beginning, FeedFile, Found, WireFormat,
    complete::complete,
    credit::{self, Credit},
    dates, html, marks, tidy, xml,
};
use crate::error::Result;

/// Ritzau XML.
pub(super) struct RitzauXml;

impl WireFormat for RitzauXml {
    fn name(&self) -> &'static str {
        "ritzau-xml"
    }

    fn recognises(&self, head: &Beginning<'_>) -> bool {
        match head.root_name() {
            Some("RBNews" | "ListOfRBNews" | "XMLNewsQueuedResponse" | "XMLNewsQueuedResult") => {
                true
            }
            // the service answers under other names too; its records have one
            Some(_) => head.bytes().windows(8).any(|w| w == b"<RBNews>"),
            None => false,
        }
    }

    fn read(
        &self,
        file: &FeedFile<'_>,
        input: &mut dyn BufRead,
        emit: &mut dyn FnMut(Result<Found>) -> Result<()>,
    ) -> Result<()> {
        xml::read_items(file, input, emit, records, &|record| {
            complete(parse(record, file), file)
        })
    }
}

fn records<'a, 'i>(root: Node<'a, 'i>) -> Vec<Node<'a, 'i>> {
    root.descendants()
        .filter(|n| n.is_element() && xml::local(*n) == "RBNews")
        .collect()
}

fn parse(record: Node<'_, '_>, file: &FeedFile<'_>) -> Dispatch {
    // nil is told by the missing text: the namespace of xsi:nil is misspelt in real files
    let field = |name| xml::text_at(record, &[name]);
    let is = |name| field(name).is_some_and(|v| v.eq_ignore_ascii_case("true") || v == "1");
    let mut paragraphs = xml::find(record, &["content"])
        .map(xml::paragraphs)
        .unwrap_or_default();
    let credit = Credit::cut_closing(&mut paragraphs);
    let source = field("origin")
        .and_then(|o| credit::source(&o))
        .or_else(|| credit.as_ref().map(|c| c.source.clone()));
    let mut dispatch = Dispatch {
        format: RitzauXml.name().to_owned(),
        guid: field("NewsID"),
        version: field("version"),
        date: field("PublishDate").and_then(|d| dates::parse(&d, file.zone)),
        source,
        credit: credit.map(|c| c.written),
        headline: field("headline"),
        slug: field("strapline"),
        keywords: strings(record, "SubjectKeyword"),
        byline: field("byLine"),
        place: field("town"),
        urgency: field("Priority"),
        categories: field("section").into_iter().chain(codes(record)).collect(),
        note: note(record),
        body: tidy::body(&paragraphs),
        ..Dispatch::default()
    };
    if is("Annuleret") {
        dispatch.status = PubStatus::Canceled;
    }
    for (name, mark) in [
        ("Korrektion", Mark::Correction),
        ("NyVersion", Mark::Update),
        ("InfoFlash", Mark::Flash),
    ] {
        if is(name) {
            marks::add(mark, &mut dispatch.marks);
        }
    }
    if field("format").is_some_and(|f| f.eq_ignore_ascii_case("flash")) {
        marks::add(Mark::Flash, &mut dispatch.marks);
    }
    dispatch
}

fn note(record: Node<'_, '_>) -> Option<String> {
    let text = xml::find(record, &["TilRedaktionen"])?;
    let note = tidy::body(&xml::paragraphs(text));
    (!note.is_empty()).then_some(note)
}

fn strings(record: Node<'_, '_>, list: &'static str) -> Vec<String> {
    let Some(list) = xml::find(record, &[list]) else {
        return Vec::new();
    };
    list.children()
        .filter(Node::is_element)
        .filter_map(xml::text)
        .filter_map(|t| html::one_line(&t))
        .collect()
}

/// IPTC subject codes; the service sends them as numbers, so that `04000000` has lost its zero.
fn codes(record: Node<'_, '_>) -> Vec<String> {
    strings(record, "IPTCList")
        .into_iter()
        .map(|c| match c.parse::<u64>() {
            Ok(code) => format!("{code:08}"),
            Err(_) => c,
        })
        .collect()
}
