//! `wiresearch completions`: for the shell.

use std::io::Write;

use clap::{Args, ValueEnum};
use clap_complete::{generate, shells};
use wiresearch::Result;

use super::{
    command,
    exit::{Exit, written},
    pager::Output,
    setup::Setup,
};

/// Completions for a shell, on standard output
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  wiresearch completions bash > ~/.local/share/bash-completion/completions/wiresearch
  wiresearch completions zsh > \"${fpath[1]}/_wiresearch\"
  wiresearch completions fish > ~/.config/fish/completions/wiresearch.fish")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

impl Completions {
    pub(crate) fn run(&self, _: &Setup) -> Result<Exit> {
        let mut command = command();
        // the generators panic when their writer fails, so they get one that does not
        let mut script = Vec::new();
        match self.shell {
            Shell::Bash => generate(shells::Bash, &mut command, "wiresearch", &mut script),
            Shell::Zsh => generate(shells::Zsh, &mut command, "wiresearch", &mut script),
            Shell::Fish => generate(shells::Fish, &mut command, "wiresearch", &mut script),
        }
        let mut out = Output::plain();
        written(out.write_all(&script))?;
        written(out.finish())?;
        Ok(Exit::Done)
    }
}
