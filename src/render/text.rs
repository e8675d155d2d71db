//! Text for people: on a terminal and in a pipe.

use std::io::{self, Write};

use super::{
    Look, OutputFormat,
    look::{FAINT, MARK, MATCH, PLAIN, SOURCE, STRONG},
    page::{Page, Run},
    write_explanation, write_summary,
};
use crate::search::{Full, Hit, Hits, Snippet};

/// Date, source, headline; the snippet; the path: `--format text`.
pub(super) struct Text;

/// Room for `2017-03-14 12:30` and two blanks.
const DATE: usize = 18;
/// Room for `Ritzau/Reuters`, most others, and two blanks.
const SOURCES: usize = 18;
/// Where the headline begins.
const HEADLINE: usize = DATE + SOURCES;
/// How far snippet and path stand in.
const INDENT: usize = 4;
/// Narrower places get the headline on a line of its own.
const COLUMNS_FROM: usize = 72;
/// First words of a dispatch without a headline, in characters.
const OPENING: usize = 70;

impl OutputFormat for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn about(&self) -> &'static str {
        "for reading: date, source, headline, what matched, path"
    }

    fn summarises(&self) -> bool {
        true
    }

    fn begin(&self, answer: &Hits, look: &Look, out: &mut dyn Write) -> io::Result<()> {
        if look.explain {
            write_explanation(answer, look, out)?;
        }
        Ok(())
    }

    fn hit(&self, place: u64, hit: &Hit, look: &Look, out: &mut dyn Write) -> io::Result<()> {
        let mut page = Page::new(look, out);
        if place > 0 {
            page.blank_line()?;
        }
        heading(hit, &mut page)?;
        if let Some(full) = &hit.full {
            for paragraph in full.body.split("\n\n").filter(|p| !p.trim().is_empty()) {
                page.paragraph(INDENT, &[Run::plain(paragraph)])?;
            }
        } else if let Some(snippet) = hit.snippet.as_ref().filter(|_| !in_heading(hit)) {
            page.paragraph(INDENT, &marked(&snippet.text, &scalars(snippet), PLAIN))?;
        }
        match hit.path.as_str() {
            "" => Ok(()),
            path => page.path(INDENT, path, FAINT),
        }
    }

    fn end(&self, answer: &Hits, written: u64, look: &Look, out: &mut dyn Write) -> io::Result<()> {
        write_summary(answer, written, look, out)
    }
}

fn heading(hit: &Hit, page: &mut Page<'_>) -> io::Result<()> {
    let date = hit.date.as_deref().map(|d| page.look().date(d));
    let date = date.as_deref().unwrap_or("undated");
    let source = hit.source.as_deref().unwrap_or("–");
    let opening = opening(hit, page.look());
    let mut headline = marks(hit);
    match (&hit.headline, &hit.snippet) {
        (Some(text), _) => {
            let found = byte_ranges(text, &hit.headline_marks);
            headline.extend(marked(text, &found, STRONG));
        }
        (None, Some(snippet)) if in_heading(hit) => {
            headline.extend(marked(&snippet.text, &scalars(snippet), PLAIN));
        }
        _ => headline.push(Run::plain(&opening)),
    }
    if page.look().width < COLUMNS_FROM {
        page.paragraph(
            0,
            &[Run::plain(date), Run::plain(" "), Run::new(source, SOURCE)],
        )?;
        return page.paragraph(0, &headline);
    }
    let date = format!("{date:DATE$}");
    page.labelled(
        &[Run::plain(&date), Run::new(source, SOURCE)],
        HEADLINE,
        &headline,
    )
}

