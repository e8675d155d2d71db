//! Rebuilds the tables of the Danish analyzer from word lists.
//!
//! `cargo run --release --example train -- DATA` writes them; with `--folds DIR` it trains on two thirds, analyses
//! the unseen third, and leaves the three thirds together in DIR for the scorers.

mod data;
mod lemmas;
mod lexicon;
mod splits;
mod weights;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use index_schema::danish::answers::write_answers;
use index_schema::danish::entry::Entry;
use index_schema::danish::index_tokens_by;
use index_schema::danish::lemma;
use index_schema::danish::model::Model;

use data::{Row, Seen, part};

/// An irregular word: lemma, forms, marks, main token.
pub(crate) type Irregular = (String, Vec<String>, u8, String);

/// Into how many parts the words are divided when each is analysed by tables trained without it.
const FOLDS: u8 = 3;

/// The lists that every part of the training wants.
pub(crate) struct Lists {
    pub(crate) vocabulary: BTreeMap<String, Seen>,
    pub(crate) irregular: Vec<Irregular>,
    /// Irregular forms that are other words too.
    pub(crate) ambiguous: HashSet<String>,
    /// Forms of a verb and of a noun that have the noun's main token.
    pub(crate) nouns_first: HashSet<String>,
    /// Words with a given main token: pronouns and other words without inflection.
    pub(crate) fixed: Vec<(String, String)>,
    pub(crate) form_weight: f32,
    pub(crate) epochs: usize,
    pub(crate) l2: f32,
    pub(crate) rounds: usize,
    pub(crate) agree: usize,
    /// Marks of words for the splitter.
    pub(crate) marks: BTreeMap<String, u8>,
    pub(crate) split_rounds: usize,
    pub(crate) split_l2: f32,
    pub(crate) whole_weight: f32,
}

fn main() -> io::Result<()> {
    let mut args = env::args().skip(1);
    let data = PathBuf::from(args.next().unwrap_or_default());
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/danish/model/source");
    let apart = data::words(&source.join("apart_verbs.txt"))?;
    let mut lists = Lists {
        vocabulary: data::vocabulary(&data.join("vocabulary.tsv"))?,
        irregular: irregular(
            &[data.join("irregular.txt"), source.join("irregular_own.txt")],
            &apart,
        )?,
        ambiguous: data::words(&source.join("ambiguous.txt"))?,
        nouns_first: data::words(&source.join("nouns_first.txt"))?,
        fixed: data::lines(&source.join("fixed.tsv"))?
            .iter()
            .flat_map(|l| {
                let mut words = l.split_whitespace().map(str::to_owned);
                let lemma = words.next().unwrap_or_default();
                words
                    .chain([lemma.clone()])
                    .map(move |w| (w, lemma.clone()))
                    .collect::<Vec<_>>()
            })
            .collect(),
        form_weight: 0.12,
        epochs: 8,
        l2: 1e-4,
        rounds: 2,
        agree: 3,
        marks: BTreeMap::new(),
        split_rounds: 3,
        split_l2: 1e-3,
        whole_weight: 2.5,
    };
    let mut rows = data::conflation(&data.join("conflation.dev.tsv"))?;
    let mode = args.next();
    // Own words would tell a fold about the words it is tested on: they take part in the shipped tables only.
    if mode.is_none() {
        data::own_words(&source.join("words_own.tsv"), &mut rows)?;
    }
    data::families(&mut rows);
    data::to_tokens(&mut rows, &apart);
    let gold = data::compounds(&data.join("compounds.dev.tsv"))?;
    marks(&source, &rows, &mut lists)?;
    let mut out = || PathBuf::from(args.next().unwrap_or_default());
    match mode.as_deref() {
        Some("--split-folds") => split_folds(&rows, &gold, &lists, &out()),
        Some("--folds") => folds(&rows, &lists, |r| &r.family, &out()),
        Some("--form-folds") => folds(&rows, &lists, |r| &r.form, &out()),
        _ => {
            copy_sources(&data, &source)?;
            write(&rows, &gold, &lists)?;
            checksums(&data)
        }
    }
}

