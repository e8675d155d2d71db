//! A second opinion: the query tree's meaning spelled out over analysed texts, without an index, and random questions to
//! random archives that must find the same by both.

mod chance;

use std::collections::BTreeSet;

use index_schema::{
    Record, State, TimeSpan, When,
    danish::{Analyzer, Asked},
    primary_language,
};

use self::chance::{Chance, WORDS};
use super::{LocalSearcher, drafts::Draft, questions::*};
use crate::{
    backend::Searcher,
    matching::{Matcher, ask},
    query::{Field, Passage, Query, Zone},
    search::SearchRequest,
    snippet,
};

/// A written word as it is indexed.
struct Token {
    exact: String,
    /// Its main token, and those of the words between its hyphens.
    mains: Vec<String>,
    parts: Vec<String>,
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    Analyzer::new().words(text, |word| {
        let terms = |whole| {
            let parts = word.forms.parts.iter().filter(move |p| p.whole == whole);
            parts.map(|p| p.term.to_string())
        };
        tokens.push(Token {
            exact: word.forms.exact.to_string(),
            mains: std::iter::once(word.forms.main.to_string())
                .chain(terms(true))
                .collect(),
            parts: terms(false).collect(),
        });
    });
    tokens
}

/// First and last position.
type Stretch = (u32, u32);

struct Text {
    tokens: Vec<Token>,
}

impl Text {
    fn of(text: &str) -> Self {
        Self {
            tokens: tokens(text),
        }
    }

    /// Where a passage stands; none if it asks for nothing.
    fn find(&self, what: &Passage, parts: bool) -> Option<BTreeSet<Stretch>> {
        match what {
            Passage::Word(written) => {
                let asked = ask(written);
                match &*asked {
                    [] => None,
                    [word] if written.ends_with('-') => {
                        let mut found = self.word(word, parts);
                        found.extend(self.each(|t| t.exact == *word.exact));
                        Some(found)
                    }
                    [word] => Some(self.word(word, parts)),
                    words => {
                        let found = words.iter().map(|w| self.word(w, false)).collect();
                        Some(in_a_row(found))
                    }
                }
            }
            Passage::Exact(written) => {
                let asked = ask(written);
                let found: Vec<_> = asked
                    .iter()
                    .map(|w| self.each(|t| t.exact == *w.exact))
                    .collect();
                (!found.is_empty()).then(|| in_a_row(found))
            }
            Passage::Pattern(pattern) => {
                let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
                Some(self.each(|t| fits(&pattern, &t.exact.chars().collect::<Vec<_>>())))
            }
            Passage::Misspelt(written) => {
                let word: Vec<char> = written.to_lowercase().chars().collect();
                let most = match word.len() {
                    0..=2 => 0,
                    3..=5 => 1,
                    _ => 2,
                };
                let near = |t: &Token| distance(&word, &t.exact.chars().collect::<Vec<_>>());
                Some(self.each(|t| near(t) <= most))
            }
            Passage::Phrase(passages) => {
                let found = self.find_each(passages, false);
                (!found.is_empty()).then(|| in_a_row(found))
            }
            Passage::AnyOf(passages) => {
                let found = self.find_each(passages, parts);
                (!found.is_empty()).then(|| found.into_iter().flatten().collect())
            }
            Passage::Near {
                distance,
                ordered,
                passages,
            } => {
                let found = self.find_each(passages, parts);
                match found.len() {
                    0 => None,
                    1 => found.into_iter().next(),
                    _ => Some(close_by(&found, *distance, *ordered)),
                }
            }
            Passage::AtLeast { times, what } => {
                let found = self.find(what, parts)?;
                Some(if mentions(&found) < *times {
                    BTreeSet::new()
                } else {
                    found
                })
            }
        }
    }

    fn find_each(&self, passages: &[Passage], parts: bool) -> Vec<BTreeSet<Stretch>> {
        let found = passages.iter().map(|p| self.find(p, parts));
        found.flatten().collect()
    }

    fn word(&self, asked: &Asked, parts: bool) -> BTreeSet<Stretch> {
        let wanted = |term: &str| {
            *term == *asked.main || asked.variants.iter().any(|variant| **variant == *term)
        };
        let mut found = self.each(|t| {
            t.mains.iter().any(|main| wanted(main))
                || asked.forms.iter().any(|form| **form == *t.exact)
                || parts && t.parts.iter().any(|part| wanted(part))
        });
        let is = |t: &Token, main: &str| t.mains.iter().any(|m| m == main);
        if parts {
            found.extend(self.each(|t| asked.related.iter().any(|word| is(t, word))));
            for sequence in &asked.apart {
                let words = sequence.iter().map(|main| self.each(|t| is(t, main)));
                let words: Vec<BTreeSet<Stretch>> = words.collect();
                found.extend(close_by(&words, asked.apart_within, false));
            }
        }
        found
    }

