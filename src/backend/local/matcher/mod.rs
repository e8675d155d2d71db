//! A plan put to one segment: which documents match, and how well.
//!
//! Matching has two steps. [`Cursor::seek`] walks over the candidates, reading document numbers only; [`Node::confirm`]
//! does what is dearer, such as reading positions, for the candidates on which all other conditions agree. Scores are
//! added up in the order of the question, not in that of the segment's list lengths: the same document has the same score
//! to the last bit in whichever segment it lies.

mod connect;
mod dates;
mod docs;
mod expanded;
mod lists;
mod near;
mod passage;
mod postings;
mod spans;
mod window;
mod word;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tantivy::{DocId, SegmentReader, TERMINATED, TantivyError, fieldnorm::FieldNormReader};

use self::{
    connect::{All, Any},
    dates::{Dates, Embargo},
    docs::Docs,
    expanded::Expanded,
    passage::Passage,
    window::Window,
    word::Word,
};
use super::{
    alive::Alive,
    kept::Columns,
    plan::{Condition, Plan},
};

/// Walks over documents in order.
trait Cursor {
    /// The document it stands on; [`TERMINATED`] after the last.
    fn doc(&self) -> DocId;

    /// Goes to the first document at or after `target`; stays if it is there or further.
    fn seek(&mut self, target: DocId) -> DocId;

    /// About how many documents it walks over.
    fn cost(&self) -> u64;
}

/// One condition in one segment.
enum Node {
    Empty,
    Has(Docs),
    Word(Box<Word>),
    Passage(Box<Passage>),
    Expanded(Expanded),
    Dates(Box<Dates>),
    Embargo(Box<Embargo>),
    All(Box<All>),
    Any(Box<Any>),
}

impl Cursor for Node {
    #[inline]
    fn doc(&self) -> DocId {
        match self {
            Self::Empty => TERMINATED,
            Self::Word(n) => n.doc(),
            Self::Has(n) => n.doc(),
            Self::Passage(n) => n.doc(),
            Self::Expanded(n) => n.doc(),
            Self::Dates(n) => n.doc(),
            Self::Embargo(n) => n.doc(),
            Self::All(n) => n.doc(),
            Self::Any(n) => n.doc(),
        }
    }

    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
        match self {
            Self::Empty => TERMINATED,
            Self::Word(n) => n.seek(target),
            Self::Has(n) => n.seek(target),
            Self::Passage(n) => n.seek(target),
            Self::Expanded(n) => n.seek(target),
            Self::Dates(n) => n.seek(target),
            Self::Embargo(n) => n.seek(target),
            Self::All(n) => n.seek(target),
            Self::Any(n) => n.seek(target),
        }
    }

    fn cost(&self) -> u64 {
        match self {
            Self::Empty => 0,
            Self::Word(n) => n.cost(),
            Self::Has(n) => n.cost(),
            Self::Passage(n) => n.cost(),
            Self::Expanded(n) => n.cost(),
            Self::Dates(n) => n.cost(),
            Self::Embargo(n) => n.cost(),
            Self::All(n) => n.cost(),
            Self::Any(n) => n.cost(),
        }
    }
}

impl Node {
    /// Whether the document it stands on really matches.
    #[inline]
    fn confirm(&mut self) -> bool {
        match self {
            Self::Empty => false,
            Self::Has(_) | Self::Expanded(_) => true,
            Self::Word(n) => n.confirm(),
            Self::Passage(n) => n.confirm(),
            Self::Dates(n) => n.confirm(),
            Self::Embargo(n) => n.confirm(),
            Self::All(n) => n.confirm(),
            Self::Any(n) => n.confirm(),
        }
    }

    /// How well the document that it stands on matches; only after [`confirm`](Self::confirm) said yes.
    #[inline]
    fn score(&mut self) -> f32 {
        match self {
            Self::Empty | Self::Has(_) | Self::Dates(_) | Self::Embargo(_) => 0.0,
            Self::Word(n) => n.score(),
            Self::Passage(n) => n.score(),
            Self::Expanded(n) => n.score(),
            Self::All(n) => n.score(),
            Self::Any(n) => n.score(),
        }
    }
}

/// From so many documents on it pays to answer whole windows; in tests, small archives go both ways.
const MANY: u64 = if cfg!(test) { 4 } else { 96 };

impl Node {
    /// Whether it takes neither positions nor columns, only lists of documents.
    fn is_cheap(&self) -> bool {
        match self {
            Self::Has(_) | Self::Expanded(_) => true,
            Self::Word(n) => n.is_cheap(),
            Self::All(n) => n.is_cheap(),
            Self::Any(n) => n.is_cheap(),
            Self::Empty | Self::Passage(_) | Self::Dates(_) | Self::Embargo(_) => false,
        }
    }

