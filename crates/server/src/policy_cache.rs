//! Compiled policies, so that a policy is parsed once per version and not once per request.
//!
//! The cache decides nothing about freshness: a policy is found by its own text, so that a stale
//! entry cannot be asked for. Revocation is immediate because the text comes from the store with
//! every request.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use buckler_policy::{CompiledPolicy, Document, PolicyError, parse_identity_policy};

/// Most policies that are kept compiled. Beyond it the cache starts anew.
const POLICIES_MAX: usize = 4096;

/// Compiled policies by the text they were compiled from.
#[derive(Debug, Default)]
pub(crate) struct PolicyCache {
    bucket: RwLock<HashMap<String, Arc<CompiledPolicy>>>,
    identity: RwLock<HashMap<String, Arc<CompiledPolicy>>>,
}

impl PolicyCache {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// The compiled form of a stored bucket policy.
    ///
    /// # Errors
    ///
    /// [`PolicyError`] if what is stored is not a policy: a broken invariant.
    pub(crate) fn bucket(&self, stored: &str) -> Result<Arc<CompiledPolicy>, PolicyError> {
        cached(&self.bucket, stored, Document::from_stored)
    }

    /// The compiled form of an identity policy.
    ///
    /// # Errors
    ///
    /// [`PolicyError`] if it is not a policy.
    pub(crate) fn identity(&self, text: &str) -> Result<Arc<CompiledPolicy>, PolicyError> {
        cached(&self.identity, text, |text| {
            parse_identity_policy(text.as_bytes())
        })
    }
}

fn cached(
    cache: &RwLock<HashMap<String, Arc<CompiledPolicy>>>,
    text: &str,
    parse: impl FnOnce(&str) -> Result<Document, PolicyError>,
) -> Result<Arc<CompiledPolicy>, PolicyError> {
    // A poisoned lock held a whole map: entries are inserted in one step.
    let known = cache
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(text)
        .cloned();
    if let Some(compiled) = known {
        return Ok(compiled);
    }
    let compiled = Arc::new(CompiledPolicy::compile(&parse(text)?));
    let mut cache = cache.write().unwrap_or_else(PoisonError::into_inner);
    if cache.len() >= POLICIES_MAX {
        cache.clear();
    }
    cache.insert(text.to_owned(), Arc::clone(&compiled));
    Ok(compiled)
}
