//! The word lists that the tables are made from.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::{fs, io};

use index_schema::danish::spelled::is_vowel;

/// A form with its lemmas.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) form: String,
    pub(crate) count: u32,
    /// Lemma and class: N, V, A or P; once the lemmas are settled, what a rule is to make of the form.
    pub(crate) lemmas: Vec<(String, char)>,
    /// The main tokens that the lexicon gives, in the same order.
    pub(crate) tokens: Vec<String>,
    /// The lemmas as dictionaries have them, in the same order; set when the lemmas become main tokens.
    pub(crate) headwords: Vec<String>,
    /// Whether the form may stand in the shipped lexicon.
    pub(crate) ships: bool,
    /// Number of the family: forms and lemmas linked by a shared form.
    pub(crate) family: String,
}

/// Counts of a form in texts.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) count: f64,
    pub(crate) name: bool,
}

/// A compound, or a word that is none.
#[derive(Clone, Debug)]
pub(crate) struct Gold {
    pub(crate) word: String,
    /// Boundaries that must be found, in letters.
    pub(crate) must: Vec<usize>,
    /// Boundaries that may be found.
    pub(crate) may: Vec<usize>,
    /// Letters of linking elements before a boundary.
    pub(crate) links: BTreeMap<usize, usize>,
}

/// Reads a file whose comments start with `#`.
pub(crate) fn lines(path: &Path) -> io::Result<Vec<String>> {
    let text = fs::read_to_string(path)
        .map_err(|e| io::Error::new(e.kind(), format!("{}: {e}", path.display())))?;
    Ok(text
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .map(str::to_owned)
        .collect())
}

/// The words of a list, however many stand on a line.
pub(crate) fn words(path: &Path) -> io::Result<HashSet<String>> {
    let lines = lines(path)?;
    let words = lines.iter().flat_map(|l| l.split_whitespace());
    Ok(words.map(str::to_owned).collect())
}

/// Forms with their lemmas: `form, count, lemma/class[,lemma/class], sources`.
pub(crate) fn conflation(path: &Path) -> io::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for line in lines(path)? {
        let mut columns = line.split('\t');
        let (Some(form), Some(count), Some(lemmas), Some(sources)) = (
            columns.next(),
            columns.next(),
            columns.next(),
            columns.next(),
        ) else {
            continue;
        };
        rows.push(Row {
            form: form.to_owned(),
            count: count.parse().unwrap_or(0),
            headwords: Vec::new(),
            tokens: Vec::new(),
            lemmas: lemmas
                .split(',')
                .filter_map(|l| {
                    let (lemma, class) = l.rsplit_once('/')?;
                    Some((lemma.to_owned(), class.chars().next()?))
                })
                .collect(),
            ships: sources
                .split(',')
                .any(|s| matches!(s, "parole" | "cdt" | "dasem" | "own")),
            family: String::new(),
        });
    }
    Ok(rows)
}

/// Adds words with their forms, `lemma/class form form …`, to the rows; genitives of nouns are made.
pub(crate) fn own_words(path: &Path, rows: &mut Vec<Row>) -> io::Result<()> {
    let mut at: HashMap<String, usize> = rows
        .iter()
        .enumerate()
        .map(|(i, r)| (r.form.clone(), i))
        .collect();
    for line in lines(path)? {
        let mut words = line.split_whitespace();
        let Some((lemma, class)) = words.next().and_then(|w| w.rsplit_once('/')) else {
            continue;
        };
        let class = class.chars().next().unwrap_or('N');
        let lemma = (lemma.to_owned(), class);
        let mut forms: Vec<String> = words.map(str::to_owned).chain([lemma.0.clone()]).collect();
        if class == 'N' {
            let genitives: Vec<String> = forms
                .iter()
                .filter(|f| !f.ends_with('s'))
                .map(|f| format!("{f}s"))
                .collect();
            forms.extend(genitives);
        }
        for form in forms {
            let i = *at.entry(form.clone()).or_insert_with(|| {
                rows.push(Row {
                    form,
                    count: 0,
                    lemmas: Vec::new(),
                    headwords: Vec::new(),
                    tokens: Vec::new(),
                    ships: true,
                    family: String::new(),
                });
                rows.len() - 1
            });
            rows[i].ships = true;
            if !rows[i].lemmas.contains(&lemma) {
                rows[i].lemmas.push(lemma.clone());
            }
        }
    }
    Ok(())
}

