//! What the words of a query ask for, remembered.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use index_schema::danish::{self, Asked};

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
        return danish::ask(text).into();
    }
    ASKED.with_borrow_mut(|known| {
        if let Some(asked) = known.get(text) {
            return Rc::clone(asked);
        }
        let asked: Rc<[Asked]> = danish::ask(text).into();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(text.into(), Rc::clone(&asked));
        asked
    })
}
