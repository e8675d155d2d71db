//! What a news-wire dispatch is, how an index keeps it, and how Danish text becomes terms.

pub mod danish;
mod dispatch;
mod when;

pub use dispatch::{Dispatch, Mark, PubStatus};
pub use when::{NotADate, TimeSpan, When};
