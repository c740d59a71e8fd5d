//! Canned ACLs and grants in headers. Source: facts: s3-behaviour.md 14.

use http::HeaderMap;

use crate::S3Error;
use crate::request::header_text;

/// A canned ACL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CannedAcl {
    /// `private`.
    Private,
    /// `public-read`.
    PublicRead,
    /// `public-read-write`.
    PublicReadWrite,
    /// `authenticated-read`.
    AuthenticatedRead,
    /// `aws-exec-read`; objects only.
    AwsExecRead,
    /// `bucket-owner-read`; objects only.
    BucketOwnerRead,
    /// `bucket-owner-full-control`; objects only.
    BucketOwnerFullControl,
    /// `log-delivery-write`; buckets only.
    LogDeliveryWrite,
}

impl CannedAcl {
    /// Those of objects.
    pub const OF_OBJECTS: [Self; 7] = [
        Self::Private,
        Self::PublicRead,
        Self::PublicReadWrite,
        Self::AuthenticatedRead,
        Self::AwsExecRead,
        Self::BucketOwnerRead,
        Self::BucketOwnerFullControl,
    ];
    /// Those of buckets.
    pub const OF_BUCKETS: [Self; 5] = [
        Self::Private,
        Self::PublicRead,
        Self::PublicReadWrite,
        Self::AuthenticatedRead,
        Self::LogDeliveryWrite,
    ];

    /// AWS's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::PublicRead => "public-read",
            Self::PublicReadWrite => "public-read-write",
            Self::AuthenticatedRead => "authenticated-read",
            Self::AwsExecRead => "aws-exec-read",
            Self::BucketOwnerRead => "bucket-owner-read",
            Self::BucketOwnerFullControl => "bucket-owner-full-control",
            Self::LogDeliveryWrite => "log-delivery-write",
        }
    }
}

/// The ACL that a write asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AclHeaders {
    /// None is named.
    #[default]
    Absent,
    /// `x-amz-acl`.
    Canned(CannedAcl),
    /// `x-amz-grant-*`: name without the prefix (`read`, `write`, `read-acp`, `write-acp`, `full-control`) and value.
    Grants(Vec<(&'static str, String)>),
}

const GRANTS: [(&str, &str); 5] = [
    ("full-control", "x-amz-grant-full-control"),
    ("read", "x-amz-grant-read"),
    ("read-acp", "x-amz-grant-read-acp"),
    ("write", "x-amz-grant-write"),
    ("write-acp", "x-amz-grant-write-acp"),
];

impl AclHeaders {
    /// Reads the headers of a write; `known` are the canned ACLs of its kind.
    ///
    /// # Errors
    /// `InvalidArgument` with an empty message for an unknown canned ACL; `InvalidRequest` for both kinds at once.
    pub fn from_headers(headers: &HeaderMap, known: &[CannedAcl]) -> Result<Self, S3Error> {
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
        let grants: Vec<_> = GRANTS
            .iter()
            .filter_map(|(short, name)| header_text(headers, name).map(|value| (*short, value)))
            .collect();
        match (canned, grants.is_empty()) {
            (None, true) => Ok(Self::Absent),
            (Some(acl), true) => Ok(Self::Canned(acl)),
            (None, false) => Ok(Self::Grants(grants)),
            (Some(_), false) => Err(S3Error::invalid_request(
                "Specifying both Canned ACLs and Header Grants is not allowed",
            )),
        }
    }

    /// Whether a bucket without ACLs (`BucketOwnerEnforced`) takes it on an object: nothing, `private`,
    /// `bucket-owner-full-control`. Anything else is `AccessControlListNotSupported`.
    pub fn is_accepted_without_acls(&self) -> bool {
        matches!(
            self,
            Self::Absent | Self::Canned(CannedAcl::Private | CannedAcl::BucketOwnerFullControl)
        )
    }
}
