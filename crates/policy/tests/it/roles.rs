//! The requests of `tests/vectors/assume-role.json`: who may assume a role.

use crate::world::account;
use buckler_policy::{
    AccountId, Caller, CallerKind, CompiledPolicy, ContextMap, Decision, Document, Granted,
    NamedPolicy, RoleSecurity, authorize_on_role, parse_identity_policy, parse_session_policy,
};
use serde_json::{Value, json};
use std::sync::Arc;

const ROLE: &str = "arn:aws:iam::111111111111:role/team/target";

fn caller(name: &str) -> CallerKind<'static> {
    let user = |id, arn, unique_id| CallerKind::User {
        account: account(id),
        arn,
        unique_id,
    };
    match name {
        "root" => CallerKind::Root {
            account: account("111111111111"),
        },
        "foreign root" => CallerKind::Root {
            account: account("222222222222"),
        },
        "alice" => user(
            "111111111111",
            "arn:aws:iam::111111111111:user/alice",
            "AIDAALICE000000000000",
        ),
        "eve" => user(
            "222222222222",
            "arn:aws:iam::222222222222:user/eve",
            "AIDAEVE00000000000000",
        ),
        "session" => CallerKind::AssumedRole {
            account: account("111111111111"),
            session_arn: "arn:aws:sts::111111111111:assumed-role/app/s1",
            role_arn: "arn:aws:iam::111111111111:role/team/app",
            role_id: "AROAAPP00000000000000",
            provider: None,
        },
        "federated user" => CallerKind::FederatedUser {
            account: account("111111111111"),
            arn: "arn:aws:sts::111111111111:federated-user/temp",
            issuer_arn: "arn:aws:iam::111111111111:user/alice",
            issuer_id: "AIDAALICE000000000000",
        },
        "web identity" => CallerKind::Federated {
            provider: "arn:aws:iam::111111111111:oidc-provider/id.example.com",
        },
        "service" => CallerKind::Service {
            name: "lambda.amazonaws.com",
        },
        "anonymous" => CallerKind::Anonymous,
        other => panic!("no caller {other}"),
    }
}

/// `allow`, `deny`, `silent`: what a policy of the caller's own says about the role.
fn own(says: &Value) -> Option<NamedPolicy> {
    let (effect, action) = match says.as_str()? {
        "allow" => ("Allow", "sts:AssumeRole*"),
        "deny" => ("Deny", "sts:AssumeRole"),
        "silent" => ("Allow", "s3:*"),
        other => panic!("no policy says {other}"),
    };
    let text = json!({"Version": "2012-10-17", "Statement": {
        "Effect": effect, "Action": action, "Resource": "arn:aws:iam::111111111111:role/team/*",
    }});
    let document = parse_identity_policy(text.to_string().as_bytes()).unwrap();
    Some(NamedPolicy {
        name: "own".into(),
        policy: Arc::new(CompiledPolicy::compile(&document)),
    })
}

fn trust(case: &Value) -> Option<CompiledPolicy> {
    let statements = case["trust"].as_array()?;
    let text = json!({"Version": "2012-10-17", "Statement": statements});
    let document = Document::from_stored_trust_policy(&text.to_string()).unwrap();
    Some(CompiledPolicy::compile(&document))
}

fn context(case: &Value) -> ContextMap {
    let mut context = ContextMap::new();
    for (key, value) in case["context"].as_object().into_iter().flatten() {
        context = context.with(key, value.as_str().unwrap());
    }
    context
}

#[test]
fn every_vector_is_decided_as_aws_decides_it() {
    let file: Value =
        serde_json::from_str(include_str!("../../../../tests/vectors/assume-role.json")).unwrap();
    for case in file["cases"].as_array().unwrap() {
        let identity: Vec<_> = own(&case["identity"]).into_iter().collect();
        let boundary = own(&case["boundary"]);
        let session: Option<Vec<_>> = own(&case["session"]).map(|one| vec![one]);
        let caller = Caller {
            kind: caller(case["caller"].as_str().unwrap()),
            identity: &identity,
            boundary: boundary.as_ref(),
            session: session.as_deref(),
        };
        let trust = trust(case);
        let role = RoleSecurity {
            arn: ROLE,
            account: AccountId::parse("111111111111").unwrap(),
            trust_policy: trust.as_ref(),
        };
        let action = case["action"].as_str().unwrap_or("sts:AssumeRole");
        let decision = authorize_on_role(&caller, &role, action, &context(case));
        let found = match &decision {
            Decision::Allow(allow) => match allow.by {
                Granted::ResourceBased(_) => "allowed by the trust policy".to_owned(),
                Granted::IdentityBased { .. } => "allowed by the identity policy".to_owned(),
                other => format!("{other:?}"),
            },
            Decision::Deny(_) => decision.access_denied_message(&caller),
        };
        assert_eq!(found, case["answer"].as_str().unwrap(), "{case}");
    }
}

#[test]
fn a_session_policy_is_written_like_an_identity_policy() {
    let text = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}}"#;
    assert_eq!(
        parse_session_policy(text.as_bytes())
            .unwrap_err()
            .to_string(),
        "Policy document should not specify a principal."
    );
}
