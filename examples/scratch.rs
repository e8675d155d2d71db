use std::sync::atomic::AtomicBool;
use wiresearch::{
    backend::local::{Folder, Resources},
    ingest::*,
};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let dir = std::path::Path::new(&a[1]);
    std::fs::create_dir_all(dir).unwrap();
    let folder = Folder::at(dir);
    let lock = folder.lock(std::time::Duration::ZERO).unwrap();
    let stop = AtomicBool::new(false);
    let n = |k: &str, d: usize| {
        std::env::var(k)
            .ok()
            .and_then(|v| v.parse().ok())
            .unwrap_or(d)
    };
    let o = Options {
        paths: a[2..].iter().map(Into::into).collect(),
        leave: Leave::new(&[], dir).unwrap(),
        prune: None,
        settle: None,
        readers: n("READERS", 2),
        resources: Resources {
            memory: n("MEM", 100) << 20,
            threads: n("THREADS", 1),
        },
        limits: Default::default(),
        zone: jiff::tz::TimeZone::get("Europe/Copenhagen").unwrap(),
        now: jiff::Timestamp::now(),
        stop: &stop,
    };
    let t = run(&folder, Some(&lock), &o, &mut |e| {
        if !matches!(e, Event::Found { .. } | Event::Done { .. }) {
            eprintln!("{e:?}")
        }
    });
    match t {
        Ok(t) => println!("{}", serde_json::to_string(&t).unwrap()),
        Err(e) => println!("error: {e} {:?}", e.cure()),
    }
}
