//! What a passage asks of a text, down to single words.

use std::{collections::HashMap, ops::ControlFlow};

use index_schema::danish::{Analyzer, Asked, Forms, Part};

use super::{
    ask,
    spans::{Span, in_order, mentions, neighbours, phrase},
    spelling::{Room, Spelling},
};
use crate::query::Passage;

/// What a passage asks for; a single word is a number in [`Conditions`].
#[derive(Clone, Debug)]
pub(super) enum Condition {
    Word(usize),
    Phrase(Vec<Self>),
    AnyOf(Vec<Self>),
    Near {
        distance: u32,
        ordered: bool,
        of: Vec<Self>,
    },
    AtLeast {
        times: usize,
        of: Box<Self>,
    },
}

/// What is asked of a single word.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Word {
    /// Its main token, or that of a part, is one of these.
    Main {
        terms: Box<[Box<str>]>,
        parts: bool,
    },
    Exact(Box<str>),
    Spelled(Spelling),
}

/// All that is asked of single words, each once, so that a word of a text is looked up and not compared with each.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    compounds: bool,
    numbers: HashMap<Word, usize>,
    main: HashMap<Box<str>, Vec<usize>>,
    parts: HashMap<Box<str>, Vec<usize>>,
    exact: HashMap<Box<str>, usize>,
    spelled: Vec<(Spelling, usize)>,
}

/// A text as far as the conditions asked about it.
#[derive(Debug)]
pub(super) struct Occurrences {
    /// Position and bytes of each written word that was looked at.
    words: Vec<(u32, usize, usize)>,
    /// Where each condition on a single word is met, in order.
    of: Vec<Vec<Occurrence>>,
}

/// A word, or a part of one, that meets a condition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Occurrence {
    position: u32,
    start: usize,
    end: usize,
}

/// Where a condition is met, and the same for those that it is made of.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) spans: Vec<Span>,
    below: Vec<Self>,
    /// For neighbours: those spans of each that take part.
    taking_part: Vec<Vec<Span>>,
}

impl Conditions {
    pub(super) fn new(compounds: bool) -> Self {
        Self {
            compounds,
            ..Self::default()
        }
    }

    /// Takes in what a passage asks for; `None` if it asks for nothing, as punctuation does.
    pub(super) fn add(&mut self, passage: &Passage) -> Option<Condition> {
        self.condition(passage, self.compounds)
    }

    /// `parts`: words inside compounds count, which they do not in a phrase.
    fn condition(&mut self, passage: &Passage, parts: bool) -> Option<Condition> {
        match passage {
            // the text around it completed it: the *bane-* of *bane- og vejnet* is analysed as *banenet*
            Passage::Word(text) if text.ends_with('-') && ask(text).len() == 1 => {
                self.words(text, parts, |c, asked, parts| {
                    let exact = c.word(Word::Exact(asked.exact.clone()));
                    Condition::AnyOf(vec![c.asked(asked, parts), exact])
                })
            }
            Passage::Word(text) => self.words(text, parts, Self::asked),
            Passage::Exact(text) => self.words(text, parts, |conditions, asked, _| {
                conditions.word(Word::Exact(asked.exact.clone()))
            }),
            Passage::Pattern(text) => Some(self.word(Word::Spelled(Spelling::pattern(text)))),
            Passage::Misspelt(text) => Some(self.word(Word::Spelled(Spelling::misspelt(text)))),
            Passage::Phrase(of) => some(self.each(of, false)).map(Condition::Phrase),
            Passage::AnyOf(of) => some(self.each(of, parts)).map(Condition::AnyOf),
            Passage::Near {
                distance,
                ordered,
                passages,
            } => some(self.each(passages, parts)).map(|of| Condition::Near {
                distance: *distance,
                ordered: *ordered,
                of,
            }),
            Passage::AtLeast { times, what } => {
                let of = self.condition(what, parts)?;
                Some(Condition::AtLeast {
                    times: *times as usize,
                    of: Box::new(of),
                })
            }
        }
    }

    fn each(&mut self, passages: &[Passage], parts: bool) -> Vec<Condition> {
        let passages = passages.iter();
        passages.filter_map(|p| self.condition(p, parts)).collect()
    }

    /// What was typed as one word may be several to the analyzer; they are a phrase then.
    fn words(
        &mut self,
        text: &str,
        parts: bool,
        each: impl Fn(&mut Self, &Asked, bool) -> Condition,
    ) -> Option<Condition> {
        match &*ask(text) {
            [] => None,
            [asked] => Some(each(self, asked, parts)),
            several => {
                let words = several.iter().map(|a| each(self, a, false));
                Some(Condition::Phrase(words.collect()))
            }
        }
    }

