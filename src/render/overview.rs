//! What an index holds, for people.

use std::io::{self, Write};

use anstyle::Style;

use super::{
    Look,
    look::{FAINT, PLAIN, STRONG},
    page::{Page, Run},
    summary::{counted, grouped},
    table::write_table,
};
use crate::status::{Reason, Status};

/// Room for the longest label and two blanks.
const LABEL: usize = 14;

/// Writes a status for reading.
///
/// # Errors
///
/// Fails if `out` does.
pub fn write_status(status: &Status, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(look, out);
    row("dispatches", &grouped(status.dispatches), STRONG, &mut page)?;
    if let (Some(first), Some(last)) = (&status.dates.first, &status.dates.last) {
        let dates = format!("{} to {}", look.date(first), look.date(last));
        row("dates", &dates, PLAIN, &mut page)?;
    }
    for root in &status.roots {
        page.labelled_name(Run::new("root", FAINT), LABEL, root, PLAIN)?;
        if status.missing_roots.contains(root) {
            let missing = "not there now; what came from it is kept";
            row("", missing, STRONG, &mut page)?;
        }
    }
    row("files", &grouped(status.files), PLAIN, &mut page)?;
    row("last run", &last_run(status, look), PLAIN, &mut page)?;
    let kept = [
        (
            "gone",
            status.gone,
            "kept though no file holds them any more",
        ),
        ("embargoed", status.embargoed, "not found yet"),
        ("withheld", status.withheld, "held back by their sender"),
        ("killed", status.killed, "by their sender"),
        (
            "superseded",
            status.superseded,
            "older versions, found with --all-versions",
        ),
    ];
    for (label, count, meaning) in kept.into_iter().filter(|k| k.1 > 0) {
        row(
            label,
            &format!("{} ({meaning})", grouped(count)),
            PLAIN,
            &mut page,
        )?;
    }
    row("size", &size(status.bytes), PLAIN, &mut page)?;
    let index = format!(
        "schema {}, analysis {}, {}",
        status.schema,
        status.analysis,
        counted(status.segments, "segment", "segments")
    );
    row("index", &index, FAINT, &mut page)?;
    sources(status, look, out)?;
    reasons("turned away", &status.rejected, look, out)?;
    reasons("passed over", &status.passed_over, look, out)
}

fn row(label: &str, value: &str, style: Style, page: &mut Page<'_>) -> io::Result<()> {
    page.labelled(&[Run::new(label, FAINT)], LABEL, &[Run::new(value, style)])
}

fn last_run(status: &Status, look: &Look) -> String {
    let Some(run) = &status.last_run else {
        return "none yet".to_owned();
    };
    let mut text = look.date(&run.at);
    let done = [
        (run.added, "added"),
        (run.replaced, "replaced"),
        (run.killed, "killed"),
        (run.pruned, "pruned"),
    ];
    for (count, what) in done.into_iter().filter(|d| d.0 > 0) {
        text.push_str(&format!(", {} {what}", grouped(count)));
    }
    text.push_str(&format!(" ({:.1} s)", run.seconds));
    text
}

fn sources(status: &Status, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    if status.sources.is_empty() {
        return Ok(());
    }
    Page::new(look, out).blank_line()?;
    let rows: Vec<Vec<String>> = status
        .sources
        .iter()
        .map(|s| {
            let last = s.last.as_deref().map(|d| look.date(d));
            let last = last.unwrap_or_else(|| "undated".to_owned());
            vec![grouped(s.count), last, s.value.clone()]
        })
        .collect();
    write_table(&["dispatches", "last", "source"], &rows, look, out)
}

fn reasons(title: &str, reasons: &[Reason], look: &Look, out: &mut dyn Write) -> io::Result<()> {
    if reasons.is_empty() {
        return Ok(());
    }
    let mut page = Page::new(look, out);
    page.blank_line()?;
    let files = reasons.chunk_by(|a, b| a.path == b.path);
    let count = counted(files.clone().count() as u64, "file", "files");
    let title = format!("{count} {title}");
    page.line(&[Run::new(&title, STRONG)])?;
    for file in files {
        for (i, Reason { path, reason }) in file.iter().enumerate() {
            if i == 0 {
                page.path(2, path, PLAIN)?;
            }
            page.paragraph(6, &[Run::plain(reason)])?;
        }
    }
    Ok(())
}

/// Bytes in the largest unit that leaves a digit before the point; units as in the config file, powers of 1024.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "kB", "MB", "GB", "TB"];
    let mut size = bytes as f64;
    let mut unit = 0;
    while size >= 1024.0 && unit + 1 < UNITS.len() {
        size /= 1024.0;
        unit += 1;
    }
    match unit {
        0 => counted(bytes, "byte", "bytes"),
        _ => format!("{size:.1} {}", UNITS[unit]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::{Dates, RunStatus, SourceStatus};

    #[test]
    fn a_status_says_what_matters_and_no_zeros() {
        let status = Status {
            dispatches: 12_345,
            dates: Dates {
                first: Some("2016".to_owned()),
                last: Some("2017-03-14T12:30:00+01:00".to_owned()),
            },
            sources: vec![SourceStatus {
                value: "Ritzau".to_owned(),
                count: 9,
                last: Some("2017-03".to_owned()),
            }],
            roots: vec!["/srv/feeds".to_owned(), "/mnt/away".to_owned()],
            missing_roots: vec!["/mnt/away".to_owned()],
            last_run: Some(RunStatus {
                at: "2017-03-14T11:35:00Z".to_owned(),
                seconds: 0.25,
                added: 3,
                ..RunStatus::default()
            }),
            bytes: 1_234_567,
            schema: 1,
            analysis: "da-1".to_owned(),
            files: 12_000,
            rejected: ["line 3: expected '<'", "line 9: no text"]
                .map(|reason| Reason {
                    path: "/srv/feeds/x.xml".to_owned(),
                    reason: reason.to_owned(),
                })
                .to_vec(),
            gone: 2,
            segments: 4,
            ..Status::default()
        };
        let mut out = Vec::new();
        write_status(&status, &Look::plain(), &mut out).unwrap();
        let expected = "\
dispatches    12,345
dates         2016 to 2017-03-14 11:30
root          /srv/feeds
root          /mnt/away
              not there now; what came from it is kept
files         12,000
last run      2017-03-14 11:35, 3 added (0.2 s)
gone          2 (kept though no file holds them any more)
size          1.2 MB
index         schema 1, analysis da-1, 4 segments

dispatches  last     source
9           2017-03  Ritzau

1 file turned away
  /srv/feeds/x.xml
      line 3: expected '<'
      line 9: no text
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn one_is_one() {
        let status = Status {
            segments: 1,
            bytes: 1,
            ..Status::default()
        };
        let mut out = Vec::new();
        write_status(&status, &Look::plain(), &mut out).expect("a vector");
        let text = String::from_utf8(out).expect("text");
        assert!(text.contains(", 1 segment\n"), "{text}");
        assert!(text.contains(" 1 byte\n"), "{text}");
    }

    #[test]
    fn sizes_have_a_digit_before_the_point() {
        let sizes = [0, 1023, 1024, 3 << 19, u64::MAX].map(size);
        assert_eq!(
            sizes,
            [
                "0 bytes",
                "1,023 bytes",
                "1.0 kB",
                "1.5 MB",
                "16777216.0 TB"
            ]
        );
    }
}
