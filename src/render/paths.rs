//! Paths: for `xargs`, editors and whoever opens the files.

use std::io::{self, Write};

use super::{Look, OutputFormat, clean::clean};
use crate::search::Hit;

/// A path a line, or NUL-terminated: `--format paths`.
///
/// Several hits in one file give its path several times; one that no file holds any more has none, if it is not known where
/// it stood.
pub(super) struct Paths;

impl OutputFormat for Paths {
    fn name(&self) -> &'static str {
        "paths"
    }

    fn about(&self) -> &'static str {
        "the path of each hit, one a line (with -0: each ended by NUL)"
    }

    fn hit(&self, _: u64, hit: &Hit, look: &Look, out: &mut dyn Write) -> io::Result<()> {
        if hit.path.is_empty() {
            return Ok(());
        }
        if look.terminal {
            out.write_all(clean(&hit.path).as_bytes())?;
        } else {
            let bytes = hit.path_bytes.as_deref();
            out.write_all(bytes.unwrap_or(hit.path.as_bytes()))?;
        }
        out.write_all(if look.nul { b"\0" } else { b"\n" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_gets_the_path_as_it_is_and_a_terminal_does_not() {
        let hit = Hit {
            path: "/a\x1b[2J\nb".to_owned(),
            ..Hit::default()
        };
        let written = |terminal, nul| {
            let look = Look {
                terminal,
                nul,
                ..Look::plain()
            };
            let mut out = Vec::new();
            Paths.hit(0, &hit, &look, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(written(false, false), "/a\x1b[2J\nb\n");
        assert_eq!(written(false, true), "/a\x1b[2J\nb\0");
        assert_eq!(written(true, false), "/a\u{fffd}[2J b\n");
        let mut out = Vec::new();
        let nowhere = Hit::default();
        Paths.hit(0, &nowhere, &Look::plain(), &mut out).unwrap();
        assert_eq!(out, b"");
    }
}
