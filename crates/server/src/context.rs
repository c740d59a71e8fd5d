//! What every request stands on.

use std::ops::Deref;
use std::sync::Arc;

use buckler_blobs::Blobs;
use buckler_iam::MasterKeys;
use buckler_metadata::{Freshness, Store, StoreError};
use buckler_s3::BucketName;

use crate::clock::Clock;
use crate::config::ServerConfig;
use crate::health::Health;
use crate::iam::last_used::LastUsed;
use crate::identity_provider::KeyCache;
use crate::kept::Kept;
use crate::pipeline::load::Bucket;
use crate::pipeline::sender::Sender;
use crate::policy_cache::PolicyCache;
use crate::readings::Readings;

/// The stores, the keys and the settings of a server, and how new the rows are that one request sees.
///
/// Clones share everything but the latter.
#[derive(Debug, Clone)]
pub struct Context {
    parts: Arc<Parts>,
    /// The versions of identities and buckets when the request began; `None` outside of requests, where nothing that is
    /// kept is used.
    freshness: Option<Freshness>,
}

/// What all requests share.
#[derive(Debug)]
pub struct Parts {
    pub(crate) store: Store,
    pub(crate) blobs: Blobs,
    pub(crate) master_keys: MasterKeys,
    pub(crate) clock: Clock,
    pub(crate) config: ServerConfig,
    pub(crate) policies: PolicyCache,
    pub(crate) health: Health,
    pub(crate) readings: Readings,
    pub(crate) last_used: LastUsed,
    pub(crate) provider_keys: KeyCache,
    buckets: Kept<BucketName, Bucket>,
    senders: Kept<String, Arc<Sender>>,
}

impl Deref for Context {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl Context {
    /// Puts the parts together.
    pub fn new(
        store: Store,
        blobs: Blobs,
        master_keys: MasterKeys,
        clock: Clock,
        config: ServerConfig,
    ) -> Self {
        Self {
            parts: Arc::new(Parts {
                store,
                blobs,
                master_keys,
                clock,
                policies: PolicyCache::new(),
                health: Health::default(),
                readings: Readings::default(),
                last_used: LastUsed::default(),
                provider_keys: KeyCache::new(
                    config.provider_transport,
                    config.ca_certificates.clone(),
                ),
                config,
                buckets: Kept::default(),
                senders: Kept::default(),
            }),
            freshness: None,
        }
    }

    /// The same for one request that begins now.
    ///
    /// # Errors
    ///
    /// Those of the store.
    pub(crate) async fn of_request(&self) -> Result<Self, StoreError> {
        Ok(Self {
            parts: Arc::clone(&self.parts),
            freshness: Some(self.store.freshness().await?),
        })
    }

    /// The bucket, if it was read before and has not changed.
    pub(crate) fn kept_bucket(&self, name: &BucketName) -> Option<Bucket> {
        self.buckets.get(self.freshness?.buckets, name)
    }

    /// Keeps a bucket that was read within this request.
    pub(crate) fn keep_bucket(&self, bucket: &Bucket) {
        if let Some(freshness) = self.freshness {
            let name = bucket.row.name.clone();
            self.buckets.put(freshness.buckets, name, bucket.clone());
        }
    }

    /// The sender that signs with this access key, if it has signed before and no identity has changed since.
    pub(crate) fn kept_sender(&self, access_key_id: &str) -> Option<Arc<Sender>> {
        self.senders.get(self.freshness?.identities, access_key_id)
    }

    /// Keeps a sender whose signature was right, and whose rows were read within this request.
    pub(crate) fn keep_sender(&self, access_key_id: String, sender: &Arc<Sender>) {
        if let Some(freshness) = self.freshness {
            let sender = Arc::clone(sender);
            self.senders
                .put(freshness.identities, access_key_id, sender);
        }
    }
}
