//! A word's main token: lexicon, irregular forms, and for everything else a choice among suffix rules.

use super::Why;
use super::facts::log;
use super::model::Model;
use super::readings::Readings;
use super::spelled::{Ending, Run, Spelled, is_vowel};
use super::strings::Strings;
use super::suffixes::{MAX_WAYS, Rule};

/// What the lexicon says of a form.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'m> {
    /// How its lemma is made.
    pub rule: Rule<'m>,
    /// Marks, see the constants.
    pub marks: u8,
}

impl<'m> Entry<'m> {
    /// Mark of an irregular form of a verb: found behind a prefix too.
    pub const VERB: u8 = 1;
    /// Mark of an irregular form of a noun that is also safe to find as the head of a compound.
    pub const HEAD: u8 = 2;
    /// Mark of a form from the irregular table.
    pub const IRREGULAR: u8 = 4;

    /// Mark of a name.
    pub const NAME: u8 = 8;

    /// Looks a form up.
    pub fn find(lexicon: &Strings<'m>, form: &str) -> Option<Self> {
        Self::read(lexicon.get(form)?)
    }

    /// Looks up the letters `from..to` of a word.
    fn find_run(lexicon: &Strings<'m>, word: &Spelled, from: usize, to: usize) -> Option<Self> {
        Self::read(lexicon.get_run(word, from, to)?)
    }

    /// Reads an entry.
    pub fn read(bytes: &'m [u8]) -> Option<Self> {
        let [cut, marks, add @ ..] = bytes else {
            return None;
        };
        Some(Self {
            rule: Rule {
                cut: usize::from(*cut),
                add: std::str::from_utf8(add).ok()?,
            },
            marks: *marks,
        })
    }

    /// The bytes of an entry; used by the trainer.
    pub fn write(form: &str, lemma: &str, marks: u8) -> Vec<u8> {
        let same = form
            .chars()
            .zip(lemma.chars())
            .take_while(|(a, b)| a == b)
            .count();
        let mut bytes = vec![(form.chars().count() - same) as u8, marks];
        bytes.extend(lemma.chars().skip(same).collect::<String>().as_bytes());
        bytes
    }
}

/// Prefixes of verbs, behind which an irregular form is still irregular (`tilbage|holdt`); longest first.
pub const VERB_PREFIXES: &[&str] = &[
    "tilbage",
    "forbi",
    "forud",
    "efter",
    "frem",
    "gennem",
    "hjem",
    "igen",
    "imod",
    "iagt",
    "sammen",
    "under",
    "videre",
    "hoved",
    "deltid",
    "bagud",
    "bort",
    "fore",
    "hen",
    "ind",
    "inde",
    "med",
    "mis",
    "mod",
    "ned",
    "over",
    "sam",
    "til",
    "fra",
    "fast",
    "del",
    "fuld",
    "god",
    "fri",
    "ud",
    "ved",
    "vel",
    "af",
    "an",
    "be",
    "bi",
    "er",
    "for",
    "gen",
    "om",
    "op",
    "på",
    "und",
    "løs",
    "rund",
    "højt",
    "selv",
    "uddannelses",
    "kold",
    "tvangs",
    "nød",
    "små",
    "gen",
    "stil",
    "bag",
    "tvær",
    "vand",
];

/// The main token of a word in lower case, and where it comes from.
pub fn lemma(model: &Model<'_>, word: &str) -> (String, Why) {
    if let Some(entry) = Entry::find(&model.lexicon, word) {
        let why = if entry.marks & Entry::IRREGULAR != 0 {
            Why::Irregular
        } else {
            Why::Lexicon
        };
        return (apply(word, entry.rule), why);
    }
    let Some(spelled) = Spelled::new(word) else {
        return (word.to_owned(), Why::Written);
    };
    let ends = ends(model, &spelled);
    if let Some(rule) = irregular(model, &spelled, &ends) {
        return (apply(word, rule), Why::Irregular);
    }
    if let Some(base) = without_genitive(model, &spelled, word) {
        return (lemma(model, base).0, Why::Rule);
    }
    match choose(model, &spelled, &ends, true) {
        Some(rule) => (apply(word, rule), Why::Rule),
        None => (word.to_owned(), Why::Written),
    }
}

