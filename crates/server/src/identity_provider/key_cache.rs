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
use crate::ca_certificates::CaCertificates;

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
    ca_certificates: CaCertificates,
    fetcher: OnceLock<Fetcher>,
    fetches: Semaphore,
    known: Mutex<HashMap<String, Known>>,
}

#[derive(Debug, Clone)]
struct Known {
    keys: Arc<ProviderKeys>,
    fetched_at: OffsetDateTime,
}

impl Known {
    /// Whether a token that names this key can be judged without asking the provider again.
    fn is_enough(&self, key_id: Option<&str>, now: OffsetDateTime) -> bool {
        let age = now - self.fetched_at;
        age < KEPT_FOR && (age < REFETCHED_AFTER || self.keys.has(key_id))
    }
}

impl KeyCache {
    /// A cache without keys. Nothing is opened before the first token comes.
    pub(crate) fn new(transport: ProviderTransport, ca_certificates: CaCertificates) -> Self {
        Self {
            transport,
            ca_certificates,
            fetcher: OnceLock::new(),
            fetches: Semaphore::new(FETCHES_MAX),
            known: Mutex::default(),
        }
    }

    /// How providers may be reached.
    pub(crate) fn transport(&self) -> ProviderTransport {
        self.transport
    }

    /// The keys of a provider, with which a token that names `key_id` is to be judged. What is had by the word of one
    /// account's thumbprints serves no account with others.
    ///
    /// # Errors
    ///
    /// [`FetchError`].
    pub(crate) async fn keys(
        &self,
        provider: &ProviderUrl,
        thumbprints: &[String],
        key_id: Option<&str>,
        now: OffsetDateTime,
    ) -> Result<Arc<ProviderKeys>, FetchError> {
        let name = format!("{} {}", provider.issuer(), thumbprints.join(" "));
        if let Some(known) = self.known(&name)
            && known.is_enough(key_id, now)
        {
            return Ok(known.keys);
        }
        let _permit = self.fetches.try_acquire().map_err(|_| FetchError::Busy)?;
        // The machine's certificates are read before the first fetch, and not for every server.
        let fetcher = self
            .fetcher
            .get_or_init(|| Fetcher::new(self.transport, &self.ca_certificates));
        let known = Known {
            keys: Arc::new(fetcher.keys(provider, thumbprints).await?),
            fetched_at: now,
        };
        let keys = Arc::clone(&known.keys);
        self.keep(name, known);
        Ok(keys)
    }

    fn known(&self, name: &str) -> Option<Known> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(name).cloned()
    }

    fn keep(&self, name: String, keys: Known) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= PROVIDERS_MAX && !known.contains_key(&name) {
            known.clear();
        }
        known.insert(name, keys);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_asked_for_again_after_half_a_minute_and_any_after_an_hour() {
        let set = r#"{"keys":[{"kty":"EC","crv":"P-256","kid":"first",
            "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}"#;
        let known = Known {
            keys: Arc::new(ProviderKeys::parse(set.as_bytes()).unwrap()),
            fetched_at: OffsetDateTime::UNIX_EPOCH,
        };
        let is_enough = |key_id, seconds| {
            let now = OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds);
            known.is_enough(key_id, now)
        };
        for (key_id, seconds, expected) in [
            (Some("first"), 0, true),
            (Some("first"), 3599, true),
            (Some("first"), 3600, false),
            (None, 3599, true),
            (Some("second"), 29, true),
            (Some("second"), 30, false),
        ] {
            assert_eq!(is_enough(key_id, seconds), expected, "{key_id:?} {seconds}");
        }
    }
}
