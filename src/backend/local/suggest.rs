//! Words near one that stands in no visible dispatch.
//!
//! Near spellings come from the term dictionaries, which also hold the words of embargoed and deleted dispatches. So a
//! term is a candidate there and no more: it is suggested only with a count of visible dispatches, and not at all where
//! that is zero.

use std::collections::{BTreeMap, HashMap, HashSet};

use index_schema::{Fields, danish};
use tantivy::{
    DocId, DocSet, Searcher, SegmentReader, TERMINATED, Term, columnar::Column,
    schema::IndexRecordOption,
};

use super::{kept::Kept, misspelt::each_near};
use crate::{
    matching::{errors, errors_allowed},
    search::Instead,
};

/// Most words to try instead.
const MOST: usize = 5;

/// Longest word that near spellings are looked for, in letters.
const LONGEST: usize = 64;

/// How many of the candidates with the same number of errors are counted: the most frequent ones. What is rarer is
/// misspelt itself more often than not.
const COUNTED: usize = 50;

/// A word that is so many times rarer than a nearer one is that word misspelt.
const RARER: u64 = 100;

/// How Danish letters are typed where they are missing.
const TYPED: [(&str, &str); 3] = [("ae", "æ"), ("oe", "ø"), ("aa", "å")];

/// Whole words near `word`, each with the number of visible dispatches that have it in any inflection. The nearest come
/// first, then the most frequent. Inflections of one word are one suggestion: the most frequent of the nearest forms.
///
/// Visible are current dispatches that are not embargoed at `now` (seconds since 1970); all current ones without `now`.
///
/// # Errors
///
/// Fails if the index is damaged.
pub(crate) fn near(
    searcher: &Searcher,
    kept: &Kept,
    fields: &Fields,
    word: &str,
    now: Option<i64>,
) -> tantivy::Result<Vec<Instead>> {
    let exact = match danish::ask(word).as_slice() {
        [asked] => asked.exact.clone(),
        _ => return Ok(Vec::new()),
    };
    // numbers are not misspelt words of each other
    if exact.chars().count() > LONGEST || exact.chars().any(char::is_numeric) {
        return Ok(Vec::new());
    }
    let archive = Archive {
        searcher,
        kept,
        fields,
        now,
    };
    let mut found: Vec<Near> = Vec::new();
    for (errors, forms) in archive.candidates(&exact)? {
        for (main, forms) in by_main_token(forms) {
            if found.iter().all(|n| n.main != main) {
                found.extend(archive.admitted(main, &forms, errors, &exact)?);
            }
        }
        if found.len() >= MOST {
            break;
        }
    }
    found.sort_by(|a, b| a.rank().cmp(&b.rank()));
    let mut most = 0;
    found.retain(|n| {
        most = most.max(n.instead.count);
        n.instead.count.saturating_mul(RARER) >= most
    });
    found.truncate(MOST);
    Ok(found.into_iter().map(|n| n.instead).collect())
}

/// A word that may be suggested.
struct Near {
    main: Box<str>,
    errors: usize,
    other_first_letter: bool,
    instead: Instead,
}

impl Near {
    /// The first letter of a word is rarely wrong, so a word with another one is a worse guess.
    fn rank(&self) -> impl Ord + '_ {
        let rarity = std::cmp::Reverse(self.instead.count);
        (
            self.errors,
            self.other_first_letter,
            rarity,
            &self.instead.word,
        )
    }
}

/// What can be seen of an index.
struct Archive<'a> {
    searcher: &'a Searcher,
    kept: &'a Kept,
    fields: &'a Fields,
    now: Option<i64>,
}

