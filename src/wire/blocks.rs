//! Marked-up text to clean paragraphs: what HTML, XHTML and NITF have in common.

use super::tidy;

/// What an element does to the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It is a paragraph of its own, or holds paragraphs.
    Paragraph,
    /// It begins a new line.
    Line,
    /// A cell of a table.
    Cell,
    /// Neither it nor what is in it belongs to the text: scripts, captions, headers, notes to editors.
    Dropped,
    /// It is part of the running text.
    Inline,
}

impl Role {
    /// The role of an element by its name in lower case and its `class` attribute.
    pub(super) fn of(name: &str, class: Option<&str>) -> Self {
        let hidden = class.is_some_and(|c| {
            c.split_whitespace().any(|c| {
                let c = c.to_ascii_lowercase();
                c.contains("nonpublic") || c == "notepad" || c == "np-public"
            })
        });
        if hidden {
            return Self::Dropped;
        }
        match name {
            "p" | "div" | "section" | "article" | "main" | "aside" | "footer" | "address"
            | "blockquote" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hl1" | "hl2" | "ul"
            | "ol" | "dl" | "pre" | "table" | "nitf-table" | "block" | "body" | "body.content"
            | "html" | "hr" | "bq" | "form" | "fieldset" | "abstract" | "center" | "details" => {
                Self::Paragraph
            }
            "br" | "li" | "tr" | "dt" | "dd" | "summary" | "credit" => Self::Line,
            "td" | "th" => Self::Cell,
            "script"
            | "style"
            | "head"
            | "title"
            | "template"
            | "noscript"
            | "iframe"
            | "object"
            | "svg"
            | "math"
            | "header"
            | "nav"
            | "figure"
            | "figcaption"
            | "caption"
            | "select"
            | "button"
            | "audio"
            | "video"
            | "media"
            | "media-caption"
            | "media-producer"
            | "media-metadata"
            | "media-reference"
            | "note"
            | "fn"
            | "nitf-table-metadata"
            | "col"
            | "colgroup" => Self::Dropped,
            _ => Self::Inline,
        }
    }
}

/// Collects text into paragraphs.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    done: Vec<String>,
    current: String,
    blank: bool,
}

impl Blocks {
    /// Adds text; white space collapses as in HTML.
    pub(super) fn text(&mut self, text: &str) {
        for (i, word) in text.split(char::is_whitespace).enumerate() {
            if i > 0 {
                self.blank = true;
            }
            if word.is_empty() {
                continue;
            }
            if self.blank && !self.current.is_empty() && !self.current.ends_with(['\n', ' ']) {
                self.current.push(' ');
            }
            self.blank = false;
            self.current.push_str(word);
        }
    }

    /// Begins what an element of a role begins.
    pub(super) fn open(&mut self, role: Role) {
        match role {
            Role::Paragraph => self.end_paragraph(),
            Role::Line => self.begin_line(),
            Role::Cell => {
                if !self.current.is_empty() && !self.current.ends_with('\n') {
                    self.current.push_str("  ");
                }
                self.blank = false;
            }
            Role::Dropped | Role::Inline => {}
        }
    }

    /// Ends what an element of a role ends.
    pub(super) fn close(&mut self, role: Role) {
        match role {
            Role::Paragraph => self.end_paragraph(),
            Role::Dropped => self.blank = true,
            _ => {}
        }
    }

    /// A forced line break; two of them in a row separate paragraphs.
    pub(super) fn break_line(&mut self) {
        if self.current.ends_with('\n') {
            self.end_paragraph();
        } else {
            self.begin_line();
        }
    }

    /// The paragraphs, tidied.
    pub(super) fn finish(mut self) -> Vec<String> {
        self.end_paragraph();
        self.done
    }

    fn begin_line(&mut self) {
        if !self.current.is_empty() && !self.current.ends_with('\n') {
            self.current.push('\n');
        }
        self.blank = false;
    }

    fn end_paragraph(&mut self) {
        let text = std::mem::take(&mut self.current);
        self.blank = false;
        self.done.extend(tidy::paragraphs(&text));
    }
}
