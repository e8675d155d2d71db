//! A written word to its forms.

use super::compounds::{self, Link, Segment};
use super::endings::with_whole_endings;
use super::entry::Entry;
use super::facts::FormFacts;
use super::model::Model;
use super::places::Places;
use super::readings::Readings;
use super::spelled::Spelled;
use super::{
    Forms, MAX_TERM_BYTES, Part, Why, abbreviations, acronyms, lemma, letters, numbers, old,
};

/// Endings behind an apostrophe: `USA's`, `tv'et`, `1990'erne`.
pub(super) const APOSTROPHE_ENDINGS: &[&str] = &[
    "s", "et", "en", "er", "erne", "ets", "ens", "ernes", "ere", "ene", "e", "erens", "",
];

/// A part of a word before it is put into a term: its term, its letters, and whether it is one of the smallest parts.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) term: Box<str>,
    /// Letters of the written word, without the linking element.
    pub(super) chars: (u32, u32),
    /// Whether it is one of the parts that together make up the word, and not made of several of them.
    pub(super) smallest: bool,
    /// Where the next part begins.
    pub(super) next: u32,
    /// Whether it is a word by itself between hyphens.
    pub(super) whole: bool,
}

/// What a written word is analysed as.
#[derive(Clone, Debug)]
pub(super) struct Analysis {
    pub(super) main: Box<str>,
    pub(super) why: Why,
    pub(super) pieces: Vec<Piece>,
}

impl Analysis {
    fn simple(main: impl Into<Box<str>>, why: Why) -> Self {
        Self {
            main: main.into(),
            why,
            pieces: Vec::new(),
        }
    }
}

/// The forms of a written word.
pub(super) fn forms(model: &Model<'_>, written: &str) -> Forms {
    let exact = letters::exact(written);
    let analysis = analyse(model, written, &exact);
    to_forms(letters::without_stop(exact), analysis)
}

/// The forms of a first half such as `Syd-`, completed by the head of a compound: `Syd- og Nordkorea`.
pub(super) fn completed_forms(model: &Model<'_>, half: &str, whole: &str) -> Option<Forms> {
    let exact = letters::exact(whole);
    let lower = letters::danish(&exact);
    let head = match lower.rsplit_once('-') {
        Some((_, head)) => head.to_owned(),
        None => {
            let spelled = Spelled::new(&lower)?;
            let segments = compounds::forced(model, &spelled)?;
            let head = segments.last()?;
            spelled.text(head.from, head.to)
        }
    };
    let analysis = analyse(model, half, &letters::exact(half));
    let first = letters::danish(&letters::exact(half));
    let len = half.chars().count() as u32;
    let pieces = [analysis.main.clone(), main(model, &head)]
        .into_iter()
        .map(|term| Piece {
            term,
            chars: (0, len),
            smallest: true,
            next: len,
            whole: false,
        })
        .collect();
    Some(to_forms(
        letters::exact(half),
        Analysis {
            main: main(model, &format!("{first}{head}")),
            why: Why::Completed,
            pieces,
        },
    ))
}

fn to_forms(exact: String, mut analysis: Analysis) -> Forms {
    if analysis.main.is_empty() {
        // Nothing but accents.
        analysis.main = exact.as_str().into();
    }
    let main = analysis.main;
    let mut parts: Vec<Part> = Vec::with_capacity(analysis.pieces.len());
    for piece in analysis.pieces {
        if piece.term != main
            && !piece.term.is_empty()
            && parts.iter().all(|p| p.term != piece.term)
        {
            parts.push(Part {
                term: piece.term,
                chars: piece.chars,
                whole: piece.whole,
            });
        }
    }
    Forms {
        exact: exact.into(),
        main,
        parts: parts.into(),
        why: analysis.why,
    }
}

/// Analyses a written word, given its exact form too.
pub(super) fn analyse(model: &Model<'_>, written: &str, exact: &str) -> Analysis {
    if let Some(number) = numbers::main(exact) {
        return Analysis::simple(number, Why::Number);
    }
    if let Some(name) = acronyms::acronym(model, written) {
        return Analysis::simple(acronyms::token(name), Why::Written);
    }
    if let Some(word) = abbreviations::meaning(exact) {
        return Analysis::simple(lemma::lemma(model, word).0, Why::Abbreviation);
    }
    let exact = exact.strip_suffix('.').unwrap_or(exact);
    let bare = without_apostrophe(exact);
    // NATOs: a genitive without its apostrophe
    let in_capitals = written
        .strip_suffix('s')
        .is_some_and(|w| w.len() > 1 && w.chars().all(char::is_uppercase));
    let bare = if in_capitals {
        bare.strip_suffix('s').unwrap_or(bare)
    } else {
        bare
    };
    let mut analysis = if bare.contains('-') {
        hyphenated(model, bare, written)
    } else {
        plain(model, bare, written.starts_with(char::is_uppercase))
    };
    if !analysis.pieces.is_empty() {
        let places = Places::new(written, exact.chars().count());
        for piece in &mut analysis.pieces {
            piece.chars = (places.of(piece.chars.0), places.of(piece.chars.1));
            piece.next = places.of(piece.next);
        }
    }
    analysis
}