/// Endings that are a genitive's beyond doubt.
const GENITIVES: [&str; 4] = ["ens", "ets", "enes", "rnes"];

/// The word of a genitive: behind an ending that can be nothing else, or where only the word without -s is seen.
///
/// The genitive is then cut off first, so that it has the token of its word whatever that is.
fn without_genitive<'w>(model: &Model<'_>, spelled: &Spelled, word: &'w str) -> Option<&'w str> {
    let base = word.strip_suffix('s')?;
    let n = spelled.len();
    if n < 5 || base.ends_with(['s', 'x', 'z']) {
        return None;
    }
    let certain = n > 6 && GENITIVES.iter().any(|e| word.ends_with(e));
    let seen = |to: usize| model.facts.form(spelled.run(0, to)).is_some();
    if seen(n) {
        return None;
    }
    let base_known = seen(n - 1) || Entry::find(&model.lexicon, base).is_some();
    (certain || base_known).then_some(base)
}

/// Applies a rule to a form.
pub fn apply(form: &str, rule: Rule<'_>) -> String {
    let keep = form
        .char_indices()
        .rev()
        .take(rule.cut)
        .last()
        .map_or(form.len(), |(i, _)| i);
    format!("{}{}", &form[..keep], rule.add)
}

/// An irregular form behind a verb prefix, or as the head of a compound.
fn irregular<'m>(
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
            let readings = Readings::of(&model.lexicon, &word.text(at, n));
            if VERB_PREFIXES.contains(&word.text(0, at).as_str()) {
                // overtog: what somebody took, though tog by itself is the train
                let verb = readings.filter(|r| r.noun().is_none());
                let rule = verb.map_or(entry.rule, |r| r.rule());
                return Some(stem(model, word, rule));
            }
            // letbanetog: the train
            if let Some(readings) = readings
                && (at > 3 || at == 3 && likely_left(model, word, at))
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

/// Whether what stands before a place in a word is seen as a word, with or without a linking -s-.
fn likely_left(model: &Model<'_>, word: &Spelled, at: usize) -> bool {
    let linked = word.letters()[at - 1] == 's' && at > 3;
    model.facts.form(word.run(0, at)).is_some()
        || linked && model.facts.form(word.run(0, at - 1)).is_some()
}

/// A rule made to leave out the second of two consonants at the end of what it makes: *vægge* → *væg*.
///
/// Hardly a Danish word ends on two equal consonants; names and foreign words that do are seen so (*stress*).
fn single<'m>(model: &Model<'_>, word: &Spelled, rule: Rule<'m>) -> Rule<'m> {
    if rule.cut == 0 && rule.add.is_empty() {
        return rule;
    }
    let kept = word.len() - rule.cut;
    let mut added = rule.add.chars();
    let mut letters = word.letters()[..kept].iter().rev().copied();
    let last = added.next_back().or_else(|| letters.next());
    let before = added.next_back().or_else(|| letters.next());
    let longer = kept + rule.add.len() > 2;
    if !longer || last != before || !last.is_some_and(is_consonant) {
        return rule;
    }
    let shorter = match rule.add.len() {
        0 => Rule {
            cut: rule.cut + 1,
            add: "",
        },
        n => Rule {
            add: &rule.add[..n - 1],
            ..rule
        },
    };
    let seen = |rule: Rule<'_>| {
        let run = word.run(0, word.len() - rule.cut).then_all(rule.add);
        model.facts.form(run).is_some()
    };
    if seen(rule) && !seen(shorter) {
        return rule;
    }
    shorter
}

