//! The words of a refusal. Source: facts: authorization.md 6.

use crate::world::account;
use buckler_policy::{
    Action, BucketSecurity, Caller, CallerKind, CompiledPolicy, ContextMap, NamedPolicy,
    ObjectOwnership, Permission, PublicAccessBlock, authorize, authorize_action,
    authorize_missing_key, authorize_new_policy, parse_bucket_policy, parse_identity_policy,
};
use std::sync::Arc;

const ALICE: &str = "arn:aws:iam::111111111111:user/alice";
const DENY_ALL: &str = r#"{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}]}"#;

fn bucket_policy(text: &str) -> CompiledPolicy {
    CompiledPolicy::compile(&parse_bucket_policy(text.as_bytes(), "b").unwrap())
}

fn identity_policy(text: &str) -> NamedPolicy {
    NamedPolicy {
        name: "own".into(),
        policy: Arc::new(CompiledPolicy::compile(
            &parse_identity_policy(text.as_bytes()).unwrap(),
        )),
    }
}

fn bucket(policy: Option<&CompiledPolicy>) -> BucketSecurity<'_> {
    BucketSecurity {
        name: "b",
        owner: account("111111111111").id,
        policy,
        public_access_block: PublicAccessBlock::default(),
        object_ownership: ObjectOwnership::default(),
        acl: &[],
    }
}

fn alice() -> Caller<'static> {
    Caller::new(CallerKind::User {
        account: account("111111111111"),
        arn: ALICE,
        unique_id: "AIDAALICE000000000000",
    })
}

#[track_caller]
fn check(caller: &Caller<'_>, policy: Option<&str>, expected: &str) {
    let policy = policy.map(bucket_policy);
    let bucket = bucket(policy.as_ref());
    let put = Permission::on_object(Action::PutObject, "b", "k");
    let decision = authorize(caller, Some(&bucket), &[put], &ContextMap::new());
    assert_eq!(decision.access_denied_message(caller), expected);
}

#[test]
fn same_account_implicit_deny_names_the_missing_policy() {
    check(
        &alice(),
        None,
        "User: arn:aws:iam::111111111111:user/alice is not authorized to perform: s3:PutObject on resource: \
         \"arn:aws:s3:::b/k\" because no identity-based policy allows the s3:PutObject action",
    );
}

#[test]
fn explicit_deny_names_the_kind_of_policy() {
    let long = |tail: &str| {
        format!(
            "User: {ALICE} is not authorized to perform: s3:PutObject on resource: \"arn:aws:s3:::b/k\" {tail}"
        )
    };
    check(
        &alice(),
        Some(DENY_ALL),
        &long("with an explicit deny in a resource-based policy"),
    );
    let deny = [identity_policy(
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#,
    )];
    let mut caller = alice();
    caller.identity = &deny;
    check(
        &caller,
        None,
        &long("with an explicit deny in an identity-based policy"),
    );
    let mut caller = alice();
    caller.boundary = deny.first();
    check(
        &caller,
        None,
        &long("with an explicit deny in a permissions boundary"),
    );
    let mut caller = alice();
    caller.session = Some(&deny);
    check(
        &caller,
        None,
        &long("with an explicit deny in a session policy"),
    );
}

/// Facts: authorization.md 6.1: since 2026 the ARN is told, if the policy has one.
#[test]
fn explicit_deny_of_a_managed_policy_names_its_arn() {
    let mut deny = identity_policy(
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#,
    );
    deny.name = "arn:aws:iam::111111111111:policy/no".into();
    let deny = [deny];
    let mut caller = alice();
    caller.identity = &deny;
    check(
        &caller,
        None,
        "User: arn:aws:iam::111111111111:user/alice is not authorized to perform: s3:PutObject on resource: \
         \"arn:aws:s3:::b/k\" with an explicit deny in an identity-based policy, with policy ARN: \
         arn:aws:iam::111111111111:policy/no",
    );
}

