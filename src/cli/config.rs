//! `wiresearch config`: each setting and where it comes from.

use clap::Args;
use wiresearch::{Result, render::write_values, search::Sort, wire::limit_in_words};

use super::{
    exit::{Exit, written},
    pager::Output,
    settings::{Setting, Settings},
    setup::Setup,
};

/// Each setting and where it comes from
///
/// The config file is TOML, in $XDG_CONFIG_HOME/wiresearch/config.toml (~/.config/wiresearch/config.toml):
///
///     index = "/var/lib/wiresearch"       # paths count from the folder of the file; ~ is the home
///     feeds = ["/srv/feeds"]              # what `index` without a path reads
///     sort = "newest"                     # relevance, newest, oldest
///     timezone = "Europe/Copenhagen"      # where days begin
///     pager = "less -R"                   # for what is longer than the screen
///     [limits]
///     dispatch = "16 MB"                  # a larger text is turned away
///     file = "64 MB"                      # so is a larger file of a format that is read whole
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Config {}

impl Config {
    #[allow(clippy::unused_self, reason = "every subcommand has the same door")]
    pub(crate) fn run(&self, setup: &Setup) -> Result<Exit> {
        let settings = setup.settings()?;
        let look = setup.look()?;
        let mut out = Output::plain();
        written(write_values(
            &["setting", "from", "value"],
            &rows(settings),
            &look,
            &mut out,
        ))?;
        written(out.finish())?;
        Ok(Exit::Done)
    }
}

fn rows(settings: &Settings) -> Vec<Vec<String>> {
    let index = settings
        .index
        .value
        .as_ref()
        .map(|p| p.display().to_string());
    let feeds = settings.feeds.value.iter();
    let feeds: Vec<String> = feeds.map(|p| p.display().to_string()).collect();
    let sort = match settings.sort.value {
        Sort::Relevance => "relevance",
        Sort::Newest => "newest",
        Sort::Oldest => "oldest",
    };
    let zone = settings.zone.value.iana_name().unwrap_or("UTC");
    let file = settings.path.as_ref().map_or_else(
        || "none: HOME is not set".to_owned(),
        |p| {
            let there = if p.exists() { "" } else { " (not there)" };
            format!("{}{there}", p.display())
        },
    );
    vec![
        row(
            "index",
            &settings.index,
            index.as_deref().unwrap_or("none: HOME is not set"),
        ),
        row("feeds", &settings.feeds, &feeds.join(", ")),
        row("sort", &settings.sort, sort),
        row("timezone", &settings.zone, zone),
        row(
            "limits.dispatch",
            &settings.dispatch,
            &limit_in_words(settings.dispatch.value),
        ),
        row(
            "limits.file",
            &settings.file,
            &limit_in_words(settings.file.value),
        ),
        row(
            "pager",
            &settings.pager,
            settings.pager.value.as_deref().unwrap_or("none"),
        ),
        vec!["config file".to_owned(), String::new(), file],
    ]
}

fn row<T>(name: &str, setting: &Setting<T>, value: &str) -> Vec<String> {
    let value = if value.is_empty() { "none" } else { value };
    vec![name.to_owned(), setting.from.to_string(), value.to_owned()]
}
