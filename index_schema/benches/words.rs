//! Analysed tokens a second over running text, against Snowball's Danish stemmer on the same words: as an analyzer of the
//! engine, and by itself.
//!
//! `cargo bench -p wiresearch-schema --bench words [FILE]`; without a file over invented sentences.

use std::borrow::Cow;
use std::time::{Duration, Instant};
use std::{env, fs, hint};

use index_schema::{FieldAnalyzer, ZoneTerms, danish::Analyzer};
use tantivy::tokenizer::{
    LowerCaser, RemoveLongFilter, SimpleTokenizer, TextAnalyzer, Token, TokenFilter, TokenStream,
    Tokenizer,
};

const TEXT: &str = "Sundhedsministeren siger, at regeringen i går fremlagde et nyt forslag til sygehusreformen. \
    Kommunerne skal ifølge aftalen betale 1.500 kroner mere om året for hver borger, og oppositionen kalder planen \
    for \u{201d}uigennemtænkt\u{201d}. På EU-topmødet i Bruxelles blev statslederne enige om at støtte Ukraines hær med \
    landminer og luftværnsmissiler. Landmændene frygter, at høsten bliver dårligere end sidste års. ";

fn main() {
    let file = env::args().skip(1).find(|a| !a.starts_with("--"));
    let text = match file.map(fs::read_to_string) {
        Some(Ok(text)) => text,
        Some(Err(error)) => {
            eprintln!("{error}");
            return;
        }
        None => TEXT.repeat(2_000),
    };
    let mut words = Vec::new();
    Analyzer::new().words(&text, |w| words.push((w.start, w.end)));
    let tokens = words.len();

    let ours = best_of(5, || {
        let mut analyzer = Analyzer::new();
        let mut sum = 0;
        analyzer.words(&text, |w| sum += w.forms.main.len() + w.forms.parts.len());
        hint::black_box(sum);
    });
    let indexed = best_of(5, || {
        let mut analyzer = FieldAnalyzer::default();
        for texts in texts(&text).collect::<Vec<_>>().chunks(TOGETHER) {
            hint::black_box(ZoneTerms::of(texts, &mut analyzer));
        }
    });
    let warm = {
        let mut analyzer = Analyzer::new();
        analyzer.words(&text, |_| ());
        best_of(5, || {
            let mut sum = 0;
            analyzer.words(&text, |w| sum += w.forms.main.len() + w.forms.parts.len());
            hint::black_box(sum);
        })
    };
    let mut engine = TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(40))
        .filter(LowerCaser)
        .filter(Snowball)
        .build();
    let in_engine = best_of(5, || {
        let mut sum = 0;
        for text in texts(&text) {
            let mut stream = engine.token_stream(text);
            stream.process(&mut |token| sum += token.text.len());
        }
        hint::black_box(sum);
    });
    let stemmer = frostem::Stemmer::new(frostem::Algorithm::Danish);
    let alone = best_of(5, || {
        let mut sum = 0;
        // what the engine does, without its tokens
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            if !word.is_empty() {
                sum += stemmer.stem(&word.to_lowercase()).len();
            }
        }
        hint::black_box(sum);
    });
    let start = best_of(20, || {
        hint::black_box(Analyzer::new());
    });
    report("fresh analyzer", tokens, ours);
    report("warm analyzer", tokens, warm);
    report("as indexed, fresh", tokens, indexed);
    report("snowball, engine", tokens, in_engine);
    report("snowball, alone", tokens, alone);
    println!("start-up           {start:?}");
}

/// Texts that are analysed together, as in an index run.
const TOGETHER: usize = 32;
/// Bytes of a text about as long as a dispatch.
const LENGTH: usize = 2_000;

/// A text in pieces as long as dispatches, which end with a line.
fn texts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let long_enough = rest.as_bytes().iter().skip(LENGTH);
        let end = long_enough.take_while(|b| **b != b'\n').count() + LENGTH;
        let (piece, behind) = rest.split_at(end.min(rest.len()));
        rest = behind;
        (!piece.is_empty()).then_some(piece)
    })
}

fn best_of(times: u32, mut run: impl FnMut()) -> Duration {
    (0..times)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

fn report(name: &str, tokens: usize, time: Duration) {
    let nanos = time.as_nanos() as f64 / tokens as f64;
    println!(
        "{name:18} {tokens} tokens, {nanos:.0} ns a token, {:.2} million a second",
        1e3 / nanos
    );
}

/// The stemmer as a filter of the engine, as the one that it brings along (feature `stemmer`).
#[derive(Clone)]
struct Snowball;

impl TokenFilter for Snowball {
    type Tokenizer<T: Tokenizer> = Stemming<T>;

    fn transform<T: Tokenizer>(self, inner: T) -> Stemming<T> {
        Stemming(inner)
    }
}

#[derive(Clone)]
struct Stemming<T>(T);

impl<T: Tokenizer> Tokenizer for Stemming<T> {
    type TokenStream<'a> = Stems<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        Stems {
            words: self.0.token_stream(text),
            stemmer: frostem::Stemmer::new(frostem::Algorithm::Danish),
            before: String::new(),
        }
    }
}

struct Stems<T> {
    words: T,
    stemmer: frostem::Stemmer,
    /// The text of the token before it was stemmed, for its room.
    before: String,
}

impl<T: TokenStream> TokenStream for Stems<T> {
    fn advance(&mut self) -> bool {
        if !self.words.advance() {
            return false;
        }
        let token = self.words.token_mut();
        std::mem::swap(&mut token.text, &mut self.before);
        match self.stemmer.stem(&self.before) {
            Cow::Borrowed(stem) => {
                token.text.clear();
                token.text.push_str(stem);
            }
            Cow::Owned(stem) => token.text = stem,
        }
        true
    }

    fn token(&self) -> &Token {
        self.words.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.words.token_mut()
    }
}
