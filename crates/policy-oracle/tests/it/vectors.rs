//! The vectors once more, through the oracle.

use crate::world::World as Vector;
use buckler_policy::{CompiledPolicy, Document, parse_identity_policy};
use buckler_policy_oracle::{Bucket, Check, Context, World, decide};
use serde_json::Value;

#[test]
fn every_vector_is_decided_by_the_oracle_too() {
    let file: Value = serde_json::from_str(include_str!(
        "../../../policy/tests/vectors/decision-vectors.json"
    ))
    .unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    let faults: Vec<_> = vectors.iter().filter_map(fault).collect();
    assert!(
        faults.is_empty(),
        "{} vectors:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// The server's matters (404, Block Public Access of a new policy) come after an allow.
fn fault(value: &Value) -> Option<String> {
    let expected = value["expected"]["reason"].as_str().unwrap();
    let vector = Vector::new(value);
    let found = if value["bucket"]["exists"] == false {
        "no_such_bucket"
    } else {
        checks(&vector)
    };
    let is_allow = !found.contains(':') && found != "method_not_allowed";
    let is_later = [
        "not_found",
        "missing_key_hidden",
        "block_public_access:BlockPublicPolicy",
    ]
    .contains(&expected);
    if is_later && is_allow {
        return None;
    }
    (found != expected).then(|| format!("{}: wanted {expected}, found {found}", value["name"]))
}

/// The first refusal, else what allowed the first check.
fn checks(vector: &Vector<'_>) -> &'static str {
    let policies = &vector.vector["policies"];
    let parse = |policy: &Value| parse_identity_policy(policy.to_string().as_bytes()).unwrap();
    let some = |policy: &Value| Some(parse(policy)).filter(|_| !policy.is_null());
    let identity: Vec<Document> = policies["identity"]
        .as_array()
        .unwrap()
        .iter()
        .map(parse)
        .collect();
    let boundary = (!policies["boundary"].is_null())
        .then(|| some(&policies["boundary"]))
        .flatten();
    let session = (!policies["session"].is_null())
        .then(|| some(&policies["session"]))
        .flatten();
    let context = context(&vector.vector["request"]["context"]);
    let security = vector.bucket();
    let is_about_bucket = !matches!(
        vector.vector["request"]["operation"].as_str(),
        Some("ListBuckets" | "CreateBucket")
    );
    let policy = vector.bucket_document.as_ref();
    let world = World {
        caller: vector.caller().kind,
        identity: identity.iter().collect(),
        boundary: boundary.as_ref(),
        session: session.as_ref().map(|one| vec![one]),
        bucket: security.filter(|_| is_about_bucket).map(|bucket| Bucket {
            owner: bucket.owner,
            policy,
            policy_is_public: policy.is_some_and(|one| CompiledPolicy::compile(one).is_public()),
            public_access_block: bucket.public_access_block,
            object_ownership: bucket.object_ownership,
            acl: bucket.acl,
        }),
        context: &context,
    };
    let permissions = vector.permissions();
    let answers: Vec<_> = permissions
        .iter()
        .map(|permission| {
            let check = Check {
                action: permission.action.name(),
                resource: &permission.resource.arn(),
                object: permission.object,
            };
            decide(&world, &check)
        })
        .collect();
    let refusal = answers
        .iter()
        .find(|answer| answer.contains(':') || **answer == "method_not_allowed");
    refusal.unwrap_or(&answers[0])
}

fn context(values: &Value) -> Context {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let pairs = values.as_object().unwrap().iter().map(|(key, value)| {
        let values = match value.as_array() {
            Some(list) => list.iter().map(text).collect(),
            None => vec![text(value)],
        };
        (key.to_lowercase(), values)
    });
    pairs.collect()
}
