//! The keys of providers that were asked for lately.
//!
//! It is no cache of decisions: a token is judged anew with every call, and whether its provider is
//! trusted is a row. Only the provider's own keys are up to an hour old, which is shorter than
//! providers keep a key valid after they stop to sign with it; a key that is not known yet is
//! fetched at once, though not more than once in half a minute.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use buckler_iam::{ProviderKeys, ProviderTransport, ProviderUrl};
use time::{Duration, OffsetDateTime};
use tokio::sync::Semaphore;

use super::fetch::{FetchError, Fetcher};

/// How long keys are used.
const KEPT_FOR: Duration = Duration::hours(1);
/// How soon they are fetched again for a key that is not among them.
const REFETCHED_AFTER: Duration = Duration::seconds(30);
/// Most providers whose keys are kept. Beyond it the cache starts anew.
const PROVIDERS_MAX: usize = 256;
/// Most fetches at a time.
const FETCHES_MAX: usize = 16;

/// The keys of providers.
#[derive(Debug)]
pub(crate) struct KeyCache {
    transport: ProviderTransport,
    fetcher: OnceLock<Fetcher>,
    fetches: Semaphore,
    known: Mutex<HashMap<String, Known>>,
}

#[derive(Debug, Clone)]
struct Known {
    keys: Arc<ProviderKeys>,
    fetched_at: OffsetDateTime,
}

impl KeyCache {
    /// A cache without keys. Nothing is opened before the first token comes.
    pub(crate) fn new(transport: ProviderTransport) -> Self {
        Self {
            transport,
            fetcher: OnceLock::new(),
            fetches: Semaphore::new(FETCHES_MAX),
            known: Mutex::default(),
        }
    }

    /// How providers may be reached.
    pub(crate) fn transport(&self) -> ProviderTransport {
        self.transport
    }

    /// The keys of a provider, with which a token that names `key_id` is to be judged.
    ///
    /// # Errors
    ///
    /// [`FetchError`].
    pub(crate) async fn keys(
        &self,
        provider: &ProviderUrl,
        key_id: Option<&str>,
        now: OffsetDateTime,
    ) -> Result<Arc<ProviderKeys>, FetchError> {
        if let Some(known) = self.known(&provider.issuer()) {
            let age = now - known.fetched_at;
            let is_enough = known.keys.has(key_id) || age < REFETCHED_AFTER;
            if is_enough && age < KEPT_FOR {
                return Ok(known.keys);
            }
        }
        let _permit = self.fetches.try_acquire().map_err(|_| FetchError::Busy)?;
        let keys = Arc::new(self.fetcher()?.keys(provider).await?);
        self.keep(
            provider.issuer(),
            Known {
                keys: Arc::clone(&keys),
                fetched_at: now,
            },
        );
        Ok(keys)
    }

    fn fetcher(&self) -> Result<&Fetcher, FetchError> {
        if let Some(fetcher) = self.fetcher.get() {
            return Ok(fetcher);
        }
        let fetcher = Fetcher::new(self.transport)?;
        Ok(self.fetcher.get_or_init(|| fetcher))
    }

    fn known(&self, issuer: &str) -> Option<Known> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(issuer).cloned()
    }

    fn keep(&self, issuer: String, keys: Known) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= PROVIDERS_MAX && !known.contains_key(&issuer) {
            known.clear();
        }
        known.insert(issuer, keys);
    }
}
