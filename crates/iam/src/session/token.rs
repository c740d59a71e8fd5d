//! The token: a session and its secret key, sealed.
//!
//! It is bound to its access key id: with another one it does not open. A changed, cut or foreign
//! token does not open either, and all of these are one error, because the holder learns nothing
//! that could help to make a better one.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use buckler_policy::AccountId;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::key_id::new_temporary_key_id;
use super::packed::Packed;
use super::{Owner, RoleOrigin, Session, SessionPrincipal, WebIdentity};
use crate::ids::new_secret_access_key;
use crate::sealing::Purpose;
use crate::{AccessKeyId, MasterKeys, SecretAccessKey};

/// Longest token, in characters: anything longer is not one of ours.
const TOKEN_CHARS_MAX: usize = 4096;

/// What a session is used with.
#[derive(Debug, Clone)]
pub struct SessionCredentials {
    /// `ASIA…`.
    pub access_key_id: AccessKeyId,
    /// The secret key.
    pub secret: SecretAccessKey,
    /// The token that goes with both.
    pub token: SessionToken,
    /// `PackedPolicySize`, in percent; `None` for a session without policies and tags.
    pub packed_policy_percent: Option<usize>,
}

/// A session token. It has no `Display`, its `Debug` is a mark.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(Zeroizing<String>);

impl SessionToken {
    /// The token itself. The name is there to be searched for.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionToken(hidden)")
    }
}

/// A session whose token was good, and the secret that its requests are signed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedSession {
    /// The session. It may be over.
    pub session: Session,
    /// The secret key.
    pub secret: SecretAccessKey,
}

/// A token that cannot be made or read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TokenError {
    /// Policies and tags take more room than there is.
    #[error("the packed policies and tags are at {percent} percent of their limit")]
    PackedPolicyTooLarge {
        /// How much they take.
        percent: usize,
    },
    /// The operating system gave no random bytes.
    #[error("the operating system's random source is not available")]
    RandomnessUnavailable,
    /// Not a token of this server for this access key.
    #[error("the token is malformed, changed, or another key's")]
    Invalid,
}

/// What is sealed. New members go to the end of a new version.
#[derive(Serialize, Deserialize)]
enum Content {
    Version1 {
        secret: String,
        account_id: String,
        principal: Principal,
        issued_at: i64,
        expires_at: i64,
        mfa_at: Option<i64>,
        source_identity: Option<String>,
        packed: Packed,
    },
}

#[derive(Serialize, Deserialize)]
enum Principal {
    Root,
    User(String),
    Role(String, String),
    ChainedRole(String, String),
    WebIdentityRole {
        role_id: String,
        session_name: String,
        provider_arn: String,
        subject: String,
        audience: String,
    },
    FederatedByRoot(String),
    FederatedByUser(String, String),
}

impl Session {
    /// Makes the credentials of this session.
    ///
    /// # Errors
    ///
    /// [`TokenError::PackedPolicyTooLarge`], [`TokenError::RandomnessUnavailable`].
    pub fn issue(&self, master_keys: &MasterKeys) -> Result<SessionCredentials, TokenError> {
        let packed = Packed::pack(&self.policies, &self.tags).ok_or(TokenError::Invalid)?;
        let percent = packed.percent();
        if percent > 100 {
            return Err(TokenError::PackedPolicyTooLarge { percent });
        }
        let access_key_id = new_temporary_key_id(&self.account_id)
            .map_err(|_| TokenError::RandomnessUnavailable)?;
        let secret = new_secret_access_key().map_err(|_| TokenError::RandomnessUnavailable)?;
        let content = Content::Version1 {
            secret: secret.expose().to_owned(),
            account_id: self.account_id.to_string(),
            principal: Principal::of(&self.principal),
            issued_at: self.issued_at.unix_timestamp(),
            expires_at: self.expires_at.unix_timestamp(),
            mfa_at: self.mfa_at.map(OffsetDateTime::unix_timestamp),
            source_identity: self.source_identity.clone(),
            packed,
        };
        let plain = postcard::to_allocvec(&content).map_err(|_| TokenError::Invalid)?;
        let sealed = master_keys
            .seal_for(
                Purpose::SessionToken,
                &Zeroizing::new(plain),
                access_key_id.as_bytes(),
            )
            .map_err(|_| TokenError::RandomnessUnavailable)?;
        let has_pack = !self.policies.is_empty() || !self.tags.is_empty();
        Ok(SessionCredentials {
            access_key_id: AccessKeyId::parse(&access_key_id).map_err(|_| TokenError::Invalid)?,
            secret,
            token: SessionToken(Zeroizing::new(URL_SAFE_NO_PAD.encode(sealed))),
            packed_policy_percent: has_pack.then_some(percent),
        })
    }

