//! The algorithm of authorization.md 5.3, line by line.

use crate::{
    Check, World, acl,
    principal::{Kind, account},
    statement::{Says, ask},
};
use buckler_policy::{CallerKind, Document};

/// The answer in the words of `decision-vectors.json`.
pub type Answer = &'static str;

const DENY_RESOURCE: Answer = "explicit_deny:resource-based policy";
const DENY_IDENTITY: Answer = "explicit_deny:identity-based policy";
const DENY_BOUNDARY: Answer = "explicit_deny:permissions boundary";
const DENY_SESSION: Answer = "explicit_deny:session policy";
const NO_RESOURCE: Answer = "implicit_deny:no resource-based policy";
const NO_IDENTITY: Answer = "implicit_deny:no identity-based policy";
const NO_BOUNDARY: Answer = "implicit_deny:no permissions boundary";
const NO_SESSION: Answer = "implicit_deny:no session policy";
const ANONYMOUS: Answer = "implicit_deny:anonymous";
const FOREIGN_OBJECT: Answer = "implicit_deny:foreign-owned object";
const RESTRICTED: Answer = "block_public_access:RestrictPublicBuckets";
const METHOD_NOT_ALLOWED: Answer = "method_not_allowed";
const BY_ROOT: Answer = "account root";
const BY_ROOT_POLICY_API: Answer = "root_policy_api";
const BY_RESOURCE: Answer = "resource-based policy";
const BY_IDENTITY: Answer = "identity-based policy";
const BY_ACL: Answer = "acl";

/// Decides one check.
pub fn decide(world: &World<'_>, check: &Check<'_>) -> Answer {
    let caller = &world.caller;
    let is_root = matches!(caller, CallerKind::Root { .. });
    let is_federated = matches!(caller, CallerKind::FederatedUser { .. });
    let bucket = world.bucket.as_ref();
    let is_own = bucket.is_none_or(|bucket| account(caller) == Some(bucket.owner));
    let is_policy_api = [
        "s3:GetBucketPolicy",
        "s3:PutBucketPolicy",
        "s3:DeleteBucketPolicy",
    ]
    .contains(&check.action);
    if bucket.is_some() && is_own && is_root && is_policy_api {
        return BY_ROOT_POLICY_API;
    }

    let says = |document: &Document| ask(document, caller, check, world.context);
    let merge = |documents: &[&Document]| {
        documents
            .iter()
            .map(|document| says(document))
            .fold(Says::default(), |mut all, one| {
                all.denies |= one.denies;
                all.allows.extend(one.allows);
                all
            })
    };
    let resource = bucket
        .and_then(|bucket| bucket.policy)
        .map(says)
        .unwrap_or_default();
    let identity = merge(&world.identity);
    let boundary = world.boundary.map(says);
    let session = world.session.as_ref().map(|documents| merge(documents));
    let denies = |says: &Option<Says>| says.as_ref().is_some_and(|says| says.denies);
    let silent = |says: &Option<Says>| says.as_ref().is_some_and(|says| says.allows.is_empty());
    if resource.denies {
        return DENY_RESOURCE;
    }
    if identity.denies {
        return DENY_IDENTITY;
    }
    if denies(&boundary) {
        return DENY_BOUNDARY;
    }
    if denies(&session) {
        return DENY_SESSION;
    }

    let is_service = matches!(caller, CallerKind::Service { .. });
    let is_restricted = bucket.is_some_and(|bucket| {
        bucket.public_access_block.restrict_public_buckets && bucket.policy_is_public
    });
    if is_restricted && !is_own && !is_service {
        return RESTRICTED;
    }

    let withheld = is_withheld(world, check);
    let k = if withheld {
        Vec::new()
    } else {
        resource.allows
    };
    let a = bucket.is_some_and(|bucket| acl::grants(bucket, check, caller));
    let has = |kinds: &[Kind]| k.iter().any(|kind| kinds.contains(kind));
    let limits = || {
        if silent(&boundary) {
            Some(NO_BOUNDARY)
        } else if is_federated && session.is_none() || silent(&session) {
            Some(NO_SESSION)
        } else {
            None
        }
    };
    let unless_policy_api = |answer| {
        if is_policy_api {
            METHOD_NOT_ALLOWED
        } else {
            answer
        }
    };

    match caller {
        CallerKind::Anonymous if has(&[Kind::Everyone]) => unless_policy_api(BY_RESOURCE),
        CallerKind::Anonymous if a => unless_policy_api(BY_ACL),
        CallerKind::Anonymous => ANONYMOUS,
        CallerKind::Service { .. } if has(&[Kind::Service, Kind::Everyone]) => {
            unless_policy_api(BY_RESOURCE)
        }
        CallerKind::Service { .. } | CallerKind::Federated { .. } => NO_RESOURCE,
        _ if is_own => {
            let answer = if is_root {
                BY_ROOT
            } else if has(&[Kind::User, Kind::Session, Kind::Everyone]) {
                BY_RESOURCE
            } else if identity.allows.is_empty() && !has(&[Kind::Role, Kind::Issuer]) {
                return NO_IDENTITY;
            } else if let Some(refusal) = limits() {
                return refusal;
            } else if identity.allows.is_empty() {
                BY_RESOURCE
            } else {
                BY_IDENTITY
            };
            match (withheld, a) {
                (false, _) => answer,
                (true, true) => BY_ACL,
                (true, false) => FOREIGN_OBJECT,
            }
        }
        _ => {
            if !is_root && identity.allows.is_empty() {
                return NO_IDENTITY;
            }
            if let Some(refusal) = limits().filter(|_| !is_root) {
                return refusal;
            }
            match (k.is_empty(), a) {
                (false, _) => unless_policy_api(BY_RESOURCE),
                (true, true) => unless_policy_api(BY_ACL),
                (true, false) => NO_RESOURCE,
            }
        }
    }
}

/// Whether only the ACL of an object can open it. Source: facts: authorization.md 5.5.
fn is_withheld(world: &World<'_>, check: &Check<'_>) -> bool {
    let (Some(bucket), Some(object)) = (&world.bucket, &check.object) else {
        return false;
    };
    let reads = [
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:GetObjectAttributes",
        "s3:GetObjectVersionAttributes",
        "s3:GetObjectTorrent",
        "s3:GetObjectVersionTorrent",
        "s3:GetObjectAcl",
        "s3:GetObjectVersionAcl",
        "s3:PutObjectAcl",
        "s3:PutObjectVersionAcl",
    ];
    bucket.object_ownership.acls_enabled()
        && object.owner != Some(bucket.owner)
        && reads.contains(&check.action)
}
