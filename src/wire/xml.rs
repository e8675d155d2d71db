//! What the XML formats share: a document that is safe to read, and short ways through it.
//!
//! Feeds are less than well-formed: HTML entities without a DTD, bare ampersands, forbidden control characters,
//! prefixes that nobody declared, a comment before the declaration, several documents in one file, an end that never
//! came. So a file is first rewritten in one pass and then parsed by roxmltree:
//!
//! - the declaration, comments, processing instructions and the document type go; no entity is ever expanded but HTML's
//!   and those of at most 16 bytes that the file declares itself, so there are no entity bombs;
//! - namespace declarations go and `dc:date` becomes `dc·date`: wires choose their prefixes freely, and what is meant
//!   is told by the local name, or by the usual prefix where two names would be one (RSS);
//! - depth and attributes are counted, and nodes later, each against a limit;
//! - what is still open at the end is closed, and [`Xml::is_cut`] tells which element it was.

use std::io::BufRead;

use index_schema::Dispatch;
use roxmltree::{Document, Node, ParsingOptions};

use super::{
    FeedFile, Found, Item, NOT_DISPATCH,
    blocks::{Blocks, Role},
    complete::found,
    encoding, html, read_whole, tidy,
    xml_rewrite::{Rewrite, doctype_end, is_before_xml},
};
use crate::error::{Error, ErrorKind, Result};

/// Most nodes of a file: about 200 MB of memory.
const NODES: u32 = 2_000_000;

/// An XML file that is fit to be parsed.
#[derive(Debug)]
pub(super) struct Xml {
    text: String,
    /// Length of `text` before what was still open at the end was closed.
    written: usize,
    /// Why the rest of the file could not be read.
    flaw: Option<Error>,
}

impl Xml {
    /// Rewrites the bytes of a file so that they can be parsed, up to a flaw that no leniency can save.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let text = encoding::to_text(bytes, declared_encoding(bytes));
        let mut rewrite = Rewrite::new(&text);
        let flaw = rewrite.run().err();
        let (text, written) = rewrite.finish();
        Self {
            text,
            written,
            flaw,
        }
    }

    /// Parses it. The root element is ours; the root elements of the file are its children.
    pub(super) fn document(&self) -> Result<Document<'_>> {
        let options = ParsingOptions {
            nodes_limit: NODES,
            ..ParsingOptions::default()
        };
        Document::parse_with_options(&self.text, options).map_err(|error| match error {
            roxmltree::Error::NodesLimitReached => {
                feed_error(format!("XML with more than {NODES} nodes"))
            }
            error => feed_error("not well-formed XML").because(error),
        })
    }

    /// Whether the file ended inside the element.
    pub(super) fn is_cut(&self, node: Node<'_, '_>) -> bool {
        node.range().end > self.written
    }
}

/// Reads a file whole and hands over its items: `items` finds them below a root element, `parse` reads one.
///
/// Items before a flaw, or before the end of a file that was cut short, are good; then comes the error.
pub(super) fn read_items(
    file: &FeedFile<'_>,
    input: &mut dyn BufRead,
    emit: &mut dyn FnMut(Result<Found>) -> Result<()>,
    items: for<'a, 'i> fn(Node<'a, 'i>) -> Vec<Node<'a, 'i>>,
    parse: &dyn Fn(Node<'_, '_>) -> Result<Item>,
) -> Result<()> {
    let bytes = read_whole(file, input)?;
    if let Some(reason) = encoding::not_text(&bytes) {
        return emit(Err(feed_error(format!("not text: {reason}"))));
    }
    let mut xml = Xml::read(&bytes);
    drop(bytes);
    let flaw = xml.flaw.take();
    let document = match xml.document() {
        Ok(document) => document,
        Err(error) => return emit(Err(flaw.unwrap_or(error))),
    };
    let mut number = 0;
    let mut cut = None;
    for root in roots(&document) {
        for item in items(root) {
            if xml.is_cut(item) {
                cut = Some(local(item));
                continue;
            }
            emit(parse(item).map(|content| found(number, content)))?;
            number += 1;
        }
        if xml.is_cut(root) {
            cut = cut.or(Some(local(root)));
        }
    }
    if let Some(flaw) = flaw {
        return emit(Err(flaw));
    }
    if let Some(name) = cut {
        return emit(Err(feed_error(format!("the file ends inside <{name}>"))));
    }
    if number == 0 {
        let empty = Dispatch {
            format: NOT_DISPATCH.to_owned(),
            ..Dispatch::default()
        };
        return emit(Ok(found(0, Item::passed_over("no dispatch in it", empty))));
    }
    Ok(())
}

/// The root elements of a file.
pub(super) fn roots<'a, 'i>(document: &'a Document<'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    document.root_element().children().filter(Node::is_element)
}

