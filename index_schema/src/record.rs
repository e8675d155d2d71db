//! What is stored: everything an index must know to be rebuilt without a single feed file.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{Dispatch, PubStatus, When};

/// The two kinds of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A version of a dispatch, or the tombstone of one.
    Dispatch = 0,
    /// A feed file.
    File = 1,
}

/// Where a version stands in the life of its dispatch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The newest version, and it may be shown (after its embargo).
    Current = 0,
    /// An older version, or one whose dispatch is withheld: reached by `--all-versions` and `show`.
    Superseded = 1,
    /// The newest version is held back; no version of the dispatch is shown.
    Withheld = 2,
    /// Killed by its sender: a tombstone without text.
    Killed = 3,
    /// Erased on purpose: a tombstone without text.
    Forgotten = 4,
}

impl State {
    /// All states, each at the place of its number.
    pub const ALL: [Self; 5] = [
        Self::Current,
        Self::Superseded,
        Self::Withheld,
        Self::Killed,
        Self::Forgotten,
    ];

    /// The number in the index.
    pub fn number(self) -> u64 {
        self as u64
    }
}

/// One version of a dispatch, or a tombstone, as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The key of the dispatch: the same for all its versions, and for good.
    pub key: String,
    /// Where this version stands.
    pub state: State,
    /// BLAKE3 of the content, the first 128 bits: of the file's bytes for a text that is alone in its file and has no
    /// guid, else of the dispatch as it was read.
    pub content: Hash,
    /// How often the file had been rewritten in place when this version was read.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub revision: u32,
    /// The files that hold it, as found; the first is the one to show. Empty when it came from none.
    pub origins: Vec<Origin>,
    /// Embargoed until this second: what the versions of the dispatch say together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embargo_until: Option<i64>,
    /// The dispatch; `None` in a tombstone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispatch: Option<Dispatch>,
    /// What a tombstone keeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tombstone: Option<Tombstone>,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// What is kept of a dispatch that is gone for good.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tombstone {
    /// The version of the notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// When the notice was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<When>,
    /// Why, in a few words.
    pub reason: String,
}

/// Where a dispatch stood. Whether that file is still there, the manifest knows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// Number of the root among the roots of the index.
    pub root: u32,
    /// Path below the root.
    pub path: RawPath,
    /// Member of an archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// Position in the file or member, from 0.
    #[serde(default)]
    pub item: u32,
}

impl Origin {
    /// The hash that names the file in the index.
    pub fn file(&self) -> u64 {
        file_hash(self.root, self.path.as_bytes())
    }
}

/// A feed file as the manifest keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Number of the root among the roots of the index.
    pub root: u32,
    /// Path below the root.
    pub path: RawPath,
    /// Size in bytes.
    pub size: u64,
    /// Modification time, nanoseconds since 1970.
    pub mtime: i64,
    /// BLAKE3 of the bytes, the first 128 bits; `None` while the file could not be read to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<Hash>,
    /// What came of it when it was last there; never [`Outcome::Gone`].
    pub outcome: Outcome,
    /// It is not there any more; its dispatches stay.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
    /// Why it was turned away or passed over, wholly or in part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}

/// What came of a feed file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every item was read.
    Read = 0,
    /// The file, or an item in it, could not be read.
    Rejected = 1,
    /// It holds no dispatch, or items that are none.
    PassedOver = 2,
    /// The file is not there any more: how the index marks one that is [`gone`](FileRecord::gone).
    Gone = 3,
    /// It could not be opened or read; tried again on every run.
    Unread = 4,
}

impl Outcome {
    /// All outcomes, each at the place of its number.
    pub const ALL: [Self; 5] = [
        Self::Read,
        Self::Rejected,
        Self::PassedOver,
        Self::Gone,
        Self::Unread,
    ];
}

/// The first 128 bits of a BLAKE3 hash, written as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
pub struct Hash(pub u128);

impl Hash {
    /// Hashes bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::from(blake3::hash(bytes))
    }

    /// The first 64 bits, as the index keeps them.
    pub fn short(self) -> u64 {
        (self.0 >> 64) as u64
    }
}

