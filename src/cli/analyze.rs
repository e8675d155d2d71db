//! `wiresearch analyze`: how text becomes terms.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
};

use clap::{ArgGroup, Args};
use index_schema::danish::{Analyzer, Asked, Why, ask, index_tokens, query_tokens, split};
use wiresearch::{Error, Result, render::write_table};

use super::{
    exit::{Exit, written},
    pager::Output,
    setup::Setup,
};

/// How text becomes terms
///
/// Each word with its exact form, its main token (the same for all its inflections), the parts of a compound, and why.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).args(["text", "tokens", "splits"]))]
pub(crate) struct Analyze {
    /// Text; several arguments are joined by blanks
    text: Vec<String>,
    /// For each line of a file (`-`: standard input): the line, a tab, its tokens as the index holds them
    #[arg(long, value_name = "FILE")]
    tokens: Option<PathBuf>,
    /// For each line of a file (`-`: standard input): the word, a tab, its parts as `part|part`
    #[arg(long, value_name = "FILE")]
    splits: Option<PathBuf>,
    /// As a query asks for the words, other spellings included
    #[arg(long, conflicts_with = "splits")]
    query: bool,
}

impl Analyze {
    pub(crate) fn run(&self, setup: &Setup) -> Result<Exit> {
        let mut out = Output::plain();
        let tokens = if self.query {
            query_tokens
        } else {
            index_tokens
        };
        if let Some(file) = &self.tokens {
            lines(file, &mut out, |line| tokens(line).join(" "))?;
        } else if let Some(file) = &self.splits {
            lines(file, &mut out, |line| split(line).join("|"))?;
        } else {
            let text = self.text.join(" ");
            let (head, rows) = if self.query {
                (["word", "exact", "main", "also", "apart"], asked(&text))
            } else {
                (["word", "exact", "main", "parts", "why"], analysed(&text))
            };
            written(write_table(&head, &rows, &setup.look()?, &mut out))?;
        }
        written(out.finish())?;
        Ok(Exit::Done)
    }
}

/// Answers each line of a file with a line: itself, a tab, and what `answer` makes of it.
fn lines(file: &Path, out: &mut Output, mut answer: impl FnMut(&str) -> String) -> Result<()> {
    let input: Box<dyn BufRead> = if file == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        let opened = File::open(file)
            .map_err(|e| Error::io(format!("cannot open {}", file.display()), e))?;
        Box::new(BufReader::new(opened))
    };
    for line in input.split(b'\n') {
        let line = line.map_err(|e| Error::io(format!("cannot read {}", file.display()), e))?;
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end_matches('\r');
        written(writeln!(out, "{line}\t{}", answer(line)))?;
    }
    Ok(())
}

fn analysed(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    Analyzer::new().words(text, |word| {
        let parts: Vec<&str> = word.forms.parts.iter().map(|p| &*p.term).collect();
        rows.push(vec![
            text[word.start..word.end].to_owned(),
            word.forms.exact.to_string(),
            word.forms.main.to_string(),
            parts.join(" "),
            why(word.forms.why).to_owned(),
        ]);
    });
    rows
}

fn asked(text: &str) -> Vec<Vec<String>> {
    let row = |asked: Asked| {
        let apart: Vec<String> = asked.apart.iter().map(|parts| parts.join(" ")).collect();
        vec![
            text[asked.start..asked.end].to_owned(),
            asked.exact.into(),
            asked.main.into(),
            [&asked.variants[..], &asked.forms, &asked.related]
                .concat()
                .join(" "),
            apart.join(", "),
        ]
    };
    ask(text).into_iter().map(row).collect()
}

fn why(why: Why) -> &'static str {
    match why {
        Why::Written => "as written",
        Why::Lexicon => "lexicon",
        Why::Irregular => "irregular",
        Why::Rule => "rule",
        Why::Number => "number",
        Why::Abbreviation => "abbreviation",
        Why::Hyphen => "hyphen",
        Why::Split => "split",
        Why::Completed => "completed",
        Why::OldSpelling => "old spelling",
    }
}
