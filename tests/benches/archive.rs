//! Reading, indexing and asking, on an archive made up here: the same on every machine, small, and soon done.
//!
//! `cargo bench --bench archive [DISPATCHES]`; 3000 without a number. Prints the best of several for each.

use std::{
    env, fs,
    hint::black_box,
    path::Path,
    sync::atomic::AtomicBool,
    time::{Duration, Instant},
};

use jiff::{Timestamp, tz::TimeZone};
use wiresearch::{
    Result,
    backend::{
        Searcher,
        local::{Folder, LocalSearcher},
    },
    ingest::{self, Options},
    search::SearchRequest,
    wire::{self, FeedFile, Limits},
};

const STEMS: [&str; 24] = [
    "regering",
    "minister",
    "havn",
    "kommune",
    "sygehus",
    "aftale",
    "lov",
    "skole",
    "politi",
    "bank",
    "vej",
    "skib",
    "elev",
    "borger",
    "fisker",
    "landmine",
    "hær",
    "by",
    "formand",
    "valg",
    "klima",
    "vindmølle",
    "rente",
    "avis",
];
const ENDINGS: [&str; 6] = ["", "en", "er", "erne", "s", "ens"];
const BETWEEN: [&str; 8] = ["siger", "i", "og", "om", "ikke", "på", "efter", "mener"];
const QUESTIONS: [&str; 7] = [
    "regering havn",
    "krig OR fred",
    "\"minister siger\"",
    "havn*",
    "borgerne NEAR/5 skole",
    "date:2017-03 sygehus",
    "sygehuslovgivning -valg",
];

fn main() -> Result<()> {
    let number = env::args().skip(1).find_map(|a| a.parse().ok());
    let dispatches: u32 = number.unwrap_or(3000);
    let desk = tempfile::tempdir().map_err(|e| wiresearch::Error::io("cannot make a folder", e))?;
    let feeds = desk.path().join("feeds");
    let bytes = make_archive(&feeds, dispatches)
        .map_err(|e| wiresearch::Error::io("cannot make the archive", e))?;
    println!("{dispatches} dispatches, {bytes} bytes");
    let zone = TimeZone::get("Europe/Copenhagen").unwrap_or(TimeZone::UTC);

    let texts: Vec<String> = (0..200).map(text).collect();
    let read = best_of(9, || {
        let mut found = 0;
        for text in &texts {
            let file = FeedFile {
                path: Path::new("2017/03/14/telegram.txt"),
                zone: &zone,
                limits: Limits::default(),
            };
            let _ = wire::read(&file, &mut text.as_bytes(), &mut |item| {
                found += u32::from(item.is_ok());
                Ok(())
            });
        }
        found
    });
    report("read plain text, each", read / 200);

    let stop = AtomicBool::new(false);
    let run = |index: &Path| -> Result<ingest::Tally> {
        let _ = fs::create_dir_all(index);
        let folder = Folder::at(index);
        let lock = folder.lock(Duration::ZERO)?;
        let options = Options::new(index, vec![feeds.clone()], &stop)?;
        ingest::run(&folder, Some(&lock), &options, &mut |_| {})
    };
    let mut round = 0;
    let first = best_of(3, || {
        round += 1;
        run(&desk.path().join(format!("index-{round}"))).map(|t| t.dispatches.total)
    });
    report("first index", first);
    let index = desk.path().join("index-1");
    report(
        "nothing new",
        best_of(9, || run(&index).map(|t| t.files.seen)),
    );

    let now = Timestamp::now();
    for question in QUESTIONS {
        let parse = best_of(50, || SearchRequest::new(question, now, &zone));
        report(&format!("parse {question}"), parse);
    }
    let searcher = LocalSearcher::open(&index)?;
    for question in QUESTIONS {
        let request = SearchRequest::new(question, now, &zone);
        let ask = best_of(50, || searcher.search(&request).map(|hits| hits.total));
        report(&format!("ask {question}"), ask);
    }
    Ok(())
}

/// Writes the archive, all its files an hour old.
fn make_archive(feeds: &Path, dispatches: u32) -> std::io::Result<usize> {
    let past = std::time::SystemTime::now() - Duration::from_secs(3600);
    let mut bytes = 0;
    for n in 0..dispatches {
        let folder = feeds.join(format!("{}", n / 300));
        fs::create_dir_all(&folder)?;
        let text = text(n);
        bytes += text.len();
        let path = folder.join(format!("{n}.txt"));
        fs::write(&path, text)?;
        fs::File::options()
            .write(true)
            .open(&path)?
            .set_modified(past)?;
    }
    Ok(bytes)
}

/// A dispatch that depends on its number only; frequent words are drawn more often, as in any language.
fn text(number: u32) -> String {
    let mut state = u64::from(number) * 0x9E37_79B9_7F4A_7C15 + 1;
    let mut below = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap_or(0) % limit
    };
    let mut text = format!(" date 2017-{:02}-{:02} ", number % 12 + 1, number % 28 + 1);
    for sentence in 0..20 {
        if sentence > 0 && sentence % 5 == 0 {
            text.push_str("\n\n\n\n");
        }
        for word in 0..10 + below(5) {
            if word > 0 {
                text.push(' ');
            }
            if below(3) == 0 {
                text.push_str(BETWEEN[below(BETWEEN.len())]);
                continue;
            }
            if below(4) == 0 {
                text.push_str(STEMS[below(STEMS.len())]);
            }
            let rank = below(STEMS.len()).min(below(STEMS.len()));
            text.push_str(STEMS[rank]);
            text.push_str(ENDINGS[below(ENDINGS.len())]);
        }
        text.push_str(". ");
    }
    text.push_str("\n\n\n\n/ritzau/");
    text
}

fn best_of<T>(times: u32, mut run: impl FnMut() -> T) -> Duration {
    let once = || {
        let started = Instant::now();
        black_box(run());
        started.elapsed()
    };
    std::iter::repeat_with(once)
        .take(times as usize)
        .min()
        .unwrap_or_default()
}

fn report(name: &str, time: Duration) {
    println!("{name:36} {time:>12.1?}");
}