/// The local name of the first element in the beginning of a file, if it is XML.
pub(super) fn root_name(head: &str) -> Option<String> {
    let mut rest = head.trim_start_matches(is_before_xml);
    loop {
        rest = rest.trim_start_matches(is_before_xml);
        let inner = rest.strip_prefix('<')?;
        if inner.starts_with("!--") {
            rest = &rest[rest.find("-->")? + 3..];
        } else if inner.starts_with('?') {
            rest = &rest[rest.find("?>")? + 2..];
        } else if inner.starts_with('!') {
            rest = &rest[doctype_end(rest)?..];
        } else {
            let end = inner
                .find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<'))
                .unwrap_or(inner.len());
            let name = inner[..end].rsplit(':').next().unwrap_or("");
            return name
                .starts_with(|c: char| c.is_alphabetic() || c == '_')
                .then(|| name.to_owned());
        }
    }
}

/// The local name of an element.
pub(super) fn local<'a>(node: Node<'a, '_>) -> &'a str {
    let name = node.tag_name().name();
    name.rsplit('·').next().unwrap_or(name)
}

/// The child elements of a local name.
pub(super) fn children<'a, 'i>(
    node: Node<'a, 'i>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children()
        .filter(move |n| n.is_element() && local(*n) == name)
}

/// The first element along a path of local names, each step trying all elements of that name.
pub(super) fn find<'a, 'i>(node: Node<'a, 'i>, path: &[&'static str]) -> Option<Node<'a, 'i>> {
    let Some((name, rest)) = path.split_first() else {
        return Some(node);
    };
    children(node, name).find_map(|n| find(n, rest))
}

/// The first element of a local name anywhere below.
pub(super) fn descendant<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.descendants()
        .find(|n| n.is_element() && local(*n) == name)
}

/// An attribute by its local name, if it says anything.
pub(super) fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes()
        .find(|a| a.name() == name || a.name().rsplit('·').next() == Some(name))
        .map(|a| a.value().trim())
        .filter(|v| !v.is_empty())
}

/// The text of an element on one line.
pub(super) fn text(node: Node<'_, '_>) -> Option<String> {
    if let Some(plain) = plain(node) {
        return html::one_line(&plain);
    }
    let mut all = String::new();
    collect_inline(node, &mut all);
    tidy::one_line(&all)
}

