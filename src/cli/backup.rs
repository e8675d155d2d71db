//! `wiresearch backup`

use std::path::PathBuf;

use clap::Args;
use wiresearch::{
    Result,
    backend::local::{Folder, LocalSearcher, backup},
};

use super::{exit::Exit, setup::Setup};

/// Make a consistent copy of the index, also while a run is writing.
///
/// On the same file system the copy shares its files with the index (hard links) and takes no room at first. It is an
/// index like any other: `wiresearch -i DIR verify` checks it.
#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// Where to: a folder that is empty or not there yet.
    #[arg(value_name = "DIR")]
    to: PathBuf,
}

impl Backup {
    pub(crate) fn run(&self, setup: &Setup) -> Result<Exit> {
        backup(&Folder::at(setup.index()?), &self.to)?;
        // a copy that cannot be opened is none
        LocalSearcher::open(&self.to)?;
        setup.remark(&format!("copied to {}", self.to.display()));
        Ok(Exit::Done)
    }
}