/// Turns lemmas into main tokens.
///
/// The token is the lemma without its last -e (*krise* → *kris*, *bruge* → *brug*), because no rule can tell from the
/// forms of an unknown word whether it has one, and so a verb meets the noun of its stem. It keeps the -e where the
/// stem is another word: two nouns (*have*, *hav*), a verb listed as apart (*lande*), words that share no form.
pub(crate) fn to_tokens(rows: &mut [Row], apart: &HashSet<String>) {
    let mut all: BTreeSet<(String, char)> = BTreeSet::new();
    let mut linked: HashSet<((String, char), (String, char))> = HashSet::new();
    for row in rows.iter() {
        for a in &row.lemmas {
            all.insert(a.clone());
            for b in &row.lemmas {
                linked.insert((a.clone(), b.clone()));
            }
        }
    }
    let is = |lemma: &str, class: char| all.contains(&(lemma.to_owned(), class));
    let shortened = shortened(rows);
    let stem = |lemma: &str| shortened.get(lemma).cloned().unwrap_or_else(|| stem(lemma));
    let mut tokens: BTreeMap<(String, char), String> = BTreeMap::new();
    for (lemma, class) in &all {
        let stem = stem(lemma);
        let keeps = *class == 'P'
            || stem == *lemma
            || apart.contains(lemma)
            || !is_kin(lemma)
                && match class {
                    'V' => is(lemma, 'N') && is(&stem, 'N'),
                    'N' => is(&stem, 'N'),
                    'A' => is(&stem, 'N') || is(&stem, 'A'),
                    _ => true,
                };
        let token = if keeps { lemma.clone() } else { stem };
        tokens.insert((lemma.clone(), *class), token);
    }
    // Words that share no form, but would share a token, keep what tells them apart.
    let mut groups: BTreeMap<String, Vec<(String, char)>> = BTreeMap::new();
    for (lemma, token) in &tokens {
        groups.entry(token.clone()).or_default().push(lemma.clone());
    }
    for (token, lemmas) in groups {
        for lemma in &lemmas {
            let stranger = |other: &&(String, char)| {
                other.0 != lemma.0 && !linked.contains(&(lemma.clone(), (*other).clone()))
            };
            if lemma.0 != token && !is_kin(&lemma.0) && lemmas.iter().any(|l| stranger(&l)) {
                tokens.insert(lemma.clone(), lemma.0.clone());
            }
        }
    }
    for row in rows {
        row.headwords = row.lemmas.iter().map(|(l, _)| l.clone()).collect();
        row.tokens = row.lemmas.iter().map(|l| tokens[l].clone()).collect();
        for (lemma, class) in &mut row.lemmas {
            *lemma = match class {
                'P' => single(lemma).to_owned(),
                _ => stem(lemma),
            };
        }
    }
}

/// Lemmas whose token is not their stem, see [`shorter`].
fn shortened(rows: &[Row]) -> HashMap<String, String> {
    let mut forms: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in rows {
        for (lemma, class) in &row.lemmas {
            if *class != 'P' {
                forms.entry(lemma).or_default().push(&row.form);
            }
        }
    }
    forms
        .into_iter()
        .filter_map(|(lemma, forms)| Some((lemma.to_owned(), shorter(lemma, &forms)?)))
        .collect()
}

/// The long and the short form of the closest kin, and what their plural has: one word, whatever dictionaries say.
const KIN: [(&str, &str, &str); 3] = [
    ("broder", "bror", "brødre"),
    ("fader", "far", "fædre"),
    ("moder", "mor", "mødre"),
];

/// Whether a lemma is long for one of the closest kin: it shares no form with the short one, but a token.
fn is_kin(lemma: &str) -> bool {
    KIN.iter().any(|(long, ..)| lemma.ends_with(long))
}

/// The token of a lemma that is not its stem.
///
/// Inflection drops the vowel before the last consonant of many words (*titel*, *titler*). Their token goes without it
/// (*titl*): most forms then have it by cutting off an ending, and no rule must guess a vowel. An adjective on -eret
/// is the participle of a verb, whatever class it was counted in.
pub(crate) fn shorter(lemma: &str, forms: &[&str]) -> Option<String> {
    for (long, short, plural) in KIN {
        if let Some(first) = lemma.strip_suffix(long) {
            let has = |f: &&str| f.strip_prefix(first).is_some_and(|f| f.starts_with(plural));
            return forms.iter().any(has).then(|| format!("{first}{short}"));
        }
    }
    let with = |stem: &str, end: &str| {
        let of_stem = |f: &&&str| f.strip_prefix(stem).is_some_and(|f| f.starts_with(end));
        forms.iter().filter(of_stem).count()
    };
    // ide, ideen: a stressed -e is no ending
    if lemma.ends_with('e') && with(lemma, "e") > 0 {
        return Some(lemma.to_owned());
    }
    if let Some(verb) = lemma.strip_suffix("eret").filter(|v| with(v, "erede") > 0) {
        return Some(format!("{verb}er"));
    }
    let (rest, last) = ["el", "en", "er"]
        .iter()
        .find_map(|end| Some((lemma.strip_suffix(end)?, &end[1..])))?;
    if rest.chars().count() < 2 || !rest.ends_with(is_consonant) {
        return None;
    }
    let left = format!("{}{last}", single(rest));
    let (dropped, kept) = (with(&left, "e"), with(lemma, "e"));
    // sommeren, somre: -er is dropped by so few nouns that only what never keeps it counts.
    let drops = dropped > kept && (last != "r" || kept == 0);
    (drops && left.chars().count() > 2).then_some(left)
}

