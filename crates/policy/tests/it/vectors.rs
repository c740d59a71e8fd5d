//! The requests of `tests/vectors/decision-vectors.json`: decision, status, code and reason.

use crate::{answer::Answer, world::World};
use buckler_policy::{
    CompiledPolicy, Decision, Deny, Granted, Refused, authorize, authorize_missing_key,
    authorize_new_policy,
};
use serde_json::Value;

#[test]
fn every_vector_is_decided_as_aws_decides_it() {
    let file: Value = serde_json::from_str(include_str!(
        "../../../../tests/vectors/decision-vectors.json"
    ))
    .unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 304);
    let faults: Vec<_> = vectors.iter().filter_map(fault).collect();
    assert!(
        faults.is_empty(),
        "{} vectors:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

fn fault(vector: &Value) -> Option<String> {
    let world = World::new(vector);
    let mut wanted = Answer::expected(vector).to_string();
    let mut found = Answer::of(vector, &answer(&world)).to_string();
    if let Some(is_public) = vector["expected"]["is_public"].as_bool() {
        let document = world.bucket_document.as_ref().unwrap();
        let found_public = CompiledPolicy::compile(document).is_public();
        wanted = format!("{wanted}, public: {is_public}");
        found = format!("{found}, public: {found_public}");
    }
    (wanted != found).then(|| format!("{}: wanted {wanted}, found {found}", vector["name"]))
}

/// The answer of a server that has nothing but this crate, in the words of the file.
fn answer(world: &World<'_>) -> String {
    let caller = world.caller();
    let operation = world.vector["request"]["operation"].as_str().unwrap();
    let bucket = world.bucket();
    let needs_no_bucket = matches!(operation, "ListBuckets" | "CreateBucket");
    if bucket.is_none() && !needs_no_bucket {
        return "no_such_bucket".to_owned();
    }
    let decision = authorize(
        &caller,
        bucket.as_ref().filter(|_| !needs_no_bucket),
        &world.permissions(),
        &world.context,
    );
    let allow = match &decision {
        Decision::Deny(deny) => return refusal(deny),
        Decision::Allow(allow) => allow,
    };
    let Some(bucket) = bucket else {
        return permission(allow.by);
    };
    if let Some(document) = world.new_policy() {
        let policy = CompiledPolicy::compile(&document);
        if let Err(deny) = authorize_new_policy(&bucket, &policy) {
            return refusal(&deny);
        }
    }
    match world.missing_key() {
        None => permission(allow.by),
        Some(key) => match authorize_missing_key(&caller, &bucket, key, &world.context) {
            Decision::Allow(_) => "not_found".to_owned(),
            Decision::Deny(_) => "missing_key_hidden".to_owned(),
        },
    }
}

fn permission(by: Granted<'_>) -> String {
    match by {
        Granted::AccountRoot => "account root",
        Granted::RootPolicyApi => "root_policy_api",
        Granted::ResourceBased(_) => "resource-based policy",
        Granted::IdentityBased { .. } => "identity-based policy",
        Granted::Acl(_) => "acl",
    }
    .to_owned()
}

fn refusal(deny: &Deny) -> String {
    match &deny.reason {
        Refused::Explicit { policy_type, .. } => format!("explicit_deny:{policy_type}"),
        Refused::Implicit(policy_type) => format!("implicit_deny:no {policy_type}"),
        Refused::Anonymous => "implicit_deny:anonymous".to_owned(),
        Refused::ForeignOwnedObject => "implicit_deny:foreign-owned object".to_owned(),
        Refused::BlockPublicAccess(setting) => {
            format!("block_public_access:{}", setting.name())
        }
        Refused::MethodNotAllowed => "method_not_allowed".to_owned(),
        Refused::RootCannotAssumeRoles => "root_cannot_assume_roles".to_owned(),
    }
}
