//! Some words of a text: the others are passed over without analysis.

use std::ops::ControlFlow;

use super::{Analyzer, MAX_TERM_BYTES, Word, Written, words};

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
            let word = Written::of(text, span);
            match is_wanted(position, word.text) {
                ControlFlow::Break(()) => return false,
                ControlFlow::Continue(false) => return true,
                ControlFlow::Continue(true) => {}
            }
            // as in `words`: what its neighbours or its length make of a word is not kept
            let unkept = (word.is_completed() || word.text.len() > MAX_TERM_BYTES)
                .then(|| word.forms(model));
            let forms = match &unkept {
                Some(forms) => forms,
                None => seen.get(word.text, || word.forms(model)),
            };
            let (start, end) = (span.start, span.end);
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
