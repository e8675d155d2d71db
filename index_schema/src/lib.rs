//! What a news-wire dispatch is, how an index keeps it, and how Danish text becomes terms.

pub mod danish;
mod dispatch;
mod document;
mod fields;
mod order;
mod read;
mod record;
mod stored;
mod terms;
mod version;
mod when;

pub use dispatch::{Dispatch, Mark, PubStatus};
pub use document::{DispatchTerms, PlacedTerms, RecordError, primary_language};
pub use fields::{Fields, Texts, ZoneFields};
pub use order::newest_first;
pub use record::{
    FileRecord, Hash, Kind, Origin, Outcome, RawPath, Record, State, Tombstone, file_hash,
    key_hash, key_of, shown_status,
};
pub use terms::{
    FieldAnalyzer, Vocabularies, Vocabulary, Words, ZoneField, ZoneTerms, register, terms_of,
};
pub use version::{LastRun, SCHEMA_VERSION, Stamp, Unfit, analysis_fingerprint};
pub use when::{NotADate, TimeSpan, When};
