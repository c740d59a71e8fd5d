//! What protects a bucket and an object.

use crate::{AccountId, CompiledPolicy, Grant};

/// All that a bucket itself says about access.
#[derive(Clone, Copy, Debug)]
pub struct BucketSecurity<'a> {
    /// The bucket's name.
    pub name: &'a str,
    /// The account that owns it.
    pub owner: AccountId,
    /// The bucket policy.
    pub policy: Option<&'a CompiledPolicy>,
    /// The flags in force: those of the account or of the bucket, whichever is set.
    pub public_access_block: PublicAccessBlock,
    /// Whether ACLs count.
    pub object_ownership: ObjectOwnership,
    /// The bucket's ACL.
    pub acl: &'a [Grant],
}

/// What an existing object says about access.
#[derive(Clone, Copy, Debug)]
pub struct ObjectSecurity<'a> {
    /// The account that owns it; `None` for what an anonymous caller wrote.
    pub owner: Option<AccountId>,
    /// The object's ACL.
    pub acl: &'a [Grant],
}

/// The four flags of Block Public Access. Source: facts: authorization.md 5.7.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "AWS's four flags")]
pub struct PublicAccessBlock {
    /// Public ACLs cannot be set.
    pub block_public_acls: bool,
    /// Public grants of ACLs do not count.
    pub ignore_public_acls: bool,
    /// Public policies cannot be set.
    pub block_public_policy: bool,
    /// A public policy lets in only the owner's account and AWS services.
    pub restrict_public_buckets: bool,
}

impl PublicAccessBlock {
    /// All four flags set, as on a new bucket.
    pub const ALL: Self = Self {
        block_public_acls: true,
        ignore_public_acls: true,
        block_public_policy: true,
        restrict_public_buckets: true,
    };

    /// The flags in force when an account and a bucket have some each.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self {
            block_public_acls: self.block_public_acls || other.block_public_acls,
            ignore_public_acls: self.ignore_public_acls || other.ignore_public_acls,
            block_public_policy: self.block_public_policy || other.block_public_policy,
            restrict_public_buckets: self.restrict_public_buckets || other.restrict_public_buckets,
        }
    }
}

/// Who owns new objects, and whether ACLs count. Source: facts: authorization.md 5.5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ObjectOwnership {
    /// The bucket owner owns everything; ACLs do not count. The default.
    #[default]
    BucketOwnerEnforced,
    /// The bucket owner owns what was sent with `bucket-owner-full-control`; ACLs count.
    BucketOwnerPreferred,
    /// The writer owns; ACLs count.
    ObjectWriter,
}

impl ObjectOwnership {
    /// Whether ACLs count.
    pub const fn acls_enabled(self) -> bool {
        match self {
            Self::BucketOwnerEnforced => false,
            Self::BucketOwnerPreferred | Self::ObjectWriter => true,
        }
    }
}
