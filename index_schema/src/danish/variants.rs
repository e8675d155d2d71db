//! Other spellings of a query word: ASCII typing, and for names transliterations, flat letters and exonyms.
//!
//! They are asked for when a query is analysed and never stand in an index, so they cost the statistics nothing.

use std::collections::BTreeSet;

use super::entry::Entry;
use super::facts::FormFacts;
use super::model::Model;
use super::spelled::{Run, Spelled, is_vowel};
use super::{acronyms, forms, letters};

/// Most spellings tried for one word.
const MAX_VARIANTS: usize = 64;
/// Longest name whose spellings are tried, in letters.
const MAX_NAME: usize = 20;

/// Names of places and people that are called quite differently too.
const EXONYMS: &[&[&str]] = &[
    &["beijing", "peking"],
    &["kyiv", "kiev", "kyjiv", "kijev"],
    &["kharkiv", "kharkov", "kharkiv"],
    &["lviv", "lvov"],
    &["dnipro", "dnepr", "dnjepr"],
    &["mumbai", "bombay"],
    &["chennai", "madras"],
    &["kolkata", "calcutta"],
    &["myanmar", "burma"],
    &["yangon", "rangoon"],
    &["belarus", "hviderusland"],
    &["tjekkiet", "tjekkoslovakiet"],
    &["eswatini", "swaziland"],
    &["göteborg", "gothenburg"],
    &["firenze", "florens"],
    &["venezia", "venedig"],
    &["napoli", "neapel"],
    &["münchen", "munich"],
    &["køln", "cologne"],
    &["wien", "vienna"],
    &["beograd", "belgrad"],
    &["bucuresti", "bukarest"],
    &["warszawa", "warsaw"],
    &["moskva", "moscow"],
    &["lisboa", "lissabon"],
    &["sevilla", "seville"],
    &["jerusalem", "al-quds"],
    &["nordmakedonien", "makedonien"],
    &["isil", "isis", "daesh"],
    &["timor-leste", "østtimor"],
    &["elfenbenskysten", "cote d'ivoire"],
    &["holland", "nederlandene"],
    &["persien", "iran"],
    &["tyrkiet", "türkiye"],
    &["nuuk", "godthåb"],
    &["gaddafi", "gadaffi", "khadafi", "kadhafi", "qaddafi"],
];

/// Letters of names that other transliterations write otherwise; each way is tried.
const LETTERS: &[(&str, &str)] = &[
    ("sj", "sh"),
    ("sj", "zh"),
    ("tj", "ch"),
    ("sjt", "shch"),
    ("kh", "h"),
    ("kh", "k"),
    ("kh", "ch"),
    ("j", "y"),
    ("j", "i"),
    ("ai", "ei"),
    ("ai", "ay"),
    ("ae", "ai"),
    ("ei", "ey"),
    ("w", "v"),
    ("ph", "f"),
    ("ck", "k"),
    ("c", "k"),
    ("q", "k"),
    ("x", "ks"),
    ("z", "s"),
    ("ts", "tz"),
    ("dj", "j"),
    ("dzj", "j"),
    ("ou", "u"),
    ("oo", "u"),
    ("ee", "i"),
    ("ov", "ow"),
    ("ev", "ew"),
    ("th", "t"),
    ("gh", "g"),
    ("dh", "d"),
    ("ie", "je"),
    ("ia", "ja"),
];

/// Endings of Slavic names, which every agency writes its own way.
const ENDINGS: &[&str] = &["yj", "ij", "yi", "iy", "yy", "ii", "y", "i"];

/// The main tokens of other spellings of a written word; never its own main token.
pub(super) fn variants(model: &Model<'_>, written: &str, exact: &str, main: &str) -> Vec<Box<str>> {
    let bare = exact
        .trim_end_matches('\'')
        .strip_suffix("'s")
        .unwrap_or(exact);
    let mut spellings = Spellings::new(model);
    ascii(bare, &mut spellings);
    if let Some(name) = letters::name_with_acute(bare) {
        spellings.add(name.to_owned());
    }
    definite(model, &letters::danish(bare), &mut spellings);
    // the letters of KL stand for words, not for sounds
    if acronyms::acronym(model, written).is_none() && is_name(model, written, bare) {
        for group in EXONYMS
            .iter()
            .filter(|g| g.contains(&bare) || g.contains(&main))
        {
            group
                .iter()
                .for_each(|name| spellings.add((*name).to_owned()));
        }
        flat(model, bare, &mut spellings);
        // who has an accent is spelt as at home
        if !bare.contains('é') && bare.chars().count() <= MAX_NAME {
            transliterations(bare, &mut spellings);
        }
    }
    let mut tokens: Vec<Box<str>> = Vec::new();
    for (spelling, of_name) in spellings.found {
        let token = forms::analyse(model, &spelling, &letters::exact(&spelling)).main;
        // Marx is not a Mark because some write x as ks.
        if of_name && is_common(model, &token) {
            continue;
        }
        if &*token != main && !token.is_empty() && !tokens.contains(&token) {
            tokens.push(token);
        }
    }
    tokens
}

