//! NewsML 1.0 to 1.2 of the IPTC: news items with nested components, their text in NITF, XHTML or escaped HTML.

use std::io::BufRead;

use index_schema::{Dispatch, PubStatus, When};
use jiff::tz::TimeZone;
use roxmltree::Node;

use super::{
    Beginning, FeedFile, Found, Item, NOT_DISPATCH, WireFormat,
    complete::complete,
    credit::{self, Credit},
    dates, nitf, pub_status, tidy, xml,
};
use crate::error::Result;

/// NewsML 1.x.
pub(super) struct Newsml12;

impl WireFormat for Newsml12 {
    fn name(&self) -> &'static str {
        "newsml-1.2"
    }

    fn recognises(&self, head: &Beginning<'_>) -> bool {
        matches!(head.root_name(), Some("NewsML" | "NewsItem"))
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
    if xml::local(root) == "NewsItem" {
        return vec![root];
    }
    xml::children(root, "NewsItem").collect()
}

fn read_item(item: Node<'_, '_>, file: &FeedFile<'_>) -> Result<Item> {
    let mut dispatch = parse(item, file.zone);
    if !dispatch.body.is_empty() || dispatch.status == PubStatus::Canceled {
        return complete(dispatch, file);
    }
    if xml::find(item, &["TopicSet"]).is_some() {
        NOT_DISPATCH.clone_into(&mut dispatch.format);
        return Ok(Item::passed_over("a set of topics", dispatch));
    }
    let media = item
        .descendants()
        .filter(|n| xml::local(*n) == "MediaType")
        .find_map(|n| xml::attribute(n, "FormalName"));
    match media {
        Some(media) if !media.eq_ignore_ascii_case("text") => {
            let reason = format!("{} without text", media.to_lowercase());
            Ok(Item::passed_over(reason, dispatch))
        }
        None if xml::descendant(item, "NewsItemRef").is_some() => {
            Ok(Item::passed_over("package without text", dispatch))
        }
        _ => complete(dispatch, file),
    }
}

fn parse(item: Node<'_, '_>, zone: &TimeZone) -> Dispatch {
    let management = xml::find(item, &["NewsManagement"]);
    let mut paragraphs = paragraphs(item);
    let credit = Credit::cut_closing(&mut paragraphs);
    let line = |name| {
        item.descendants()
            .filter(|n| xml::local(*n) == name)
            .find_map(xml::text)
    };
    let mut dispatch = Dispatch {
        format: Newsml12.name().to_owned(),
        guid: guid(item),
        version: xml::text_at(item, &["Identification", "NewsIdentifier", "RevisionId"]),
        date: date(item, zone),
        source: source(item),
        credit: credit.map(|c| c.written),
        headline: line("HeadLine").or_else(|| nitf::headline(xml::descendant(item, "nitf")?)),
        slug: line("SlugLine"),
        keywords: keywords(item),
        byline: line("ByLine"),
        place: place(item),
        language: language(item),
        urgency: management.and_then(|m| formal_or_text(xml::find(m, &["Urgency"])?)),
        categories: categories(item),
        body: tidy::body(&paragraphs),
        ..Dispatch::default()
    };
    if let Some(management) = management {
        dispatch.status = xml::find(management, &["Status"])
            .and_then(formal_or_text)
            .and_then(|s| pub_status(&s))
            .unwrap_or_default();
        if dispatch.status == PubStatus::Embargoed {
            let change = xml::find(management, &["StatusWillChange"]);
            dispatch.embargo = change.and_then(|c| {
                let until = xml::text_at(c, &["DateAndTime"])?;
                dates::parse(&until, zone)
            });
        }
    }
    dispatch
}