impl Archive<'_> {
    /// Words near an exact form, by their number of errors; those that stand in the most documents first.
    fn candidates(&self, exact: &str) -> tantivy::Result<BTreeMap<usize, Vec<String>>> {
        let most = usize::from(errors_allowed(exact));
        let mut found: HashMap<String, (usize, u64)> = HashMap::new();
        for (spelling, penalty) in spellings(exact) {
            for field in [
                self.fields.current.headline.exact,
                self.fields.current.body.exact,
            ] {
                let dictionaries = self.kept.dictionaries(self.searcher, field)?;
                each_near(
                    field,
                    &dictionaries,
                    &spelling,
                    most as u8,
                    &mut |_, word, info| {
                        let errors = errors(&spelling, word, most) + penalty;
                        let documents = info.doc_freq.into();
                        match found.get_mut(word) {
                            Some(seen) => *seen = (seen.0.min(errors), seen.1 + documents),
                            None => drop(found.insert(word.to_owned(), (errors, documents))),
                        }
                    },
                )?;
            }
        }
        let mut by_errors: BTreeMap<usize, Vec<(u64, String)>> = BTreeMap::new();
        for (word, (errors, documents)) in found {
            by_errors.entry(errors).or_default().push((documents, word));
        }
        let most_frequent = |mut words: Vec<(u64, String)>| {
            words.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
            words.into_iter().take(COUNTED).map(|(_, w)| w).collect()
        };
        let by_errors = by_errors.into_iter();
        Ok(by_errors.map(|(e, w)| (e, most_frequent(w))).collect())
    }

    /// The suggestion for some forms of a word, if one of them stands in a visible dispatch.
    fn admitted(
        &self,
        main: Box<str>,
        forms: &[String],
        errors: usize,
        typed: &str,
    ) -> tantivy::Result<Option<Near>> {
        let zones = self.fields.current.zones();
        let mut best: Option<(u64, &String)> = None;
        for form in forms {
            let count = self.count(&zones.map(|z| z.exact_form(form)))?;
            if count > best.map_or(0, |(most, _)| most) {
                best = Some((count, form));
            }
        }
        let Some((_, word)) = best else {
            return Ok(None);
        };
        let count = self.count(&zones.map(|z| z.main_token(&main)))?;
        Ok(Some(Near {
            main,
            errors,
            other_first_letter: word.chars().next() != typed.chars().next(),
            instead: Instead {
                word: word.clone(),
                count,
            },
        }))
    }

    /// In how many visible documents one of the terms stands.
    fn count(&self, terms: &[[Term; 2]; 2]) -> tantivy::Result<u64> {
        let mut count = 0;
        for segment in self.searcher.segment_readers() {
            let mut lists = Vec::new();
            for term in terms.as_flattened() {
                let index = segment.inverted_index(term.field())?;
                lists.extend(index.read_postings(term, IndexRecordOption::Basic)?);
            }
            if lists.is_empty() {
                continue;
            }
            let visible = self.visible(segment)?;
            loop {
                let docs = lists.iter().map(DocSet::doc);
                let Some(doc) = docs.min().filter(|&d| d != TERMINATED) else {
                    break;
                };
                count += u64::from(visible(doc));
                for list in lists.iter_mut().filter(|l| l.doc() == doc) {
                    list.advance();
                }
            }
        }
        Ok(count)
    }

    /// Whether a document of a segment may be seen; only current dispatches have terms in the fields looked at.
    fn visible<'s>(
        &self,
        segment: &'s SegmentReader,
    ) -> tantivy::Result<impl Fn(DocId) -> bool + use<'s>> {
        let name = segment.schema().get_field_name(self.fields.embargo_until);
        let until: Option<Column<i64>> = segment.fast_fields().column_opt(name)?;
        let now = self.now;
        Ok(move |doc| {
            let embargoed = |now| {
                let until = until.as_ref().and_then(|u| u.first(doc));
                until.is_some_and(|t| t > now)
            };
            !segment.is_deleted(doc) && !now.is_some_and(embargoed)
        })
    }
}

/// The word, and what it may have been meant to be if its typist had no Danish letters; each with its errors.
fn spellings(word: &str) -> Vec<(String, usize)> {
    let mut spellings = vec![(word.to_owned(), 0)];
    let all = TYPED
        .iter()
        .fold(word.to_owned(), |w, (typed, meant)| w.replace(typed, meant));
    let one_by_one = TYPED.map(|(typed, meant)| word.replace(typed, meant));
    let mut seen = HashSet::from([word.to_owned()]);
    for spelling in one_by_one.into_iter().chain([all]) {
        if seen.insert(spelling.clone()) {
            spellings.push((spelling, 1));
        }
    }
    spellings
}

