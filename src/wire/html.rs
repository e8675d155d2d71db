//! HTML as it stands in the fields of JSON and, escaped, in XML: to clean paragraphs, never failing.

use std::{borrow::Cow, collections::HashMap};

use super::{
    blocks::{Blocks, Role},
    entities, tidy,
};

/// Tags by which a text is known to be HTML.
const KNOWN: [&str; 44] = [
    "p",
    "br",
    "div",
    "span",
    "b",
    "i",
    "u",
    "em",
    "strong",
    "a",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "th",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hl2",
    "section",
    "article",
    "blockquote",
    "body",
    "html",
    "img",
    "pre",
    "hr",
    "sup",
    "sub",
    "font",
    "center",
    "header",
    "footer",
    "figure",
    "aside",
    "dl",
    "dt",
    "small",
    "script",
];

/// The paragraphs of a text that may be HTML: by its tags if it has any, else by its empty lines.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    if has_tags(text) {
        return from_html(text);
    }
    tidy::paragraphs(&decode(text))
}

/// The text of a field that should be plain but may hold HTML, on one line.
pub(super) fn one_line(text: &str) -> Option<String> {
    if has_tags(text) {
        return tidy::one_line(&from_html(text).join(" "));
    }
    tidy::one_line(&decode(text))
}

/// Whether a name is that of a tag with which a piece of HTML begins; a whole page begins with another.
pub(super) fn is_tag(name: &str) -> bool {
    name != "html" && name != "body" && KNOWN.contains(&name.to_ascii_lowercase().as_str())
}

/// Whether a text has at least one tag that HTML knows.
fn has_tags(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let tag = text[at + 1..].trim_start_matches('/');
        let end = tag
            .bytes()
            .take(12)
            .position(|b| !b.is_ascii_alphanumeric())
            .unwrap_or(0);
        let name = tag[..end].to_ascii_lowercase();
        KNOWN.contains(&name.as_str())
    })
}

fn from_html(text: &str) -> Vec<String> {
    let mut blocks = Blocks::default();
    let mut drop: Option<(String, usize)> = None;
    let mut ends = Ends::new(text);
    let mut at = 0;
    while at < text.len() {
        let next = text[at..].find('<').map_or(text.len(), |i| at + i);
        if drop.is_none() {
            blocks.text(&decode(&text[at..next]));
        }
        if next == text.len() {
            break;
        }
        let Some(tag) = Tag::read(text, next) else {
            // a free-standing `<` is a character
            if drop.is_none() {
                blocks.text("<");
            }
            at = next + 1;
            continue;
        };
        at = tag.end;
        if let Some((name, depth)) = &mut drop {
            if *name == tag.name {
                *depth = if tag.closing { *depth - 1 } else { *depth + 1 };
                if *depth == 0 {
                    drop = None;
                    blocks.close(Role::Dropped);
                }
            }
            continue;
        }
        let role = Role::of(&tag.name, tag.class.as_deref());
        match role {
            Role::Dropped => {
                let closed_later = ends.last(&tag.name) > at;
                if !tag.closing && !tag.empty && closed_later {
                    drop = Some((tag.name, 1));
                } else if tag.name == "script" || tag.name == "style" {
                    break;
                }
            }
            Role::Line if tag.name == "br" => blocks.break_line(),
            _ if tag.closing => blocks.close(role),
            _ => blocks.open(role),
        }
    }
    blocks.finish()
}

/// Decodes character references, twice where they were escaped twice (`&amp;apos;`).
fn decode(text: &str) -> Cow<'_, str> {
    const TWICE: [&str; 7] = ["&apos;", "&quot;", "&amp;", "&nbsp;", "&lt;", "&gt;", "&#"];
    let once = entities::decode(text);
    if text.contains("&amp;") && TWICE.iter().any(|t| once.contains(t)) {
        return Cow::Owned(entities::decode(&once).into_owned());
    }
    once
}

/// Where the last end tag of a name stands, so that an element that is never closed does not swallow the rest.
struct Ends {
    lower: String,
    last: HashMap<String, usize>,
}

impl Ends {
    fn new(text: &str) -> Self {
        Self {
            lower: text.to_ascii_lowercase(),
            last: HashMap::new(),
        }
    }

    fn last(&mut self, name: &str) -> usize {
        if let Some(at) = self.last.get(name) {
            return *at;
        }
        let at = self.lower.rfind(&format!("</{name}")).unwrap_or(0);
        self.last.insert(name.to_owned(), at);
        at
    }
}

/// One tag, comment or declaration.
struct Tag {
    name: String,
    class: Option<String>,
    closing: bool,
    empty: bool,
    end: usize,
}

