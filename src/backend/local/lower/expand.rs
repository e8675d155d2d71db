//! Truncated and misspelt words: the terms of a dictionary that fit.

use std::collections::HashMap;

use index_schema::ZoneFields;
use tantivy::{postings::TermInfo, schema::Field};
use unicode_normalization::UnicodeNormalization;

use super::{
    super::{kept::Dictionaries, misspelt::each_near, plan::Terms},
    Lowering,
};
use crate::matching::ask;

/// Most terms of a word that stands by itself.
pub(super) const ALONE: usize = 100_000;
/// Most terms of a word whose positions are read: each keeps about two kilobytes in memory.
pub(super) const IN_PASSAGE: usize = 4_096;

impl Lowering<'_> {
    /// The terms that a pattern of letters, `*` and `?` fits.
    pub(super) fn pattern(
        &self,
        field: Field,
        written: &str,
        most: usize,
    ) -> tantivy::Result<Terms> {
        let pattern = Pattern::new(written);
        let dictionaries = self.kept.dictionaries(self.searcher, field)?;
        self.expand(field, written, most, |visit| {
            pattern.terms(&dictionaries, visit)
        })
    }

    /// The terms that a few letters added, left out, exchanged or swapped make of a word.
    pub(super) fn misspelt(
        &self,
        field: Field,
        written: &str,
        most: usize,
    ) -> tantivy::Result<Terms> {
        let word = match &*ask(written) {
            [word] => word.exact.to_string(),
            _ => normal(written),
        };
        let mistakes = match word.chars().count() {
            0..=2 => 0,
            3..=5 => 1,
            _ => 2,
        };
        let shown = format!("{written}~");
        let dictionaries = self.kept.dictionaries(self.searcher, field)?;
        self.expand(field, &shown, most, |visit| {
            each_near(field, &dictionaries, &word, mistakes, visit)
        })
    }

    /// Gathers the terms; the most frequent ones if there are too many, with a notice.
    fn expand(
        &self,
        field: Field,
        written: &str,
        most: usize,
        terms: impl Fn(&mut dyn FnMut(usize, &str, &TermInfo)) -> tantivy::Result<()>,
    ) -> tantivy::Result<Terms> {
        let segments = self.searcher.segment_readers();
        let mut found: Vec<Vec<TermInfo>> = vec![Vec::new(); segments.len()];
        terms(&mut |place, _, info| found[place].push(info.clone()))?;
        // one term may stand in several segments, so that only a sum within bounds says enough
        if found.iter().map(Vec::len).sum::<usize>() > most {
            let mut frequencies: HashMap<Box<str>, u64> = HashMap::new();
            terms(&mut |_, term, info| {
                let documents = u64::from(info.doc_freq);
                match frequencies.get_mut(term) {
                    Some(sum) => *sum += documents,
                    None => {
                        frequencies.insert(term.into(), documents);
                    }
                }
            })?;
            if frequencies.len() > most {
                let all = frequencies.len();
                let mut ranked: Vec<_> = frequencies.into_iter().collect();
                ranked.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
                ranked.truncate(most);
                let kept: HashMap<_, _> = ranked.into_iter().collect();
                found.iter_mut().for_each(Vec::clear);
                terms(&mut |place, term, info| {
                    if kept.contains_key(term) {
                        found[place].push(info.clone());
                    }
                })?;
                self.notices.borrow_mut().push(format!(
                    "{written} fits {all} words; the {most} most frequent were searched"
                ));
            }
        }
        let documents = found.iter().flatten().map(|i| u64::from(i.doc_freq)).sum();
        Ok(Terms {
            field,
            found,
            documents,
        })
    }
}

/// A truncated word as the exact field would hold it.
struct Pattern {
    /// What every fitting word begins with.
    start: String,
    /// The rest, from the first `*` or `?`.
    rest: Vec<char>,
}

impl Pattern {
    fn new(written: &str) -> Self {
        let pattern = normal(written);
        let (start, rest) = pattern.split_at(pattern.find(['*', '?']).unwrap_or(pattern.len()));
        let mut rest: Vec<char> = rest.chars().collect();
        rest.dedup_by(|a, b| *a == '*' && *b == '*');
        Self {
            start: start.to_owned(),
            rest,
        }
    }

