//! All of several conditions, or any of them.

use tantivy::{DocId, TERMINATED};

use super::{Cursor, Node};

/// Seeks the first document on which all cursors agree, the one that costs least leading.
///
/// `order` holds their places, the cheapest first.
#[inline]
pub(super) fn seek_all<C: Cursor>(cursors: &mut [C], order: &[usize], target: DocId) -> DocId {
    let Some((&first, others)) = order.split_first() else {
        return TERMINATED;
    };
    let mut candidate = target;
    'candidates: loop {
        candidate = cursors[first].seek(candidate);
        if candidate == TERMINATED {
            return TERMINATED;
        }
        for &other in others {
            let found = cursors[other].seek(candidate);
            if found > candidate {
                candidate = found;
                continue 'candidates;
            }
        }
        return candidate;
    }
}

/// The places of cursors, the one that costs least first.
pub(super) fn cheapest_first<C: Cursor>(cursors: &[C]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..cursors.len()).collect();
    order.sort_by_key(|&i| cursors[i].cost());
    order
}

/// All of these and none of those.
pub(super) struct All {
    must: Vec<Node>,
    order: Vec<usize>,
    not: Vec<Node>,
    doc: DocId,
}

/// All of these and none of those, with as few nodes as possible.
pub(super) fn all(mut must: Vec<Node>, not: Vec<Node>) -> Node {
    if must.iter().any(|n| matches!(n, Node::Empty)) {
        return Node::Empty;
    }
    if must.len() == 1 && not.is_empty() {
        return must.remove(0);
    }
    let order = cheapest_first(&must);
    Node::All(Box::new(All {
        doc: 0,
        order,
        must,
        not,
    }))
}

impl Cursor for All {
    fn doc(&self) -> DocId {
        self.doc
    }

    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
        self.doc = seek_all(&mut self.must, &self.order, target);
        self.doc
    }

    fn cost(&self) -> u64 {
        self.order.first().map_or(0, |&i| self.must[i].cost())
    }
}

impl All {
    #[inline]
    pub(super) fn confirm(&mut self) -> bool {
        self.must.iter_mut().all(Node::confirm)
            && !self
                .not
                .iter_mut()
                .any(|n| n.seek(self.doc) == self.doc && n.confirm())
    }

    #[inline]
    pub(super) fn score(&mut self) -> f32 {
        self.must.iter_mut().map(Node::score).sum()
    }
}

/// At least one of these.
pub(super) struct Any {
    nodes: Vec<Node>,
    scored: bool,
    score: f32,
    doc: DocId,
}

/// At least one of these, with as few nodes as possible.
pub(super) fn any(mut nodes: Vec<Node>, scored: bool) -> Node {
    match nodes.len() {
        0 => Node::Empty,
        1 => nodes.remove(0),
        _ => Node::Any(Box::new(Any {
            doc: 0,
            scored,
            score: 0.0,
            nodes,
        })),
    }
}

impl Cursor for Any {
    fn doc(&self) -> DocId {
        self.doc
    }

    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
        self.doc = self
            .nodes
            .iter_mut()
            .map(|n| n.seek(target))
            .min()
            .unwrap_or(TERMINATED);
        self.doc
    }

    fn cost(&self) -> u64 {
        self.nodes.iter().map(Node::cost).sum()
    }
}

impl Any {
    pub(super) fn confirm(&mut self) -> bool {
        let doc = self.doc;
        let mut here = self.nodes.iter_mut().filter(|n| n.doc() == doc);
        if !self.scored {
            return here.any(Node::confirm);
        }
        // a sum in the order of the question, of those that really match
        let mut sum = None;
        for node in here {
            if node.confirm() {
                sum = Some(sum.unwrap_or(0.0) + node.score());
            }
        }
        self.score = sum.unwrap_or(0.0);
        sum.is_some()
    }

    pub(super) fn score(&self) -> f32 {
        self.score
    }
}