/// A rule made to leave out a last -e too, for words that no lexicon has.
fn stem<'m>(model: &Model<'_>, word: &Spelled, rule: Rule<'m>) -> Rule<'m> {
    let kept = word.len() - rule.cut;
    let shorter = match rule.add.strip_suffix('e') {
        Some(add) => Rule { add, ..rule },
        None if rule.add.is_empty() && word.letters()[..kept].ends_with(&['e']) => Rule {
            cut: rule.cut + 1,
            add: "",
        },
        None => rule,
    };
    if word.len() - shorter.cut + shorter.add.len() < 2 {
        return rule;
    }
    single(model, word, shorter)
}

fn is_consonant(c: char) -> bool {
    c.is_ascii_alphabetic() && !is_vowel(c)
}

/// Whether a word ends on a consonant that can be doubled before an ending; used by the trainer.
pub fn is_consonant_end(word: &str) -> bool {
    word.chars().next_back().is_some_and(is_consonant)
}

/// What the lexicon says of each end of a word; nothing of the whole word.
fn ends<'m>(model: &Model<'m>, word: &Spelled) -> Vec<Option<Entry<'m>>> {
    let n = word.len();
    (0..n)
        .map(|at| {
            if at == 0 || n - at < 3 {
                return None;
            }
            Entry::find_run(&model.lexicon, word, at, n)
        })
        .collect()
}

/// Endings whose being seen on a lemma speaks for or against it.
const SEEN: [Ending; 26] = Ending::all([
    "", "e", "en", "et", "er", "erne", "ene", "s", "n", "t", "r", "rne", "ede", "te", "des",
    "ende", "ens", "ets", "ere", "est", "ing", "ne", "ernes", "t", "rs", "es",
]);
/// The same on the lemma with its last consonant doubled.
const DOUBLED: [Ending; 6] = Ending::all(["e", "en", "et", "er", "ede", "ene"]);
/// The same on the lemma without its last -e.
const SHORTER: [Ending; 6] = Ending::all(["", "et", "en", "s", "ets", "sk"]);

/// Signs that depend on how a lemma's other forms are seen.
const SIGNS: usize = SEEN.len() + DOUBLED.len() + SHORTER.len() + 3 + CLASSES;
/// Word classes that the lexicon can have a lemma in.
const CLASSES: usize = 4;
/// Signs of other kinds.
const GENERAL: usize = 20;

/// How many weights a model with so many rules has.
pub const fn weight_count(rules: usize) -> usize {
    GENERAL + SIGNS * (rules + 1)
}

/// A possible lemma of a word, with what speaks for it.
#[derive(Debug)]
pub struct Candidate<'m> {
    /// The rule that makes it.
    pub rule: Rule<'m>,
    /// Signs that hold: number of a weight and how much it counts.
    pub signs: Vec<(u16, f32)>,
    /// Logarithm of the number of seen forms that speak for the lemma.
    pub support: f32,
}

impl Candidate<'_> {
    /// How much speaks for the candidate, the support of its lemma left aside.
    pub fn score(&self, model: &Model<'_>) -> f32 {
        self.signs
            .iter()
            .map(|&(n, x)| model.lemma_weights.get(usize::from(n)) * x)
            .sum()
    }
}

/// How much the support of a lemma counts: enough that the forms of a word agree.
pub const SUPPORT: f32 = 2.5;

/// The rule whose result is likeliest.
fn choose<'m>(
    model: &Model<'m>,
    word: &Spelled,
    ends: &[Option<Entry<'m>>],
    deep: bool,
) -> Option<Rule<'m>> {
    let mut best: Option<(f32, Rule<'m>)> = None;
    each_candidate(model, word, ends, deep, |candidate| {
        let score = candidate.score(model) + SUPPORT * candidate.support;
        if best.is_none_or(|(top, _)| score > top) {
            best = Some((score, candidate.rule));
        }
    });
    best.map(|(_, rule)| rule)
}