    fn each(&self, is_meant: impl Fn(&Token) -> bool) -> BTreeSet<Stretch> {
        let found = (0..).zip(&self.tokens).filter(|(_, t)| is_meant(t));
        found.map(|(at, _)| (at, at)).collect()
    }
}

fn mentions(found: &BTreeSet<Stretch>) -> u32 {
    found.iter().map(|s| s.0).collect::<BTreeSet<_>>().len() as u32
}

fn in_a_row(parts: Vec<BTreeSet<Stretch>>) -> BTreeSet<Stretch> {
    let mut parts = parts.into_iter();
    let mut rows = parts.next().unwrap_or_default();
    for part in parts {
        let mut longer = BTreeSet::new();
        for row in &rows {
            for next in &part {
                if next.0 == row.1 + 1 {
                    longer.insert((row.0, next.1));
                }
            }
        }
        rows = longer;
    }
    rows
}

fn close_by(parts: &[BTreeSet<Stretch>], distance: u32, ordered: bool) -> BTreeSet<Stretch> {
    // every chain there is
    let mut chains: Vec<(Stretch, Stretch)> = parts[0].iter().map(|&s| (s, s)).collect();
    for part in &parts[1..] {
        let mut longer = Vec::new();
        for (last, all) in chains {
            for &next in part {
                let gap = if last.1 < next.0 {
                    Some(next.0 - last.1)
                } else if next.1 < last.0 && !ordered {
                    Some(last.0 - next.1)
                } else {
                    None
                };
                if gap.is_some_and(|gap| gap <= distance) {
                    longer.push((next, (all.0.min(next.0), all.1.max(next.1))));
                }
            }
        }
        longer.sort_unstable();
        longer.dedup();
        chains = longer;
    }
    let all: BTreeSet<Stretch> = chains.into_iter().map(|(_, all)| all).collect();
    let holds = |a: &Stretch, b: &Stretch| a != b && a.0 <= b.0 && b.1 <= a.1;
    all.iter()
        .filter(|&a| !all.iter().any(|b| holds(a, b)))
        .copied()
        .collect()
}

fn fits(pattern: &[char], word: &[char]) -> bool {
    match (pattern.split_first(), word.split_first()) {
        (None, None) => true,
        (Some((&'*', rest)), None) => fits(rest, word),
        (Some((&'*', rest)), Some((_, after))) => fits(rest, word) || fits(pattern, after),
        (Some((&'?', rest)), Some((_, after))) => fits(rest, after),
        (Some((a, rest)), Some((b, after))) => a == b && fits(rest, after),
        _ => false,
    }
}

/// Letters added, left out, exchanged, or swapped with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut d = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            d[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let change = usize::from(a[i - 1] != b[j - 1]);
                let mut least = (d[i - 1][j] + 1)
                    .min(d[i][j - 1] + 1)
                    .min(d[i - 1][j - 1] + change);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least = least.min(d[i - 2][j - 2] + 1);
                }
                least
            };
        }
    }
    d[a.len()][b.len()]
}

/// A dispatch, analysed.
struct Analysed<'a> {
    record: &'a Record,
    headline: Text,
    body: Text,
}

impl<'a> Analysed<'a> {
    fn of(item: &'a Draft) -> Self {
        let dispatch = item.0.dispatch.as_ref().expect("drafts have texts");
        Self {
            record: &item.0,
            headline: Text::of(dispatch.headline.as_deref().unwrap_or_default()),
            body: Text::of(&dispatch.body),
        }
    }

    fn answers(&self, request: &SearchRequest) -> bool {
        let seen = match self.record.state {
            State::Current => true,
            State::Superseded => request.all_versions,
            _ => false,
        };
        let embargoed = self.record.embargo_until.is_some_and(|until| until > NOW);
        let value = |field, values: &[String]| {
            values.is_empty() || values.iter().any(|v| self.value(field, v) == Some(true))
        };
        seen && (!embargoed || request.embargoed)
            && request.date.is_none_or(|span| self.overlaps(span))
            && value(Field::Source, &request.sources)
            && value(Field::Language, &request.languages)
            && self.query(&request.query, request.compounds) == Some(true)
    }

