//! Feed files that are rewritten, moved and removed between runs.

use std::fs;

use crate::{
    harness::Desk,
    stories::{desk_with, fingerprint, story, total},
};

#[test]
fn a_text_rewritten_in_place_is_a_new_version() {
    let desk = desk_with(2);
    let id = desk.run(["query", "--json", "nummer 1"]).json()["hits"][0]["id"].clone();
    let path = desk.write("feeds/01/1.txt", story(1).replace("havnen", "færgen"));
    let run = desk.run(["index", "--json"]).succeeds().json();
    assert_eq!(
        (&run["files"]["changed"], &run["dispatches"]["replaced"]),
        (&1.into(), &1.into())
    );
    assert_eq!(total(&desk), 1);
    let hit = desk.run(["query", "--json", "færge"]).succeeds().json()["hits"][0].clone();
    assert_eq!(hit["id"], id);
    desk.run(["query", "--all-versions", "--count", "havn"])
        .succeeds()
        .prints("2");
    // and back again: the newest is what the file holds
    fs::write(&path, story(1)).unwrap();
    desk.run(["index"]).succeeds();
    desk.run(["query", "færge"]).exits(1);
    assert_eq!(total(&desk), 2);
}

#[test]
fn a_name_that_a_moved_file_left_may_be_taken_in_the_same_run() {
    let desk = desk_with(2);
    fs::rename(desk.path("feeds/01/1.txt"), desk.path("feeds/01/9.txt")).unwrap();
    desk.write("feeds/01/1.txt", story(7));
    desk.run(["index"]).succeeds();
    let path_of = |words: &str| {
        let said = desk.run(["query", "--format", "paths", words]);
        said.succeeds().stdout().trim_end().to_owned()
    };
    assert!(path_of("\"nummer 1\"").ends_with("9.txt"));
    assert!(path_of("\"nummer 7\"").ends_with("1.txt"));
    desk.run(["verify"]).succeeds();
    // and neither loses the other when it is written anew
    desk.write("feeds/01/1.txt", story(8));
    desk.run(["index"]).succeeds();
    assert!(path_of("\"nummer 1\"").ends_with("9.txt"));
    assert_eq!(total(&desk), 3);
    desk.run(["verify"]).succeeds();
}

#[test]
fn what_a_file_held_before_stays_history_when_others_are_pruned() {
    let desk = desk_with(3);
    // the second text moves on to another file, which is rewritten and then removed
    desk.write("feeds/01/1.txt", story(11));
    desk.run(["index"]).succeeds();
    fs::rename(desk.path("feeds/01/1.txt"), desk.path("feeds/02/9.txt")).unwrap();
    desk.run(["index"]).succeeds();
    desk.write("feeds/01/1.txt", story(12));
    desk.write("feeds/02/9.txt", story(13));
    desk.run(["index"]).succeeds();
    fs::remove_file(desk.path("feeds/02/9.txt")).unwrap();
    desk.run(["index", "--prune", "--max-prune", "100%"])
        .succeeds();
    assert_eq!(total(&desk), 3);
    desk.run(["query", "\"nummer 1\""]).exits(1);
    desk.run(["verify"]).succeeds();
}

#[test]
fn a_file_rewritten_every_hour_is_found_once() {
    let desk = desk_with(1);
    for hour in 1..=20 {
        desk.write("feeds/00/0.txt", story(100 + hour));
        desk.run(["index"]).succeeds();
    }
    assert_eq!(total(&desk), 1);
    desk.run(["query", "--all-versions", "--count", "havn"])
        .succeeds()
        .prints("21");
}

