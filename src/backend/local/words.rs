//! How each word of a question was read, and how many dispatches it finds by itself.

use index_schema::danish::Asked;
use tantivy::Searcher;

use super::{
    LocalSearcher,
    guard::Failure,
    lower::{ask, lower_query},
    matcher::Matcher,
};
use crate::{
    query::{Passage, Query},
    search::{SearchRequest, WordCount},
};

/// Counts each word of the request.
pub(super) fn count(
    index: &LocalSearcher,
    searcher: &Searcher,
    request: &SearchRequest,
) -> Result<Vec<WordCount>, Failure> {
    let mut counts = Vec::with_capacity(request.words.len());
    for (word, query) in &request.words {
        // by itself: without the dates, sources and languages that the request adds
        let alone = SearchRequest {
            date: None,
            sources: Vec::new(),
            languages: Vec::new(),
            ..request.clone()
        };
        let plan = lower_query(index, searcher, &alone, query)?.plan;
        let mut count = 0;
        for segment in searcher.segment_readers() {
            let matcher = Matcher::open(&plan, segment, false)?;
            count += matcher.count(segment.alive_bitset())?;
        }
        counts.push(WordCount {
            word: word.clone(),
            read_as: read_as(query, request.compounds),
            count,
        });
    }
    Ok(counts)
}

/// What is looked for, in words: `minister, in compounds; ministre`.
fn read_as(query: &Query, compounds: bool) -> String {
    let Query::Text { what, .. } = query else {
        return String::new();
    };
    match what {
        Passage::Word(written) => {
            let asked = ask(written);
            match asked.as_slice() {
                [word] => forms(word, compounds),
                words => {
                    let mains: Vec<&str> = words.iter().map(|w| &*w.main).collect();
                    format!("\"{}\"", mains.join(" "))
                }
            }
        }
        Passage::Exact(written) => {
            let asked = ask(written);
            let exact: Vec<&str> = asked.iter().map(|w| &*w.exact).collect();
            format!("={}", exact.join(" "))
        }
        Passage::Pattern(written) => written.to_lowercase(),
        Passage::Misspelt(written) => format!("{}~", written.to_lowercase()),
        _ => String::new(),
    }
}

fn forms(word: &Asked, compounds: bool) -> String {
    let mut read = word.main.to_string();
    for variant in &word.variants {
        read.push_str(", ");
        read.push_str(variant);
    }
    for form in &word.forms {
        read.push_str(&format!(", ={form}"));
    }
    if compounds {
        if !word.related.is_empty() {
            read.push_str(&format!("; related: {}", word.related.join(", ")));
        }
        read.push_str("; inside compounds");
        for apart in &word.apart {
            read.push_str(&format!("; \"{}\"", apart.join(" ")));
        }
    }
    read
}
