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

/// Groups and their URIs.
const GROUPS: [(Grantee, &str); 3] = [
    (
        Grantee::AllUsers,
        "http://acs.amazonaws.com/groups/global/AllUsers",
    ),
    (
        Grantee::AuthenticatedUsers,
        "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
    ),
    (
        Grantee::LogDelivery,
        "http://acs.amazonaws.com/groups/s3/LogDelivery",
    ),
];

impl Grantee {
    /// Whether `BlockPublicAcls` refuses a grant to it and `IgnorePublicAcls` takes one away.
    ///
    /// The canonical id of anonymous writers stands for everybody without a signature, so it counts: no text of AWS's
    /// says so, and the other way round it would be a hole in both flags.
    pub fn is_public(self) -> bool {
        match self {
            Self::AllUsers | Self::AuthenticatedUsers => true,
            Self::CanonicalUser(id) => id == CanonicalId::ANONYMOUS,
            Self::LogDelivery => false,
        }
    }

    /// The group of that URI, to the letter.
    pub fn from_group_uri(uri: &str) -> Option<Self> {
        let mut groups = GROUPS.into_iter();
        groups
            .find(|(_, known)| *known == uri)
            .map(|(group, _)| group)
    }

    /// The URI of a group; an account has none.
    pub fn group_uri(self) -> Option<&'static str> {
        let mut groups = GROUPS.into_iter();
        groups.find(|(group, _)| *group == self).map(|(_, uri)| uri)
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

impl AclPermission {
    /// AWS's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "READ",
            Self::Write => "WRITE",
            Self::ReadAcp => "READ_ACP",
            Self::WriteAcp => "WRITE_ACP",
            Self::FullControl => "FULL_CONTROL",
        }
    }

    /// The permission of that name, to the letter.
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Read,
            Self::Write,
            Self::ReadAcp,
            Self::WriteAcp,
            Self::FullControl,
        ]
        .into_iter()
        .find(|permission| permission.name() == name)
    }
}

/// One entry of an ACL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// Who.
    pub grantee: Grantee,
    /// What.
    pub permission: AclPermission,
}

impl Grant {
    /// What a private ACL holds, and nothing else.
    pub const fn of_owner(owner: CanonicalId) -> Self {
        Self {
            grantee: Grantee::CanonicalUser(owner),
            permission: AclPermission::FullControl,
        }
    }
}

/// An ACL as it is kept. Nearly all are their owner's alone, and those take no room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Acl {
    /// The owner has `FULL_CONTROL`, and nobody else has anything.
    #[default]
    OwnersAlone,
    /// Exactly these grants, possibly none: the owner's is not implied.
    Grants(Box<[Grant]>),
}

impl Acl {
    /// The ACL of these grants on what this owner has.
    pub fn new(owner: CanonicalId, grants: Vec<Grant>) -> Self {
        if grants == [Grant::of_owner(owner)] {
            Self::OwnersAlone
        } else {
            Self::Grants(grants.into())
        }
    }

    /// The grants; `own` is [`Grant::of_owner`] of the owner.
    pub fn grants<'a>(&'a self, own: &'a Grant) -> &'a [Grant] {
        match self {
            Self::OwnersAlone => std::slice::from_ref(own),
            Self::Grants(grants) => grants,
        }
    }

    /// Whether anybody but the owner is granted anything.
    pub fn grants_others(&self, owner: CanonicalId) -> bool {
        match self {
            Self::OwnersAlone => false,
            Self::Grants(grants) => grants
                .iter()
                .any(|grant| grant.grantee != Grantee::CanonicalUser(owner)),
        }
    }
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
        let names = match &grant.grantee {
            Grantee::CanonicalUser(id) => caller.unwrap_or(&CanonicalId::ANONYMOUS) == id,
            Grantee::AllUsers => true,
            Grantee::AuthenticatedUsers => caller.is_some(),
            Grantee::LogDelivery => false,
        };
        permits && names && !(ignore_public && grant.grantee.is_public())
    })
}
