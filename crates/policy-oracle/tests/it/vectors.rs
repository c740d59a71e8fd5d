//! The vectors once more, through the oracle.

use crate::{
    answer::{Answer, is_refusal},
    world::World as Vector,
};
use buckler_policy::{Document, parse_identity_policy};
use buckler_policy_oracle::{
    Bucket, Check, Context, World, decide, is_public, missing_key, new_policy,
};
use serde_json::Value;

#[test]
fn every_vector_is_decided_by_the_oracle_too() {
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

fn fault(value: &Value) -> Option<String> {
    let vector = Vector::new(value);
    let mut wanted = Answer::expected(value).to_string();
    let mut found = Answer::of(value, reason(&vector)).to_string();
    if let Some(expected) = value["expected"]["is_public"].as_bool() {
        let document = vector.bucket_document.as_ref().unwrap();
        wanted = format!("{wanted}, public: {expected}");
        found = format!("{found}, public: {}", is_public(document));
    }
    (found != wanted).then(|| format!("{}: wanted {wanted}, found {found}", value["name"]))
}

/// The first refusal of a check, else that of what follows an allow, else what allowed the first check.
fn reason(vector: &Vector<'_>) -> &'static str {
    let operation = vector.vector["request"]["operation"].as_str().unwrap();
    let needs_no_bucket = matches!(operation, "ListBuckets" | "CreateBucket");
    let security = vector.bucket();
    if security.is_none() && !needs_no_bucket {
        return "no_such_bucket";
    }
    let policies = &vector.vector["policies"];
    let parse = |policy: &Value| parse_identity_policy(policy.to_string().as_bytes()).unwrap();
    let some = |policy: &Value| Some(policy).filter(|policy| !policy.is_null()).map(parse);
    let identity = policies["identity"].as_array().unwrap();
    let identity: Vec<Document> = identity.iter().map(parse).collect();
    let boundary = some(&policies["boundary"]);
    let session = some(&policies["session"]);
    let context = context(&vector.vector["request"]["context"]);
    let world = World {
        caller: vector.caller().kind,
        identity: identity.iter().collect(),
        boundary: boundary.as_ref(),
        session: session.as_ref().map(|one| vec![one]),
        bucket: security.filter(|_| !needs_no_bucket).map(|bucket| Bucket {
            owner: bucket.owner,
            policy: vector.bucket_document.as_ref(),
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
                hides_existing_object_tags: permission.hides_existing_object_tags,
            };
            decide(&world, &check).answer
        })
        .collect();
    let is_no = |answer: &str| is_refusal(answer) || answer == "method_not_allowed";
    let refusal = answers.iter().copied().find(|answer| is_no(answer));
    refusal
        .or_else(|| after_an_allow(vector, &world, &is_no))
        .unwrap_or(answers[0])
}

/// What refuses although all checks allow.
fn after_an_allow(
    vector: &Vector<'_>,
    world: &World<'_>,
    is_no: &dyn Fn(&str) -> bool,
) -> Option<&'static str> {
    let bucket = world.bucket.as_ref()?;
    if let Some(document) = vector.new_policy() {
        return new_policy(bucket, &document);
    }
    let key = vector.missing_key()?;
    let name = vector.vector["bucket"]["name"].as_str().unwrap();
    let hidden = is_no(missing_key(world, name, key).answer);
    Some(if hidden {
        "missing_key_hidden"
    } else {
        "not_found"
    })
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
