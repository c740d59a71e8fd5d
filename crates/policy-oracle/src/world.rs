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
    /// The flags in force.
    pub public_access_block: PublicAccessBlock,
    /// Whether ACLs count.
    pub object_ownership: ObjectOwnership,
    /// Its ACL.
    pub acl: &'a [Grant],
}

/// A role that someone wants to assume.
#[derive(Clone, Debug)]
pub struct Role<'a> {
    /// Its ARN.
    pub arn: &'a str,
    /// The account it belongs to.
    pub account: AccountId,
    /// Its trust policy; `None` if there is no such role.
    pub trust: Option<&'a Document>,
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
    /// Whether it is the source of `CopyObject`, which does not see the object's tags.
    pub hides_existing_object_tags: bool,
}

/// A statement of one of the policies of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which policy, counted from zero.
    pub policy: usize,
    /// Which of its statements, counted from zero.
    pub statement: usize,
}
