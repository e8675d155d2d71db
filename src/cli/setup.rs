//! What every subcommand starts from: the global flags, the settings, the places to write to.

use std::{cell::OnceCell, env, path::Path};

use jiff::{Timestamp, tz::TimeZone};
use wiresearch::{
    Error, ErrorKind, Result,
    backend::{Searcher, local::LocalSearcher},
    render::Look,
};

use super::{Globals, exit, pager::Output, settings::Settings, terminal};

/// The surroundings of a run. The config file is read when it is first needed.
pub(crate) struct Setup {
    globals: Globals,
    settings: OnceCell<Settings>,
    /// What time it is, the same for the whole run.
    pub(crate) now: Timestamp,
}

impl Setup {
    pub(crate) fn new(globals: Globals) -> Self {
        Self {
            globals,
            settings: OnceCell::new(),
            now: Timestamp::now(),
        }
    }

    /// The settings; keys of the config file that mean nothing are named once.
    pub(crate) fn settings(&self) -> Result<&Settings> {
        if let Some(settings) = self.settings.get() {
            return Ok(settings);
        }
        let index = self.globals.index.as_deref();
        let settings = Settings::load(index, &|name| env::var_os(name))?;
        for key in &settings.unknown {
            let path = settings.path.as_deref().unwrap_or(Path::new("config.toml"));
            self.warn(&format!("{}: unknown key {key}", path.display()));
        }
        Ok(self.settings.get_or_init(|| settings))
    }

    /// The folder of the index.
    pub(crate) fn index(&self) -> Result<&Path> {
        self.settings()?.index.value.as_deref().ok_or_else(|| {
            Error::new(ErrorKind::NotFound, "no index: HOME is not set")
                .hint("name its folder with -i DIR")
        })
    }

    /// The index opened for reading.
    pub(crate) fn open_searcher(&self) -> Result<Box<dyn Searcher>> {
        Ok(Box::new(LocalSearcher::open(self.index()?)?))
    }

    /// Where days begin.
    pub(crate) fn zone(&self) -> Result<&TimeZone> {
        Ok(&self.settings()?.zone.value)
    }

    /// How text on standard output is to look.
    pub(crate) fn look(&self) -> Result<Look> {
        Ok(terminal::of_stdout(
            self.globals.color,
            self.zone()?.clone(),
        ))
    }

    /// How text on standard error is to look.
    pub(crate) fn look_of_stderr(&self) -> Result<Look> {
        Ok(terminal::of_stderr(
            self.globals.color,
            self.zone()?.clone(),
        ))
    }

    /// Standard output for reading: through the pager when it is longer than the screen.
    pub(crate) fn paged(&self) -> Result<Output> {
        Ok(Output::paged(self.settings()?.pager.value.as_deref()))
    }

    /// Nothing but errors is wanted.
    pub(crate) fn is_quiet(&self) -> bool {
        self.globals.quiet
    }

    /// Says something that is no error.
    pub(crate) fn warn(&self, sentence: &str) {
        if !self.globals.quiet {
            exit::say(sentence);
        }
    }

    /// Says something that only the curious want to know.
    pub(crate) fn remark(&self, sentence: &str) {
        if self.globals.verbose {
            exit::say(sentence);
        }
    }
}
