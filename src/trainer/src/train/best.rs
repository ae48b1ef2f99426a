//! The parameters of each column as they were when it did best: columns share none, and each has its own good moments.

use tch::{Tensor, nn};

/// The best parameters seen so far.
pub struct Best {
    /// Bits of a value of each column on held-out rows.
    bits: Vec<f64>,
    /// The first dimension of all is the column.
    parameters: Vec<(String, Tensor)>,
}

impl Best {
    /// Nothing was seen yet.
    pub fn new(store: &nn::VarStore, columns: usize) -> Self {
        let parameters = store.variables().into_iter().map(|(name, value)| (name, value.detach().copy())).collect();
        Best { bits: vec![f64::INFINITY; columns], parameters }
    }

    /// Keeps the parameters of the columns that do better now.
    pub fn update(&mut self, store: &nn::VarStore, bits: &[f64]) {
        let _frozen = tch::no_grad_guard();
        let now = store.variables();
        for (column, (best, &bits)) in
            self.bits.iter_mut().zip(bits).enumerate().filter(|(_, (best, bits))| *bits < best)
        {
            *best = bits;
            for (name, kept) in &self.parameters {
                kept.get(column as i64).copy_(&now[name].get(column as i64));
            }
        }
    }

    /// Puts them back.
    pub fn restore(&self, store: &nn::VarStore) {
        let _frozen = tch::no_grad_guard();
        let mut now = store.variables();
        for (name, kept) in &self.parameters {
            if let Some(value) = now.get_mut(name) {
                value.copy_(kept);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tch::nn::Init;
    use tch::{Device, Kind};

    #[test]
    fn each_column_gets_back_its_own_best() {
        let store = nn::VarStore::new(Device::Cpu);
        let mut weights = store.root().var("weights", &[3, 2], Init::Const(0.0));
        let mut best = Best::new(&store, 3);
        for (value, bits) in [(1.0, [5.0, 9.0, f64::NAN]), (2.0, [6.0, 8.0, f64::NAN]), (3.0, [5.0, 8.5, f64::NAN])] {
            let _ = tch::no_grad(|| weights.fill_(value));
            best.update(&store, &bits);
        }
        best.restore(&store);
        let restored = Vec::<f32>::try_from(weights.flatten(0, -1).to_kind(Kind::Float)).unwrap();
        assert_eq!(restored, [1.0, 1.0, 2.0, 2.0, 0.0, 0.0], "what was never good stays as it began");
    }
}
