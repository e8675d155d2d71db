//! A dispatch for reading: header block, paragraphs, matches marked; and the same as JSON.

use std::io::{self, Write};

use index_schema::{Dispatch, PubStatus};
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use super::{
    Look,
    look::{FAINT, MARK, PLAIN, SOURCE, STRONG},
    page::{Page, Run},
    text::{marked, says_itself},
    write_json,
};
use crate::{
    query::Zone,
    search::{Full, Shown},
};

/// Says what matched in a headline or a body: ranges of bytes, in order.
pub type Marks<'a> = dyn Fn(Zone, &str) -> Vec<(usize, usize)> + 'a;

/// Room for the longest label of the header block and two blanks.
const LABEL: usize = 12;
/// The longest lines that are read with ease; wider places leave the rest empty.
const MEASURE: usize = 100;

/// Writes a dispatch for reading, with what `marks` finds in it marked.
///
/// # Errors
///
/// Fails if `out` does.
pub fn write_shown(
    shown: &Shown,
    now: Timestamp,
    marks: &Marks<'_>,
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let look = &Look {
        width: look.width.min(MEASURE),
        ..look.clone()
    };
    let mut page = Page::new(look, out);
    let dispatch = &shown.dispatch;
    let headline = dispatch.headline.as_deref().unwrap_or_default();
    let unsaid = |label: &&str| !says_itself(headline, label);
    let labels = labels(dispatch).into_iter().filter(unsaid);
    let labels: Vec<String> = labels.map(|l| format!("{l} ")).collect();
    let mut title: Vec<Run<'_>> = labels.iter().map(|l| Run::new(l, MARK)).collect();
    if !headline.is_empty() {
        title.extend(marked(headline, &marks(Zone::Headline, headline), STRONG));
    }
    if !title.is_empty() {
        page.paragraph(0, &title)?;
    }
    header(shown, now, &mut page)?;
    page.blank_line()?;
    let found = marks(Zone::Body, &dispatch.body);
    let mut first = true;
    for (start, paragraph) in paragraphs(&dispatch.body) {
        if !std::mem::take(&mut first) {
            page.blank_line()?;
        }
        page.paragraph(
            0,
            &marked(paragraph, &within(&found, start, paragraph.len()), PLAIN),
        )?;
    }
    if let Some(credit) = &dispatch.credit {
        page.blank_line()?;
        page.paragraph(0, &[Run::new(credit, FAINT)])?;
    }
    Ok(())
}

fn labels(dispatch: &Dispatch) -> Vec<&str> {
    let marks = dispatch.marks.iter().map(|m| m.label());
    marks.chain(dispatch.related.as_deref()).collect()
}

fn header(shown: &Shown, now: Timestamp, page: &mut Page<'_>) -> io::Result<()> {
    let d = &shown.dispatch;
    let date = |when: &Option<index_schema::When>| when.map(|w| page.look().date(&w.to_string()));
    let list = |values: &[String]| Some(values.join(", ")).filter(|v| !v.is_empty());
    let status = status(shown, now, &page.look().zone);
    let status = (status != "usable").then(|| status.to_owned());
    let rows = [
        ("date", date(&d.date).or_else(|| Some("undated".to_owned()))),
        ("source", d.source.clone()),
        ("byline", d.byline.clone()),
        ("place", d.place.clone()),
        ("slug", d.slug.clone()),
        ("keywords", list(&d.keywords)),
        ("category", list(&d.categories)),
        ("language", d.language.clone()),
        ("urgency", d.urgency.clone()),
        ("status", status),
        ("embargo", date(&d.embargo)),
        ("note", d.note.clone()),
        ("version", d.version.clone()),
        ("id", Some(shown.id.clone())),
        ("guid", d.guid.clone().filter(|g| *g != shown.id)),
    ];
    for (label, value) in rows {
        let Some(value) = value else { continue };
        let style = match label {
            "source" => SOURCE,
            "status" | "embargo" => MARK,
            _ => PLAIN,
        };
        if matches!(label, "id" | "guid") {
            page.labelled_name(Run::new(label, FAINT), LABEL, &value, style)?;
        } else {
            row(label, &value, style, page)?;
        }
    }
    for path in &shown.paths {
        page.labelled_name(Run::new("file", FAINT), LABEL, path, PLAIN)?;
    }
    if shown.gone {
        row("gone", "no file holds it any more", PLAIN, page)?;
    }
    Ok(())
}

