//! A stored record as a hit.

use index_schema::{Dispatch, Origin, RawPath, Record, shown_status};

use super::path_of;
use crate::search::{Full, Hit};

/// The hit of a record, with the file at place `shown` of its origins.
pub(super) fn hit_of(
    record: Record,
    shown: usize,
    roots: &[RawPath],
    now: i64,
    score: f32,
    full: bool,
) -> Hit {
    let status = shown_status(&record, now).to_owned();
    let shown = record.origins.get(shown);
    let path = shown.map(|o| path_as_found(roots, o)).unwrap_or_default();
    let path_bytes = shown.and_then(|o| bytes_of_path(roots, o));
    let item = shown.map_or(0, |o| o.item);
    let paths = if full {
        record
            .origins
            .iter()
            .map(|o| path_as_found(roots, o))
            .collect()
    } else {
        Vec::new()
    };
    let d = record.dispatch.unwrap_or_default();
    let opening = d.headline.is_none().then(|| opening(&d.body));
    Hit {
        opening,
        id: record.key,
        status,
        marks: marks(&d),
        path,
        path_bytes,
        item,
        score,
        headline_marks: Vec::new(),
        snippet: None,
        date: d.date.map(|date| date.to_string()),
        full: full.then(|| Full {
            format: d.format,
            credit: d.credit,
            slug: d.slug,
            keywords: d.keywords,
            byline: d.byline,
            place: d.place,
            urgency: d.urgency,
            categories: d.categories,
            embargo: d.embargo.map(|e| e.to_string()),
            note: d.note,
            body: d.body,
            paths,
        }),
        guid: d.guid,
        version: d.version,
        source: d.source,
        headline: d.headline,
        language: d.language,
    }
}

/// Letters of a dispatch's first words.
const OPENING: usize = 120;

/// The first words of a text without a headline, on one line.
fn opening(body: &str) -> String {
    // some letters take two bytes
    let mut opening = String::with_capacity(OPENING * 5 / 4);
    let mut letters = 0;
    for word in body.split_whitespace() {
        letters += word.chars().count() + 1;
        if opening.is_empty() {
            opening.extend(word.chars().take(OPENING));
            continue;
        }
        if letters > OPENING {
            opening.push('…');
            break;
        }
        opening.push(' ');
        opening.push_str(word);
    }
    opening
}

/// What the sender says of the version, in a newsroom's words.
fn marks(dispatch: &Dispatch) -> Vec<String> {
    let mut marks: Vec<String> = dispatch
        .marks
        .iter()
        .map(|m| m.label().to_owned())
        .collect();
    marks.extend(dispatch.related.clone());
    marks
}

/// The bytes of a path that is not UTF-8.
fn bytes_of_path(roots: &[RawPath], origin: &Origin) -> Option<Vec<u8>> {
    let is_text = |path: &RawPath| matches!(path, RawPath::Text(_));
    if is_text(&origin.path) && roots.iter().all(is_text) {
        return None;
    }
    let path = RawPath::of(&path_of(roots, origin.root, &origin.path));
    let RawPath::Bytes(mut bytes) = path else {
        return None;
    };
    if let Some(member) = &origin.member {
        bytes.push(b'!');
        bytes.extend_from_slice(member.as_bytes());
    }
    Some(bytes)
}

/// The path of a file as found, with the member of an archive; what is not UTF-8 in it is replaced.
pub(super) fn path_as_found(roots: &[RawPath], origin: &Origin) -> String {
    let path = path_of(roots, origin.root, &origin.path);
    let path = path.to_string_lossy();
    match &origin.member {
        Some(member) => format!("{path}!{member}"),
        None => path.into_owned(),
    }
}
