//! What to say when there are no hits, and how a question was read.

use std::io::{self, Write};

use super::{
    Look,
    look::{FAINT, STRONG},
    page::{Page, Run},
    summary::{counted, grouped, hits, milliseconds},
    table::write_table,
};
use crate::search::{Hits, LeaveOut, WordCount};

/// Writes how a question was read: the whole, then its words with the count of each.
///
/// # Errors
///
/// Fails if `out` does.
pub fn write_explanation(answer: &Hits, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    Page::new(look, out).labelled(
        &[Run::new("read as", FAINT)],
        9,
        &[Run::new(&answer.read_as, STRONG)],
    )?;
    let words = answer.words.as_deref().unwrap_or_default();
    write_table(&["word", "dispatches", "read as"], &rows(words), look, out)?;
    Page::new(look, out).blank_line()
}

fn rows(words: &[WordCount]) -> Vec<Vec<String>> {
    words
        .iter()
        .map(|w| vec![w.word.clone(), grouped(w.count), w.read_as.clone()])
        .collect()
}

/// Writes why there are no hits and what may help: the count of each word (unless the question was explained), what is
/// near a word that stands nowhere, and which word to leave out.
///
/// # Errors
///
/// Fails if `out` does.
pub fn write_advice(answer: &Hits, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(look, out);
    let time = format!(" ({})", milliseconds(answer.took_ms));
    page.paragraph(0, &[Run::new("no hits", STRONG), Run::new(&time, FAINT)])?;
    let words = answer.words.as_deref().unwrap_or_default();
    for word in words {
        let near = near(answer, &word.word);
        let label = format!("  {}", word.word);
        if look.explain {
            // the explanation has the counts already
            if let Some(near) = near {
                let text = format!("near it: {near}");
                page.labelled(&[Run::plain(&label)], 24, &[Run::plain(&text)])?;
            }
            continue;
        }
        let count = match word.count {
            0 => "in no dispatch".to_owned(),
            n => format!("in {}", counted(n, "dispatch", "dispatches")),
        };
        let mut text = count;
        if let Some(near) = near {
            text.push_str("; near it: ");
            text.push_str(&near);
        }
        page.labelled(&[Run::plain(&label)], 24, &[Run::plain(&text)])?;
    }
    for LeaveOut { condition, count } in answer.leave_out.iter().take(3) {
        let text = format!("{} without {condition}", hits(*count));
        page.paragraph(2, &[Run::plain(&text)])?;
    }
    Ok(())
}

/// The words near one that stands nowhere: `landminer (412), …`.
fn near(answer: &Hits, word: &str) -> Option<String> {
    let suggestions = answer.suggestions.as_deref()?;
    let found = suggestions.iter().find(|s| s.word == word)?;
    let near: Vec<String> = found
        .instead
        .iter()
        .map(|i| format!("{} ({})", i.word, grouped(i.count)))
        .collect();
    Some(near.join(", ")).filter(|n| !n.is_empty())
}