fn row(label: &str, value: &str, style: anstyle::Style, page: &mut Page<'_>) -> io::Result<()> {
    page.labelled(&[Run::new(label, FAINT)], LABEL, &[Run::new(value, style)])
}

/// The paragraphs of a body, each with its first byte.
fn paragraphs(body: &str) -> impl Iterator<Item = (usize, &str)> {
    body.split("\n\n")
        .scan(0, |next, paragraph| {
            let start = *next;
            *next += paragraph.len() + 2;
            Some((start, paragraph))
        })
        .filter(|(_, paragraph)| !paragraph.trim().is_empty())
}

/// The ranges inside a part of the text, counted from its start. Linear over all parts: ranges are in order, so each
/// part looks only at its own.
fn within(ranges: &[(usize, usize)], start: usize, length: usize) -> Vec<(usize, usize)> {
    let end = start + length;
    let first = ranges.partition_point(|r| r.1 <= start);
    ranges[first..]
        .iter()
        .take_while(|r| r.0 < end)
        .map(|r| (r.0.max(start) - start, r.1.min(end) - start))
        .collect()
}

/// What may be done with it: `superseded`, or the publication status with a passed embargo taken off.
fn status<'a>(shown: &'a Shown, now: Timestamp, zone: &TimeZone) -> &'a str {
    if shown.state != "current" {
        return &shown.state;
    }
    let d = &shown.dispatch;
    match (d.status, d.embargo) {
        (PubStatus::Usable | PubStatus::Embargoed, Some(until)) => {
            // an embargo given as a day ends when the day begins
            let ends = until.span(zone).start;
            if ends > now.as_second() {
                "embargoed"
            } else {
                "usable"
            }
        }
        (status, _) => status.as_str(),
    }
}

/// Writes a dispatch as a JSON object on one line, with the keys of a hit with everything.
///
/// # Errors
///
/// Fails if `out` does.
pub fn write_shown_json(
    shown: &Shown,
    now: Timestamp,
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let d = &shown.dispatch;
    let text = |when: &Option<index_schema::When>| when.map(|w| w.to_string());
    write_json(
        &ShownObject {
            id: &shown.id,
            guid: &d.guid,
            version: &d.version,
            date: text(&d.date),
            source: &d.source,
            headline: &d.headline,
            language: &d.language,
            status: status(shown, now, &look.zone),
            marks: labels(d),
            path: shown.paths.first(),
            item: shown.item,
            gone: shown.gone,
            full: Full {
                format: d.format.clone(),
                credit: d.credit.clone(),
                slug: d.slug.clone(),
                keywords: d.keywords.clone(),
                byline: d.byline.clone(),
                place: d.place.clone(),
                urgency: d.urgency.clone(),
                categories: d.categories.clone(),
                embargo: text(&d.embargo),
                note: d.note.clone(),
                body: d.body.clone(),
                paths: shown.paths.clone(),
            },
        },
        out,
    )
}

