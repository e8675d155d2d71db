//! Where the words of a question stand in the texts found, as the index knows it.
//!
//! A snippet needs the words that were asked for and no others. The positions are those of the lists that found the text, so
//! that all its other words need no analysis.

use tantivy::Searcher;

use super::{
    order::Found,
    plan::Plan,
    positions::{Lists, Positions},
};
use crate::{
    query::{self, Query},
    search::SearchRequest,
};

/// The mentions in each of the texts found; others may be among them. None if they are not needed, or if the plan may lack
/// words that can be marked.
pub(super) fn mentions(
    searcher: &Searcher,
    plan: &Plan,
    request: &SearchRequest,
    found: &[Found],
) -> tantivy::Result<Option<Vec<Positions>>> {
    if !request.snippets || !has_every_word(&request.query, false) {
        return Ok(None);
    }
    let lists = Lists::of(plan, &plan.root);
    lists.positions(searcher, found).map(Some)
}

/// Whether a plan holds every word of a query that can be marked in a text found.
///
/// What cannot be met leaves a plan with all its words. A phrase that cannot be met marks nothing; but of conditions that must
/// all be met, and of mentions that must be several, each is marked by itself wherever something else made the text a hit.
fn has_every_word(query: &Query, is_optional: bool) -> bool {
    match query {
        Query::And(queries) => {
            (!is_optional || queries.len() < 2)
                && queries.iter().all(|q| has_every_word(q, is_optional))
        }
        Query::Or(queries) => queries.iter().all(|q| has_every_word(q, true)),
        Query::Text { what, .. } => match what {
            query::Passage::AtLeast { what, .. } => !counts_mentions(what),
            what => !counts_mentions(what),
        },
        // what a NOT excludes is never marked
        Query::Not(_) | Query::Everything | Query::Field { .. } | Query::Date { .. } => true,
    }
}

fn counts_mentions(passage: &query::Passage) -> bool {
    use query::Passage as P;
    match passage {
        P::AtLeast { .. } => true,
        P::Phrase(passages) | P::AnyOf(passages) | P::Near { passages, .. } => {
            passages.iter().any(counts_mentions)
        }
        P::Word(_) | P::Exact(_) | P::Pattern(_) | P::Misspelt(_) => false,
    }
}
