//! What the outside world says about the places the program writes to.

use std::{
    env,
    ffi::OsStr,
    io::{IsTerminal, stderr, stdout},
};

use clap::ValueEnum;
use jiff::tz::TimeZone;
use terminal_size::{Height, Width};
use wiresearch::render::Look;

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal that can show them.
    #[default]
    Auto,
    /// In pipes and files, too.
    Always,
    /// Nowhere.
    Never,
}

/// Columns where nothing says how many there are.
const WIDTH: usize = 80;

/// How text on standard output is to look.
pub(crate) fn of_stdout(colour: When, zone: TimeZone) -> Look {
    let size = terminal_size::terminal_size_of(stdout());
    look(stdout().is_terminal(), size.map(|s| s.0), colour, zone)
}

/// How text on standard error is to look.
pub(crate) fn of_stderr(colour: When, zone: TimeZone) -> Look {
    let size = terminal_size::terminal_size_of(stderr());
    look(stderr().is_terminal(), size.map(|s| s.0), colour, zone)
}

/// Lines of the terminal on standard output; `None` where it is none.
pub(crate) fn rows() -> Option<usize> {
    if !stdout().is_terminal() {
        return None;
    }
    terminal_size::terminal_size_of(stdout()).map(|(_, Height(rows))| usize::from(rows))
}

fn look(terminal: bool, size: Option<Width>, colour: When, zone: TimeZone) -> Look {
    let set = |name| env::var_os(name).filter(|v| !v.is_empty());
    let dumb = set("TERM").is_none_or(|t| t == "dumb");
    let columns = set("COLUMNS").and_then(|c| c.to_str()?.parse().ok());
    let width = size.map(|Width(w)| usize::from(w)).or(columns);
    let colour = match colour {
        When::Always => true,
        When::Never => false,
        When::Auto => terminal && !dumb && set("NO_COLOR").is_none(),
    };
    Look {
        width: width.filter(|w| *w > 0).unwrap_or(WIDTH),
        terminal,
        colour,
        links: terminal && !dumb && colour,
        unicode: speaks_unicode(&set),
        zone,
        ..Look::plain()
    }
}

/// Whether the locale is UTF-8 (POSIX: `LC_ALL`, then `LC_CTYPE`, then `LANG`).
fn speaks_unicode(set: &dyn Fn(&'static str) -> Option<std::ffi::OsString>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
    let locale = locale.as_deref().and_then(OsStr::to_str).unwrap_or("");
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_locale_variable_decides() {
        let speaks = |all: &'static str, lang: &'static str| {
            speaks_unicode(&|name| match name {
                "LC_ALL" => Some(all.into()).filter(|_| !all.is_empty()),
                "LANG" => Some(lang.into()),
                _ => None,
            })
        };
        assert!(speaks("", "da_DK.UTF-8"));
        assert!(speaks("", "C.utf8"));
        assert!(!speaks("C", "da_DK.UTF-8"));
        assert!(!speaks("", "da_DK.ISO-8859-1"));
    }
}
