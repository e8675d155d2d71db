//! Trains the main token: suffix rules, supports and weights.

use std::collections::{BTreeMap, HashMap, HashSet};

use index_schema::danish::choice;
use index_schema::danish::facts::{FactsWriter, FormFacts, LemmaFacts, quantise};
use index_schema::danish::lemma;
use index_schema::danish::model::{Model, Tables};
use index_schema::danish::spelled::Spelled;
use index_schema::danish::suffixes::{MAX_SUFFIX, MAX_WAYS, Way, write_suffixes};

use crate::Lists;
use crate::data::{Row, Seen, part};
use crate::lexicon::lexicon;
use crate::weights::{Instance, fit};

/// How many forms a suffix must be seen in before it outweighs the shorter one.
const KAPPA: f64 = 2.0;

/// The tables of the main token, and what the splitter's trainer wants to know of forms.
#[derive(Debug, Default)]
pub(crate) struct LemmaTables {
    pub(crate) lexicon: Vec<u8>,
    pub(crate) suffixes: Vec<u8>,
    pub(crate) weights: Vec<u8>,
    pub(crate) facts: Vec<u8>,
    pub(crate) facts_writer: FactsWriter,
}

impl LemmaTables {
    pub(crate) fn tables(&self) -> Tables<'_> {
        Tables {
            facts: &self.facts,
            lexicon: &self.lexicon,
            suffixes: &self.suffixes,
            lemma_weights: &self.weights,
            ..Tables::default()
        }
    }

    pub(crate) fn model(&self) -> Model<'_> {
        Model::read(&self.tables())
    }
}

/// Cuts letters off a form and adds an ending; told apart by what is cut, too.
type Change = (String, String);

fn change(form: &str, to: &str) -> Change {
    // væggen: only -en is cut off; that the doubled consonant goes with it is no matter of the rule.
    let doubled = to.chars().next_back().map(|last| format!("{to}{last}"));
    // vaffel: -el becomes -l, whatever is doubled before it.
    let before = ["l", "n", "r"].iter().find_map(|last| {
        let stem = to.strip_suffix(last)?;
        let double = format!("{stem}{}", stem.chars().next_back()?);
        (lemma::is_consonant_end(stem) && form.strip_prefix(double.as_str())?.starts_with('e'))
            .then(|| format!("{double}{last}"))
    });
    let to = match (&doubled, &before) {
        (Some(doubled), _) if form.starts_with(doubled) && lemma::is_consonant_end(to) => doubled,
        (_, Some(before)) => before,
        _ => to,
    };
    let same: usize = form
        .chars()
        .zip(to.chars())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    (form[same..].to_owned(), to[same..].to_owned())
}

/// The rules, by number, and how the suffixes choose among them.
struct Rules {
    numbers: Vec<Change>,
    table: Vec<u8>,
}