/// Trains on everything and writes the tables.
fn write(rows: &[Row], gold: &[data::Gold], lists: &Lists) -> io::Result<()> {
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/danish/model");
    let all: Vec<&Row> = rows.iter().collect();
    let tables = lemmas::train(&all, lists);
    let splits = splits::train(&gold.iter().collect::<Vec<_>>(), lists, &tables);
    let known = splits::known(gold, &tables.model());
    let mut shipped = splits.tables(&tables);
    shipped.splits = &known;
    let words = lists.vocabulary.keys().map(String::as_str);
    let words: BTreeSet<&str> = words.chain(rows.iter().map(|r| r.form.as_str())).collect();
    let words = words
        .into_iter()
        .filter(|word| word.chars().all(char::is_alphabetic));
    let answers = write_answers(&Model::read(&shipped), words);
    for (name, bytes) in [
        ("answers.bin", &answers),
        ("lexicon.bin", &tables.lexicon),
        ("suffixes.bin", &tables.suffixes),
        ("facts.bin", &splits.facts),
        ("splits.bin", &known),
        ("split_weights.bin", &splits.weights),
        ("lemma_weights.bin", &tables.weights),
    ] {
        fs::write(model.join(name), bytes)?;
    }
    Ok(())
}

/// Irregular nouns on -e, which they keep: an *ør* is no ear.
const NOUNS_WITH_E: [&str; 3] = ["øre", "søskende", "penge"];

/// Other irregular words that end like a verb.
const NO_VERBS: [&str; 10] = [
    "bonde", "brille", "fjende", "lille", "mange", "menneske", "nøgle", "tå", "vindue", "øje",
];

fn irregular(paths: &[PathBuf], apart: &HashSet<String>) -> io::Result<Vec<Irregular>> {
    let mut all = Vec::new();
    let mut lines = Vec::new();
    for path in paths {
        lines.extend(data::irregular(path)?);
    }
    // Whether a word loses its vowel is seen from all its forms, on whatever line they stand.
    let mut forms_of: HashMap<String, Vec<String>> = HashMap::new();
    for (lemma, forms) in &lines {
        let all = forms_of.entry(lemma.clone()).or_default();
        all.extend(forms.iter().cloned());
    }
    for (lemma, mut forms) in lines {
        let mut mark = Entry::IRREGULAR;
        let is_noun = NOUNS_WITH_E.contains(&lemma.as_str());
        let other = is_noun || NO_VERBS.contains(&lemma.as_str());
        if lemma.ends_with(['e', 'å']) && !other
            || matches!(lemma.as_str(), "dø" | "le" | "se" | "få")
        {
            mark |= Entry::VERB;
        }
        // Comparatives are no heads: forbedre is not made of bedre.
        let compared = forms.iter().any(|f| f.ends_with("st"));
        if mark & Entry::VERB == 0 && !lemma.ends_with(['e', 'å']) && !compared
            || lemma == "bonde"
            || lemma == "tå"
            || lemma == "øje"
        {
            mark |= Entry::HEAD;
        }
        if mark & Entry::HEAD != 0 {
            let genitives = forms.iter().filter(|f| !f.ends_with('s'));
            let genitives: Vec<String> = genitives.map(|f| format!("{f}s")).collect();
            forms.extend(genitives);
        }
        let list: Vec<&str> = forms_of[&lemma].iter().map(String::as_str).collect();
        let token = if let Some(short) = data::shorter(&lemma, &list) {
            short
        } else if lemma.ends_with('e') && !apart.contains(&lemma) && !is_noun {
            data::stem(&lemma)
        } else {
            lemma.clone()
        };
        all.push((lemma, forms, mark, token));
    }
    Ok(all)
}

/// Analyses each form with tables that were trained without its family, or only without the form itself.
fn folds(rows: &[Row], lists: &Lists, held_by: fn(&Row) -> &str, out: &Path) -> io::Result<()> {
    fs::create_dir_all(out)?;
    let texts = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..FOLDS)
            .map(|held| scope.spawn(move || fold(rows, lists, held_by, held)))
            .collect();
        parts
            .into_iter()
            .filter_map(|p| p.join().ok())
            .collect::<String>()
    });
    fs::write(out.join("lemmas.tsv"), texts)
}

