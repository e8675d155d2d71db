//! All of several conditions, or any of them.

use tantivy::{DocId, TERMINATED};

use super::{Cursor, Node, window::Window};

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
    /// One for each of `must` once windows are filled.
    windows: Vec<Window>,
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
        windows: Vec::new(),
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
        let mut sum = 0.0;
        for node in &mut self.must {
            sum += node.score();
        }
        sum
    }

    /// Whether no condition takes positions or columns.
    pub(super) fn is_cheap(&self) -> bool {
        self.must.iter().all(Node::is_cheap) && self.not.is_empty()
    }

    /// Whether the cheap conditions have lists so much alike in length that seeking in the longer ones saves nothing: a
    /// seek costs about as much as going through this many documents.
    pub(super) fn is_dense(&self) -> bool {
        const SEEK: u64 = 12;
        let cheap = self.must.iter().filter(|n| n.is_cheap());
        let (count, sum) = cheap.fold((0, 0), |(n, sum), node| (n + 1, sum + node.cost()));
        match count {
            0 => false,
            1 => true,
            _ => sum <= self.cost() * SEEK * (count - 1),
        }
    }

    /// The other conditions are looked at for the documents that the cheap ones leave.
    pub(super) fn fill(&mut self, window: &mut Window) {
        self.windows.resize_with(self.must.len(), Window::new);
        for part in &mut self.windows {
            part.move_with(window);
        }
        let mut first = true;
        for &place in &self.order {
            let (node, part) = (&mut self.must[place], &mut self.windows[place]);
            if !node.is_cheap() {
                continue;
            }
            node.seek(window.start());
            if !first {
                part.ask_for(window);
            }
            node.fill(part);
            if first {
                window.mark_all(part);
                first = false;
            } else {
                window.keep(part);
            }
            if window.is_empty() {
                return;
            }
        }
        for (node, part) in self.must.iter_mut().zip(&mut self.windows) {
            if !node.is_cheap() {
                window.retain(|doc| {
                    let is_there = node.seek(doc) == doc && node.confirm();
                    if is_there {
                        part.set(doc, node.score());
                    }
                    is_there
                });
            }
        }
        for node in &mut self.not {
            window.retain(|doc| !(node.seek(doc) == doc && node.confirm()));
        }
        window.clear_values();
        for (node, part) in self.must.iter().zip(&self.windows) {
            let is_cheap = node.is_cheap();
            window.add_scores(part, |value| {
                if is_cheap {
                    node.score_of(value)
                } else {
                    value
                }
            });
        }
    }
}

/// At least one of these.
pub(super) struct Any {
    nodes: Vec<Node>,
    scored: bool,
    score: f32,
    doc: DocId,
    /// One for each of the nodes once windows are filled.
    windows: Vec<Window>,
}

/// At least one of these, with as few nodes as possible.
pub(super) fn any(mut nodes: Vec<Node>, scored: bool) -> Node {
    nodes.retain(|n| !matches!(n, Node::Empty));
    match nodes.len() {
        0 => Node::Empty,
        1 => nodes.remove(0),
        _ => Node::Any(Box::new(Any {
            doc: 0,
            scored,
            score: 0.0,
            nodes,
            windows: Vec::new(),
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

    /// Whether no node takes positions or columns.
    pub(super) fn is_cheap(&self) -> bool {
        self.nodes.iter().all(Node::is_cheap)
    }

    /// Whether filling windows is faster for all nodes together.
    pub(super) fn is_dense(&self) -> bool {
        self.nodes.iter().all(Node::can_fill)
    }

    pub(super) fn fill(&mut self, window: &mut Window) {
        self.windows.resize_with(self.nodes.len(), Window::new);
        for (node, part) in self.nodes.iter_mut().zip(&mut self.windows) {
            part.move_with(window);
            node.seek(window.start());
            node.fill(part);
            window.mark_all(part);
            window.add_scores(part, |value| node.score_of(value));
        }
    }
}
