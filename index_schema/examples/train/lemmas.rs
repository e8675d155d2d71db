//! Trains the main token: lexicon, suffix rules, supports and weights.

use std::collections::{BTreeMap, HashMap, HashSet};

use index_schema::danish::choice;
use index_schema::danish::entry::Entry;
use index_schema::danish::facts::{FactsWriter, FormFacts, LemmaFacts, quantise};
use index_schema::danish::lemma;
use index_schema::danish::model::{Model, Tables};
use index_schema::danish::readings::Readings;
use index_schema::danish::spelled::Spelled;
use index_schema::danish::strings::write_strings;
use index_schema::danish::suffixes::{MAX_SUFFIX, MAX_WAYS, Way, write_suffixes};

use crate::Lists;
use crate::data::{Row, Seen, part};
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

/// Lemmas of the lexicon: the weight of each, and its word classes as bits.
type KnownLemmas = HashMap<String, (f64, u8)>;

/// The lexicon: form to lemma, the most frequent lemma where there are several.
fn lexicon(rows: &[&Row], lists: &Lists) -> (Vec<u8>, KnownLemmas, HashSet<String>) {
    let mut weight: BTreeMap<(&str, char), f64> = BTreeMap::new();
    for row in rows {
        for (headword, (_, class)) in row.headwords.iter().zip(&row.lemmas) {
            *weight.entry((headword, *class)).or_default() += f64::from(row.count) + 0.5;
        }
    }
    let mut entries: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut marks: HashMap<&str, u8> = HashMap::new();
    for (lemma, forms, mark, token) in &lists.irregular {
        for form in forms.iter().chain([lemma]) {
            entries.entry(form.clone()).or_insert_with(|| {
                // udlandets is no form of anden, though andets is
                let without_s = form.strip_suffix('s').unwrap_or(form);
                let ambiguous = [form, without_s].map(|f| lists.ambiguous.contains(f));
                let mark = if form == lemma || ambiguous.contains(&true) {
                    mark & !Entry::HEAD
                } else {
                    *mark
                };
                marks.insert(form, mark);
                Entry::write(form, token, mark)
            });
        }
    }
    for (lemma, _, mark, token) in &lists.irregular {
        if mark & Entry::VERB != 0 && lemma.ends_with('e') {
            for form in crate::data::regular_forms(lemma) {
                entries.entry(form.clone()).or_insert_with(|| {
                    let present = if form.ends_with('r') {
                        Entry::PRESENT
                    } else {
                        0
                    };
                    Entry::write(&form, token, Entry::IRREGULAR | Entry::VERB | present)
                });
            }
        }
    }
    let mut lemmas = KnownLemmas::new();
    let mut known: HashSet<String> = HashSet::new();
    for row in rows {
        if !row.ships {
            continue;
        }
        known.insert(row.form.clone());
        let best = (0..row.lemmas.len())
            .max_by(|&a, &b| {
                let class = |i: usize| row.lemmas[i].1;
                let noun = |i| class(i) == 'N' && lists.nouns_first.contains(&row.form);
                let weight = |i: usize| weight[&(row.headwords[i].as_str(), class(i))];
                noun(a)
                    .cmp(&noun(b))
                    .then_with(|| weight(a).total_cmp(&weight(b)))
                    .then_with(|| row.lemmas[a].cmp(&row.lemmas[b]))
            })
            .expect("every row has a lemma");
        for (headword, (lemma, class)) in row.headwords.iter().zip(&row.lemmas) {
            let known = lemmas.entry(lemma.clone()).or_default();
            known.0 = known.0.max(weight[&(headword.as_str(), *class)]);
            known.1 |= match class {
                'N' => 1,
                'V' => 2,
                'A' => 4,
                _ => 8,
            };
        }
        let mut mark = marks.get(row.form.as_str()).copied().unwrap_or(0);
        // Only a verb's present: at the end of a compound it is who does it (*cigaretsælger*).
        let present = |h: &String| row.form.strip_suffix('r') == Some(h) && h.ends_with('e');
        if row.lemmas.iter().all(|(_, c)| *c == 'V') && row.headwords.iter().any(present) {
            mark |= Entry::PRESENT;
        }
        if row.lemmas[best].1 == 'P' {
            mark |= Entry::NAME;
        }
        entries.insert(
            row.form.clone(),
            Entry::write(&row.form, &row.tokens[best], mark),
        );
    }
    // the headword of a known form is a known word, too: færgen tells of færge
    let mut headwords: BTreeMap<&str, (f64, &str)> = BTreeMap::new();
    for row in rows.iter().filter(|r| r.ships) {
        let lemmas = row.lemmas.iter().zip(&row.tokens);
        for (headword, ((_, class), token)) in row.headwords.iter().zip(lemmas) {
            // a name is its own headword, whatever its spelling
            if *class == 'P' {
                continue;
            }
            let weight = weight[&(headword.as_str(), *class)];
            let best = headwords.entry(headword).or_insert((weight, token));
            if weight > best.0 {
                *best = (weight, token);
            }
        }
    }
    for (headword, (_, token)) in headwords {
        if is_other_word(headword, token, &lists.vocabulary) {
            continue;
        }
        let entry = || Entry::write(headword, token, 0);
        entries.entry(headword.to_owned()).or_insert_with(entry);
    }
    for (form, lemma) in &lists.fixed {
        entries.insert(form.clone(), Entry::write(form, lemma, 0));
    }
    known.extend(entries.keys().cloned());
    readings(rows, lists, &mut entries);
    (write_strings(&entries), lemmas, known)
}

