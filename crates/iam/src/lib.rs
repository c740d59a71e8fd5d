//! Who may call: accounts, their root, users and access keys, as a domain.
//!
//! This room knows the shape of identities, how their ids and secrets are made, how secrets are
//! sealed at rest, which managed policies AWS gives every account, the seed file, and the query
//! protocol of IAM and STS. It opens no socket and holds no row: `buckler-metadata` stores what is
//! named here.
//!
//! ```
//! use buckler_iam::{AccessKeyId, MasterKey, SecretAccessKey};
//!
//! let master = MasterKey::from_bytes([7; 32]);
//! let id = AccessKeyId::parse("AKIDEXAMPLE").expect("3 to 128 characters");
//! let sealed = master.seal(&id, &SecretAccessKey::new("secret".to_owned()))?;
//! assert_eq!(master.open(&id, &sealed)?.expose(), "secret");
//! # Ok::<(), buckler_iam::SealError>(())
//! ```

mod access_key;
mod authorization_message;
mod ids;
mod managed_policies;
mod names;
pub mod ops;
pub mod query;
mod sealing;
mod seed;
mod session;
pub mod sts;
mod web_identity;

pub use access_key::{AccessKeyId, InvalidAccessKeyId, SecretAccessKey};
pub use authorization_message::{
    AUTHORIZATION_MESSAGE_BYTES_MAX, decode_authorization_message, encode_authorization_message,
};
pub use ids::{
    RandomnessUnavailable, canonical_id_of, new_access_key_id, new_group_id, new_policy_id,
    new_role_id, new_secret_access_key, new_user_id,
};
pub use managed_policies::{AwsManagedPolicy, managed_policy_document};
pub use names::{GroupName, InvalidName, Path, PolicyName, RoleName, UserName, user_arn};
pub use sealing::{MasterKey, MasterKeyError, MasterKeys, SealError, UPLOAD_ID_TAG_BYTES};
pub use seed::{
    Seed, SeedAccount, SeedBucket, SeedError, SeedGroup, SeedHeldPolicies, SeedInlinePolicy,
    SeedKey, SeedManagedPolicy, SeedRole, SeedUser,
};
pub use session::{
    OpenedSession, Owner, PACKED_BYTES_MAX, RoleOrigin, SESSION_POLICY_ARNS_MAX, SESSION_TAGS_MAX,
    Session, SessionCredentials, SessionPolicies, SessionPrincipal, SessionTag, SessionToken,
    TokenError, WebIdentity, account_of_access_key, is_temporary_access_key_id,
};
pub use web_identity::{
    Claims, InvalidProviderUrl, ProviderKeys, ProviderTransport, ProviderUrl, UnverifiedToken,
    WebIdentityFault,
};