/// Trains without one part and analyses it.
fn fold(rows: &[Row], lists: &Lists, held_by: fn(&Row) -> &str, held: u8) -> String {
    let (inside, outside): (Vec<&Row>, Vec<&Row>) = rows
        .iter()
        .partition(|r| part(held_by(r), "", FOLDS) == held);
    let tables = lemmas::train(&outside, lists);
    let model = tables.model();
    let mut text = String::new();
    for row in inside {
        let (token, _) = lemma::lemma(&model, &row.form);
        let _ = writeln!(text, "{}\t{token}", row.form);
    }
    text
}

/// Marks the words of the vocabulary for the splitter.
fn marks(source: &Path, rows: &[Row], lists: &mut Lists) -> io::Result<()> {
    use index_schema::danish::facts::FormFacts;
    for row in rows {
        let mut mark = match row.lemmas[0].1 {
            'N' => 1,
            'V' => 2,
            'A' => 3,
            _ => 0,
        };
        let stem = data::stem(&row.form);
        if !row.lemmas.iter().any(|(l, _)| *l == row.form || *l == stem) {
            mark |= FormFacts::INFLECTED;
        }
        lists.marks.insert(row.form.clone(), mark);
    }
    let guess = classes(rows);
    for form in lists.vocabulary.keys() {
        if !lists.marks.contains_key(form) {
            let letters: Vec<char> = form.chars().collect();
            let mark = (0..letters.len())
                .find_map(|at| guess.get(&letters[at..].iter().collect::<String>()))
                .copied()
                .unwrap_or(0);
            lists.marks.insert(form.clone(), mark);
        }
    }
    for line in data::lines(&source.join("not_parts.tsv"))? {
        let mut words = line.split_whitespace();
        let mark = match words.next() {
            Some("function") => FormFacts::FUNCTION,
            Some("prefix") => FormFacts::PREFIX,
            _ => FormFacts::SUFFIX,
        };
        for word in words {
            *lists.marks.entry(word.to_owned()).or_default() |= mark;
        }
    }
    Ok(())
}

/// Splits every compound with a model that was trained without its third.
fn split_folds(rows: &[Row], gold: &[data::Gold], lists: &Lists, out: &Path) -> io::Result<()> {
    fs::create_dir_all(out)?;
    let all: Vec<&Row> = rows.iter().collect();
    let lemmas = lemmas::train(&all, lists);
    let (mut text, mut tokens) = (String::new(), String::new());
    for held in 0..3 {
        // Words of one head or one beginning stay together.
        let (inside, outside): (Vec<&data::Gold>, Vec<&data::Gold>) = gold
            .iter()
            .partition(|g| part(&g.word.chars().take(5).collect::<String>(), "", 3) == held);
        let tables = splits::train(&outside, lists, &lemmas);
        let shared = tables.tables(&lemmas);
        let model = index_schema::danish::model::Model::read(&shared);
        for row in inside {
            let Some(spelled) = index_schema::danish::spelled::Spelled::new(&row.word) else {
                continue;
            };
            let parts: Vec<String> = index_schema::danish::compounds::split(&model, &spelled)
                .iter()
                .map(|s| spelled.text(s.from, s.to))
                .collect();
            let _ = writeln!(text, "{}\t{}", row.word, parts.join("|"));
            let terms = index_tokens_by(&model, &row.word);
            let _ = writeln!(tokens, "{}\t{}", row.word, terms.join(" "));
        }
    }
    // The parts alone, as the scorer wants them: the same whatever the splitter was trained on.
    let model = lemmas.model();
    let mut alone = String::new();
    for row in gold {
        let letters: Vec<char> = row.word.chars().collect();
        let mut bounds: Vec<usize> = row.must.iter().chain(&row.may).copied().collect();
        bounds.extend([0, letters.len()]);
        bounds.sort_unstable();
        for (i, &from) in bounds.iter().enumerate() {
            for &to in &bounds[i + 1..] {
                for link in [0, 1, row.links.get(&to).copied().unwrap_or(0)] {
                    if to - link > from && (from, to, link) != (0, letters.len(), 0) {
                        let part: String = letters[from..to - link].iter().collect();
                        let terms = index_tokens_by(&model, &part);
                        let _ = writeln!(alone, "{part}\t{}", terms[0]);
                    }
                }
            }
        }
    }
    fs::write(out.join("tokens.tsv"), alone + &tokens)?;
    fs::write(out.join("splits.tsv"), text)
}

