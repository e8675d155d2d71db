//! The query tree: plain data. Words stay as typed; analysing them is the backend's first step.

use index_schema::TimeSpan;
use serde::{Deserialize, Serialize};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Query {
    /// Every dispatch.
    Everything,
    /// Something in the text: anywhere, in the headline or in the body.
    Text {
        /// Where it must stand.
        zone: Zone,
        /// What must stand there.
        what: Passage,
    },
    /// Words in one of the short fields.
    Field {
        /// The field.
        field: Field,
        /// The value as typed.
        value: String,
    },
    /// The dispatch's own date overlaps the span.
    Date {
        /// As typed.
        written: String,
        /// What it covers.
        span: TimeSpan,
    },
    /// All of them.
    And(Vec<Self>),
    /// At least one of them.
    Or(Vec<Self>),
    /// None of it; by itself, everything but it.
    Not(Box<Self>),
}

/// Where a passage must stand. A passage never runs from the headline into the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Zone {
    /// In the headline or in the body.
    Anywhere,
    /// In the headline.
    Headline,
    /// In the body.
    Body,
}

/// A short field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Field {
    /// `source:`, `kilde:`; matches any part of `Ritzau/Reuters`.
    Source,
    /// `slug:`, `stikord:`; slug and keywords.
    Slug,
    /// `byline:`, `af:`
    Byline,
    /// `place:`, `sted:`
    Place,
    /// `lang:`, `sprog:`; the primary language.
    Language,
    /// `id:`; the document's id, or the guid as written.
    Id,
    /// `category:`, `kategori:`
    Category,
}

/// Something that stands at positions in a text. Positions count written words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Passage {
    /// A word in any inflection, also as part of a compound. In a phrase it may end in the hyphen that stands for the
    /// rest of a compound (*bane- og vejnet*).
    Word(String),
    /// Exactly this form (`=haven`).
    Exact(String),
    /// A truncated word: `*` for any letters, `?` for one.
    Pattern(String),
    /// A misspelt word (`landmyne~`): no error for up to two letters, one for three to five, two beyond.
    Misspelt(String),
    /// These one after the other, in order, at neighbouring positions. Words in it match as whole words, not as
    /// parts of compounds.
    Phrase(Vec<Self>),
    /// Any of these.
    AnyOf(Vec<Self>),
    /// Two passages at most `distance` positions apart.
    Near {
        /// Most positions between the end of one and the start of the other; 1 is next to each other.
        distance: u32,
        /// In the order written.
        ordered: bool,
        /// The passages, two or more: each neighbour pair within the distance.
        passages: Vec<Self>,
    },
    /// At least so many mentions.
    AtLeast {
        /// How many.
        times: u32,
        /// Of what.
        what: Box<Self>,
    },
}
