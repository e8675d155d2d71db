//! How long questions take through the library.
//!
//! ```text
//! cargo run --release --example bench_queries INDEX QUERIES.tsv [REPEATS]
//! ```
//!
//! A line of questions holds id, kind, words, and for the kind `date` a first and a last day as `YYYYMMDD`. The kinds: `or…`
//! any of the words, `phrase`, `prefix` (ends with `*` or not), everything else all of the words. Prints for each id, kind, hits,
//! and the median and the best of the repeats in microseconds: the question made, the hits counted, the first ten read from the
//! store with their headlines. Then the median with snippets, too, and that of counting alone.

use std::{env, fs, process::ExitCode, time::Instant};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use wiresearch::{
    backend::{Searcher, local::LocalSearcher},
    query::{Passage, Query, Zone},
    search::SearchRequest,
};

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("bench_queries: {e}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Box<dyn std::error::Error>> {
    let [index, queries, repeats @ ..] = arguments else {
        return Err("expected INDEX QUERIES.tsv [REPEATS]".into());
    };
    let repeats: usize = repeats.first().map_or(Ok(11), |r| r.parse())?;
    let repeats = repeats.max(1);
    let index = LocalSearcher::open(index.as_ref())?;
    let zone = TimeZone::get("Europe/Copenhagen")?;
    for line in fs::read_to_string(queries)?.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [id, kind, words, days @ ..] = columns.as_slice() else {
            continue;
        };
        let mut total = 0;
        let mut time = |count_only, snippets| -> Result<(f64, f64), Box<dyn std::error::Error>> {
            let mut micros = Vec::with_capacity(repeats);
            for _ in 0..repeats {
                let started = Instant::now();
                let query = question(kind, words, days, &zone)?;
                let request = SearchRequest {
                    query,
                    count_only,
                    snippets,
                    ..SearchRequest::new("", Timestamp::now(), &zone)
                };
                let hits = index.search(&request)?;
                micros.push(started.elapsed().as_secs_f64() * 1e6);
                total = hits.total;
                std::hint::black_box(hits);
            }
            micros.sort_by(f64::total_cmp);
            Ok((micros[micros.len() / 2], micros[0]))
        };
        let (median, best) = time(false, false)?;
        let (snippets, _) = time(false, true)?;
        let (count, _) = time(true, false)?;
        println!("{id}\t{kind}\t{total}\t{median:.1}\t{best:.1}\t{snippets:.1}\t{count:.1}");
    }
    Ok(())
}

fn question(
    kind: &str,
    words: &str,
    days: &[&str],
    zone: &TimeZone,
) -> Result<Query, Box<dyn std::error::Error>> {
    let text = |what| Query::Text {
        zone: Zone::Anywhere,
        what,
    };
    let word = |w: &str| Passage::Word(w.to_owned());
    let mut all: Vec<Query> = words.split(' ').map(|w| text(word(w))).collect();
    Ok(match kind {
        "phrase" => text(Passage::Phrase(words.split(' ').map(word).collect())),
        "prefix" => text(Passage::Pattern(format!(
            "{}*",
            words.trim_end_matches('*')
        ))),
        kind if kind.starts_with("or") => Query::Or(all),
        "date" => {
            let day = |at: usize| -> Result<Date, Box<dyn std::error::Error>> {
                let number: i32 = days.get(at).ok_or("expected two days")?.parse()?;
                let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
                Ok(Date::new(
                    year.try_into()?,
                    month.try_into()?,
                    day.try_into()?,
                )?)
            };
            let start = index_schema::When::Day(day(0)?).span(zone).start;
            let end = index_schema::When::Day(day(1)?).span(zone).end;
            all.push(Query::Date {
                written: String::new(),
                span: index_schema::TimeSpan { start, end },
            });
            Query::And(all)
        }
        _ => Query::And(all),
    })
}
