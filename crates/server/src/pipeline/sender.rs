//! Senders whose signature was right before: kept, with what was made of their rows, until identities change.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use buckler_sigv4::{CredentialScope, SecretKey, SigningKey, VerifyingKey, Version};
use subtle::ConstantTimeEq as _;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::caller::Identity;
use super::caller_session::CallerSession;

/// An identity that has signed a request, and the keys that its requests are signed with.
#[derive(Debug)]
pub(crate) struct Sender {
    identity: Arc<Identity>,
    session: Option<Arc<CallerSession>>,
    token: Option<Token>,
    secret: SecretKey,
    /// The last day's and scope's key, which spares four of the five HMACs of a signature.
    signing_key: Mutex<Option<(CredentialScope, SigningKey)>>,
    /// The public key of Version 4A, which is of no day and scope, once it was asked for.
    public_key: OnceLock<VerifyingKey>,
}

/// A session token that was good. Zeroized when dropped.
struct Token(Zeroizing<String>);

impl std::fmt::Debug for Token {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Token(***)")
    }
}

impl Sender {
    pub(crate) fn new(
        identity: Identity,
        session: Option<CallerSession>,
        token: Option<String>,
        secret: SecretKey,
    ) -> Self {
        Self {
            identity: Arc::new(identity),
            session: session.map(Arc::new),
            token: token.map(|token| Token(Zeroizing::new(token))),
            secret,
            signing_key: Mutex::new(None),
            public_key: OnceLock::new(),
        }
    }

    /// Whether these are the credentials that came with this token, and still good.
    pub(crate) fn goes_with(&self, token: Option<&str>, now: OffsetDateTime) -> bool {
        let is_its_token = match (&self.token, token) {
            (None, None) => true,
            (Some(own), Some(token)) => own.0.as_bytes().ct_eq(token.as_bytes()).into(),
            (None, Some(_)) | (Some(_), None) => false,
        };
        let is_over = |session: &Arc<CallerSession>| session.facts().is_expired(now);
        is_its_token && !self.session.as_ref().is_some_and(is_over)
    }

    /// The key that signatures of this version are verified with.
    pub(crate) fn verifying_key(&self, version: &Version) -> VerifyingKey {
        match version {
            Version::V4(scope) => self.signing_key(scope).into(),
            Version::V4A(_) => {
                let derive = || VerifyingKey::derive(&self.secret, version);
                self.public_key.get_or_init(derive).clone()
            }
            Version::V2 => VerifyingKey::derive(&self.secret, version),
        }
    }

    fn signing_key(&self, scope: &CredentialScope) -> SigningKey {
        let mut last = self
            .signing_key
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((of, key)) if of == scope => key.clone(),
            _ => {
                let key = SigningKey::derive(&self.secret, scope);
                *last = Some((scope.clone(), key.clone()));
                key
            }
        }
    }

    pub(crate) fn identity(&self) -> Arc<Identity> {
        Arc::clone(&self.identity)
    }

    pub(crate) fn session(&self) -> Option<Arc<CallerSession>> {
        self.session.clone()
    }
}