/// Spellings in the order in which they were thought of, each once.
struct Spellings<'a> {
    model: &'a Model<'a>,
    seen: BTreeSet<String>,
    /// Each with whether it is a changed name.
    found: Vec<(String, bool)>,
}

impl<'a> Spellings<'a> {
    fn new(model: &'a Model<'a>) -> Self {
        Self {
            model,
            seen: BTreeSet::new(),
            found: Vec::new(),
        }
    }

    fn add(&mut self, spelling: String) {
        self.push(spelling, false);
    }

    fn push(&mut self, spelling: String, of_name: bool) {
        if self.found.len() < MAX_VARIANTS && self.seen.insert(spelling.clone()) {
            self.found.push((spelling, of_name));
        }
    }

    /// Adds a changed spelling of a name, unless it is an ordinary word.
    fn add_name(&mut self, spelling: String) {
        if !is_common(self.model, &letters::danish(&spelling)) {
            self.push(spelling, true);
        }
    }
}

/// Whether the word lists have a word as a name, `None` where they do not have it.
fn listed_as_name(model: &Model<'_>, letters: &str) -> Option<bool> {
    let counted = model
        .facts
        .form(Run::of(letters))
        .map(super::facts::FormFacts::is_name);
    let entry = Entry::find(&model.lexicon, letters).map(|e| e.marks & Entry::NAME != 0);
    match (entry, counted) {
        (Some(entry), Some(counted)) => Some(entry || counted),
        (Some(entry), None) => Some(entry),
        (None, Some(true)) => Some(true),
        // Seen, but in no lexicon: it may be anything.
        (None, _) => None,
    }
}

/// Whether a word is an ordinary word.
fn is_common(model: &Model<'_>, letters: &str) -> bool {
    listed_as_name(model, letters) == Some(false)
}

/// Whether a query word is a name: known as one, or with a capital and no ordinary word.
pub(super) fn is_name(model: &Model<'_>, written: &str, bare: &str) -> bool {
    if bare.contains('-') {
        return is_double_name(model, written);
    }
    let capital = |w: &str| w.starts_with(char::is_uppercase);
    listed_as_name(model, &letters::danish(bare)).unwrap_or_else(|| capital(written))
}

/// Whether a word with hyphens is a name: *al-Mohammadawi* is, *EU-topmøde* is not.
fn is_double_name(model: &Model<'_>, written: &str) -> bool {
    let mut names = 0;
    for piece in written.split('-').filter(|p| p.chars().count() > 3) {
        if piece.chars().skip(1).any(char::is_uppercase)
            || !is_name(model, piece, &letters::exact(piece))
        {
            return false;
        }
        names += 1;
    }
    names > 0
}

/// `ae`, `oe`, `aa` for `æ`, `ø`, `å`, as foreign keyboards have it, and back.
fn ascii(bare: &str, spellings: &mut Spellings<'_>) {
    let typed = bare
        .replace(['æ', 'ä'], "ae")
        .replace(['ø', 'ö'], "oe")
        .replace('å', "aa")
        .replace('ü', "ue");
    if typed != bare {
        spellings.add(typed);
    }
    if bare.contains("ae") || bare.contains("oe") || bare.contains("ue") {
        spellings.add(bare.replace("ae", "æ").replace("oe", "ø"));
        spellings.add(bare.replace("ae", "æ"));
        spellings.add(bare.replace("oe", "ø"));
        if bare.contains("ue") {
            spellings.add(bare.replace("ue", "ü"));
        }
    }
}

/// *Limfjord* for *Limfjorden*, and back: names keep the form they are known by, but are not always written in it.
///
/// The longer one must be listed as a name, and what is left without its ending must end with a noun: *Andersen* has none.
fn definite(model: &Model<'_>, word: &str, spellings: &mut Spellings<'_>) {
    let mut add = |shorter: &str, longer: &str, other: &str| {
        // Jørgensen is a man, Bulgarien a country
        let is_other = shorter.trim_end_matches('e').ends_with(['s', 'i']);
        if !is_other && is_listed_name(model, longer) && ends_with_noun(model, shorter) {
            spellings.add(other.to_owned());
        }
    };
    for ending in ["en", "et", "n", "t"] {
        // striben, but fjorden
        let fits = |shorter: &str| (ending.len() == 1) == shorter.ends_with('e');
        if fits(word) {
            let double = word.chars().next_back().filter(char::is_ascii_alphabetic);
            for between in ["", &String::from_iter(double)] {
                let longer = format!("{word}{between}{ending}");
                add(word, &longer, &longer);
            }
        }
        if let Some(shorter) = word.strip_suffix(ending).filter(|s| fits(s)) {
            // vestbredden
            let mut letters = shorter.chars();
            let last = letters.next_back();
            let single = letters.as_str();
            let is_double = last.is_some_and(|last| single.ends_with(last));
            let shorter = if is_double { single } else { shorter };
            add(shorter, word, shorter);
        }
    }
}