/// The likeliest class and inflection behind each ending.
fn classes(rows: &[Row]) -> BTreeMap<String, u8> {
    use index_schema::danish::facts::FormFacts;
    let mut seen: BTreeMap<String, BTreeMap<u8, u32>> = BTreeMap::new();
    for row in rows {
        let letters: Vec<char> = row.form.chars().collect();
        let stem = data::stem(&row.form);
        let inflected = !row.lemmas.iter().any(|(l, _)| *l == row.form || *l == stem);
        let class = match row.lemmas[0].1 {
            'N' => 1,
            'V' => 2,
            'A' => 3,
            _ => 0,
        };
        for len in 1..=letters.len().min(5) {
            *seen
                .entry(letters[letters.len() - len..].iter().collect())
                .or_default()
                .entry(class | if inflected { FormFacts::INFLECTED } else { 0 })
                .or_default() += 1;
        }
    }
    seen.into_iter()
        .filter_map(|(ending, counts)| {
            let total: u32 = counts.values().sum();
            let (&mark, &n) = counts.iter().max_by_key(|(_, n)| **n)?;
            (total >= 5 && n * 2 > total).then_some((ending, mark))
        })
        .collect()
}

/// Sources that may stand in the shipped tables, word by word.
const SHIPPED: [&str; 5] = ["parole", "cdt", "dasem", "own", "own-noncompound"];

/// The external lists that shape the tables.
const LISTS: [&str; 4] = [
    "conflation.dev.tsv",
    "compounds.dev.tsv",
    "irregular.txt",
    "vocabulary.tsv",
];

/// Copies the rows whose words ship, with their tags, so that what is in the program can be read.
fn copy_sources(data: &Path, source: &Path) -> io::Result<()> {
    for (from, to, column, head) in [
        (
            "conflation.dev.tsv",
            "lexicon.tsv",
            3,
            "# Forms of the lexicon: form, count, lemma/class, sources. Licences: ../README.md",
        ),
        (
            "compounds.dev.tsv",
            "compounds.tsv",
            2,
            "# Known compounds and words that are none: word, parts, source. Licences: ../README.md",
        ),
    ] {
        let mut text = format!("{head}\n");
        for line in data::lines(&data.join(from))? {
            let tags = line.split('\t').nth(column).unwrap_or_default();
            if tags.split(',').any(|t| SHIPPED.contains(&t)) {
                text.push_str(&line);
                text.push('\n');
            }
        }
        fs::write(source.join(to), text)?;
    }
    fs::copy(data.join("irregular.txt"), source.join("irregular.txt")).map(|_| ())
}

/// Writes the checksums of everything that went in and came out; a test compares them.
fn checksums(data: &Path) -> io::Result<()> {
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/danish/model");
    let mut lines = Vec::new();
    let mut note = |name: String, path: &Path| -> io::Result<()> {
        lines.push(format!(
            "{name}\t{}\n",
            blake3::hash(&fs::read(path)?).to_hex()
        ));
        Ok(())
    };
    for (folder, prefix) in [(model.join("source"), "source/"), (model.clone(), "")] {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_file() && (prefix == "source/" || name.ends_with(".bin")) {
                note(format!("{prefix}{name}"), &path)?;
            }
        }
    }
    for list in LISTS {
        note(format!("danish/{list}"), &data.join(list))?;
    }
    lines.sort();
    let head = "# What the tables were made from and what came out: file, BLAKE3. Written by examples/train.\n";
    fs::write(
        model.join("checksums.tsv"),
        head.to_owned() + &lines.concat(),
    )
}
