//! For a question without hits: which condition to leave out.

use index_schema::TimeSpan;

use super::Searcher;
use crate::{
    error::Result,
    query::{Query, read_as},
    search::{LeaveOut, SearchRequest},
};

/// Most conditions that are tried; a pasted page has more, and no single one of them is to blame.
const TRIED: usize = 12;

/// Leaves out the conditions of a question one at a time and says what the rest finds: the most helpful first, none that
/// helps nothing. A question with a single condition has none to spare.
///
/// # Errors
///
/// Fails if the searcher does.
pub fn leave_out(searcher: &dyn Searcher, request: &SearchRequest) -> Result<Vec<LeaveOut>> {
    if matches!(&request.query, Query::And(conditions) if conditions.len() > TRIED) {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for (condition, rest) in shorter(request) {
        let count = searcher.search(&rest)?.total;
        if count > 0 {
            found.push(LeaveOut { condition, count });
        }
    }
    found.sort_by_key(|f| std::cmp::Reverse(f.count));
    Ok(found)
}

/// The question without each of its conditions.
fn shorter(request: &SearchRequest) -> Vec<(String, SearchRequest)> {
    let counted = SearchRequest {
        count_only: true,
        facets: false,
        timeline: None,
        explain: false,
        words: Vec::new(),
        ..request.clone()
    };
    let mut shorter = Vec::new();
    match &request.query {
        Query::And(conditions) => {
            for (i, condition) in conditions.iter().enumerate() {
                let mut rest = conditions.clone();
                rest.remove(i);
                let query = match rest.len() {
                    1 => rest.swap_remove(0),
                    _ => Query::And(rest),
                };
                shorter.push((read_as(condition), counted.clone().with(query)));
            }
        }
        condition => shorter.push((read_as(condition), counted.clone().with(Query::Everything))),
    }
    if let Some(date) = request.date {
        let ends = [
            (date.start != TimeSpan::EVER.start, "--since"),
            (date.end != TimeSpan::EVER.end, "--until"),
        ];
        let given: Vec<&str> = ends.iter().filter(|e| e.0).map(|e| e.1).collect();
        let rest = SearchRequest {
            date: None,
            ..counted.clone()
        };
        shorter.push((given.join(", "), rest));
    }
    if !request.sources.is_empty() {
        let rest = SearchRequest {
            sources: Vec::new(),
            ..counted.clone()
        };
        shorter.push((
            format!("--source {}", request.sources.join(" --source ")),
            rest,
        ));
    }
    if !request.languages.is_empty() {
        let rest = SearchRequest {
            languages: Vec::new(),
            ..counted
        };
        shorter.push((
            format!("--lang {}", request.languages.join(" --lang ")),
            rest,
        ));
    }
    shorter.retain(|(_, rest)| asks_for_something(rest));
    shorter
}

/// Whether a question is more than one for everything, or for everything but something.
fn asks_for_something(request: &SearchRequest) -> bool {
    let filtered =
        request.date.is_some() || !request.sources.is_empty() || !request.languages.is_empty();
    filtered || is_positive(&request.query)
}

impl SearchRequest {
    fn with(self, query: Query) -> Self {
        Self { query, ..self }
    }
}

fn is_positive(query: &Query) -> bool {
    match query {
        Query::Not(_) | Query::Everything => false,
        Query::And(conditions) => conditions.iter().any(is_positive),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, tz::TimeZone};

    use super::*;
    use crate::{
        backend::Wanted,
        query::parse,
        search::{Hit, Hits, Shown, Sort},
        status::Status,
    };

    /// Finds a dispatch for every letter of the question it is asked, but nothing for more than one condition.
    struct Letters;

    impl Searcher for Letters {
        fn search(&self, request: &SearchRequest) -> Result<Hits> {
            assert!(request.count_only);
            let filtered = request.date.is_some() || !request.sources.is_empty();
            let total = match &request.query {
                _ if filtered => 0,
                Query::And(_) | Query::Everything => 0,
                query => read_as(query).len() as u64,
            };
            Ok(Hits {
                total,
                ..Hits::default()
            })
        }

        fn stream(&self, _: &SearchRequest, _: &mut dyn FnMut(Hit) -> Result<()>) -> Result<u64> {
            Ok(0)
        }

        fn get(&self, _: &Wanted<'_>) -> Result<Vec<Shown>> {
            Ok(Vec::new())
        }

        fn status(&self, _: Timestamp) -> Result<Status> {
            Ok(Status::default())
        }
    }

    fn asked(text: &str, sources: &[&str]) -> Vec<(String, u64)> {
        let request = SearchRequest {
            text: text.to_owned(),
            query: parse(text, Timestamp::UNIX_EPOCH, &TimeZone::UTC).query,
            date: None,
            sources: sources.iter().map(|&s| s.to_owned()).collect(),
            languages: Vec::new(),
            sort: Sort::Relevance,
            limit: Some(10),
            offset: 0,
            count_only: false,
            snippets: true,
            full: false,
            facets: true,
            timeline: None,
            compounds: true,
            all_versions: false,
            embargoed: false,
            explain: true,
            words: Vec::new(),
            now: Timestamp::UNIX_EPOCH,
            zone: TimeZone::UTC,
        };
        let found = leave_out(&Letters, &request).unwrap();
        found.into_iter().map(|f| (f.condition, f.count)).collect()
    }

    #[test]
    fn the_condition_whose_absence_finds_most_comes_first() {
        let found = [("Palmyra".to_owned(), 8), ("landmner".to_owned(), 7)];
        assert_eq!(asked("Palmyra landmner", &[]), found);
    }

    #[test]
    fn filters_are_conditions_and_a_single_condition_is_not_left_out() {
        assert_eq!(asked("Palmyra", &[]), []);
        assert_eq!(asked("Palmyra", &["ntb"]), [("--source ntb".to_owned(), 7)]);
    }

    #[test]
    fn what_is_left_is_never_only_what_is_excluded() {
        assert_eq!(asked("krig NOT fred", &[]), [("NOT fred".to_owned(), 4)]);
        assert_eq!(asked(&"ord ".repeat(1000), &[]), []);
    }
}
