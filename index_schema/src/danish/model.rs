//! The trained tables, as they lie in the program.

use super::answers::Answers;
use super::facts::Facts;
use super::strings::Strings;
use super::suffixes::Suffixes;

/// All tables. Reading them costs a few comparisons: nothing is parsed or copied.
#[derive(Clone, Copy, Debug)]
pub struct Model<'m> {
    /// Statistics of forms, stems and lemmas.
    pub facts: Facts<'m>,
    /// Known forms and their lemmas.
    pub lexicon: Strings<'m>,
    /// Known compounds and their boundaries.
    pub splits: Strings<'m>,
    /// Suffix rules.
    pub suffixes: Suffixes<'m>,
    /// Weights of the choice among lemmas.
    pub lemma_weights: Weights<'m>,
    /// Weights of the choice among segmentations.
    pub split_weights: Weights<'m>,
    /// What all of these make of the words that texts have.
    pub answers: Answers<'m>,
}

/// The bytes of the tables.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tables<'m> {
    /// Bytes of [`Model::facts`].
    pub facts: &'m [u8],
    /// Bytes of [`Model::lexicon`].
    pub lexicon: &'m [u8],
    /// Bytes of [`Model::splits`].
    pub splits: &'m [u8],
    /// Bytes of [`Model::suffixes`].
    pub suffixes: &'m [u8],
    /// Bytes of [`Model::lemma_weights`].
    pub lemma_weights: &'m [u8],
    /// Bytes of [`Model::split_weights`].
    pub split_weights: &'m [u8],
    /// Bytes of [`Model::answers`].
    pub answers: &'m [u8],
}

/// Weights, as little-endian `f32`.
#[derive(Clone, Copy, Debug)]
pub struct Weights<'m>(&'m [[u8; 4]]);

impl Weights<'_> {
    /// The weight of a number; 0 beyond the last.
    #[inline]
    pub fn get(&self, number: usize) -> f32 {
        self.0.get(number).map_or(0.0, |&b| f32::from_le_bytes(b))
    }
}

impl<'m> Model<'m> {
    /// Reads the tables where they lie.
    pub fn read(tables: &Tables<'m>) -> Self {
        Self {
            facts: Facts::read(tables.facts),
            lexicon: Strings::read(tables.lexicon),
            splits: Strings::read(tables.splits),
            suffixes: Suffixes::read(tables.suffixes),
            lemma_weights: Weights(tables.lemma_weights.as_chunks::<4>().0),
            split_weights: Weights(tables.split_weights.as_chunks::<4>().0),
            answers: Answers::read(tables.answers),
        }
    }
}

impl Model<'static> {
    /// The tables that ship with the program.
    pub fn shipped() -> Self {
        Self::read(&Tables {
            facts: include_bytes!("model/facts.bin"),
            lexicon: include_bytes!("model/lexicon.bin"),
            splits: include_bytes!("model/splits.bin"),
            suffixes: include_bytes!("model/suffixes.bin"),
            lemma_weights: include_bytes!("model/lemma_weights.bin"),
            split_weights: include_bytes!("model/split_weights.bin"),
            answers: include_bytes!("model/answers.bin"),
        })
    }
}