/// Whether the snippet stands where a headline would: it begins with the first words, which are not said twice.
fn in_heading(hit: &Hit) -> bool {
    let (None, None, Some(opening), Some(snippet)) =
        (&hit.headline, &hit.full, &hit.opening, &hit.snippet)
    else {
        return false;
    };
    let words = |text: &str| {
        text.split_whitespace()
            .take(4)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    words(opening) == words(&snippet.text)
}

/// RETTELSE and what else must be known before reading on.
fn marks(hit: &Hit) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let status = Some(hit.status.as_str()).filter(|s| !s.is_empty() && *s != "usable");
    let headline = hit.headline.as_deref().unwrap_or_default();
    let said = |mark: &&str| !says_itself(headline, mark);
    let marks = hit.marks.iter().map(String::as_str).filter(said);
    for mark in marks.chain(status) {
        runs.push(Run::new(mark, MARK));
        runs.push(Run::plain(" "));
    }
    runs
}

/// Whether a headline begins with the mark, as in `RETTELSE: …`.
pub(super) fn says_itself(headline: &str, mark: &str) -> bool {
    let mut letters = headline.chars().flat_map(char::to_lowercase);
    mark.chars()
        .flat_map(char::to_lowercase)
        .all(|c| letters.next() == Some(c))
}

/// The first words, for a dispatch without a headline.
fn opening(hit: &Hit, look: &Look) -> String {
    let body = match (&hit.opening, &hit.full, &hit.snippet) {
        (Some(opening), ..) => opening,
        (_, Some(Full { body, .. }), _) => body,
        (.., Some(Snippet { text, .. })) => text,
        _ => return "(no text)".to_owned(),
    };
    first_words(body, OPENING, look.dots())
}

/// The beginning of a text on one line, cut between words.
pub(super) fn first_words(text: &str, most: usize, dots: &str) -> String {
    let mut start = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        length += word.chars().count() + 1;
        if !start.is_empty() && length > most + 1 {
            start.push(' ');
            start.push_str(dots);
            break;
        }
        if !start.is_empty() {
            start.push(' ');
        }
        start.push_str(word);
    }
    start
}

/// The marks of a snippet as ranges of bytes.
fn scalars(snippet: &Snippet) -> Vec<(usize, usize)> {
    byte_ranges(&snippet.text, &snippet.marks)
}

/// Ranges of Unicode scalars, in order, as ranges of bytes; what lies beyond the text is cut off.
pub(super) fn byte_ranges(text: &str, marks: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut offsets = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let mut passed = 0;
    let mut offset_of = |scalar: usize| {
        let skip = scalar.checked_sub(passed)?;
        passed = scalar + 1;
        offsets.nth(skip)
    };
    let mut ranges: Vec<(usize, usize)> = Vec::with_capacity(marks.len());
    let mut last: Option<(usize, usize)> = None;
    for &(start, end) in marks {
        // neighbours share a border, which the walk has passed already
        let from = match last {
            Some((scalar, at)) if scalar == start => Some(at),
            _ => offset_of(start),
        };
        let Some(from) = from else { break };
        let to = offset_of(end).unwrap_or(text.len());
        last = Some((end, to));
        ranges.push((from, to));
    }
    ranges
}

