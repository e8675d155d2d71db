//! Lines of text of a given width: the one place where text of dispatches is cleaned, wrapped, aligned and coloured.

use std::io::{self, Write};

use anstyle::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{
    clean::clean,
    look::{Look, PLAIN},
};

/// Text beside a margin has so many columns at least, or all that it needs; else it stands below.
pub(super) const BESIDE: usize = 20;

/// Text in one style.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<'a> {
    text: &'a str,
    style: Style,
}

impl<'a> Run<'a> {
    pub(super) fn new(text: &'a str, style: Style) -> Self {
        Self { text, style }
    }

    pub(super) fn plain(text: &'a str) -> Self {
        Self::new(text, PLAIN)
    }
}

/// Writes lines; whatever is written through it steers no terminal.
pub(super) struct Page<'a> {
    look: &'a Look,
    out: &'a mut dyn Write,
    /// The style that is on; none is over a line end.
    style: Style,
}

impl<'a> Page<'a> {
    pub(super) fn new(look: &'a Look, out: &'a mut dyn Write) -> Self {
        Self {
            look,
            out,
            style: PLAIN,
        }
    }

    pub(super) fn look(&self) -> &'a Look {
        self.look
    }

    pub(super) fn blank_line(&mut self) -> io::Result<()> {
        self.turn(PLAIN)?;
        self.out.write_all(b"\n")
    }

    /// One line as it is: not wrapped.
    pub(super) fn line(&mut self, runs: &[Run<'_>]) -> io::Result<()> {
        for run in runs {
            self.styled(&clean(run.text), run.style)?;
        }
        self.blank_line()
    }

    /// A paragraph, every line indented.
    pub(super) fn paragraph(&mut self, indent: usize, runs: &[Run<'_>]) -> io::Result<()> {
        let margin = self.fit(indent);
        write!(self.out, "{:margin$}", "")?;
        self.fill(margin, margin, &pieces(runs))
    }

    /// A label in the margin and a paragraph beside it, or below it where the place is narrow; a label as wide as the
    /// margin pushes the first line.
    pub(super) fn labelled(
        &mut self,
        label: &[Run<'_>],
        margin: usize,
        runs: &[Run<'_>],
    ) -> io::Result<()> {
        let column: usize = label.iter().map(|run| clean(run.text).width()).sum();
        let pieces = pieces(runs);
        if column > self.look.width {
            self.paragraph(0, label)?;
            return match pieces.is_empty() {
                true => Ok(()),
                false => self.labelled(&[], margin, runs),
            };
        }
        for run in label {
            self.styled(&clean(run.text), run.style)?;
        }
        if pieces.is_empty() {
            return self.blank_line();
        }
        let beside: usize = pieces
            .iter()
            .map(|p| p.width + usize::from(p.after_blank))
            .sum();
        if margin + beside.min(BESIDE) > self.look.width {
            let margin = self.fit(2);
            if column > 0 {
                self.blank_line()?;
            }
            write!(self.out, "{:margin$}", "")?;
            return self.fill(margin, margin, &pieces);
        }
        self.turn(PLAIN)?;
        let start = if column < margin { margin } else { column + 2 };
        write!(self.out, "{:1$}", "", start - column)?;
        self.fill(start, margin, &pieces)
    }

    /// A path on a line of its own, a link where the terminal can follow it. A terminal that is too narrow gets it on
    /// several; elsewhere it stays whole, for whatever reads it next.
    pub(super) fn path(&mut self, indent: usize, path: &str, style: Style) -> io::Result<()> {
        let indent = self.fit(indent);
        write!(self.out, "{:indent$}", "")?;
        self.path_from(indent, path, style)
    }

    /// A label in the margin and a path or an id beside it, or below it where the place is narrow; like a path it is
    /// broken on terminals only.
    pub(super) fn labelled_name(
        &mut self,
        label: Run<'_>,
        margin: usize,
        name: &str,
        style: Style,
    ) -> io::Result<()> {
        self.styled(&clean(label.text), label.style)?;
        self.turn(PLAIN)?;
        if margin + BESIDE > self.look.width {
            self.blank_line()?;
            return self.path(2, name, style);
        }
        write!(
            self.out,
            "{:1$}",
            "",
            margin - clean(label.text).width().min(margin)
        )?;
        self.path_from(margin, name, style)
    }

    /// A path from a column on, where the line stands already.
    fn path_from(&mut self, column: usize, path: &str, style: Style) -> io::Result<()> {
        let shown = clean(path);
        let lines = if self.look.terminal {
            cut(&shown, self.look.width.saturating_sub(column))
        } else {
            vec![&*shown]
        };
        // what is broken over lines is one link to the terminal by its id
        let id = if lines.len() > 1 { "id=path" } else { "" };
        let url = file_url(path).filter(|_| self.look.links);
        for (i, line) in lines.into_iter().enumerate() {
            if i > 0 {
                write!(self.out, "{:column$}", "")?;
            }
            if let Some(url) = &url {
                write!(self.out, "\x1b]8;{id};{url}\x1b\\")?;
            }
            self.styled(line, style)?;
            self.turn(PLAIN)?;
            if url.is_some() {
                self.out.write_all(b"\x1b]8;;\x1b\\")?;
            }
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    /// An indent that leaves room for text beside it.
    fn fit(&self, indent: usize) -> usize {
        indent.min(self.look.width / 8)
    }

    fn styled(&mut self, text: &str, style: Style) -> io::Result<()> {
        self.turn(style)?;
        self.out.write_all(text.as_bytes())
    }

    fn turn(&mut self, style: Style) -> io::Result<()> {
        if !self.look.colour || self.style == style {
            return Ok(());
        }
        write!(self.out, "{}{}", self.style.render_reset(), style.render())?;
        self.style = style;
        Ok(())
    }

    /// Fills lines from a column on, the following ones from the margin.
    fn fill(&mut self, start: usize, margin: usize, pieces: &[Piece]) -> io::Result<()> {
        let mut line = Line {
            start,
            column: start,
            last: None,
        };
        for piece in pieces {
            self.piece(&mut line, margin, piece)?;
        }
        self.blank_line()
    }

    fn piece(&mut self, line: &mut Line, margin: usize, piece: &Piece) -> io::Result<()> {
        let width = self.look.width.max(1);
        let empty = line.last.is_none();
        let blank = usize::from(piece.after_blank && !empty);
        if !empty && line.column + blank + piece.width > width {
            self.new_line(line, margin)?;
        } else if blank > 0 {
            // a blank between two words of one style belongs to it, so that a marked phrase is marked in one go
            let style = match line.last {
                Some(style) if Some(style) == piece.runs.first().map(|r| r.1) => style,
                _ => PLAIN,
            };
            self.styled(" ", style)?;
            line.column += 1;
        }
        for (text, style) in &piece.runs {
            if line.column + text.width() <= width {
                self.styled(text, *style)?;
                line.column += text.width();
                continue;
            }
            // a word longer than a line is broken between graphemes
            for grapheme in text.graphemes(true) {
                let wide = grapheme.width();
                if line.column + wide > width && line.column > line.start {
                    self.new_line(line, margin)?;
                }
                self.styled(grapheme, *style)?;
                line.column += wide;
            }
        }
        line.last = piece.runs.last().map(|r| r.1);
        Ok(())
    }

    fn new_line(&mut self, line: &mut Line, margin: usize) -> io::Result<()> {
        self.turn(PLAIN)?;
        write!(self.out, "\n{:margin$}", "")?;
        *line = Line {
            start: margin,
            column: margin,
            last: None,
        };
        Ok(())
    }
}

/// Where a line stands while it is filled.
struct Line {
    start: usize,
    column: usize,
    /// Style in which the last word ended.
    last: Option<Style>,
}

/// Letters between two places where a line may be broken, in one or several styles.
#[derive(Debug, Default)]
struct Piece {
    runs: Vec<(String, Style)>,
    width: usize,
    after_blank: bool,
}

fn pieces(runs: &[Run<'_>]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut piece = Piece::default();
    for run in runs {
        let text = clean(run.text);
        for (i, word) in text.split(breaks).enumerate() {
            if i > 0 {
                let after = Piece {
                    after_blank: true,
                    ..Piece::default()
                };
                let before = std::mem::replace(&mut piece, after);
                if !before.runs.is_empty() {
                    pieces.push(before);
                }
            }
            if !word.is_empty() {
                piece.width += word.width();
                piece.runs.push((word.to_owned(), run.style));
            }
        }
    }
    if !piece.runs.is_empty() {
        pieces.push(piece);
    }
    pieces
}

/// A path in lines of so many columns, broken behind a `/` where that leaves no line half empty.
fn cut(path: &str, room: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let (mut start, mut width) = (0, 0);
    let mut folder = None;
    for (at, grapheme) in path.grapheme_indices(true) {
        if width > 0 && width + grapheme.width() > room {
            let end = folder.take().unwrap_or(at);
            lines.push(&path[start..end]);
            start = end;
            width = path[start..at].width();
        }
        width += grapheme.width();
        if grapheme == "/" && width > room / 2 {
            folder = Some(at + 1);
        }
    }
    lines.push(&path[start..]);
    lines
}

/// White space that does not forbid a break.
fn breaks(c: char) -> bool {
    c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{2007}' | '\u{202f}')
}

/// A `file:` URL (RFC 8089) of an absolute path; the member of an archive is left out, since nothing opens it.
fn file_url(path: &str) -> Option<String> {
    use std::fmt::Write as _;
    if !path.starts_with('/') {
        return None;
    }
    let file = path
        .split_once(".zip!")
        .map(|(file, _)| format!("{file}.zip"));
    let file = file.as_deref().unwrap_or(path);
    let mut url = String::from("file://");
    for byte in file.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                url.push(char::from(byte));
            }
            _ => {
                let _ = write!(url, "%{byte:02X}");
            }
        }
    }
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::look::MATCH;

    fn look(width: usize, colour: bool) -> Look {
        Look {
            width,
            colour,
            ..Look::plain()
        }
    }

    fn written(look: &Look, write: impl FnOnce(&mut Page<'_>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut Page::new(look, &mut out)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_are_filled_and_never_longer_than_the_width() {
        let text = "De syriske tropper rykkede mandag ind i den historiske by Palmyra, \
                    oplyser speciallægepraksisplanlægningsstabiliseringsperioden 北京北京北京北京北京北京北京";
        for width in 1..90 {
            let page = written(&look(width, false), |p| p.paragraph(4, &[Run::plain(text)]));
            for line in page.lines() {
                assert!(line.width() <= width.max(2), "{width}: {line:?}");
            }
            let words = |t: &str| t.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(words(&page), words(text));
        }
    }

    #[test]
    fn a_marked_phrase_is_marked_in_one_go_and_never_over_a_line_end() {
        let runs = [
            Run::plain("om "),
            Run::new("syriske tropper", MATCH),
            Run::plain("nes rolle"),
        ];
        let wide = written(&look(80, true), |p| p.paragraph(0, &runs));
        assert_eq!(
            anstyled(&wide),
            "om <syriske tropper>nes rolle\n"
                .replace("< >", " ")
                .replace("<syriske> <tropper>", "<syriske>< ><tropper>")
        );
        let narrow = written(&look(11, true), |p| p.paragraph(0, &runs));
        assert_eq!(anstyled(&narrow), "om <syriske>\n<tropper>nes\nrolle\n");
    }

    fn anstyled(text: &str) -> String {
        let on = MATCH.render().to_string();
        let off = MATCH.render_reset().to_string();
        text.replace(&on, "<").replace(&off, ">")
    }

    #[test]
    fn escapes_in_text_paths_and_links_do_not_get_through() {
        let look = Look {
            links: true,
            ..look(40, false)
        };
        let page = written(&look, |p| {
            p.line(&[Run::plain("a\x1b[2Jb\nc")])?;
            p.path(2, "/tmp/å \x1b]0;x\x07.txt", PLAIN)
        });
        assert_eq!(
            page,
            "a\u{fffd}[2Jb c\n  \x1b]8;;file:///tmp/%C3%A5%20%1B%5D0%3Bx%07.txt\x1b\\/tmp/å \u{fffd}]0;x\u{fffd}.txt\x1b]8;;\x1b\\\n"
        );
    }

    #[test]
    fn a_path_is_broken_on_a_narrow_terminal_and_stays_one_link() {
        assert_eq!(cut("/srv/feeds/a.txt", 20), ["/srv/feeds/a.txt"]);
        assert_eq!(
            cut("/srv/feeds/ritzau/2017/navn.txt", 14),
            ["/srv/feeds/", "ritzau/2017/", "navn.txt"]
        );
        assert_eq!(cut("aaaaaaa", 3), ["aaa", "aaa", "a"]);
        assert_eq!(cut("", 0), [""]);
        let path = "/srv/feeds/北京/ritzaus-telegrammer.txt";
        for width in 2..50 {
            assert_eq!(cut(path, width).concat(), path);
            assert!(cut(path, width).iter().all(|line| line.width() <= width));
        }
        let terminal = Look {
            terminal: true,
            links: true,
            ..look(14, false)
        };
        let page = written(&terminal, |p| p.path(0, "/srv/feeds/a.txt", PLAIN));
        let link = "\x1b]8;id=path;file:///srv/feeds/a.txt\x1b\\";
        let end = "\x1b]8;;\x1b\\";
        assert_eq!(page, format!("{link}/srv/feeds/{end}\n{link}a.txt{end}\n"));
        let pipe = written(&look(14, false), |p| p.path(0, "/srv/feeds/a.txt", PLAIN));
        assert_eq!(pipe, "/srv/feeds/a.txt\n");
    }

    #[test]
    fn a_label_stands_in_the_margin_or_above() {
        let label = [Run::plain("2017-03")];
        let text = [Run::plain("et to tre fire fem seks syv otte")];
        let wide = written(&look(34, false), |p| p.labelled(&label, 10, &text));
        assert_eq!(
            wide,
            "2017-03   et to tre fire fem seks\n          syv otte\n"
        );
        let long = [Run::plain("speciallægepraksisplanlægning")];
        let wrapped = written(&look(20, false), |p| p.labelled(&long, 10, &[]));
        assert_eq!(wrapped, "speciallægepraksispl\nanlægning\n");
        let narrow = written(&look(20, false), |p| p.labelled(&label, 10, &text));
        assert_eq!(narrow, "2017-03\n  et to tre fire fem\n  seks syv otte\n");
    }
}
