//! Plain text: ` date 2017-03 Text …`, paragraphs, a closing credit line.
//!
//! The smallest wire format and the template for new ones: a unit struct, [`WireFormat`] for it, one function from
//! text to [`Dispatch`], and tests beside it. What all formats share (encodings, dates, credits, tidy text, what is
//! done last) stands in files of its own.

use std::{io::BufRead, path::Path};

use index_schema::Dispatch;
use jiff::tz::TimeZone;

use super::{
    Beginning, FeedFile, Found, Item, WireFormat,
    complete::{complete, found, too_large},
    credit::{self, Credit},
    dates, encoding, html, marks, read_whole, tidy,
};
use crate::error::{Error, ErrorKind, Result};

/// The plain-text form. It takes whatever no other format recognises.
pub(super) struct PlainText;

impl WireFormat for PlainText {
    fn name(&self) -> &'static str {
        "plain-text"
    }

    fn recognises(&self, _head: &Beginning<'_>) -> bool {
        true
    }

    fn read(
        &self,
        file: &FeedFile<'_>,
        input: &mut dyn BufRead,
        emit: &mut dyn FnMut(Result<Found>) -> Result<()>,
    ) -> Result<()> {
        let bytes = read_whole(file, input)?;
        if let Some(reason) = encoding::not_text(&bytes) {
            return emit(Err(Error::new(
                ErrorKind::Feed,
                format!("not text: {reason}"),
            )));
        }
        if bytes.len() as u64 > file.limits.dispatch {
            // before it is held in memory in three forms
            return emit(Err(too_large(
                "the text of the dispatch",
                file.limits.dispatch,
            )));
        }
        let dispatch = parse(&encoding::to_text(&bytes, None), file.path, file.zone);
        let item = if bytes.is_empty() {
            Ok(Item::passed_over("empty file", dispatch))
        } else {
            complete(dispatch, file)
        };
        emit(item.map(|i| found(0, i)))
    }
}

/// Reads a dispatch from text.
fn parse(text: &str, path: &Path, zone: &TimeZone) -> Dispatch {
    let text =
        text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
    let (date, text) = match header(text, zone) {
        Some((date, rest)) => (Some(date), rest),
        None => (dates::from_folders(path), text),
    };
    let mut paragraphs = if text.trim_start().starts_with('<') {
        html::paragraphs(text)
    } else {
        tidy::paragraphs(text)
    };
    let closing = Credit::cut_closing(&mut paragraphs);
    let headline = headline(&paragraphs);
    if headline.is_some() {
        paragraphs.remove(0);
    }
    let dateline = paragraphs.first().and_then(|p| credit::dateline(p));
    let (place, opening) = dateline.unzip();
    let credit = closing.or(opening);
    Dispatch {
        format: PlainText.name().to_owned(),
        date,
        source: credit.as_ref().map(|c| c.source.clone()),
        credit: credit.map(|c| c.written),
        headline,
        place,
        body: tidy::body(&paragraphs),
        ..Dispatch::default()
    }
}

/// The header `date YYYY-MM[-DD[ HH:MM]]` and what follows it, in the same line or not.
fn header<'t>(text: &'t str, zone: &TimeZone) -> Option<(index_schema::When, &'t str)> {
    let (word, rest) = text.split_at_checked(4)?;
    if !word.eq_ignore_ascii_case("date") {
        return None;
    }
    let written = rest.trim_start_matches([':', ' ', '\t']);
    if written.len() == rest.len() {
        return None;
    }
    dates::parse_prefix(written, zone)
}

