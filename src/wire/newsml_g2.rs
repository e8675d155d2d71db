//! NewsML-G2 of the IPTC: a `newsItem` alone or any number of items in a `newsMessage`.

use std::io::BufRead;

use index_schema::{Dispatch, Mark};
use jiff::tz::TimeZone;
use roxmltree::Node;

use super::{
    Beginning, FeedFile, Found, Item, NOT_DISPATCH, WireFormat,
    complete::complete,
    credit::{self, Credit},
    dates, html, marks, nitf, pub_status, tidy, xml,
};
use crate::error::Result;

/// NewsML-G2.
pub(super) struct NewsmlG2;

impl WireFormat for NewsmlG2 {
    fn name(&self) -> &'static str {
        "newsml-g2"
    }

    fn recognises(&self, head: &Beginning<'_>) -> bool {
        // case matters: `newsitem` is Reuters Corpus Volume 1
        matches!(
            head.root_name(),
            Some("newsMessage" | "newsItem" | "packageItem" | "itemSet")
        )
    }

    fn read(
        &self,
        file: &FeedFile<'_>,
        input: &mut dyn BufRead,
        emit: &mut dyn FnMut(Result<Found>) -> Result<()>,
    ) -> Result<()> {
        xml::read_items(file, input, emit, items, &|item| read_item(item, file))
    }
}

fn items<'a, 'i>(root: Node<'a, 'i>) -> Vec<Node<'a, 'i>> {
    match xml::local(root) {
        "newsMessage" => xml::children(root, "itemSet")
            .flat_map(|set| set.children().filter(Node::is_element))
            .collect(),
        "itemSet" => root.children().filter(Node::is_element).collect(),
        _ => vec![root],
    }
}

fn read_item(item: Node<'_, '_>, file: &FeedFile<'_>) -> Result<Item> {
    let mut dispatch = parse(item, file.zone);
    let class = xml::find(item, &["itemMeta", "itemClass"])
        .and_then(code)
        .unwrap_or("text");
    match xml::local(item) {
        "newsItem" if dispatch.body.is_empty() && class != "text" => {
            let reason = format!("{class} without text");
            Ok(Item::passed_over(reason, dispatch))
        }
        "newsItem" => complete(dispatch, file),
        "packageItem" => Ok(Item::passed_over("package without text", dispatch)),
        other => {
            NOT_DISPATCH.clone_into(&mut dispatch.format);
            Ok(Item::passed_over(format!("<{other}>"), dispatch))
        }
    }
}

fn parse(item: Node<'_, '_>, zone: &TimeZone) -> Dispatch {
    let management = xml::find(item, &["itemMeta"]);
    let content = xml::find(item, &["contentMeta"]);
    let date = |path: &[&'static str]| dates::parse(&xml::text_at(item, path)?, zone);
    let text = |name| xml::text_at(content?, &[name]);
    let inner = inner_nitf(item);
    let mut paragraphs = paragraphs(item);
    let credit = Credit::cut_closing(&mut paragraphs);
    let mut dispatch = Dispatch {
        format: NewsmlG2.name().to_owned(),
        guid: xml::attribute(item, "guid").map(str::to_owned),
        version: xml::attribute(item, "version").map(str::to_owned),
        date: date(&["itemMeta", "versionCreated"])
            .or_else(|| date(&["contentMeta", "contentModified"]))
            .or_else(|| date(&["contentMeta", "contentCreated"])),
        source: source(item),
        credit: credit.map(|c| c.written),
        headline: headline(item).or_else(|| nitf::headline(inner?)),
        slug: text("slugline"),
        keywords: content.map(|c| texts(c, "keyword")).unwrap_or_default(),
        byline: text("by").or_else(|| nitf::byline(inner?)),
        place: place(item),
        language: language(item),
        status: management
            .and_then(|m| xml::find(m, &["pubStatus"]))
            .and_then(code)
            .and_then(pub_status)
            .unwrap_or_default(),
        embargo: date(&["itemMeta", "embargoed"]),
        urgency: text("urgency"),
        categories: categories(item),
        note: note(item),
        body: tidy::body(&paragraphs),
        ..Dispatch::default()
    };
    for signal in management.iter().flat_map(|m| xml::children(*m, "signal")) {
        let signal = xml::attribute(signal, "qcode").or_else(|| xml::attribute(signal, "uri"));
        if let Some(mark) = signal.and_then(mark) {
            marks::add(mark, &mut dispatch.marks);
        }
    }
    dispatch
}

/// What a signal says of the version, in the IPTC's vocabulary (`sig:update`, `sig:correction`).
pub(super) fn mark(signal: &str) -> Option<Mark> {
    let code = signal.rsplit([':', '/']).next()?;
    let ours = signal.starts_with("sig:") || signal.contains("/signal/");
    match code {
        "correction" if ours => Some(Mark::Correction),
        "update" if ours => Some(Mark::Update),
        "flash" | "alert" if ours => Some(Mark::Flash),
        _ => None,
    }
}

/// The last part of what names a concept: of `qcode`, of `uri`, or its `literal`.
fn code<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    let named = xml::attribute(node, "qcode").or_else(|| xml::attribute(node, "uri"));
    named
        .and_then(|c| c.trim_end_matches('/').rsplit([':', '/']).next())
        .or_else(|| xml::attribute(node, "literal"))
}