/// A lemma without its last -e and without the second of two consonants at its end.
pub(crate) fn stem(lemma: &str) -> String {
    let stem = lemma
        .strip_suffix('e')
        .filter(|s| s.chars().count() > 1)
        .unwrap_or(lemma);
    single(stem).to_owned()
}

/// A word without the second of two consonants at its end.
fn single(word: &str) -> &str {
    let mut letters = word.chars().rev();
    let (last, before) = (letters.next(), letters.next());
    if letters.next().is_some() && last == before && last.is_some_and(is_consonant) {
        return &word[..word.len() - 1];
    }
    word
}

fn is_consonant(c: char) -> bool {
    c.is_ascii_alphabetic() && !is_vowel(c)
}

/// Links lemmas that share a form.
pub(crate) fn families(rows: &mut [Row]) {
    let mut parent: HashMap<(String, char), (String, char)> = HashMap::new();
    fn root(
        parent: &HashMap<(String, char), (String, char)>,
        lemma: &(String, char),
    ) -> (String, char) {
        let mut at = lemma;
        while let Some(up) = parent.get(at) {
            at = up;
        }
        at.clone()
    }
    for row in rows.iter() {
        for pair in row.lemmas.windows(2) {
            let (a, b) = (root(&parent, &pair[0]), root(&parent, &pair[1]));
            if a != b {
                parent.insert(a, b);
            }
        }
    }
    for row in rows {
        let (lemma, class) = root(&parent, &row.lemmas[0]);
        row.family = format!("{lemma}/{class}");
    }
}

/// The part to which a word or family belongs, of so many equal ones.
pub(crate) fn part(word: &str, salt: &str, parts: u8) -> u8 {
    let hash = blake3::hash(format!("{salt}{word}").as_bytes());
    hash.as_bytes()[0] % parts
}

/// The vocabulary: `form, news, speech, subtitles, share of names`.
pub(crate) fn vocabulary(path: &Path) -> io::Result<BTreeMap<String, Seen>> {
    let mut seen = BTreeMap::new();
    for line in lines(path)? {
        let columns: Vec<&str> = line.split('\t').collect();
        let [form, news, speech, subtitles, name] = columns[..] else {
            continue;
        };
        if !form.chars().all(char::is_alphabetic) {
            continue;
        }
        let number = |s: &str| s.parse::<f64>().unwrap_or(0.0);
        let subtitles = number(subtitles);
        let scaled = if subtitles > 0.0 {
            (subtitles * 3e5 / 1.2e8).round().max(1.0)
        } else {
            0.0
        };
        seen.insert(
            form.to_owned(),
            Seen {
                count: number(news) + number(speech) + scaled,
                name: number(name) > 0.5,
            },
        );
    }
    Ok(seen)
}

/// The irregular table: lemma, then forms.
pub(crate) fn irregular(path: &Path) -> io::Result<Vec<(String, Vec<String>)>> {
    Ok(lines(path)?
        .iter()
        .filter_map(|line| {
            let mut words = line.split_whitespace().map(str::to_owned);
            Some((words.next()?, words.collect()))
        })
        .collect())
}

/// Compounds: `word, segmentation, source`.
pub(crate) fn compounds(path: &Path) -> io::Result<Vec<Gold>> {
    let mut gold = Vec::new();
    for line in lines(path)? {
        let mut columns = line.split('\t');
        let (Some(word), Some(marked)) = (columns.next(), columns.next()) else {
            continue;
        };
        let mut row = Gold {
            word: word.to_owned(),
            must: Vec::new(),
            may: Vec::new(),
            links: BTreeMap::new(),
        };
        let (mut at, mut link) = (0, None);
        for c in marked.chars().chain(['.']) {
            if matches!(c, '|' | '~' | '.')
                && let Some(from) = link.take()
            {
                row.links.insert(at, at - from);
            }
            match c {
                '|' => row.must.push(at),
                '~' => row.may.push(at),
                '+' => link = Some(at),
                '.' => {}
                _ => at += 1,
            }
        }
        gold.push(row);
    }
    Ok(gold)
}

/// The forms that an irregular verb shares with the regular ones.
pub(crate) fn regular_forms(verb: &str) -> Vec<String> {
    ["r", "s", "nde"]
        .iter()
        .map(|e| format!("{verb}{e}"))
        .collect()
}
