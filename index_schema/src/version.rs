//! What an index says of itself with every commit, and whether this program may read it.

use serde::{Deserialize, Serialize};

use crate::{RawPath, danish};

/// Version of the schema and of the records in it. Any change that an older program would misread asks for a new one.
pub const SCHEMA_VERSION: u32 = 4;

/// The commit payload: written atomically with the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stamp {
    /// Always `wiresearch`.
    pub program: String,
    /// [`SCHEMA_VERSION`] of the writer.
    pub schema: u32,
    /// [`analysis_fingerprint`] of the writer.
    pub analysis: String,
    /// The time zone in which days begin in this index (IANA name).
    pub zone: String,
    /// The folders and files indexed, canonical; their numbers are their places.
    pub roots: Vec<RawPath>,
    /// The last run that committed something.
    pub last_run: Option<LastRun>,
}

/// The last run that committed something.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LastRun {
    /// When it committed, seconds since 1970.
    pub at: i64,
    /// How long it had taken by then.
    pub seconds: f64,
    /// Dispatches added.
    pub added: u64,
    /// Dispatches replaced by a newer version.
    pub replaced: u64,
    /// Dispatches killed.
    pub killed: u64,
    /// Dispatches dropped by `--prune`.
    pub pruned: u64,
}

/// Why an index is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Not made by wiresearch.
    #[error("it was not made by wiresearch")]
    Foreign,
    /// Made with another schema.
    #[error("it has schema {found}, this program reads {SCHEMA_VERSION}")]
    Schema {
        /// Its schema.
        found: u32,
    },
    /// Made with another analysis.
    #[error("its words were analysed with {found}, this program uses {used}", used = analysis_fingerprint())]
    Analysis {
        /// Its analysis.
        found: String,
    },
}

impl Stamp {
    /// The stamp of a new index.
    pub fn new(zone: &str) -> Self {
        Self {
            program: "wiresearch".to_owned(),
            schema: SCHEMA_VERSION,
            analysis: analysis_fingerprint(),
            zone: zone.to_owned(),
            roots: Vec::new(),
            last_run: None,
        }
    }

    /// Reads the payload of a commit; a payload that is none of ours is foreign.
    ///
    /// # Errors
    ///
    /// Says why this program must not read the index.
    pub fn read(payload: &str) -> Result<Self, Unfit> {
        let value: serde_json::Value = serde_json::from_str(payload).map_err(|_| Unfit::Foreign)?;
        if value["program"] != "wiresearch" {
            return Err(Unfit::Foreign);
        }
        let schema = value["schema"]
            .as_u64()
            .and_then(|v| v.try_into().ok())
            .unwrap_or(0);
        if schema != SCHEMA_VERSION {
            return Err(Unfit::Schema { found: schema });
        }
        let stamp: Self = serde_json::from_value(value).map_err(|_| Unfit::Foreign)?;
        if stamp.analysis != analysis_fingerprint() {
            return Err(Unfit::Analysis {
                found: stamp.analysis,
            });
        }
        Ok(stamp)
    }

    /// The payload.
    pub fn to_payload(&self) -> String {
        serde_json::to_string(self).expect("strings, numbers and lists of them always serialise")
    }
}

/// Names the analysis: two indexes with the same fingerprint hold the same terms for the same text.
pub fn analysis_fingerprint() -> String {
    danish::ANALYSIS.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fields;

    /// Compares with a file beside the crate; with `WIRESEARCH_BLESS` set, writes it.
    fn is_as_printed(name: &str, found: &str) {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        if std::env::var_os("WIRESEARCH_BLESS").is_some() {
            std::fs::write(&path, found).unwrap();
            return;
        }
        let printed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            printed == found,
            "{name} is not what the code says: run with WIRESEARCH_BLESS=1, and think of SCHEMA_VERSION"
        );
    }

    #[test]
    fn the_schema_is_as_printed() {
        let mut json = serde_json::to_string_pretty(&Fields::schema().0).unwrap();
        json.push('\n');
        is_as_printed("schema.json", &json);
    }

    #[test]
    fn a_stamp_is_read_again() {
        let mut stamp = Stamp::new("Europe/Copenhagen");
        stamp.roots.push(RawPath::Bytes(vec![47, 0xff]));
        assert_eq!(Stamp::read(&stamp.to_payload()), Ok(stamp));
    }

    #[test]
    fn what_another_program_or_version_wrote_is_refused() {
        let payload = Stamp::new("Europe/Copenhagen").to_payload();
        assert_eq!(Stamp::read(""), Err(Unfit::Foreign));
        assert_eq!(Stamp::read("{}"), Err(Unfit::Foreign));
        let schema = |version: u32| format!("\"schema\":{version}");
        let newer = payload.replace(&schema(SCHEMA_VERSION), &schema(SCHEMA_VERSION + 1));
        let found = SCHEMA_VERSION + 1;
        assert_eq!(Stamp::read(&newer), Err(Unfit::Schema { found }));
        let other = payload.replace(&analysis_fingerprint(), "snowball");
        assert_eq!(
            Stamp::read(&other),
            Err(Unfit::Analysis {
                found: "snowball".to_owned()
            })
        );
    }
}
