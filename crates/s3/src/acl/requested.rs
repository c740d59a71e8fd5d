//! The ACL that a request asks for.

use buckler_policy::{AclPermission, CanonicalId, Grantee};
use http::HeaderMap;

use super::{CannedAcl, GRANTS_MAX, grant_header};
use crate::request::header_text;
use crate::{ErrorCode, S3Error};

/// An ACL as a request names it, before anyone has looked for the accounts in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestedAcl {
    /// `x-amz-acl`.
    Canned(CannedAcl),
    /// `x-amz-grant-*`, or the grants of a document; at most [`GRANTS_MAX`].
    Grants(Vec<RequestedGrant>),
}

/// One grant as a request names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestedGrant {
    /// To whom.
    pub grantee: RequestedGrantee,
    /// What.
    pub permission: AclPermission,
}

/// To whom a request grants something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestedGrantee {
    /// What should be a canonical id.
    Id {
        /// Its text.
        text: String,
        /// What AWS calls the place where it stood.
        argument: &'static str,
    },
    /// A group.
    Group(Grantee),
    /// An e-mail address, which AWS takes no more.
    EmailAddress,
}

impl RequestedGrantee {
    fn is_public(&self) -> bool {
        match self {
            Self::Id { text, .. } => text == CanonicalId::ANONYMOUS.as_str(),
            Self::Group(group) => group.is_public(),
            Self::EmailAddress => false,
        }
    }
}

const HEADERS: [(AclPermission, &str); 5] = [
    (AclPermission::FullControl, "x-amz-grant-full-control"),
    (AclPermission::Read, "x-amz-grant-read"),
    (AclPermission::ReadAcp, "x-amz-grant-read-acp"),
    (AclPermission::Write, "x-amz-grant-write"),
    (AclPermission::WriteAcp, "x-amz-grant-write-acp"),
];

impl RequestedAcl {
    /// Reads the headers of a write; `known` are the canned ACLs of its kind. `None` if no header is there.
    ///
    /// # Errors
    /// `InvalidArgument` with an empty message for an unknown canned ACL, and for a grant or a group that is none; `InvalidRequest`
    /// for both kinds at once; `MalformedACLError` for more than [`GRANTS_MAX`] grants.
    pub fn from_headers(headers: &HeaderMap, known: &[CannedAcl]) -> Result<Option<Self>, S3Error> {
        let canned = match header_text(headers, "x-amz-acl") {
            None => None,
            Some(text) => Some(
                known
                    .iter()
                    .copied()
                    .find(|acl| acl.name() == text)
                    .ok_or_else(|| S3Error::invalid_argument("", "x-amz-acl", Some(&text)))?,
            ),
        };
        let given: Vec<_> = HEADERS
            .iter()
            .filter_map(|&(permission, name)| {
                header_text(headers, name).map(|value| (permission, name, value))
            })
            .collect();
        match (canned, given.is_empty()) {
            (None, true) => Ok(None),
            (Some(acl), true) => Ok(Some(Self::Canned(acl))),
            (None, false) => grants(&given).map(|grants| Some(Self::Grants(grants))),
            (Some(_), false) => Err(S3Error::invalid_request(
                "Specifying both Canned ACLs and Header Grants is not allowed",
            )),
        }
    }

    /// Whether it grants anything to everybody, or to everybody with an account.
    pub fn is_public(&self) -> bool {
        match self {
            Self::Canned(acl) => acl.is_public(),
            Self::Grants(grants) => grants.iter().any(|grant| grant.grantee.is_public()),
        }
    }

    /// Whether a bucket without ACLs (`BucketOwnerEnforced`), whose owner this is, takes it: `private`,
    /// `bucket-owner-full-control`, or grants that say the same. Anything else is `AccessControlListNotSupported`.
    ///
    /// Source: facts: s3-behaviour.md 14.
    pub fn is_accepted_without_acls(&self, bucket_owner: &CanonicalId) -> bool {
        match self {
            Self::Canned(acl) => {
                matches!(acl, CannedAcl::Private | CannedAcl::BucketOwnerFullControl)
            }
            Self::Grants(grants) => match grants.as_slice() {
                [grant] => {
                    let is_owner = matches!(&grant.grantee,
                        RequestedGrantee::Id { text, .. } if text == bucket_owner.as_str());
                    is_owner && grant.permission == AclPermission::FullControl
                }
                _ => false,
            },
        }
    }
}

fn grants(given: &[(AclPermission, &'static str, String)]) -> Result<Vec<RequestedGrant>, S3Error> {
    let mut grants = Vec::new();
    for (permission, name, value) in given {
        let grantees = grant_header::parse(value).map_err(|fault| fault.error(name, value))?;
        grants.extend(grantees.into_iter().map(|grantee| RequestedGrant {
            grantee,
            permission: *permission,
        }));
    }
    if grants.len() > GRANTS_MAX {
        return Err(S3Error::new(ErrorCode::MalformedACLError));
    }
    Ok(grants)
}
