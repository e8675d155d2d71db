//! Left to cron: repeated runs, two runs at once, readers beside them, damage, kills.

use std::{
    fs,
    process::{Command, Stdio},
    time::{Duration, SystemTime},
};

use crate::{
    harness::{Desk, Said},
    stories::{age, desk_with, fingerprint, story, total},
};

#[test]
fn a_second_run_reads_nothing_and_writes_nothing() {
    let desk = desk_with(10);
    let before = fingerprint(&desk);
    let run = desk.run(["index", "--json"]).succeeds().json();
    assert_eq!(run["files"]["unchanged"], 10);
    assert_eq!(run["dispatches"]["total"], 10);
    assert_eq!(fingerprint(&desk), before);
}

#[test]
fn a_touched_file_is_noted_once() {
    let desk = desk_with(3);
    let path = desk.path("feeds/00/0.txt");
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(1800))
        .unwrap();
    let run = desk.run(["index", "--json"]).succeeds().json();
    assert_eq!(
        (&run["files"]["changed"], &run["files"]["unchanged"]),
        (&0.into(), &3.into())
    );
    let before = fingerprint(&desk);
    desk.run(["index"]).succeeds();
    assert_eq!(fingerprint(&desk), before);
}

#[test]
fn a_second_run_leaves_at_once_and_silently() {
    let desk = desk_with(1);
    let index = desk.path("home/.local/share/wiresearch");
    let holder = fs::File::open(&index).unwrap();
    rustix::fs::flock(&holder, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let run = desk.run(["index"]);
    run.exits(75).prints_nothing();
    assert_eq!(run.stderr(), "");
    // readers do not care
    desk.run(["query", "havn"]).succeeds();
    let waiting = desk
        .command(["index", "--wait", "60s"])
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    drop(holder);
    assert!(waiting.wait_with_output().unwrap().status.success());
}

#[test]
fn files_still_changing_are_left_for_later() {
    let desk = desk_with(1);
    desk.write("feeds/ny.txt", story(2));
    desk.run(["index", "--settle", "1h"]).succeeds();
    assert_eq!(total(&desk), 1);
    desk.run(["index"]).succeeds();
    assert_eq!(total(&desk), 2);
}

#[test]
fn a_rebuild_needs_no_file() {
    let desk = desk_with(6);
    desk.write("feeds/01/1.txt", story(1).replace("havnen", "færgen"));
    desk.run(["index"]).succeeds();
    fs::rename(desk.path("feeds"), desk.path("væk")).unwrap();
    desk.run(["index", "--rebuild"]).exits(2);
    assert_eq!(total(&desk), 5);
    desk.run(["query", "--all-versions", "--count", "havn"])
        .prints("6");
    desk.run(["verify"]).succeeds().prints("sound");
}

#[test]
fn a_backup_is_an_index() {
    let desk = desk_with(6);
    desk.run(["backup", "kopi"]).succeeds();
    desk.run(["-i", "kopi", "verify"]).succeeds();
    desk.run(["-i", "kopi", "query", "--count", "havn"])
        .succeeds()
        .prints("6");
    desk.run(["backup", "kopi"])
        .exits(2)
        .complains("is not empty");
}

#[test]
fn who_may_only_read_may_search() {
    use std::os::unix::fs::PermissionsExt;
    let desk = desk_with(3);
    let index = desk.path("home/.local/share/wiresearch");
    for (name, ..) in fingerprint(&desk) {
        let mode = fs::metadata(&name).unwrap().permissions().mode();
        assert_eq!(mode & 0o044, 0o044, "{name} has mode {mode:o}");
    }
    // no right to write, not even to the folder
    let folders = [index.clone(), index.join("generation-1")];
    let set = |mode| {
        for folder in &folders {
            fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    set(0o555);
    let said = [
        desk.run(["query", "havn"]),
        desk.run(["status"]),
        desk.run(["verify"]),
        desk.run(["show", "feeds/00/0.txt"]),
        desk.run(["index"]),
    ];
    set(0o755);
    for said in said {
        said.succeeds();
    }
}

/// The same as a real account without any right to the index. Only root can become somebody else.
#[test]
fn another_user_may_search_and_not_write() {
    use std::os::unix::fs::PermissionsExt;
    let output = |program: &str, arguments: &[&str]| Command::new(program).args(arguments).output();
    let becomes_nobody = |program: &str| {
        let ids = [
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            program,
            "--version",
        ];
        output("setpriv", &ids).is_ok_and(|o| o.status.success())
    };
    let desk = desk_with(3);
    // the desk is private, and so may be the folder of the program
    fs::set_permissions(desk.path("."), fs::Permissions::from_mode(0o755)).unwrap();
    let program = desk.path("wiresearch");
    fs::copy(env!("CARGO_BIN_EXE_wiresearch"), &program).unwrap();
    let program = program.to_str().unwrap();
    if !becomes_nobody(program) {
        eprintln!("SKIPPED another_user_may_search_and_not_write: needs root and setpriv");
        return;
    }
    let as_nobody = |arguments: &[&str]| {
        let ids = ["--reuid=65534", "--regid=65534", "--clear-groups", program];
        let mut command = desk.command_of("setpriv", ids);
        command.args(arguments).stdin(Stdio::null());
        let output = command.output().unwrap();
        Said::of(&command, output)
    };
    let before = fingerprint(&desk);
    as_nobody(&["query", "--count", "havn"])
        .succeeds()
        .prints("3");
    as_nobody(&["show", "feeds/00/0.txt"])
        .succeeds()
        .prints("nummer 0");
    as_nobody(&["status"]).succeeds();
    as_nobody(&["verify"]).succeeds().prints("sound");
    // nothing new needs no right
    as_nobody(&["index"]).succeeds();
    desk.write("feeds/ny.txt", story(4));
    as_nobody(&["index"]).exits(2).complains("cannot");
    assert_eq!(fingerprint(&desk), before);
    desk.run(["index"]).succeeds();
    as_nobody(&["query", "--count", "havn"])
        .succeeds()
        .prints("4");
}

#[test]
fn of_ten_runs_at_once_one_works_and_the_others_leave_silently() {
    let desk = desk_with(5);
    for n in 100..400 {
        desk.write(&format!("feeds/ny/{n}.txt"), story(n));
    }
    let run = |_| {
        let mut command = desk.command(["index"]);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        (command.spawn().unwrap(), command)
    };
    let runs: Vec<_> = (0..10).map(run).collect();
    let mut worked = 0;
    for (run, command) in runs {
        let said = Said::of(&command, run.wait_with_output().unwrap());
        assert_eq!((said.stdout(), said.stderr()), ("", ""), "{said}");
        match said.code() {
            // a run that came when the first was done already had nothing to do
            Some(0) => worked += 1,
            _ => _ = said.exits(75),
        }
    }
    assert!(
        (1..10).contains(&worked),
        "{worked} of ten runs did not leave"
    );
    desk.run(["verify"]).succeeds().prints("sound");
    assert_eq!(total(&desk), 305);
}

/// Readers and copies see one commit or the next, and never fail, while runs add ten dispatches each.
#[test]
fn readers_and_backups_see_whole_commits_while_runs_write() {
    let desk = desk_with(10);
    let done = std::sync::atomic::AtomicBool::new(false);
    let is_done = || done.load(std::sync::atomic::Ordering::Relaxed);
    let whole = |said: &Said| {
        let count: u64 = said.succeeds().stdout().trim().parse().unwrap();
        assert_eq!(count % 10, 0, "{said}");
        count
    };
    std::thread::scope(|scope| {
        let reader = || {
            let (mut last, mut asked) = (0, 0_u64);
            while !is_done() {
                let count = whole(&desk.run(["query", "--count", "telegram"]));
                assert!(count >= last, "{count} after {last}");
                (last, asked) = (count, asked + 1);
            }
            asked
        };
        let readers = [scope.spawn(reader), scope.spawn(reader)];
        let copier = scope.spawn(|| {
            let mut copies = 0;
            while !is_done() {
                let copy = format!("kopi-{copies}");
                desk.run(["backup", &copy]).succeeds();
                desk.run(["-i", &copy, "verify"]).succeeds().prints("sound");
                whole(&desk.run(["-i", &copy, "query", "--count", "telegram"]));
                copies += 1;
            }
            copies
        });
        for round in 1..=20 {
            for n in 0..10 {
                desk.write(&format!("feeds/{round}/{n}.txt"), story(round * 10 + n));
            }
            desk.run(["index"]).succeeds();
        }
        desk.run(["index", "--rebuild"]).succeeds();
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        for reader in readers {
            assert!(reader.join().unwrap() > 0);
        }
        assert!(copier.join().unwrap() > 0);
    });
    assert_eq!(total(&desk), 210);
}

#[test]
fn forget_leaves_nothing_in_what_a_killed_rebuild_left() {
    let desk = desk_with(3);
    let index = desk.path("home/.local/share/wiresearch");
    let killed = index.join("generation-7");
    fs::create_dir(&killed).unwrap();
    fs::write(killed.join("a.store"), story(1)).unwrap();
    desk.run(["-q", "forget", "feeds/01/1.txt", "--yes"])
        .succeeds();
    assert!(!killed.exists());
    assert_eq!(total(&desk), 2);
}

#[test]
fn what_is_forgotten_is_in_no_file_of_the_index() {
    let desk = Desk::new();
    let secret = "Kvartetslangen blev indlagt på Frijsenborg sanatorium.";
    let path = desk.write(
        "feeds/hemmelig.txt",
        format!(" date 2020 {secret}\n\n\n\n/ritzau/"),
    );
    desk.write("feeds/andet.txt", story(3));
    desk.run(["index", "feeds"]).succeeds();
    desk.run(["forget", "feeds/hemmelig.txt"])
        .exits(2)
        .complains("--yes");
    desk.run(["query", "kvartetslange"]).succeeds();
    desk.run(["-q", "forget", "feeds/hemmelig.txt", "--yes"])
        .succeeds();
    desk.run(["query", "kvartetslange"]).exits(1);
    for (name, ..) in fingerprint(&desk) {
        let bytes = fs::read(&name).unwrap();
        for word in ["kvartetslange", "frijsenborg", "Frijsenborg"] {
            assert!(
                !bytes.windows(word.len()).any(|w| w == word.as_bytes()),
                "{word} in {name}"
            );
        }
    }
    // the file still lies there, and is even touched
    fs::write(&path, fs::read(&path).unwrap()).unwrap();
    desk.run(["index"]).succeeds();
    desk.run(["query", "kvartetslange"]).exits(1);
    desk.run(["verify"]).succeeds();
    assert_eq!(total(&desk), 1);
}

#[test]
fn damage_is_an_error_everywhere() {
    let desk = desk_with(30);
    let files = fingerprint(&desk);
    let store = files
        .iter()
        .find(|(name, ..)| name.ends_with(".store"))
        .unwrap();
    let mut bytes = fs::read(&store.0).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    // damage that came in the same tick of the clock as the commit looks like a part of it
    std::thread::sleep(Duration::from_millis(30));
    fs::write(&store.0, bytes).unwrap();
    desk.run(["verify"]).exits(2).complains("checksum");
    desk.run(["query", "havn"]).exits(2).complains("damaged");
    desk.run(["status"]).exits(2);
    fs::remove_file(&store.0).unwrap();
    desk.run(["verify"]).exits(2);
    desk.run(["query", "havn"]).exits(2);
}

/// Kills the program at random moments while it takes in adds, changes and prunes; in the end the index must be what a
/// fresh one is. `WIRESEARCH_KILLS` says how many kills.
#[test]
fn kills_lose_nothing_and_double_nothing() {
    let kills: u64 = std::env::var("WIRESEARCH_KILLS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(20);
    let desk = desk_with(40);
    let mut state = 88_172_645_463_325_252_u64;
    let mut random = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    for round in 0..kills {
        let n = usize::try_from(round).unwrap();
        for i in 0..5 {
            let path = desk.write(
                &format!("feeds/{:02}/ny-{n}-{i}.txt", n % 7),
                story(1000 + n * 5 + i),
            );
            age(&path);
        }
        desk.write(
            &format!("feeds/{:02}/{}.txt", n % 5, n % 40),
            format!("{}Rettet {n}.", story(n)),
        );
        if n % 3 == 0 {
            let _ = fs::remove_file(desk.path(&format!(
                "feeds/{:02}/ny-{}-0.txt",
                n.saturating_sub(5) % 7,
                n.saturating_sub(5)
            )));
        }
        let mut run = desk
            .command(["index", "--prune", "--max-prune", "50%"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(random(150_000)));
        let _ = run.kill();
        run.wait().unwrap();
        desk.run(["verify"]).succeeds();
    }
    // the last kill may have come after the commit, and what it left goes with the next run that writes
    age(&desk.write("feeds/00/sidste.txt", story(1)));
    desk.run(["index", "--prune", "--max-prune", "50%"])
        .succeeds();
    desk.run(["verify"]).succeeds();
    let fresh = |index: &str| {
        let said = desk.run([
            "-i", index, "query", "-n", "all", "--format", "jsonl", "--full", "telegram",
        ]);
        let mut bodies: Vec<String> = said
            .json_lines()
            .iter()
            .map(|hit| hit["body"].as_str().unwrap().to_owned())
            .collect();
        bodies.sort();
        bodies
    };
    desk.run(["-i", "frisk", "index", "feeds"]).succeeds();
    let index = "home/.local/share/wiresearch";
    assert_eq!(fresh(index), fresh("frisk"));
    // nothing is left lying about
    for (name, ..) in fingerprint(&desk) {
        let name = name.rsplit('/').next().unwrap();
        assert!(!name.starts_with(".tmp"), "{name} was left behind");
    }
}

#[test]
fn a_signal_ends_a_run_that_can_be_repeated() {
    let desk = Desk::new();
    for n in 0..2000 {
        desk.write(&format!("feeds/{n}.txt"), story(n));
    }
    let mut command = desk.command(["index", "feeds"]);
    let mut run = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(150));
    let id = run.id().to_string();
    Command::new("kill").args(["-TERM", &id]).status().unwrap();
    let code = run.wait().unwrap().code();
    // it may have been done before the signal came, or may not have watched yet
    assert!(matches!(code, Some(143 | 0) | None), "{code:?}");
    desk.run(["index", "feeds"]).succeeds();
    assert_eq!(total(&desk), 2000);
    desk.run(["verify"]).succeeds();
}
