//! How much a match counts: every number that ranking can be tuned with.
//!
//! A word is scored with BM25F (Robertson, Zaragoza and Taylor 2004): the mentions in headline and body, under all main
//! tokens it is looked for by, are weighed, added up, and saturated once. So a word counts as one word however many
//! fields hold it, and no rare spelling gets a weight of its own.
//!
//! The best hits are then raised by how close the words stand to each other, see [`closeness`](super::closeness).
//!
//! # What was measured
//!
//! 25 judged questions to 265 texts without headlines. nDCG@10 with the numbers below: 0.882. When closeness was added it
//! went from 0.815 to 0.869 (question by question 0.053 more, with a standard error of 0.018):
//!
//! | | |
//! | --- | --- |
//! | `CLOSE` 0, 0.5, 1, 1.5, 3, 4 | 0.815, 0.827, 0.836, 0.864, 0.872, 0.871 |
//! | `CLOSE_HALF` 2, 4, 16, 32 | 0.855, 0.859, 0.864, 0.844 |
//!
//! The other numbers were tried before closeness counted, by an older analysis, one changed at a time from 0.820:
//!
//! | | |
//! | --- | --- |
//! | `PART` 0.3, 0.7, 0.9, 0.95, 1.0, 1.2 | 0.821, 0.818, 0.822, 0.825, 0.830, 0.833 |
//! | `VARIANT` 0.5, 0.9, 1.0 | 0.822, 0.819, 0.817 |
//! | `RELATED` 0.2, 0.7, 0.9 | 0.820, 0.821, 0.821 |
//! | `APART` 0.25, 0.75, 1.0 | 0.820, 0.815, 0.821 |
//! | `PART_VARIANT` 0.2, 0.5, 0.7 | 0.820 each |
//! | `K1` 0.6, 0.9, 1.6, 2.0 | 0.818, 0.819, 0.812, 0.812 |
//! | `BODY_LENGTH` 0, 0.3, 0.5, 0.9 | 0.810, 0.821, 0.822, 0.819 |
//!
//! Recall@20 is 0.938 in all of them. With so few questions the standard error of such a difference is about 0.006 (from
//! the questions one by one, `PART` 0.95 against 0.5), so none was moved. Only `PART` of 1 and more gains beyond that, but
//! a word inside a compound is to rank below the word itself. A weight for the form exactly as typed, 0.2 on top of `MAIN`, gave
//! 0.798; there is none any more.

/// Where a mention stops counting like the first one.
pub(super) const K1: f32 = 1.2;

/// How much the length of a body matters, from 0 to 1.
pub(super) const BODY_LENGTH: f32 = 0.75;
/// How much the length of a headline matters: little, as they are much alike.
pub(super) const HEADLINE_LENGTH: f32 = 0.4;

/// A mention in the body.
pub(super) const BODY: f32 = 1.0;
/// A mention in the headline.
pub(super) const HEADLINE: f32 = 3.0;

/// The word in any inflection.
pub(super) const MAIN: f32 = 1.0;
/// Another spelling.
pub(super) const VARIANT: f32 = 0.7;
/// A word made from it, or it from that.
pub(super) const RELATED: f32 = 0.5;
/// The word as part of a compound.
pub(super) const PART: f32 = 0.5;
/// Another spelling as part of a compound.
pub(super) const PART_VARIANT: f32 = 0.35;

/// A compound written apart, against its score as one word.
pub(super) const APART: f32 = 0.5;

/// Two words of a question side by side, against the score of the more frequent one alone.
pub(super) const CLOSE: f32 = 2.0;
/// So many words apart they count half as much.
pub(super) const CLOSE_HALF: f32 = 8.0;

/// A truncated or misspelt word in the body; a mention in the headline adds to it.
pub(super) const EXPANDED: f32 = 1.0;
/// The same in the headline.
pub(super) const EXPANDED_HEADLINE: f32 = 1.0;
