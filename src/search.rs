//! What is asked and what is found: plain data, no behaviour.

use index_schema::{Dispatch, TimeSpan};
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::query::{self, Query};

/// A question to an index.
#[derive(Clone, Debug)]
pub struct SearchRequest {
    /// The question as typed; repeated in the answer.
    pub text: String,
    /// The question as read.
    pub query: Query,
    /// The dispatch's date must overlap it (`--since`, `--until`).
    pub date: Option<TimeSpan>,
    /// Any of these sources; empty for all.
    pub sources: Vec<String>,
    /// Any of these languages; empty for all.
    pub languages: Vec<String>,
    /// Order of the hits.
    pub sort: Sort,
    /// How many hits; `None` for all.
    pub limit: Option<usize>,
    /// How many hits to leave out at the start.
    pub offset: usize,
    /// Only the total, no hits.
    pub count_only: bool,
    /// Put the best window of the text, and the marks of the headline, into each hit.
    pub snippets: bool,
    /// Put the whole dispatch into each hit.
    pub full: bool,
    /// Count sources, languages, categories and years.
    pub facets: bool,
    /// Count by time.
    pub timeline: Option<TimelineUnit>,
    /// Words inside compounds count, too.
    pub compounds: bool,
    /// Superseded versions, too.
    pub all_versions: bool,
    /// Embargoed dispatches, too.
    pub embargoed: bool,
    /// Explain how the question was read, with counts.
    pub explain: bool,
    /// The words of the question that must be there, as typed, each with what it asks for by itself: counted when
    /// explained and when there are no hits.
    pub words: Vec<(String, Query)>,
    /// What time it is: decides about embargoes.
    pub now: Timestamp,
    /// Where days begin.
    pub zone: TimeZone,
}

impl SearchRequest {
    /// The best ten dispatches for a question, as it is asked without any flag.
    pub fn new(text: &str, now: Timestamp, zone: &TimeZone) -> Self {
        let parsed = query::parse(text, now, zone);
        Self {
            text: text.to_owned(),
            query: parsed.query,
            words: parsed
                .words
                .into_iter()
                .map(|w| (w.written, w.query))
                .collect(),
            date: None,
            sources: Vec::new(),
            languages: Vec::new(),
            sort: Sort::default(),
            limit: Some(10),
            offset: 0,
            count_only: false,
            snippets: true,
            full: false,
            facets: false,
            timeline: None,
            compounds: true,
            all_versions: false,
            embargoed: false,
            explain: false,
            now,
            zone: zone.clone(),
        }
    }
}

/// Order of hits; every order ends with a unique key, so that it is fully determined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// Best first; then newest; then by id.
    #[default]
    Relevance,
    /// Newest first; undated last; then by id.
    Newest,
    /// Oldest first; undated last; then by id.
    Oldest,
}

/// Width of a bar of a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimelineUnit {
    /// A bar a day.
    Day,
    /// A bar a month.
    Month,
    /// A bar a year.
    Year,
}

/// The answer to a question.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Hits {
    /// The question as typed.
    pub query: String,
    /// The question as read, in the query language's own words.
    pub read_as: String,
    /// How many dispatches answer it.
    pub total: u64,
    /// How long it took, in milliseconds.
    pub took_ms: f64,
    /// The hits asked for.
    pub hits: Vec<Hit>,
    /// Counts by field, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facets: Option<Facets>,
    /// Counts by time, oldest first, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Vec<Bar>>,
    /// For words that stand in no visible dispatch: what is near them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestions: Option<Vec<Suggestion>>,
    /// Without hits: the conditions that may be left out, the most helpful first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leave_out: Vec<LeaveOut>,
    /// How often each word of the question occurs by itself, when asked for or when there are no hits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<Vec<WordCount>>,
    /// What a reader should know: a truncation that was cut short, for example.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
}

