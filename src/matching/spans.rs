//! Positions at which a passage stands, and how those of a phrase or of neighbours come from those of its words.

/// Half-open range of positions; positions count the written words of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first position.
    pub start: u32,
    /// The first position after it.
    pub end: u32,
}

impl Span {
    /// How far the other is from this one: 1 when it is next to it; `None` when they share a position.
    fn distance(self, other: Self) -> Option<u32> {
        if other.start >= self.end {
            return Some(other.start - self.end + 1);
        }
        (self.start >= other.end).then(|| self.start - other.end + 1)
    }

    fn and(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// Where passages stand one right after the other.
pub(super) fn phrase(passages: &[&[Span]]) -> Vec<Span> {
    let Some((first, rest)) = passages.split_first() else {
        return Vec::new();
    };
    let mut so_far = first.to_vec();
    for next in rest {
        so_far.sort_unstable_by_key(|s| (s.end, s.start));
        so_far.dedup();
        let mut longer = Vec::new();
        for &span in *next {
            let from = so_far.partition_point(|s| s.end < span.start);
            let ending = so_far[from..].iter().take_while(|s| s.end == span.start);
            longer.extend(ending.map(|s| s.and(span)));
        }
        so_far = longer;
        if so_far.is_empty() {
            break;
        }
    }
    in_order(so_far)
}

/// Where passages stand near each other: each within `distance` of the one named before it.
#[derive(Debug, Default)]
pub(super) struct Neighbours {
    /// The narrowest spans that hold one of each.
    pub(super) spans: Vec<Span>,
    /// For each passage, those of its spans that have all the others near.
    pub(super) taking_part: Vec<Vec<Span>>,
}

pub(super) fn neighbours(passages: &[&[Span]], distance: u32, ordered: bool) -> Neighbours {
    let Some((first, rest)) = passages.split_first() else {
        return Neighbours::default();
    };
    // forwards: which spans are reached from the first passage on, and what such a chain covers
    let chain = |&s: &Span| Chain { last: s, all: s };
    let mut reached: Vec<Vec<Chain>> = vec![first.iter().map(chain).collect()];
    for next in rest {
        let so_far = reached.last().map_or(&[][..], Vec::as_slice);
        let longer = steps(so_far, next, distance, !ordered, true);
        reached.push(longer);
    }
    let covered = reached.last().map_or(&[][..], Vec::as_slice);
    let mut spans: Vec<Span> = covered.iter().map(|c| c.all).collect();
    if !rest.is_empty() {
        spans = narrowest(spans);
    }
    // backwards: which of those also reach the last passage
    let mut taking_part = Vec::new();
    let mut kept: Vec<Span> = distinct(covered);
    for earlier in reached.iter().rev().skip(1) {
        let later: Vec<Chain> = kept.iter().map(chain).collect();
        let before = steps(&later, &distinct(earlier), distance, true, !ordered);
        taking_part.push(std::mem::replace(&mut kept, distinct(&before)));
    }
    taking_part.push(kept);
    taking_part.reverse();
    Neighbours { spans, taking_part }
}

/// A chain of neighbours: the passage it has come to, and all that it covers.
#[derive(Clone, Copy, Debug)]
struct Chain {
    last: Span,
    all: Span,
}

/// How many chains on each side of a span are looked at, the nearest ones: enough for any distance that someone means,
/// and a bound for those that nobody does.
const LOOKED_AT: usize = 64;

/// Goes from each chain to the spans of the next passage that are near it; of the chains that come to the same span,
/// those that cover no other one. The nearest chain is always among those looked at, so whatever can be reached is.
fn steps(
    from: &[Chain],
    to: &[Span],
    distance: u32,
    from_after: bool,
    from_before: bool,
) -> Vec<Chain> {
    let mut by_end = from.to_vec();
    by_end.sort_unstable_by_key(|c| (c.last.end, c.last.start));
    let mut by_start = from.to_vec();
    by_start.sort_unstable_by_key(|c| (c.last.start, c.last.end));
    let mut reached = Vec::new();
    for &span in to {
        let near = |c: &&Chain| c.last.distance(span).is_some_and(|d| d <= distance);
        let mut covered = Vec::new();
        if from_before {
            let before = &by_end[..by_end.partition_point(|c| c.last.end <= span.start)];
            let mut latest_start = None;
            for chain in before.iter().rev().take_while(near).take(LOOKED_AT) {
                // what is farther away starts no later
                if latest_start.is_some_and(|start| start >= chain.last.end) {
                    break;
                }
                let all = chain.all.and(span);
                if all.end == span.end {
                    latest_start = latest_start.max(Some(all.start));
                }
                covered.push(all);
            }
        }
        if from_after {
            let after = &by_start[by_start.partition_point(|c| c.last.start < span.end)..];
            let mut earliest_end = u32::MAX;
            for chain in after.iter().take_while(near).take(LOOKED_AT) {
                // what is farther away ends no earlier
                if earliest_end <= chain.last.start {
                    break;
                }
                let all = chain.all.and(span);
                if all.start == span.start {
                    earliest_end = earliest_end.min(all.end);
                }
                covered.push(all);
            }
        }
        let covered = narrowest(covered).into_iter();
        reached.extend(covered.map(|all| Chain { last: span, all }));
    }
    reached
}

fn distinct(chains: &[Chain]) -> Vec<Span> {
    in_order(chains.iter().map(|c| c.last).collect())
}

/// How many mentions spans are: those that begin at the same word are one.
pub(super) fn mentions(spans: &[Span]) -> usize {
    spans.chunk_by(|a, b| a.start == b.start).count()
}

/// Sorted, each once.
pub(super) fn in_order(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// Leaves out every span that holds another one.
fn narrowest(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable_by_key(|s| (s.end, std::cmp::Reverse(s.start)));
    let mut kept: Vec<Span> = Vec::new();
    for span in spans {
        if kept.last().is_none_or(|k| span.start > k.start) {
            kept.push(span);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(positions: &[u32]) -> Vec<Span> {
        let span = |&start: &u32| Span {
            start,
            end: start + 1,
        };
        positions.iter().map(span).collect()
    }

    fn pairs(spans: &[Span]) -> Vec<(u32, u32)> {
        spans.iter().map(|s| (s.start, s.end)).collect()
    }

    #[test]
    fn a_phrase_stands_at_neighbouring_positions() {
        let (a, b) = (at(&[0, 3, 7]), at(&[1, 5, 8]));
        assert_eq!(pairs(&phrase(&[&a, &b])), [(0, 2), (7, 9)]);
        assert!(phrase(&[&a, &at(&[])]).is_empty());
        assert!(phrase(&[]).is_empty());
    }

    #[test]
    fn neighbours_are_counted_from_end_to_start() {
        let (a, b) = (at(&[0]), at(&[5]));
        assert!(neighbours(&[&a, &b], 4, true).spans.is_empty());
        assert_eq!(pairs(&neighbours(&[&a, &b], 5, true).spans), [(0, 6)]);
        assert!(neighbours(&[&b, &a], 5, true).spans.is_empty());
        assert_eq!(pairs(&neighbours(&[&b, &a], 5, false).spans), [(0, 6)]);
    }

    #[test]
    fn one_mention_is_not_its_own_neighbour() {
        let a = at(&[4]);
        assert!(neighbours(&[&a, &a], 9, false).spans.is_empty());
        let twice = at(&[4, 6]);
        assert_eq!(
            pairs(&neighbours(&[&twice, &twice], 9, false).spans),
            [(4, 7)]
        );
    }

    #[test]
    fn a_chain_may_have_to_pass_by_the_nearest() {
        // from 0, the nearest second word is at 1, but only the one at 4 has the third near it
        let (a, b, c) = (at(&[0]), at(&[1, 4]), at(&[8]));
        let found = neighbours(&[&a, &b, &c], 4, true);
        assert_eq!(pairs(&found.spans), [(0, 9)]);
        assert_eq!(found.taking_part, [at(&[0]), at(&[4]), at(&[8])]);
    }

    #[test]
    fn far_mentions_take_no_part() {
        let found = neighbours(&[&at(&[0, 20, 50]), &at(&[22, 70])], 3, false);
        assert_eq!(found.taking_part, [at(&[20]), at(&[22])]);
    }

    proptest::proptest! {
        /// Every chain there is, tried one by one.
        #[test]
        fn whatever_is_near_is_found(
            a in proptest::collection::btree_set(0u32..30, 0..6),
            b in proptest::collection::btree_set(0u32..30, 0..6),
            c in proptest::collection::btree_set(0u32..30, 0..6),
            distance in 1u32..6,
            ordered: bool,
        ) {
            let [a, b, c] = [a, b, c].map(|s| at(&s.into_iter().collect::<Vec<_>>()));
            let near = |x: Span, y: Span| (!ordered || y.start >= x.end)
                && x.distance(y).is_some_and(|d| d <= distance);
            let mut taking_part = [const { Vec::new() }; 3];
            for &x in &a {
                for &y in &b {
                    for &z in &c {
                        if near(x, y) && near(y, z) {
                            for (part, span) in taking_part.iter_mut().zip([x, y, z]) {
                                part.push(span);
                            }
                        }
                    }
                }
            }
            let found = neighbours(&[&a, &b, &c], distance, ordered);
            proptest::prop_assert_eq!(found.spans.is_empty(), taking_part[0].is_empty());
            for (found, expected) in found.taking_part.into_iter().zip(taking_part) {
                proptest::prop_assert_eq!(found, in_order(expected));
            }
        }
    }
}