/// The agency: its credit line, else the provider. A provider that is only a URI names nobody.
fn source(item: Node<'_, '_>) -> Option<String> {
    let credit = xml::text_at(item, &["contentMeta", "creditline"]);
    let provider = xml::find(item, &["itemMeta", "provider"]);
    let written = || {
        xml::attribute(provider?, "literal")
            .or_else(|| xml::attribute(provider?, "qcode")?.rsplit(':').next())
    };
    credit
        .and_then(|c| credit::source(&c))
        .or_else(|| credit::source(written()?))
        .or_else(|| credit::source(&xml::text_at(provider?, &["name"])?))
}

/// The main headline: the first without a role, or with the role `main`, before any other.
fn headline(item: Node<'_, '_>) -> Option<String> {
    let content = xml::find(item, &["contentMeta"])?;
    let is_main = |n: &Node<'_, '_>| {
        xml::attribute(*n, "role").is_none_or(|r| r.to_ascii_lowercase().contains("main"))
    };
    xml::children(content, "headline")
        .filter(is_main)
        .find_map(xml::text)
        .or_else(|| xml::children(content, "headline").find_map(xml::text))
}

fn place(item: Node<'_, '_>) -> Option<String> {
    let content = xml::find(item, &["contentMeta"])?;
    let located = xml::children(content, "located").find_map(|l| {
        xml::text_at(l, &["name"]).or_else(|| tidy::one_line(xml::attribute(l, "literal")?))
    });
    let line = || {
        let line = xml::text_at(content, &["dateline"])?;
        let place = credit::dateline(&line).map(|(place, _)| place);
        place.or_else(|| (!line.contains(|c: char| c.is_ascii_digit())).then_some(line))
    };
    located.or_else(line)
}

fn language(item: Node<'_, '_>) -> Option<String> {
    let tag = xml::find(item, &["contentMeta", "language"])
        .and_then(|l| xml::attribute(l, "tag"))
        .or_else(|| xml::attribute(item, "lang"))?;
    Some(tag.to_owned())
}

fn categories(item: Node<'_, '_>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let Some(content) = xml::find(item, &["contentMeta"]) else {
        return all;
    };
    for subject in xml::children(content, "subject") {
        let name = xml::text_at(subject, &["name"]);
        let written = ["qcode", "literal"].map(|a| xml::attribute(subject, a));
        let written = written.into_iter().flatten().map(str::to_owned);
        for category in written.chain(name) {
            tidy::add_name(category, &mut all);
        }
    }
    all
}

fn note(item: Node<'_, '_>) -> Option<String> {
    let notes: Vec<String> = xml::find(item, &["itemMeta"])
        .iter()
        .flat_map(roxmltree::Node::children)
        .filter(|n| n.is_element() && xml::local(*n).eq_ignore_ascii_case("ednote"))
        .filter_map(xml::text)
        .collect();
    (!notes.is_empty()).then(|| tidy::body(&notes))
}

/// The text: the parts of a content set are alternatives, so the first one with text is all of it.
fn paragraphs(item: Node<'_, '_>) -> Vec<String> {
    let Some(set) = xml::find(item, &["contentSet"]) else {
        return Vec::new();
    };
    let inline = xml::children(set, "inlineXML").map(inline_paragraphs);
    let data = xml::children(set, "inlineData")
        .filter(|d| xml::attribute(*d, "encoding").is_none())
        .map(|d| {
            html::paragraphs(
                &d.descendants()
                    .filter_map(|n| n.text().filter(|_| n.is_text()))
                    .collect::<String>(),
            )
        });
    inline
        .chain(data)
        .find(|p| !p.is_empty())
        .unwrap_or_default()
}

fn inline_paragraphs(part: Node<'_, '_>) -> Vec<String> {
    if let Some(nitf) = xml::find(part, &["nitf"]) {
        return nitf::paragraphs(nitf);
    }
    xml::paragraphs(xml::find(part, &["html", "body"]).unwrap_or(part))
}

fn inner_nitf<'a, 'i>(item: Node<'a, 'i>) -> Option<Node<'a, 'i>> {
    xml::find(item, &["contentSet", "inlineXML", "nitf"])
}

fn texts(node: Node<'_, '_>, name: &'static str) -> Vec<String> {
    xml::children(node, name).filter_map(xml::text).collect()
}
