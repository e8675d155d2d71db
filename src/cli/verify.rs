//! `wiresearch verify`

use clap::Args;
use wiresearch::{Result, backend::local, render::counted};

use super::{
    exit::{self, Exit},
    setup::Setup,
};

/// Read the whole index and say whether it is sound.
///
/// Compares every file of the index with its checksum and every document with the others. Damage is named, and the exit
/// code is 2.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Read the feed files, too: those that changed without a new time of change are named.
    #[arg(long)]
    against_files: bool,
    /// Print what was found as a JSON object.
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub(crate) fn run(&self, setup: &Setup) -> Result<Exit> {
        let checked = local::verify(setup.index()?, self.against_files)?;
        let sound = checked.damage.is_empty() && checked.differing.is_empty();
        if self.json {
            exit::print_json(&checked)?;
        } else if sound {
            exit::print(&format!(
                "sound: {}, {}, {}",
                counted(checked.files, "file", "files"),
                counted(
                    checked.dispatches,
                    "dispatch with its versions",
                    "dispatches with their versions"
                ),
                counted(checked.feed_files, "feed file", "feed files")
            ))?;
        }
        for sentence in checked.damage.iter().chain(&checked.differing) {
            exit::say(sentence);
        }
        Ok(if sound { Exit::Done } else { Exit::Failed })
    }
}