/// The text along a path, on one line; the first element there that has any.
pub(super) fn text_at(node: Node<'_, '_>, path: &[&'static str]) -> Option<String> {
    let Some((name, rest)) = path.split_first() else {
        return text(node);
    };
    children(node, name).find_map(|n| text_at(n, rest))
}

/// The paragraphs of an element: of its mark-up, or of the HTML that its text holds.
pub(super) fn paragraphs(node: Node<'_, '_>) -> Vec<String> {
    if let Some(plain) = plain(node) {
        return html::paragraphs(&plain);
    }
    let mut blocks = Blocks::default();
    walk(node, &mut blocks);
    blocks.finish()
}

/// An error of a feed file.
pub(super) fn feed_error(sentence: impl Into<String>) -> Error {
    Error::new(ErrorKind::Feed, sentence)
}

/// The text of an element that holds no other; such text may be escaped HTML.
fn plain(node: Node<'_, '_>) -> Option<String> {
    if node.children().any(|n| n.is_element()) {
        return None;
    }
    Some(node.children().filter_map(|n| n.text()).collect())
}

fn collect_inline(node: Node<'_, '_>, out: &mut String) {
    for child in node.children() {
        if let Some(text) = child.text().filter(|_| child.is_text()) {
            out.push_str(text);
        } else if child.is_element() {
            let apart = !matches!(
                Role::of(&local(child).to_ascii_lowercase(), None),
                Role::Inline
            ) || local(child) == "byttl";
            if apart {
                out.push(' ');
            }
            collect_inline(child, out);
            if apart {
                out.push(' ');
            }
        }
    }
}

fn walk(node: Node<'_, '_>, blocks: &mut Blocks) {
    for child in node.children() {
        if child.is_text() {
            blocks.text(child.text().unwrap_or(""));
            continue;
        }
        if !child.is_element() {
            continue;
        }
        let name = local(child).to_ascii_lowercase();
        if name == "br" {
            blocks.break_line();
            continue;
        }
        let role = Role::of(&name, attribute(child, "class"));
        if role == Role::Dropped {
            blocks.close(role);
            continue;
        }
        blocks.open(role);
        walk(child, blocks);
        blocks.close(role);
    }
}

/// The encoding in an XML declaration. UTF-16 needs none: it has a byte order mark.
fn declared_encoding(bytes: &[u8]) -> Option<&str> {
    let head = &bytes[..bytes.len().min(1024)];
    let start = head.windows(5).position(|w| w == b"<?xml")?;
    let end = start + head[start..].iter().position(|b| *b == b'>')?;
    let declaration = std::str::from_utf8(&head[start..end]).ok()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Beginning;

    fn text_of(xml: &str) -> Option<String> {
        let xml = Xml::read(xml.as_bytes());
        let document = xml.document().unwrap();
        let root = roots(&document).next()?;
        text(root)
    }

    #[test]
    fn what_feeds_get_wrong_is_read_all_the_same() {
        for (xml, text) in [
            (
                "\u{feff}\n <?xml version='1.0'?><a>b&oslash;lge &amp; R&D &uk;</a>",
                "bølge & R&D &uk;",
            ),
            ("<!-- x --><?xml version='1.0'?><a>x\u{1}y&#2;</a>", "x y"),
            ("<x:a x:b='1' xmlns=\"u\">ja</x:a>", "ja"),
            (
                "<!DOCTYPE a [<!ENTITY oe \"&#248;\"><!ENTITY % p SYSTEM 'p.dtd'> %p;]><a>&oe;</a>",
                "ø",
            ),
            ("<a b=c d>ja</a>", "ja"),
            ("<a><![CDATA[1 < 2]]></a>", "1 < 2"),
            ("<a>1 < 2</a>", "1 < 2"),
        ] {
            assert_eq!(text_of(xml).as_deref(), Some(text), "{xml}");
        }
    }

    #[test]
    fn broken_tags_are_answered() {
        for xml in [
            "<a :",
            "<a b",
            "<a b=",
            "<a b='",
            "<a b=c",
            "<:",
            "<a:>",
            "</",
            "<a></",
            "<",
            "<a><",
            "<!",
            "<![CDATA[",
            "<a><![CDATA[",
            "<?",
            "<!--",
        ] {
            let xml = Xml::read(xml.as_bytes());
            let _ = xml.document();
        }
    }

    #[test]
    fn several_documents_in_one_file_are_several_roots() {
        let xml = Xml::read(b"<?xml version='1.0'?><a>1</a>\n<?xml version='1.0'?><b/>");
        let document = xml.document().unwrap();
        let names: Vec<_> = roots(&document).map(local).collect();
        assert_eq!(names, ["a", "b"]);
    }

    #[test]
    fn the_end_that_never_came_is_noticed_where_it_is_missing() {
        let xml = Xml::read(b"<l><a>1</a><a>2</l");
        let document = xml.document().unwrap();
        let root = roots(&document).next().unwrap();
        let cut: Vec<_> = children(root, "a").map(|n| xml.is_cut(n)).collect();
        assert_eq!(cut, [false, true]);
        assert!(xml.is_cut(root));
        let whole = Xml::read(b"<l><a>1</a></l>");
        let document = whole.document().unwrap();
        assert!(!whole.is_cut(roots(&document).next().unwrap()));
    }

    #[test]
    fn bombs_are_turned_away() {
        let deep = "<a>".repeat(300);
        assert!(
            Xml::read(deep.as_bytes())
                .flaw
                .unwrap()
                .to_string()
                .contains("nested deeper")
        );
        let wide = format!(
            "<a {}/>",
            (0..400).map(|i| format!("a{i}='' ")).collect::<String>()
        );
        assert!(
            Xml::read(wide.as_bytes())
                .flaw
                .unwrap()
                .to_string()
                .contains("attributes")
        );
        let bomb =
            "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><a>&b;</a>";
        assert_eq!(text_of(bomb).as_deref(), Some("&a;&a;&a;&a;"));
        let mismatch = Xml::read(b"<a>\n<b></a>").flaw.unwrap().to_string();
        assert_eq!(
            mismatch,
            "not well-formed XML: </a> where </b> was expected in line 2"
        );
    }

    #[test]
    fn the_root_is_known_by_its_local_name() {
        assert_eq!(
            root_name(
                "<?xml version='1.0'?><!-- <x> --><!DOCTYPE q [<!ENTITY a '>'>]><n:newsItem a"
            )
            .as_deref(),
            Some("newsItem")
        );
        assert_eq!(root_name("<<< FLASH"), None);
        assert_eq!(root_name("< p"), None);
        assert_eq!(
            Beginning::of("\u{feff}<nitf>".as_bytes()).root_name(),
            Some("nitf")
        );
        assert_eq!(root_name("text <a>"), None);
    }

    #[test]
    fn mark_up_becomes_paragraphs_without_captions() {
        let xml = Xml::read(
            "<body.content><p>Et <person>Bo Dahl</person>, <em>her</em>.</p><media><media-caption>x</media-caption></media><hl2>To</hl2><table><tr><td>a</td><td>b</td></tr></table></body.content>".as_bytes(),
        );
        let document = xml.document().unwrap();
        assert_eq!(
            paragraphs(roots(&document).next().unwrap()),
            ["Et Bo Dahl, her.", "To", "a  b"]
        );
    }
}
