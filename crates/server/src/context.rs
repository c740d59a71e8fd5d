//! What every request stands on.

use buckler_blobs::LocalBlobs;
use buckler_iam::MasterKey;
use buckler_metadata::Store;

use crate::clock::Clock;
use crate::config::ServerConfig;
use crate::policy_cache::PolicyCache;

/// The stores, the keys and the settings of a server.
#[derive(Debug)]
pub struct Context {
    pub(crate) store: Store,
    pub(crate) blobs: LocalBlobs,
    pub(crate) master_key: MasterKey,
    pub(crate) clock: Clock,
    pub(crate) config: ServerConfig,
    pub(crate) policies: PolicyCache,
}

impl Context {
    /// Puts the parts together.
    pub fn new(
        store: Store,
        blobs: LocalBlobs,
        master_key: MasterKey,
        clock: Clock,
        config: ServerConfig,
    ) -> Self {
        Self {
            store,
            blobs,
            master_key,
            clock,
            config,
            policies: PolicyCache::new(),
        }
    }
}