/// Forms of the same word together, in the order in which the words come up.
fn by_main_token(forms: Vec<String>) -> Vec<(Box<str>, Vec<String>)> {
    let mut analyzer = danish::Analyzer::new();
    let mut words: Vec<(Box<str>, Vec<String>)> = Vec::new();
    for form in forms {
        let mut main = None;
        analyzer.words(&form, |w| main = Some(w.forms.main.clone()));
        let Some(main) = main else {
            continue;
        };
        match words.iter_mut().find(|(m, _)| *m == main) {
            Some((_, forms)) => forms.push(form),
            None => words.push((main, vec![form])),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use index_schema::{Record, State};

    use super::*;
    use crate::backend::local::{LocalSearcher, drafts::record};

    const NOW: i64 = 1_500_000_000;

    fn suggested(records: &[Record], word: &str, now: Option<i64>) -> Vec<(String, u64)> {
        let (a, b) = records.split_at(records.len() / 2);
        let index = LocalSearcher::in_memory(&[a, b]);
        let instead = near(
            &index.reader.searcher(),
            &index.kept,
            &index.fields,
            word,
            now,
        )
        .unwrap();
        instead.into_iter().map(|i| (i.word, i.count)).collect()
    }

    fn archive() -> Vec<Record> {
        vec![
            record("1")
                .headline("Landminer ved Palmyra")
                .body("Landminer er farlige.")
                .build(),
            record("2")
                .body("Sundhedsministeren taler. En landmine sprang.")
                .build(),
            record("3")
                .body("En sundhedsminister talte om landminerne og læger.")
                .build(),
            record("4").body("Krigen i Syrien").build(),
        ]
    }

    fn words(found: &[(String, u64)]) -> Vec<&str> {
        found.iter().map(|(w, _)| w.as_str()).collect()
    }

    #[test]
    fn a_misspelt_word_is_suggested_as_it_stands() {
        let found = suggested(&archive(), "landmner", Some(NOW));
        assert_eq!(found[0], ("landminer".to_owned(), 3));
        assert_eq!(
            words(&suggested(&archive(), "sundhedminister", Some(NOW))),
            ["sundhedsminister"]
        );
        assert_eq!(
            words(&suggested(&archive(), "Plamyra", Some(NOW))),
            ["palmyra"]
        );
        assert!(suggested(&archive(), "regnvejr", Some(NOW)).is_empty());
    }

    #[test]
    fn danish_letters_may_be_typed_as_two() {
        assert_eq!(
            words(&suggested(&archive(), "laegre", Some(NOW))),
            ["læger"]
        );
    }

    #[test]
    fn inflections_are_one_suggestion() {
        assert_eq!(suggested(&archive(), "lamdmine", Some(NOW)).len(), 1);
    }

    #[test]
    fn what_stands_only_in_an_embargo_is_neither_suggested_nor_counted() {
        let embargoed = [
            record("1")
                .body("Fusionen er klar")
                .embargo(NOW + 1)
                .build(),
            record("2")
                .body("Fusionen er klar, også landminer")
                .embargo(NOW + 1)
                .build(),
            record("3").body("landminer").build(),
        ];
        assert!(suggested(&embargoed, "fusjonen", Some(NOW)).is_empty());
        assert_eq!(
            suggested(&embargoed, "landmner", Some(NOW)),
            [("landminer".to_owned(), 1)]
        );
        assert_eq!(
            suggested(&embargoed, "fusjonen", Some(NOW + 1)),
            [("fusionen".to_owned(), 2)]
        );
        assert_eq!(
            suggested(&embargoed, "landmner", None),
            [("landminer".to_owned(), 2)]
        );
    }

    #[test]
    fn superseded_and_withheld_texts_suggest_nothing() {
        for state in [State::Superseded, State::Withheld] {
            let records = [record("1").body("landminer").state(state).build()];
            assert!(suggested(&records, "landmner", None).is_empty());
        }
    }

    #[test]
    fn numbers_and_several_words_have_no_near_spellings() {
        let records = [record("1").body("Det sker i 2017").build()];
        for word in ["2018", "i 2018", "", "?!"] {
            assert!(suggested(&records, word, None).is_empty(), "{word}");
        }
    }

    #[test]
    fn any_word_may_be_asked_for() {
        let index = LocalSearcher::in_memory(&[&archive()]);
        proptest::proptest!(|(word in "\\PC{0,12}")| {
            near(&index.reader.searcher(), &index.kept, &index.fields, &word, Some(NOW)).unwrap();
        });
    }
}
