//! The life of a dispatch, in four wire formats: updates, kills, embargoes, withheld and released.

use crate::harness::Desk;

/// A version of a dispatch, as an agency would send it.
#[derive(Clone, Copy)]
struct Version {
    number: u32,
    word: &'static str,
    status: &'static str,
    embargo: Option<&'static str>,
}

const FIRST: Version = Version {
    number: 1,
    word: "lakserne",
    status: "usable",
    embargo: None,
};

type Write = fn(Version) -> String;

const FORMATS: [(&str, Write); 4] = [
    ("ninjs", ninjs),
    ("newsml-g2", newsml_g2),
    ("nitf", nitf),
    ("ritzau-xml", ritzau),
];

fn sent(v: Version) -> String {
    format!("2024-01-10T{:02}:00:00+01:00", 8 + v.number)
}

fn text(v: Version) -> String {
    format!(
        "Historien handler om {} i fjorden, udgave {}.",
        v.word, v.number
    )
}

fn ninjs(v: Version) -> String {
    let embargo = v
        .embargo
        .map(|t| format!(r#","embargoed":"{t}""#))
        .unwrap_or_default();
    format!(
        r#"{{"guid":"urn:newsml:eksempel.dk:2024:laks","type":"text","pubstatus":"{}","version":"{}","versioncreated":"{}","language":"da","source":"Eksempel","headline":"Nyt fra fjorden","body_text":"{}"{embargo}}}"#,
        v.status,
        v.number,
        sent(v),
        text(v)
    )
}

fn newsml_g2(v: Version) -> String {
    let embargo = v
        .embargo
        .map(|t| format!("<embargoed>{t}</embargoed>"))
        .unwrap_or_default();
    format!(
        r#"<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:eksempel.dk:2024:laks" version="{}" xml:lang="da"><itemMeta><itemClass qcode="ninat:text"/><provider literal="Eksempel"/><versionCreated>{}</versionCreated>{embargo}<pubStatus qcode="stat:{}"/></itemMeta><contentMeta><headline>Nyt fra fjorden</headline></contentMeta><contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body><p>{}</p></body></html></inlineXML></contentSet></newsItem>"#,
        v.number,
        sent(v),
        v.status,
        text(v)
    )
}

fn nitf(v: Version) -> String {
    let compact = sent(v).replace([':', '-'], "");
    let release = v
        .embargo
        .map(|t| format!(r#"<date.release norm="{t}"/>"#))
        .unwrap_or_default();
    let status = if v.embargo.is_some() {
        "embargoed"
    } else {
        v.status
    };
    format!(
        r#"<nitf><head><docdata management-status="{status}"><doc-id id-string="urn:eksempel:laks" regsrc="eksempel.dk"/><date.issue norm="{compact}"/>{release}<du-key key="laks" version="{}"/><doc.copyright holder="Eksempel"/></docdata></head><body><body.head><hedline><hl1>Nyt fra fjorden</hl1></hedline></body.head><body.content><p>{}</p></body.content></body></nitf>"#,
        v.number,
        text(v)
    )
}

fn ritzau(v: Version) -> String {
    format!(
        r#"<RBNews><NewsID>5f1c2f0e-9d6b-4b51-8f0a-0d6a5e3b7a99</NewsID><PublishDate>2024-01-10T{:02}:00:00</PublishDate><headline>Nyt fra fjorden</headline><origin>/ritzau/</origin><version>{}</version><content>&lt;p&gt;{}&lt;/p&gt;</content><Annuleret>{}</Annuleret><NyVersion>false</NyVersion><Korrektion>false</Korrektion></RBNews>"#,
        8 + v.number,
        v.number,
        text(v),
        v.status == "canceled"
    )
}

fn put(desk: &Desk, name: &str, write: Write, version: Version) {
    desk.write(&format!("feeds/{name}"), write(version));
}

fn index(desk: &Desk) -> serde_json::Value {
    desk.run(["index", "feeds", "--json"]).succeeds().json()
}

/// Whether the word finds exactly one dispatch, and nothing finds more.
#[track_caller]
fn finds(desk: &Desk, word: &str) {
    let json = desk.run(["query", "--json", word]).succeeds().json();
    assert_eq!(json["total"], 1, "{word}");
}

#[track_caller]
fn is_unseen(desk: &Desk, word: &str) {
    let said = desk.run(["query", "--json", "--facets", "--timeline", word]);
    let json = said.exits(1).json();
    assert_eq!(json["total"], 0, "{said}");
    assert_eq!(json["hits"], serde_json::json!([]), "{said}");
    assert_eq!(json["timeline"], serde_json::json!([]), "{said}");
    assert!(!json["suggestions"].to_string().contains(word), "{said}");
}

#[test]
fn an_update_replaces_and_history_stays() {
    for (format, write) in FORMATS {
        let desk = Desk::new();
        put(&desk, "1", write, FIRST);
        index(&desk);
        finds(&desk, "lakserne");
        put(
            &desk,
            "2",
            write,
            Version {
                number: 2,
                word: "ørrederne",
                ..FIRST
            },
        );
        let run = index(&desk);
        assert_eq!(run["dispatches"]["replaced"], 1, "{format}");
        assert_eq!(run["dispatches"]["total"], 1, "{format}");
        finds(&desk, "ørrederne");
        is_unseen(&desk, "lakserne");
        desk.run(["query", "--all-versions", "lakserne"]).succeeds();
    }
}

#[test]
fn the_order_of_arrival_changes_nothing() {
    for (format, write) in FORMATS {
        let second = Version {
            number: 2,
            word: "ørrederne",
            ..FIRST
        };
        for (names, runs) in [
            (["a", "b"], 1),
            (["b", "a"], 1),
            (["a", "b"], 2),
            (["b", "a"], 2),
        ] {
            let desk = Desk::new();
            put(&desk, names[0], write, second);
            if runs == 2 {
                index(&desk);
            }
            put(&desk, names[1], write, FIRST);
            let run = index(&desk);
            assert_eq!(run["dispatches"]["total"], 1, "{format}");
            finds(&desk, "ørrederne");
            is_unseen(&desk, "lakserne");
        }
    }
}

#[test]
fn ten_versions_in_one_run_are_one_dispatch() {
    for (format, write) in FORMATS {
        let desk = Desk::new();
        for number in 1..=10 {
            put(
                &desk,
                &format!("{number}"),
                write,
                Version { number, ..FIRST },
            );
        }
        let run = index(&desk);
        assert_eq!(run["dispatches"]["total"], 1, "{format}");
        let json = desk.run(["query", "--json", "lakserne"]).json();
        assert_eq!(json["hits"][0]["version"], "10", "{format}");
        let all = desk
            .run(["query", "--json", "--all-versions", "lakserne"])
            .json();
        assert_eq!(all["total"], 10, "{format}");
    }
}

#[test]
fn a_kill_removes_for_good_also_when_it_comes_first() {
    let kill = Version {
        number: 2,
        status: "canceled",
        ..FIRST
    };
    for (format, write) in FORMATS {
        for runs in [1, 2] {
            let desk = Desk::new();
            put(&desk, "kill", write, kill);
            if runs == 2 {
                index(&desk);
            }
            put(&desk, "late", write, FIRST);
            let run = index(&desk);
            assert_eq!(run["dispatches"]["total"], 0, "{format}");
            is_unseen(&desk, "lakserne");
        }
        let desk = Desk::new();
        put(&desk, "1", write, FIRST);
        index(&desk);
        let shown = desk.run(["query", "--json", "lakserne"]).json();
        let id = shown["hits"][0]["id"].as_str().unwrap().to_owned();
        put(&desk, "2", write, kill);
        let run = index(&desk);
        assert_eq!(run["dispatches"]["killed"], 1, "{format}");
        is_unseen(&desk, "lakserne");
        desk.run(["query", "--all-versions", "lakserne"]).exits(1);
        desk.run(["show", &id]).exits(1);
        assert_eq!(
            desk.run(["status", "--json"]).json()["killed"],
            1,
            "{format}"
        );
        // the late original is sent again
        put(&desk, "3", write, FIRST);
        index(&desk);
        is_unseen(&desk, "lakserne");
    }
}

#[test]
fn an_embargo_hides_every_version_until_its_time() {
    for (format, write) in &FORMATS[..3] {
        let desk = Desk::new();
        put(&desk, "1", *write, FIRST);
        index(&desk);
        finds(&desk, "lakserne");
        let secret = Version {
            number: 2,
            word: "ørrederne",
            embargo: Some("2999-01-01T12:00:00+01:00"),
            ..FIRST
        };
        put(&desk, "2", *write, secret);
        let run = index(&desk);
        assert_eq!(run["dispatches"]["total"], 0, "{format}");
        assert_eq!(run["dispatches"]["embargoed"], 1, "{format}");
        is_unseen(&desk, "ørrederne");
        is_unseen(&desk, "lakserne");
        desk.run(["query", "--all-versions", "lakserne"]).exits(1);
        desk.run(["query", "--embargoed", "ørrederne"]).succeeds();
        desk.run(["show", "feeds/2"]).exits(1);
        let over = Version {
            embargo: Some("2020-01-01T12:00:00+01:00"),
            number: 3,
            ..secret
        };
        put(&desk, "3", *write, over);
        index(&desk);
        finds(&desk, "ørrederne");
    }
}

#[test]
fn withheld_is_hidden_until_usable() {
    for (format, write) in &FORMATS[..3] {
        let desk = Desk::new();
        put(
            &desk,
            "1",
            *write,
            Version {
                status: "withheld",
                ..FIRST
            },
        );
        let run = index(&desk);
        assert_eq!(run["dispatches"]["total"], 0, "{format}");
        is_unseen(&desk, "lakserne");
        let released = Version {
            number: 2,
            word: "ørrederne",
            ..FIRST
        };
        put(&desk, "2", *write, released);
        index(&desk);
        finds(&desk, "ørrederne");
        // what was withheld stays so, also as history
        desk.run(["query", "--all-versions", "lakserne"]).exits(1);
        let shown = desk.run(["show", "--all-versions", "2"]);
        assert!(!shown.succeeds().stdout().contains("lakserne"));
    }
}

#[test]
fn a_forgotten_version_stays_forgotten_where_another_one_is_kept() {
    let desk = Desk::new();
    put(&desk, "1", ninjs, FIRST);
    let second = Version {
        number: 2,
        word: "ørrederne",
        ..FIRST
    };
    put(&desk, "2", ninjs, second);
    index(&desk);
    finds(&desk, "ørrederne");
    desk.run(["-q", "forget", "feeds/2", "--yes"]).succeeds();
    finds(&desk, "lakserne");
    let [old, new] = ["feeds/2", "feeds/3"].map(|name| desk.path(name));
    std::fs::rename(old, new).expect("it is there");
    index(&desk);
    is_unseen(&desk, "ørrederne");
    finds(&desk, "lakserne");
    // a third one is another matter
    put(
        &desk,
        "4",
        ninjs,
        Version {
            number: 3,
            word: "sildene",
            ..FIRST
        },
    );
    index(&desk);
    finds(&desk, "sildene");
    desk.run(["verify"]).succeeds();
}

#[test]
fn a_withheld_dispatch_is_not_released_by_the_loss_of_the_notice() {
    let desk = Desk::new();
    put(&desk, "1", ninjs, FIRST);
    put(
        &desk,
        "2",
        ninjs,
        Version {
            number: 2,
            status: "withheld",
            ..FIRST
        },
    );
    index(&desk);
    is_unseen(&desk, "lakserne");
    std::fs::remove_file(desk.path("feeds/2")).expect("it is there");
    desk.run(["index", "--prune", "--max-prune", "100%"])
        .succeeds();
    is_unseen(&desk, "lakserne");
    put(&desk, "3", ninjs, Version { number: 3, ..FIRST });
    index(&desk);
    finds(&desk, "lakserne");
}
