//! Texts of the manual: the small part of Markdown that they are written in, read into blocks and written for a
//! terminal. A man page is made of the same blocks.

use std::io::{self, Write};

use anstyle::Style;

use super::{
    Look,
    look::{PLAIN, STRONG},
    page::{Page, Run},
    write_table,
};

/// A text of the manual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manual {
    /// Its parts, in order.
    pub blocks: Vec<Block>,
}

/// A part of a text. The text in it may hold `code`, **strong** and *emphasised* words: see [`spans`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading; the title has level 1.
    Heading(usize, String),
    /// A paragraph.
    Paragraph(String),
    /// An item of a list.
    Item(String),
    /// Lines that stand as they are.
    Code(Vec<String>),
    /// Rows of cells, the head first.
    Table(Vec<Vec<String>>),
}

/// What a piece of running text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Words,
    /// Something to type.
    Code,
    /// Strong or emphasised words.
    Strong,
}

impl Manual {
    /// Reads Markdown.
    pub fn read(markdown: &str) -> Self {
        let mut blocks = Vec::new();
        let mut lines = markdown.lines().peekable();
        while let Some(line) = lines.next() {
            let start = line.trim();
            if start.is_empty() {
                continue;
            }
            if start.starts_with("```") {
                let code = lines.by_ref().take_while(|l| l.trim() != "```");
                blocks.push(Block::Code(code.map(str::to_owned).collect()));
                continue;
            }
            let level = start.bytes().take_while(|b| *b == b'#').count();
            if level > 0 {
                let title = start[level..].trim().to_owned();
                blocks.push(Block::Heading(level, title));
                continue;
            }
            if start.starts_with('|') {
                let mut rows = vec![cells(start)];
                while let Some(row) = lines.next_if(|l| l.trim().starts_with('|')) {
                    rows.push(cells(row.trim()));
                }
                rows.retain(|row| !is_rule(row));
                blocks.push(Block::Table(rows));
                continue;
            }
            let item = start.strip_prefix("- ");
            let mut text = item.unwrap_or(start).to_owned();
            while let Some(more) = lines.next_if(|l| goes_on(l)) {
                text.push(' ');
                text.push_str(more.trim());
            }
            blocks.push(match item {
                Some(_) => Block::Item(text),
                None => Block::Paragraph(text),
            });
        }
        Self { blocks }
    }

    /// Its title.
    pub fn title(&self) -> &str {
        match self.blocks.first() {
            Some(Block::Heading(1, title)) => title,
            _ => "",
        }
    }

    /// Writes it for reading.
    ///
    /// # Errors
    ///
    /// Fails if `out` does.
    pub fn write(&self, look: &Look, out: &mut dyn Write) -> io::Result<()> {
        let mut before: Option<&Block> = None;
        for block in &self.blocks {
            let close = matches!((before, block), (Some(Block::Item(_)), Block::Item(_)));
            let below = matches!(before, Some(Block::Heading(2.., _)));
            if before.is_some() && !close && !below {
                Page::new(look, out).blank_line()?;
            }
            write_block(block, look, out)?;
            before = Some(block);
        }
        Ok(())
    }
}

fn goes_on(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty()
        && !line.starts_with(['#', '|'])
        && !line.starts_with("- ")
        && !line.starts_with("```")
}

/// The cells of a row; `\|` is a bar inside one.
fn cells(row: &str) -> Vec<String> {
    let row = row.trim_matches('|').replace("\\|", "\u{1}");
    let cell = |cell: &str| cell.trim().replace('\u{1}', "|");
    row.split('|').map(cell).collect()
}

fn is_rule(row: &[String]) -> bool {
    row.iter()
        .all(|c| c.contains("---") && c.bytes().all(|b| b"-: ".contains(&b)))
}

fn write_block(block: &Block, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(look, out);
    match block {
        Block::Heading(_, title) => page.line(&[Run::new(title, STRONG)]),
        Block::Paragraph(text) => page.paragraph(0, &runs(&shown(text, look))),
        Block::Item(text) => page.labelled(&[Run::plain("-")], 2, &runs(&shown(text, look))),
        Block::Code(lines) => {
            for line in lines {
                page.line(&[Run::plain("    "), Run::plain(line)])?;
            }
            Ok(())
        }
        Block::Table(rows) => {
            let plain = |cell: &String| {
                let shown = shown(cell, &Look::plain());
                shown.into_iter().map(|(text, _)| text).collect::<String>()
            };
            let rows: Vec<Vec<String>> =
                rows.iter().map(|r| r.iter().map(plain).collect()).collect();
            let Some((head, rows)) = rows.split_first() else {
                return Ok(());
            };
            let head: Vec<&str> = head.iter().map(String::as_str).collect();
            write_table(&head, rows, look, out)
        }
    }
}

fn runs(shown: &[(String, Style)]) -> Vec<Run<'_>> {
    shown
        .iter()
        .map(|(text, style)| Run::new(text, *style))
        .collect()
}

/// Running text with its styles; where there are none, what is to be typed keeps its quotes.
fn shown(text: &str, look: &Look) -> Vec<(String, Style)> {
    spans(text)
        .into_iter()
        .map(|(kind, text)| match kind {
            Kind::Words => (text.to_owned(), PLAIN),
            Kind::Code if !look.colour => (format!("`{text}`"), PLAIN),
            Kind::Code | Kind::Strong => (text.to_owned(), STRONG),
        })
        .collect()
}

/// Takes running text apart.
pub fn spans(text: &str) -> Vec<(Kind, &str)> {
    let mut spans = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['`', '*']) {
        let mark = match &rest[at..] {
            r if r.starts_with("``") => "``",
            r if r.starts_with('`') => "`",
            r if r.starts_with("**") => "**",
            _ => "*",
        };
        let inside = &rest[at + mark.len()..];
        let Some(end) = inside.find(mark).filter(|end| *end > 0) else {
            // a mark without a partner is a letter
            let (words, after) = rest.split_at(at + mark.len());
            spans.push((Kind::Words, words));
            rest = after;
            continue;
        };
        if at > 0 {
            spans.push((Kind::Words, &rest[..at]));
        }
        let (kind, inside) = match mark {
            "``" => (Kind::Code, inside[..end].trim()),
            "`" => (Kind::Code, &inside[..end]),
            _ => (Kind::Strong, &inside[..end]),
        };
        spans.push((kind, inside));
        rest = &rest[at + 2 * mark.len() + end..];
    }
    if !rest.is_empty() {
        spans.push((Kind::Words, rest));
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# Dates

A date covers **a span**; `2017` is
a year.

- one
  more
- two

## Table

| Written | Means |
| --- | --- |
| `a \\| b` | either |

```console
$ wiresearch query x
```
";

    #[test]
    fn markdown_is_read_and_written_for_a_terminal() {
        let manual = Manual::read(TEXT);
        assert_eq!(manual.title(), "Dates");
        let mut out = Vec::new();
        manual.write(&Look::plain(), &mut out).unwrap();
        let expected = "\
Dates

A date covers a span; `2017` is a year.

- one more
- two

Table
Written  Means
`a | b`  either

    $ wiresearch query x
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn a_mark_without_a_partner_is_a_letter() {
        assert_eq!(spans("5 * 3"), [(Kind::Words, "5 *"), (Kind::Words, " 3")]);
        let star = [
            (Kind::Code, "sundheds*"),
            (Kind::Words, " and "),
            (Kind::Strong, "more"),
        ];
        assert_eq!(spans("`sundheds*` and *more*"), star);
        assert_eq!(spans("`` `a` ``"), [(Kind::Code, "`a`")]);
    }
}
