//! What a session has for all its calls: its container, the models it met, and the pieces that are being decoded.

use super::cache;
use super::container::Container;
use super::flights::{Call, Flights};
use crate::error::{Error, Result};
use crate::model::Model;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// Models that were asked for, which never change.
#[derive(Default)]
struct Models {
    by_hash: HashMap<u64, Arc<Model>>,
    /// Branches that they see elements of as foreign columns.
    pointed_to: HashSet<String>,
}

impl Models {
    fn add(&mut self, model: &Arc<Model>) {
        if self.by_hash.insert(model.hash(), Arc::clone(model)).is_none() {
            let foreign = model.columns().iter().filter_map(|column| column.spec.foreign.as_ref());
            self.pointed_to.extend(foreign.map(|foreign| foreign.branch.clone()));
        }
    }
}

/// What the calls of a session share.
pub(super) struct Store {
    pub container: Box<dyn Container>,
    /// No other session of the process has it: with it, names in the cache cannot collide.
    pub number: u64,
    pub flights: Flights,
    models: RwLock<Models>,
}

impl Drop for Store {
    fn drop(&mut self) {
        cache::forget(self.number);
    }
}

impl Store {
    pub fn new(container: Box<dyn Container>) -> Self {
        static SESSIONS: AtomicU64 = AtomicU64::new(0);
        let number = SESSIONS.fetch_add(1, Ordering::Relaxed);
        Store { container, number, flights: Flights::default(), models: RwLock::default() }
    }

    /// The model with a hash.
    pub fn model(&self, hash: u64, call: &Call) -> Result<Arc<Model>> {
        let known = self.models.read().unwrap_or_else(PoisonError::into_inner).by_hash.get(&hash).cloned();
        if let Some(model) = known {
            return Ok(model);
        }
        let model = call.back(|| self.container.model(hash))?.filter(|model| model.hash() == hash);
        let model = model.ok_or_else(|| Error::Missing(format!("its model {hash:016x} is not there")))?;
        let others = call.back(|| self.container.models())?;
        let mut models = self.models.write().unwrap_or_else(PoisonError::into_inner);
        others.iter().chain([&model]).for_each(|model| models.add(model));
        Ok(model)
    }

    /// Whether a model that was met sees elements of this branch.
    pub fn is_pointed_to(&self, name: &str) -> bool {
        self.models.read().unwrap_or_else(PoisonError::into_inner).pointed_to.contains(name)
    }
}
