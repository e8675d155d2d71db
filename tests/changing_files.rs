//! Feed files that are rewritten, moved and removed between runs.

use std::fs;

use crate::{
    harness::Desk,
    stories::{age, desk_with, fingerprint, story, total},
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
    let refused = desk.run(["index", "--prune", "--max-prune", "100%"]);
    refused.exits(3).complains("is empty");
    assert_eq!(refused.stderr().lines().count(), 1, "{refused}");
    assert_eq!(total(&desk), 6);
    assert_eq!(desk.run(["status", "--json"]).json()["gone"], 0);
}

/// A feed of two items, the second of which says so.
fn feed(word: &str) -> String {
    let item = |guid: &str, text: &str| {
        format!(
            "<item><guid isPermaLink=\"false\">{guid}</guid><title>Nyhed {guid}</title><description>{text}</description>\
             <pubDate>Mon, 06 Jan 2020 10:00:00 GMT</pubDate></item>"
        )
    };
    let items =
        item("nr-4", "Noget helt andet.") + &item("nr-5", &format!("Byen fik {word} i dag."));
    format!("<rss version=\"2.0\"><channel><title>Nyt</title>{items}</channel></rss>")
}

#[test]
fn a_correction_in_a_list_of_items_is_the_newest_whatever_it_says() {
    // with the same guid, version and date nothing but the file tells which text is newer
    for [wrong, right] in [
        ["havn", "hal"],
        ["bro", "tunnel"],
        ["skole", "park"],
        ["vej", "sti"],
    ] {
        let desk = Desk::new();
        let shown = || {
            [wrong, right].map(|word| desk.run(["query", "--count", word]).stdout().trim() == "1")
        };
        for (word, expected) in [
            (wrong, [true, false]),
            (right, [false, true]),
            (wrong, [true, false]),
        ] {
            desk.write("feeds/nyt.xml", feed(word));
            desk.run(["index", "feeds"]).succeeds();
            assert_eq!(shown(), expected, "{wrong}, {right}");
        }
        desk.run(["verify"]).succeeds();
    }
}

#[test]
fn a_text_whose_file_is_overwritten_by_another_one_that_is_known_stays() {
    let desk = desk_with(2);
    fs::rename(desk.path("feeds/00/0.txt"), desk.path("feeds/01/1.txt")).expect("both are there");
    desk.run(["index"]).succeeds();
    assert_eq!(total(&desk), 2);
    let said = desk.run(["query", "--format", "paths", "\"nummer 0\""]);
    assert!(said.succeeds().stdout().ends_with("1.txt\n"));
    // it is not known any more where the other one stood
    let other = desk.run(["query", "--json", "\"nummer 1\""]).json()["hits"][0].clone();
    assert_eq!(other["path"], "");
    desk.run(["query", "--format", "paths", "\"nummer 1\""])
        .succeeds()
        .prints_nothing();
    let id = other["id"].as_str().expect("an id");
    desk.run(["show", id])
        .succeeds()
        .prints("no file holds it any more");
    desk.run(["verify"]).succeeds();
}

#[test]
fn two_files_that_exchange_their_names_keep_their_ids() {
    let desk = desk_with(2);
    let ids = || {
        [0, 1].map(|n| {
            let said = desk.run(["query", "--json", &format!("\"nummer {n}\"")]);
            said.json()["hits"][0]["id"].clone()
        })
    };
    let before = ids();
    let [first, second, between] =
        ["feeds/00/0.txt", "feeds/01/1.txt", "between"].map(|p| desk.path(p));
    for (from, to) in [(&first, &between), (&second, &first), (&between, &second)] {
        fs::rename(from, to).expect("it is there");
    }
    let run = desk.run(["index", "--json"]).succeeds().json();
    assert_eq!(
        (&run["dispatches"]["added"], &run["dispatches"]["total"]),
        (&0.into(), &2.into())
    );
    assert_eq!(ids(), before);
}

#[test]
fn what_a_walk_leaves_out_is_not_gone() {
    let desk = desk_with(6);
    let run = desk.run([
        "index",
        "--exclude",
        "01",
        "--prune",
        "--max-prune",
        "100%",
        "--json",
    ]);
    let run = run.succeeds().json();
    assert_eq!(
        (&run["files"]["gone"], &run["dispatches"]["pruned"]),
        (&0.into(), &0.into())
    );
    assert_eq!(total(&desk), 6);
    fs::remove_file(desk.path("feeds/01/1.txt")).expect("it is there");
    let run = desk.run(["index", "--prune", "--max-prune", "100%", "--json"]);
    assert_eq!(run.succeeds().json()["dispatches"]["pruned"], 1);
}

#[test]
fn files_that_moved_do_not_count_as_loss() {
    let desk = desk_with(3);
    fs::rename(desk.path("feeds"), desk.path("feeds-2")).expect("it is there");
    fs::create_dir(desk.path("feeds")).expect("it was moved away");
    fs::rename(desk.path("feeds-2"), desk.path("feeds/2021")).expect("it is there");
    desk.run(["index", "--prune"]).succeeds();
    assert_eq!(total(&desk), 3);
    fs::remove_file(desk.path("feeds/2021/01/1.txt")).expect("it is there");
    desk.run(["index", "--prune"])
        .exits(3)
        .complains("1 of 3 files");
}

