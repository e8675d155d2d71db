//! `wiresearch forget`

use std::{ffi::OsString, time::Duration};

use clap::Args;
use wiresearch::{
    Error, ErrorKind, Result,
    backend::local::{Folder, Resources},
    ingest,
    render::counted,
};

use super::{
    exit::{self, Exit},
    given::id_or_path,
    setup::Setup,
    span::parse_span,
};

/// Erase for good: a dispatch, what a file holds, what lies below a folder.
///
/// Text, history and terms are gone from the disk when this ends. A tombstone without text stays, so that a file still
/// lying there does not bring it back.
#[derive(Debug, Args)]
pub(crate) struct Forget {
    /// Ids, files or folders.
    #[arg(value_name = "ID|PATH|ROOT", required = true, value_parser = id_or_path())]
    what: Vec<OsString>,
    /// Do it. There is no way back.
    #[arg(long)]
    yes: bool,
    /// Wait at most so long for another run to end.
    #[arg(long, value_name = "TIME", value_parser = parse_span, default_value = "0s", hide_default_value = true)]
    wait: Duration,
}

impl Forget {
    pub(crate) fn run(&self, setup: &Setup) -> Result<Exit> {
        if !self.yes {
            return Err(
                Error::new(ErrorKind::Query, "this erases for good; nothing was done")
                    .hint("say so with --yes"),
            );
        }
        let folder = Folder::at(setup.index()?);
        folder.current()?;
        let lock = folder.lock(self.wait)?;
        let resources = Resources {
            memory: 50 << 20,
            threads: 1,
        };
        let done = ingest::forget(&folder, &lock, &self.what, setup.now, resources)?;
        if !setup.is_quiet() {
            exit::say(&format!(
                "erased {}, {}",
                counted(done.dispatches, "dispatch", "dispatches"),
                counted(done.versions, "version", "versions")
            ));
        }
        if let Some(path) = done.held_by.first() {
            exit::say(&format!(
                "{}, held by other files, too, such as {}: name these files, or the dispatch by its id",
                counted(done.stay, "text stays", "texts stay"),
                path.display()
            ));
        }
        Ok(Exit::Done)
    }
}
