//! `wiresearch show`: dispatches for reading, by id or path.

use std::{
    ffi::{OsStr, OsString},
    io::Write,
    path::Path,
};

use clap::{Args, ValueEnum};
use wiresearch::{
    Result,
    backend::{Searcher, Wanted},
    query::{Zone, parse},
    render::{write_shown, write_shown_json},
    search::Shown,
    snippet::marks_in,
};

use super::{
    exit::{self, Exit, written},
    given::id_or_path,
    setup::Setup,
};

/// Print dispatches
///
/// Header and full text, also when the file is gone.
///
/// Exit code: 0, or 1 when one of them is not found, 2 on an error.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// An id or a guid, as in `query --json`, or the path of a file
    #[arg(required = true, value_name = "ID|PATH", value_parser = id_or_path())]
    names: Vec<OsString>,
    /// How it is written; json is one object a line
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "text")]
    format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Mark what this query finds in it
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    query: Option<String>,
    /// Superseded versions, too, the newest first
    #[arg(long)]
    all_versions: bool,
    /// Embargoed dispatches, too; they are not for publication
    #[arg(long)]
    embargoed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading
    Text,
    /// One JSON object a line
    Json,
}

impl Show {
    pub(crate) fn run(&self, setup: &Setup) -> Result<Exit> {
        let searcher = setup.open_searcher()?;
        let look = setup.look()?;
        let json = self.json || self.format == Format::Json;
        let query = match &self.query {
            Some(text) => Some(parse(text, setup.now, setup.zone()?).query),
            None => None,
        };
        let marks = |zone: Zone, text: &str| match &query {
            Some(query) => marks_in(query, zone, text, true),
            None => Vec::new(),
        };
        let mut out = setup.paged()?;
        let mut exit = Exit::Done;
        let mut first = true;
        for name in &self.names {
            let found = self.find(name, &*searcher, setup)?;
            if found.is_empty() {
                exit::say(&format!("no dispatch {}", name.display()));
                exit = Exit::NothingFound;
            }
            for shown in &found {
                let result = if json {
                    write_shown_json(shown, setup.now, &look, &mut out)
                } else {
                    let between: &[u8] = if first { b"" } else { b"\n\n" };
                    out.write_all(between)
                        .and_then(|()| write_shown(shown, setup.now, &marks, &look, &mut out))
                };
                written(result)?;
                first = false;
            }
        }
        written(out.finish())?;
        Ok(exit)
    }

    /// A name as it stands; if nothing has it, as a path from here.
    fn find(&self, name: &OsStr, searcher: &dyn Searcher, setup: &Setup) -> Result<Vec<Shown>> {
        let get = |name: &OsStr| {
            searcher.get(&Wanted {
                name,
                all_versions: self.all_versions,
                embargoed: self.embargoed,
                now: setup.now,
            })
        };
        let found = get(name)?;
        if !found.is_empty() || Path::new(name).is_absolute() {
            return Ok(found);
        }
        // a file that is there has links in its path resolved, as the index has; one that is gone keeps its name
        let path = Path::new(name);
        let path = path.canonicalize().or_else(|_| std::path::absolute(path));
        match path {
            Ok(path) => get(path.as_os_str()),
            Err(_) => Ok(found),
        }
    }
}
