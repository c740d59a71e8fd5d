//! The explanation of a decision: that it agrees with the decision, and what it says.

use crate::world::{World, account};
use buckler_policy::{
    AccountId, Action, AllowedBy, BucketSecurity, Caller, CallerKind, CompiledPolicy, ContextMap,
    Decision, DecodeExplanationError, DenyReason, Document, EXPLANATION_BYTES_MAX, Effect,
    ExplainedStatement, Explanation, LayerVerdict, NamedAs, NamedPolicy, ObjectOwnership, Outcome,
    Permission, PolicyType, PublicAccessBlock, RoleSecurity, authorize, authorize_on_role, explain,
    explain_action, explain_on_role, parse_identity_policy,
};
use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};
use std::sync::Arc;

/// The statements of one kind of policy that apply, with the name of their policy.
fn applying(
    why: &Explanation,
    policy_type: PolicyType,
    effect: Effect,
) -> impl Iterator<Item = (Option<&str>, &ExplainedStatement)> {
    let layers = why.layers.iter();
    layers
        .filter(move |layer| layer.policy_type == policy_type)
        .flat_map(|layer| &layer.policies)
        .flat_map(move |policy| {
            let statements = policy.statements.iter();
            let applying = statements.filter(move |one| one.applies && one.effect == effect);
            applying.map(|statement| (policy.name.as_deref(), statement))
        })
}

fn verdict(why: &Explanation, policy_type: PolicyType) -> Option<LayerVerdict> {
    let layer = why
        .layers
        .iter()
        .find(|layer| layer.policy_type == policy_type)?;
    Some(layer.verdict)
}

/// What was decided must follow from what the statements are said to do.
#[track_caller]
fn agrees(why: &Explanation, decision: &Decision<'_>, caller: &Caller<'_>) {
    assert_eq!(why.outcome, Outcome::from(*decision));
    assert_eq!(
        why.access_denied_message(),
        decision.access_denied_message(caller)
    );
    let again = Explanation::decode(&why.encode()).unwrap();
    assert_eq!(again.outcome, why.outcome);
    assert!(again == *why || again.is_shortened);
    let denying = why
        .layers
        .iter()
        .find(|layer| layer.verdict == LayerVerdict::ExplicitDeny);
    match &why.outcome {
        // These come before any policy is asked.
        Outcome::Allowed(AllowedBy::RootPolicyApi)
        | Outcome::Denied(DenyReason::RootCannotAssumeRoles) => return,
        Outcome::Denied(DenyReason::Explicit {
            policy_type,
            policy,
            statement,
        }) => {
            assert_eq!(denying.map(|layer| layer.policy_type), Some(*policy_type));
            let (name, first) = applying(why, *policy_type, Effect::Deny).next().unwrap();
            assert_eq!((name, first.index), (policy.as_deref(), statement.index));
            return;
        }
        Outcome::Allowed(AllowedBy::ResourceBased(statement)) => {
            let mut allowing = applying(why, PolicyType::ResourceBased, Effect::Allow);
            assert!(allowing.any(|(_, one)| one.index == statement.index));
        }
        Outcome::Allowed(AllowedBy::IdentityBased(found)) => {
            let (name, first) = applying(why, PolicyType::IdentityBased, Effect::Allow)
                .next()
                .unwrap();
            assert_eq!(
                (name, first.index),
                (Some(&*found.policy), found.statement.index)
            );
        }
        Outcome::Denied(DenyReason::Implicit(policy_type)) => {
            let is_withheld = *policy_type == PolicyType::ResourceBased;
            let silent = verdict(why, *policy_type) != Some(LayerVerdict::Allow);
            assert!(silent || is_withheld, "{why}");
        }
        Outcome::Allowed(AllowedBy::AccountRoot | AllowedBy::Acl(_))
        | Outcome::Denied(
            DenyReason::Anonymous
            | DenyReason::ForeignOwnedObject
            | DenyReason::BlockPublicAccess(_)
            | DenyReason::MethodNotAllowed,
        ) => {}
    }
    assert_eq!(denying, None, "{why}");
}

#[test]
fn every_vector_is_explained_as_it_is_decided() {
    let file: Value = serde_json::from_str(include_str!(
        "../../../../tests/vectors/decision-vectors.json"
    ))
    .unwrap();
    for vector in file["vectors"].as_array().unwrap() {
        let world = World::new(vector);
        let caller = world.caller();
        let bucket = world.bucket();
        for permission in world.permissions() {
            let decision = authorize(&caller, bucket.as_ref(), &[permission], &world.context);
            let why = explain(&caller, bucket.as_ref(), &permission, &world.context);
            agrees(&why, &decision, &caller);
        }
    }
}