/// The word before an apostrophe and an ending.
fn without_apostrophe(exact: &str) -> &str {
    match exact.rsplit_once('\'') {
        Some((word, ending)) if !word.is_empty() && APOSTROPHE_ENDINGS.contains(&ending) => word,
        _ => exact,
    }
}

/// A word without hyphens; the pieces count the letters of `word`.
fn plain(model: &Model<'_>, word: &str, capital: bool) -> Analysis {
    let danish = letters::danish(word);
    let mut analysis = letters_only(model, &danish, capital);
    if !analysis.pieces.is_empty() {
        let places = Places::through(word, danish.chars().count(), letters::danish);
        for piece in &mut analysis.pieces {
            piece.chars = (places.of(piece.chars.0), places.of(piece.chars.1));
            piece.next = places.of(piece.next);
        }
    }
    analysis
}

/// The main token of a word without hyphens.
fn main(model: &Model<'_>, word: &str) -> Box<str> {
    let danish = letters::danish(word);
    match letters::has_aa(&danish) {
        // its parts tell whether the two belong to the same one
        true => letters_only(model, &danish, false).main,
        false => token(model, &danish).0.into(),
    }
}

/// A word with Danish letters, aa still as written.
fn letters_only(model: &Model<'_>, word: &str, capital: bool) -> Analysis {
    let Some(spelled) = Spelled::new(word) else {
        return Analysis::simple(cut(letters::fold_aa(word)), Why::Written);
    };
    if let Some(answer) = model.answer(&spelled).filter(|answer| answer.whole) {
        return Analysis::simple(cut(lemma::apply(word, answer.rule)), answer.why);
    }
    let n = spelled.len();
    if is_name(model, &spelled, n)
        || n > 1 && word.ends_with('s') && is_name(model, &spelled, n - 1)
    {
        let (main, why) = token(model, &letters::fold_aa(word));
        return Analysis::simple(main, why);
    }
    if !letters::has_aa(word) {
        let (main, why) = token_of(model, word, &spelled);
        // All forms of a known compound are cut alike.
        let segments = compounds::known_by_token(model, &spelled, &main).unwrap_or_else(|| {
            let segments = split(model, &spelled, capital);
            match why {
                Why::Rule | Why::Lexicon => with_whole_endings(model, &spelled, segments, &main),
                _ => segments,
            }
        });
        return with_pieces(model, &spelled, &segments, main, why);
    }
    // klima|aftale: the boundary keeps the two apart.
    let segments = split(model, &spelled, capital);
    let between = |s: &Segment| {
        s.from > 0 && spelled.letters()[s.from - 1] == 'a' && spelled.letters()[s.from] == 'a'
    };
    if segments.iter().any(between) {
        let (main, why) = token_of(model, word, &spelled);
        return with_pieces(model, &spelled, &segments, main, why);
    }
    let folded = letters::fold_aa(word);
    // Vingegaard is a man, and no farm
    if capital && word.strip_suffix('s').unwrap_or(word).ends_with("gaard") {
        let (main, why) = token(model, &folded);
        return Analysis::simple(main, why);
    }
    let mut analysis = letters_only(model, &folded, capital);
    let places = Places::through(word, folded.chars().count(), letters::fold_aa);
    for piece in &mut analysis.pieces {
        piece.chars = (places.of(piece.chars.0), places.of(piece.chars.1));
        piece.next = places.of(piece.next);
    }
    analysis
}

/// Whether a word in small letters has no parts, nor has it with a capital, and its main token is what [`lemma`] says.
pub(super) fn is_whole(model: &Model<'_>, word: &str) -> bool {
    let token = lemma::lemma(model, word).0;
    [false, true].into_iter().all(|capital| {
        let analysis = letters_only(model, word, capital);
        analysis.pieces.is_empty() && *analysis.main == token
    })
}

/// The boundaries of a word, which may be a name if it has a capital.
fn split(model: &Model<'_>, word: &Spelled, capital: bool) -> Vec<Segment> {
    compounds::split_by_margin(model, word, |head| {
        // Solbærhøsten begins a sentence; names have no definite form
        let is_inflected = || {
            let facts = model.facts.form(word.run(head.from, head.to));
            head.to - head.from > 3 && facts.is_some_and(FormFacts::is_inflected)
        };
        match capital && !is_inflected() {
            true => NAME_MARGIN,
            false => 0.0,
        }
    })
}

/// How much better than the whole the parts of a word with a capital must be: most such words are names.
const NAME_MARGIN: f32 = 2.0;

/// Whether the first letters of a word are known as a name.
fn is_name(model: &Model<'_>, word: &Spelled, to: usize) -> bool {
    let form = model.facts.form(word.run(0, to));
    form.is_some_and(FormFacts::is_name)
        || Entry::find_run(model, word, 0, to).is_some_and(|e| e.marks & Entry::NAME != 0)
}

