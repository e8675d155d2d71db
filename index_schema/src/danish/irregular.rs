//! Irregular forms inside other words: behind the prefix of a verb, and as the head of a compound.

use super::entry::Entry;
use super::lemma::stem;
use super::model::Model;
use super::readings::Readings;
use super::spelled::Spelled;
use super::suffixes::Rule;

/// Prefixes of verbs, behind which an irregular form is still irregular (`tilbage|holdt`); longest first.
const VERB_PREFIXES: &[&str] = &[
    "opmærksom",
    "tilrette",
    "bekendt",
    "imellem",
    "levende",
    "omkring",
    "overens",
    "tilbage",
    "tilside",
    "tilveje",
    "vedlige",
    "gennem",
    "idrift",
    "istand",
    "sammen",
    "tvangs",
    "udenom",
    "videre",
    "mellem",
    "ajour",
    "bagud",
    "efter",
    "forbi",
    "forud",
    "grund",
    "ibrug",
    "ihjel",
    "imøde",
    "iværk",
    "under",
    "opret",
    "blot",
    "bort",
    "fast",
    "fore",
    "frem",
    "frit",
    "fuld",
    "hjem",
    "hånd",
    "højt",
    "iagt",
    "igen",
    "imod",
    "inde",
    "klar",
    "kort",
    "kund",
    "lige",
    "over",
    "plan",
    "rede",
    "rund",
    "selv",
    "tvær",
    "uden",
    "vold",
    "værd",
    "fejl",
    "vidt",
    "dybt",
    "side",
    "bag",
    "del",
    "for",
    "fra",
    "fri",
    "gen",
    "god",
    "hen",
    "ind",
    "itu",
    "lov",
    "løs",
    "med",
    "mis",
    "mod",
    "ned",
    "nød",
    "ren",
    "ret",
    "råd",
    "små",
    "til",
    "ude",
    "und",
    "ved",
    "vel",
    "nær",
    "af",
    "an",
    "be",
    "bi",
    "er",
    "om",
    "op",
    "på",
    "sø",
    "ud",
];

/// An irregular form behind a verb prefix, or as the head of a compound.
pub(super) fn irregular<'m>(
    model: &Model<'m>,
    word: &Spelled,
    ends: &[Option<Entry<'m>>],
) -> Option<Rule<'m>> {
    let n = word.len();
    if !word.letters().iter().all(|c| c.is_alphabetic()) {
        return None;
    }
    let mut head = None;
    for (at, entry) in ends.iter().enumerate() {
        let Some(entry) = entry else { continue };
        let within = (3..n.saturating_sub(3)).contains(&at);
        if entry.marks & Entry::VERB != 0 && n - at >= 3 {
            let readings = Readings::of_end(&model.lexicon, word, at);
            if is_verb_prefix(word, at) {
                if is_noun(model, word, entry.rule) {
                    continue;
                }
                // overtog: what somebody took, though tog by itself is the train
                let verb = readings.filter(Readings::is_verb);
                let rule = verb.map_or(entry.rule, |r| r.rule());
                return Some(stem(model, word, rule));
            }
            // letbanetog: the train
            if let Some(readings) = readings
                && at >= 3
                && likely_left(model, word, at)
            {
                let noun = readings.noun().map_or(entry.rule, |_| readings.rule());
                head.get_or_insert(noun);
            }
        }
        if entry.marks & Entry::HEAD != 0 && within {
            head.get_or_insert(entry.rule);
        }
    }
    head.map(|rule| stem(model, word, rule))
}

/// Whether a verb can stand behind the first letters of a word: behind a prefix, *gøre* behind any adjective on -ig.
fn is_verb_prefix(word: &Spelled, at: usize) -> bool {
    let (left, right) = word.letters().split_at(at);
    let made = matches!(right, ['g', 'ø' | 'j', ..]) && left.ends_with(&['i', 'g']);
    made || VERB_PREFIXES.contains(&word.text(0, at).as_str())
}

/// Whether a word that looks like a verb with another vowel (*angreb*, *samfundet*) is rather a noun: its plural is seen,
/// and not that of a noun on -e (*opgav*, *opgaver*).
fn is_noun(model: &Model<'_>, word: &Spelled, rule: Rule<'_>) -> bool {
    if rule.add.is_empty() {
        return false;
    }
    let n = word.len();
    let base = if word.letters().ends_with(&['e', 't']) {
        n - 2
    } else {
        n
    };
    let seen = |end: &str| model.facts.form(word.run(0, base).then_all(end)).is_some();
    !seen("e") && ["ene", "er", "erne", "ets"].into_iter().any(seen)
}

/// Whether what stands before a place in a word is seen as a word, with or without a linking -s-.
pub(super) fn likely_left(model: &Model<'_>, word: &Spelled, at: usize) -> bool {
    let linked = word.letters()[at - 1] == 's' && at > 3;
    model.facts.form(word.run(0, at)).is_some()
        || linked && model.facts.form(word.run(0, at - 1)).is_some()
}

/// What the lexicon says of each end of a word; nothing of the whole word.
pub(super) fn ends<'m>(model: &Model<'m>, word: &Spelled) -> Vec<Option<Entry<'m>>> {
    let n = word.len();
    (0..n)
        .map(|at| {
            if at == 0 || n - at < 3 {
                return None;
            }
            Entry::find_run(model, word, at, n)
        })
        .collect()
}