/// Whether a headword that no text of the lexicon has is rather a form of another word.
///
/// Who knows *brugere* does not know what *bruger* is: mostly it is the verb's present. And *kredse*, a verb that shares
/// no form with the noun, is the noun's plural too. The forms seen in text tell more.
fn is_other_word(headword: &str, token: &str, seen: &BTreeMap<String, Seen>) -> bool {
    let is_seen = |word: &str| seen.contains_key(word);
    let present = headword.strip_suffix('r').filter(|w| w.ends_with('e'));
    let plural = headword.strip_suffix('e').filter(|_| token == headword);
    present.is_some_and(|verb| is_seen(headword) && is_seen(verb)) || plural.is_some_and(is_seen)
}

/// The other words that a form may be a form of (*tog*: took, and train), by form and by the other word's token.
fn readings(rows: &[&Row], lists: &Lists, entries: &mut BTreeMap<String, Vec<u8>>) {
    let mut all: BTreeMap<&str, Vec<(&str, char)>> = BTreeMap::new();
    for row in rows.iter().filter(|r| r.ships) {
        let lemmas = row.tokens.iter().zip(&row.lemmas);
        all.entry(&row.form)
            .or_default()
            .extend(lemmas.map(|(token, (_, class))| (token.as_str(), *class)));
    }
    for (_, forms, mark, token) in &lists.irregular {
        let class = if mark & Entry::VERB != 0 { 'V' } else { 'N' };
        for form in forms {
            if let Some(readings) = all.get_mut(form.as_str()) {
                readings.push((token, class));
            }
        }
    }
    let fixed: HashSet<&str> = lists.fixed.iter().map(|(form, _)| form.as_str()).collect();
    let mut forms_of: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut others: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (form, mut readings) in all {
        let Some(main) = entries.get(form).and_then(|bytes| Entry::read(bytes)) else {
            continue;
        };
        let main = lemma::apply(form, main.rule);
        let main_is_noun = readings.contains(&(main.as_str(), 'N'));
        // Names are no other word: Jorden is the earth. And landet is the land, to everybody who asks for it.
        let definite = main_is_noun && form.ends_with("et");
        readings.retain(|(token, class)| {
            let longer = token.chars().count() > form.chars().count() + 2;
            *token != main && *class != 'P' && !(definite && *class == 'V') && !longer
        });
        let first = if main_is_noun { 'V' } else { 'N' };
        readings.sort_by_key(|(token, class)| (*class != first, *token));
        readings.dedup_by_key(|(token, _)| *token);
        if readings.is_empty() || fixed.contains(form) {
            continue;
        }
        let kind = match (main_is_noun, readings[0].1) {
            (false, 'N') => Readings::NOUN,
            (true, 'V') => Readings::VERB,
            _ => 0,
        };
        let mut value = vec![kind];
        let tokens: Vec<&str> = readings.iter().map(|(token, _)| *token).collect();
        value.extend(tokens.join(" ").bytes());
        others.insert(Readings::key(form), value);
        for token in tokens {
            forms_of.entry(token).or_default().push(form);
        }
    }
    for (token, forms) in forms_of {
        others.insert(Readings::key_of_token(token), forms.join(" ").into_bytes());
    }
    entries.extend(others);
}

/// Supports: which lemmas the vocabulary speaks for.
fn supports(rows: &[&Row], lists: &Lists, tables: &mut LemmaTables, weighted: bool) {
    let (lexicon, weights, known) = lexicon(rows, lists);
    tables.lexicon = lexicon;
    let mut facts = FactsWriter::default();
    for (form, seen) in &lists.vocabulary {
        facts.form(form, form_facts(seen));
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
