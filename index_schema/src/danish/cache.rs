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
    young: Generation,
    old: Generation,
}

/// Forms by word; the numbers keep the map small, so that most of it stays near the core.
#[derive(Debug, Default)]
struct Generation {
    numbers: HashMap<Box<str>, u32, FixedState>,
    forms: Vec<Forms>,
}

impl Cache {
    /// The forms of a word; made when they are not known.
    #[inline]
    pub(super) fn get(&mut self, word: &str, make: impl FnOnce() -> Forms) -> &Forms {
        let number = match self.young.numbers.get(word) {
            Some(&number) => number,
            None => self.bring(word, make),
        };
        &self.young.forms[number as usize]
    }

    #[cold]
    fn bring(&mut self, word: &str, make: impl FnOnce() -> Forms) -> u32 {
        if self.young.forms.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        let (word, forms) = match self.old.numbers.remove_entry(word) {
            Some((word, number)) => (word, std::mem::take(&mut self.old.forms[number as usize])),
            None => (word.into(), make()),
        };
        let number = self.young.forms.len() as u32;
        self.young.forms.push(forms);
        self.young.numbers.insert(word, number);
        number
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
        assert!(cache.young.forms.len() + cache.old.forms.len() <= GENERATION * 2);
    }
}