    /// Whether windows of it can be filled.
    fn can_fill(&self) -> bool {
        match self {
            Self::Word(_) | Self::Passage(_) => true,
            Self::All(n) => n.is_dense(),
            Self::Any(n) => n.is_dense(),
            _ => self.is_cheap(),
        }
    }

    /// Whether filling windows is faster than going from document to document.
    fn is_dense(&self) -> bool {
        self.can_fill()
            && match self {
                Self::Passage(n) => n.is_dense(),
                _ => self.cost() >= MANY,
            }
    }

    /// Marks the documents of an empty window that it must not be behind, and leaves a value for each: of a word or
    /// passage the weighed mentions, of anything else the score.
    fn fill(&mut self, window: &mut Window) {
        match self {
            Self::Has(n) => n.fill(window),
            Self::Word(n) => n.fill(window),
            Self::Expanded(n) => n.fill(window),
            Self::All(n) => n.fill(window),
            Self::Any(n) => n.fill(window),
            Self::Passage(n) => n.fill(window),
            Self::Empty | Self::Dates(_) | Self::Embargo(_) => {}
        }
    }

    /// What a value that [`fill`](Self::fill) left scores.
    #[inline]
    fn score_of(&self, value: f32) -> f32 {
        match self {
            Self::Word(n) => n.score_of(value),
            Self::Passage(n) => n.score_of(value),
            _ => value,
        }
    }

    /// What a value must at least be for such a score; rather too little than too much.
    fn value_for(&self, score: f32) -> f32 {
        match self {
            Self::Word(n) => n.mentions_for(score),
            Self::Passage(n) => n.mentions_for(score),
            _ => score,
        }
    }
}

/// Takes the documents that match.
pub(super) trait Receiver {
    /// Scores below this one are of no use.
    fn least(&self) -> f32;

    /// Takes a document and its score.
    fn take(&mut self, doc: DocId, score: f32);
}

/// Has no use for any document.
struct Nobody;

impl Receiver for Nobody {
    fn least(&self) -> f32 {
        f32::INFINITY
    }

    fn take(&mut self, _: DocId, _: f32) {}
}

/// What lists share to say that they are not what was written.
#[derive(Clone, Default)]
struct Damage(Arc<AtomicBool>);

impl Damage {
    fn found(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A whole question in one segment: stands on documents that match.
pub(super) struct Matcher {
    root: Node,
    doc: DocId,
    alive: Option<Arc<Alive>>,
    damage: Damage,
}

impl Matcher {
    /// Opens the lists of a segment; stands on the first document that matches.
    pub(super) fn open(
        plan: &Plan,
        segment: &SegmentReader,
        scored: bool,
    ) -> tantivy::Result<Self> {
        let place = plan.place(segment.segment_id())?;
        let mut opening = Opening {
            plan,
            segment,
            place,
            scored,
            norms: vec![None; plan.zones.len()],
            damage: Damage::default(),
        };
        let mut root = opening.node(&plan.root)?;
        if let Some(now) = plan.embargoed_at
            && let Some(embargo) = Embargo::open(segment, opening.columns()?, now)
        {
            root = connect::all(vec![root, Node::Embargo(Box::new(embargo))], Vec::new());
        }
        let mut matcher = Self {
            root,
            doc: 0,
            alive: opening.columns()?.alive.clone(),
            damage: opening.damage,
        };
        matcher.find(0);
        Ok(matcher)
    }

    /// The document it stands on; [`TERMINATED`] after the last.
    #[inline]
    pub(super) fn doc(&self) -> DocId {
        self.doc
    }

    /// Goes on to the next document.
    #[inline]
    pub(super) fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        self.find(self.doc + 1)
    }

    /// Goes to the first document at or after `target`.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc {
            return self.doc;
        }
        self.find(target)
    }

    /// How well the document matches.
    #[inline]
    pub(super) fn score(&mut self) -> f32 {
        self.root.score()
    }

    /// About how many documents match.
    pub(super) fn cost(&self) -> u64 {
        self.root.cost()
    }

    /// Hands over the documents that match and are not deleted, with their scores, except such as the receiver has no
    /// use for; returns how many match.
    ///
    /// # Errors
    ///
    /// Fails if the lists are not what was written: then some documents may not have been handed over.
    pub(super) fn each(mut self, to: &mut impl Receiver) -> tantivy::Result<u64> {
        let alive = self.alive.take();
        let mut count = 0;
        if self.root.is_dense() {
            let mut window = Window::new();
            let mut doc = self.root.seek(self.doc);
            while doc != TERMINATED {
                window.move_to(doc);
                self.root.fill(&mut window);
                if let Some(alive) = &alive {
                    window.keep_words(alive.words(window.base()));
                }
                count += window.len();
                let least = to.least();
                if least.is_finite() {
                    window.each_from(self.root.value_for(least), |doc, value| {
                        to.take(doc, self.root.score_of(value));
                    });
                }
                doc = self.root.seek(window.end());
            }
        } else {
            while self.doc != TERMINATED {
                if alive.as_ref().is_none_or(|a| a.has(self.doc)) {
                    count += 1;
                    to.take(self.doc, self.root.score());
                }
                self.advance();
            }
        }
        self.sound()?;
        Ok(count)
    }

    /// How many documents match and are not deleted.
    ///
    /// # Errors
    ///
    /// Fails if the lists are not what was written.
    pub(super) fn count(self) -> tantivy::Result<u64> {
        self.each(&mut Nobody)
    }

    /// # Errors
    ///
    /// Fails if a list has turned out not to be what was written.
    pub(super) fn sound(&self) -> tantivy::Result<()> {
        if self.damage.0.load(Ordering::Relaxed) {
            return Err(TantivyError::InternalError(
                "a posting list is not sorted".to_owned(),
            ));
        }
        Ok(())
    }

    #[inline]
    fn find(&mut self, mut target: DocId) -> DocId {
        loop {
            self.doc = self.root.seek(target);
            if self.doc == TERMINATED || self.root.confirm() {
                return self.doc;
            }
            target = self.doc + 1;
        }
    }
}

