//! RSS 0.9 to 2.0, RSS 1.0 (RDF) and Atom.
//!
//! Read from the XML itself, not through a feed library: what counts here is what the feed says (its own guid, its own
//! time and zone), and libraries invent what is missing.

use std::io::BufRead;

use index_schema::{Dispatch, PubStatus};
use jiff::tz::TimeZone;
use roxmltree::Node;

use super::{
    Beginning, FeedFile, Found, WireFormat,
    complete::complete,
    credit::{self, Credit},
    dates, html, tidy, xml,
};
use crate::error::Result;

/// RSS and Atom feeds.
pub(super) struct RssAtom;

impl WireFormat for RssAtom {
    fn name(&self) -> &'static str {
        "rss-atom"
    }

    fn recognises(&self, head: &Beginning<'_>) -> bool {
        matches!(
            head.root_name(),
            Some("rss" | "RSS" | "RDF" | "feed" | "entry")
        )
    }

    fn read(
        &self,
        file: &FeedFile<'_>,
        input: &mut dyn BufRead,
        emit: &mut dyn FnMut(Result<Found>) -> Result<()>,
    ) -> Result<()> {
        xml::read_items(file, input, emit, items, &|item| {
            complete(parse(item, file.zone), file)
        })
    }
}

fn items<'a, 'i>(root: Node<'a, 'i>) -> Vec<Node<'a, 'i>> {
    if xml::local(root) == "entry" {
        return vec![root];
    }
    let channels = xml::children(root, "channel").flat_map(|c| c.children());
    root.children()
        .chain(channels)
        .filter(Node::is_element)
        .filter(|n| matches!(xml::local(*n), "item" | "entry" | "deleted-entry"))
        .collect()
}

fn parse(item: Node<'_, '_>, zone: &TimeZone) -> Dispatch {
    if xml::local(item) == "deleted-entry" {
        return tombstone(item, zone);
    }
    let mut paragraphs = paragraphs(item);
    let credit = Credit::cut_closing(&mut paragraphs);
    let date = |names: &[&str]| {
        names
            .iter()
            .find_map(|n| dates::parse(&xml::text(named(item, n)?)?, zone))
    };
    let source = named(item, "source")
        .filter(|s| !s.children().any(|n| n.is_element()))
        .and_then(xml::text)
        .and_then(|s| credit::source(&s))
        .or_else(|| credit.as_ref().map(|c| c.source.clone()));
    Dispatch {
        format: RssAtom.name().to_owned(),
        guid: guid(item),
        date: date(&[
            "pubDate",
            "updated",
            "dc·date",
            "published",
            "modified",
            "issued",
        ]),
        source,
        credit: credit.map(|c| c.written),
        headline: named(item, "title").and_then(xml::text),
        byline: byline(item),
        language: language(item),
        categories: categories(item),
        body: tidy::body(&paragraphs),
        ..Dispatch::default()
    }
}

/// A deleted entry (RFC 6721) is a kill.
fn tombstone(item: Node<'_, '_>, zone: &TimeZone) -> Dispatch {
    Dispatch {
        format: RssAtom.name().to_owned(),
        guid: xml::attribute(item, "ref").map(str::to_owned),
        date: xml::attribute(item, "when").and_then(|w| dates::parse(w, zone)),
        status: PubStatus::Canceled,
        note: xml::text_at(item, &["comment"]),
        ..Dispatch::default()
    }
}

/// A child by its name with the usual prefix (`dc·date`). A bare name means an element of the feed's own vocabulary:
/// one with the prefix of the item, which is mostly none; `media:title` is not the title.
fn named<'a, 'i>(item: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    let own = item.tag_name().name().rsplit_once('·').map(|(p, _)| p);
    item.children().find(|n| {
        let written = n.tag_name().name();
        n.is_element()
            && (written == name
                || !name.contains('·')
                    && own.is_some()
                    && written.rsplit_once('·') == own.map(|o| (o, name)))
    })
}

/// `guid`, `id`, else the link, else `rdf:about`.
fn guid(item: Node<'_, '_>) -> Option<String> {
    ["guid", "id"]
        .iter()
        .find_map(|n| named(item, n).and_then(xml::text))
        .or_else(|| link(item))
        .or_else(|| xml::attribute(item, "about").map(str::to_owned))
}

fn link(item: Node<'_, '_>) -> Option<String> {
    let links = item
        .children()
        .filter(|n| n.is_element() && n.tag_name().name() == "link");
    for link in links {
        let of_item = xml::attribute(link, "rel").is_none_or(|r| r == "alternate");
        let target = xml::text(link).or_else(|| xml::attribute(link, "href").map(str::to_owned));
        if let Some(target) = target.filter(|_| of_item) {
            return Some(target);
        }
    }
    None
}

/// The fullest of what an item offers: its content, else its description or summary.
fn paragraphs(item: Node<'_, '_>) -> Vec<String> {
    const PLACES: [&str; 7] = [
        "content·encoded",
        "content",
        "xhtml·body",
        "body",
        "description",
        "summary",
        "itunes·summary",
    ];
    PLACES
        .iter()
        .filter_map(|name| named(item, name))
        .map(|n| {
            if xml::attribute(n, "type") == Some("text") {
                tidy::paragraphs(n.text().unwrap_or(""))
            } else {
                xml::paragraphs(n)
            }
        })
        .find(|p| !p.is_empty())
        .unwrap_or_default()
}

fn byline(item: Node<'_, '_>) -> Option<String> {
    let author = named(item, "author");
    let name = author.and_then(|a| xml::text_at(a, &["name"]).or_else(|| xml::text(a)));
    name.or_else(|| named(item, "dc·creator").and_then(xml::text))
}

fn language(item: Node<'_, '_>) -> Option<String> {
    if let Some(language) = named(item, "dc·language").and_then(xml::text) {
        return Some(language);
    }
    if let Some(tag) = item.ancestors().find_map(|n| xml::attribute(n, "lang")) {
        return Some(tag.to_owned());
    }
    let feed = item
        .ancestors()
        .find(|n| xml::local(*n) == "channel")
        .or_else(|| xml::find(item.parent()?, &["channel"]))?;
    ["language", "dc·language"]
        .iter()
        .find_map(|n| named(feed, n).and_then(xml::text))
}

fn categories(item: Node<'_, '_>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for node in item
        .children()
        .filter(|n| matches!(xml::local(*n), "category" | "subject"))
    {
        let name = xml::attribute(node, "label")
            .or_else(|| xml::attribute(node, "term"))
            .and_then(html::one_line)
            .or_else(|| xml::text(node));
        if let Some(name) = name {
            tidy::add_name(name, &mut all);
        }
    }
    all
}
