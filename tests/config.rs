//! The config file and where each setting comes from.

use crate::harness::Desk;

const FILE: &str = "home/.config/wiresearch/config.toml";

#[test]
fn every_setting_is_shown_with_where_it_comes_from() {
    let desk = Desk::new();
    desk.run(["config"])
        .succeeds()
        .prints(".local/share/wiresearch")
        .prints("(not there)");
    desk.write(
        FILE,
        "index = \"/srv/index\"\n[limits]\ndispatch = \"1 MB\"\n",
    );
    let said = desk.run(["config"]);
    let line = |name: &str| {
        let line = said.stdout().lines().find(|l| l.starts_with(name));
        line.unwrap_or_default()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(line("index"), "index config file /srv/index");
    assert_eq!(line("limits.dispatch"), "limits.dispatch config file 1 MB");
    assert_eq!(line("timezone"), "timezone default Europe/Copenhagen");
    desk.run(["-i", "/b", "config"])
        .succeeds()
        .prints("--index");
    let desk = desk.with("WIRESEARCH_INDEX", "/c");
    desk.run(["config"]).succeeds().prints("WIRESEARCH_INDEX");
    desk.run(["-i", "/b", "config"]).succeeds().prints("/b");
}

#[test]
fn a_long_path_stays_on_its_line() {
    let desk = Desk::new();
    let path = format!(
        "/srv/et  arkiv/{}/index",
        "telegrammer fra bureauerne/"
            .repeat(6)
            .trim_end_matches('/')
    );
    desk.run(["-i", &path, "config"])
        .succeeds()
        .prints(&format!("--index  {path}\n"));
}

#[test]
fn a_limit_is_named_in_the_unit_it_was_given_in() {
    let desk = Desk::new();
    desk.write(
        FILE,
        "[limits]\ndispatch = \"100 kB\"\nfile = \"1536 kB\"\n",
    );
    let said = desk.run(["config"]);
    said.succeeds().prints(" 100 kB\n").prints(" 1536 kB\n");
    desk.write("feeds/stor.txt", "ord ".repeat(30 << 10));
    desk.write("feeds/større.txt", "ord ".repeat(500 << 10));
    desk.run(["index", "feeds"])
        .exits(0)
        .complains("is larger than the limit of 100 kB\n")
        .complains("the file is larger than the limit of 1536 kB\n");
}

#[test]
fn an_unknown_key_is_named_and_the_rest_counts() {
    let desk = Desk::new();
    desk.write(FILE, "indx = \"/a\"\nsort = \"newest\"\n");
    desk.run(["config"])
        .exits(0)
        .complains("config.toml: unknown key indx")
        .prints("newest");
    desk.run(["-q", "config"]).succeeds();
}

#[test]
fn a_config_file_that_is_not_understood_is_an_error_with_its_line() {
    let desk = Desk::new();
    desk.write(FILE, "sort = \"newest\"\ntimezone = \n");
    desk.run(["config"])
        .exits(2)
        .complains("config.toml, line 2: ");
    desk.write(FILE, "timezone = \"Danmark\"\n");
    desk.run(["status"])
        .exits(2)
        .complains("expected a time zone");
    // what needs no settings works all the same
    desk.run(["completions", "fish"]).succeeds();
}

#[test]
fn xdg_folders_are_honoured() {
    let desk = Desk::new();
    desk.write("xdg/wiresearch/config.toml", "sort = \"oldest\"\n");
    let xdg = desk.path("xdg");
    let desk = desk.with("XDG_CONFIG_HOME", xdg.to_str().unwrap());
    desk.run(["config"]).succeeds().prints("oldest");
    let desk = desk.with("XDG_DATA_HOME", "/somewhere");
    desk.run(["config"])
        .succeeds()
        .prints("/somewhere/wiresearch");
}
