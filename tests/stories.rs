//! A desk with stories of a few words each, indexed.

use std::{
    fs,
    time::{Duration, SystemTime},
};

use crate::harness::Desk;

pub(crate) fn story(n: usize) -> String {
    format!(
        " date 2021-04-{:02} Telegram nummer {n} om havnen.\n\n\n\n/ritzau/",
        n % 28 + 1
    )
}

/// A desk with so many stories, indexed, none of them fresh.
pub(crate) fn desk_with(stories: usize) -> Desk {
    let desk = Desk::new();
    for n in 0..stories {
        let path = desk.write(&format!("feeds/{:02}/{n}.txt", n % 5), story(n));
        age(&path);
    }
    desk.run(["index", "feeds"]).succeeds();
    desk
}

/// Makes a file look an hour old, so that its time of change can be trusted.
pub(crate) fn age(path: &std::path::Path) {
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(3600))
        .unwrap();
}

pub(crate) fn total(desk: &Desk) -> u64 {
    let said = desk.run(["query", "--count", "havn"]);
    said.stdout().trim().parse().unwrap()
}

/// What the index folder looks like: names, sizes and times.
pub(crate) fn fingerprint(desk: &Desk) -> Vec<(String, u64, SystemTime)> {
    let mut found = Vec::new();
    let mut folders = vec![desk.path("home/.local/share/wiresearch")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().flatten() {
            let metadata = entry.metadata().unwrap();
            if metadata.is_dir() {
                folders.push(entry.path());
            } else {
                let name = entry.path().display().to_string();
                found.push((name, metadata.len(), metadata.modified().unwrap()));
            }
        }
    }
    found.sort();
    found
}