fn statement(has_principal: bool) -> impl Strategy<Value = Value> {
    let principals = select(vec![
        json!("*"),
        json!({"AWS": "111111111111"}),
        json!({"AWS": "222222222222"}),
        json!({"AWS": ["AIDAALICE000000000000", "arn:aws:iam::222222222222:user/eve"]}),
        json!({"AWS": "arn:aws:iam::111111111111:role/team/app"}),
        json!({"AWS": "arn:aws:sts::111111111111:assumed-role/app/s1"}),
    ]);
    let actions = select(vec![
        "*",
        "s3:*",
        "s3:Get*",
        "s3:GetObject",
        "s3:ListBucket",
    ]);
    let resources = select(vec![
        "arn:aws:s3:::b/*",
        "arn:aws:s3:::b",
        "arn:aws:s3:::b/a?c",
        "arn:aws:s3:::b/${aws:username}/*",
        "arn:aws:s3:::b/abc",
    ]);
    let conditions = select(vec![
        json!({}),
        json!({"Bool": {"aws:SecureTransport": "true"}}),
        json!({"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "192.0.2.0/24"]}}),
        json!({"StringNotEquals": {"aws:PrincipalTag/team": ["a", "b"]}}),
        json!({"ForAnyValue:StringLike": {"s3:RequestObjectTagKeys": "k*"}, "Null": {"aws:Referer": "true"}}),
    ]);
    let elements = (
        principals,
        actions,
        resources,
        conditions,
        any::<(bool, bool, bool)>(),
    );
    elements.prop_map(move |(principal, action, resource, condition, flags)| {
        let (deny, not_action, not_resource) = flags;
        let mut statement = json!({
            "Sid": format!("S{}", action.len()),
            "Effect": if deny { "Deny" } else { "Allow" },
            (if not_action { "NotAction" } else { "Action" }): action,
            (if not_resource { "NotResource" } else { "Resource" }): resource,
            "Condition": condition,
        });
        if has_principal {
            statement["Principal"] = principal;
        }
        statement
    })
}

fn never(index: usize, has_principal: bool) -> Value {
    let mut statement = json!({
        "Effect": if index.is_multiple_of(2) { "Deny" } else { "Allow" },
        "Action": "s3:Get*",
        "Resource": [format!("arn:aws:s3:::b/{}/*", "z".repeat(index % 9)), "arn:aws:s3:::b/ab"],
    });
    if has_principal {
        statement["Principal"] = json!({"AWS": format!("arn:aws:iam::333333333333:user/u{index}")});
    } else {
        statement["Condition"] =
            json!({"StringEquals": {"aws:username": format!("u{}", index % 5)}});
    }
    statement
}

fn policy(has_principal: bool) -> impl Strategy<Value = CompiledPolicy> {
    let statements = prop::collection::vec(statement(has_principal), 1..5);
    // Statements that never apply, in front of each: a policy has more than one word of 64 statements.
    let others = prop::collection::vec(prop_oneof![Just(0), 0_usize..80], 5);
    (statements, others).prop_map(move |(statements, others)| {
        let statements = statements.into_iter().zip(others);
        let mut statements: Vec<_> = statements
            .flat_map(|(statement, others)| {
                let other = |index| never(index, has_principal);
                (0..others)
                    .map(other)
                    .chain([statement])
                    .collect::<Vec<_>>()
            })
            .collect();
        for (index, statement) in statements.iter_mut().enumerate() {
            statement["Sid"] = json!(format!("S{index}"));
        }
        let text = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
        let document = if has_principal {
            Document::from_stored(&text)
        } else {
            parse_identity_policy(text.as_bytes())
        };
        CompiledPolicy::compile(&document.unwrap())
    })
}

fn named(policy: CompiledPolicy, name: &str) -> NamedPolicy {
    NamedPolicy {
        name: name.into(),
        policy: Arc::new(policy),
    }
}

const ALICE: CallerKindOf = |account| CallerKind::User {
    account,
    arn: "arn:aws:iam::111111111111:user/alice",
    unique_id: "AIDAALICE000000000000",
};
const SESSION: CallerKindOf = |account| CallerKind::AssumedRole {
    account,
    session_arn: "arn:aws:sts::111111111111:assumed-role/app/s1",
    role_arn: "arn:aws:iam::111111111111:role/team/app",
    role_id: "AROAAPP00000000000000",
    provider: None,
};
type CallerKindOf = fn(buckler_policy::CallerAccount) -> CallerKind<'static>;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_decision_is_explained_as_it_is_decided(
        kind in select(vec![
            ALICE(account("111111111111")),
            SESSION(account("111111111111")),
            ALICE(account("222222222222")),
            CallerKind::Root { account: account("111111111111") },
            CallerKind::Anonymous,
        ]),
        bucket_policy in prop::option::weighted(0.8, policy(true)),
        identity in prop::collection::vec(policy(false), 0..3),
        boundary in prop::option::weighted(0.3, policy(false)),
        session in prop::option::weighted(0.3, policy(false)),
        action in select(vec![Action::GetObject, Action::PutObject, Action::GetBucketPolicy]),
        key in select(vec!["abc", "alice/x", "x"]),
        secure in any::<bool>(),
        address in select(vec!["10.1.1.1", "11.1.1.1"]),
    ) {
        let identity: Vec<_> = identity
            .into_iter()
            .enumerate()
            .map(|(index, policy)| named(policy, &format!("P{index}")))
            .collect();
        let boundary = boundary.map(|policy| named(policy, "arn:aws:iam::111111111111:policy/b"));
        let session: Option<Vec<_>> = session.map(|policy| vec![named(policy, "session")]);
        let caller = Caller {
            kind,
            identity: &identity,
            boundary: boundary.as_ref(),
            session: session.as_deref(),
        };
        let bucket = bucket(bucket_policy.as_ref());
        let context = ContextMap::new()
            .with("aws:SecureTransport", if secure { "true" } else { "false" })
            .with("aws:SourceIp", address)
            .with("aws:username", "alice");
        let permission = Permission::on_object(action, "b", key);
        let decision = authorize(&caller, Some(&bucket), &[permission], &context);
        agrees(&explain(&caller, Some(&bucket), &permission, &context), &decision, &caller);

        let role = RoleSecurity {
            arn: "arn:aws:iam::111111111111:role/team/target",
            account: AccountId::parse("111111111111").unwrap(),
            trust_policy: bucket_policy.as_ref(),
        };
        let decision = authorize_on_role(&caller, &role, "sts:AssumeRole", &context);
        agrees(&explain_on_role(&caller, &role, "sts:AssumeRole", &context), &decision, &caller);
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

/// The policy of the tests below: each of its statements fails, or applies, for another reason.
const EACH_REASON: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Sid":"Caller","Effect":"Deny","Principal":{"AWS":"222222222222"},"Action":"s3:*","Resource":"arn:aws:s3:::b/*"},
    {"Sid":"Action","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*"},
    {"Sid":"Resource","Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/other/*"},
    {"Sid":"Condition","Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*",
     "Condition":{"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8","192.0.2.0/24"]},"Null":{"aws:Referer":"true"}}},
    {"Effect":"Deny","Principal":{"AWS":["111111111111","AIDAALICE000000000000"]},"Action":["s3:GetObject","s3:Put*"],
     "Resource":"arn:aws:s3:::b/*","Condition":{"StringNotEquals":{"aws:PrincipalTag/team":["a","b"]}}}]}"#;

fn explained() -> Explanation {
    let policy = CompiledPolicy::compile(&Document::from_stored(EACH_REASON).unwrap());
    let context = ContextMap::new().with("aws:SourceIp", "10.1.1.1");
    let read = Permission::on_object(Action::GetObject, "b", "k");
    let alice = Caller::new(ALICE(account("111111111111")));
    explain(&alice, Some(&bucket(Some(&policy))), &read, &context)
}

#[test]
fn each_statement_says_why_it_applies_or_not() {
    let why = explained();
    let [layer] = &why.layers[..] else {
        panic!("one layer: {why}")
    };
    let statements = &layer.policies[0].statements;
    let reasons = |one: &ExplainedStatement| {
        let named = !one.named_as.is_empty();
        let holds = one.conditions.iter().all(|condition| condition.holds);
        [named, one.action_matches, one.resource_matches, holds]
    };
    let found: Vec<_> = statements.iter().map(reasons).collect();
    assert_eq!(
        found,
        [
            [false, true, true, true],
            [true, false, true, true],
            [true, true, false, true],
            [true, true, true, false],
            [true, true, true, true],
        ]
    );
    let condition = &statements[3].conditions[0];
    assert_eq!(condition.operator, "NotIpAddress");
    assert_eq!(condition.policy_values, ["10.0.0.0/8", "192.0.2.0/24"]);
    assert_eq!(
        condition.request_values.as_deref(),
        Some(&["10.1.1.1".to_owned()][..])
    );
    assert_eq!(statements[4].named_as, [NamedAs::Account, NamedAs::User]);
    assert_eq!(statements[4].conditions[0].request_values, None);
    assert_eq!(why.missing_keys, ["aws:PrincipalTag/team", "aws:Referer"]);
}

#[test]
fn it_reads_as_text() {
    assert_eq!(
        explained().to_string(),
        "denied: explicit deny in the resource-based policy, statement 4
  caller    arn:aws:iam::111111111111:user/alice
  action    s3:GetObject
  resource  arn:aws:s3:::b/k
  resource-based policy: denies
    Deny statement 0 (Caller): is not about this caller
    Deny statement 1 (Action): is not about this action
    Deny statement 2 (Resource): is not about this resource
    Deny statement 3 (Condition): a condition does not hold
      NotIpAddress aws:SourceIp [10.0.0.0/8, 192.0.2.0/24] does not hold: the request has [10.1.1.1]
      Null aws:Referer [true] holds: the request has [absent]
    Deny statement 4: applies, names the account and the user
      StringNotEquals aws:PrincipalTag/team [a, b] holds: the request has [absent]
  missing   aws:PrincipalTag/team, aws:Referer
"
    );
}

#[test]
fn sts_tells_it_in_awss_shape() {
    let message: Value = serde_json::from_str(&explained().authorization_message(7_000)).unwrap();
    let items = |texts: &[&str]| json!({"items": texts.iter().map(|text| json!({"value": text})).collect::<Vec<_>>()});
    assert_eq!(
        message,
        json!({
            "allowed": false,
            "explicitDeny": true,
            "matchedStatements": {"items": [{
                "statementId": "",
                "effect": "DENY",
                "principals": items(&["arn:aws:iam::111111111111:root", "AIDAALICE000000000000"]),
                "principalGroups": {"items": []},
                "actions": items(&["s3:GetObject", "s3:Put*"]),
                "resources": items(&["arn:aws:s3:::b/*"]),
                "conditions": {"items": [{"key": "aws:PrincipalTag/team", "values": items(&["a", "b"])}]},
            }]},
            "failures": {"items": []},
            "context": {
                "principal": {"id": "AIDAALICE000000000000", "arn": "arn:aws:iam::111111111111:user/alice"},
                "action": "s3:GetObject",
                "resource": "arn:aws:s3:::b/k",
                "conditions": {"items": [{"key": "aws:SourceIp", "values": items(&["10.1.1.1"])}]},
            },
        })
    );
    assert!(explained().authorization_message(450).len() <= 450);
}

/// A statement of `filler` characters, and as many of them as there are.
fn large(statements: usize, filler: usize) -> Explanation {
    let statements: Vec<_> = (0..statements)
        .map(|index| {
            json!({"Sid": format!("S{index}"), "Effect": "Allow", "Action": ["s3:*", "x".repeat(filler) + ":y"],
                   "Resource": "*", "Condition": {"StringNotEquals": {"aws:username": "u".repeat(filler)}}})
        })
        .collect();
    let text = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    let document = parse_identity_policy(text.as_bytes()).unwrap();
    let identity = [named(CompiledPolicy::compile(&document), "large")];
    let mut caller = Caller::new(ALICE(account("111111111111")));
    caller.identity = &identity;
    explain_action(
        &caller,
        "s3:GetObject",
        "arn:aws:s3:::b/k",
        &ContextMap::new(),
    )
}

#[test]
fn what_is_encoded_is_bounded_and_keeps_the_outcome() {
    for (statements, filler) in [(5, 10), (300, 100), (20, 2_000), (2, 30_000), (1_000, 1)] {
        let why = large(statements, filler);
        let text = why.encode();
        assert!(text.len() <= EXPLANATION_BYTES_MAX);
        let again = Explanation::decode(&text).unwrap();
        assert_eq!(again.outcome, why.outcome);
        assert_eq!(again.is_shortened, again != why);
        assert!(why.authorization_message(7_000).len() <= 7_000);
    }
}

#[test]
fn what_is_not_an_explanation_is_refused() {
    let decode = Explanation::decode;
    assert_eq!(decode("{"), Err(DecodeExplanationError::Malformed));
    assert_eq!(
        decode(r#"{"version":1,"explanation":{}}"#),
        Err(DecodeExplanationError::Malformed)
    );
    assert_eq!(
        decode(r#"{"version":2,"explanation":{}}"#),
        Err(DecodeExplanationError::UnknownVersion(2))
    );
    assert_eq!(
        decode(&" ".repeat(EXPLANATION_BYTES_MAX + 1)),
        Err(DecodeExplanationError::TooLong)
    );
}
