//! NITF, the News Industry Text Format of the IPTC, versions 2.5 to 3.6.

use std::io::BufRead;

use index_schema::{Dispatch, PubStatus, When};
use jiff::tz::TimeZone;
use roxmltree::Node;

use super::{
    Beginning, FeedFile, Found, WireFormat,
    blocks::{Blocks, Role},
    complete::complete,
    credit::{self, Credit},
    dates, pub_status, tidy, xml,
};
use crate::error::Result;

/// NITF documents.
pub(super) struct Nitf;

impl WireFormat for Nitf {
    fn name(&self) -> &'static str {
        "nitf"
    }

    fn recognises(&self, head: &Beginning<'_>) -> bool {
        head.root_name()
            .is_some_and(|n| n.eq_ignore_ascii_case("nitf"))
    }

    fn read(
        &self,
        file: &FeedFile<'_>,
        input: &mut dyn BufRead,
        emit: &mut dyn FnMut(Result<Found>) -> Result<()>,
    ) -> Result<()> {
        xml::read_items(file, input, emit, |root| vec![root], &|nitf| {
            complete(parse(nitf, file.zone), file)
        })
    }
}

/// The paragraphs of a NITF document that another format carries.
pub(super) fn paragraphs(nitf: Node<'_, '_>) -> Vec<String> {
    if let Some(content) = xml::find(nitf, &["body", "body.content"]) {
        return xml::paragraphs(content);
    }
    // bodies without body.content are against the DTD, and are sent
    let mut blocks = Vec::new();
    if let Some(body) = xml::find(nitf, &["body"]) {
        let parts = body.children().filter(Node::is_element);
        for part in parts.filter(|n| !xml::local(*n).starts_with("body.")) {
            if Role::of(&xml::local(part).to_ascii_lowercase(), None) != Role::Dropped {
                blocks.extend(xml::paragraphs(part));
            }
        }
        if blocks.is_empty() {
            let mut text = Blocks::default();
            for part in body
                .children()
                .filter_map(|n| n.text().filter(|_| n.is_text()))
            {
                text.text(part);
            }
            return text.finish();
        }
    }
    blocks
}

/// The headline of a NITF document: `hl1`, never the `title`, which agencies fill with file names.
pub(super) fn headline(nitf: Node<'_, '_>) -> Option<String> {
    let head = xml::find(nitf, &["body", "body.head"])?;
    xml::text_at(head, &["hedline", "hl1"]).or_else(|| xml::text_at(head, &["headline", "hl1"]))
}

/// Who wrote it.
pub(super) fn byline(nitf: Node<'_, '_>) -> Option<String> {
    xml::text_at(nitf, &["body", "body.head", "byline"])
}

fn parse(nitf: Node<'_, '_>, zone: &TimeZone) -> Dispatch {
    let mut paragraphs = paragraphs(nitf);
    let credit = Credit::cut_closing(&mut paragraphs);
    let opening = paragraphs.first().and_then(|p| credit::dateline(p));
    let data = xml::find(nitf, &["head", "docdata"]);
    let datum = |name, attribute| {
        xml::attribute(xml::find(data?, &[name])?, attribute).and_then(tidy::one_line)
    };
    let mut dispatch = Dispatch {
        format: Nitf.name().to_owned(),
        guid: datum("doc-id", "id-string"),
        version: datum("du-key", "version"),
        date: date(nitf, zone),
        source: source(nitf).or_else(|| Some(credit.as_ref()?.source.clone())),
        credit: credit.map(|c| c.written),
        headline: headline(nitf),
        slug: datum("du-key", "key").or_else(|| meta(nitf, "anpa-keyword")),
        keywords: keywords(nitf),
        byline: byline(nitf),
        place: place(nitf).or(opening.map(|(place, _)| place)),
        language: language(nitf),
        urgency: datum("urgency", "ed-urg"),
        categories: categories(nitf),
        note: note(nitf),
        body: tidy::body(&paragraphs),
        ..Dispatch::default()
    };
    if let Some(data) = data {
        manage(data, zone, &mut dispatch);
    }
    dispatch
}

/// Publication status and embargo, and another document that this one cancels (`management-doc-idref`).
fn manage(data: Node<'_, '_>, zone: &TimeZone, dispatch: &mut Dispatch) {
    if let Some(status) = xml::attribute(data, "management-status").and_then(pub_status) {
        dispatch.status = status;
    }
    if dispatch.status == PubStatus::Embargoed {
        dispatch.embargo = norm(data, "date.release", zone);
    }
    let Some(other) = xml::attribute(data, "management-doc-idref") else {
        return;
    };
    let cancels = match xml::attribute(data, "management-idref-status") {
        Some(status) => pub_status(status) == Some(PubStatus::Canceled),
        None => dispatch.status == PubStatus::Canceled,
    };
    if cancels && dispatch.guid.as_deref() != Some(other) {
        dispatch.cancels = Some(other.to_owned());
    }
}

