//! How output is to look: what the place it goes to can show, and how much was asked for.

use anstyle::{AnsiColor, Style};
use index_schema::When;
use jiff::tz::TimeZone;

/// What a renderer needs to know besides the answer.
#[derive(Clone, Debug)]
pub struct Look {
    /// Columns to fill.
    pub width: usize,
    /// The bytes go to a terminal, so nothing in them may steer it.
    pub terminal: bool,
    /// Colours and bold letters.
    pub colour: bool,
    /// Paths are links (OSC 8).
    pub links: bool,
    /// Bars and dots beyond ASCII.
    pub unicode: bool,
    /// Paths end with NUL, not with a line feed.
    pub nul: bool,
    /// Hits hold whole dispatches.
    pub full: bool,
    /// How the question was read is shown above the hits.
    pub explain: bool,
    /// How many hits were left out at the start.
    pub offset: usize,
    /// The zone in which times are shown to people.
    pub zone: TimeZone,
}

impl Look {
    /// Plain text of eighty columns, for a pipe.
    pub fn plain() -> Self {
        Self {
            width: 80,
            terminal: false,
            colour: false,
            links: false,
            unicode: true,
            nul: false,
            full: false,
            explain: false,
            offset: 0,
            zone: TimeZone::UTC,
        }
    }

    /// A date for people: with the precision it has, times in the look's zone, so that a column of them sorts.
    pub(super) fn date(&self, written: &str) -> String {
        match written.parse::<When>() {
            Ok(When::Moment(moment, _)) => moment
                .to_zoned(self.zone.clone())
                .strftime("%Y-%m-%d %H:%M")
                .to_string(),
            _ => written.to_owned(),
        }
    }

    /// What stands for text that was left out.
    pub(super) fn dots(&self) -> &'static str {
        if self.unicode { "…" } else { "..." }
    }
}

/// Headlines and titles.
pub(super) const STRONG: Style = Style::new().bold();
/// What matched.
pub(super) const MATCH: Style = AnsiColor::Red.on_default().bold();
/// RETTELSE and the like.
pub(super) const MARK: Style = AnsiColor::Magenta.on_default().bold();
/// Sources.
pub(super) const SOURCE: Style = AnsiColor::Green.on_default();
/// Paths, ids and figures that come along.
pub(super) const FAINT: Style = Style::new().dimmed();
/// All other text.
pub(super) const PLAIN: Style = Style::new();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_in_one_zone_and_other_dates_as_they_are() {
        let look = Look {
            zone: TimeZone::get("Europe/Copenhagen").unwrap(),
            ..Look::plain()
        };
        assert_eq!(look.date("2017-07-14T12:30:00+00:00"), "2017-07-14 14:30");
        assert_eq!(look.date("2017-07"), "2017-07");
        assert_eq!(look.date("in spring"), "in spring");
    }
}
