//! A word as letters, with the hash of any run of them at hand.

/// Words of more letters get no clever treatment.
pub const MAX_LETTERS: usize = 64;

/// Base of the polynomial hash; odd, so that multiplying by it loses nothing.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

/// `BASE` to the power of 0, 1, 2 …
const POWERS: [u64; MAX_LETTERS + 1] = {
    let mut powers = [1u64; MAX_LETTERS + 1];
    let mut i = 1;
    while i <= MAX_LETTERS {
        powers[i] = powers[i - 1].wrapping_mul(BASE);
        i += 1;
    }
    powers
};

/// Hash of a run of letters, open at its end: further letters can be pushed.
///
/// Polynomial, so that the hash of any run of a word follows from two prefixes of it in a few instructions, and
/// the same on every machine, so that tables written by the trainer can be read by everyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Run(u64);

impl Run {
    /// Hashes a string.
    pub fn of(text: &str) -> Self {
        text.chars().fold(Self(0), Self::then)
    }

    /// The run with one more letter.
    #[inline]
    #[must_use]
    pub fn then(self, letter: char) -> Self {
        Self(
            self.0
                .wrapping_mul(BASE)
                .wrapping_add(u64::from(letter as u32) + 1),
        )
    }

    /// The run with more letters.
    #[inline]
    #[must_use]
    pub fn then_all(self, letters: &str) -> Self {
        letters.chars().fold(self, Self::then)
    }

    /// The run with the letters `from..to` of a word.
    #[inline]
    #[must_use]
    pub fn then_run(self, word: &Spelled, from: usize, to: usize) -> Self {
        let run = word.run(from, to);
        Self(self.0.wrapping_mul(POWERS[to - from]).wrapping_add(run.0))
    }

    /// The run with an ending.
    #[inline]
    #[must_use]
    pub fn then_ending(self, ending: Ending) -> Self {
        Self(self.0.wrapping_mul(ending.power).wrapping_add(ending.hash))
    }

    /// The well-mixed key of the run in one of several key spaces.
    #[inline]
    pub fn key(self, space: u64) -> u64 {
        let mut h = self.0 ^ space.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        h = (h ^ (h >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        h = (h ^ (h >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        h ^ (h >> 32)
    }
}

/// An ending whose hash is known when the program is compiled.
#[derive(Clone, Copy, Debug)]
pub struct Ending {
    hash: u64,
    power: u64,
}

impl Ending {
    /// Hashes an ending of ASCII letters.
    pub const fn new(letters: &str) -> Self {
        let letters = letters.as_bytes();
        let (mut hash, mut at) = (0u64, 0);
        while at < letters.len() {
            hash = hash.wrapping_mul(BASE).wrapping_add(letters[at] as u64 + 1);
            at += 1;
        }
        Self {
            hash,
            power: POWERS[at],
        }
    }

    /// Hashes several endings.
    pub const fn all<const N: usize>(endings: [&str; N]) -> [Self; N] {
        let mut all = [Self { hash: 0, power: 1 }; N];
        let mut at = 0;
        while at < N {
            all[at] = Self::new(endings[at]);
            at += 1;
        }
        all
    }
}

/// The letters of a word, lower-cased, and their hashes; on the stack, as several are made for each new word.
#[derive(Clone, Debug)]
pub struct Spelled {
    letters: [char; MAX_LETTERS],
    prefixes: [u64; MAX_LETTERS + 1],
    len: usize,
}

impl Spelled {
    /// Takes a word apart; `None` when it is empty or longer than [`MAX_LETTERS`].
    pub fn new(word: &str) -> Option<Self> {
        let mut spelled = Self {
            letters: ['\0'; MAX_LETTERS],
            prefixes: [0; MAX_LETTERS + 1],
            len: 0,
        };
        let mut run = Run(0);
        for c in word.chars() {
            *spelled.letters.get_mut(spelled.len)? = c;
            run = run.then(c);
            spelled.len += 1;
            spelled.prefixes[spelled.len] = run.0;
        }
        (spelled.len > 0).then_some(spelled)
    }

    /// The letters.
    #[inline]
    pub fn letters(&self) -> &[char] {
        &self.letters[..self.len]
    }

    /// How many letters.
    #[inline]
    #[expect(clippy::len_without_is_empty, reason = "a word is never empty")]
    pub fn len(&self) -> usize {
        self.len
    }

    /// The hash of the letters `from..to`; both must be within the word.
    #[inline]
    pub fn run(&self, from: usize, to: usize) -> Run {
        Run(self.prefixes[to].wrapping_sub(self.prefixes[from].wrapping_mul(POWERS[to - from])))
    }

    /// The letters `from..to` as a string.
    pub fn text(&self, from: usize, to: usize) -> String {
        self.letters()[from..to].iter().collect()
    }
}

/// Whether a letter is a vowel in Danish writing.
#[inline]
pub fn is_vowel(c: char) -> bool {
    matches!(
        c,
        'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'æ' | 'ø' | 'å' | 'é' | 'ü' | 'ö' | 'ä'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_inside_a_word_hashes_like_the_same_letters_alone() {
        let word = Spelled::new("statsminister").expect("short");
        assert_eq!(word.run(0, 4), Run::of("stat"));
        assert_eq!(word.run(5, 13), Run::of("minister"));
        assert_eq!(word.run(5, 13).then('e'), Run::of("ministere"));
        assert_eq!(word.run(3, 3), Run::of(""));
        assert_eq!(
            word.run(0, 4).then_ending(Ending::new("erne")),
            Run::of("staterne")
        );
    }

    #[test]
    fn too_long_a_word_is_not_taken_apart() {
        assert!(Spelled::new(&"å".repeat(MAX_LETTERS)).is_some());
        assert!(Spelled::new(&"å".repeat(MAX_LETTERS + 1)).is_none());
        assert!(Spelled::new("").is_none());
    }
}