    fn asked(&mut self, asked: &Asked, parts: bool) -> Condition {
        // one condition for all spellings: a name has dozens, and each condition costs a little for every text
        let spellings = std::iter::once(&asked.main).chain(&asked.variants);
        let mut any = vec![self.word(Word::Main {
            terms: spellings.cloned().collect(),
            parts,
        })];
        for form in &asked.forms {
            any.push(self.word(Word::Exact(form.clone())));
        }
        if parts {
            if !asked.related.is_empty() {
                any.push(self.word(Word::Main {
                    terms: asked.related.iter().cloned().collect(),
                    parts: false,
                }));
            }
            for sequence in &asked.apart {
                let whole = |term: &str| Word::Main {
                    terms: Box::new([term.into()]),
                    parts: false,
                };
                any.push(Condition::Near {
                    distance: asked.apart_within,
                    ordered: false,
                    of: sequence.iter().map(|t| self.word(whole(t))).collect(),
                });
            }
        }
        Condition::AnyOf(any)
    }

    fn word(&mut self, word: Word) -> Condition {
        let next = self.numbers.len();
        let number = *self.numbers.entry(word.clone()).or_insert(next);
        if number == next {
            match word {
                Word::Main { terms, parts } => {
                    for term in terms {
                        if parts {
                            self.parts.entry(term.clone()).or_default().push(number);
                        }
                        self.main.entry(term).or_default().push(number);
                    }
                }
                Word::Exact(exact) => {
                    self.exact.insert(exact, number);
                }
                Word::Spelled(spelling) => self.spelled.push((spelling, number)),
            }
        }
        Condition::Word(number)
    }

    /// Reads a text once and notes where each condition on a single word is met. Where it is known `at` which positions words
    /// stand that meet one, only those are looked at, and such as look like what is asked for letter by letter.
    pub(super) fn read(
        &self,
        text: &str,
        at: Option<&[u32]>,
        analyzer: &mut Analyzer,
    ) -> Occurrences {
        let mut words = Vec::new();
        let mut of = vec![Vec::new(); self.numbers.len()];
        let mut room = Room::default();
        let mut known = at.map(|at| at.iter().peekable());
        let is_wanted = |position: usize, written: &str| {
            // a text with more words than that would be over 8 GB
            let Ok(position) = u32::try_from(position) else {
                return ControlFlow::Break(());
            };
            let Some(known) = &mut known else {
                return ControlFlow::Continue(true);
            };
            if self.spelled.is_empty() && known.peek().is_none() {
                return ControlFlow::Break(());
            }
            let looks_like = |(spelling, _): &(Spelling, _)| spelling.may_fit(written);
            let is_wanted = known.next_if_eq(&&position).is_some();
            ControlFlow::Continue(is_wanted || self.spelled.iter().any(looks_like))
        };
        analyzer.chosen_words(text, is_wanted, |position, word| {
            let position = position as u32;
            words.push((position, word.start, word.end));
            let whole = Occurrence {
                position,
                start: word.start,
                end: word.end,
            };
            self.meet(word.forms, whole, text, &mut room, &mut of);
        });
        Occurrences { words, of }
    }

    /// Notes which conditions a word meets, and where.
    fn meet(
        &self,
        forms: &Forms,
        whole: Occurrence,
        text: &str,
        room: &mut Room,
        of: &mut [Vec<Occurrence>],
    ) {
        for &number in self.main.get(&forms.main).into_iter().flatten() {
            of[number].push(whole);
        }
        if let Some(&number) = self.exact.get(&forms.exact) {
            of[number].push(whole);
        }
        for (spelling, number) in &self.spelled {
            if spelling.fits(&forms.exact, room) {
                of[*number].push(whole);
            }
        }
        for part in &forms.parts {
            let wanted = match part.whole {
                true => self.main.get(&part.term),
                false => self.parts.get(&part.term),
            };
            for &number in wanted.into_iter().flatten() {
                let (start, end) = bytes_of(part, &text[whole.start..whole.end]);
                of[number].push(Occurrence {
                    position: whole.position,
                    start: whole.start + start,
                    end: whole.start + end,
                });
            }
        }
    }
}

fn some(conditions: Vec<Condition>) -> Option<Vec<Condition>> {
    (!conditions.is_empty()).then_some(conditions)
}

/// The bytes of a part within its written word.
fn bytes_of(part: &Part, written: &str) -> (usize, usize) {
    let (first, after) = part.chars;
    let byte = |n: u32| {
        let at = written.char_indices().nth(n as usize);
        at.map_or(written.len(), |(i, _)| i)
    };
    match (byte(first), byte(after)) {
        (start, end) if start < end => (start, end),
        _ => (0, written.len()),
    }
}

impl Condition {
    /// Whether the condition is met in texts that no passage runs across; mentions in all of them add up.
    pub(super) fn is_met(&self, texts: &[&Occurrences]) -> bool {
        match self {
            Self::AnyOf(of) => of.iter().any(|c| c.is_met(texts)),
            Self::AtLeast { times, of } => {
                let in_text = |text: &&Occurrences| mentions(&of.find(text).spans);
                texts.iter().map(in_text).sum::<usize>() >= (*times).max(1)
            }
            _ => texts.iter().any(|text| !self.find(text).spans.is_empty()),
        }
    }

