//! Documents that have one of several terms, without positions.

use tantivy::{DocId, TERMINATED, schema::IndexRecordOption};

use super::{super::plan::Terms, Cursor, Node, Opening, postings::Postings, window::Window};

/// The union of posting lists.
pub(super) struct Docs {
    /// The longest first: it most often settles where the next document is.
    lists: Vec<Postings>,
    doc: DocId,
    cost: u64,
}

impl Docs {
    pub(super) fn open(opening: &Opening<'_>, terms: &[Terms]) -> tantivy::Result<Node> {
        let mut lists = Vec::new();
        for terms in terms {
            for info in &terms.found[opening.place] {
                lists.push(Postings::open(
                    opening.segment,
                    terms.field,
                    info,
                    IndexRecordOption::Basic,
                    &opening.damage,
                )?);
            }
        }
        if lists.is_empty() {
            return Ok(Node::Empty);
        }
        lists.sort_by_key(|l| std::cmp::Reverse(l.cost()));
        Ok(Node::Has(Self {
            doc: lists.iter().map(Cursor::doc).min().unwrap_or(TERMINATED),
            cost: lists.iter().map(Cursor::cost).sum(),
            lists,
        }))
    }

    pub(super) fn fill(&mut self, window: &mut Window) {
        for list in &mut self.lists {
            list.seek(window.start());
            list.mark(window);
        }
    }
}

impl Cursor for Docs {
    fn doc(&self) -> DocId {
        self.doc
    }

    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc {
            return self.doc;
        }
        self.doc = TERMINATED;
        for list in &mut self.lists {
            let doc = list.seek(target);
            self.doc = self.doc.min(doc);
            if doc == target {
                break;
            }
        }
        self.doc
    }

    fn cost(&self) -> u64 {
        self.cost
    }
}