/// When it was sent; the template `YYYYMMDD000000-HHMM`, which some senders forget to fill in, is no date.
fn date(nitf: Node<'_, '_>, zone: &TimeZone) -> Option<When> {
    let head = xml::find(nitf, &["head"])?;
    let data = xml::find(head, &["docdata"]);
    let published = || {
        let publication = xml::find(head, &["pubdata"]).or_else(|| xml::find(data?, &["pubdata"]));
        dates::parse(xml::attribute(publication?, "date.publication")?, zone)
    };
    data.and_then(|d| norm(d, "date.issue", zone))
        .or_else(published)
        .or_else(|| norm(data?, "date.release", zone))
}

fn norm(data: Node<'_, '_>, name: &'static str, zone: &TimeZone) -> Option<When> {
    xml::children(data, name).find_map(|n| dates::parse(xml::attribute(n, "norm")?, zone))
}

fn source(nitf: Node<'_, '_>) -> Option<String> {
    let data = xml::find(nitf, &["head", "docdata"]);
    let holder = || xml::attribute(xml::find(data?, &["doc.copyright"])?, "holder");
    let register = || xml::attribute(xml::find(data?, &["doc-id"])?, "regsrc");
    let sender = || xml::attribute(xml::find(data?, &["del-list", "from-src"])?, "src-name");
    let distributor = xml::text_at(nitf, &["body", "body.head", "distributor"]);
    holder()
        .and_then(credit::source)
        .or_else(|| credit::source(&distributor?))
        .or_else(|| credit::source(register()?))
        .or_else(|| credit::source(sender()?))
}

fn place(nitf: Node<'_, '_>) -> Option<String> {
    let line = xml::find(nitf, &["body", "body.head", "dateline"])?;
    let whole = || {
        let dated = line.descendants().any(|n| xml::local(n) == "story.date");
        if dated { None } else { xml::text(line) }
    };
    xml::text_at(line, &["location", "city"])
        .or_else(|| xml::text_at(line, &["location"]))
        .or_else(whole)
        .map(|p| {
            p.trim_end_matches([' ', ',', ':', '-', '–', '—'])
                .to_owned()
        })
        .filter(|p| !p.is_empty())
}

fn language(nitf: Node<'_, '_>) -> Option<String> {
    xml::attribute(nitf, "baselang")
        .or_else(|| xml::attribute(nitf, "lang"))
        .map(str::to_owned)
}

fn meta(nitf: Node<'_, '_>, name: &str) -> Option<String> {
    let head = xml::find(nitf, &["head"])?;
    xml::children(head, "meta")
        .find(|m| xml::attribute(*m, "name") == Some(name))
        .and_then(|m| xml::attribute(m, "content"))
        .and_then(tidy::one_line)
}

fn keywords(nitf: Node<'_, '_>) -> Vec<String> {
    let Some(list) = xml::find(nitf, &["head", "docdata", "key-list"]) else {
        return Vec::new();
    };
    xml::children(list, "keyword")
        .filter_map(|k| xml::attribute(k, "key"))
        .filter_map(tidy::one_line)
        .collect()
}

fn categories(nitf: Node<'_, '_>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let Some(head) = xml::find(nitf, &["head"]) else {
        return all;
    };
    for object in xml::children(head, "tobject") {
        let kind = xml::attribute(object, "tobject.type");
        let subjects = xml::children(object, "tobject.subject").flat_map(|s| {
            ["refnum", "type", "matter", "detail"]
                .map(|a| xml::attribute(s, &format!("tobject.subject.{a}")))
        });
        for name in std::iter::once(kind).chain(subjects).flatten() {
            if let Some(name) = tidy::one_line(name) {
                tidy::add_name(name, &mut all);
            }
        }
    }
    all
}

/// Notes to editors: `ed-msg` and the notes in the head of the body.
fn note(nitf: Node<'_, '_>) -> Option<String> {
    let mut notes: Vec<String> = Vec::new();
    if let Some(data) = xml::find(nitf, &["head", "docdata"]) {
        let messages = xml::children(data, "ed-msg").filter_map(|m| xml::attribute(m, "info"));
        notes.extend(messages.filter_map(tidy::one_line));
    }
    if let Some(head) = xml::find(nitf, &["body", "body.head"]) {
        notes.extend(xml::children(head, "note").filter_map(xml::text));
    }
    (!notes.is_empty()).then(|| tidy::body(&notes))
}