/// The public identifier without its revision; where a provider gives all items the same one, its three parts.
/// An item that names neither day nor number cannot be told from its neighbours and has no identifier.
fn guid(item: Node<'_, '_>) -> Option<String> {
    let identifier = xml::find(item, &["Identification", "NewsIdentifier"])?;
    let part = |name| xml::text_at(identifier, &[name]);
    let public = part("PublicIdentifier");
    if let Some(public) = &public {
        let without = without_revision(public, identifier);
        // NewsML 1.2, 5.5.3: urn:newsml:provider:date:item:revision
        if without.split(':').count() >= 5 || !without.starts_with("urn:newsml:") {
            return Some(without);
        }
    }
    let provider = part("ProviderId")?;
    let number = part("NewsItemId")?;
    Some(match part("DateId") {
        Some(day) => format!("urn:newsml:{provider}:{day}:{number}"),
        None => format!("urn:newsml:{provider}:{number}"),
    })
}

/// `urn:newsml:afp.com:20140829:TX-PAR-FXW86:1` without the `:1`, or the `:1N` that the standard has (5.5.3.1): revision
/// and update flag.
fn without_revision(public: &str, identifier: Node<'_, '_>) -> String {
    let Some(revision) = xml::find(identifier, &["RevisionId"]) else {
        return public.to_owned();
    };
    let number = xml::text(revision).unwrap_or_default();
    let flag = xml::attribute(revision, "Update").unwrap_or("");
    [format!(":{number}"), format!(":{number}{flag}")]
        .iter()
        .find_map(|end| public.strip_suffix(end.as_str()))
        .unwrap_or(public)
        .to_owned()
}