    fn query(&self, query: &Query, parts: bool) -> Option<bool> {
        match query {
            Query::Everything => Some(true),
            Query::Text { zone, what } => self.text(*zone, what, parts),
            Query::Field { field, value } => self.value(*field, value),
            Query::Date { span, .. } => Some(self.overlaps(*span)),
            Query::And(queries) => {
                let asked = queries.iter().map(|q| self.query(q, parts));
                asked.flatten().reduce(|a, b| a && b)
            }
            Query::Or(queries) => {
                let asked = queries.iter().map(|q| self.query(q, parts));
                asked.flatten().reduce(|a, b| a || b)
            }
            Query::Not(query) => self.query(query, parts).map(|found| !found),
        }
    }

    fn text(&self, zone: Zone, what: &Passage, parts: bool) -> Option<bool> {
        if let Passage::AnyOf(passages) = what {
            let asked = passages.iter().map(|p| self.text(zone, p, parts));
            return asked.flatten().reduce(|a, b| a || b);
        }
        let texts: &[&Text] = match zone {
            Zone::Anywhere => &[&self.headline, &self.body],
            Zone::Headline => &[&self.headline],
            Zone::Body => &[&self.body],
        };
        if let Passage::AtLeast { times, what } = what {
            let mut sum = 0;
            for text in texts {
                sum += mentions(&text.find(what, parts)?);
            }
            return Some(sum >= (*times).max(1));
        }
        let mut any = false;
        for text in texts {
            any |= !text.find(what, parts)?.is_empty();
        }
        Some(any)
    }

    fn value(&self, field: Field, value: &str) -> Option<bool> {
        let dispatch = self.record.dispatch.as_ref().expect("drafts have texts");
        match field {
            Field::Source => {
                let wanted: Vec<String> = tokens(value).into_iter().map(|t| t.exact).collect();
                if wanted.is_empty() {
                    return None;
                }
                let source = tokens(&dispatch.source.clone().unwrap_or_default());
                let source: Vec<String> = source.into_iter().map(|t| t.exact).collect();
                Some(source.windows(wanted.len()).any(|w| w == wanted))
            }
            Field::Language => {
                let language = dispatch.language.as_deref().map(primary_language);
                Some(language == Some(primary_language(value)))
            }
            Field::Id => Some(self.record.key == value),
            _ => unreachable!("no chance asks for {field:?}"),
        }
    }

    fn overlaps(&self, span: TimeSpan) -> bool {
        let zone = jiff::tz::TimeZone::get("Europe/Copenhagen").expect("the zone is bundled");
        let date: Option<When> = self
            .record
            .dispatch
            .as_ref()
            .expect("drafts have texts")
            .date;
        date.is_some_and(|date| date.span(&zone).overlaps(span))
    }
}

fn archive(chance: &mut Chance) -> (Vec<Draft>, LocalSearcher) {
    let words = chance.below(8) + 4;
    chance.words = (0..words).map(|_| chance.one(WORDS)).collect();
    let count = chance.below(16) + 1;
    let mut items: Vec<Draft> = (0..count).map(|n| chance.item(n)).collect();
    let in_segment = count.div_ceil(chance.below(4) + 1);
    let records: Vec<Record> = items.iter().map(|i| i.0.clone()).collect();
    let segments: Vec<&[Record]> = records.chunks(in_segment).collect();
    let deleted: Vec<Record> = records
        .iter()
        .filter(|_| chance.below(8) == 0)
        .cloned()
        .collect();
    let index = LocalSearcher::in_memory_without(&segments, &deleted);
    items.retain(|i| !deleted.contains(&i.0));
    (items, index)
}