impl From<blake3::Hash> for Hash {
    fn from(hash: blake3::Hash) -> Self {
        let mut first = [0; 16];
        first.copy_from_slice(&hash.as_bytes()[..16]);
        Self(u128::from_be_bytes(first))
    }
}

impl std::fmt::Display for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.to_string()
    }
}

/// A path as raw bytes: names need not be UTF-8.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(untagged)]
pub enum RawPath {
    /// A path that is UTF-8.
    Text(String),
    /// Any other.
    Bytes(Vec<u8>),
}

impl RawPath {
    /// The bytes of a path.
    pub fn of(path: &Path) -> Self {
        use std::os::unix::ffi::OsStrExt;
        match path.to_str() {
            Some(text) => Self::Text(text.to_owned()),
            None => Self::Bytes(path.as_os_str().as_bytes().to_vec()),
        }
    }

    /// The path again.
    pub fn to_path(&self) -> PathBuf {
        use std::os::unix::ffi::OsStrExt;
        match self {
            Self::Text(text) => PathBuf::from(text),
            Self::Bytes(bytes) => PathBuf::from(std::ffi::OsStr::from_bytes(bytes)),
        }
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

/// The hash that names a feed file in the index: of the number of its root and the bytes of its path below that.
pub fn file_hash(root: u32, path: &[u8]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&root.to_le_bytes());
    hasher.update(path);
    Hash::from(hasher.finalize()).short()
}

/// The hash of a key, by which the index finds its dispatch. Who wants to be sure compares the keys as well.
pub fn key_hash(key: &str) -> u64 {
    Hash::of(key.as_bytes()).short()
}

impl Record {
    /// The hash that names this document in the index.
    pub fn document(&self) -> u64 {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.key.as_bytes());
        hasher.update(&[0]);
        hasher.update(&self.content.0.to_le_bytes());
        hasher.update(&[u8::from(self.dispatch.is_some())]);
        Hash::from(hasher.finalize()).short()
    }

    /// Whether this is the version that queries see; its embargo may still hide it.
    pub fn is_current(&self) -> bool {
        self.state == State::Current
    }
}

/// The key of a dispatch: the guid where it is unique in the world, else source and guid, else made from the content.
pub fn key_of(dispatch: &Dispatch, content: Hash) -> String {
    let Some(guid) = dispatch
        .guid
        .as_deref()
        .map(str::trim)
        .filter(|g| !g.is_empty())
    else {
        return format!("content:{content}");
    };
    if is_unique_in_the_world(guid) {
        return guid.to_owned();
    }
    let source = dispatch
        .source
        .as_deref()
        .unwrap_or("")
        .trim()
        .to_lowercase();
    format!("{source}:{guid}")
}

/// URNs, UUIDs, URLs and tag URIs (RFC 4151) name one thing in the world; a bare number does not.
fn is_unique_in_the_world(guid: &str) -> bool {
    let scheme = |s: &str| {
        guid.len() > s.len()
            && guid[..]
                .get(..s.len())
                .is_some_and(|g| g.eq_ignore_ascii_case(s))
    };
    let groups: Vec<&str> = guid.split('-').collect();
    let uuid = groups.iter().map(|g| g.len()).eq([8, 4, 4, 4, 12])
        && groups
            .iter()
            .all(|g| g.bytes().all(|b| b.is_ascii_hexdigit()));
    uuid || guid.contains("://") || scheme("urn:") || scheme("tag:")
}

/// The status of a version that was asked for: `usable`, `embargoed`, `superseded`.
pub fn shown_status(record: &Record, now: i64) -> &'static str {
    match record.state {
        State::Superseded => "superseded",
        State::Withheld => "withheld",
        State::Killed => "canceled",
        State::Forgotten => "forgotten",
        State::Current if record.embargo_until.is_some_and(|t| t > now) => {
            PubStatus::Embargoed.as_str()
        }
        State::Current => PubStatus::Usable.as_str(),
    }
}
