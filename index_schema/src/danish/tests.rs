//! Tests of the analyzer with the tables that ship.

use std::path::Path;

use proptest::prelude::*;

use super::*;

fn main_token(word: &str) -> String {
    index_tokens(word).swap_remove(0)
}

/// Pairs of forms that must share a main token, or must not: the classic mistakes.
const TOGETHER: &[(&str, &str)] = &[
    ("haven", "haver"),
    ("talen", "taler"),
    ("tallet", "tal"),
    ("miner", "minerne"),
    ("bøger", "bog"),
    ("bøge", "bøgen"),
    ("vinderen", "vindere"),
    ("ruten", "ruter"),
    ("slanger", "slangen"),
    ("ministeren", "ministrene"),
    ("styrken", "styrkerne"),
    ("mænd", "manden"),
    ("børnene", "barn"),
    ("overtog", "overtage"),
    ("tilbageholdt", "tilbageholde"),
    ("landmændene", "landmand"),
    ("lande", "landene"),
    ("byen", "byer"),
    ("angreb", "angrebene"),
    ("samfundet", "samfund"),
    ("opgivet", "opgive"),
    ("tilliden", "tillid"),
    ("ideen", "ideer"),
    ("kan", "kunne"),
    ("udtalte", "udtaler"),
    ("bruger", "bruge"),
    ("IS-kriger", "IS-krigerne"),
    ("Sørens", "Søren"),
];

/// Pairs of forms that must not share a main token.
const APART: &[(&str, &str)] = &[
    ("haven", "hav"),
    ("haver", "havet"),
    ("havet", "have"),
    ("havene", "havets"),
    ("talen", "tal"),
    ("tallene", "talen"),
    ("mine", "min"),
    ("bøger", "bøg"),
    ("vinder", "vinden"),
    ("ruten", "rude"),
    ("slangen", "slang"),
    ("moden", "mod"),
    ("sundhed", "sund"),
    ("ministeriet", "ministeren"),
    ("sæler", "sælger"),
    ("stykket", "styrket"),
    ("regering", "regere"),
    ("mand", "mandag"),
    ("bydel", "by"),
    ("hollænder", "Holland"),
    ("bevidst", "vidste"),
    ("føre", "før"),
    ("herre", "her"),
    ("ende", "end"),
    ("kun", "kunne"),
    ("mener", "men"),
    ("alene", "alle"),
    ("digt", "dig"),
    ("fare", "far"),
    ("gælder", "gæld"),
    ("side", "sidde"),
    ("IS-kriger", "krig"),
    ("haven", "har"),
];

#[test]
fn a_compound_that_no_list_has_follows_its_head() {
    let heads = [
        ["minister", "ministeren", "ministre", "ministrenes"],
        ["museum", "museet", "museer", "museerne"],
        ["licens", "licensen", "licenser", "licensernes"],
        ["computer", "computeren", "computere", "computerne"],
    ];
    for forms in heads {
        for left in ["klima", "landbrugs", "efterretnings"] {
            let token = format!("{left}{}", main_token(forms[0]));
            for form in forms {
                assert_eq!(main_token(&format!("{left}{form}")), token, "{left}{form}");
            }
        }
    }
}

#[test]
fn the_forms_of_an_unknown_word_stay_together() {
    for forms in [
        ["spatel", "spatlen", "spatler", "spatlerne"],
        ["densitet", "densiteten", "densiteter", "densiteterne"],
        ["aboriginer", "aborigineren", "aboriginere", "aboriginerne"],
    ] {
        for form in forms {
            assert_eq!(main_token(form), main_token(forms[0]), "{form}");
        }
    }
}

#[test]
fn inflections_share_a_token() {
    for (a, b) in TOGETHER {
        assert_eq!(main_token(a), main_token(b), "{a}, {b}");
    }
}

#[test]
fn different_words_do_not() {
    for (a, b) in APART {
        assert_ne!(main_token(a), main_token(b), "{a}, {b}");
    }
}

#[test]
fn a_compound_holds_its_parts() {
    let tokens = index_tokens("statsministerkandidat");
    for part in ["stat", "minister", "kandidat", "statsminister"] {
        assert!(tokens.contains(&main_token(part)), "{part}: {tokens:?}");
    }
    assert_eq!(split("sundhedsministeren"), ["sundheds", "ministeren"]);
    for whole in ["kirsebær", "fængsel", "København", "Frederiksen"] {
        assert_eq!(split(whole), [whole]);
        assert_eq!(index_tokens(whole).len(), 1, "{whole}");
    }
}