fn date(item: Node<'_, '_>, zone: &TimeZone) -> Option<When> {
    let at = |path: &[&'static str]| dates::parse(&xml::text_at(item, path)?, zone);
    let sent = || {
        let message = item.parent()?;
        dates::parse(
            &xml::text_at(message, &["NewsEnvelope", "DateAndTime"])?,
            zone,
        )
    };
    at(&["NewsManagement", "ThisRevisionCreated"])
        .or_else(|| at(&["NewsManagement", "FirstCreated"]))
        .or_else(sent)
        .or_else(|| at(&["Identification", "NewsIdentifier", "DateId"]))
}

/// The provider; else the source; else the credit line; else whoever sent the message or owns the identifier.
fn source(item: Node<'_, '_>) -> Option<String> {
    let party = |role: &str| {
        item.descendants()
            .filter(|n| {
                xml::local(*n) == "Party" && n.parent().is_some_and(|p| xml::local(p) == role)
            })
            .find_map(|n| credit::source(xml::attribute(n, "FormalName")?))
    };
    let line = || {
        item.descendants()
            .filter(|n| xml::local(*n) == "CreditLine")
            .find_map(|n| credit::source(&xml::text(n)?))
    };
    let owner = || {
        credit::source(&xml::text_at(
            item,
            &["Identification", "NewsIdentifier", "ProviderId"],
        )?)
    };
    party("Provider")
        .or_else(|| party("Source"))
        .or_else(line)
        .or_else(owner)
}

/// The text: components are alternatives of one story, so the longest is taken, with a lead that stands beside it.
fn paragraphs(item: Node<'_, '_>) -> Vec<String> {
    let mut best: Option<(usize, Node<'_, '_>, Vec<String>)> = None;
    for content in item
        .descendants()
        .filter(|n| xml::local(*n) == "ContentItem")
    {
        if !is_text(content) {
            continue;
        }
        let paragraphs = content_paragraphs(content);
        let length = paragraphs.iter().map(String::len).sum();
        if length > best.as_ref().map_or(0, |b| b.0) {
            best = Some((length, content, paragraphs));
        }
    }
    let Some((_, content, paragraphs)) = best else {
        return Vec::new();
    };
    let mut all = lead_beside(content);
    if all.first().is_some_and(|lead| paragraphs.contains(lead)) {
        all.clear();
    }
    all.extend(paragraphs);
    all
}

fn content_paragraphs(content: Node<'_, '_>) -> Vec<String> {
    if let Some(nitf) = xml::descendant(content, "nitf") {
        return nitf::paragraphs(nitf);
    }
    let Some(data) = xml::find(content, &["DataContent"]) else {
        return Vec::new();
    };
    if let Some(body) =
        xml::descendant(data, "body.content").or_else(|| xml::descendant(data, "body"))
    {
        return xml::paragraphs(body);
    }
    xml::paragraphs(data)
}

/// The lead in a component of its own, beside the component of the text.
fn lead_beside(content: Node<'_, '_>) -> Vec<String> {
    let component = content.parent();
    let siblings = component.and_then(|c| c.parent());
    siblings
        .into_iter()
        .flat_map(|s| xml::children(s, "NewsComponent"))
        .filter(|c| Some(*c) != component && role(*c) == "lead")
        .flat_map(|c| xml::children(c, "ContentItem"))
        .flat_map(content_paragraphs)
        .collect()
}

/// Whether a content item is the text of a story, by its media type and the role of its component.
fn is_text(content: Node<'_, '_>) -> bool {
    let says = |name| {
        xml::find(content, &[name])
            .and_then(|n| xml::attribute(n, "FormalName"))
            .unwrap_or("")
            .to_ascii_lowercase()
    };
    let media = says("MediaType");
    let mime = says("MimeType");
    let is_other = |of: &str| {
        ["photo", "picture", "graphic", "image", "audio", "video"]
            .iter()
            .any(|m| of.contains(m))
    };
    if is_other(&media) || is_other(&mime) || mime.contains("css") {
        return false;
    }
    let role = content.parent().map(role).unwrap_or_default();
    !matches!(
        role.as_str(),
        "stylesheet"
            | "headline"
            | "title"
            | "subtitle"
            | "caption"
            | "logo"
            | "contact"
            | "lead"
            | "thumbnail"
            | "byline"
            | "dateline"
            | "copyright"
            | "keywords"
            | "note"
            | "editorialnote"
    )
}

fn role(component: Node<'_, '_>) -> String {
    xml::find(component, &["Role"])
        .and_then(|r| xml::attribute(r, "FormalName"))
        .unwrap_or("")
        .to_ascii_lowercase()
}

fn language(item: Node<'_, '_>) -> Option<String> {
    item.descendants()
        .filter(|n| xml::local(*n) == "Language")
        .find_map(|n| xml::attribute(n, "FormalName"))
        .or_else(|| {
            item.descendants()
                .filter(|n| matches!(xml::local(*n), "NewsItem" | "NewsComponent"))
                .find_map(|n| xml::attribute(n, "lang"))
        })
        .map(str::to_owned)
}

fn place(item: Node<'_, '_>) -> Option<String> {
    let city = item
        .descendants()
        .filter(|n| {
            xml::local(*n) == "Property"
                && xml::attribute(*n, "FormalName") == Some("City")
                && n.parent().is_some_and(|p| xml::local(p) == "Location")
        })
        .find_map(|n| tidy::one_line(xml::attribute(n, "Value")?));
    let line = || {
        let line = item
            .descendants()
            .filter(|n| xml::local(*n) == "DateLine")
            .find_map(xml::text)?;
        let place = line.split([',', '(']).next()?.trim().to_owned();
        (!place.is_empty() && !place.contains(|c: char| c.is_ascii_digit())).then_some(place)
    };
    city.or_else(line)
}

fn keywords(item: Node<'_, '_>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for node in item.descendants() {
        let word = match xml::local(node) {
            "KeywordLine" => xml::text(node),
            "Property" if xml::attribute(node, "FormalName") == Some("Keyword") => {
                xml::attribute(node, "Value").and_then(tidy::one_line)
            }
            _ => None,
        };
        if let Some(word) = word {
            tidy::add_name(word, &mut all);
        }
    }
    all
}

fn categories(item: Node<'_, '_>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for node in item.descendants() {
        if matches!(
            xml::local(node),
            "Subject" | "SubjectMatter" | "SubjectDetail" | "Genre"
        ) {
            let code = xml::attribute(node, "FormalName").and_then(tidy::one_line);
            if let Some(code) = code {
                tidy::add_name(code, &mut all);
            }
        }
    }
    all
}

fn formal_or_text(node: Node<'_, '_>) -> Option<String> {
    xml::attribute(node, "FormalName")
        .map(str::to_owned)
        .or_else(|| xml::text(node))
}
