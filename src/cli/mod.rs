//! The command line: what may be typed, and which file answers it.

mod analyze;
mod backup;
mod completions;
mod config;
mod exit;
mod forget;
mod given;
mod guide;
mod help;
mod index;
mod inspect;
mod man;
mod pager;
mod progress;
mod query;
mod settings;
mod setup;
mod show;
mod signals;
mod size;
mod span;
mod status;
mod terminal;
mod verify;

use std::{
    ffi::{OsStr, OsString},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use self::{exit::Exit, setup::Setup};

/// Search for Danish news-wire dispatches.
///
/// Indexes folders of dispatches as they come from the wire and finds them again: by words in any inflection, by words
/// inside compounds, by phrase, source and date.
///
///     wiresearch index /srv/feeds
///     wiresearch query "Palmyra landminer"
#[derive(Debug, Parser)]
#[command(
    name = "wiresearch",
    version,
    verbatim_doc_comment,
    disable_help_subcommand = true,
    max_term_width = 100,
    after_help = "\
`wiresearch help query` explains the query language (på dansk: `wiresearch help søgning`).
Other topics: dates, formats, cron."
)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

/// Flags of every subcommand.
#[derive(Clone, Debug, Args)]
struct Globals {
    /// The folder of the index.
    ///
    /// Without it: WIRESEARCH_INDEX, then `index` in the config file, then $XDG_DATA_HOME/wiresearch
    /// (~/.local/share/wiresearch).
    #[arg(short, long, value_name = "DIR", global = true, display_order = 900)]
    index: Option<PathBuf>,
    /// Say nothing but errors.
    #[arg(short, long, global = true, display_order = 901)]
    quiet: bool,
    /// Say more on standard error.
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "quiet",
        display_order = 902
    )]
    verbose: bool,
    /// Colours and bold letters.
    ///
    /// `auto`: on a terminal, unless NO_COLOR is set or TERM is `dumb`.
    #[arg(
        long,
        value_name = "WHEN",
        value_enum,
        default_value = "auto",
        global = true,
        display_order = 903
    )]
    color: terminal::When,
}

/// The subcommands, each in the file of its name.
#[derive(Debug, Subcommand)]
enum Command {
    Index(index::Index),
    Query(query::Query),
    Show(show::Show),
    Status(status::Status),
    Verify(verify::Verify),
    Forget(forget::Forget),
    Backup(backup::Backup),
    Inspect(inspect::Inspect),
    Analyze(analyze::Analyze),
    Config(config::Config),
    Completions(completions::Completions),
    Man(man::Man),
    Help(help::Help),
}

impl Command {
    fn run(&self, setup: &Setup) -> wiresearch::Result<Exit> {
        match self {
            Self::Index(c) => c.run(setup),
            Self::Query(c) => c.run(setup),
            Self::Show(c) => c.run(setup),
            Self::Status(c) => c.run(setup),
            Self::Verify(c) => c.run(setup),
            Self::Forget(c) => c.run(setup),
            Self::Backup(c) => c.run(setup),
            Self::Inspect(c) => c.run(setup),
            Self::Analyze(c) => c.run(setup),
            Self::Config(c) => c.run(setup),
            Self::Completions(c) => c.run(setup),
            Self::Man(c) => c.run(setup),
            Self::Help(c) => c.run(setup),
        }
    }
}

/// Runs the program; everything it has to say has been said when it returns.
pub(crate) fn main() -> ExitCode {
    let arguments = arguments(std::env::args_os());
    let cli = match question(&arguments).map_or_else(|| parse(&arguments), Ok) {
        Ok(cli) => cli,
        Err(e) => return exit::misused(&e),
    };
    let setup = Setup::new(cli.globals);
    exit::code(cli.command.run(&setup))
}

/// A question alone: the flags of twelve other subcommands take longer to lay out than an index to open.
#[derive(Debug, Parser)]
#[command(name = "wiresearch")]
struct Question {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    asked: Asked,
}

#[derive(Debug, Subcommand)]
enum Asked {
    Query(query::Query),
}

/// Arguments that ask a question; none if they ask for anything else, for help too, or are wrong.
fn question(arguments: &[OsString]) -> Option<Cli> {
    if !arguments.iter().any(|a| a == "query") {
        return None;
    }
    let Question { globals, asked } = Question::try_parse_from(arguments).ok()?;
    let Asked::Query(query) = asked;
    Some(Cli {
        globals,
        command: Command::Query(query),
    })
}

