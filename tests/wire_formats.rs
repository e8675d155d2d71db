//! Wire formats: what the samples are read as, and how that agrees with hand-checked facts about real files.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use index_schema::When;
use jiff::{civil::DateTime, tz::TimeZone};
use serde_json::{Value, json};
use wiresearch::wire::{self, FeedFile, Found, Item, Limits, WIRE_FORMATS};

/// Facts that are compared, in the order of the table.
const FACTS: [&str; 11] = [
    "found", "guid", "version", "status", "embargo", "headline", "date", "source", "language",
    "words", "body60",
];

/// Disagreements that a right rule cannot avoid, with the reason.
const ARGUED: [(&str, &str, &str); 2] = [
    (
        "belga__tass_belga.xml",
        "guid",
        "the file names neither day nor number of the item; the provider alone would make all its items one",
    ),
    (
        "ntb__ntbttninjs.json",
        "body60",
        "expected is the <title> in the <head> of the HTML, which is no part of the text",
    ),
];

fn zone() -> TimeZone {
    TimeZone::get("Europe/Copenhagen").unwrap()
}

fn read(path: &Path) -> Vec<wiresearch::Result<Found>> {
    read_named(path).1
}

fn read_named(path: &Path) -> (&'static str, Vec<wiresearch::Result<Found>>) {
    read_bytes(path, &fs::read(path).unwrap())
}

fn read_bytes(path: &Path, bytes: &[u8]) -> (&'static str, Vec<wiresearch::Result<Found>>) {
    let zone = zone();
    let file = FeedFile {
        path,
        zone: &zone,
        limits: Limits::default(),
    };
    let mut all = Vec::new();
    let mut input = bytes;
    let name = wire::read(&file, &mut input, &mut |found| {
        all.push(found);
        Ok(())
    });
    match name {
        Ok(name) => (name, all),
        Err(error) => {
            all.push(Err(error));
            ("", all)
        }
    }
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_wire")
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<_> = fs::read_dir(samples())
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.is_dir())
        .collect();
    folders.sort();
    folders
}

#[test]
fn every_wire_format_has_samples_that_it_recognises() {
    for format in WIRE_FORMATS {
        let folder = samples().join(format.name());
        assert!(folder.is_dir(), "no samples of {}", format.name());
        for path in files_below(&folder) {
            let (name, _) = read_named(&path);
            assert_eq!(name, format.name(), "{}", path.display());
        }
    }
}

#[test]
fn nothing_but_samples_lies_among_the_samples() {
    // `index sample_wire` takes in whatever is there
    let beside = fs::read_dir(samples()).unwrap();
    let beside = beside.map(|e| e.unwrap().path()).filter(|p| !p.is_dir());
    assert_eq!(beside.collect::<Vec<_>>(), Vec::<PathBuf>::new());
}