#[test]
fn a_file_that_was_turned_away_is_read_when_it_is_touched_or_the_index_made_anew() {
    for again in [&["index"][..], &["index", "--rebuild"]] {
        let desk = Desk::new();
        let config = desk.write(
            "home/.config/wiresearch/config.toml",
            "[limits]\ndispatch = \"1 kB\"\n",
        );
        let path = desk.write(
            "feeds/a.txt",
            format!("{}\n\n\n\n/ritzau/", "Havnen er stor. ".repeat(100)),
        );
        age(&path);
        desk.run(["index", "feeds"])
            .complains("larger than the limit");
        assert_eq!(total(&desk), 0);
        fs::remove_file(config).expect("it was written");
        let file = fs::File::options()
            .write(true)
            .open(&path)
            .expect("it was written");
        if again.len() == 1 {
            file.set_modified(std::time::SystemTime::now())
                .expect("a file of ours");
        }
        desk.run(again).succeeds();
        assert_eq!(total(&desk), 1, "{again:?}");
    }
}

#[test]
fn an_index_that_lost_the_name_of_its_generation_is_not_begun_anew() {
    let desk = desk_with(2);
    fs::remove_file(desk.path("feeds/01/1.txt")).expect("it is there");
    desk.run(["index"]).succeeds();
    let folder = desk.path("home/.local/share/wiresearch");
    fs::remove_file(folder.join("current")).expect("it is there");
    assert_eq!(total(&desk), 2);
    desk.write("feeds/01/2.txt", story(2));
    desk.run(["index"]).succeeds();
    assert_eq!(total(&desk), 3);
    assert!(folder.join("current").exists());
    // of two that may be meant, none is chosen
    fs::remove_file(folder.join("current")).expect("it is there");
    fs::create_dir(folder.join("generation-7")).expect("a folder of ours");
    fs::copy(
        folder.join("generation-1/meta.json"),
        folder.join("generation-7/meta.json"),
    )
    .expect("it is there");
    for command in ["query", "index", "status"] {
        let more = (command == "query").then_some("havn");
        desk.run([Some(command), more].into_iter().flatten())
            .exits(2)
            .complains("current is missing");
    }
}

#[test]
fn a_copy_that_keeps_an_erased_text_is_named() {
    let desk = desk_with(1);
    fs::copy(desk.path("feeds/00/0.txt"), desk.path("feeds/00/kopi.txt")).expect("it is there");
    desk.run(["index"]).succeeds();
    let said = desk.run(["forget", "feeds/00/0.txt", "--yes"]);
    said.exits(0)
        .complains("1 text stays, held by other files, too, such as")
        .complains("kopi.txt");
    assert_eq!(total(&desk), 1);
    let shown = desk
        .run(["show", "feeds/00/kopi.txt", "--format", "json"])
        .json();
    assert!(
        shown["path"]
            .as_str()
            .is_some_and(|path| path.ends_with("kopi.txt"))
    );
}

#[test]
fn an_older_text_that_comes_back_takes_nothing_from_a_file_that_has_the_newer_one() {
    let desk = desk_with(1);
    let [file, copy] = ["feeds/00/0.txt", "feeds/00/kopi.txt"].map(|name| desk.path(name));
    desk.write("feeds/00/0.txt", story(50));
    desk.run(["index"]).succeeds();
    fs::rename(&file, &copy).expect("it is there");
    desk.run(["index"]).succeeds();
    desk.write("feeds/00/0.txt", story(0));
    desk.run(["index"]).succeeds();
    let count = |n| {
        desk.run(["query", "--count", &format!("\"nummer {n}\"")])
            .stdout()
            .trim()
            .to_owned()
    };
    assert_eq!([count(50), count(0)], ["1", "1"]);
    desk.run(["verify"]).succeeds();
}

#[test]
fn a_text_that_comes_back_after_a_prune_is_news() {
    let desk = desk_with(1);
    desk.write("feeds/00/0.txt", story(50));
    desk.run(["index"]).succeeds();
    fs::rename(desk.path("feeds/00/0.txt"), desk.path("feeds/00/1.txt")).expect("it is there");
    desk.run(["index", "--prune", "--max-prune", "100%"])
        .succeeds();
    desk.write("feeds/00/2.txt", story(0));
    desk.run(["index"]).succeeds();
    assert_eq!(total(&desk), 2);
}

#[test]
fn a_generation_is_not_swept_away_while_the_one_in_use_is_damaged() {
    let desk = desk_with(2);
    let folder = desk.path("home/.local/share/wiresearch");
    fs::write(folder.join("current"), "generation-2\n").expect("a folder of ours");
    for command in [
        &["index"][..],
        &["index", "--rebuild"],
        &["forget", "feeds/00/0.txt", "--yes"],
    ] {
        desk.run(command).exits(2);
    }
    fs::write(folder.join("current"), "generation-1\n").expect("a folder of ours");
    assert_eq!(total(&desk), 2);
}