/// The first paragraph if it plainly is a headline: one line, a few words, no stop, question or exclamation mark (texts
/// begin with questions too, unless they are marked as RETTELSE and the like), and a text below it.
fn headline(paragraphs: &[String]) -> Option<String> {
    const LONGEST: usize = 120;
    let [first, second, ..] = paragraphs else {
        return None;
    };
    let words = first.split_whitespace().count();
    let begins = first
        .trim_start_matches(['"', '»', '”', '“', '\'', '*', '-', '–', ' '])
        .starts_with(|c: char| c.is_uppercase() || c.is_numeric());
    let ends = first
        .trim_end_matches(['"', '»', '«', '”', '\'', ')'])
        .ends_with(|c: char| c.is_alphanumeric() || c == '%');
    let marked = {
        let mut marks = Vec::new();
        marks::add_from(first, &mut marks);
        !marks.is_empty()
    };
    let sentence_below = second.contains(['.', '!', '?']) && second.chars().count() > 20;
    let plainly = !first.contains('\n')
        && (2..=20).contains(&words)
        && first.chars().count() <= LONGEST
        && begins
        && (ends || marked && first.ends_with(['?', '!']))
        && sentence_below
        && first.contains(char::is_lowercase)
        && !first.starts_with("Source:")
        && credit::dateline(first).is_none();
    plainly.then(|| first.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Dispatch {
        read_at("a.txt", text)
    }

    fn read_at(path: &str, text: &str) -> Dispatch {
        parse(text, Path::new(path), &dates::copenhagen())
    }

    fn date(text: &str) -> Option<String> {
        read(text).date.map(|d| d.to_string())
    }

    #[test]
    fn header_and_credit_are_no_part_of_the_body() {
        let d = read(
            " date 2017-03 Minerne ligger tæt.\n\n\n\nDet siger hæren.\n\n\n\n/ritzau/Reuters",
        );
        assert_eq!(d.body, "Minerne ligger tæt.\n\nDet siger hæren.");
        assert_eq!(d.date.map(|d| d.to_string()).as_deref(), Some("2017-03"));
        assert_eq!(d.source.as_deref(), Some("Ritzau/Reuters"));
        assert_eq!(d.credit.as_deref(), Some("/ritzau/Reuters"));
        assert_eq!(d.headline, None);
    }

    #[test]
    fn the_header_may_stand_alone_and_have_a_day_or_a_time() {
        assert_eq!(
            date("date 2017-03-14\n\nEt.").as_deref(),
            Some("2017-03-14")
        );
        assert_eq!(
            date(" date 2017-03-14 12:30 \nEt.").as_deref(),
            Some("2017-03-14T12:30:00+01:00")
        );
        assert_eq!(
            date("\u{feff} date 2017-03 Et.").as_deref(),
            Some("2017-03")
        );
        assert_eq!(
            read(" date 2017-03-14 12 mænd er savnet.").body,
            "12 mænd er savnet."
        );
    }

    #[test]
    fn without_a_header_the_folders_date_it_or_nothing_does() {
        assert_eq!(date("En mand er savnet."), None);
        assert_eq!(date("date 2017-13 er ingen dato."), None);
        let d = read_at("in/2024/05/01/a.txt", "En mand er savnet.");
        assert_eq!(d.date.map(|d| d.to_string()).as_deref(), Some("2024-05-01"));
        let d = read_at("in/2024/05/01/a.txt", " date 2017-03 En mand.");
        assert_eq!(d.date.map(|d| d.to_string()).as_deref(), Some("2017-03"));
    }

    #[test]
    fn a_first_line_that_plainly_is_a_headline_is_one() {
        let headline = |first: &str| {
            read(&format!(
                "{first}\n\nDet oplyser politiet mandag aften. /ritzau/"
            ))
            .headline
        };
        assert_eq!(
            headline("Savnet mand er fundet i god behold").as_deref(),
            Some("Savnet mand er fundet i god behold")
        );
        assert!(headline("RETTELSE: Hvem overtager posten?").is_some());
        for first in [
            "En mand er fundet.",
            "Han siger:",
            "linje uden stort",
            "Ord",
            "To linjer\nher",
            "MEDIA RELEASE PR12345",
            "Hvad sker der nu?",
        ] {
            assert_eq!(headline(first), None, "{first}");
        }
        assert_eq!(read("Kun en linje").headline, None);
    }

    #[test]
    fn a_credit_in_the_lead_names_place_and_source() {
        let d = read("København /ritzau/: En mand er savnet.\n\nHan er 41 år.");
        assert_eq!(d.source.as_deref(), Some("Ritzau"));
        assert_eq!(d.place.as_deref(), Some("København"));
    }

    #[test]
    fn a_piece_of_html_is_read_as_text() {
        let d = read(" date 2017-03 <p>Et &aring;r.</p><p>To. /ritzau/</p>");
        assert_eq!(d.body, "Et år.\n\nTo.");
        assert_eq!(read("<p>Et.</p>").body, "Et.");
        assert_eq!(read("<< Et. >>").body, "<< Et. >>");
    }

    #[test]
    fn a_header_and_nothing_else_has_no_text() {
        assert_eq!(read(" date 2017-03").body, "");
        assert_eq!(read(" date 2017-03 \n\n/ritzau/").body, "");
        assert_eq!(read("").body, "");
    }
}
