//! How the program ends: exit codes, and errors as sentences on standard error.

use std::{
    error::Error as _,
    io::{self, Write},
    process::ExitCode,
};

use wiresearch::{Error, ErrorKind, Result, render::clean};

/// How a subcommand ended when it did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It did what was asked.
    Done = 0,
    /// Nothing was found.
    NothingFound = 1,
    /// It failed in part, and has said so.
    Failed = 2,
    /// Files are gone, and too many to drop what they held.
    PruneRefused = 3,
    /// Ended by SIGINT, as a shell reports it.
    Interrupted = 130,
    /// Ended by SIGTERM.
    Terminated = 143,
}

/// Exit code of a failure.
fn code_of(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::Feed
        | ErrorKind::Query
        | ErrorKind::Schema
        | ErrorKind::NotFound
        | ErrorKind::Backend
        | ErrorKind::Io => 2,
        // EX_TEMPFAIL of sysexits.h: try again later
        ErrorKind::Busy => 75,
    }
}

/// Says what went wrong and returns the exit code.
pub(crate) fn code(result: Result<Exit>) -> ExitCode {
    match result {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(e) if is_closed_pipe(&e) => ExitCode::SUCCESS,
        Err(e) => {
            // another run is at work: for cron that is no news, unless it has been for too long
            if e.kind() != ErrorKind::Busy || e.cure().is_some() {
                complain(&e);
            }
            ExitCode::from(code_of(e.kind()))
        }
    }
}

/// Says what clap has to say: help and version on standard output, misuse on standard error with exit code 2.
pub(crate) fn misused(e: &clap::Error) -> ExitCode {
    let printed = e.print().and_then(|()| io::stdout().flush());
    match written(printed) {
        // a closed pipe is no error here, either
        Err(failed) if !e.use_stderr() && !is_closed_pipe(&failed) => code(Err(failed)),
        _ => ExitCode::from(u8::try_from(e.exit_code()).unwrap_or(2)),
    }
}

/// Writes an error as a sentence and, where known, its cure.
pub(crate) fn complain(e: &Error) {
    say(&e.to_string());
    if let Some(cure) = e.cure() {
        line(&format!("hint: {}", clean(cure)));
    }
}

/// Writes a sentence to standard error under the program's name.
pub(crate) fn say(sentence: &str) {
    line(&format!("wiresearch: {}", clean(sentence)));
}

fn line(text: &str) {
    // nobody is left to be told when standard error is gone
    let _ = writeln!(io::stderr(), "{text}");
}

/// Writes a line to standard output.
pub(crate) fn print(text: &str) -> Result<()> {
    written(writeln!(io::stdout(), "{}", clean(text)))
}

/// Writes a value as one line of JSON to standard output.
pub(crate) fn print_json(value: &impl serde::Serialize) -> Result<()> {
    let json = serde_json::to_string(value).map_err(io::Error::from);
    written(json.and_then(|json| writeln!(io::stdout(), "{json}")))
}

/// An error of writing the output.
pub(crate) fn written<T>(result: io::Result<T>) -> Result<T> {
    result.map_err(|e| Error::io("cannot write the output", e))
}

/// Whether nobody reads the output any more.
pub(crate) fn is_closed_pipe(e: &Error) -> bool {
    e.source()
        .and_then(|s| s.downcast_ref::<io::Error>())
        .is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_is_told_from_other_failures() {
        let failed = |kind| written::<()>(Err(io::Error::from(kind))).unwrap_err();
        assert!(is_closed_pipe(&failed(io::ErrorKind::BrokenPipe)));
        assert!(!is_closed_pipe(&failed(io::ErrorKind::StorageFull)));
        assert!(!is_closed_pipe(&Error::new(ErrorKind::Query, "no")));
    }
}