/// How long a zone's texts are, and what a mention in one of such length counts.
#[derive(Clone)]
struct Norms {
    reader: FieldNormReader,
    scale: Arc<[f32; 256]>,
}

impl Norms {
    #[inline]
    fn scale(&self, doc: DocId) -> f32 {
        self.scale[usize::from(self.reader.fieldnorm_id(doc))]
    }
}

struct Opening<'a> {
    plan: &'a Plan,
    segment: &'a SegmentReader,
    /// The segment's place in the lists of terms.
    place: usize,
    scored: bool,
    norms: Vec<Option<Norms>>,
    damage: Damage,
}

impl Opening<'_> {
    fn node(&mut self, condition: &Condition) -> tantivy::Result<Node> {
        Ok(match condition {
            Condition::Nothing => Node::Empty,
            Condition::Word(word) => Word::open(self, word)?,
            Condition::Passage(passage) => Passage::open(self, passage)?
                .map_or(Node::Empty, |passage| Node::Passage(Box::new(passage))),
            Condition::Expanded { headline, body } => Expanded::open(self, headline, body)?,
            Condition::Has(terms) => Docs::open(self, terms)?,
            Condition::Date(span) => Dates::open(self.segment, self.columns()?, *span),
            Condition::All { must, not } => {
                let mut nodes = Vec::with_capacity(must.len());
                for condition in must {
                    match self.node(condition)? {
                        Node::Empty => return Ok(Node::Empty),
                        node => nodes.push(node),
                    }
                }
                let mut without = Vec::with_capacity(not.len());
                for condition in not {
                    match self.node(condition)? {
                        Node::Empty => {}
                        node => without.push(node),
                    }
                }
                connect::all(nodes, without)
            }
            Condition::Any(conditions) => {
                let mut nodes = Vec::with_capacity(conditions.len());
                for condition in conditions {
                    match self.node(condition)? {
                        Node::Empty => {}
                        node => nodes.push(node),
                    }
                }
                connect::any(nodes, self.scored)
            }
        })
    }

    fn columns(&self) -> tantivy::Result<&Columns> {
        self.plan
            .columns
            .get(self.place)
            .ok_or_else(|| TantivyError::InternalError("a segment without its columns".to_owned()))
    }

    /// The norms of a zone: those of its exact field, which has a term for each word.
    fn norms(&mut self, zone: usize) -> tantivy::Result<Norms> {
        if let Some(norms) = &self.norms[zone] {
            return Ok(norms.clone());
        }
        let Some(told) = self.plan.zones.get(zone) else {
            let sentence = "a zone that the plan does not have".to_owned();
            return Err(tantivy::TantivyError::InvalidArgument(sentence));
        };
        let norms = Norms {
            reader: self.segment.get_fieldnorms_reader(told.fields.exact)?,
            scale: Arc::clone(&told.scale),
        };
        self.norms[zone] = Some(norms.clone());
        Ok(norms)
    }
}
