//! `wiresearch help`: a subcommand's help, and topics.

use std::io::{self, Write};

use clap::Args;
use wiresearch::{Error, ErrorKind, Result, render::write_table};

use super::{
    command,
    exit::{Exit, written},
    guide::{TOPICS, Topic},
    setup::Setup,
};

/// Help for a subcommand, or on a topic: query, søgning, dates, formats, cron
#[derive(Debug, Args)]
pub(crate) struct Help {
    /// A subcommand or a topic; without one, the list of both
    topic: Option<String>,
}

impl Help {
    pub(crate) fn run(&self, setup: &Setup) -> Result<Exit> {
        let mut command = command();
        command.build();
        let mut text = Vec::new();
        let look = setup.look()?;
        let mut write_help = |command: &mut clap::Command| {
            let help = command.render_long_help();
            written(match look.colour {
                true => write!(text, "{}", help.ansi()),
                false => write!(text, "{help}"),
            })
        };
        let topic = match &self.topic {
            None => {
                write_help(&mut command)?;
                written(write_list(&look, &mut text))?;
                None
            }
            Some(name) => {
                let subcommand = command.find_subcommand_mut(name);
                let topic = Topic::named(name);
                if subcommand.is_none() && topic.is_none() {
                    return Err(unknown(name));
                }
                if let Some(subcommand) = subcommand {
                    write_help(subcommand)?;
                }
                topic
            }
        };
        if let Some(topic) = topic {
            let between: &[u8] = if text.is_empty() { b"" } else { b"\n" };
            text.extend_from_slice(between);
            written(topic.manual().write(&look, &mut text))?;
        }
        let mut out = setup.paged()?;
        written(out.write_all(&text))?;
        written(out.finish())?;
        Ok(Exit::Done)
    }
}

fn write_list(look: &wiresearch::render::Look, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nTopics:")?;
    let rows: Vec<Vec<String>> = TOPICS
        .iter()
        .map(|t| vec![format!("  {}", t.name), t.about.to_owned()])
        .collect();
    write_table(&[], &rows, look, out)
}

fn unknown(name: &str) -> Error {
    let topics: Vec<&str> = TOPICS.iter().map(|t| t.name).collect();
    Error::new(ErrorKind::Query, format!("no help on '{name}'")).hint(format!(
        "there is help on every subcommand, and on {}",
        topics.join(", ")
    ))
}