#[test]
fn a_moved_file_is_not_a_new_one() {
    let desk = desk_with(4);
    fs::rename(
        desk.path("feeds/00/0.txt"),
        desk.path("feeds/01/flyttet.txt"),
    )
    .unwrap();
    let run = desk.run(["index", "--json"]).succeeds().json();
    assert_eq!(
        (&run["files"]["gone"], &run["dispatches"]["added"]),
        (&1.into(), &0.into())
    );
    assert_eq!(run["dispatches"]["total"], 4);
    desk.run(["query", "nummer 0"])
        .succeeds()
        .prints("flyttet.txt");
    let before = fingerprint(&desk);
    desk.run(["index"]).succeeds();
    assert_eq!(fingerprint(&desk), before);
}

#[test]
fn a_moved_root_brings_nothing_twice() {
    let desk = desk_with(4);
    fs::rename(desk.path("feeds"), desk.path("nye-feeds")).unwrap();
    let run = desk.run(["index", "nye-feeds", "--json"]).json();
    assert_eq!(
        (&run["dispatches"]["added"], &run["dispatches"]["total"]),
        (&0.into(), &4.into())
    );
}

#[test]
fn a_root_inside_another_brings_nothing_twice() {
    let desk = Desk::new();
    for n in 0..4 {
        desk.write(&format!("feeds/a/{n}.txt"), story(n));
    }
    desk.run(["index", "feeds/a"]).succeeds();
    let outer = desk.run(["index", "feeds", "--json"]).succeeds().json();
    assert_eq!(
        (&outer["files"]["new"], &outer["files"]["unchanged"]),
        (&0.into(), &4.into())
    );
    let both = desk
        .run(["index", "feeds", "feeds/a", "--json"])
        .succeeds()
        .json();
    assert_eq!(both["files"]["seen"], 4);
}

#[test]
fn a_dispatch_whose_file_is_gone_stays_with_its_text() {
    let desk = desk_with(5);
    fs::remove_file(desk.path("feeds/02/2.txt")).unwrap();
    let run = desk.run(["index", "--json"]).succeeds().json();
    assert_eq!(
        (&run["files"]["gone"], &run["dispatches"]["total"]),
        (&1.into(), &5.into())
    );
    desk.run(["show", "feeds/02/2.txt"])
        .succeeds()
        .prints("Telegram nummer 2");
    assert_eq!(desk.run(["status", "--json"]).json()["gone"], 1);
}

#[test]
fn prune_drops_what_has_no_file_and_no_more_than_it_may() {
    let desk = desk_with(20);
    fs::remove_file(desk.path("feeds/02/2.txt")).unwrap();
    let run = desk.run(["index", "--prune", "--json"]).succeeds().json();
    assert_eq!(
        (&run["dispatches"]["pruned"], &run["dispatches"]["total"]),
        (&1.into(), &19.into())
    );
    desk.run(["show", "feeds/02/2.txt"]).exits(1);
    for n in [3, 8, 13, 18] {
        fs::remove_file(desk.path(&format!("feeds/03/{n}.txt"))).unwrap();
    }
    desk.write("feeds/ny.txt", story(21));
    desk.run(["index", "--prune"])
        .exits(3)
        .complains("nothing was dropped");
    assert_eq!(total(&desk), 20);
    desk.run(["index", "--prune", "--max-prune", "4"])
        .succeeds();
    assert_eq!(total(&desk), 16);
}

#[test]
fn an_unmounted_share_costs_nothing() {
    let desk = desk_with(6);
    fs::rename(desk.path("feeds"), desk.path("væk")).unwrap();
    desk.run(["index"]).exits(2).complains("is not there");
    desk.run(["status"]).succeeds().prints("not there now");
    let status = desk.run(["status", "--json"]).json();
    assert_eq!(status["missing_roots"], status["roots"]);
    desk.run(["index", "--prune", "--max-prune", "100%"])
        .exits(3);
    fs::create_dir(desk.path("feeds")).unwrap();
    desk.run(["index"]).exits(0).complains("is empty");
    desk.run(["index", "--prune", "--max-prune", "100%"])
        .exits(3)
        .complains("is empty");
    assert_eq!(total(&desk), 6);
    assert_eq!(desk.run(["status", "--json"]).json()["gone"], 0);
}
