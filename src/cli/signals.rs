//! Ctrl-C and kill: the run commits what is whole and leaves with the code that a shell expects.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};
use wiresearch::{Error, Result};

use super::exit::Exit;

/// Watches for SIGINT and SIGTERM. A second one ends the process at once.
pub(crate) struct Signals {
    stop: Arc<AtomicBool>,
    which: Arc<AtomicUsize>,
}

impl Signals {
    pub(crate) fn watch() -> Result<Self> {
        let failed = |e| Error::io("cannot watch for signals", e);
        let signals = Self {
            stop: Arc::default(),
            which: Arc::default(),
        };
        for (signal, exit) in [(SIGINT, Exit::Interrupted), (SIGTERM, Exit::Terminated)] {
            // in this order: the second signal finds the flag set and ends the process
            let stop = || Arc::clone(&signals.stop);
            flag::register_conditional_shutdown(signal, exit as i32, stop()).map_err(failed)?;
            flag::register(signal, stop()).map_err(failed)?;
            let which = Arc::clone(&signals.which);
            flag::register_usize(signal, which, exit as usize).map_err(failed)?;
        }
        Ok(signals)
    }

    /// Set when the run shall end.
    pub(crate) fn stop(&self) -> &AtomicBool {
        &self.stop
    }

    /// How to leave, if a signal came.
    pub(crate) fn exit(&self) -> Option<Exit> {
        let which = self.which.load(Ordering::Relaxed);
        [Exit::Interrupted, Exit::Terminated]
            .into_iter()
            .find(|e| *e as usize == which)
    }
}