#[test]
fn an_ending_is_no_part() {
    for whole in [
        "sneglen",
        "kontrasten",
        "argumenterede",
        "alvorligste",
        "gudinden",
    ] {
        assert_eq!(split(whole), [whole]);
    }
    assert_eq!(split("brandslukkeren"), ["brand", "slukkeren"]);
    assert_eq!(split("brevduen"), ["brev", "duen"]);
    for (head, compounds) in [
        ("ret", ["stemmeret", "arveret", "taleret", "skatteret"]),
        ("net", ["banenet", "færgenet", "fiskenet", "jernbanenet"]),
        (
            "test",
            ["bremsetest", "prøvetest", "virustest", "dopingtest"],
        ),
    ] {
        for compound in compounds {
            assert_eq!(split(compound).last().map(String::as_str), Some(head));
        }
    }
}

#[test]
fn a_part_knows_its_letters() {
    let cases = [
        ("Sundhedsministeren", "minister", "ministeren"),
        ("EU-topmøde", "eu", "EU"),
        ("sundhedsministeren", "sundhed", "sundhed"),
    ];
    for (word, part, letters) in cases {
        let mut found = None;
        Analyzer::new().words(word, |w| {
            for p in &w.forms.parts {
                if *p.term == main_token(part) {
                    let (from, to) = (p.chars.0 as usize, p.chars.1 as usize);
                    found = Some(word.chars().take(to).skip(from).collect::<String>());
                }
            }
        });
        assert_eq!(found.as_deref(), Some(letters), "{word}");
    }
}

#[test]
fn a_first_half_gets_the_head_of_the_other() {
    let tokens = index_tokens("Syd- og Nordkorea");
    assert_eq!(tokens[0], main_token("Sydkorea"));
    assert!(tokens.contains(&main_token("Nordkorea")));
    assert!(index_tokens("el- og gaspriser").contains(&main_token("elpriser")));
}

#[test]
fn a_compound_asks_for_its_parts_side_by_side_but_not_for_its_head() {
    let asked = ask("landminer").swap_remove(0);
    let parts = ["land", "miner"].map(|w| main_token(w).into_boxed_str());
    assert_eq!(asked.apart, [parts.to_vec()]);
    assert!(!asked.variants.contains(&parts[1]));
    assert_eq!(main_token("it-system"), main_token("itsystem"));
}

#[test]
fn a_query_asks_for_other_spellings_and_an_index_does_not_hold_them() {
    assert!(query_tokens("Koebenhavn").contains(&main_token("København")));
    assert!(query_tokens("Lukashenko").contains(&main_token("Lukasjenko")));
    assert!(query_tokens("Rene").contains(&main_token("René")));
    assert!(!query_tokens("René").contains(&main_token("rene")));
    assert_eq!(index_tokens("Koebenhavn").len(), 1);
    for (a, b) in [
        ("far", "får"),
        ("Gül", "gul"),
        ("Marx", "mark"),
        ("har", "hår"),
    ] {
        assert!(!query_tokens(a).contains(&main_token(b)), "{a}, {b}");
    }
}

#[test]
fn a_query_asks_for_a_name_with_and_without_its_article() {
    for (short, long) in [
        ("Limfjord", "Limfjorden"),
        ("Vesterhav", "Vesterhavet"),
        ("Østersø", "Østersøen"),
        ("Folketing", "Folketinget"),
    ] {
        assert!(query_tokens(short).contains(&main_token(long)), "{short}");
        assert!(query_tokens(long).contains(&main_token(short)), "{long}");
    }
    for (name, other) in [
        ("Jørgensen", "Jørgens"),
        ("Hansen", "Hans"),
        ("Bulgarien", "Bulgari"),
    ] {
        assert!(!query_tokens(name).contains(&main_token(other)), "{name}");
    }
}

#[test]
fn a_query_for_the_present_of_a_verb_that_is_also_who_does_it_finds_the_past() {
    for (present, past) in [
        ("anmelder", "anmeldte"),
        ("efterforsker", "efterforskede"),
        ("læser", "læste"),
        ("udlejer", "udlejede"),
    ] {
        assert!(
            query_tokens(present).contains(&main_token(past)),
            "{present}"
        );
        // but not the one who does it in any other form, nor the verb its doer
        assert!(!query_tokens(&format!("{present}en")).contains(&main_token(past)));
        assert!(!query_tokens(past).contains(&main_token(present)), "{past}");
    }
    for other in ["lager", "minister", "under", "der", "vinter"] {
        let stem = other.trim_end_matches("er");
        assert!(!query_tokens(other).contains(&stem.to_owned()), "{other}");
    }
}

