//! Records for tests, drafted by what matters about them.

use index_schema::{
    Dispatch, Fields, FileRecord, Hash, Origin, Outcome, RawPath, Record, State, Tombstone,
};
use tantivy::Index;

use super::LocalSearcher;

/// A record in the making; `name` is its key and its guid.
pub(crate) fn record(name: &str) -> Draft {
    Draft(Record {
        key: name.to_owned(),
        state: State::Current,
        content: Hash::of(name.as_bytes()),
        revision: 0,
        origins: vec![origin(0, &format!("{name}.xml"))],
        embargo_until: None,
        dispatch: Some(Dispatch {
            guid: Some(name.to_owned()),
            ..Dispatch::default()
        }),
        tombstone: None,
    })
}

/// A place in a file.
pub(crate) fn origin(root: u32, path: &str) -> Origin {
    Origin {
        root,
        path: RawPath::Text(path.to_owned()),
        member: None,
        item: 0,
    }
}

/// The same dispatches with the feed files, which are documents of their own, in a segment of theirs.
pub(crate) fn with_files(mut index: LocalSearcher, files: &[FileRecord]) -> LocalSearcher {
    if files.is_empty() {
        return index;
    }
    let searcher = index.reader.searcher();
    let all: &Index = searcher.index();
    let mut writer = all
        .writer_with_num_threads(1, 15_000_000)
        .expect("an index in memory can be written");
    let (_, fields) = Fields::schema();
    for file in files {
        writer
            .add_document(fields.file_document(file).expect("a file of a test"))
            .expect("the writer is there");
    }
    writer.commit().expect("memory takes a commit");
    index.reader = all.reader().expect("an index in memory can be read");
    index
}

/// A file of the manifest; one with the outcome `Gone` is gone.
pub(crate) fn file(path: &str, outcome: Outcome, reasons: &[&str]) -> FileRecord {
    FileRecord {
        root: 0,
        path: RawPath::Text(path.to_owned()),
        size: 10,
        mtime: 0,
        hash: Some(Hash::of(path.as_bytes())),
        outcome,
        gone: outcome == Outcome::Gone,
        reasons: reasons.iter().map(|&r| r.to_owned()).collect(),
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Draft(pub(crate) Record);

impl Draft {
    pub(crate) fn build(self) -> Record {
        self.0
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Dispatch)) -> Self {
        change(self.0.dispatch.get_or_insert_default());
        self
    }

    pub(crate) fn headline(self, text: &str) -> Self {
        self.with(|d| d.headline = Some(text.to_owned()))
    }

    /// A text of its own: its content differs, too.
    pub(crate) fn body(mut self, text: &str) -> Self {
        self.0.content = Hash::of(format!("{} {text}", self.0.key).as_bytes());
        self.with(|d| d.body = text.to_owned())
    }

    pub(crate) fn source(self, source: &str) -> Self {
        self.with(|d| d.source = Some(source.to_owned()))
    }

    pub(crate) fn language(self, language: &str) -> Self {
        self.with(|d| d.language = Some(language.to_owned()))
    }

    pub(crate) fn categories(self, categories: &[&str]) -> Self {
        self.with(|d| d.categories = categories.iter().map(|&c| c.to_owned()).collect())
    }

    pub(crate) fn guid(self, guid: &str) -> Self {
        self.with(|d| d.guid = Some(guid.to_owned()))
    }

    /// A version of its own: its content differs, too.
    pub(crate) fn version(mut self, version: &str) -> Self {
        self.0.content = Hash::of(format!("{} {version}", self.0.key).as_bytes());
        self.with(|d| d.version = Some(version.to_owned()))
    }

    pub(crate) fn date(self, date: &str) -> Self {
        self.with(|d| d.date = Some(date.parse().expect("a date of a test")))
    }

    pub(crate) fn state(mut self, state: State) -> Self {
        self.0.state = state;
        self
    }

    pub(crate) fn embargo(mut self, until: i64) -> Self {
        self.0.embargo_until = Some(until);
        self
    }

    pub(crate) fn origins(mut self, origins: Vec<Origin>) -> Self {
        self.0.origins = origins;
        self
    }

    /// Leaves the tombstone only.
    pub(crate) fn killed(mut self) -> Self {
        self.0.state = State::Killed;
        self.0.dispatch = None;
        self.0.tombstone = Some(Tombstone::default());
        self
    }
}
