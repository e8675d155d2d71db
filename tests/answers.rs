//! What is found and what is not: a table of queries over a small archive.

use std::collections::BTreeMap;

use crate::harness::Desk;

/// The archive: files one after the other, each below a line `### NAME`.
const ARCHIVE: &str = include_str!("answers/archive.txt");

/// A line each: a query, the files that must be found, and those that must not be, `*` for all others. Lines that begin
/// with `# ` are headings.
const QUERIES: &str = include_str!("answers/queries.tsv");

struct Row<'a> {
    query: &'a str,
    found: Vec<&'a str>,
    not_found: Vec<&'a str>,
}

fn rows() -> Vec<Row<'static>> {
    let lines = QUERIES.lines().filter(|l| !l.starts_with("# "));
    let row = |line: &'static str| {
        let columns: Vec<&str> = line.split('\t').collect();
        let [query, found, not_found] = columns[..] else {
            panic!("not three columns: {line}");
        };
        Row {
            query,
            found: found.split_whitespace().collect(),
            not_found: not_found.split_whitespace().collect(),
        }
    };
    lines.map(row).collect()
}

fn files() -> BTreeMap<&'static str, &'static str> {
    let files = ARCHIVE.split("### ").skip(1);
    files.map(|file| file.split_once('\n').unwrap()).collect()
}

/// The name of a file without its folder and ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap();
    name.split('.').next().unwrap()
}

#[test]
fn every_query_finds_what_it_must_and_not_what_it_must_not() {
    let desk = Desk::new();
    let files = files();
    for (name, text) in &files {
        desk.write(&format!("feeds/{name}"), text);
    }
    desk.run(["index", "feeds"]).succeeds();

    let known: Vec<&str> = files.keys().map(|name| stem(name)).collect();
    let rows = rows();
    let mut wrong = String::new();
    for row in &rows {
        for name in row.found.iter().chain(&row.not_found) {
            assert!(*name == "*" || known.contains(name), "no file {name}");
        }
        let said = desk.run(["query", "--format", "paths", "-n", "all", "--", row.query]);
        said.exits(i32::from(row.found.is_empty()));
        let found: Vec<&str> = said.stdout().lines().map(stem).collect();
        let missing = row.found.iter().any(|name| !found.contains(name));
        let unwanted = |name: &&str| match row.not_found[..] {
            ["*"] => !row.found.contains(name),
            _ => row.not_found.contains(name),
        };
        if missing || found.iter().any(unwanted) {
            wrong.push_str(&format!("{}\t{}\n", row.query, found.join(" ")));
        }
    }
    assert!(
        wrong.is_empty(),
        "wrong answers, with what was found:\n{wrong}"
    );
    assert!(rows.len() >= 100, "{} queries", rows.len());
    assert!(files.len() >= 40, "{} files", files.len());
}
