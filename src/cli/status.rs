//! `wiresearch status`: what is indexed.

use clap::Args;
use wiresearch::{
    Result,
    render::{write_json, write_status},
};

use super::{
    exit::{Exit, written},
    setup::Setup,
};

/// What is indexed, the last run, files that were turned away
#[derive(Debug, Args)]
pub(crate) struct Status {
    /// As one JSON object
    #[arg(long)]
    json: bool,
}

impl Status {
    pub(crate) fn run(&self, setup: &Setup) -> Result<Exit> {
        let status = setup.open_searcher()?.status(setup.now)?;
        let look = setup.look()?;
        let mut out = setup.paged()?;
        written(if self.json {
            write_json(&status, &mut out)
        } else {
            write_status(&status, &look, &mut out)
        })?;
        written(out.finish())?;
        Ok(Exit::Done)
    }
}