    fn terms(
        &self,
        dictionaries: &Dictionaries,
        visit: &mut dyn FnMut(usize, &str, &TermInfo),
    ) -> tantivy::Result<()> {
        for (place, index) in dictionaries.iter().enumerate() {
            let Some(index) = index else { continue };
            let mut range = index.terms().range().ge(&self.start);
            if let Some(end) = after(self.start.as_bytes()) {
                range = range.lt(end);
            }
            let mut stream = range.into_stream()?;
            while stream.advance() {
                let Ok(term) = std::str::from_utf8(stream.key()) else {
                    continue;
                };
                let form = ZoneFields::form_of(term);
                if self.fits(form) {
                    visit(place, form, stream.value());
                }
            }
        }
        Ok(())
    }

    /// Whether a form that begins as it must fits to its end.
    fn fits(&self, form: &str) -> bool {
        let rest = form.get(self.start.len()..);
        rest.is_some_and(|rest| self.rest == ['*'] || fits(&self.rest, rest))
    }
}

/// Matches with one point to return to: a later `*` makes the choices of an earlier one final.
fn fits(pattern: &[char], text: &str) -> bool {
    let mut text = text.chars();
    let mut at = 0;
    let mut last_star: Option<(usize, std::str::Chars<'_>)> = None;
    loop {
        let mut next = text.clone();
        match (pattern.get(at), next.next()) {
            (None, None) => return true,
            (Some('*'), _) => {
                at += 1;
                last_star = Some((at, text.clone()));
                continue;
            }
            (Some('?'), Some(_)) => at += 1,
            (Some(p), Some(c)) if *p == c => at += 1,
            _ => {
                // let the last star take one letter more
                let Some((after_star, from)) = &mut last_star else {
                    return false;
                };
                if from.next().is_none() {
                    return false;
                }
                at = *after_star;
                text = from.clone();
                continue;
            }
        }
        text = next;
    }
}

/// Lower-cased, NFC, with one kind of apostrophe: what the exact field holds.
fn normal(written: &str) -> String {
    let lower: String = written.nfc().flat_map(char::to_lowercase).collect();
    lower.nfc().collect::<String>().replace('\u{2019}', "'")
}

/// The first string after all that begin with `start`; none if there is no such string.
fn after(start: &[u8]) -> Option<Vec<u8>> {
    let mut end = start.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return Some(end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{super::super::questions, *};
    use crate::query::Query;

    fn word_fits(pattern: &str, word: &str) -> bool {
        let pattern = Pattern::new(pattern);
        word.starts_with(&pattern.start) && pattern.fits(word)
    }

    #[test]
    fn stars_take_any_letters_and_question_marks_one() {
        for (pattern, word) in [
            ("sundheds*", "sundhedsminister"),
            ("sundheds*", "sundheds"),
            ("SUNDHEDS*", "sundhedsplejerske"),
            ("m?n", "møn"),
            ("*minister", "statsminister"),
            ("*minister*", "ministeriet"),
            ("s*s*r", "statsminister"),
            ("*", "å"),
            ("?", "å"),
            ("a**b", "ab"),
        ] {
            assert!(word_fits(pattern, word), "{pattern} {word}");
        }
        for (pattern, word) in [
            ("m?n", "mn"),
            ("m?n", "maan"),
            ("*minister", "ministeren"),
            ("s*x*r", "statsminister"),
            ("?", "åå"),
            ("a*ba", "aba b"),
        ] {
            assert!(!word_fits(pattern, word), "{pattern} {word}");
        }
    }

    #[test]
    fn the_end_of_a_range_is_after_every_word_in_it() {
        assert_eq!(after(b"ab"), Some(b"ac".to_vec()));
        assert_eq!(after(b"a\xff"), Some(b"b".to_vec()));
        assert_eq!(after(b"\xff"), None);
        assert_eq!(after(b""), None);
    }

    #[test]
    fn of_too_many_terms_the_most_frequent_are_kept_and_it_is_said() {
        let bodies = ["ab ac ad", "ab ac", "ab ae", "b"];
        let items = (0..)
            .zip(bodies)
            .map(|(n, b): (u8, _)| questions::item(&n.to_string(), b));
        let index = questions::index(&items.collect::<Vec<_>>(), 2);
        let searcher = index.reader.searcher();
        let request = questions::request(Query::Everything);
        let lowering = Lowering::new(&index, &searcher, &request).unwrap();
        let body = index.fields.current.body.exact;
        // as many as fit, although they stand in two segments
        assert_eq!(lowering.pattern(body, "a*", 4).unwrap().documents, 7);
        assert!(lowering.notices.borrow().is_empty());
        // ab thrice, ac twice
        assert_eq!(lowering.pattern(body, "a*", 2).unwrap().documents, 5);
        let notices = lowering.notices.borrow();
        assert_eq!(notices.len(), 1);
        assert_eq!(
            notices[0],
            "a* fits 4 words; the 2 most frequent were searched"
        );
    }
}
