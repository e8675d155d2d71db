//! What a dispatch is: plain data, no Tantivy type.

use serde::{Deserialize, Serialize};

use crate::When;

/// One news item as its wire sent it: one version of it, with everything the wire format carries.
///
/// Text is Unicode NFC. `None` and empty mean that the wire did not say; nothing is guessed here except
/// [`language`](Self::language), which is detected when the wire is silent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dispatch {
    /// Name of the wire format, as in the registry of wire formats: `plain-text`, `ninjs`, …
    pub format: String,
    /// The sender's identifier as written, without the version; `None` where the wire has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guid: Option<String>,
    /// The version as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// When this version was sent or created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<When>,
    /// The agency or provider: `Ritzau/Reuters`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The credit as written: `/ritzau/Reuters`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// The headline, on one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// The slug or slugline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// Keywords, in the order of the wire.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byline: Option<String>,
    /// Where it was written: the dateline's place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Language tag (BCP 47) as written, else detected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Whether it may be published.
    pub status: PubStatus,
    /// Until when it must not be published, as far as this version says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embargo: Option<When>,
    /// Urgency or priority as written; 1 is the most urgent in every IPTC format.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency: Option<String>,
    /// Categories and subjects: codes or names as written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// What the sender says of this version: correction, update, flash, …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// A guid of *another* item that this notice cancels (NITF `management-doc-idref`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancels: Option<String>,
    /// A guess, in the sender's words, that this belongs to an earlier dispatch: `1st Ld`, `REFILE`.
    /// Only for wires without identifiers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub related: Option<String>,
    /// Note to editors: kept and shown, never searched as body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The text: paragraphs separated by one empty line; no header, no credit line, no note, no caption.
    pub body: String,
}

/// Publication status, as in the IPTC standards (`pubStatus`, NITF `management-status`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PubStatus {
    /// May be published.
    #[default]
    Usable,
    /// The sender says that it is embargoed; without a time, until a usable version comes.
    Embargoed,
    /// Held back until a usable version comes.
    Withheld,
    /// Killed: to be removed.
    Canceled,
}

impl PubStatus {
    /// The word of the standards.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Usable => "usable",
            Self::Embargoed => "embargoed",
            Self::Withheld => "withheld",
            Self::Canceled => "canceled",
        }
    }
}

/// What a sender says of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// It corrects an error: RETTELSE, `sig:correction`.
    Correction,
    /// It carries the story on: OPDATERET, `sig:update`.
    Update,
    /// A first line ahead of the story: FLASH.
    Flash,
}

impl Mark {
    /// The mark as a Danish newsroom writes it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Correction => "RETTELSE",
            Self::Update => "OPDATERET",
            Self::Flash => "FLASH",
        }
    }
}
