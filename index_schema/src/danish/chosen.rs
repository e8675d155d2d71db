//! Some words of a text: the others are passed over without analysis.

use std::ops::ControlFlow;

use super::words::{self, Span};
use super::{Analyzer, MAX_TERM_BYTES, Word, forms};

impl Analyzer {
    /// Hands over those words of a text that are asked for by their position and by how they are written, in order, until
    /// the asker breaks off. They are the same as [`words`](Self::words) hands over; only the time that the others take is
    /// saved.
    pub fn chosen_words(
        &mut self,
        text: &str,
        mut is_wanted: impl FnMut(usize, &str) -> ControlFlow<(), bool>,
        mut each: impl FnMut(usize, Word<'_>),
    ) {
        let Self { model, seen } = self;
        let mut next = 0;
        words::split_while(text, |span| {
            let position = next;
            next += 1;
            let Span { start, end, .. } = span;
            let written = &text[start..end];
            match is_wanted(position, written) {
                ControlFlow::Break(()) => return false,
                ControlFlow::Continue(false) => return true,
                ControlFlow::Continue(true) => {}
            }
            let completed = span
                .completed
                .and_then(|(from, to)| forms::completed_forms(model, written, &text[from..to]));
            let unkept = match completed {
                // as in `words`: longer words are kept by nobody
                None if written.len() > MAX_TERM_BYTES => Some(forms::forms(model, written)),
                completed => completed,
            };
            let forms = match &unkept {
                Some(forms) => forms,
                None => seen.get(written, || forms::forms(model, written)),
            };
            each(position, Word { start, end, forms });
            true
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_words_are_those_of_the_whole_text() {
        let text = format!(
            "Syd- og Nordkorea, f.eks. {}, EU-topmøde kl. 14.30 i 1.000 byer",
            "å".repeat(200)
        );
        let mut all = Vec::new();
        Analyzer::new().words(&text, |w| all.push((w.start, w.end, w.forms.clone())));
        let mut chosen = Vec::new();
        let mut analyzer = Analyzer::new();
        for parity in [0, 1] {
            analyzer.chosen_words(
                &text,
                |position, _| ControlFlow::Continue(position % 2 == parity),
                |position, w| chosen.push((position, (w.start, w.end, w.forms.clone()))),
            );
        }
        chosen.sort_by_key(|(position, _)| *position);
        assert_eq!(chosen, all.into_iter().enumerate().collect::<Vec<_>>());
    }

    #[test]
    fn words_are_chosen_by_how_they_are_written_until_it_is_enough() {
        let mut chosen = Vec::new();
        let is_wanted = |position, written: &str| match position {
            0..4 => ControlFlow::Continue(written.starts_with('b')),
            _ => ControlFlow::Break(()),
        };
        let text = "Havnen i byen er bred og bygget om";
        Analyzer::new().chosen_words(text, is_wanted, |position, w| {
            chosen.push((position, w.start));
        });
        assert_eq!(chosen, [(2, 9)]);
    }
}
