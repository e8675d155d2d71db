//! How each word of a question was read, and how many dispatches it finds by itself.

use index_schema::danish::Asked;
use tantivy::Searcher;

use super::{LocalSearcher, guard::Failure, lower::lower_query, matcher::Matcher};
use crate::{
    matching::ask,
    query::{Passage, Query, Zone},
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
            count += matcher.count()?;
        }
        counts.push(WordCount {
            word: word.clone(),
            read_as: read_as(query, request.compounds),
            count,
        });
    }
    Ok(counts)
}

/// The letters of a word that is asked about by itself.
pub(super) fn typed(query: &Query) -> Option<&str> {
    let Query::Text { what, .. } = query else {
        return None;
    };
    match what {
        Passage::Word(word)
        | Passage::Exact(word)
        | Passage::Pattern(word)
        | Passage::Misspelt(word) => Some(word),
        Passage::Phrase(words) => match words.as_slice() {
            [Passage::Word(word)] => Some(word),
            _ => None,
        },
        _ => None,
    }
}

/// Most spellings that are listed of a word; what is foreign has dozens.
const LISTED: usize = 3;

/// What is looked for, in words: `minister; inside compounds`.
fn read_as(query: &Query, compounds: bool) -> String {
    let Query::Text { zone, what } = query else {
        return String::new();
    };
    let mut read = passage(what, compounds);
    read.push_str(match zone {
        Zone::Anywhere => "",
        Zone::Headline => "; in the headline",
        Zone::Body => "; in the body",
    });
    read
}

fn passage(what: &Passage, compounds: bool) -> String {
    match what {
        Passage::Word(written) => {
            let asked = ask(written);
            match &*asked {
                [] => String::new(),
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
        // a word of a phrase, which is looked for as a whole
        Passage::Phrase(words) => match words.as_slice() {
            [word] => passage(word, false),
            _ => String::new(),
        },
        _ => String::new(),
    }
}

fn forms(word: &Asked, compounds: bool) -> String {
    let mut read = word.main.to_string();
    for variant in word.variants.iter().take(LISTED) {
        read.push_str(", ");
        read.push_str(variant);
    }
    match word.variants.len().saturating_sub(LISTED) {
        0 => {}
        1 => read.push_str(" and another spelling"),
        more => read.push_str(&format!(" and {more} other spellings")),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(zone: Zone, what: Passage) -> String {
        read_as(&Query::Text { zone, what }, true)
    }

    fn word(written: &str) -> Passage {
        Passage::Word(written.to_owned())
    }

    #[test]
    fn what_is_looked_for_is_said_in_a_few_words() {
        let anywhere = |what| read(Zone::Anywhere, what);
        assert_eq!(anywhere(word("minister")), "minister; inside compounds");
        assert_eq!(
            read(Zone::Headline, word("minister")),
            "minister; inside compounds; in the headline"
        );
        assert_eq!(
            anywhere(Passage::Phrase(vec![word("ministre")])),
            "minister"
        );
        assert_eq!(anywhere(Passage::Exact("Haven".into())), "=haven");
        assert_eq!(anywhere(word("?!")), "");
        let foreign = anywhere(word("Palmyra"));
        assert!(foreign.starts_with("palmyra, "), "{foreign}");
        assert!(
            foreign.ends_with(" other spellings; inside compounds"),
            "{foreign}"
        );
        assert_eq!(foreign.matches(',').count(), LISTED);
    }
}