    /// Reads the token that came with an access key id. Whether the session is over is for the
    /// caller to judge.
    ///
    /// # Errors
    ///
    /// [`TokenError::Invalid`].
    pub fn open(
        master_keys: &MasterKeys,
        access_key_id: &str,
        token: &str,
    ) -> Result<OpenedSession, TokenError> {
        if token.len() > TOKEN_CHARS_MAX {
            return Err(TokenError::Invalid);
        }
        let sealed = URL_SAFE_NO_PAD
            .decode(token)
            .map_err(|_| TokenError::Invalid)?;
        let plain = master_keys
            .open_for(Purpose::SessionToken, &sealed, access_key_id.as_bytes())
            .map_err(|_| TokenError::Invalid)?;
        let content = postcard::from_bytes(&plain).map_err(|_| TokenError::Invalid)?;
        OpenedSession::of(content).ok_or(TokenError::Invalid)
    }
}

impl OpenedSession {
    fn of(content: Content) -> Option<Self> {
        let Content::Version1 {
            secret,
            account_id,
            principal,
            issued_at,
            expires_at,
            mfa_at,
            source_identity,
            packed,
        } = content;
        let (policies, tags) = packed.unpack()?;
        Some(Self {
            secret: SecretAccessKey::new(secret),
            session: Session {
                account_id: AccountId::parse(&account_id).ok()?,
                principal: principal.into(),
                issued_at: instant(issued_at)?,
                expires_at: instant(expires_at)?,
                mfa_at: match mfa_at {
                    None => None,
                    Some(seconds) => Some(instant(seconds)?),
                },
                source_identity,
                policies,
                tags,
            },
        })
    }
}

fn instant(unix_seconds: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(unix_seconds).ok()
}

impl Principal {
    fn of(principal: &SessionPrincipal) -> Self {
        match principal.clone() {
            SessionPrincipal::Own(Owner::Root) => Self::Root,
            SessionPrincipal::Own(Owner::User(id)) => Self::User(id),
            SessionPrincipal::Role {
                role_id,
                session_name,
                origin,
            } => match origin {
                RoleOrigin::Principal => Self::Role(role_id, session_name),
                RoleOrigin::Chained => Self::ChainedRole(role_id, session_name),
                RoleOrigin::WebIdentity(identity) => Self::WebIdentityRole {
                    role_id,
                    session_name,
                    provider_arn: identity.provider_arn,
                    subject: identity.subject,
                    audience: identity.audience,
                },
            },
            SessionPrincipal::FederatedUser { issuer, name } => match issuer {
                Owner::Root => Self::FederatedByRoot(name),
                Owner::User(id) => Self::FederatedByUser(id, name),
            },
        }
    }
}

