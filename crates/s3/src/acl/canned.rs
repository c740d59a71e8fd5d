//! Canned ACLs.

use buckler_policy::{AclPermission, CanonicalId, Grant, Grantee};

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

    /// The grants that it stands for, on what `owner` has in a bucket of `bucket_owner`.
    pub fn grants(self, owner: CanonicalId, bucket_owner: CanonicalId) -> Vec<Grant> {
        let mut grants = vec![Grant::of_owner(owner)];
        let more: &[(Grantee, AclPermission)] = match self {
            Self::Private => &[],
            Self::PublicRead => &[(Grantee::AllUsers, AclPermission::Read)],
            Self::PublicReadWrite => &[
                (Grantee::AllUsers, AclPermission::Read),
                (Grantee::AllUsers, AclPermission::Write),
            ],
            Self::AuthenticatedRead => &[(Grantee::AuthenticatedUsers, AclPermission::Read)],
            Self::AwsExecRead => &[(
                Grantee::CanonicalUser(CanonicalId::AMAZON_EC2),
                AclPermission::Read,
            )],
            // Who owns both holds it all already.
            Self::BucketOwnerRead | Self::BucketOwnerFullControl if owner == bucket_owner => &[],
            Self::BucketOwnerRead => &[(Grantee::CanonicalUser(bucket_owner), AclPermission::Read)],
            Self::BucketOwnerFullControl => &[(
                Grantee::CanonicalUser(bucket_owner),
                AclPermission::FullControl,
            )],
            Self::LogDeliveryWrite => &[
                (Grantee::LogDelivery, AclPermission::Write),
                (Grantee::LogDelivery, AclPermission::ReadAcp),
            ],
        };
        grants.extend(more.iter().map(|&(grantee, permission)| Grant {
            grantee,
            permission,
        }));
        grants
    }

    /// Whether it grants anything to everybody, or to everybody with an account.
    pub const fn is_public(self) -> bool {
        matches!(
            self,
            Self::PublicRead | Self::PublicReadWrite | Self::AuthenticatedRead
        )
    }
}
