//! The bar of a run on a terminal, and its closing line. Without a terminal: nothing.

use std::io::{IsTerminal, stderr};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};
use wiresearch::{ingest::Tally, render::counted};

/// What a run shows of itself while it runs.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    dispatches: u64,
}

impl Progress {
    pub(crate) fn new(quiet: bool) -> Self {
        let bar = (!quiet && stderr().is_terminal()).then(|| {
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
            let style =
                ProgressStyle::with_template("{wide_bar} {pos}/{len} files  {msg}  {elapsed}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self { bar, dispatches: 0 }
    }

    /// So many files were found, so many of them to be read.
    pub(crate) fn found(&mut self, _files: u64, to_read: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(to_read);
        }
    }

    /// A file was dealt with.
    pub(crate) fn done(&mut self, dispatches: u64) {
        self.dispatches += dispatches;
        if let Some(bar) = &self.bar {
            bar.set_message(counted(self.dispatches, "dispatch", "dispatches"));
            bar.inc(1);
        }
    }

    /// Lets something else be written.
    pub(crate) fn pause(&self, say: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(say),
            None => say(),
        }
    }

    /// Takes the bar away and says in a line what was done.
    pub(crate) fn finish(self, tally: &Tally) {
        let Some(bar) = self.bar else { return };
        bar.finish_and_clear();
        let (files, dispatches) = (&tally.files, &tally.dispatches);
        let count = |n: u64| HumanCount(n).to_string();
        let mut line = format!(
            "{}: {} new, {} changed, {} unchanged",
            counted(files.seen, "file", "files"),
            count(files.new),
            count(files.changed),
            count(files.unchanged)
        );
        let many = |n| counted(n, "dispatch", "dispatches");
        let also = [
            (files.gone, count(files.gone), "gone"),
            (files.rejected, count(files.rejected), "turned away"),
            (files.passed_over, count(files.passed_over), "passed over"),
            (dispatches.killed, many(dispatches.killed), "killed"),
            (dispatches.pruned, many(dispatches.pruned), "dropped"),
            (
                dispatches.embargoed,
                many(dispatches.embargoed),
                "under embargo",
            ),
        ];
        for (n, so_many, what) in also {
            if n > 0 {
                line.push_str(&format!(", {so_many} {what}"));
            }
        }
        line.push_str(&format!(
            "; {} in {:.1} s",
            many(dispatches.total),
            tally.seconds
        ));
        eprintln!("{line}");
    }
}
