//! What a word of a query asks for, however it is typed.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use index_schema::danish::{self, Analyzer, Asked};

/// Texts remembered; a question has a handful.
const REMEMBERED: usize = 256;
/// Bytes of the longest text remembered.
const LONGEST: usize = 256;

thread_local! {
    static ASKED: RefCell<HashMap<Box<str>, Rc<[Asked]>>> = RefCell::default();
}

/// What a query for `text` asks for, whatever the case that its words are typed in.
///
/// Remembered, as a question asks several times, in the engine and in each text shown, and a name has dozens of spellings.
pub(crate) fn ask(text: &str) -> Rc<[Asked]> {
    if text.len() > LONGEST {
        return asked(text).into();
    }
    ASKED.with_borrow_mut(|known| {
        if let Some(asked) = known.get(text) {
            return Rc::clone(asked);
        }
        let asked: Rc<[Asked]> = asked(text).into();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(text.into(), Rc::clone(&asked));
        asked
    })
}

/// The analysis may take `US` for another word than `us`. Whoever types one finds the other, too, as a variant: so the same
/// letters are always found.
fn asked(text: &str) -> Vec<Asked> {
    let mut asked = danish::ask(text);
    let mut analyzer = Analyzer::new();
    for word in &mut asked {
        let typed = text.get(word.start..word.end).unwrap_or_default();
        // who types KL does not mean kl.
        if danish::is_acronym(typed) {
            continue;
        }
        for case in other_cases(typed, &word.exact) {
            // its main token only: what else a word in capitals may ask for was not typed
            analyzer.words(&case, |other| {
                let main = &other.forms.main;
                let same = other.forms.exact == word.exact;
                if same && *main != word.main && !word.variants.contains(main) {
                    word.variants.push(main.clone());
                }
            });
        }
    }
    asked
}

/// A word in small letters, with a capital, and in capitals, except as typed.
fn other_cases(typed: &str, exact: &str) -> Vec<String> {
    let mut cases = vec![exact.to_owned()];
    let mut letters = exact.chars();
    if let Some(first) = letters.next() {
        cases.push(first.to_uppercase().chain(letters).collect());
    }
    // what is longer is a headline rather than an abbreviation
    if exact.chars().count() <= 6 {
        cases.push(exact.to_uppercase());
    }
    cases.retain(|case| case != typed);
    cases.dedup();
    cases
}
