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
/// The spans of each part are sorted. Takes time in proportion to the spans times the distance.
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
    let mut from = 0;
    for &span in spans {
        // the first chain whose last span may be near enough on the left
        let left = span.start.saturating_sub(distance.saturating_add(longest));
        while chains.get(from).is_some_and(|c| c.last.start < left) {
            from += 1;
        }
        let right = if ordered {
            span.start
        } else {
            span.end.saturating_add(distance)
        };
        reached.clear();
        for chain in chains[from..].iter().take_while(|c| c.last.start <= right) {
            if are_near(chain.last, span, distance, ordered) {
                reached.push(Span {
                    start: chain.all.start.min(span.start),
                    end: chain.all.end.max(span.end),
                });
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
}
