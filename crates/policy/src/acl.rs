//! Access control lists: the part of them that decides. Source: facts: authorization.md 5.6.

use crate::{Action, CanonicalId};
use serde::{Deserialize, Serialize};

/// Whom an ACL names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Grantee {
    /// An account.
    CanonicalUser(CanonicalId),
    /// `http://acs.amazonaws.com/groups/global/AllUsers`: anonymous callers too.
    AllUsers,
    /// `http://acs.amazonaws.com/groups/global/AuthenticatedUsers`: every AWS account.
    AuthenticatedUsers,
    /// `http://acs.amazonaws.com/groups/s3/LogDelivery`.
    LogDelivery,
}

impl Grantee {
    /// Whether `IgnorePublicAcls` takes the grant away.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::AllUsers | Self::AuthenticatedUsers)
    }
}

/// What an ACL grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AclPermission {
    /// `READ`.
    Read,
    /// `WRITE`; on buckets only.
    Write,
    /// `READ_ACP`.
    ReadAcp,
    /// `WRITE_ACP`.
    WriteAcp,
    /// `FULL_CONTROL`: all of the others.
    FullControl,
}

/// One entry of an ACL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// Who.
    pub grantee: Grantee,
    /// What.
    pub permission: AclPermission,
}

/// Which ACL speaks about an action, and the permission it must grant.
pub(crate) enum AclQuestion {
    OnBucket(AclPermission),
    OnObject(AclPermission),
}

impl AclQuestion {
    /// `None` if no ACL can grant the action.
    pub(crate) const fn about(action: Action) -> Option<Self> {
        Some(match action {
            Action::ListBucket
            | Action::ListBucketVersions
            | Action::ListBucketMultipartUploads => Self::OnBucket(AclPermission::Read),
            Action::PutObject => Self::OnBucket(AclPermission::Write),
            Action::GetBucketAcl => Self::OnBucket(AclPermission::ReadAcp),
            Action::PutBucketAcl => Self::OnBucket(AclPermission::WriteAcp),
            Action::GetObject | Action::GetObjectVersion => Self::OnObject(AclPermission::Read),
            Action::GetObjectAcl | Action::GetObjectVersionAcl => {
                Self::OnObject(AclPermission::ReadAcp)
            }
            Action::PutObjectAcl | Action::PutObjectVersionAcl => {
                Self::OnObject(AclPermission::WriteAcp)
            }
            _ => return None,
        })
    }
}

/// The grant that gives `wanted` to an account (`None`: anonymous), if there is one.
pub(crate) fn find_grant<'a>(
    grants: &'a [Grant],
    wanted: AclPermission,
    caller: Option<&CanonicalId>,
    ignore_public: bool,
) -> Option<&'a Grant> {
    grants.iter().find(|grant| {
        let permits =
            matches!(grant.permission, AclPermission::FullControl) || grant.permission == wanted;
        let names = match grant.grantee {
            Grantee::CanonicalUser(id) => caller == Some(&id),
            Grantee::AllUsers => !ignore_public,
            Grantee::AuthenticatedUsers => caller.is_some() && !ignore_public,
            Grantee::LogDelivery => false,
        };
        permits && names
    })
}