/// Hands over the possible lemmas of a word, likeliest rule first.
pub fn candidates<'m>(model: &Model<'m>, word: &Spelled, each: impl FnMut(&Candidate<'m>)) {
    each_candidate(model, word, &ends(model, word), true, each);
}

fn each_candidate<'m>(
    model: &Model<'m>,
    word: &Spelled,
    ends: &[Option<Entry<'m>>],
    deep: bool,
    mut each: impl FnMut(&Candidate<'m>),
) {
    let n = word.len();
    let (safe_head, any_head) = heads(model, word, ends);
    let seen_head = if deep && safe_head.is_none() {
        seen_head(model, word)
    } else {
        None
    };
    let genitive = (n > 3 && word.letters()[n - 1] == 's')
        .then(|| Entry::find_run(&model.lexicon, word, 0, n - 1))
        .flatten();
    let mut candidate = Candidate {
        rule: Rule { cut: 0, add: "" },
        signs: Vec::with_capacity(64),
        support: 0.0,
    };
    let (mut made, mut tried) = ([None; MAX_WAYS], 0);
    for way in model.suffixes.ways(word).take(MAX_WAYS) {
        let Some(rule) = model.suffixes.rule(way.rule) else {
            continue;
        };
        if rule.cut > n || n - rule.cut < 2 {
            continue;
        }
        let rule = single(model, word, rule);
        // A likelier rule may make the same.
        if made[..tried].contains(&Some(rule)) {
            continue;
        }
        made[tried] = Some(rule);
        tried += 1;
        candidate.rule = rule;
        candidate.signs.clear();
        let mut sign = |number: usize, value: f32| candidate.signs.push((number as u16, value));
        let run = word.run(0, n - rule.cut).then_all(rule.add);
        let facts = model.facts.lemma(run);
        sign(0, -f32::from(way.cost) / 16.0);
        sign(1, log(facts.soft));
        let candidate_support = log(facts.hard);
        if facts.lexicon > 0 {
            sign(3, 1.0);
            sign(4, log(facts.lexicon));
        }
        match model.facts.form(run) {
            Some(form) => {
                sign(5, log(form.count));
                if form.is_name() {
                    sign(6, 1.0);
                }
            }
            None => sign(7, 1.0),
        }
        for (head, at) in [(safe_head, 8), (any_head, 10)] {
            if let Some(head) = head {
                sign(if head == rule { at } else { at + 1 }, 1.0);
            }
        }
        if let Some(entry) = genitive {
            let same = rule.cut == entry.rule.cut + 1 && rule.add == entry.rule.add;
            sign(if same { 12 } else { 13 }, 1.0);
        }
        if let Some(head) = seen_head {
            sign(if head == rule { 16 } else { 17 }, 1.0);
        }
        if rule.cut == 0 && rule.add.is_empty() {
            sign(14, 1.0);
            sign(15, (n as f32) / 10.0);
        }
        let own = usize::from(way.rule) + 1;
        seen(model, word, rule, run, |number, value| {
            sign(GENERAL + number, value);
            sign(GENERAL + SIGNS * own + number, value);
        });
        candidate.support = candidate_support;
        each(&candidate);
    }
}

/// Which other forms of a possible lemma are seen.
fn seen(
    model: &Model<'_>,
    word: &Spelled,
    rule: Rule<'_>,
    lemma: Run,
    mut sign: impl FnMut(usize, f32),
) {
    let whole = word.run(0, word.len());
    let mut test = |number: usize, run: Run| {
        if run == whole {
            return;
        }
        if let Some(form) = model.facts.form(run) {
            sign(number, 0.5 + 0.25 * log(form.count));
        }
    };
    for (i, ending) in SEEN.iter().enumerate() {
        test(i, lemma.then_ending(*ending));
    }
    let kept = word.len() - rule.cut;
    let mut tail = rule.add.chars();
    let last = tail.next_back().unwrap_or(word.letters()[kept - 1]);
    let before = tail.next_back().or_else(|| {
        if rule.add.is_empty() {
            kept.checked_sub(2)
        } else {
            kept.checked_sub(1)
        }
        .map(|i| word.letters()[i])
    });
    if !is_vowel(last) && before.is_some_and(is_vowel) {
        let doubled = lemma.then(last);
        for (i, ending) in DOUBLED.iter().enumerate() {
            test(SEEN.len() + i, doubled.then_ending(*ending));
        }
    }
    if last == 'e' {
        // The lemma without its -e is either a run of the word, or of the word and all but the end of the ending.
        let shorter = if rule.add.is_empty() {
            word.run(0, kept - 1)
        } else {
            word.run(0, kept).then_all(&rule.add[..rule.add.len() - 1])
        };
        for (i, ending) in SHORTER.iter().enumerate() {
            test(SEEN.len() + DOUBLED.len() + i, shorter.then_ending(*ending));
        }
    }
    let facts = model.facts.lemma(lemma);
    sign(SIGNS - 3, log(facts.soft));
    sign(SIGNS - 1, 1.0);
    for class in 0..CLASSES {
        if facts.classes & (1 << class) != 0 {
            sign(SIGNS - 4 - class, 1.0);
        }
    }
}

/// The rules of the longest ends of a word that the lexicon knows: behind a likely first part, and behind anything.
fn heads<'m>(
    model: &Model<'m>,
    word: &Spelled,
    ends: &[Option<Entry<'m>>],
) -> (Option<Rule<'m>>, Option<Rule<'m>>) {
    let n = word.len();
    let mut any = None;
    for (at, entry) in ends.iter().enumerate().take(n.saturating_sub(2)).skip(2) {
        let Some(mut entry) = *entry else {
            continue;
        };
        // letbanetog: the train, not what somebody took
        if entry.marks & Entry::VERB != 0 {
            match Readings::of(&model.lexicon, &word.text(at, n)) {
                Some(readings) if readings.noun().is_some() => entry.rule = readings.rule(),
                None if entry.marks & Entry::IRREGULAR != 0 => continue,
                _ => {}
            }
        }
        if n - at >= 4 {
            any.get_or_insert(stem(model, word, entry.rule));
        }
        if likely_left(model, word, at) {
            return (Some(stem(model, word, entry.rule)), any);
        }
    }
    (None, any)
}

/// Brings the number of a weight from one numbering of the rules to another; used by the trainer.
pub fn renumber(number: u16, rules: &[Option<usize>]) -> Option<u16> {
    let number = usize::from(number);
    let Some(own) = number.checked_sub(GENERAL + SIGNS) else {
        return Some(number as u16);
    };
    let rule = (*rules.get(own / SIGNS)?)?;
    Some((GENERAL + SIGNS + rule * SIGNS + own % SIGNS) as u16)
}

/// The rule chosen for the longest end of a word that is seen in text behind a likely first part.
fn seen_head<'m>(model: &Model<'m>, word: &Spelled) -> Option<Rule<'m>> {
    let n = word.len();
    (2..n.saturating_sub(2)).find_map(|at| {
        model.facts.form(word.run(at, n))?;
        if at < 3 || !likely_left(model, word, at) {
            return None;
        }
        let head = Spelled::new(&word.text(at, n))?;
        choose(model, &head, &self::ends(model, &head), false)
    })
}

/// The weights of the whole, for a part that numbers its rules differently; used by the trainer.
pub fn weights_for(whole: &[f32], rules: &[Option<usize>]) -> Vec<f32> {
    (0..weight_count(rules.len()))
        .map(|n| {
            renumber(n as u16, rules)
                .and_then(|n| whole.get(usize::from(n)))
                .copied()
                .unwrap_or(0.0)
        })
        .collect()
}