/// Text as runs, the ranges of bytes in the style of a match.
pub(super) fn marked<'a>(
    text: &'a str,
    ranges: &[(usize, usize)],
    style: anstyle::Style,
) -> Vec<Run<'a>> {
    let mut runs = Vec::with_capacity(2 * ranges.len() + 1);
    let mut at = 0;
    for &(start, end) in ranges {
        let (Some(before), Some(inside)) = (text.get(at..start), text.get(start..end)) else {
            continue;
        };
        if !before.is_empty() {
            runs.push(Run::new(before, style));
        }
        runs.push(Run::new(inside, MATCH));
        at = end;
    }
    runs.push(Run::new(&text[at..], style));
    runs
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;

    fn hit() -> Hit {
        Hit {
            date: Some("2017-03-14T12:30:00+01:00".to_owned()),
            source: Some("Ritzau/Reuters".to_owned()),
            headline: Some("Statsministeren rydder kalenderen efter møde i Mosul".to_owned()),
            status: "usable".to_owned(),
            marks: vec!["RETTELSE".to_owned()],
            path: "/feeds/ritzau/a.txt".to_owned(),
            snippet: Some(Snippet {
                text: "Mødet med sundhedsministeren blev aflyst.".to_owned(),
                marks: vec![(10, 18), (18, 28)],
            }),
            ..Hit::default()
        }
    }

    fn rendered(hit: &Hit, width: usize, colour: bool) -> String {
        let look = Look {
            width,
            colour,
            ..Look::plain()
        };
        let mut out = Vec::new();
        Text.hit(0, hit, &look, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn date_source_and_headline_stand_in_columns() {
        let expected = "\
2017-03-14 11:30  Ritzau/Reuters    RETTELSE Statsministeren rydder kalenderen
                                    efter møde i Mosul
    Mødet med sundhedsministeren blev aflyst.
    /feeds/ritzau/a.txt
";
        assert_eq!(rendered(&hit(), 80, false), expected);
    }

    #[test]
    fn twenty_columns_are_enough() {
        let text = rendered(&hit(), 20, false);
        for line in text.lines() {
            assert!(line.width() <= 24, "{text}");
        }
        assert!(
            text.starts_with("2017-03-14 11:30\nRitzau/Reuters\nRETTELSE\n"),
            "{text}"
        );
    }

    #[test]
    fn the_match_is_marked_in_colour_only() {
        assert!(rendered(&hit(), 80, true).contains("med \x1b[1m\x1b[31msundheds"));
        assert!(!rendered(&hit(), 80, false).contains('\x1b'));
    }

    #[test]
    fn what_matched_in_the_headline_is_marked_and_takes_no_room() {
        let hit = Hit {
            headline_marks: vec![(39, 44)],
            ..hit()
        };
        let coloured = rendered(&hit, 80, true);
        assert!(
            coloured.contains("\x1b[1m\x1b[31mmøde\x1b[0m"),
            "{coloured:?}"
        );
        let styles = ["0", "1", "2", "31", "32", "35"].map(|n| format!("\x1b[{n}m"));
        let plain = styles.iter().fold(coloured, |text, s| text.replace(s, ""));
        assert_eq!(plain, rendered(&hit, 80, false));
    }

    #[test]
    fn without_a_headline_the_first_words_stand_there() {
        let hit = Hit {
            headline: None,
            opening: Some("Irakiske elitestyrker har natten til tirsdag".to_owned()),
            ..hit()
        };
        assert!(rendered(&hit, 120, false).contains("RETTELSE Irakiske elitestyrker har"));
    }

    #[test]
    fn first_words_that_matched_are_said_once() {
        let hit = Hit {
            headline: None,
            opening: Some("Mødet med sundhedsministeren blev aflyst. Et nyt".to_owned()),
            ..hit()
        };
        let text = rendered(&hit, 120, false);
        assert_eq!(text.matches("Mødet med").count(), 1, "{text}");
    }

    #[test]
    fn a_headline_that_says_its_mark_itself_is_not_told_to() {
        assert!(says_itself("Rettelse: Nyt møde", "RETTELSE"));
        assert!(!says_itself("Nyt møde", "RETTELSE"));
        assert!(!says_itself("", "RETTELSE"));
    }

    #[test]
    fn marks_count_scalars_and_wrong_ones_do_no_harm() {
        assert_eq!(byte_ranges("æøå", &[(0, 1), (1, 2)]), [(0, 2), (2, 4)]);
        assert_eq!(byte_ranges("æøå", &[(1, 9)]), [(2, 6)]);
        assert_eq!(byte_ranges("æøå", &[(7, 9), (1, 2)]), []);
        assert_eq!(marked("abc", &[(2, 9)], PLAIN).len(), 1);
    }

    #[test]
    fn first_words_are_cut_between_words() {
        assert_eq!(first_words("et  to\ntre fire", 8, "…"), "et to …");
        assert_eq!(first_words("et to", 9, "…"), "et to");
    }
}
