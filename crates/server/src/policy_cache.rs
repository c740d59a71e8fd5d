//! Compiled policies, so that a policy is parsed once per version and not once per request.
//!
//! The cache decides nothing about freshness: an entry is found by what came from the store with
//! this very request, a bucket's id and security version or an identity policy's own text. A stale
//! entry cannot be asked for, so revocation is immediate.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

use buckler_metadata::BucketRow;
use buckler_policy::{CompiledPolicy, Document, PolicyError, parse_identity_policy};

/// Most policies of each kind that are kept compiled. Beyond it the cache starts anew.
const POLICIES_MAX: usize = 4096;

/// Compiled policies.
#[derive(Debug, Default)]
pub(crate) struct PolicyCache {
    bucket: Cache<BucketVersion>,
    identity: Cache<String>,
    trust: Cache<String>,
}

type Cache<K> = RwLock<HashMap<K, Arc<CompiledPolicy>>>;

/// A bucket's security at one time. Ids are never used again, and the version grows with every
/// change of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct BucketVersion {
    bucket_id: i64,
    security_version: i64,
}

impl PolicyCache {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// The compiled form of a bucket's policy, if it has one.
    ///
    /// # Errors
    ///
    /// [`PolicyError`] if what is stored is not a policy: a broken invariant.
    pub(crate) fn of_bucket(
        &self,
        row: &BucketRow,
    ) -> Result<Option<Arc<CompiledPolicy>>, PolicyError> {
        let Some(stored) = &row.policy else {
            return Ok(None);
        };
        let key = BucketVersion {
            bucket_id: row.id,
            security_version: row.security_version,
        };
        cached(&self.bucket, &key, || Document::from_stored(stored)).map(Some)
    }

    /// The compiled form of an identity policy.
    ///
    /// # Errors
    ///
    /// [`PolicyError`] if it is not a policy.
    pub(crate) fn identity(&self, text: &str) -> Result<Arc<CompiledPolicy>, PolicyError> {
        cached(&self.identity, text, || {
            parse_identity_policy(text.as_bytes())
        })
    }
}

impl PolicyCache {
    /// The compiled form of a role's trust policy, from its stored form.
    ///
    /// # Errors
    ///
    /// [`PolicyError`] if what is stored is not a trust policy: a broken invariant.
    pub(crate) fn trust(&self, stored: &str) -> Result<Arc<CompiledPolicy>, PolicyError> {
        cached(&self.trust, stored, || {
            Document::from_stored_trust_policy(stored)
        })
    }
}

fn cached<K, Q>(
    cache: &Cache<K>,
    key: &Q,
    parse: impl FnOnce() -> Result<Document, PolicyError>,
) -> Result<Arc<CompiledPolicy>, PolicyError>
where
    K: Borrow<Q> + Hash + Eq,
    Q: ToOwned<Owned = K> + Hash + Eq + ?Sized,
{
    // A poisoned lock held a whole map: entries are inserted in one step.
    let known = cache
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(key)
        .cloned();
    if let Some(compiled) = known {
        return Ok(compiled);
    }
    let compiled = Arc::new(CompiledPolicy::compile(&parse()?));
    let mut cache = cache.write().unwrap_or_else(PoisonError::into_inner);
    if cache.len() >= POLICIES_MAX {
        cache.clear();
    }
    cache.insert(key.to_owned(), Arc::clone(&compiled));
    Ok(compiled)
}
