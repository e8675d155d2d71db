//! Feeds as they are: what is taken in, what is turned away, and what is said of it.

use std::{fs, os::unix::fs::PermissionsExt, process::Command};

use crate::harness::Desk;

const STORY: &str =
    " date 2021-04 Havnen i Esbjerg får en ny kran.\n\n\n\nDen kan løfte 400 ton.\n\n\n\n/ritzau/";

#[test]
fn a_story_goes_in_and_is_found() {
    let desk = Desk::new();
    desk.write("feeds/kran.txt", STORY);
    let run = desk.run(["index", "feeds", "--json"]);
    let json = run.succeeds().json();
    assert_eq!(json["files"]["new"], 1);
    assert_eq!(json["dispatches"]["added"], 1);
    assert_eq!(json["dispatches"]["total"], 1);
    desk.run(["query", "kranen"]).succeeds().prints("2021-04");
}

#[test]
fn an_empty_folder_is_an_empty_index() {
    let desk = Desk::new();
    desk.run(["index", "feeds"]).succeeds().prints_nothing();
    desk.run(["query", "kran"]).exits(1);
    desk.write("feeds/kran.txt", STORY);
    desk.run(["index"]).succeeds();
    desk.run(["query", "kran"]).succeeds();
}

#[test]
fn a_missing_path_is_named_and_the_rest_is_indexed() {
    let desk = Desk::new();
    desk.write("feeds/kran.txt", STORY);
    desk.run(["index", "feeds", "nowhere"])
        .exits(2)
        .complains("nowhere is not there");
    desk.run(["query", "kran"]).succeeds();
}

#[test]
fn a_mistyped_path_makes_no_index() {
    let desk = Desk::new();
    desk.run(["-i", "new", "index", "fedes"])
        .exits(2)
        .complains("fedes is not there");
    assert!(!desk.path("new").exists());
    // nor in a folder that is there
    std::fs::create_dir(desk.path("new")).unwrap();
    desk.run(["-i", "new", "index", "fedes"]).exits(2);
    desk.run(["-i", "new", "status"])
        .exits(2)
        .complains("no index in ");
    desk.run(["-i", "new", "index"])
        .exits(2)
        .complains("no index in ")
        .complains("hint: make one with `wiresearch -i ");
    desk.run(["-i", "new", "index", "fedes", "feeds"]).exits(2);
    desk.run(["-i", "new", "status"]).succeeds();
}

#[test]
fn no_index_names_the_command_that_makes_one() {
    let desk = Desk::new();
    desk.run(["query", "kran"])
        .exits(2)
        .complains("no index in")
        .complains("hint: make one with");
}

#[test]
fn files_that_are_no_text_are_named_once() {
    let desk = Desk::new();
    desk.write("feeds/kran.txt", STORY);
    desk.write("feeds/støj.txt", [0_u8, 159, 146, 150, 0, 1, 2, 3]);
    let first = desk.run(["index", "feeds"]);
    first.exits(0).complains("støj.txt: not text");
    assert_eq!(first.stderr().lines().count(), 1);
    desk.run(["index", "feeds"]).succeeds();
    let status = desk.run(["status", "--json"]).succeeds().json();
    assert_eq!(status["rejected"].as_array().map(Vec::len), Some(1));
    // a strict run fails on what it turns away, and takes in the rest
    desk.write("feeds/mere.txt", [0_u8, 1]);
    desk.run(["index", "feeds", "--strict"]).exits(2);
    desk.run(["query", "kran"]).succeeds();
}

#[test]
fn a_pipe_among_the_feeds_is_named_once_and_never_waited_for() {
    let desk = Desk::new();
    desk.write("feeds/kran.txt", STORY);
    let made = Command::new("mkfifo")
        .arg(desk.path("feeds/rør.txt"))
        .status();
    assert!(made.unwrap().success());
    let first = desk.run(["index", "feeds"]);
    first
        .exits(0)
        .complains("rør.txt: a named pipe, not a file");
    assert_eq!(first.stderr().lines().count(), 1);
    desk.run(["index", "feeds"]).succeeds();
    let status = desk.run(["status", "--json"]).succeeds().json();
    assert_eq!(status["rejected"][0]["reason"], "a named pipe, not a file");
}

#[test]
fn a_file_larger_than_the_limit_is_turned_away() {
    let desk = Desk::new();
    desk.write("feeds/kran.txt", STORY);
    desk.write("feeds/stor.txt", "ord ".repeat(17 << 20));
    desk.run(["index", "feeds"])
        .exits(0)
        .complains("stor.txt: ");
    desk.run(["query", "kran"]).succeeds();
    desk.run(["index", "feeds"]).succeeds();
}

#[test]
fn a_symlink_loop_is_named_and_does_not_hang() {
    let desk = Desk::new();
    desk.write("feeds/dag/kran.txt", STORY);
    std::os::unix::fs::symlink(desk.path("feeds"), desk.path("feeds/dag/igen")).unwrap();
    std::os::unix::fs::symlink("nowhere", desk.path("feeds/blind")).unwrap();
    let run = desk.run(["index", "feeds", "--json"]);
    run.exits(0)
        .complains("igen: a link that leads back to")
        .complains("blind: a link to nothing");
    assert_eq!(run.json()["dispatches"]["total"], 1);
    desk.run(["index", "feeds"]).succeeds();
}