fn count_suffixes(rows: &[&Row]) -> Rules {
    let mut seen: BTreeMap<Change, f64> = BTreeMap::new();
    let changes = |row: &Row| -> Vec<Change> {
        row.lemmas
            .iter()
            .map(|(l, _)| change(&row.form, l))
            .filter(|(cut, add)| {
                cut.chars().count() <= 7 && add.chars().count() <= 4 && add.len() <= 9
            })
            .collect()
    };
    for row in rows {
        for c in changes(row) {
            *seen.entry(c).or_default() += 1.0 / row.lemmas.len() as f64;
        }
    }
    let mut numbers: Vec<(Change, f64)> = seen.into_iter().filter(|(_, n)| *n >= 4.0).collect();
    numbers.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    numbers.truncate(250);
    let numbers: Vec<Change> = numbers.into_iter().map(|(c, _)| c).collect();
    let number_of: HashMap<&Change, u8> = numbers.iter().zip(0..=u8::MAX).collect();
    let mut counts: BTreeMap<String, BTreeMap<u8, f64>> = BTreeMap::new();
    for row in rows {
        let letters: Vec<char> = row.form.chars().collect();
        for c in changes(row) {
            let Some(&number) = number_of.get(&c) else {
                continue;
            };
            for len in c.0.chars().count()..=MAX_SUFFIX.min(letters.len()) {
                let suffix: String = letters[letters.len() - len..].iter().collect();
                *counts.entry(suffix).or_default().entry(number).or_default() +=
                    1.0 / row.lemmas.len() as f64;
            }
        }
    }
    // From short to long, each suffix mixes what was seen behind it with what the shorter one says.
    let mut order: Vec<&String> = counts.keys().collect();
    order.sort_by_key(|s| (s.chars().count(), s.as_str()));
    let mut mixed: HashMap<&str, BTreeMap<u8, f64>> = HashMap::new();
    for suffix in order {
        let seen = &counts[suffix];
        let total: f64 = seen.values().sum();
        let trust = total / (total + KAPPA);
        let mut shares: BTreeMap<u8, f64> = BTreeMap::new();
        let mut shorter = suffix.chars();
        if shorter.next().is_some()
            && let Some(below) = mixed.get(shorter.as_str())
        {
            for (&rule, share) in below {
                shares.insert(rule, share * (1.0 - trust));
            }
        }
        for (&rule, n) in seen {
            *shares.entry(rule).or_default() += trust * n / total;
        }
        mixed.insert(suffix, shares);
    }
    let ways = |shares: &BTreeMap<u8, f64>| -> Vec<Way> {
        let mut ways: Vec<Way> = shares
            .iter()
            .filter(|(_, p)| **p > 0.008)
            .map(|(&rule, p)| Way {
                rule,
                cost: (-16.0 * p.ln()).round().clamp(0.0, 255.0) as u8,
            })
            .collect();
        ways.sort_by_key(|w| (w.cost, w.rule));
        ways.truncate(MAX_WAYS);
        ways
    };
    let table: BTreeMap<String, Vec<Way>> = mixed
        .iter()
        .map(|(suffix, shares)| ((*suffix).to_owned(), ways(shares)))
        .collect();
    // A suffix that says what the shorter one says is not needed.
    let kept: BTreeMap<String, Vec<Way>> = table
        .iter()
        .filter(|(suffix, ways)| {
            let mut shorter = suffix.chars();
            shorter.next();
            suffix.is_empty() || table.get(shorter.as_str()) != Some(ways)
        })
        .map(|(s, w)| (s.clone(), w.clone()))
        .collect();
    let rules: Vec<(usize, String)> = numbers
        .iter()
        .map(|(cut, add)| (cut.chars().count(), add.clone()))
        .collect();
    Rules {
        table: write_suffixes(&rules, &kept),
        numbers,
    }
}