/// Whether a word is listed as a name.
fn is_listed_name(model: &Model<'_>, word: &str) -> bool {
    listed_as_name(model, word) == Some(true)
}

/// Fewest letters before the noun that a name ends with, and of the noun; of shorter ones only those of places.
const BEFORE_NOUN: usize = 3;
const MIN_NOUN: usize = 4;
const PLACES: [&str; 7] = ["bro", "dal", "hav", "sø", "vej", "øst", "å"];

/// Whether a word ends with a known noun behind something else.
fn ends_with_noun(model: &Model<'_>, word: &str) -> bool {
    let ends = word.char_indices().skip(BEFORE_NOUN);
    ends.map(|(at, _)| &word[at..]).any(|end| {
        let facts = model.facts.form(Run::of(end));
        let is_noun = facts.is_some_and(|f| f.marks & FormFacts::CLASS == 1 && !f.is_inflected());
        let is_known = is_noun && Entry::find(&model.lexicon, end).is_some();
        PLACES.contains(&end) || is_known && end.chars().count() >= MIN_NOUN
    })
}

/// Flat letters in names: `Kobenhavn`, `Asa`, `Muller`; and back.
fn flat(model: &Model<'_>, bare: &str, spellings: &mut Spellings<'_>) {
    let flat: String = bare
        .chars()
        .map(|c| match c {
            'å' | 'æ' | 'ä' => 'a',
            'ø' | 'ö' => 'o',
            'ü' => 'u',
            _ => c,
        })
        .collect();
    if flat != bare {
        spellings.add_name(flat);
        return;
    }
    let mut known = Vec::new();
    let mut all = Vec::new();
    for (at, c) in bare.char_indices() {
        let others: &[&str] = match c {
            'a' => &["å", "æ"],
            'o' => &["ø"],
            'u' => &["ü"],
            _ => continue,
        };
        for other in others {
            let changed = format!("{}{other}{}", &bare[..at], &bare[at + 1..]);
            match model.facts.form(Run::of(&letters::danish(&changed))) {
                Some(facts) if facts.is_name() => known.push(changed),
                _ => all.push(changed),
            }
        }
    }
    let some = if known.is_empty() { all } else { known };
    some.into_iter().take(8).for_each(|s| spellings.add_name(s));
}

/// Other transliterations of a name: up to two changes away.
fn transliterations(name: &str, spellings: &mut Spellings<'_>) {
    let first = changes(name);
    for changed in &first {
        spellings.add_name(changed.clone());
    }
    for changed in first {
        for twice in changes(&changed) {
            spellings.add_name(twice);
        }
    }
}

/// Spellings one change away.
fn changes(name: &str) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(ending) = ENDINGS.iter().find(|e| name.ends_with(**e)) {
        let stem = &name[..name.len() - ending.len()];
        if stem.chars().count() > 3 {
            all.extend(
                ENDINGS
                    .iter()
                    .filter(|e| *e != ending)
                    .map(|e| format!("{stem}{e}")),
            );
        }
    }
    for (a, b) in LETTERS {
        for (from, to) in [(a, b), (b, a)] {
            if name.contains(from) {
                all.push(name.replace(from, to));
            }
        }
    }
    let Some(spelled) = Spelled::new(name) else {
        return all;
    };
    let chars = spelled.letters();
    let put = |at: usize, new: &str, skip: usize| -> String {
        let mut text: String = chars[..at].iter().collect();
        text.push_str(new);
        text.extend(&chars[at + skip..]);
        text
    };
    for at in 0..chars.len() {
        let (c, next) = (chars[at], chars.get(at + 1).copied());
        let consonant = c.is_ascii_lowercase() && !is_vowel(c);
        if consonant && next == Some(c) {
            all.push(put(at, "", 1));
        } else if consonant
            && matches!(c, 's' | 'm' | 'l' | 'n' | 't' | 'd' | 'f' | 'k' | 'r' | 'b')
            && at > 0
            && is_vowel(chars[at - 1])
            && next.is_some_and(is_vowel)
        {
            all.push(put(at, &format!("{c}{c}"), 1));
        }
        // Vowels that Arabic does not write.
        let other = match c {
            'a' => "e",
            'e' => "a",
            'o' => "u",
            'u' => "o",
            _ => continue,
        };
        if at > 0 {
            all.push(put(at, other, 1));
        }
    }
    all
}
