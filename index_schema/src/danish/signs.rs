//! Signs: what speaks for or against a reading of a word, in the two log-linear models of the analyzer.

use super::model::Weights;

/// Takes signs, one after the other.
pub(super) trait Signs {
    /// Begins anew.
    fn clear(&mut self);
    /// A sign that holds: the number of its weight, and how much it counts.
    fn add(&mut self, number: usize, value: f32);
}

/// Signs as they are, for the trainer.
impl Signs for Vec<(u16, f32)> {
    fn clear(&mut self) {
        self.clear();
    }

    fn add(&mut self, number: usize, value: f32) {
        self.push((number as u16, value));
    }
}

/// What signs weigh together.
#[derive(Debug)]
pub(super) struct Weighed<'m> {
    weights: Weights<'m>,
    sum: f32,
}

impl<'m> Weighed<'m> {
    /// No signs yet.
    pub(super) fn by(weights: Weights<'m>) -> Self {
        Self { weights, sum: 0.0 }
    }

    /// The sum of all signs so far.
    pub(super) fn sum(&self) -> f32 {
        self.sum
    }
}

impl Signs for Weighed<'_> {
    fn clear(&mut self) {
        self.sum = 0.0;
    }

    #[inline]
    fn add(&mut self, number: usize, value: f32) {
        self.sum += self.weights.get(number) * value;
    }
}
