//! Small tables: columns as wide as their widest cell.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::{
    Look,
    clean::clean,
    look::{FAINT, PLAIN},
    page::{BESIDE, Page, Run},
};

/// Writes rows below a faint head; the last column is wrapped beside the others. An empty head is left out. Where the
/// place is too narrow for columns, the cells of a row stand below each other.
///
/// # Errors
///
/// Fails if `out` does.
pub fn write_table(
    head: &[&str],
    rows: &[Vec<String>],
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    write_rows(head, rows, false, look, out)
}

/// Writes rows as [`write_table`] does, but for the last column: its cells are paths and the like, which stay whole, for
/// whatever reads them next.
///
/// # Errors
///
/// Fails if `out` does.
pub fn write_values(
    head: &[&str],
    rows: &[Vec<String>],
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    write_rows(head, rows, true, look, out)
}

fn write_rows(
    head: &[&str],
    rows: &[Vec<String>],
    whole: bool,
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let wide = |cell: &str| clean(cell).width();
    let widths: Vec<usize> = (0..columns)
        .map(|i| {
            let cells = rows.iter().filter_map(|r| r.get(i)).map(|c| wide(c));
            cells.chain(head.get(i).map(|h| wide(h))).max().unwrap_or(0)
        })
        .collect();
    let mut page = Page::new(look, out);
    if let Some((last, front)) = widths.split_last() {
        let front: usize = front.iter().map(|w| w + 2).sum();
        if !whole && front + last.min(&BESIDE) > look.width {
            return stacked(head, rows, &mut page);
        }
    }
    let head: Vec<String> = head.iter().map(|&h| h.to_owned()).collect();
    let head = Some(&head).filter(|h| !h.is_empty());
    for (i, row) in head.into_iter().chain(rows).enumerate() {
        let style = if i == 0 && head.is_some() {
            FAINT
        } else {
            PLAIN
        };
        let (last, front) = match row.split_last() {
            Some((last, front)) if row.len() == columns => (last.as_str(), front),
            _ => ("", row.as_slice()),
        };
        let mut label = String::new();
        let mut margin = 0;
        for (cell, width) in front.iter().zip(&widths) {
            label.push_str(cell);
            margin += width + 2;
            label.extend(std::iter::repeat_n(' ', width + 2 - wide(cell)));
        }
        if whole {
            page.line(&[Run::new(&label, style), Run::new(last, style)])?;
            continue;
        }
        page.labelled(
            &[Run::new(label.trim_end(), style)],
            margin,
            &[Run::new(last, style)],
        )?;
    }
    Ok(())
}

/// A cell a line, each beside the head of its column.
fn stacked(head: &[&str], rows: &[Vec<String>], page: &mut Page<'_>) -> io::Result<()> {
    let margin = head.iter().map(|h| h.width() + 2).max().unwrap_or(0);
    for (i, row) in rows.iter().enumerate() {
        if i > 0 {
            page.blank_line()?;
        }
        for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let label = head.get(column).copied().unwrap_or_default();
            page.labelled(&[Run::new(label, FAINT)], margin, &[Run::plain(cell)])?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_a_narrow_place_cells_stand_below_each_other() {
        let rows = [["sundhedsministeren", "", "regel"], ["i", "i", "ord"]];
        let rows = rows.map(|r| r.map(str::to_owned).to_vec());
        let look = Look {
            width: 18,
            ..Look::plain()
        };
        let mut out = Vec::new();
        write_table(&["word", "main", "why"], &rows, &look, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "word\n  sundhedsminister\n  en\nwhy   regel\n\nword  i\nmain  i\nwhy   ord\n"
        );
    }

    #[test]
    fn values_stay_whole_in_any_place() {
        let rows = [["index", "/srv/a  folder/of an index"], ["pager", "less"]];
        let rows = rows.map(|r| r.map(str::to_owned).to_vec());
        for width in [1, 18, 80] {
            let look = Look {
                width,
                ..Look::plain()
            };
            let mut out = Vec::new();
            write_values(&["setting", "value"], &rows, &look, &mut out).expect("a vector");
            assert_eq!(
                String::from_utf8(out).expect("text"),
                "setting  value\nindex    /srv/a  folder/of an index\npager    less\n"
            );
        }
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a", "bb", "tre ord her"], ["ååå", "", "x"]];
        let rows = rows.map(|r| r.map(str::to_owned).to_vec());
        let mut out = Vec::new();
        write_table(&["1", "2", "3"], &rows, &Look::plain(), &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "1    2   3\na    bb  tre ord her\nååå      x\n"
        );
    }
}
