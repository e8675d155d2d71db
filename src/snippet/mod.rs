//! The best window of a stored text and what matched in it; the same for every backend.

mod sentences;
mod window;

use index_schema::Dispatch;

use self::window::{Window, cluster_end, cluster_start, folded_width};
use crate::{
    matching::{Mark, Matcher},
    query::{Query, Zone},
    search::Snippet,
};

/// How far apart the first and the last mark of a window may be; leaves room for the words around them.
const MARKED: usize = 150;

/// The best window of a dispatch's body and what the query asked for in it: around the most different words of the
/// query, or the lead when nothing in the body was asked for. `None` without a body.
///
/// For many dispatches, make one [`Matcher`] and use [`best_window`].
pub fn snippet(query: &Query, dispatch: &Dispatch, compounds: bool) -> Option<Snippet> {
    best_window(&mut Matcher::new(query, compounds), dispatch)
}

/// The same as [`snippet`] with a query that is prepared already.
pub fn best_window(matcher: &mut Matcher, dispatch: &Dispatch) -> Option<Snippet> {
    best_window_at(matcher, dispatch, None)
}

/// The same when it is [known](Matcher::marks_at) at which positions of the body words stand that the query asks for.
pub(crate) fn best_window_at(
    matcher: &mut Matcher,
    dispatch: &Dispatch,
    at: Option<&[u32]>,
) -> Option<Snippet> {
    let body = dispatch.body.trim_end();
    if body.trim_start().is_empty() {
        return None;
    }
    let marks = if matcher.looks_at_bodies() {
        matcher.marks_at(Zone::Body, body, at)
    } else {
        Vec::new()
    };
    let (first, last) = best(body, &marks);
    Some(Window::around(body, first, last).fold(body, &merged(body, marks)))
}

/// What a prepared query asked for in a headline: half-open ranges of Unicode scalars, in order, not overlapping.
pub fn headline_marks(matcher: &mut Matcher, headline: &str) -> Vec<(usize, usize)> {
    headline_marks_at(matcher, headline, None)
}

/// The same when it is [known](Matcher::marks_at) at which positions words stand that the query asks for.
pub(crate) fn headline_marks_at(
    matcher: &mut Matcher,
    headline: &str,
    at: Option<&[u32]>,
) -> Vec<(usize, usize)> {
    let marks = matcher.marks_at(Zone::Headline, headline, at);
    let (mut at, mut passed) = (0, 0);
    let mut scalars_before = |byte: usize| {
        passed += headline[at..byte].chars().count();
        at = byte;
        passed
    };
    merged(headline, marks)
        .into_iter()
        .map(|(start, end)| (scalars_before(start), scalars_before(end)))
        .collect()
}

/// What a query asked for in a text of a zone (the headline or the body): half-open ranges of bytes, in order, not
/// overlapping, never inside a grapheme cluster.
pub fn marks_in(query: &Query, zone: Zone, text: &str, compounds: bool) -> Vec<(usize, usize)> {
    merged(text, Matcher::new(query, compounds).marks(zone, text))
}

/// One range for marks that overlap or touch, each widened to whole grapheme clusters.
fn merged(text: &str, marks: Vec<Mark>) -> Vec<(usize, usize)> {
    let mut merged: Vec<(usize, usize)> = Vec::new();
    for mark in marks {
        match merged.last_mut() {
            Some(last) if mark.start <= last.1 => last.1 = last.1.max(mark.end),
            _ => {
                let from = merged.last().map_or(0, |m| m.1);
                merged.push((cluster_start(text, mark.start).max(from), mark.end));
            }
        }
        if let Some(last) = merged.last_mut() {
            last.1 = cluster_end(text, last.1);
        }
    }
    merged
}

