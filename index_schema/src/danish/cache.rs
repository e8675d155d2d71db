//! The forms of words seen before.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::Forms;

/// Words kept in one generation; two generations are kept. A word and its forms take about 200 bytes.
const GENERATION: usize = 1 << 16;

/// Remembers forms in two generations: a full young one becomes the old one, and what is not asked for there is
/// forgotten. Bounded, and the frequent words of a language never leave it.
#[derive(Debug, Default)]
pub(super) struct Cache {
    young: HashMap<Box<str>, Forms, FixedState>,
    old: HashMap<Box<str>, Forms, FixedState>,
}

impl Cache {
    /// The forms of a word; made when they are not known.
    #[inline]
    pub(super) fn get(&mut self, word: &str, make: impl FnOnce() -> Forms) -> &Forms {
        if !self.young.contains_key(word) {
            self.bring(word, make);
        }
        &self.young[word]
    }

    #[cold]
    fn bring(&mut self, word: &str, make: impl FnOnce() -> Forms) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        let (word, forms) = self
            .old
            .remove_entry(word)
            .unwrap_or_else(|| (word.into(), make()));
        self.young.insert(word, forms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_forgotten_when_there_are_too_many() {
        let mut cache = Cache::default();
        let mut made = 0;
        for n in 0..GENERATION * 3 {
            for word in ["og", &n.to_string()] {
                cache.get(word, || {
                    made += 1;
                    Forms::default()
                });
            }
        }
        assert_eq!(made, GENERATION * 3 + 1);
        assert!(cache.young.len() + cache.old.len() <= GENERATION * 2);
    }
}