/// The main token of a word with Danish letters.
fn token(model: &Model<'_>, word: &str) -> (String, Why) {
    match Spelled::new(word) {
        Some(spelled) => token_of(model, word, &spelled),
        None => (cut(word.to_owned()), Why::Written),
    }
}

/// The same of a word that is taken apart already.
fn token_of(model: &Model<'_>, word: &str, spelled: &Spelled) -> (String, Why) {
    let (token, why) = lemma::lemma_of(model, word, spelled);
    if matches!(why, Why::Rule | Why::Written)
        && let Some(modern) = old::modern(model, word)
    {
        return (cut(lemma::lemma(model, &modern).0), Why::OldSpelling);
    }
    (cut(token), why)
}

fn cut(mut token: String) -> String {
    token.truncate(letters::up_to(&token, MAX_TERM_BYTES).len());
    token
}

/// Adds the parts of a compound: each one, and runs of several that are words.
fn with_pieces(
    model: &Model<'_>,
    word: &Spelled,
    segments: &[Segment],
    main: String,
    why: Why,
) -> Analysis {
    let mut analysis = Analysis::simple(main, why);
    let count = segments.len();
    if count < 2 {
        return analysis;
    }
    if why == Why::Rule {
        analysis.why = Why::Split;
    }
    for first in 0..count {
        for last in first..count {
            if (first, last) == (0, count - 1) {
                continue;
            }
            let (from, end) = (segments[first].from, segments[last]);
            let to = end.to - end.link.letters();
            let smallest = first == last;
            // Compounds grow at their end: what a word begins with is a word, as a rule; other runs must be known.
            if !smallest && first > 0 && model.facts.form(word.run(from, to)).is_none() {
                continue;
            }
            let mut text = word.text(from, to);
            if end.link == Link::LostE {
                text.push('e');
            } else if end.link == Link::Unknown && last + 1 < count {
                text = without_link(model, text);
            }
            if letters::has_aa(&text) {
                text = letters::fold_aa(&text);
            }
            analysis.pieces.push(Piece {
                term: part_token(model, &text),
                chars: (from as u32, to as u32),
                smallest,
                next: end.to as u32,
                whole: false,
            });
        }
    }
    analysis
}

/// The token of a part: that of a noun where the form is one too.
pub(super) fn part_token(model: &Model<'_>, text: &str) -> Box<str> {
    let Some(spelled) = Spelled::new(text) else {
        return cut(text.to_owned()).into();
    };
    match Readings::of_end(&model.lexicon, &spelled, 0).and_then(|r| r.noun()) {
        Some(noun) => noun.into(),
        None => token_of(model, text, &spelled).0.into(),
    }
}

/// A part that no list knows, without the -s- that may link it to the next.
fn without_link(model: &Model<'_>, text: String) -> String {
    match text.strip_suffix('s') {
        Some(word) if Entry::find(&model.lexicon, &text).is_none() && word.len() > 3 => {
            word.to_owned()
        }
        _ => text,
    }
}

/// `EU-topmøde`: the token of the joined word; its pieces, and what they hold, are its parts.
fn hyphenated(model: &Model<'_>, word: &str, written: &str) -> Analysis {
    let mut pieces = Vec::new();
    let mut at = 0u32;
    let mut written = written.split('-');
    for piece in word.split('-') {
        let len = piece.chars().count() as u32;
        let name = written.next();
        let name = name.and_then(|written| acronyms::acronym(model, written));
        if !piece.is_empty() {
            let inner = match (numbers::main(piece), name) {
                (Some(number), _) => Analysis::simple(number, Why::Number),
                (None, Some(name)) => Analysis::simple(acronyms::token(name), Why::Written),
                (None, None) => plain(model, without_apostrophe(piece), false),
            };
            pieces.push(Piece {
                term: inner.main,
                chars: (at, at + len),
                smallest: true,
                next: at + len + 1,
                whole: true,
            });
            pieces.extend(inner.pieces.into_iter().map(|p| Piece {
                chars: (p.chars.0 + at, p.chars.1 + at),
                next: p.next + at,
                smallest: false,
                ..p
            }));
        }
        at += len + 1;
    }
    Analysis {
        main: joined(model, word),
        why: Why::Hyphen,
        pieces,
    }
}

/// The token of a word with hyphens: of the joined word, or that of its last piece behind the others, where only that is
/// known. *IS-kriger* is no form of *iskrig*.
fn joined(model: &Model<'_>, word: &str) -> Box<str> {
    let whole = word.replace('-', "");
    let known = |word: &str| Entry::find(&model.lexicon, &letters::danish(word)).is_some();
    match word.rsplit_once('-') {
        Some((first, last)) if last.chars().count() > 4 && known(last) && !known(&whole) => {
            let first = letters::danish(&first.replace('-', ""));
            let last = main(model, last);
            cut(format!("{}{last}", letters::fold_aa(&first))).into()
        }
        _ => main(model, &whole),
    }
}
