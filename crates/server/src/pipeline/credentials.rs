//! The credentials that a request claims to be signed with: a long-term key, which is a row, or a
//! session's, which is in its token.

use buckler_iam::{
    AccessKeyId, MasterKeys, SealError, SecretAccessKey, Session, is_temporary_access_key_id,
};
use buckler_metadata::{AccessKeyStatus, AccountRow, CredentialRow, SessionIdentityRow};
use buckler_s3::S3Error;
use buckler_sigv4::{AuthError, SecurityToken};
use time::OffsetDateTime;

use super::authenticate::Unproven;
use super::caller::Identity;
use super::caller_session::{CallerSession, LoadedSession};
use crate::context::Context;
use crate::error::{internal, store_error};

/// Credentials that exist now. Whether the request is signed with them is still to be judged.
#[derive(Debug)]
pub(crate) struct Credentials {
    secret: SecretAccessKey,
    holder: Holder,
}

#[derive(Debug)]
enum Holder {
    LongTerm(Box<CredentialRow>),
    RootSession(Box<(LoadedSession, AccountRow)>),
    Session(Box<(LoadedSession, SessionIdentityRow)>),
}

impl Credentials {
    /// Looks up an access key id, with the token that came with it. `None` for a key that is not
    /// known or not active, for a temporary one without its token, and for a session whose user or
    /// role was deleted.
    ///
    /// # Errors
    ///
    /// `InvalidToken` for a token that is not this key's, `ExpiredToken` for one whose time is over:
    /// AWS judges both before the signature. Facts: authorization.md 7.7.
    pub(crate) async fn find(
        cx: &Context,
        id: &str,
        token: Option<&str>,
        now: OffsetDateTime,
    ) -> Result<Option<Self>, Unproven> {
        match token.filter(|_| is_temporary_access_key_id(id)) {
            Some(token) => Self::of_session(cx, id, token, now).await,
            None => Self::long_term(cx, id).await,
        }
    }

    async fn long_term(cx: &Context, id: &str) -> Result<Option<Self>, Unproven> {
        let row = cx.store.credential(id).await.map_err(store_error)?;
        let Some(row) = row.filter(|row| row.status == AccessKeyStatus::Active) else {
            return Ok(None);
        };
        let id = AccessKeyId::parse(&row.access_key_id)
            .map_err(|error| internal("a stored access key id", &error))?;
        let secret = match cx.master_keys.open(&id, &row.sealed_secret) {
            Ok(secret) => secret,
            // The operator has taken the master key away, or another gateway has one that this one lacks: here the
            // key is one that nobody has.
            Err(error @ SealError::OtherMasterKey) => {
                let master_key = MasterKeys::id_of(&row.sealed_secret);
                tracing::error!(access_key = id.as_str(), master_key, %error, "an access key is refused");
                return Ok(None);
            }
            Err(error) => return Err(internal("a stored secret cannot be opened", &error).into()),
        };
        Ok(Some(Self {
            secret,
            holder: Holder::LongTerm(Box::new(row)),
        }))
    }

    async fn of_session(
        cx: &Context,
        id: &str,
        token: &str,
        now: OffsetDateTime,
    ) -> Result<Option<Self>, Unproven> {
        let shown = || SecurityToken::new(token.to_owned());
        let Ok(opened) = Session::open(&cx.master_keys, id, token) else {
            return Err(AuthError::InvalidToken { token: shown() }.into());
        };
        if opened.session.is_expired(now) {
            return Err(AuthError::ExpiredToken { token: shown() }.into());
        }
        let loaded = LoadedSession::load(cx, opened.session).await;
        let session = loaded.map_err(store_error)?;
        let holder = match session.session.identity_id() {
            None => {
                let account = cx.store.enabled_account(&session.session.account_id).await;
                account
                    .map_err(store_error)?
                    .map(|account| Holder::RootSession(Box::new((session, account))))
            }
            Some(identity) => {
                let row = cx.store.session_identity(identity).await;
                row.map_err(store_error)?
                    .map(|row| Holder::Session(Box::new((session, row))))
            }
        };
        Ok(holder.map(|holder| Self {
            secret: opened.secret,
            holder,
        }))
    }

    /// The secret that the request has to be signed with.
    pub(crate) fn secret(&self) -> &SecretAccessKey {
        &self.secret
    }

    /// Whether these are long-term credentials, which have no token.
    pub(crate) fn are_long_term(&self) -> bool {
        matches!(self.holder, Holder::LongTerm(_))
    }

    /// Whose they are.
    ///
    /// # Errors
    ///
    /// `InternalError` if a stored policy is none.
    pub(crate) fn into_identity(
        self,
        cx: &Context,
    ) -> Result<(Identity, Option<CallerSession>), S3Error> {
        match self.holder {
            Holder::LongTerm(row) => Ok((Identity::of(cx, *row)?, None)),
            Holder::RootSession(held) => {
                let (session, account) = *held;
                let identity = Identity::of_root_session(cx, &session.session, account)?;
                Ok((identity, Some(CallerSession::new(cx, session)?)))
            }
            Holder::Session(held) => {
                let (session, row) = *held;
                let identity = Identity::of_session(cx, &session.session, row)?;
                Ok((identity, Some(CallerSession::new(cx, session)?)))
            }
        }
    }
}