/// The bytes from the first to the last mark of the best window: the one with the most different conditions, then with
/// the most marks, then the first. The beginning of the text if there are no marks.
fn best(text: &str, marks: &[Mark]) -> (usize, usize) {
    let lead = text.len() - text.trim_start().len();
    let columns = columns(text, marks);
    let conditions = marks.iter().map(|m| m.condition + 1).max().unwrap_or(0);
    let mut inside = vec![0_u32; conditions];
    let mut different = 0;
    let mut after = 0;
    let mut best = ((0, 0), (lead, lead));
    for (i, mark) in marks.iter().enumerate() {
        while after < marks.len() && (after <= i || columns[after].1 <= columns[i].0 + MARKED) {
            let count = &mut inside[marks[after].condition];
            different += usize::from(*count == 0);
            *count += 1;
            after += 1;
        }
        let worth = (different, after - i);
        if worth > best.0 {
            best = (worth, (mark.start, marks[after - 1].end));
        }
        let count = &mut inside[mark.condition];
        *count -= 1;
        different -= usize::from(*count == 0);
    }
    best.1
}

/// For each mark, the columns of its two ends once white space is folded, from the first mark on. A gap that no window spans
/// counts as one that is just too wide.
fn columns(text: &str, marks: &[Mark]) -> Vec<(usize, usize)> {
    let mut at = marks.first().map_or(0, |m| m.start);
    let mut column = 0;
    marks
        .iter()
        .map(|m| {
            // marks are in the order of their starts
            column += folded_width(&text[at..m.start], MARKED + 1);
            at = m.start;
            let width = folded_width(&text[m.start..m.end], MARKED + 1);
            (column, column + width)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        window::{ELLIPSIS, OVERHANG, WIDTH, is_boundary},
        *,
    };
    use crate::query::{Field, Passage};

    const BODY: &str = "Palmyra er igen på syriske hænder. Det meddelte hæren søndag.\n\nSoldaterne \
        fandt flere tusind landminer i byen, og ingeniørtropper er i gang med at fjerne dem, siger en \
        talsmand. Arbejdet ventes at tage flere uger, fordi mange af minerne er gravet dybt ned mellem \
        ruinerne fra romertiden.\n\nByens museum er stærkt skadet. De syriske tropper holder vagt ved \
        indgangen, og ingen må gå ind. Kurt Holm, der er arkæolog i Odense, frygter det værste.";

    fn text(what: Passage) -> Query {
        Query::Text {
            zone: Zone::Anywhere,
            what,
        }
    }

    fn word(word: &str) -> Passage {
        Passage::Word(word.into())
    }

    fn phrase(words: &[&str]) -> Passage {
        Passage::Phrase(words.iter().map(|w| word(w)).collect())
    }

    fn dispatch(body: &str) -> Dispatch {
        Dispatch {
            body: body.into(),
            ..Dispatch::default()
        }
    }

    /// The snippet with its marks in square brackets.
    fn shown(query: &Query, body: &str) -> String {
        let snippet = snippet(query, &dispatch(body), true).unwrap();
        let mut shown = String::new();
        for (i, c) in snippet.text.chars().chain(['\0']).enumerate() {
            if snippet.marks.iter().any(|m| m.1 == i) {
                shown.push(']');
            }
            if snippet.marks.iter().any(|m| m.0 == i) {
                shown.push('[');
            }
            shown.push(c);
        }
        shown.trim_end_matches('\0').to_owned()
    }

    #[test]
    fn marks_of_a_headline_count_scalars() {
        let marks_of = |query: &Query, headline: &str| {
            headline_marks(&mut Matcher::new(query, true), headline)
        };
        let query = Query::And(vec![text(word("færge")), text(word("havn"))]);
        assert_eq!(
            marks_of(&query, "Ærø får færge til havnen"),
            [(8, 13), (18, 24)]
        );
        assert_eq!(marks_of(&query, ""), []);
        let in_body = Query::Text {
            zone: Zone::Body,
            what: word("færge"),
        };
        assert_eq!(marks_of(&in_body, "Færgen ligger stille"), []);
    }

    #[test]
    fn the_window_begins_with_the_sentence_of_the_match() {
        assert_eq!(
            shown(&text(word("museum")), BODY),
            "Byens [museum] er stærkt skadet. De syriske tropper holder vagt ved indgangen, og ingen må gå \
             ind. Kurt Holm, der er arkæolog i Odense, frygter det værste."
        );
    }

    #[test]
    fn a_window_in_the_middle_of_a_long_sentence_begins_at_a_word() {
        let long =
            "og så videre ".repeat(40) + "kom broen til syne, " + &"men ikke mere ".repeat(40);
        let shown = shown(&text(word("broen")), &long);
        assert!(
            shown.starts_with("… så videre og så videre og så videre kom [broen] til syne, men"),
            "{shown}"
        );
        assert!(shown.ends_with(" …"), "{shown}");
    }

    #[test]
    fn the_window_has_the_most_different_words() {
        let both = Query::And(vec![
            text(word("Palmyra")),
            text(word("syriske")),
            text(word("tropper")),
        ]);
        assert!(shown(&both, BODY).starts_with("[Palmyra] er igen på [syriske] hænder. Det"));
        let other = Query::And(vec![
            text(word("tropper")),
            text(word("syriske")),
            text(word("museum")),
        ]);
        assert!(
            shown(&other, BODY)
                .starts_with("Byens [museum] er stærkt skadet. De [syriske] [tropper]")
        );
    }

    #[test]
    fn a_phrase_is_marked_as_a_phrase() {
        let shown = shown(&text(phrase(&["syriske", "tropper"])), BODY);
        assert!(
            shown.starts_with("De [syriske tropper] holder vagt"),
            "{shown}"
        );
        assert_eq!(shown.matches('[').count(), 1);
    }

    #[test]
    fn truncated_and_misspelt_words_are_marked() {
        let shown_for = |p| shown(&text(p), BODY);
        assert!(shown_for(Passage::Pattern("arkæ*".into())).contains("[arkæolog]"));
        assert!(shown_for(Passage::Misspelt("indgagnen".into())).contains("[indgangen]"));
        assert!(shown_for(Passage::Exact("Ruinerne".into())).contains("[ruinerne]"));
    }

    #[test]
    fn what_a_not_excludes_is_never_marked() {
        let query = Query::And(vec![
            text(word("museum")),
            Query::Not(Box::new(text(word("skadet")))),
        ]);
        assert!(shown(&query, BODY).starts_with("Byens [museum] er stærkt skadet."));
    }

    #[test]
    fn without_a_match_in_the_body_the_lead_is_shown() {
        let lead = "Palmyra er igen på syriske hænder. Det meddelte hæren søndag. Soldaterne fandt";
        let headline = Query::Text {
            zone: Zone::Headline,
            what: word("syriske"),
        };
        let source = Query::Field {
            field: Field::Source,
            value: "ritzau".into(),
        };
        for query in [headline, source, Query::Everything, text(word("regnvejr"))] {
            assert!(shown(&query, BODY).starts_with(lead));
        }
        assert_eq!(snippet(&Query::Everything, &dispatch(" \n\n "), true), None);
    }

    #[test]
    fn white_space_is_folded_and_marks_move_with_it() {
        let body = "  Syrien:\n\n\tHæren  fandt\u{a0} miner ";
        assert_eq!(
            shown(&text(phrase(&["hæren", "fandt", "miner"])), body),
            "Syrien: [Hæren fandt miner]"
        );
    }

    #[test]
    fn a_word_longer_than_any_window_is_cut_between_letters() {
        let body = "e\u{301}".repeat(5_000);
        let cut = snippet(&Query::Everything, &dispatch(&body), true).unwrap();
        assert_eq!(cut.text.chars().next_back(), Some('…'));
        assert_eq!(cut.text.trim_end_matches(" …").chars().count() % 2, 0);
        assert!(cut.text.chars().count() <= WIDTH);
    }

    #[test]
    fn marks_in_a_headline_are_bytes() {
        let query = text(word("miner"));
        assert_eq!(
            marks_in(&query, Zone::Headline, "Får fjernet miner", true),
            [(13, 18)]
        );
        let body = Query::Text {
            zone: Zone::Body,
            what: word("miner"),
        };
        assert!(marks_in(&body, Zone::Headline, "Får fjernet miner", true).is_empty());
    }

    fn passages() -> impl Strategy<Value = Passage> {
        let leaf = prop_oneof![
            "[abcæé*?\u{301} ]{0,4}".prop_map(Passage::Word),
            "[abcæ]{1,2}".prop_map(Passage::Exact),
            "[abæ*?]{0,3}".prop_map(Passage::Pattern),
            "[abcæ]{0,4}".prop_map(Passage::Misspelt),
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            let some = prop::collection::vec(inner.clone(), 0..4);
            prop_oneof![
                some.clone().prop_map(Passage::Phrase),
                some.clone().prop_map(Passage::AnyOf),
                (0u32..6, any::<bool>(), some).prop_map(|(distance, ordered, passages)| {
                    Passage::Near {
                        distance,
                        ordered,
                        passages,
                    }
                }),
                (0u32..4, inner).prop_map(|(times, what)| Passage::AtLeast {
                    times,
                    what: Box::new(what)
                }),
            ]
        })
    }

    fn texts() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            8 => "[abcæAÉ]{1,3}",
            2 => "[ .,!?\n\t\u{a0}]{1,3}",
            1 => prop::sample::select(vec!["\n\n", "\u{301}", "\u{200d}", "👩‍👩‍👧", "🇩🇰", " \u{301}a", "\r\n", "-", "’"])
                .prop_map(str::to_owned),
            1 => "\\PC{0,3}",
        ];
        prop::collection::vec((piece, prop::bool::weighted(0.7)), 0..250).prop_map(|pieces| {
            pieces.into_iter().fold(String::new(), |text, (p, blank)| {
                text + &p + if blank { " " } else { "" }
            })
        })
    }

    fn folded(text: &str) -> String {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    proptest! {
        #[test]
        fn a_snippet_is_a_stretch_of_the_body(what in passages(), body in texts(), compounds: bool) {
            let query = text(what);
            let Some(snippet) = snippet(&query, &dispatch(&body), compounds) else {
                prop_assert!(folded(&body).is_empty());
                return Ok(());
            };
            let length = snippet.text.chars().count();
            prop_assert!(length <= WIDTH + OVERHANG + ELLIPSIS, "{}", length);
            let inner = snippet.text.strip_prefix("… ").unwrap_or(&snippet.text);
            let inner = inner.strip_suffix(" …").unwrap_or(inner);
            prop_assert!(folded(&body).contains(inner), "{:?}", snippet.text);
            let mut from = 0;
            for &(start, end) in &snippet.marks {
                prop_assert!(from <= start && start < end && end <= length, "{:?}", snippet);
                from = end;
            }
            let marked = !marks_in(&query, Zone::Body, body.trim_end(), compounds).is_empty();
            prop_assert_eq!(marked, !snippet.marks.is_empty(), "{:?}", snippet);
        }

        #[test]
        fn windows_cut_no_word_and_no_cluster(what in passages(), body in texts()) {
            let body = body.trim_end();
            prop_assume!(!body.trim_start().is_empty());
            let marks = Matcher::new(&text(what), true).marks(Zone::Body, body);
            let (first, last) = best(body, &marks);
            let window = Window::around(body, first, last);
            let blank_or_edge = |before: &str, after: &str| {
                before.is_empty() || after.is_empty()
                    || before.ends_with(char::is_whitespace) || after.starts_with(char::is_whitespace)
            };
            for at in [window.start, window.end] {
                let (before, after) = body.split_at(at);
                prop_assert!(before.trim().is_empty() || is_boundary(body, at) || body.split_whitespace().any(|w| w.len() > WIDTH));
                let longest = body.split_whitespace().map(|w| w.chars().count()).max().unwrap_or(0);
                prop_assert!(blank_or_edge(before, after) || longest > OVERHANG / 2);
            }
        }

        #[test]
        fn marks_lie_in_order_and_on_clusters(what in passages(), body in texts(), compounds: bool) {
            let mut from = 0;
            for (start, end) in marks_in(&text(what), Zone::Body, &body, compounds) {
                prop_assert!(from <= start && start < end && end <= body.len());
                prop_assert!(is_boundary(&body, start) && is_boundary(&body, end));
                from = end;
            }
        }
    }
}
