//! Fits the weights of a log-linear choice among candidates.

/// Candidates of one decision.
#[derive(Clone, Debug, Default)]
pub(crate) struct Instance {
    /// Signs of all candidates, one after another.
    pub(crate) signs: Vec<(u16, f32)>,
    /// Where each candidate's signs end, and whether it is right.
    pub(crate) candidates: Vec<(usize, bool)>,
    pub(crate) weight: f32,
}

impl Instance {
    pub(crate) fn push(&mut self, signs: impl IntoIterator<Item = (u16, f32)>, right: bool) {
        self.signs.extend(signs);
        self.candidates.push((self.signs.len(), right));
    }

    fn candidates(&self) -> impl Iterator<Item = (&[(u16, f32)], bool)> {
        let mut from = 0;
        self.candidates.iter().map(move |&(to, right)| {
            let signs = &self.signs[from..to];
            from = to;
            (signs, right)
        })
    }
}

/// Maximises the likelihood of the right candidates with Adam, a quadratic penalty and averaging over the last half.
/// No chance is involved: the order of the instances is a fixed permutation.
pub(crate) fn fit(instances: &[Instance], count: usize, epochs: usize, l2: f32) -> Vec<f32> {
    let useful: Vec<&Instance> = instances
        .iter()
        .filter(|i| i.candidates.len() > 1 && i.candidates.iter().any(|c| c.1))
        .collect();
    let n = useful.len().max(1);
    let (mut w, mut m, mut v) = (vec![0f32; count], vec![0f32; count], vec![0f32; count]);
    let mut average = vec![0f64; count];
    let mut averaged = 0u32;
    let mut gradient = vec![0f32; count];
    let stride = (1..)
        .map(|k| n * 618 / 1000 + k)
        .find(|s| gcd(*s, n) == 1)
        .unwrap_or(1);
    const BATCH: usize = 32;
    let mut step = 0i32;
    let mut scores = Vec::new();
    for epoch in 0..epochs {
        let rate = 0.02 * (1.0 - 0.9 * epoch as f32 / epochs as f32);
        let mut at = epoch % n;
        let mut done = 0;
        while done < n {
            gradient.fill(0.0);
            let batch = BATCH.min(n - done);
            for _ in 0..batch {
                let instance = useful[at];
                at = (at + stride) % n;
                scores.clear();
                scores.extend(instance.candidates().map(|(signs, right)| {
                    let score: f32 = signs.iter().map(|&(k, x)| w[usize::from(k)] * x).sum();
                    (score, right)
                }));
                let top = scores.iter().map(|s| s.0).fold(f32::MIN, f32::max);
                let (mut all, mut right) = (0f32, 0f32);
                for s in &mut scores {
                    s.0 = (s.0 - top).exp();
                    all += s.0;
                    if s.1 {
                        right += s.0;
                    }
                }
                for ((signs, _), (p, ok)) in instance.candidates().zip(&scores) {
                    let wanted = if *ok { p / right.max(1e-20) } else { 0.0 };
                    let push = instance.weight * (wanted - p / all) / batch as f32;
                    if push != 0.0 {
                        for &(k, x) in signs {
                            gradient[usize::from(k)] += push * x;
                        }
                    }
                }
            }
            done += batch;
            step += 1;
            let (c1, c2) = (1.0 - 0.9f32.powi(step), 1.0 - 0.999f32.powi(step));
            for k in 0..count {
                let g = gradient[k] - l2 * w[k];
                m[k] = 0.9 * m[k] + 0.1 * g;
                v[k] = 0.999 * v[k] + 0.001 * g * g;
                w[k] += rate * (m[k] / c1) / ((v[k] / c2).sqrt() + 1e-8);
            }
        }
        if epoch >= epochs / 2 {
            averaged += 1;
            for (a, x) in average.iter_mut().zip(&w) {
                *a += f64::from(*x);
            }
        }
    }
    average
        .iter()
        .map(|a| (a / f64::from(averaged.max(1))) as f32)
        .collect()
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}
