//! Places of letters, through changes that make more or fewer of them.

use super::letters;

/// Where the letters that an analysis counts stand in the text they come from.
pub(super) enum Places {
    /// At the same number.
    Same,
    /// For each letter of the result, the `char` of the source with which it begins; and the end.
    Listed(Vec<u32>),
}

/// Longest source that is followed letter by letter.
const MAX_FOLLOWED: usize = 256;

impl Places {
    /// From an exact form of so many letters to the written word.
    pub(super) fn new(written: &str, letters: usize) -> Self {
        if written.is_ascii() || written.chars().count() == letters {
            return Self::Same;
        }
        Self::through(written, letters, letters::exact)
    }

    /// Follows a change of letters that works from left to right.
    pub(super) fn through(source: &str, letters: usize, change: fn(&str) -> String) -> Self {
        let count = source.chars().count();
        if count == letters && !source.contains("aa") {
            return Self::Same;
        }
        let mut places = vec![0u32; letters + 1];
        if count <= MAX_FOLLOWED {
            let mut reached = 0;
            for (k, (end, c)) in source.char_indices().enumerate() {
                let made = change(&source[..end + c.len_utf8()])
                    .chars()
                    .count()
                    .min(letters);
                for place in places.iter_mut().take(made + 1).skip(reached + 1) {
                    *place = k as u32 + 1;
                }
                reached = reached.max(made);
            }
        }
        places[letters] = count as u32;
        Self::Listed(places)
    }

    /// Where a letter of the result begins in the source.
    pub(super) fn of(&self, letter: u32) -> u32 {
        match self {
            Self::Same => letter,
            Self::Listed(places) => places
                .get(letter as usize)
                .or(places.last())
                .copied()
                .unwrap_or(letter),
        }
    }
}
