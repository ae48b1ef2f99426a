//! The models of this process that somebody holds, by content hash: each is parsed once.

use crate::error::Result;
use crate::model::loaded::Model;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};

type Models = HashMap<u64, Weak<Model>>;

fn models() -> MutexGuard<'static, Models> {
    static MODELS: LazyLock<Mutex<Models>> = LazyLock::new(Mutex::default);
    MODELS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The model with this content hash, if it is in use.
pub fn find(hash: u64) -> Option<Arc<Model>> {
    models().get(&hash)?.upgrade()
}

/// Parses a model, unless it is in use: its hash, the last bytes, is looked up first.
pub fn load(bytes: &[u8]) -> Result<Arc<Model>> {
    if let Some((_, hash)) = bytes.split_last_chunk()
        && let Some(model) = find(u64::from_le_bytes(*hash))
        && model.bytes() == bytes
    {
        return Ok(model);
    }
    Ok(share(Model::from_bytes(bytes)?))
}

/// Shares a model: the one in use with the same content, else this one.
pub fn share(model: Model) -> Arc<Model> {
    let mut models = models();
    let model = match models.get(&model.hash()).and_then(Weak::upgrade) {
        Some(known) if known.bytes() == model.bytes() => return known,
        Some(_) => Arc::new(model), // another content with the same hash: the first one keeps its place
        None => {
            models.retain(|_, model| model.strong_count() > 0);
            let model = Arc::new(model);
            models.insert(model.hash(), Arc::downgrade(&model));
            model
        }
    };
    drop(models); // who listens may ask for models
    let kind = if model.has_network() { "networks" } else { "no networks" };
    let (hash, columns, bytes) = (model.hash(), model.columns().len(), model.bytes().len());
    log::debug!("model {hash:016x}: {columns} columns, {kind}, {bytes} bytes");
    model
}