/// A dispatch that answers the question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// The document's key.
    pub id: String,
    /// The guid as written.
    pub guid: Option<String>,
    /// The version as written.
    pub version: Option<String>,
    /// The date with the precision it has.
    pub date: Option<String>,
    /// The source.
    pub source: Option<String>,
    /// The headline.
    pub headline: Option<String>,
    /// The first words of the text, where there is no headline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opening: Option<String>,
    /// The language.
    pub language: Option<String>,
    /// `usable`, `embargoed`, `superseded`.
    pub status: String,
    /// RETTELSE, OPDATERET, FLASH, or the sender's own words for a guess (`1st Ld`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
    /// The file as found, the first of several; `archive.zip!member` inside an archive.
    pub path: String,
    /// The bytes of the path where they are not UTF-8, as `path` cannot hold them.
    #[serde(skip)]
    pub path_bytes: Option<Vec<u8>>,
    /// Position in the file, from 0.
    pub item: u32,
    /// The score; 0 when sorted by date.
    pub score: f32,
    /// What matched in the headline: half-open ranges of Unicode scalars, in order, not overlapping.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headline_marks: Vec<(usize, usize)>,
    /// The best window of the text and what matched in it.
    pub snippet: Option<Snippet>,
    /// The whole dispatch, when asked for.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub full: Option<Full>,
}

/// The fields that `--full` adds to a hit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Full {
    /// The wire format.
    pub format: String,
    /// The credit as written.
    pub credit: Option<String>,
    /// The slug.
    pub slug: Option<String>,
    /// The keywords.
    pub keywords: Vec<String>,
    /// The byline.
    pub byline: Option<String>,
    /// The place.
    pub place: Option<String>,
    /// The urgency.
    pub urgency: Option<String>,
    /// Categories and subjects.
    pub categories: Vec<String>,
    /// The embargo, as this version states it.
    pub embargo: Option<String>,
    /// Note to editors.
    pub note: Option<String>,
    /// The text.
    pub body: String,
    /// Every path of the file, as found.
    pub paths: Vec<String>,
}

/// A window of a text and what matched in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// The window, on one line.
    pub text: String,
    /// Half-open ranges of Unicode scalars of `text`, in order, not overlapping.
    pub marks: Vec<(usize, usize)>,
}

/// Counts by field; the most frequent values first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facets {
    /// By source.
    pub source: Vec<FacetValue>,
    /// By language.
    pub language: Vec<FacetValue>,
    /// By category.
    pub category: Vec<FacetValue>,
    /// By year.
    pub year: Vec<FacetValue>,
}

/// A value and how many hits have it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetValue {
    /// The value.
    pub value: String,
    /// How many.
    pub count: u64,
}

/// A bar of a timeline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// `2017`, `2017-03` or `2017-03-14`: a date that is less precise than the unit has a bar of its own.
    pub start: String,
    /// How many.
    pub count: u64,
}

/// A word of the question and how many dispatches it finds by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordCount {
    /// The word as typed.
    pub word: String,
    /// How it was read.
    pub read_as: String,
    /// How many dispatches it finds by itself.
    pub count: u64,
}

/// A condition of a question without hits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveOut {
    /// The condition, in the query language's own words.
    pub condition: String,
    /// How many dispatches the question finds without it.
    pub count: u64,
}

/// A word that stands in no visible dispatch, and words near it that do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The word as typed.
    pub word: String,
    /// What to try instead, the best first.
    #[serde(rename = "try")]
    pub instead: Vec<Instead>,
}

/// A word to try instead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instead {
    /// The whole word, as it stands in dispatches.
    pub word: String,
    /// How many dispatches have it.
    pub count: u64,
}

/// A dispatch that was asked for by id or path, with all that is kept of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// The document's key.
    pub id: String,
    /// `current` or `superseded`.
    pub state: String,
    /// Where it was found; several paths hold identical bytes.
    pub paths: Vec<String>,
    /// Position in the file, from 0.
    pub item: u32,
    /// No file holds it any more.
    pub gone: bool,
    /// The dispatch.
    pub dispatch: Dispatch,
}