    /// Where the condition is met in one text.
    pub(super) fn find(&self, text: &Occurrences) -> Found {
        match self {
            Self::Word(number) => Found {
                spans: in_order(text.of[*number].iter().map(Occurrence::span).collect()),
                ..Found::default()
            },
            Self::Phrase(of) => {
                let below = find_each(of, text);
                Found {
                    spans: phrase(&spans_of(&below)),
                    below,
                    ..Found::default()
                }
            }
            Self::AnyOf(of) => {
                let below = find_each(of, text);
                Found {
                    spans: in_order(spans_of(&below).concat()),
                    below,
                    ..Found::default()
                }
            }
            Self::Near {
                distance,
                ordered,
                of,
            } => {
                let below = find_each(of, text);
                let near = neighbours(&spans_of(&below), *distance, *ordered);
                Found {
                    spans: near.spans,
                    below,
                    taking_part: near.taking_part,
                }
            }
            Self::AtLeast { times, of } => {
                let below = of.find(text);
                let enough = mentions(&below.spans) >= *times;
                Found {
                    spans: below.spans.clone().into_iter().filter(|_| enough).collect(),
                    below: vec![below],
                    ..Found::default()
                }
            }
        }
    }

    /// Hands over the bytes to mark for those of the condition's spans that are in `kept`, which is in order.
    pub(super) fn mark(
        &self,
        text: &Occurrences,
        found: &Found,
        kept: &[Span],
        each: &mut dyn FnMut(usize, usize),
    ) {
        match self {
            Self::Word(number) => {
                let mut kept = kept.iter().peekable();
                for o in &text.of[*number] {
                    while kept.next_if(|k| **k < o.span()).is_some() {}
                    if kept.peek() == Some(&&o.span()) {
                        each(o.start, o.end);
                    }
                }
            }
            Self::Phrase(_) => {
                for span in kept {
                    let (first, last) = (text.word(span.start), text.word(span.end - 1));
                    if let (Some((start, _)), Some((_, end))) = (first, last) {
                        each(start, end);
                    }
                }
            }
            Self::AnyOf(of) => {
                for (condition, below) in of.iter().zip(&found.below) {
                    if kept.len() == found.spans.len() {
                        condition.mark(text, below, &below.spans, each);
                        continue;
                    }
                    let both: Vec<Span> = below
                        .spans
                        .iter()
                        .filter(|s| kept.binary_search(s).is_ok())
                        .copied()
                        .collect();
                    condition.mark(text, below, &both, each);
                }
            }
            Self::Near { of, .. } => {
                let all_kept = kept.len() == found.spans.len();
                for ((condition, below), part) in
                    of.iter().zip(&found.below).zip(&found.taking_part)
                {
                    if all_kept {
                        condition.mark(text, below, part, each);
                        continue;
                    }
                    let within: Vec<Span> =
                        part.iter().filter(|s| inside(s, kept)).copied().collect();
                    condition.mark(text, below, &within, each);
                }
            }
            // the dispatch is a hit: a headline without the third mention is marked all the same
            Self::AtLeast { of, .. } => {
                for below in &found.below {
                    of.mark(text, below, &below.spans, each);
                }
            }
        }
    }
}

/// Whether a span lies inside one of those kept; they are the narrowest there are, so the last that begins before it
/// reaches farthest.
fn inside(span: &Span, kept: &[Span]) -> bool {
    let after = kept.partition_point(|k| k.start <= span.start);
    after > 0 && kept[after - 1].end >= span.end
}

fn find_each(conditions: &[Condition], text: &Occurrences) -> Vec<Found> {
    conditions.iter().map(|c| c.find(text)).collect()
}

fn spans_of(found: &[Found]) -> Vec<&[Span]> {
    found.iter().map(|f| f.spans.as_slice()).collect()
}

impl Occurrences {
    /// The bytes of the word at a position.
    fn word(&self, position: u32) -> Option<(usize, usize)> {
        let place = self.words.binary_search_by_key(&position, |w| w.0).ok()?;
        let (_, start, end) = self.words[place];
        Some((start, end))
    }
}

impl Occurrence {
    fn span(&self) -> Span {
        Span {
            start: self.position,
            end: self.position + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(chars: (u32, u32), written: &str) -> &str {
        let term = "minister".into();
        let (start, end) = bytes_of(
            &Part {
                term,
                chars,
                whole: false,
            },
            written,
        );
        &written[start..end]
    }

    #[test]
    fn a_part_is_marked_by_its_letters() {
        assert_eq!(part((8, 16), "sundhedsministeren"), "minister");
        assert_eq!(part((5, 13), "Miljøministeren"), "minister");
    }

    #[test]
    fn a_part_that_is_not_in_the_word_marks_the_word() {
        for chars in [(20, 30), (3, 3), (9, 2), (u32::MAX, u32::MAX)] {
            assert_eq!(part(chars, "ministeren"), "ministeren");
        }
    }
}