/// Supports: which lemmas the vocabulary speaks for.
fn supports(rows: &[&Row], lists: &Lists, tables: &mut LemmaTables, weighted: bool) {
    let (lexicon, weights, known) = lexicon(rows, lists);
    tables.lexicon = lexicon;
    let mut facts = FactsWriter::default();
    for (form, seen) in &lists.vocabulary {
        facts.form(form, form_facts(seen));
    }
    for form in &known {
        facts.known(form);
    }
    let mut soft: BTreeMap<String, f64> = BTreeMap::new();
    let mut choices: Vec<Vec<(String, f64)>> = Vec::new();
    {
        let empty = LemmaTables {
            suffixes: tables.suffixes.clone(),
            ..LemmaTables::default()
        };
        let model = empty.model();
        for form in lists.vocabulary.keys() {
            if known.contains(form) {
                continue;
            }
            let Some(spelled) = Spelled::new(form) else {
                continue;
            };
            let mut ways = Vec::new();
            choice::candidates(&model, &spelled, |c| {
                let p = f64::from(c.signs[0].1).exp();
                ways.push((lemma::apply(form, c.rule), p));
            });
            for (lemma, p) in &ways {
                *soft.entry(lemma.clone()).or_default() += p;
            }
            choices.push(ways);
        }
    }
    let mut hard: BTreeMap<String, f64> = BTreeMap::new();
    for ways in &choices {
        let best = ways.iter().max_by(|a, b| {
            let score = |w: &(String, f64)| w.1.ln() + 4.0 * (soft[&w.0] + 0.3).ln();
            score(a).total_cmp(&score(b)).then_with(|| a.0.cmp(&b.0))
        });
        if let Some((lemma, _)) = best {
            *hard.entry(lemma.clone()).or_default() += 1.0;
        }
    }
    let mut finish = |hard: &BTreeMap<String, f64>| {
        let mut lemmas: BTreeMap<String, LemmaFacts> = BTreeMap::new();
        for (lemma, n) in &soft {
            if *n >= 0.2 {
                lemmas.entry(lemma.clone()).or_default().soft = quantise(*n * 4.0);
            }
        }
        for (lemma, n) in hard {
            lemmas.entry(lemma.clone()).or_default().hard = quantise(*n * 4.0);
        }
        for (lemma, (n, classes)) in &weights {
            let facts = lemmas.entry(lemma.clone()).or_default();
            facts.lexicon = quantise(*n).max(1);
            facts.classes = *classes;
        }
        for (lemma, f) in lemmas {
            facts.lemma(&lemma, f);
        }
        facts.finish()
    };
    tables.facts = finish(if weighted { &hard } else { &soft });
    if weighted {
        // What each unknown form of the vocabulary says of its lemmas; then the forms agree among themselves.
        let mut choices: Vec<Vec<(String, f64)>> = Vec::new();
        let model = tables.model();
        for form in lists.vocabulary.keys() {
            if known.contains(form) {
                continue;
            }
            let Some(spelled) = Spelled::new(form) else {
                continue;
            };
            let mut ways: Vec<(String, f64)> = Vec::new();
            choice::candidates(&model, &spelled, |c| {
                ways.push((lemma::apply(form, c.rule), f64::from(c.score(&model))));
            });
            let top = ways.iter().map(|w| w.1).fold(f64::MIN, f64::max);
            let all: f64 = ways.iter().map(|w| (w.1 - top).exp()).sum();
            for way in &mut ways {
                way.1 = (way.1 - top).exp() / all;
            }
            ways.retain(|w| w.1 > 0.001);
            choices.push(ways);
        }
        let mut support: BTreeMap<String, f64> = BTreeMap::new();
        for (lemma, p) in choices.iter().flatten() {
            *support.entry(lemma.clone()).or_default() += p;
        }
        let soft = support.clone();
        for _ in 0..lists.agree {
            let mut hard: BTreeMap<String, f64> = BTreeMap::new();
            for ways in &choices {
                let best = ways.iter().max_by(|a, b| {
                    let score = |w: &(String, f64)| {
                        w.1.ln()
                            + f64::from(choice::SUPPORT)
                                * (4.0 * support.get(&w.0).copied().unwrap_or(0.0) + 1.0).ln()
                    };
                    score(a).total_cmp(&score(b)).then_with(|| a.0.cmp(&b.0))
                });
                if let Some((lemma, _)) = best {
                    *hard.entry(lemma.clone()).or_default() += 1.0;
                }
            }
            support = soft
                .iter()
                .map(|(lemma, n)| {
                    (
                        lemma.clone(),
                        0.5 * n + 0.5 * hard.get(lemma).copied().unwrap_or(0.0),
                    )
                })
                .collect();
        }
        tables.facts = finish(&support);
    }
    tables.facts_writer = facts;
}

fn form_facts(seen: &Seen) -> FormFacts {
    FormFacts {
        count: quantise(seen.count),
        marks: if seen.name { FormFacts::NAME } else { 0 },
        ..FormFacts::default()
    }
}

