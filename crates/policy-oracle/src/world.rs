//! A request and all that bears on it.

use buckler_policy::{
    AccountId, CallerKind, Document, Grant, ObjectOwnership, ObjectSecurity, PublicAccessBlock,
};
use std::collections::BTreeMap;

/// Condition keys by lower-case name. One string is a single value; a list of another length is a multivalued key.
pub type Context = BTreeMap<String, Vec<String>>;

/// Who asks, under which policies, and with which context.
#[derive(Clone, Debug)]
pub struct World<'a> {
    /// The caller.
    pub caller: CallerKind<'a>,
    /// Its identity policies.
    pub identity: Vec<&'a Document>,
    /// Its permissions boundary.
    pub boundary: Option<&'a Document>,
    /// Its session policies.
    pub session: Option<Vec<&'a Document>>,
    /// The bucket, if the request is about one.
    pub bucket: Option<Bucket<'a>>,
    /// What is known of the request.
    pub context: &'a Context,
}

/// What a bucket says about access.
#[derive(Clone, Debug)]
pub struct Bucket<'a> {
    /// Its owner.
    pub owner: AccountId,
    /// Its policy.
    pub policy: Option<&'a Document>,
    /// Whether the policy is public: found by the classifier, which has its own vectors.
    pub policy_is_public: bool,
    /// The flags in force.
    pub public_access_block: PublicAccessBlock,
    /// Whether ACLs count.
    pub object_ownership: ObjectOwnership,
    /// Its ACL.
    pub acl: &'a [Grant],
}

/// One action on one resource.
#[derive(Clone, Debug)]
pub struct Check<'a> {
    /// `s3:GetObject`.
    pub action: &'a str,
    /// The resource's ARN.
    pub resource: &'a str,
    /// The object's own protection.
    pub object: Option<ObjectSecurity<'a>>,
}