impl Tag {
    /// Reads the tag that begins at `start`; `None` if no tag begins there.
    fn read(text: &str, start: usize) -> Option<Self> {
        let rest = &text[start + 1..];
        if rest.starts_with("!--") {
            return Some(Self::other(
                rest.find("-->").map_or(text.len(), |i| start + 1 + i + 3),
            ));
        }
        let closing = rest.starts_with('/');
        let inner = if closing { &rest[1..] } else { rest };
        let first = inner.bytes().next()?;
        if !first.is_ascii_alphabetic() {
            // `<!DOCTYPE`, `<?xml`, `<o:p>` after a slash; anything else is text
            let skipped = matches!(first, b'!' | b'?') && !closing;
            return skipped
                .then(|| Self::other(rest.find('>').map_or(text.len(), |i| start + 1 + i + 1)));
        }
        let name_end = inner
            .find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<'))
            .unwrap_or(inner.len());
        let name = inner[..name_end].to_ascii_lowercase();
        let (length, class) = attributes(&inner[name_end..]);
        let end = start + 1 + usize::from(closing) + name_end + length;
        let empty = text[..end].ends_with("/>");
        Some(Self {
            name,
            class,
            closing,
            empty,
            end,
        })
    }

    fn other(end: usize) -> Self {
        Self {
            name: String::new(),
            class: None,
            closing: false,
            empty: true,
            end,
        }
    }
}

/// How far the attributes of a tag reach, with the closing `>`, and the value of `class`. A quote that is never closed
/// ends at the next `>`.
fn attributes(text: &str) -> (usize, Option<String>) {
    let bytes = text.as_bytes();
    let mut class = None;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'>' => return (at + 1, class),
            b'<' => return (at, class),
            quote @ (b'"' | b'\'') if at > 0 && bytes[at - 1] == b'=' => {
                let Some(length) = position(quote, &bytes[at + 1..]) else {
                    let end = position(b'>', &bytes[at..]).map_or(bytes.len(), |i| at + i + 1);
                    return (end, class);
                };
                if names_class(&text[..at - 1]) {
                    class = Some(text[at + 1..at + 1 + length].to_owned());
                }
                at += length + 2;
            }
            _ => at += 1,
        }
    }
    (bytes.len(), class)
}

fn names_class(before: &str) -> bool {
    const CLASS: &[u8] = b"class";
    before.len() >= CLASS.len()
        && before.as_bytes()[before.len() - CLASS.len()..].eq_ignore_ascii_case(CLASS)
}

fn position(byte: u8, bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|b| *b == byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_paragraphs_and_breaks_are_lines() {
        assert_eq!(
            paragraphs(
                "<P>Et <b>f&oslash;l</b>.</P>\r\n<p></p><div>To<br>linjer</div>tre<br/><br/>fire"
            ),
            ["Et føl.", "To\nlinjer", "tre", "fire"]
        );
        assert_eq!(paragraphs("<ul><li>en</li><li>to</li></ul>"), ["en\nto"]);
    }

    #[test]
    fn cells_are_kept_apart_and_rows_are_lines() {
        assert_eq!(
            paragraphs(
                "<table><tr><th>By</th><td>Grader</td></tr><tr><td>Rom</td><td>31</td></tr></table>"
            ),
            ["By  Grader\nRom  31"]
        );
    }

    #[test]
    fn scripts_captions_and_notes_to_editors_are_dropped() {
        assert_eq!(
            paragraphs(
                "<header><h1>Rubrik</h1></header><p>Et.</p><script>if (a < b) { '</p>' }</script>\
                 <figure><img src=x><figcaption>Billede</figcaption></figure>\
                 <section class=\"np-nonpublic\"><p>Ring 12</p></section><p>To.</p>"
            ),
            ["Et.", "To."]
        );
        assert_eq!(
            paragraphs("<header>Aldrig lukket<p>Et.</p>"),
            ["Aldrig lukket", "Et."]
        );
        assert_eq!(paragraphs("<p>Et.</p><script>aldrig lukket"), ["Et."]);
    }

    #[test]
    fn plain_text_stays_plain() {
        assert_eq!(paragraphs("a < b og c > d\n\nto"), ["a < b og c > d", "to"]);
        assert_eq!(
            paragraphs("R&amp;amp;D &amp;apos;ja&amp;apos;"),
            ["R&D 'ja'"]
        );
        assert_eq!(
            one_line("Et <b>tegn</b>\n her").as_deref(),
            Some("Et tegn her")
        );
    }

    #[test]
    fn broken_tags_lose_no_text() {
        for html in [
            "<p>a<",
            "<p>a<b",
            "<p a=\"b>a",
            "<p>a</",
            "<p>a<!-- x",
            "<p>a<//>",
            "<p>a<!",
        ] {
            assert!(paragraphs(html).concat().starts_with('a'), "{html}");
        }
    }
}
