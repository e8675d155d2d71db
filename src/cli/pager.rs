//! Standard output, through a pager when it is longer than the screen.

use std::{
    io::{self, BufWriter, StdoutLock, Write},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Arc, atomic::AtomicBool},
};

use signal_hook::consts::SIGINT;

use super::terminal;

/// Where results go. Finish it, or the end of the output is lost.
pub(crate) struct Output(State);

enum State {
    /// Straight to standard output.
    Direct(BufWriter<StdoutLock<'static>>),
    /// Held back until it is known whether it fits the screen.
    Held {
        pager: String,
        rows: usize,
        lines: usize,
        bytes: Vec<u8>,
    },
    /// Into a pager.
    Paged(Child, BufWriter<ChildStdin>),
}

impl Output {
    /// Standard output as it is.
    pub(crate) fn plain() -> Self {
        Self(State::Direct(BufWriter::new(io::stdout().lock())))
    }

    /// Standard output; on a terminal, what is longer than the screen goes through the pager.
    pub(crate) fn paged(pager: Option<&str>) -> Self {
        let pager = pager
            .map(str::trim)
            .filter(|p| !p.is_empty() && *p != "cat");
        match (pager, terminal::rows()) {
            (Some(pager), Some(rows)) => Self(State::Held {
                pager: pager.to_owned(),
                rows,
                lines: 0,
                bytes: Vec::new(),
            }),
            _ => Self::plain(),
        }
    }

    /// Writes what is left and waits until the reader leaves the pager.
    ///
    /// # Errors
    ///
    /// Fails if standard output does.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self.0 {
            State::Direct(mut out) => out.flush(),
            State::Held { bytes, .. } => {
                let mut out = io::stdout().lock();
                out.write_all(&bytes)?;
                out.flush()
            }
            State::Paged(mut child, mut input) => {
                let flushed = input.flush();
                drop(input);
                child.wait()?;
                flushed
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            State::Direct(out) => return out.write(buf),
            State::Paged(_, input) => return input.write(buf),
            State::Held {
                pager,
                rows,
                lines,
                bytes,
            } => {
                bytes.extend_from_slice(buf);
                *lines += buf.iter().filter(|b| **b == b'\n').count();
                // the prompt of the shell takes a line, too
                if *lines + 1 < *rows {
                    return Ok(buf.len());
                }
                let held = std::mem::take(bytes);
                self.0 = start(pager)?;
                self.write_all(&held)?;
            }
        }
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            State::Direct(out) => out.flush(),
            State::Paged(_, input) => input.flush(),
            State::Held { .. } => Ok(()),
        }
    }
}

/// Starts the pager as a shell would (POSIX, `man`: the value of PAGER is a command); without one, no paging.
fn start(pager: &str) -> io::Result<State> {
    let mut command = Command::new("sh");
    command.arg("-c").arg(pager).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        // quit if it fits after all, keep colours, leave the text on the screen
        command.env("LESS", "FRX");
    }
    let Ok(mut child) = command.spawn() else {
        return Ok(State::Direct(BufWriter::new(io::stdout().lock())));
    };
    let Some(input) = child.stdin.take() else {
        return Err(io::ErrorKind::BrokenPipe.into());
    };
    // an interrupt is the pager's: it stops searching, it does not end us and leave the terminal in disorder
    let _ = signal_hook::flag::register(SIGINT, Arc::new(AtomicBool::new(false)));
    Ok(State::Paged(child, BufWriter::new(input)))
}
