//! How changes of identities are made, and what they are refused for.
//!
//! All changes of one account happen one after another: on Postgres under a lock that ends with the transaction, on
//! `SQLite` because there is one writer. What a change looks at (is the name free, is the limit reached, is anything
//! still attached) therefore holds when it writes. A change looks before it writes: a refusal has changed nothing.

use std::fmt;

use buckler_policy::AccountId;

use crate::{Store, StoreError, connection::Connection, engine::Work};

/// Why a change of identities did not happen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IamError {
    /// The rules of IAM forbid it.
    #[error(transparent)]
    Refused(#[from] IamRefusal),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the rules of IAM forbid. Source: facts: authorization.md 7.2, 7.5.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IamRefusal {
    /// It is not there.
    #[error("there is no {kind} `{name}`")]
    NoSuchEntity {
        /// What it is.
        kind: EntityKind,
        /// Its name, id or ARN as asked for.
        name: String,
    },
    /// There is one of this name.
    #[error("there is a {kind} `{name}` already")]
    AlreadyExists {
        /// What it is.
        kind: EntityKind,
        /// Its name as asked for.
        name: String,
    },
    /// Something depends on it.
    #[error("it has {0}")]
    Referenced(Reference),
    /// There are as many as an account, an identity or a policy may have.
    #[error("the limit of {limit} is reached")]
    LimitExceeded {
        /// Which limit, as AWS names it.
        limit: IamLimit,
        /// Its value.
        max: u64,
        /// Whose limit it is; empty for the account's.
        name: String,
    },
}

/// A kind of thing that IAM keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntityKind {
    /// A user.
    User,
    /// A group.
    Group,
    /// A role.
    Role,
    /// A managed policy, by ARN.
    Policy,
    /// A version of a managed policy.
    PolicyVersion,
    /// A policy that is part of a user.
    UserPolicy,
    /// A policy that is part of a group.
    GroupPolicy,
    /// A policy that is part of a role.
    RolePolicy,
    /// A managed policy that is attached to an identity, by ARN.
    Attachment,
    /// An access key.
    AccessKey,
    /// An account alias.
    AccountAlias,
}

impl fmt::Display for EntityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Role => "role",
            Self::Policy => "managed policy",
            Self::PolicyVersion => "version",
            Self::UserPolicy => "user policy",
            Self::GroupPolicy => "group policy",
            Self::RolePolicy => "role policy",
            Self::Attachment => "attached policy",
            Self::AccessKey => "access key",
            Self::AccountAlias => "account alias",
        })
    }
}

/// What keeps something from being deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reference {
    /// The user has access keys.
    AccessKeys,
    /// The identity has inline policies.
    InlinePolicies,
    /// The identity has attached policies.
    AttachedPolicies,
    /// The user is in groups, or the group has users.
    Members,
    /// The policy is attached to identities, or bounds some.
    Attachments,
    /// The policy has versions other than the default one.
    Versions,
    /// The version is the default one.
    DefaultVersion,
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AccessKeys => "access keys",
            Self::InlinePolicies => "inline policies",
            Self::AttachedPolicies => "attached policies",
            Self::Members => "members",
            Self::Attachments => "attachments",
            Self::Versions => "versions",
            Self::DefaultVersion => "the default",
        })
    }
}

/// A limit, named as AWS's messages do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IamLimit {
    /// Users of an account.
    UsersPerAccount,
    /// Groups of an account.
    GroupsPerAccount,
    /// Roles of an account.
    RolesPerAccount,
    /// Managed policies of an account.
    PoliciesPerAccount,
    /// Groups of a user.
    GroupsPerUser,
    /// Access keys of a user.
    AccessKeysPerUser,
    /// Managed policies attached to a user.
    PoliciesPerUser,
    /// Managed policies attached to a group.
    PoliciesPerGroup,
    /// Managed policies attached to a role.
    PoliciesPerRole,
    /// Versions of a managed policy.
    VersionsPerPolicy,
    /// Tags of a user, role or policy.
    TagsPerEntity,
    /// Characters of all inline policies of a user.
    UserPolicyCharacters,
    /// Characters of all inline policies of a group.
    GroupPolicyCharacters,
    /// Characters of all inline policies of a role.
    RolePolicyCharacters,
}

impl fmt::Display for IamLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl IamRefusal {
    pub(crate) fn no_such(kind: EntityKind, name: &str) -> Self {
        Self::NoSuchEntity {
            kind,
            name: name.to_owned(),
        }
    }

    pub(crate) fn exists(kind: EntityKind, name: &str) -> Self {
        Self::AlreadyExists {
            kind,
            name: name.to_owned(),
        }
    }
}

/// Refuses when there are as many as there may be.
pub(crate) fn within(limit: IamLimit, name: &str, count: i64, max: u64) -> Result<(), IamRefusal> {
    if u64::try_from(count).unwrap_or(0) < max {
        return Ok(());
    }
    Err(IamRefusal::LimitExceeded {
        limit,
        max,
        name: name.to_owned(),
    })
}

impl Store {
    /// Runs a change of an account's identities. `work` begins with [`Connection::lock_account`].
    pub(crate) async fn change<A, T>(
        &self,
        arguments: A,
        work: for<'c> fn(&'c mut Connection, &'c A) -> Work<'c, Result<T, IamRefusal>>,
    ) -> Result<T, IamError>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
    {
        Ok(self.engine.write(arguments, work).await??)
    }
}

/// Parts a refusal from a failure: only a failure undoes the transaction and is tried again.
pub(crate) fn parted<T>(outcome: Result<T, IamError>) -> Result<Result<T, IamRefusal>, StoreError> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(IamError::Refused(refusal)) => Ok(Err(refusal)),
        Err(IamError::Store(error)) => Err(error),
    }
}

impl Connection {
    /// Keeps other changes of the account's identities waiting until this transaction ends.
    pub(crate) async fn lock_account(&mut self, account: &AccountId) -> Result<(), StoreError> {
        // Buckets are numbered from 1.
        self.lock_object(0, account.as_str().as_bytes()).await
    }
}