#[derive(Serialize)]
struct ShownObject<'a> {
    id: &'a str,
    guid: &'a Option<String>,
    version: &'a Option<String>,
    date: Option<String>,
    source: &'a Option<String>,
    headline: &'a Option<String>,
    language: &'a Option<String>,
    status: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks: Vec<&'a str>,
    path: Option<&'a String>,
    item: u32,
    gone: bool,
    #[serde(flatten)]
    full: Full,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown() -> Shown {
        Shown {
            id: "urn:x:1".to_owned(),
            state: "current".to_owned(),
            paths: vec!["/feeds/a.txt".to_owned()],
            item: 0,
            gone: true,
            dispatch: Dispatch {
                format: "plain-text".to_owned(),
                guid: Some("urn:x:1".to_owned()),
                date: Some("2017-03".parse().unwrap()),
                source: Some("Ritzau".to_owned()),
                headline: Some("Miner i Palmyra".to_owned()),
                marks: vec![index_schema::Mark::Correction],
                credit: Some("/ritzau/".to_owned()),
                body: "Der er miner.\n\nOgså miner her.".to_owned(),
                ..Dispatch::default()
            },
        }
    }

    fn now() -> Timestamp {
        "2020-01-01T00:00:00Z".parse().unwrap()
    }

    fn find_mines(_: Zone, text: &str) -> Vec<(usize, usize)> {
        let found = text.to_lowercase();
        found
            .match_indices("miner")
            .map(|(at, m)| (at, at + m.len()))
            .collect()
    }

    #[test]
    fn it_reads_like_a_dispatch() {
        let mut out = Vec::new();
        write_shown(&shown(), now(), &find_mines, &Look::plain(), &mut out).unwrap();
        let expected = "\
RETTELSE Miner i Palmyra
date        2017-03
source      Ritzau
id          urn:x:1
file        /feeds/a.txt
gone        no file holds it any more

Der er miner.

Også miner her.

/ritzau/
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn paths_and_ids_are_whole_in_a_pipe_and_fit_a_terminal() {
        let shown = Shown {
            id: format!("urn:newsml:{}", "x".repeat(90)),
            paths: vec![format!("/feeds/{}.txt", "y".repeat(90))],
            ..shown()
        };
        let written = |terminal| {
            let look = Look {
                terminal,
                width: 40,
                ..Look::plain()
            };
            let mut out = Vec::new();
            write_shown(&shown, now(), &find_mines, &look, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let pipe = written(false);
        assert!(
            pipe.contains(&shown.id) && pipe.contains(&shown.paths[0]),
            "{pipe}"
        );
        let terminal = written(true);
        assert!(
            terminal.lines().all(|l| l.chars().count() <= 40),
            "{terminal}"
        );
    }

    #[test]
    fn matches_are_marked_in_headline_and_paragraphs() {
        let look = Look {
            colour: true,
            ..Look::plain()
        };
        let mut out = Vec::new();
        write_shown(&shown(), now(), &find_mines, &look, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.matches("\x1b[31mMiner").count(), 1, "{text}");
        assert_eq!(text.matches("\x1b[31mminer").count(), 2, "{text}");
        assert_eq!(within(&[(0, 4), (6, 9)], 3, 4), [(0, 1), (3, 4)]);
    }

    #[test]
    fn an_embargo_is_over_when_its_time_has_come() {
        let mut shown = shown();
        shown.dispatch.status = PubStatus::Embargoed;
        assert_eq!(status(&shown, now(), &TimeZone::UTC), "embargoed");
        shown.dispatch.embargo = Some("2019-12-31".parse().unwrap());
        assert_eq!(status(&shown, now(), &TimeZone::UTC), "usable");
        shown.dispatch.embargo = Some("2020-01-02".parse().unwrap());
        assert_eq!(status(&shown, now(), &TimeZone::UTC), "embargoed");
        shown.state = "superseded".to_owned();
        assert_eq!(status(&shown, now(), &TimeZone::UTC), "superseded");
    }

    #[test]
    fn json_has_the_keys_of_a_full_hit() {
        let mut out = Vec::new();
        write_shown_json(&shown(), now(), &Look::plain(), &mut out).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let hit = serde_json::to_value(crate::search::Hit {
            full: Some(Full::default()),
            marks: vec![String::new()],
            ..Default::default()
        })
        .unwrap();
        for key in hit.as_object().unwrap().keys() {
            let of_a_search = ["score", "snippet"].contains(&key.as_str());
            assert_eq!(value.get(key).is_none(), of_a_search, "{key}");
        }
        assert_eq!(value["body"], shown().dispatch.body);
    }
}