/// Arguments of any kind.
fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let matches = command().try_get_matches_from(arguments)?;
    Cli::from_arg_matches(&matches)
}

/// The command line as clap knows it.
fn command() -> clap::Command {
    Cli::command().long_version(format!(
        "{} (schema {}, analysis {})",
        env!("CARGO_PKG_VERSION"),
        index_schema::SCHEMA_VERSION,
        index_schema::analysis_fingerprint()
    ))
}

/// The arguments, with a blank before a query such as `-fred krig`: it came in quotes, so it is no flag.
fn arguments(given: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut in_query = false;
    let mut arguments: Vec<OsString> = Vec::new();
    for argument in given {
        let is_text = in_query
            && starts_with_excluded_word(&argument.to_string_lossy())
            && !arguments.last().is_some_and(|before| takes_value(before));
        in_query |= argument == "query";
        if is_text {
            let mut shielded = OsString::from(" ");
            shielded.push(argument);
            arguments.push(shielded);
        } else {
            arguments.push(argument);
        }
    }
    arguments
}

/// Whether a text begins with a minus and goes on behind a blank, or begins with `-"`: no flag is written so, but for
/// the folder of an index.
fn starts_with_excluded_word(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('-') else {
        return false;
    };
    if rest.starts_with(['"', '(', '=']) {
        return true;
    }
    let is_long = rest.starts_with('-');
    let is_folder = ["i/", "i.", "i~", "i="].iter().any(|i| rest.starts_with(i));
    !is_long && !is_folder && rest.contains(char::is_whitespace)
}

/// Whether what follows this argument of a question is its value.
fn takes_value(option: &OsStr) -> bool {
    let Some(name) = option.to_str().and_then(|o| o.strip_prefix('-')) else {
        return false;
    };
    let question = Question::command();
    let mut options = question.get_arguments().chain(
        question
            .get_subcommands()
            .flat_map(clap::Command::get_arguments),
    );
    options.any(|a| {
        let long = a
            .get_long()
            .is_some_and(|l| name.strip_prefix('-') == Some(l));
        let short = a
            .get_short()
            .is_some_and(|s| name.strip_prefix(s) == Some(""));
        (long || short) && a.get_action().takes_values() && !a.is_require_equals_set()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_do_not_contradict_each_other() {
        command().debug_assert();
    }

    #[test]
    fn a_question_is_the_same_whichever_way_it_is_read() {
        for asked in [
            "wiresearch query havn",
            "wiresearch -i a query havn -n 5 --since 2017 --explain",
            "wiresearch query -q --color never havn",
            "wiresearch query --help",
            "wiresearch query --none",
            "wiresearch query",
            "wiresearch index query",
            "wiresearch -i query status",
            "wiresearch -V query havn",
        ] {
            let arguments: Vec<_> = asked.split(' ').map(OsString::from).collect();
            let read = |cli: &Cli| format!("{cli:?}");
            let short = question(&arguments).as_ref().map(read);
            match parse(&arguments) {
                Ok(cli) if matches!(cli.command, Command::Query(_)) => {
                    assert_eq!(short, Some(read(&cli)), "{asked}");
                }
                _ => assert_eq!(short, None, "{asked}"),
            }
        }
    }

    #[test]
    fn a_quoted_query_may_begin_with_an_excluded_word() {
        let shielded = |before: &[&str], argument: &str| {
            let given = [&["wiresearch", "query"], before, &[argument]].concat();
            let given = given.into_iter().map(OsString::from);
            arguments(given).last().is_some_and(|a| *a != *argument)
        };
        for text in [
            "-fred krig",
            "-\"syriske tropper\"",
            "-kilde:afp krig",
            "-date:2017 krig",
            "-krig* x",
            "-krig, x",
            "-å x",
            "-is i havnen",
            "-5 grader",
            "- krig",
            "-fred\tkrig",
        ] {
            for before in [&[][..], &["--count"], &["krig"], &["--since", "2017"]] {
                assert!(shielded(before, text), "{before:?} {text}");
            }
            for before in ["--source", "--since", "-i", "--index"] {
                assert!(!shielded(&[before], text), "{before} {text}");
            }
        }
        for flag in [
            "-n",
            "-n5",
            "-0",
            "-x",
            "--since",
            "--since=i går",
            "--nosuch x",
            "-fred",
            "-i/a b",
            "krig -fred",
        ] {
            assert!(!shielded(&[], flag), "{flag}");
        }
    }
}
