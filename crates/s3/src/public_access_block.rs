//! The four settings of Block Public Access.

/// Block Public Access of a bucket. Source: Amazon S3 API Reference, "`PublicAccessBlockConfiguration`".
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent settings with AWS's own names"
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicAccessBlock {
    /// `BlockPublicAcls`: refuse to set ACLs that grant public access.
    pub block_public_acls: bool,
    /// `IgnorePublicAcls`: act as if public ACLs were not there.
    pub ignore_public_acls: bool,
    /// `BlockPublicPolicy`: refuse bucket policies that are public.
    pub block_public_policy: bool,
    /// `RestrictPublicBuckets`: only the owner's account may use a bucket whose policy is public.
    pub restrict_public_buckets: bool,
}

impl PublicAccessBlock {
    /// All four settings on: the state of a new bucket. Source: facts: s3-behaviour.md 4.1.
    pub const ALL: Self = Self {
        block_public_acls: true,
        ignore_public_acls: true,
        block_public_policy: true,
        restrict_public_buckets: true,
    };

    /// All four settings off: the state after `DeletePublicAccessBlock`.
    pub const NONE: Self = Self {
        block_public_acls: false,
        ignore_public_acls: false,
        block_public_policy: false,
        restrict_public_buckets: false,
    };
}
