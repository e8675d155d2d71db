//! Analysed tokens a second over running text, against Snowball's Danish stemmer on the same words.
//!
//! `cargo bench -p wiresearch-schema --bench words [FILE]`; without a file over invented sentences.

use std::time::{Duration, Instant};
use std::{env, fs, hint};

use index_schema::{FieldAnalyzer, ZoneTerms, danish::Analyzer};

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
        let mut analyzer = FieldAnalyzer::new();
        for text in texts(&text) {
            hint::black_box(ZoneTerms::of(text, &mut analyzer));
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
    let stemmer = frostem::Stemmer::new(frostem::Algorithm::Danish);
    let snowball = best_of(5, || {
        let mut sum = 0;
        // What Tantivy does: split at everything that is no letter or digit, lower-case, stem.
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
    report("snowball", tokens, snowball);
    println!("start-up           {start:?}");
}

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
