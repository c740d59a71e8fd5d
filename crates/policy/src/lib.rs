//! AWS IAM policies: parse, validate, normalise, compile, decide, explain. Pure.
//!
//! This crate knows the policy language of AWS as S3 speaks it: which bucket policies are accepted and how they are
//! stored, how identity policies, permissions boundaries, session policies, ACLs and Block Public Access decide together,
//! and in which words a refusal is told. It must never know of sockets, clocks, stores or HTTP: what a request is stands
//! in a [`Caller`], a [`BucketSecurity`] and a [`Context`], and the answer is a [`Decision`].
//!
//! [`analyse`] says what is wrong, dangerous or useless in a policy, and where; decisions never ask it.
//!
//! A policy is parsed into a [`Document`], compiled once into a [`CompiledPolicy`], and then decides without taking memory.
//!
//! ```
//! use buckler_policy::{
//!     AccountId, Action, BucketSecurity, Caller, CompiledPolicy, ContextMap, Permission,
//!     PublicAccessBlock, authorize, parse_bucket_policy,
//! };
//!
//! let policy = parse_bucket_policy(
//!     br#"{
//!         "Version": "2012-10-17",
//!         "Statement": {
//!             "Effect": "Allow",
//!             "Principal": "*",
//!             "Action": "s3:GetObject",
//!             "Resource": "arn:aws:s3:::photos/public/*",
//!             "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
//!         }
//!     }"#,
//!     "photos",
//! )?;
//! let policy = CompiledPolicy::compile(&policy);
//! let bucket = BucketSecurity {
//!     name: "photos",
//!     owner: AccountId::parse("111122223333")?,
//!     policy: Some(&policy),
//!     public_access_block: PublicAccessBlock::default(),
//!     object_ownership: Default::default(),
//!     acl: &[],
//! };
//! let context = ContextMap::new().with("aws:SourceIp", "203.0.113.7");
//! let decide = |key| {
//!     let read = Permission::on_object(Action::GetObject, "photos", key);
//!     authorize(&Caller::anonymous(), Some(&bucket), &[read], &context)
//! };
//!
//! assert!(decide("public/cat.jpg").is_allow());
//! assert!(!decide("private/cat.jpg").is_allow());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Identity policies, boundaries, session policies
//!
//! They belong to the [`Caller`]. An action of any service, on no bucket, is decided by them alone:
//!
//! ```
//! use buckler_policy::*;
//! use std::sync::Arc;
//!
//! let policy = parse_identity_policy(
//!     br#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:Get*",
//!          "Resource":"arn:aws:iam::111122223333:user/${aws:username}"}}"#,
//! )?;
//! let identity = [NamedPolicy {
//!     name: "ReadMyself".into(),
//!     policy: Arc::new(CompiledPolicy::compile(&policy)),
//! }];
//! let alice = Caller {
//!     identity: &identity,
//!     ..Caller::new(CallerKind::User {
//!         account: CallerAccount {
//!             id: AccountId::parse("111122223333")?,
//!             canonical_id: CanonicalId::parse(&"1f".repeat(32))?,
//!         },
//!         arn: "arn:aws:iam::111122223333:user/alice",
//!         unique_id: "AIDAALICE000000000000",
//!     })
//! };
//! let context = ContextMap::new().with("aws:username", "alice");
//! let may = |arn| authorize_action(&alice, "iam:GetUser", arn, &context).is_allow();
//! assert!(may("arn:aws:iam::111122223333:user/alice"));
//! assert!(!may("arn:aws:iam::111122223333:user/bob"));
//!
//! // Why not?
//! let why = explain_action(&alice, "iam:GetUser", "arn:aws:iam::111122223333:user/bob", &context);
//! let statement = &why.layers[0].policies[0].statements[0];
//! assert!(statement.action_matches && !statement.resource_matches);
//! println!("{why}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Trust policies
//!
//! [`parse_trust_policy`] reads them, [`authorize_on_role`] decides who may assume the role; both have examples.
//!
//! # Speed
//!
//! A compiled policy has an index of its statements by action, by how resources begin, and by whom they name; a decision
//! asks only those that can apply, takes no memory, and computes no condition key that none of them reads.
//! `cargo bench -p buckler-policy` measures it in processor time.
//!
//! # Features
//!
//! `peers`, off by default, is for the bench alone: it adds `cedar-policy` and `regorus` on policies that say the same.
//! It changes nothing of the library.

mod account_id;
mod acl;
mod action;
mod analyse;
mod arn;
mod canonical_id;
mod compile;
mod condition;
mod condition_key;
mod context;
mod decide;
mod document;
mod explain;
mod json;
mod number;
mod parse;
mod pattern;
mod shared_text;
mod source;
mod value;

pub use account_id::{AccountId, ParseAccountIdError};
pub use acl::{Acl, AclPermission, Grant, Grantee};
pub use action::{Action, Scope};
pub use analyse::{
    Analysis, AnalysisOptions, Finding, FindingType, IssueCode, Location, PolicyKind, analyse,
};
pub use arn::{Arn, ParseArnError};
pub use canonical_id::{CanonicalId, ParseCanonicalIdError};
pub use compile::{CompiledPolicy, StatementRef};
pub use condition_key::{ConditionKey, ValueType};
pub use context::{Context, ContextMap, ValueList, Values};
pub use decide::{
    Allow, BucketSecurity, Caller, CallerAccount, CallerKind, Decision, Deny, Granted, NamedPolicy,
    ObjectOwnership, ObjectSecurity, Permission, PolicyType, PublicAccessBlock,
    PublicAccessSetting, Refused, Resource, ResourceName, RoleSecurity, authorize,
    authorize_action, authorize_missing_key, authorize_new_acl, authorize_new_policy,
    authorize_on_role,
};
pub use document::{
    ActionElement, Condition, Document, Effect, Operator, Principal, PrincipalElement,
    PrincipalType, Principals, ResourceElement, SetOperator, Statement, Test, Version,
};
pub use explain::{
    AllowedBy, ContextEntry, DecodeExplanationError, DenyReason, EXPLANATION_BYTES_MAX,
    ExplainedCaller, ExplainedCondition, ExplainedPolicy, ExplainedStatement, Explanation, Layer,
    LayerVerdict, NamedAs, Outcome, PolicyRef, explain, explain_action, explain_on_role,
};
pub use number::Number;
pub use parse::{
    BUCKET_POLICY_BODY_BYTES_MAX, BUCKET_POLICY_BYTES_MAX, GROUP_INLINE_POLICIES_CHARACTERS_MAX,
    IDENTITY_POLICY_BYTES_MAX, MANAGED_POLICY_CHARACTERS_MAX, POLICY_DOCUMENT_CHARACTERS_MAX,
    PolicyError, ROLE_INLINE_POLICIES_CHARACTERS_MAX, SESSION_POLICY_CHARACTERS_MAX,
    TRUST_POLICY_CHARACTERS_MAX, USER_INLINE_POLICIES_CHARACTERS_MAX, is_policy_text,
    parse_bucket_policy, parse_identity_policy, parse_session_policy, parse_trust_policy,
    policy_characters,
};
pub use source::{Path, PathPart, Position, StatementSpan, statement_spans};
pub use value::Value;
