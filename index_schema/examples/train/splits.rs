//! Trains the splitter: uses of words as parts of compounds, and weights.

use std::collections::{BTreeMap, BTreeSet};

use index_schema::danish::compounds::{self, Link, Segment, stem_len};
use index_schema::danish::facts::{FactsWriter, FormFacts, quantise};
use index_schema::danish::lemma;
use index_schema::danish::model::{Model, Tables};
use index_schema::danish::spelled::Spelled;
use index_schema::danish::strings::write_strings;

use crate::Lists;
use crate::data::Gold;
use crate::lemmas::LemmaTables;
use crate::weights::{Instance, fit};

/// Uses of words as parts.
#[derive(Default)]
pub(crate) struct Uses {
    left: BTreeMap<String, [f64; 3]>,
    right: BTreeMap<String, f64>,
    /// Words that are compounds themselves.
    compounds: BTreeSet<String>,
    /// Four letters: how often a boundary is in their middle, and how often none.
    places: BTreeMap<String, [f64; 2]>,
}

fn stem(form: &str) -> String {
    let letters: Vec<char> = form.chars().collect();
    letters[..stem_len(&letters)].iter().collect()
}

/// First guess: every cut into two seen words counts.
fn guess(lists: &Lists) -> Uses {
    let marked = |word: &str, kind: u8| lists.marks.get(word).is_some_and(|m| m & kind != 0);
    let parts: BTreeSet<&str> = lists
        .vocabulary
        .iter()
        .filter(|(w, s)| {
            w.chars().count() >= 3
                && s.count >= 2.0
                && !marked(w, FormFacts::FUNCTION | FormFacts::SUFFIX)
        })
        .map(|(w, _)| w.as_str())
        .collect();
    let mut uses = Uses::default();
    for word in lists.vocabulary.keys() {
        let ends: Vec<usize> = word.char_indices().map(|(i, _)| i).collect();
        if ends.len() < 6 {
            continue;
        }
        for &at in &ends[3..ends.len() - 2] {
            let (left, right) = word.split_at(at);
            if !parts.contains(right) {
                continue;
            }
            let mut count = |base: &str, link: usize| {
                uses.left.entry(base.to_owned()).or_default()[link] += 1.0;
                *uses.right.entry(stem(right)).or_default() += 1.0;
            };
            if parts.contains(left) && !marked(left, FormFacts::PREFIX) {
                count(left, 0);
            }
            if let Some(base) = left.strip_suffix('s').filter(|b| b.chars().count() > 2) {
                if parts.contains(base) {
                    count(base, 1);
                } else if parts.contains(format!("{base}e").as_str()) {
                    count(&format!("{base}e"), 1);
                }
            }
            if let Some(base) = left.strip_suffix('e').filter(|b| b.chars().count() > 2)
                && parts.contains(base)
            {
                count(base, 2);
            }
        }
    }
    uses
}

/// Better: the cuts that a first model makes in the vocabulary.
fn reread(lists: &Lists, model: &Model<'_>) -> Uses {
    let mut uses = Uses::default();
    for word in lists.vocabulary.keys() {
        let Some(spelled) = Spelled::new(word) else {
            continue;
        };
        let segments = compounds::split(model, &spelled);
        let Some((head, lefts)) = segments.split_last() else {
            continue;
        };
        if compounds::is_compound(model, &spelled) {
            uses.compounds.insert(word.clone());
        }
        let n = spelled.len();
        for at in 2..n.saturating_sub(1) {
            let cut = segments.iter().any(|s| s.from == at);
            uses.places.entry(spelled.text(at - 2, at + 2)).or_default()[usize::from(!cut)] += 1.0;
        }
        if lefts.is_empty() {
            continue;
        }
        *uses
            .right
            .entry(stem(&spelled.text(head.from, head.to)))
            .or_default() += 1.0;
        for s in lefts {
            let mut base = spelled.text(s.from, s.to - s.link.letters());
            if s.link == Link::S && !lists.vocabulary.contains_key(&base) || s.link == Link::LostE {
                base.push('e');
            }
            let link = match s.link {
                Link::S => 1,
                Link::E => 2,
                _ => 0,
            };
            uses.left.entry(base).or_default()[link] += 1.0;
        }
    }
    uses
}

