//! `wiresearch man`: the manual pages as files.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::Args;
use clap_mangen::{
    Man as CommandPage,
    roff::{Inline, Roff, bold, roman},
};
use wiresearch::{
    Error, Result,
    render::{Block, Kind, Manual, spans},
};

use super::{command, exit::Exit, guide::TOPICS, setup::Setup};

/// Write the manual pages
///
/// The pages of the command and its subcommands go to DIR/man1, those of the query language, in English and Danish, to
/// DIR/man7: wiresearch(1), wiresearch-query(1), ..., wiresearch-query(7), wiresearch-søgning(7).
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  wiresearch man ~/.local/share/man && man wiresearch-query")]
pub(crate) struct Man {
    /// A folder of manual pages; made if it is not there
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

impl Man {
    pub(crate) fn run(&self, _: &Setup) -> Result<Exit> {
        self.write()
            .map_err(|e| Error::io(format!("cannot write to {}", self.dir.display()), e))?;
        Ok(Exit::Done)
    }

    fn write(&self) -> io::Result<()> {
        let man1 = self.dir.join("man1");
        fs::create_dir_all(&man1)?;
        let mut command = command();
        command.build();
        write_command(&command, &man1)?;
        for subcommand in command.get_subcommands() {
            write_command(subcommand, &man1)?;
        }
        let man7 = self.dir.join("man7");
        fs::create_dir_all(&man7)?;
        for topic in TOPICS {
            if let Some(page) = topic.page {
                let text = page_of(page, &topic.manual());
                fs::write(man7.join(format!("{page}.7")), text)?;
            }
        }
        Ok(())
    }
}

fn write_command(command: &clap::Command, dir: &Path) -> io::Result<()> {
    let page = CommandPage::new(command.clone())
        .date(NO_DATE)
        .source(SOURCE)
        .manual(MANUAL);
    let mut text = Vec::new();
    page.render(&mut text)?;
    fs::write(dir.join(page.get_filename()), text)
}

/// What stands in the foot and the head of a page (man-pages(7)). The date is a blank: an empty argument would be lost.
const NO_DATE: &str = " ";
const SOURCE: &str = concat!("wiresearch ", env!("CARGO_PKG_VERSION"));
const MANUAL: &str = "wiresearch";

/// A page of section 7.
fn page_of(name: &str, manual: &Manual) -> String {
    let mut roff = Roff::new();
    roff.control("TH", [name, "7", NO_DATE, SOURCE, MANUAL]);
    roff.control("SH", ["NAME"]);
    roff.text([roman(format!("{name} - {}", manual.title()))]);
    if let Some(Block::Paragraph(_)) = manual.blocks.get(1) {
        roff.control("SH", ["DESCRIPTION"]);
    }
    for block in manual.blocks.iter().skip(1) {
        block_to_roff(block, &mut roff);
    }
    roff.to_roff()
}

fn block_to_roff(block: &Block, roff: &mut Roff) {
    match block {
        Block::Heading(level, title) => {
            let section = if *level <= 2 { "SH" } else { "SS" };
            roff.control(section, [title.as_str()]);
        }
        Block::Paragraph(text) => {
            roff.control("PP", []);
            roff.text(inlines(text));
        }
        Block::Item(text) => {
            roff.control("IP", ["\\(bu", "2"]);
            roff.text(inlines(text));
        }
        Block::Code(lines) => {
            roff.control("PP", []);
            roff.control("in", ["+4n"]);
            roff.control("nf", []);
            for line in lines {
                roff.text([roman(line.as_str())]);
            }
            roff.control("fi", []);
            roff.control("in", []);
        }
        Block::Table(rows) => {
            for row in rows.iter().skip(1) {
                let Some((first, rest)) = row.split_first() else {
                    continue;
                };
                roff.control("TP", []);
                roff.text(inlines(first));
                roff.text(inlines(&rest.join("; ")));
            }
        }
    }
}

fn inlines(text: &str) -> Vec<Inline> {
    spans(text)
        .into_iter()
        .map(|(kind, text)| match kind {
            Kind::Words => roman(text),
            Kind::Code | Kind::Strong => bold(text),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_name_and_its_text_and_no_stray_requests() {
        let manual = Manual::read("# the title\n\nA `word`.\n\n```\n.TH evil\n'x\n```\n");
        let page = page_of("wiresearch-x", &manual);
        assert!(
            page.contains(".SH NAME\nwiresearch\\-x \\- the title\n"),
            "{page}"
        );
        assert!(page.contains("A \\fBword\\fR."), "{page}");
        assert!(
            !page.contains("\n.TH evil") && !page.contains("\n'x"),
            "{page}"
        );
    }
}
