//! The lexicon: known forms with their main tokens, and the other words that a form may belong to.

use std::collections::{BTreeMap, HashMap, HashSet};

use index_schema::danish::entry::Entry;
use index_schema::danish::facts::LemmaFacts;
use index_schema::danish::lemma;
use index_schema::danish::readings::Readings;
use index_schema::danish::strings::write_strings;

use crate::Lists;
use crate::data::{Row, Seen};

/// Lemmas of the lexicon: the weight of each, and its word classes as bits.
pub(crate) type KnownLemmas = HashMap<String, (f64, u8)>;

/// The lexicon: form to lemma, the most frequent lemma where there are several.
pub(crate) fn lexicon(rows: &[&Row], lists: &Lists) -> (Vec<u8>, KnownLemmas, HashSet<String>) {
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
                'N' => LemmaFacts::NOUN,
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
