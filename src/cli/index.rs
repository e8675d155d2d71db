//! `wiresearch index`

use std::{fs, path::PathBuf, time::Duration};

use clap::{Args, builder::NonEmptyStringValueParser};
use wiresearch::{
    Error, ErrorKind, Result,
    backend::local::{Folder, Resources, rebuild},
    ingest::{self, Event, Leave, MaxPrune, Options, Tally},
    render::clean,
};

use super::{
    exit::{self, Exit},
    progress::Progress,
    setup::Setup,
    signals::Signals,
    size::parse_size,
    span::parse_span,
};

/// Bring the index up to date with folders or files.
///
/// Reads only what is new or changed. Repeating a run is always safe: a dispatch is never doubled, and one whose file is
/// gone stays, with its full text, until `--prune` or `forget`.
///
/// Without a terminal a run says nothing when all went well; files that cannot be read are named once.
#[derive(Debug, Args)]
pub(crate) struct Index {
    /// Folders or files; without any, the roots indexed before.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Drop dispatches that have no file any more.
    #[arg(long)]
    prune: bool,
    /// Refuse to drop more than so many files of a root, or so many percent of them.
    #[arg(long, value_name = "N|N%", default_value = "10%", value_parser = parse_max_prune)]
    max_prune: MaxPrune,
    /// Leave out files and folders that match, by name or by path below the root.
    #[arg(long, value_name = "GLOB", value_parser = NonEmptyStringValueParser::new())]
    exclude: Vec<String>,
    /// Leave files alone that changed less than so long ago: `30s`, `5m`.
    #[arg(long, value_name = "TIME", value_parser = parse_span)]
    settle: Option<Duration>,
    /// Wait at most so long for another run to end, instead of leaving at once.
    #[arg(long, value_name = "TIME", value_parser = parse_span, default_value = "0s", hide_default_value = true)]
    wait: Duration,
    /// Make the index anew from what it holds, beside the old one, and then bring it up to date.
    ///
    /// Needs no feed file: texts, versions and tombstones are carried over. The old index answers until the new one is
    /// whole.
    #[arg(long)]
    rebuild: bool,
    /// Read and count, and change nothing.
    #[arg(short = 'n', long, conflicts_with_all = ["rebuild", "prune"])]
    dry_run: bool,
    /// Fail with exit code 2 when a file was turned away.
    #[arg(long)]
    strict: bool,
    /// Threads that read and analyse.
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: Option<u16>,
    /// Memory for documents that are not yet written.
    #[arg(long, value_name = "SIZE", default_value = "100 MB", value_parser = parse_memory)]
    memory: usize,
    /// Print what was done as a JSON object on standard output.
    #[arg(long)]
    json: bool,
}

impl Index {
    pub(crate) fn run(&self, setup: &Setup) -> Result<Exit> {
        let dir = setup.index()?;
        let folder = Folder::at(dir);
        let threads = self.jobs.map_or_else(cores, usize::from);
        let resources = Resources {
            memory: self.memory,
            threads: threads.div_ceil(2),
        };
        let paths = self.paths(setup)?;
        if paths.is_empty() {
            // the roots indexed before, so there must be an index
            folder.current()?;
        }
        // a mistyped name is told and leaves no trace
        let nothing_to_do = !dir.exists() && !paths.is_empty() && paths.iter().all(|p| !p.exists());
        let lock = if self.dry_run || nothing_to_do {
            None
        } else {
            fs::create_dir_all(dir).map_err(|e| {
                Error::io(format!("cannot make the index folder {}", dir.display()), e)
            })?;
            Some(folder.lock(self.wait)?)
        };
        if let (true, Some(lock)) = (self.rebuild, &lock) {
            match rebuild(&folder, lock, resources, threads) {
                Ok(_) => {}
                Err(e) if e.kind() == ErrorKind::NotFound => {}
                Err(e) => return Err(e),
            }
        }
        let signals = Signals::watch()?;
        let options = Options {
            paths,
            leave: Leave::new(&self.exclude, dir)?,
            prune: self.prune.then_some(self.max_prune),
            settle: self.settle,
            readers: threads,
            resources,
            limits: setup.settings()?.limits(),
            zone: setup.zone()?.clone(),
            now: setup.now,
            stop: signals.stop(),
        };
        let mut progress = Progress::new(setup.is_quiet());
        let tally = ingest::run(&folder, lock.as_ref(), &options, &mut |event| match event {
            Event::Found { files, to_read } => progress.found(files, to_read),
            Event::Done { dispatches } => progress.done(dispatches),
            Event::Rejected(r) => {
                progress.pause(|| exit::say(&format!("{}: {}", r.path, r.reason)));
            }
            Event::Notice(sentence) => progress.pause(|| exit::say(sentence)),
        })?;
        progress.finish(&tally);
        if self.json {
            exit::print_json(&tally)?;
        }
        Ok(self.exit(&tally, &signals))
    }

    /// The places named, else those of the config file, else (empty) the roots indexed before.
    fn paths(&self, setup: &Setup) -> Result<Vec<PathBuf>> {
        if self.paths.is_empty() {
            return Ok(setup.settings()?.feeds.value.clone());
        }
        Ok(self.paths.clone())
    }

    fn exit(&self, tally: &Tally, signals: &Signals) -> Exit {
        if let Some(exit) = signals.exit().filter(|_| tally.stopped) {
            return exit;
        }
        if let Some(sentence) = &tally.prune_refused {
            exit::say(sentence);
            return Exit::PruneRefused;
        }
        let turned_away = self.strict && !tally.rejected.is_empty();
        if !tally.missing.is_empty() || turned_away {
            return Exit::Failed;
        }
        Exit::Done
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn parse_max_prune(text: &str) -> Result<MaxPrune, String> {
    let wrong = || format!("'{}' is neither a number nor a percentage", clean(text));
    match text.strip_suffix('%') {
        Some(percent) => match percent.trim().parse() {
            Ok(percent @ 0..=100) => Ok(MaxPrune::Percent(percent)),
            _ => Err(wrong()),
        },
        None => text.parse().map(MaxPrune::Files).map_err(|_| wrong()),
    }
}

fn parse_memory(text: &str) -> Result<usize, String> {
    let size = parse_size(text).and_then(|bytes| usize::try_from(bytes).ok());
    size.ok_or_else(|| format!("'{}' is no size such as 200 MB", clean(text)))
}