/// The facts, with uses as parts filled in.
fn facts(lists: &Lists, base: &FactsWriter, uses: &Uses) -> FactsWriter {
    let mut facts = base.clone();
    let mut stems: BTreeMap<String, f64> = BTreeMap::new();
    for (form, seen) in &lists.vocabulary {
        *stems.entry(stem(form)).or_default() += seen.count;
        let left = uses.left.get(form).copied().unwrap_or_default();
        facts.form(
            form,
            FormFacts {
                count: quantise(seen.count),
                marks: lists.marks.get(form).copied().unwrap_or(0)
                    | if seen.name { FormFacts::NAME } else { 0 }
                    | if uses.compounds.contains(form) {
                        FormFacts::COMPOUND
                    } else {
                        0
                    },
                left: left.map(quantise),
                right: 0,
            },
        );
    }
    let (cuts, others) = uses
        .places
        .values()
        .fold((1.0, 1.0), |(c, o), p| (c + p[0], o + p[1]));
    for (letters, [cut, other]) in &uses.places {
        // Letters seen rarely say little: they are drawn towards the mean.
        let odds = ((cut + 2.0 * cuts / others) / (other + 2.0)).ln() - (cuts / others).ln();
        facts.boundary(letters, odds);
    }
    for (stem, count) in &stems {
        let head = uses.right.get(stem).copied().unwrap_or(0.0);
        facts.stem(stem, quantise(*count), quantise(head));
    }
    facts
}

/// The tables of the splitter.
#[derive(Debug, Default)]
pub(crate) struct SplitTables {
    pub(crate) facts: Vec<u8>,
    pub(crate) weights: Vec<u8>,
}

impl SplitTables {
    pub(crate) fn tables<'a>(&'a self, lemmas: &'a LemmaTables) -> Tables<'a> {
        Tables {
            facts: &self.facts,
            split_weights: &self.weights,
            ..lemmas.tables()
        }
    }
}

fn right(gold: &Gold, segments: &[Segment]) -> bool {
    let cuts: Vec<usize> = segments.iter().skip(1).map(|s| s.from).collect();
    gold.must.iter().all(|m| cuts.contains(m))
        && cuts
            .iter()
            .all(|c| gold.must.contains(c) || gold.may.contains(c))
}

pub(crate) fn train(gold: &[&Gold], lists: &Lists, lemmas: &LemmaTables) -> SplitTables {
    let mut tables = SplitTables::default();
    let mut uses = guess(lists);
    for round in 0..lists.split_rounds {
        tables.facts = facts(lists, &lemmas.facts_writer, &uses).finish();
        tables.weights = {
            let shared = tables.tables(lemmas);
            let model = Model::read(&shared);
            let mut instances = Vec::new();
            let mut missing = 0;
            for row in gold {
                let Some(spelled) = Spelled::new(&row.word) else {
                    continue;
                };
                let mut instance = Instance {
                    weight: if row.must.is_empty() {
                        lists.whole_weight
                    } else {
                        1.0
                    },
                    ..Instance::default()
                };
                compounds::segmentations(&model, &spelled, |segments, signs| {
                    instance.push(signs.iter().copied(), right(row, segments));
                });
                missing += usize::from(!instance.candidates.iter().any(|c| c.1));
                instances.push(instance);
            }
            eprintln!(
                "splits, round {round}: no right way for {missing} of {}",
                gold.len()
            );
            fit(&instances, compounds::SIGNS, 60, lists.split_l2)
                .iter()
                .flat_map(|w| w.to_le_bytes())
                .collect()
        };
        if round + 1 < lists.split_rounds {
            let shared = tables.tables(lemmas);
            uses = reread(lists, &Model::read(&shared));
        }
    }
    tables
}

/// The table of known compounds: for each boundary its place and the letters of the linking element before it.
pub(crate) fn known(gold: &[Gold], model: &Model<'_>) -> Vec<u8> {
    let mut entries: BTreeMap<String, Vec<u8>> = gold
        .iter()
        .map(|row| {
            let cuts = row
                .must
                .iter()
                .flat_map(|at| [*at as u8, row.links.get(at).copied().unwrap_or(0) as u8])
                .collect();
            (row.word.clone(), cuts)
        })
        .collect();
    for row in gold {
        let token = lemma::lemma(model, &row.word).0;
        // The token must begin like the word, so that the cuts fit.
        let last = row.must.last().copied().unwrap_or(0);
        let head = |w: &str| w.chars().take(last).collect::<String>();
        if head(&token) == head(&row.word) {
            let cuts = entries[&row.word].clone();
            entries.entry(format!("={token}")).or_insert(cuts);
        }
    }
    write_strings(&entries)
}