/// Asks so many questions to so many archives, both ways; returns how many found something.
fn compare(
    chance: &mut Chance,
    archives: usize,
    questions: usize,
    ask: fn(&mut Chance) -> SearchRequest,
) -> usize {
    let mut answered = 0;
    for _ in 0..archives {
        let (items, index) = archive(chance);
        let analysed: Vec<Analysed<'_>> = items.iter().map(Analysed::of).collect();
        for _ in 0..questions {
            let mut request = ask(chance);
            let meant: Vec<&str> = analysed
                .iter()
                .filter(|a| a.answers(&request))
                .map(|a| a.record.key.as_str())
                .collect();
            let hits = index.search(&request).expect("an index in memory answers");
            let mut found = ids(&hits);
            found.sort_unstable();
            let texts = items
                .iter()
                .map(|i| i.0.dispatch.as_ref().expect("drafts have texts"));
            let texts: Vec<_> = texts.map(|d| (&d.guid, &d.headline, &d.body)).collect();
            assert_eq!(found, meant, "{request:#?}\n{texts:#?}");
            assert_eq!(hits.total, meant.len() as u64);
            // the first hits are the first of all hits, although others are not even scored
            (request.offset, request.limit) = (1, Some(3));
            let page = index.search(&request).expect("an index in memory answers");
            let all = hits.hits.iter().skip(1).take(3);
            assert!(page.hits.iter().eq(all), "{request:#?}\n{texts:#?}");
            request.count_only = true;
            assert_eq!(
                index
                    .search(&request)
                    .expect("an index in memory answers")
                    .total,
                hits.total
            );
            answered += usize::from(hits.total > 0);
        }
    }
    answered
}

#[test]
fn an_evaluation_without_an_index_finds_the_same() {
    let mut chance = Chance::seeded(0x9e37_79b9_7f4a_7c15);
    let answered = compare(&mut chance, 25, 100, Chance::request);
    // questions that nothing answers prove little
    assert!(answered > 1000, "{answered} of 2500 had hits");
}

#[test]
fn an_evaluation_without_an_index_finds_the_same_passages() {
    let mut chance = Chance::seeded(0x2545_f491_4f6c_dd1d);
    let ask = |chance: &mut Chance| {
        let what = Passage::AtLeast {
            times: chance.below(3) as u32,
            what: Box::new(chance.passage(3)),
        };
        let mut request = request(text(what));
        request.compounds = chance.below(4) > 0;
        request
    };
    let answered = compare(&mut chance, 25, 100, ask);
    assert!(answered > 1000, "{answered} of 2500 had hits");
}

/// Whether the query asks about texts only.
fn asks_texts(query: &Query) -> bool {
    match query {
        Query::Text { .. } | Query::Everything => true,
        Query::And(queries) | Query::Or(queries) => queries.iter().all(asks_texts),
        Query::Not(query) => asks_texts(query),
        Query::Field { .. } | Query::Date { .. } => false,
    }
}

#[test]
fn the_matcher_that_marks_texts_finds_the_same() {
    let mut chance = Chance::seeded(0x1234_79b9_7f4a_7c15);
    let mut marked = 0;
    for _ in 0..25 {
        let (items, index) = archive(&mut chance);
        let visible = |i: &&Draft| {
            i.0.state == State::Current && i.0.embargo_until.is_none_or(|until| until <= NOW)
        };
        for _ in 0..60 {
            let query = if chance.below(2) == 0 {
                text(chance.passage(3))
            } else {
                chance.query(2)
            };
            if !asks_texts(&query) {
                continue;
            }
            let mut request = request(query.clone());
            request.compounds = chance.below(4) > 0;
            let mut matcher = Matcher::new(&query, request.compounds);
            let mut meant = Vec::new();
            for item in items.iter().filter(visible) {
                let dispatch = item.0.dispatch.as_ref().expect("drafts have texts");
                if !matcher.matches(dispatch, &mut |_, _| false) {
                    continue;
                }
                meant.push(item.0.key.as_str());
                if matches!(query, Query::Text { .. }) {
                    let headline = dispatch.headline.as_deref().unwrap_or_default();
                    let marks = matcher.marks(Zone::Headline, headline).len()
                        + matcher.marks(Zone::Body, &dispatch.body).len();
                    assert!(marks > 0, "{query:?}\n{dispatch:#?}");
                    marked += 1;
                }
            }
            let hits = index.search(&request).expect("an index in memory answers");
            let mut found = ids(&hits);
            found.sort_unstable();
            assert_eq!(found, meant, "{request:?}");
            // the index says which words of a text to look at; all of them say the same
            for hit in &hits.hits {
                let item = items.iter().find(|i| visible(i) && i.0.key == hit.id);
                let dispatch = item
                    .expect("what was found is one of them")
                    .0
                    .dispatch
                    .as_ref()
                    .expect("drafts have texts");
                let whole = snippet::snippet(&query, dispatch, request.compounds);
                assert_eq!(hit.snippet, whole, "{request:?}");
                let headline = dispatch.headline.as_deref().unwrap_or_default();
                let whole = snippet::headline_marks(&mut matcher, headline);
                assert_eq!(hit.headline_marks, whole, "{request:?}");
            }
        }
    }
    assert!(marked > 100, "{marked}");
}
