//! Whole requests.

use super::{
    acls::acls,
    contexts::context,
    documents::{bucket_policy, identity_policy, trust_policy},
    texts::text,
};
use crate::both::{Question, Request, callers};
use buckler_policy::Action;
use proptest::{prelude::*, sample::select};

/// A caller, its policies, a bucket, a context and a question.
pub(crate) fn request() -> impl Strategy<Value = Request> {
    let callers: Vec<_> = callers().into_iter().map(|(_, caller)| caller).collect();
    let session = prop::collection::vec(identity_policy(), 1..3);
    (
        select(callers),
        prop::option::weighted(0.8, (bucket_policy(), trust_policy())),
        prop::collection::vec(identity_policy(), 0..3),
        prop::option::weighted(0.3, identity_policy()),
        prop::option::weighted(0.3, session),
        context(),
        (
            question(),
            prop::bool::weighted(0.2),
            prop::bool::weighted(0.1),
            acls(),
        ),
    )
        .prop_map(
            |(caller, resource_based, identity, boundary, session, context, rest)| Request {
                caller,
                bucket: resource_based.map(|(bucket, trust)| match rest.0 {
                    Question::Role(_) => trust,
                    _ => bucket,
                }),
                identity,
                boundary,
                session,
                context,
                question: rest.0,
                restrict_public_buckets: rest.1,
                hides_existing_object_tags: rest.2,
                acls: rest.3,
            },
        )
}

fn question() -> impl Strategy<Value = Question> {
    let on_object = select(vec![
        Action::GetObject,
        Action::GetObjectVersion,
        Action::PutObject,
        Action::GetObjectTagging,
        Action::GetObjectAttributes,
        Action::GetObjectAcl,
        Action::PutObjectAcl,
        Action::DeleteObjectVersion,
    ]);
    let on_bucket = select(vec![
        Action::ListBucket,
        Action::GetBucketPolicy,
        Action::PutBucketPolicy,
        Action::GetBucketPolicyStatus,
        Action::GetBucketAcl,
        Action::PutBucketAcl,
    ]);
    let usual = select(vec!["a/b", "alice/x", "ab", "k", "a/é", "*/x", "a/b:c"]);
    let keys = prop_oneof![3 => usual.prop_map(str::to_owned), 1 => text()];
    let elsewhere = select(vec![
        ("s3:ListAllMyBuckets", "*"),
        ("s3:CreateBucket", "arn:aws:s3:::examplebucket"),
        ("iam:CreateUser", "arn:aws:iam::111111111111:user/alice"),
        ("sts:AssumeRole", "arn:aws:iam::222222222222:role/xrole"),
        ("s3:GetObject", "arn:aws:s3:::examplebucket/a/b"),
    ]);
    let on_role = select(vec![
        "sts:AssumeRole",
        "sts:AssumeRoleWithWebIdentity",
        "sts:TagSession",
    ]);
    prop_oneof![
        6 => (on_object, keys.clone()).prop_map(|(action, key)| Question::Object(action, key)),
        2 => on_bucket.prop_map(Question::Bucket),
        1 => keys.prop_map(Question::MissingKey),
        1 => elsewhere.prop_map(|(action, arn)| Question::Elsewhere(action, arn)),
        1 => on_role.prop_map(Question::Role),
    ]
}
