//! The house stays a house: imports go down the floors only, and no test file is forgotten.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::harness::project;

/// The rooms of `src/` and their floors. Nobody imports a room of the same floor or of a higher one.
const FLOORS: [(&str, u32); 16] = [
    ("error", 0),
    ("wire", 1),
    ("query", 1),
    ("search", 2),
    ("status", 2),
    ("sentences", 2),
    ("matching", 3),
    ("snippet", 4),
    ("backend", 5),
    ("render", 5),
    ("ingest", 6),
    ("alerts", 6),
    ("serve", 7),
    ("cli", 8),
    ("main", 9),
    ("lib", 9),
];

fn floor(room: &str) -> Option<u32> {
    FLOORS.iter().find(|f| f.0 == room).map(|f| f.1)
}

/// Every Rust file below a folder.
fn files(folder: &str) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(project().join(folder));
    let paths = walk.into_iter().map(|e| e.unwrap().into_path());
    let files: Vec<PathBuf> = paths
        .filter(|p| p.extension().is_some_and(|e| e == "rs"))
        .collect();
    assert!(!files.is_empty(), "{folder}");
    files
}

/// The code of a file, without comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|l| !l.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The rooms that a path names after its `crate::`, one or several in braces.
fn rooms(after: &str) -> Vec<&str> {
    let name = |path: &'_ str| {
        path.find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(path.len())
    };
    let Some(list) = after.strip_prefix('{') else {
        return vec![&after[..name(after)]];
    };
    let mut rooms = Vec::new();
    let (mut depth, mut item) = (0, 0);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                let path = list[item..at].trim();
                rooms.push(&path[..name(path)]);
                item = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    rooms
}

#[test]
fn rooms_are_read_from_paths_and_braces() {
    assert_eq!(rooms("error::Result;"), ["error"]);
    assert_eq!(
        rooms("{error::{Error, Result}, wire, query::ast::Query};"),
        ["error", "wire", "query"]
    );
}

#[test]
fn imports_go_down_the_floors_only() {
    let mut seen = 0;
    for path in files("src") {
        let below = path.strip_prefix(project().join("src")).unwrap();
        let room = below
            .iter()
            .next()
            .unwrap()
            .to_str()
            .unwrap()
            .trim_end_matches(".rs");
        let here = floor(room).unwrap_or_else(|| panic!("{room} has no floor"));
        let code = code(&path);
        for (at, start) in code.match_indices("crate::") {
            for other in rooms(&code[at + start.len()..]) {
                let Some(there) = floor(other) else { continue };
                seen += 1;
                let goes_down = other == room || there < here;
                assert!(goes_down, "{}: imports {other}", below.display());
            }
        }
    }
    assert!(seen > 20, "{seen} imports are too few to be all");
}

#[test]
fn the_engine_is_known_in_two_rooms_only() {
    for path in files("src") {
        let known = path.starts_with(project().join("src/backend"));
        assert!(
            known || !code(&path).contains("tantivy"),
            "{}",
            path.display()
        );
    }
}

#[test]
fn wire_and_query_touch_nothing_outside_and_the_analyzer_nothing_beside_it() {
    let outside = [
        "std::fs",
        "std::env",
        "fs::",
        "env::",
        "::now()",
        "SystemTime",
        "Instant",
    ];
    let beside = ["crate::{", "crate::", "super::super"];
    for (folder, forbidden) in [
        ("src/wire", &outside[..]),
        ("src/query", &outside),
        ("index_schema/src/danish", &beside),
    ] {
        for path in files(folder) {
            let code = code(&path).replace("crate::danish", "");
            for word in forbidden {
                assert!(!code.contains(word), "{}: {word}", path.display());
            }
        }
    }
}

#[test]
fn main_is_thin() {
    let lines = fs::read_to_string(project().join("src/main.rs")).unwrap();
    assert!(lines.lines().count() < 20);
}

#[test]
fn no_test_file_is_forgotten() {
    let list = fs::read_to_string(project().join("tests/main.rs")).unwrap();
    for entry in fs::read_dir(project().join("tests")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let is_module = path.extension().is_some_and(|e| e == "rs") || path.join("mod.rs").exists();
        if is_module && name != "main" {
            assert!(list.contains(&format!("mod {name};")), "{name}");
        }
    }
}
