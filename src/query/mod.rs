//! Query text in, query tree out.

mod ast;

pub use ast::{Field, Passage, Query, Zone};