/// Trains the main token on rows; the weights are learned on families that the rest of the model did not see.
pub(crate) fn train(rows: &[&Row], lists: &Lists) -> LemmaTables {
    let all = count_suffixes(rows);
    let mut weights: Option<Vec<f32>> = None;
    for _ in 0..lists.rounds {
        weights = Some(learn(rows, lists, &all, weights.as_deref()));
    }
    let weights = weights.unwrap_or_default();
    let mut tables = LemmaTables {
        suffixes: all.table,
        weights: bytes(&weights),
        ..LemmaTables::default()
    };
    supports(rows, lists, &mut tables, true);
    tables
}

fn bytes(weights: &[f32]) -> Vec<u8> {
    weights.iter().flat_map(|w| w.to_le_bytes()).collect()
}

/// How many and how frequent the forms of each lemma are: what a form that is put to it meets.
fn ties<'r>(rows: &[&'r Row]) -> HashMap<&'r str, f64> {
    let mut ties: HashMap<&str, f64> = HashMap::new();
    for row in rows {
        let lemmas: HashSet<&str> = row.lemmas.iter().map(|(l, _)| l.as_str()).collect();
        for lemma in lemmas {
            *ties.entry(lemma).or_default() += f64::from(row.count).sqrt() + 0.1;
        }
    }
    ties
}

/// Whether a lemma is right for a form: of several that it has, one whose other forms are about as frequent as any's.
fn is_right(row: &Row, made: &str, ties: &HashMap<&str, f64>) -> bool {
    let own = f64::from(row.count).sqrt() + 0.1;
    let tie = |lemma: &str| ties.get(lemma).map_or(0.0, |t| t - own);
    let best = row.lemmas.iter().map(|(l, _)| tie(l)).fold(0.0, f64::max);
    row.lemmas.iter().any(|(l, _)| l == made) && 2.0 * tie(made) >= best
}

/// Learns the weights; supports are read with the weights of the round before.
fn learn(rows: &[&Row], lists: &Lists, all: &Rules, before: Option<&[f32]>) -> Vec<f32> {
    let mut instances = Vec::new();
    let ties = ties(rows);
    for (salt, by_form) in [("family", false), ("form", true)] {
        for held in 0..3 {
            let key = |r: &Row| {
                if by_form {
                    r.form.clone()
                } else {
                    r.family.clone()
                }
            };
            let (inside, outside): (Vec<&Row>, Vec<&Row>) =
                rows.iter().partition(|r| part(&key(r), salt, 3) == held);
            let rules = count_suffixes(&outside);
            let mut tables = LemmaTables {
                suffixes: rules.table,
                weights: before.map_or_else(Vec::new, |w| {
                    bytes(&choice::weights_for(
                        w,
                        &rules
                            .numbers
                            .iter()
                            .map(|c| all.numbers.iter().position(|a| a == c))
                            .collect::<Vec<_>>(),
                    ))
                }),
                ..LemmaTables::default()
            };
            supports(&outside, lists, &mut tables, before.is_some());
            // No leaking of the weights into the signs of heads.
            let model = tables.model();
            // Rules are numbered anew in each part: bring their weights to the numbers of the whole.
            let renumber: Vec<Option<usize>> = rules
                .numbers
                .iter()
                .map(|c| all.numbers.iter().position(|a| a == c))
                .collect();
            for row in inside {
                if by_form && row.ships && part(&row.form, "half", 3) != 0 {
                    continue;
                }
                let Some(spelled) = Spelled::new(&row.form) else {
                    continue;
                };
                let mut instance = Instance {
                    weight: if by_form { lists.form_weight } else { 1.0 }
                        * (1.0 + (1.0 + row.count as f32).ln() * 0.5),
                    ..Instance::default()
                };
                choice::candidates(&model, &spelled, |c| {
                    let made = lemma::apply(&row.form, c.rule);
                    let support = c.support_signs();
                    let signs = c.signs.iter().chain(&support);
                    instance.push(
                        signs.filter_map(|&(n, x)| Some((choice::renumber(n, &renumber)?, x))),
                        is_right(row, &made, &ties),
                    );
                });
                instances.push(instance);
            }
        }
    }
    fit(
        &instances,
        choice::weight_count(all.numbers.len()),
        lists.epochs,
        lists.l2,
    )
}
