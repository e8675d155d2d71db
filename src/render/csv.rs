//! Comma-separated values as RFC 4180 has them: CR LF line ends, a header, quotes where needed.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use csv::{QuoteStyle, Terminator, WriterBuilder};

use super::{Look, OutputFormat, clean::steers};
use crate::search::{Full, Hit, Hits};

/// A row a hit: `--format csv`.
pub(super) struct Csv;

/// The columns of every hit, named as in JSON.
const COLUMNS: [&str; 12] = [
    "id", "guid", "version", "date", "source", "headline", "language", "status", "path", "item",
    "score", "snippet",
];

/// The columns that `--full` adds. Lists are joined by `; `.
const FULL_COLUMNS: [&str; 12] = [
    "format",
    "credit",
    "slug",
    "keywords",
    "byline",
    "place",
    "urgency",
    "categories",
    "embargo",
    "note",
    "body",
    "paths",
];

impl OutputFormat for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn about(&self) -> &'static str {
        "comma-separated values with a header (RFC 4180)"
    }

    fn begin(&self, _: &Hits, look: &Look, out: &mut dyn Write) -> io::Result<()> {
        let full: &[&str] = if look.full { &FULL_COLUMNS } else { &[] };
        row(COLUMNS.iter().chain(full).map(|c| Cow::Borrowed(*c)), out)
    }

    fn hit(&self, _: u64, hit: &Hit, look: &Look, out: &mut dyn Write) -> io::Result<()> {
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        let mut fields = vec![
            hit.id.clone(),
            text(&hit.guid),
            text(&hit.version),
            text(&hit.date),
            text(&hit.source),
            text(&hit.headline),
            text(&hit.language),
            hit.status.clone(),
            hit.path.clone(),
            hit.item.to_string(),
            hit.score.to_string(),
            hit.snippet
                .as_ref()
                .map(|s| s.text.clone())
                .unwrap_or_default(),
        ];
        if look.full {
            let full = hit.full.clone().unwrap_or_default();
            fields.extend(full_fields(full));
        }
        row(fields.into_iter().map(Cow::Owned), out)
    }
}

fn full_fields(full: Full) -> [String; 12] {
    let text = Option::unwrap_or_default;
    [
        full.format,
        text(full.credit),
        text(full.slug),
        full.keywords.join("; "),
        text(full.byline),
        text(full.place),
        text(full.urgency),
        full.categories.join("; "),
        text(full.embargo),
        text(full.note),
        full.body,
        full.paths.join("; "),
    ]
}

fn row<'a>(fields: impl Iterator<Item = Cow<'a, str>>, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Necessary)
        .buffer_capacity(1 << 10)
        .from_writer(out);
    let record: Vec<String> = fields.map(|f| printable(&f)).collect();
    writer.write_record(record).map_err(io::Error::from)?;
    writer.flush()
}

/// RFC 4180 (2) knows no controls in text but line ends, which stand in quotes.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' => c,
            c if steers(c) => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Snippet;

    #[test]
    fn a_reader_of_csv_gets_back_what_was_written() {
        let hit = Hit {
            id: "content:1".to_owned(),
            headline: Some("\"Nej\", siger\nhun; æ\x1b[31m".to_owned()),
            path: "/feeds/a, b.txt".to_owned(),
            snippet: Some(Snippet {
                text: "et, to".to_owned(),
                marks: vec![(0, 2)],
            }),
            full: Some(Full {
                body: "et\n\nto".to_owned(),
                keywords: vec!["a".to_owned(), "b".to_owned()],
                ..Full::default()
            }),
            ..Hit::default()
        };
        for full in [false, true] {
            let look = Look {
                full,
                ..Look::plain()
            };
            let answer = Hits {
                hits: vec![hit.clone()],
                ..Hits::default()
            };
            let mut out = Vec::new();
            Csv.render(&answer, &look, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert!(text.starts_with("id,guid,version,date,source,headline,"));
            assert!(text.ends_with("\r\n"));
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let columns = reader.headers().unwrap().clone();
            let rows: Vec<_> = reader.records().collect::<Result<_, _>>().unwrap();
            assert_eq!(rows.len(), 1);
            assert_eq!(rows[0].len(), columns.len());
            let value = |name: &str| {
                let at = columns.iter().position(|c| c == name)?;
                Some(rows[0][at].to_owned())
            };
            assert_eq!(
                value("headline").unwrap(),
                "\"Nej\", siger\nhun; æ\u{fffd}[31m"
            );
            assert_eq!(value("path").unwrap(), "/feeds/a, b.txt");
            assert_eq!(value("body"), full.then(|| "et\n\nto".to_owned()));
            assert_eq!(value("keywords"), full.then(|| "a; b".to_owned()));
        }
    }
}