#[test]
fn samples_are_read_as_expected() {
    let bless = env::var_os("WIRESEARCH_BLESS").is_some();
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected/wire");
    let mut changed = Vec::new();
    for folder in folders() {
        let mut text = String::new();
        for path in files_below(&folder) {
            let name = path
                .strip_prefix(&folder)
                .unwrap()
                .to_string_lossy()
                .into_owned();
            for found in read(&path) {
                let shown = match &found {
                    Ok(found) => shown(&name, found),
                    Err(error) => json!({ "file": name, "error": error.to_string() }),
                };
                text += &serde_json::to_string_pretty(&shown).unwrap();
                text.push('\n');
            }
        }
        let name = folder.file_name().unwrap().to_string_lossy();
        let golden = expected.join(format!("{name}.json"));
        if bless {
            fs::create_dir_all(&expected).unwrap();
            fs::write(&golden, &text).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != text {
            changed.push(golden.display().to_string());
        }
    }
    assert!(
        changed.is_empty(),
        "read differently than written in {changed:?}; if that is meant, run again with WIRESEARCH_BLESS=1 and look at the diff"
    );
}

fn shown(file: &str, found: &Found) -> Value {
    let mut shown = json!({ "file": file, "item": found.item, "status": found.content.status() });
    if let Some(member) = &found.member {
        shown["member"] = json!(member);
    }
    if let Item::PassedOver { reason, .. } = &found.content {
        shown["reason"] = json!(reason);
    }
    shown["dispatch"] = serde_json::to_value(found.content.dispatch()).unwrap();
    shown
}

#[test]
fn real_files_agree_with_the_facts_known_about_them() {
    let Some(folder) = env::var_os("WIRESEARCH_TESTDATA").map(|d| PathBuf::from(d).join("wire"))
    else {
        eprintln!("SKIPPED: WIRESEARCH_TESTDATA is not set");
        return;
    };
    let mut table: BTreeMap<String, BTreeMap<&str, (usize, usize)>> = BTreeMap::new();
    let mut disagreements = Vec::new();
    let mut formats: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    formats.sort();
    for format in formats.iter().filter(|f| f.join("expected.jsonl").exists()) {
        let name = format.file_name().unwrap().to_string_lossy().into_owned();
        let expected = fs::read_to_string(format.join("expected.jsonl")).unwrap();
        for line in expected.lines() {
            let expected: Value = serde_json::from_str(line).unwrap();
            let file = expected["file"].as_str().unwrap();
            let found = read(&folder.join(file));
            let at = expected["item"].as_u64().unwrap();
            let item = found.iter().flatten().find(|f| u64::from(f.item) == at);
            let row = table.entry(name.clone()).or_default();
            for fact in FACTS {
                let verdict = match item {
                    Some(item) => compare(fact, &expected, &item.content),
                    None if fact == "found" => Some(Err("nothing found".to_owned())),
                    None => None,
                };
                let Some(verdict) = verdict else { continue };
                let cell = row.entry(fact).or_default();
                cell.1 += 1;
                match verdict {
                    Ok(()) => cell.0 += 1,
                    Err(seen) => disagreements.push((file.to_owned(), fact, seen)),
                }
            }
        }
    }
    print_table(&table);
    let mut unexplained = Vec::new();
    for (file, fact, seen) in disagreements {
        let argued = ARGUED
            .iter()
            .find(|(f, a, _)| file.ends_with(f) && *a == fact);
        match argued {
            Some((_, _, why)) => eprintln!("argued: {file}: {fact}: {why}"),
            None => unexplained.push(format!("{file}: {fact}: {seen}")),
        }
    }
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
}

/// Whether a fact agrees; `None` where nothing is known to compare it with.
fn compare(fact: &str, expected: &Value, item: &Item) -> Option<Result<(), String>> {
    let dispatch = item.dispatch();
    let text = |key: &str| expected[key].as_str().map(str::to_owned);
    let skipped = expected["status"] == "skip";
    let same = |ours: Option<String>, theirs: Option<String>| {
        Some(if ours == theirs {
            Ok(())
        } else {
            Err(format!("{ours:?}, expected {theirs:?}"))
        })
    };
    match fact {
        "found" => Some(Ok(())),
        "status" => same(Some(item.status().to_owned()), text("status")),
        _ if skipped => None,
        "guid" => same(dispatch.guid.clone(), text("guid")),
        "version" => same(dispatch.version.clone(), text("version")),
        "embargo" => same(
            dispatch.embargo.map(instant),
            text("embargo").map(|e| instant(e.parse().unwrap())),
        ),
        "headline" => same(
            dispatch.headline.as_deref().map(collapsed),
            text("headline").as_deref().map(collapsed),
        ),
        "date" => {
            let local = text("date_local").map(|d| {
                let civil: DateTime = d.parse().unwrap();
                instant(When::local(civil, &zone()).unwrap())
            });
            let theirs = text("date").map(|d| instant(d.parse().unwrap())).or(local);
            same(dispatch.date.map(instant), theirs)
        }
        "source" => same(
            dispatch.source.as_deref().map(bare),
            text("source").as_deref().map(bare),
        ),
        "language" => {
            let theirs = text("language_true").or_else(|| text("language"))?;
            let written = text("language").unwrap_or_default();
            let ours = dispatch.language.clone().unwrap_or_default();
            let agrees = [theirs.as_str(), written.as_str()]
                .iter()
                .any(|t| primary(t) == primary(&ours));
            same(
                Some(ours.clone()),
                if agrees { Some(ours) } else { Some(theirs) },
            )
        }
        "words" => {
            let theirs = expected["words"].as_u64()?;
            let credit = dispatch.credit.as_deref().unwrap_or("");
            let ours = (dispatch.body.split_whitespace().count()
                + credit.split_whitespace().count()) as u64;
            let tolerance = expected["words_tolerance"].as_u64().unwrap_or(0);
            Some(if ours.abs_diff(theirs) <= tolerance {
                Ok(())
            } else {
                Err(format!("{ours}, expected {theirs} within {tolerance}"))
            })
        }
        "body60" => {
            let theirs = text("body60")?;
            let ours: String = collapsed(&dispatch.body).chars().take(60).collect();
            same(Some(ours.trim().to_owned()), Some(collapsed(&theirs)))
        }
        _ => None,
    }
}

fn instant(when: When) -> String {
    match when {
        When::Moment(time, _) => time.to_string(),
        other => other.to_string(),
    }
}

fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn bare(source: &str) -> String {
    let lower = source.to_lowercase();
    let lower = lower.strip_prefix("via ").unwrap_or(&lower);
    let kept: String = lower
        .chars()
        .filter(|c| c.is_alphanumeric() || c.is_whitespace())
        .collect();
    collapsed(&kept)
}

fn primary(tag: &str) -> String {
    let primary = tag.split(['-', '_']).next().unwrap_or("").to_lowercase();
    // bokmål is Norwegian
    if primary == "nb" || primary == "nn" {
        "no".to_owned()
    } else {
        primary
    }
}

fn print_table(table: &BTreeMap<String, BTreeMap<&str, (usize, usize)>>) {
    eprint!("{:18}", "");
    for fact in FACTS {
        eprint!("{fact:>9}");
    }
    eprintln!();
    for (format, row) in table {
        eprint!("{format:18}");
        for fact in FACTS {
            match row.get(fact) {
                Some((good, all)) => eprint!("{:>9}", format!("{good}/{all}")),
                None => eprint!("{:>9}", "-"),
            }
        }
        eprintln!();
    }
}
