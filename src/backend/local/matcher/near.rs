//! Passages near each other.

use super::spans::Span;

/// A chain of passages so far: the one it ended with, and the stretch that holds them all.
#[derive(Clone, Copy)]
struct Chain {
    last: Span,
    all: Span,
}

/// The stretches that hold one span of each part, neighbours at most `distance` apart; of these the ones that hold no
/// other.
///
/// The spans of each part are sorted. Single words take time in proportion to their number, whatever the distance: the
/// nearest ones settle each step.
pub(super) fn near(parts: &[Vec<Span>], distance: u32, ordered: bool, out: &mut Vec<Span>) {
    let Some((first, others)) = parts.split_first() else {
        return;
    };
    let mut chains: Vec<Chain> = first.iter().map(|&s| Chain { last: s, all: s }).collect();
    for part in others {
        chains = extended(&chains, part, distance, ordered);
        if chains.is_empty() {
            return;
        }
    }
    out.extend(chains.iter().map(|c| c.all));
    keep_smallest(out);
}

/// The chains that go on with one of the spans. `chains` is sorted by its last spans, and so is what comes back.
fn extended(chains: &[Chain], spans: &[Span], distance: u32, ordered: bool) -> Vec<Chain> {
    let longest = chains
        .iter()
        .map(|c| c.last.end - c.last.start)
        .max()
        .unwrap_or(0);
    let mut extended = Vec::new();
    let mut reached = Vec::new();
    let (mut from, mut split) = (0, 0);
    for &span in spans {
        // the first chain whose last span may be near enough on the left
        let left = span.start.saturating_sub(distance.saturating_add(longest));
        while chains.get(from).is_some_and(|c| c.last.start < left) {
            from += 1;
        }
        while chains.get(split).is_some_and(|c| c.last.start < span.start) {
            split += 1;
        }
        reached.clear();
        // from the nearest on the left; a chain farther away cannot start later
        let mut latest_start = None;
        for chain in chains[from.min(split)..split].iter().rev() {
            if latest_start.is_some_and(|start| start >= chain.last.start) {
                break;
            }
            if are_near(chain.last, span, distance, ordered) {
                let all = chain.all.and(span);
                if all.end == span.end {
                    latest_start = latest_start.max(Some(all.start));
                }
                reached.push(all);
            }
        }
        // from the nearest on the right; a chain farther away cannot end earlier
        let mut earliest_end = None;
        let right = span.end.saturating_add(distance);
        let behind = if ordered { &[] } else { &chains[split..] };
        for chain in behind.iter().take_while(|c| c.last.start <= right) {
            if earliest_end.is_some_and(|end| end <= chain.last.start) {
                break;
            }
            if are_near(chain.last, span, distance, ordered) {
                let all = chain.all.and(span);
                if all.start == span.start {
                    earliest_end = Some(earliest_end.map_or(all.end, |end: u32| end.min(all.end)));
                }
                reached.push(all);
            }
        }
        // a stretch that holds another one with the same last span can be left out now
        keep_smallest(&mut reached);
        extended.extend(reached.iter().map(|&all| Chain { last: span, all }));
    }
    extended
}

/// Whether one span stands beside the other, at most so far away; in this order, if wanted. Neighbours are 1 apart.
fn are_near(a: Span, b: Span, distance: u32, ordered: bool) -> bool {
    if a.end < b.start {
        b.start - a.end <= distance
    } else {
        !ordered && b.end < a.start && a.start - b.end <= distance
    }
}

/// Keeps the spans that hold no other one, sorted.
fn keep_smallest(spans: &mut Vec<Span>) {
    spans.sort_unstable_by(|a, b| b.start.cmp(&a.start).then(a.end.cmp(&b.end)));
    let mut smallest_end = None;
    spans.retain(|s| {
        let keep = smallest_end.is_none_or(|e| s.end < e);
        if keep {
            smallest_end = Some(s.end);
        }
        keep
    });
    spans.reverse();
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(positions: &[u32]) -> Vec<Span> {
        positions
            .iter()
            .map(|&p| Span { start: p, end: p })
            .collect()
    }

    fn found(parts: &[Vec<Span>], distance: u32, ordered: bool) -> Vec<(u32, u32)> {
        let mut out = Vec::new();
        near(parts, distance, ordered, &mut out);
        out.iter().map(|s| (s.start, s.end)).collect()
    }

    #[test]
    fn neighbours_are_one_apart() {
        let parts = [words(&[3]), words(&[4])];
        assert_eq!(found(&parts, 1, false), [(3, 4)]);
        assert_eq!(found(&parts, 0, false), []);
        let parts = [words(&[4]), words(&[3])];
        assert_eq!(found(&parts, 1, false), [(3, 4)]);
        assert_eq!(found(&parts, 1, true), []);
    }

    #[test]
    fn a_mention_is_not_near_itself() {
        assert_eq!(found(&[words(&[7]), words(&[7])], 5, false), []);
        assert_eq!(found(&[words(&[7, 9]), words(&[7, 9])], 5, false), [(7, 9)]);
    }

    #[test]
    fn only_the_smallest_stretches_are_kept() {
        let parts = [words(&[1, 4, 20]), words(&[6, 18])];
        assert_eq!(found(&parts, 10, false), [(4, 6), (18, 20)]);
        let parts = [words(&[10]), words(&[8, 13]), words(&[9, 16])];
        assert_eq!(found(&parts, 3, false), [(8, 10), (10, 16)]);
    }

    #[test]
    fn long_spans_count_from_their_nearer_end() {
        let long = vec![Span { start: 0, end: 9 }, Span { start: 2, end: 2 }];
        assert_eq!(found(&[long, words(&[11])], 2, true), [(0, 11)]);
    }

    #[test]
    fn a_long_text_of_two_words_is_settled_by_the_nearest() {
        let many = 300_000;
        let even: Vec<u32> = (0..many).map(|n| 2 * n).collect();
        let odd: Vec<u32> = (0..many).map(|n| 2 * n + 1).collect();
        let parts = [words(&even), words(&odd), words(&even)];
        for ordered in [false, true] {
            let found = found(&parts, 65_535, ordered);
            assert_eq!(
                found.len() as u32,
                if ordered { many - 1 } else { 2 * many - 1 }
            );
        }
    }

    /// Sorted spans, some longer than a word.
    fn spans() -> impl Strategy<Value = Vec<Span>> {
        let span = (0u32..24, 0u32..4).prop_map(|(start, more)| Span {
            start,
            end: start + more,
        });
        proptest::collection::btree_set(span, 0..8).prop_map(|s| s.into_iter().collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2048))]

        /// Every chain there is, tried one by one.
        #[test]
        fn the_smallest_stretches_of_all_chains_are_found(
            parts in proptest::collection::vec(spans(), 1..4),
            distance in 0u32..7,
            ordered: bool,
        ) {
            let mut chains: Vec<Chain> =
                parts[0].iter().map(|&s| Chain { last: s, all: s }).collect();
            for part in &parts[1..] {
                let longer = chains.iter().flat_map(|&chain| {
                    let near = move |s: &&Span| are_near(chain.last, **s, distance, ordered);
                    part.iter().filter(near).map(move |&s| Chain {
                        last: s,
                        all: chain.all.and(s),
                    })
                });
                chains = longer.collect();
            }
            let mut expected: Vec<Span> = chains.iter().map(|c| c.all).collect();
            keep_smallest(&mut expected);
            let mut out = Vec::new();
            near(&parts, distance, ordered, &mut out);
            prop_assert_eq!(out, expected);
        }
    }
}