#[test]
fn a_name_that_is_not_unicode_is_a_name() {
    use std::os::unix::ffi::OsStrExt;
    let desk = Desk::new();
    let name = std::ffi::OsStr::from_bytes(b"k\xf8benhavn.txt");
    fs::write(desk.path("feeds").join(name), STORY).unwrap();
    desk.run(["index", "feeds"]).succeeds();
    desk.run(["index", "feeds", "--json"])
        .succeeds()
        .prints("\"unchanged\":1");
    desk.run(["query", "kran"]).succeeds().prints("benhavn.txt");
}

#[test]
fn a_file_without_permission_is_tried_again_when_it_may_be_read() {
    let desk = Desk::new();
    let path = desk.write("feeds/kran.txt", STORY);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o0)).unwrap();
    if fs::read(&path).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    desk.run(["index", "feeds"])
        .exits(0)
        .complains("no permission");
    desk.run(["index", "feeds"]).succeeds();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    desk.run(["index", "feeds"]).succeeds();
    desk.run(["query", "kran"]).succeeds();
}

#[test]
fn a_folder_that_cannot_be_listed_is_named_by_every_run() {
    let desk = Desk::new();
    desk.write("feeds/kran.txt", STORY);
    desk.run(["index", "feeds"]).succeeds();
    let may = |mode| fs::set_permissions(desk.path("feeds"), fs::Permissions::from_mode(mode));
    may(0o0).expect("a folder of ours");
    if fs::read_dir(desk.path("feeds")).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    for _ in 0..2 {
        desk.run(["index"]).exits(2).complains("no permission");
    }
    may(0o755).expect("a folder of ours");
    desk.run(["index"]).succeeds();
    desk.run(["query", "kran"]).succeeds();
}

#[test]
fn the_folder_of_the_index_is_no_feed() {
    let desk = Desk::new();
    desk.write("feeds/kran.txt", STORY);
    let refused = |index: &str, feed: &str| {
        let said = desk.run(["-i", index, "index", feed]);
        said.exits(2)
            .complains("belongs to the index and is no feed");
    };
    refused("feeds", "feeds");
    let left = fs::read_dir(desk.path("feeds")).expect("a folder of ours");
    assert_eq!(left.count(), 1);
    // but a folder beside the generations may be one
    desk.run(["-i", ".", "index", "feeds"]).succeeds();
    desk.run(["-i", ".", "index"]).succeeds();
    refused(".", "generation-1");
    desk.run(["-i", ".", "query", "kran"]).succeeds();
}

#[test]
fn what_a_killed_rebuild_left_goes_with_the_next_run() {
    let desk = Desk::new();
    desk.write("feeds/kran.txt", STORY);
    desk.run(["index", "feeds"]).succeeds();
    let left = desk.write("home/.local/share/wiresearch/generation-2/meta.json", "{}");
    desk.run(["index"]).succeeds();
    assert!(!left.exists());
    desk.run(["query", "kran"]).succeeds();
}

#[test]
fn hidden_and_unfinished_files_and_the_index_itself_are_passed_over() {
    let desk = Desk::new();
    for name in [
        ".skjult.txt",
        "a.tmp",
        "b.part",
        "c.filepart",
        ".mappe/d.txt",
    ] {
        desk.write(&format!("feeds/{name}"), STORY);
    }
    let run = desk.run(["-i", "feeds/index", "index", "feeds", "--json"]);
    assert_eq!(run.succeeds().json()["files"]["seen"], 0);
    let again = desk.run(["-i", "feeds/index", "index", "feeds", "--json"]);
    assert_eq!(again.succeeds().json()["files"]["seen"], 0);
    // nor when a shell names what lies in the folder
    desk.write("feeds/kran.txt", STORY);
    let named = [
        "index",
        "feeds/a.tmp",
        "feeds/b.part",
        "feeds/kran.txt",
        "--json",
    ];
    assert_eq!(desk.run(named).succeeds().json()["files"]["seen"], 1);
}

#[test]
fn excluded_files_are_left_out() {
    let desk = Desk::new();
    desk.write("feeds/a/kran.txt", STORY);
    desk.write("feeds/b/kran.txt", STORY.replace("kran", "bro"));
    let run = desk.run(["index", "feeds", "--exclude", "b", "--json"]);
    assert_eq!(run.succeeds().json()["files"]["seen"], 1);
}

#[test]
fn an_empty_pattern_does_not_leave_everything_out() {
    let desk = Desk::new();
    desk.write("feeds/kran.txt", STORY);
    desk.run(["index", "feeds", "--exclude", ""])
        .exits(2)
        .complains("error: a value is required for '--exclude <GLOB>'");
}

#[test]
fn identical_bytes_are_one_dispatch_with_two_paths() {
    let desk = Desk::new();
    desk.write("feeds/a.txt", STORY);
    desk.write("feeds/b.txt", STORY);
    let json = desk.run(["index", "feeds", "--json"]).succeeds().json();
    assert_eq!(
        (&json["files"]["new"], &json["dispatches"]["total"]),
        (&2.into(), &1.into())
    );
    let shown = desk.run(["show", "feeds/b.txt", "--format", "json"]);
    shown.succeeds().prints("a.txt").prints("b.txt");
}

#[test]
fn a_dry_run_changes_nothing() {
    let desk = Desk::new();
    desk.write("feeds/kran.txt", STORY);
    let json = desk
        .run(["index", "feeds", "--dry-run", "--json"])
        .succeeds()
        .json();
    assert_eq!(json["files"]["new"], 1);
    desk.run(["query", "kran"]).exits(2).complains("no index");
}