#[test]
fn analysis_is_as_printed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("analysis.tsv");
    let printed = std::fs::read_to_string(&path).expect("the file is checked in");
    let mut now = String::new();
    for line in printed.lines() {
        let word = line.split('\t').next().unwrap_or_default();
        if line.starts_with('#') {
            now += line;
        } else {
            now += &format!("{word}\t{}", index_tokens(word).join(" "));
        }
        now.push('\n');
    }
    if std::env::var_os("WIRESEARCH_BLESS").is_some() {
        std::fs::write(&path, &now).expect("the file can be written");
        return;
    }
    for (old, new) in printed.lines().zip(now.lines()) {
        assert_eq!(
            old, new,
            "a changed term asks for a new ANALYSIS; WIRESEARCH_BLESS=1 prints the file anew"
        );
    }
}

#[test]
fn the_tables_are_those_of_the_lists() {
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/danish/model");
    let sums =
        std::fs::read_to_string(model.join("checksums.tsv")).expect("written by the trainer");
    let shared = std::env::var_os("WIRESEARCH_TESTDATA");
    for line in sums.lines().filter(|l| !l.starts_with('#')) {
        let (name, sum) = line.split_once('\t').expect("two columns");
        let path = match name.strip_prefix("danish/") {
            None => model.join(name),
            Some(list) => match &shared {
                Some(shared) => Path::new(shared).join("danish").join(list),
                None => {
                    eprintln!("skipped: {name} (WIRESEARCH_TESTDATA is not set)");
                    continue;
                }
            },
        };
        let bytes = std::fs::read(&path).expect("a file of the tables or what they are made from");
        assert_eq!(
            blake3::hash(&bytes).to_hex().as_str(),
            sum,
            "{name} has changed: rebuild the tables as src/danish/model/README.md says"
        );
    }
}

#[test]
fn words_of_any_length_and_kind_give_terms_or_nothing() {
    let mut texts = vec![
        String::new(),
        "🎈".into(),
        "\u{301}".into(),
        "\0\u{7f}".into(),
        "ﬁ ß İ ǅ".into(),
        "'-'".into(),
    ];
    texts.extend(
        ["a", "å", "-a", "s", "aa", "1.", "æ\u{301}", "日本"].map(|c| c.repeat(65_536 / c.len())),
    );
    for text in texts {
        check(&text);
        ask(&text[..text.floor_char_boundary(2_000)]);
        split(&text);
    }
}

fn check(text: &str) {
    let mut last = 0;
    Analyzer::new().words(text, |w| {
        assert!(last <= w.start && w.start < w.end);
        last = w.end;
        let count = text[w.start..w.end].chars().count() as u32;
        let terms = [&w.forms.exact, &w.forms.main];
        for term in terms
            .into_iter()
            .chain(w.forms.parts.iter().map(|p| &p.term))
        {
            assert!(!term.is_empty() && term.len() <= MAX_TERM_BYTES, "{term:?}");
            assert!(
                !term.contains(|c: char| c.is_whitespace() || c.is_control()),
                "{term:?}"
            );
        }
        for part in &w.forms.parts {
            assert!(
                part.chars.0 <= part.chars.1 && part.chars.1 <= count,
                "{part:?}"
            );
            assert_ne!(part.term, w.forms.main);
        }
    });
}

proptest! {
    #[test]
    fn any_text_gives_sound_words(text in "\\PC{0,60}") {
        check(&text);
        ask(&text);
    }

    #[test]
    fn danish_letters_give_sound_words(text in "[a-zæøåéA-ZÆØÅ0-9 '’.,-]{0,80}") {
        check(&text);
    }

    #[test]
    fn the_parts_of_a_word_joined_are_the_word(word in "[a-zæøåA-ZÆØÅ-]{1,30}") {
        prop_assert_eq!(split(&word).concat(), word);
    }

    #[test]
    fn decomposed_letters_change_nothing(word in "[a-zæøåé]{1,20}") {
        use unicode_normalization::UnicodeNormalization;
        let apart: String = word.nfd().collect();
        prop_assert_eq!(index_tokens(&apart), index_tokens(&word));
    }
}
