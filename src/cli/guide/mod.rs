//! The topics of `wiresearch help` and of the man pages: Markdown beside this file.

use wiresearch::render::Manual;

/// A topic of the manual.
pub(crate) struct Topic {
    /// As in `wiresearch help <NAME>`.
    pub(crate) name: &'static str,
    /// What it is about, in a few words.
    pub(crate) about: &'static str,
    /// Name of its man page in section 7, if it has one.
    pub(crate) page: Option<&'static str>,
    markdown: &'static str,
}

/// The topics, in the order of the list.
pub(crate) static TOPICS: &[Topic] = &[
    Topic {
        name: "query",
        about: "the query language",
        page: Some("wiresearch-query"),
        markdown: include_str!("query.md"),
    },
    Topic {
        name: "søgning",
        about: "the query language, in Danish",
        page: Some("wiresearch-søgning"),
        markdown: include_str!("query.da.md"),
    },
    Topic {
        name: "dates",
        about: "how dates are written and what they cover",
        page: None,
        markdown: include_str!("dates.md"),
    },
    Topic {
        name: "formats",
        about: "wire formats that are read, output formats that are written",
        page: None,
        markdown: include_str!("formats.md"),
    },
    Topic {
        name: "cron",
        about: "indexing by itself: cron, systemd, exit codes",
        page: None,
        markdown: include_str!("cron.md"),
    },
];

impl Topic {
    /// The topic of that name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        TOPICS.iter().find(|t| t.name == name)
    }

    /// Its text.
    pub(crate) fn manual(&self) -> Manual {
        Manual::read(self.markdown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_has_a_title_and_a_text() {
        for topic in TOPICS {
            let manual = topic.manual();
            assert!(!manual.title().is_empty(), "{}", topic.name);
            assert!(manual.blocks.len() > 3, "{}", topic.name);
        }
    }
}