impl From<Principal> for SessionPrincipal {
    fn from(principal: Principal) -> Self {
        let role = |role_id, session_name, origin| Self::Role {
            role_id,
            session_name,
            origin,
        };
        match principal {
            Principal::Root => Self::Own(Owner::Root),
            Principal::User(id) => Self::Own(Owner::User(id)),
            Principal::Role(id, name) => role(id, name, RoleOrigin::Principal),
            Principal::ChainedRole(id, name) => role(id, name, RoleOrigin::Chained),
            Principal::WebIdentityRole {
                role_id,
                session_name,
                provider_arn,
                subject,
                audience,
            } => {
                let identity = WebIdentity {
                    provider_arn,
                    subject,
                    audience,
                };
                role(role_id, session_name, RoleOrigin::WebIdentity(identity))
            }
            Principal::FederatedByRoot(name) => Self::FederatedUser {
                issuer: Owner::Root,
                name,
            },
            Principal::FederatedByUser(id, name) => Self::FederatedUser {
                issuer: Owner::User(id),
                name,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{PACKED_BYTES_MAX, SessionPolicies, SessionTag};
    use super::*;
    use crate::MasterKey;
    use proptest::prelude::*;

    fn master() -> MasterKeys {
        MasterKeys::from(MasterKey::from_bytes([7; 32]))
    }

    fn texts(chars_max: usize) -> impl Strategy<Value = String> {
        proptest::string::string_regex(&format!("[\\x20-\\x7eäß]{{0,{chars_max}}}")).unwrap()
    }

    fn owners() -> impl Strategy<Value = Owner> {
        prop_oneof![Just(Owner::Root), texts(21).prop_map(Owner::User)]
    }

    fn origins() -> impl Strategy<Value = RoleOrigin> {
        let identity =
            (texts(255), texts(255), texts(255)).prop_map(|(provider_arn, subject, audience)| {
                RoleOrigin::WebIdentity(WebIdentity {
                    provider_arn,
                    subject,
                    audience,
                })
            });
        prop_oneof![
            Just(RoleOrigin::Principal),
            Just(RoleOrigin::Chained),
            identity
        ]
    }

    fn principals() -> impl Strategy<Value = SessionPrincipal> {
        let role = (texts(21), texts(64), origins()).prop_map(|(role_id, session_name, origin)| {
            SessionPrincipal::Role {
                role_id,
                session_name,
                origin,
            }
        });
        let federated = (owners(), texts(32))
            .prop_map(|(issuer, name)| SessionPrincipal::FederatedUser { issuer, name });
        prop_oneof![owners().prop_map(SessionPrincipal::Own), role, federated]
    }

    fn tags() -> impl Strategy<Value = Vec<SessionTag>> {
        let tag = (texts(20), texts(20), any::<bool>()).prop_map(|(key, value, is_transitive)| {
            SessionTag {
                key,
                value,
                is_transitive,
            }
        });
        proptest::collection::vec(tag, 0..8)
    }

    fn sessions() -> impl Strategy<Value = Session> {
        let policies = (
            proptest::option::of(texts(400)),
            proptest::collection::vec(texts(40), 0..5),
        )
            .prop_map(|(inline, managed_arns)| SessionPolicies {
                inline,
                managed_arns,
            });
        let times = (
            0_i64..4_000_000_000,
            proptest::option::of(0_i64..4_000_000_000),
        );
        (
            principals(),
            policies,
            tags(),
            times,
            proptest::option::of(texts(64)),
        )
            .prop_map(
                |(principal, policies, tags, (issued, mfa), source_identity)| Session {
                    account_id: AccountId::parse("012345678901").unwrap(),
                    principal,
                    issued_at: instant(issued).unwrap(),
                    expires_at: instant(issued + 3600).unwrap(),
                    mfa_at: mfa.and_then(instant),
                    source_identity,
                    policies,
                    tags,
                },
            )
    }

    fn plain_session() -> Session {
        Session {
            account_id: AccountId::parse("111122223333").unwrap(),
            principal: SessionPrincipal::Own(Owner::User("AIDAEXAMPLE".to_owned())),
            issued_at: instant(1_700_000_000).unwrap(),
            expires_at: instant(1_700_003_600).unwrap(),
            mfa_at: None,
            source_identity: None,
            policies: SessionPolicies::default(),
            tags: Vec::new(),
        }
    }

    proptest! {
        #[test]
        fn a_session_survives_its_token(session in sessions()) {
            let issued = session.issue(&master()).unwrap();
            let id = issued.access_key_id.as_str();
            prop_assert!(issued.token.expose().len() <= TOKEN_CHARS_MAX);
            let opened = Session::open(&master(), id, issued.token.expose()).unwrap();
            prop_assert_eq!(opened.session, session);
            prop_assert_eq!(opened.secret, issued.secret);
        }

        #[test]
        fn a_changed_token_does_not_open(at in any::<prop::sample::Index>(), letter in "[A-Za-z0-9_=+/-]") {
            let issued = plain_session().issue(&master()).unwrap();
            let (id, token) = (issued.access_key_id.as_str(), issued.token.expose());
            let at = at.index(token.len());
            let (kept, rest) = token.split_at(at);
            let changed = format!("{kept}{letter}{}", rest.split_at(1).1);
            if changed != token {
                prop_assert_eq!(Session::open(&master(), id, &changed), Err(TokenError::Invalid));
            }
            prop_assert_eq!(Session::open(&master(), id, kept), Err(TokenError::Invalid));
        }

        #[test]
        fn no_text_is_a_token(text in "\\PC{0,400}") {
            prop_assert_eq!(Session::open(&master(), "ASIAQNZGKIQY56JQ7WML", &text), Err(TokenError::Invalid));
        }
    }

    #[test]
    fn a_token_belongs_to_its_access_key_and_master_key() {
        let session = plain_session();
        let (one, other) = (
            session.issue(&master()).unwrap(),
            session.issue(&master()).unwrap(),
        );
        let open = |key: &MasterKeys, id: &AccessKeyId| {
            Session::open(key, id.as_str(), one.token.expose()).map(drop)
        };
        assert_eq!(open(&master(), &one.access_key_id), Ok(()));
        assert_eq!(
            open(&master(), &other.access_key_id),
            Err(TokenError::Invalid)
        );
        let other_master = MasterKeys::from(MasterKey::from_bytes([8; 32]));
        assert_eq!(
            open(&other_master, &one.access_key_id),
            Err(TokenError::Invalid)
        );
    }

    #[test]
    fn a_sealed_secret_is_no_token_and_a_token_no_sealed_secret() {
        let id = AccessKeyId::parse("ASIAQNZGKIQY56JQ7WML").unwrap();
        let sealed = master()
            .seal(&id, &SecretAccessKey::new("secret".to_owned()))
            .unwrap();
        let as_token = URL_SAFE_NO_PAD.encode(&sealed);
        assert_eq!(
            Session::open(&master(), id.as_str(), &as_token),
            Err(TokenError::Invalid)
        );
        let issued = plain_session().issue(&master()).unwrap();
        let token = URL_SAFE_NO_PAD.decode(issued.token.expose()).unwrap();
        assert!(master().open(&issued.access_key_id, &token).is_err());
    }

    #[test]
    fn what_does_not_fit_is_refused_with_its_size() {
        let mut random = [0; 3 * PACKED_BYTES_MAX / 2];
        getrandom::fill(&mut random).unwrap();
        let session = Session {
            tags: vec![SessionTag {
                key: "k".to_owned(),
                value: hex::encode(random),
                is_transitive: false,
            }],
            ..plain_session()
        };
        let Err(TokenError::PackedPolicyTooLarge { percent }) = session.issue(&master()) else {
            panic!("too large")
        };
        assert!((150..200).contains(&percent), "{percent}");
    }

    #[test]
    fn the_longest_policy_fits_and_its_size_is_told() {
        let statement = r#"{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::photos/2026/*"},"#;
        let inline: String = statement.chars().cycle().take(2048).collect();
        let mut session = plain_session();
        assert_eq!(
            session.issue(&master()).unwrap().packed_policy_percent,
            None
        );
        session.policies.inline = Some(inline);
        let issued = session.issue(&master()).unwrap();
        assert!(
            issued
                .packed_policy_percent
                .is_some_and(|percent| (1..=20).contains(&percent))
        );
    }

    #[test]
    fn a_session_is_over_at_its_last_second() {
        let session = plain_session();
        assert!(!session.is_expired(session.expires_at - time::Duration::SECOND));
        assert!(session.is_expired(session.expires_at));
    }

    #[test]
    fn neither_token_nor_secret_shows_in_debug() {
        let issued = plain_session().issue(&master()).unwrap();
        let opened = Session::open(
            &master(),
            issued.access_key_id.as_str(),
            issued.token.expose(),
        )
        .unwrap();
        for text in [format!("{issued:?}"), format!("{opened:?}")] {
            assert!(!text.contains(issued.token.expose()), "{text}");
            assert!(!text.contains(issued.secret.expose()), "{text}");
        }
    }
}