/// Only S3 puts the resource in quotes.
#[test]
fn other_services_name_the_resource_plainly() {
    let decision = authorize_action(
        &alice(),
        "iam:CreateUser",
        "arn:aws:iam::111111111111:user/bob",
        &ContextMap::new(),
    );
    assert_eq!(
        decision.access_denied_message(&alice()),
        "User: arn:aws:iam::111111111111:user/alice is not authorized to perform: iam:CreateUser on resource: \
         arn:aws:iam::111111111111:user/bob because no identity-based policy allows the iam:CreateUser action"
    );
}

#[test]
fn implicit_denies_of_boundary_and_session_policy_are_named() {
    let allow = [identity_policy(
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
    )];
    let nothing = [identity_policy(
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}}"#,
    )];
    let long = |kind: &str| {
        format!(
            "User: {ALICE} is not authorized to perform: s3:PutObject on resource: \"arn:aws:s3:::b/k\" \
             because no {kind} allows the s3:PutObject action"
        )
    };
    let mut caller = alice();
    caller.identity = &allow;
    caller.boundary = nothing.first();
    check(&caller, None, &long("permissions boundary"));
    caller.boundary = None;
    caller.session = Some(&nothing);
    check(&caller, None, &long("session policy"));
}

#[test]
fn anonymous_and_foreign_callers_get_no_details() {
    check(&Caller::anonymous(), Some(DENY_ALL), "Access Denied");
    let foreign = Caller::new(CallerKind::Root {
        account: account("222222222222"),
    });
    check(&foreign, Some(DENY_ALL), "Access Denied");
    check(&foreign, None, "Access Denied");
}

#[test]
fn a_session_is_named_by_its_own_arn() {
    let session = Caller::new(CallerKind::AssumedRole {
        account: account("111111111111"),
        session_arn: "arn:aws:sts::111111111111:assumed-role/app/s1",
        role_arn: "arn:aws:iam::111111111111:role/team/app",
        role_id: "AROAAPP00000000000000",
        provider: None,
    });
    check(
        &session,
        None,
        "User: arn:aws:sts::111111111111:assumed-role/app/s1 is not authorized to perform: s3:PutObject on resource: \
         \"arn:aws:s3:::b/k\" because no identity-based policy allows the s3:PutObject action",
    );
}

#[test]
fn a_hidden_missing_key_is_about_list_bucket() {
    let decision = authorize_missing_key(&alice(), &bucket(None), "k", &ContextMap::new());
    assert_eq!(
        decision.access_denied_message(&alice()),
        "User: arn:aws:iam::111111111111:user/alice is not authorized to perform: s3:ListBucket on resource: \
         \"arn:aws:s3:::b\" because no identity-based policy allows the s3:ListBucket action"
    );
}

#[test]
fn block_public_policy_stops_root_and_ends_with_a_period() {
    let root = Caller::new(CallerKind::Root {
        account: account("111111111111"),
    });
    let mut bucket = bucket(None);
    bucket.public_access_block.block_public_policy = true;
    let public = bucket_policy(
        r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}}"#,
    );
    let deny = authorize_new_policy(&bucket, &public).unwrap_err();
    assert_eq!(
        deny.message(&root),
        "User: arn:aws:iam::111111111111:root is not authorized to perform: s3:PutBucketPolicy on resource: \
         \"arn:aws:s3:::b\" because public policies are blocked by the BlockPublicPolicy block public access setting."
    );
}

#[test]
fn a_permitted_foreigner_at_the_policy_is_405() {
    let policy = bucket_policy(
        r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetBucketPolicy","Resource":"arn:aws:s3:::b"}}"#,
    );
    let get = Permission::on_bucket(Action::GetBucketPolicy, "b");
    let caller = Caller::anonymous();
    let decision = authorize(
        &caller,
        Some(&bucket(Some(&policy))),
        &[get],
        &ContextMap::new(),
    );
    assert_eq!(
        decision.access_denied_message(&caller),
        "The specified method is not allowed against this resource."
    );
}
