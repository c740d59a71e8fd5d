//! From a question to its explanation, over the compiled policies.

use super::explanation::{
    ContextEntry, ExplainedCaller, ExplainedCondition, ExplainedPolicy, ExplainedStatement,
    Explanation, Layer, LayerVerdict, NamedAs,
};
use crate::{
    BucketSecurity, Caller, CallerKind, CompiledPolicy, ConditionKey, Context, Decision, Effect,
    NamedPolicy, Permission, PolicyType, RoleSecurity, Values, authorize, authorize_action,
    authorize_on_role,
    compile::{CompiledStatement, MatchKinds, StatementTrace},
    decide::{Question, with_permission, with_question},
};
use std::collections::BTreeSet;

/// Explains what [`authorize`] decides about one permission.
///
/// ```
/// use buckler_policy::*;
///
/// let policy = parse_bucket_policy(
///     br#"{"Version":"2012-10-17","Statement":{"Sid":"TlsOnly","Effect":"Deny","Principal":"*","Action":"s3:*",
///          "Resource":"arn:aws:s3:::photos/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}}"#,
///     "photos",
/// )?;
/// let policy = CompiledPolicy::compile(&policy);
/// let bucket = BucketSecurity {
///     name: "photos",
///     owner: AccountId::parse("111122223333")?,
///     policy: Some(&policy),
///     public_access_block: PublicAccessBlock::default(),
///     object_ownership: ObjectOwnership::default(),
///     acl: &[],
/// };
/// let read = Permission::on_object(Action::GetObject, "photos", "cat.jpg");
/// let context = ContextMap::new().with("aws:SecureTransport", "false");
/// let why = explain(&Caller::anonymous(), Some(&bucket), &read, &context);
///
/// assert!(why.is_explicit_deny());
/// let (_, statement) = why.applying_statements().next().unwrap();
/// assert_eq!(statement.sid.as_deref(), Some("TlsOnly"));
/// assert_eq!(statement.conditions[0].request_values, Some(vec!["false".to_owned()]));
/// assert_eq!(Explanation::decode(&why.encode()), Ok(why));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn explain(
    caller: &Caller<'_>,
    bucket: Option<&BucketSecurity<'_>>,
    permission: &Permission<'_>,
    context: &dyn Context,
) -> Explanation {
    let decision = authorize(caller, bucket, std::slice::from_ref(permission), context);
    with_permission(caller, permission, context, |question| {
        let policy = bucket.and_then(|bucket| bucket.policy);
        let is_foreign = bucket.is_some_and(|bucket| !caller.is_of(&bucket.owner));
        Explanation {
            action: permission.action.name().to_owned(),
            resource: permission.resource.arn(),
            ..traced(question, policy, is_foreign, decision)
        }
    })
}

/// Explains what [`authorize_action`] decides.
pub fn explain_action(
    caller: &Caller<'_>,
    action: &str,
    resource: &str,
    context: &dyn Context,
) -> Explanation {
    let decision = authorize_action(caller, action, resource, context);
    with_question(caller, action, resource, context, |question| Explanation {
        action: action.to_owned(),
        resource: resource.to_owned(),
        ..traced(question, None, false, decision)
    })
}

/// Explains what [`authorize_on_role`] decides.
pub fn explain_on_role(
    caller: &Caller<'_>,
    role: &RoleSecurity<'_>,
    action: &str,
    context: &dyn Context,
) -> Explanation {
    let decision = authorize_on_role(caller, role, action, context);
    let is_foreign = !caller.is_of(&role.account);
    with_question(caller, action, role.arn, context, |question| Explanation {
        action: action.to_owned(),
        resource: role.arn.to_owned(),
        ..traced(question, role.trust_policy, is_foreign, decision)
    })
}

fn traced(
    question: &Question<'_, '_>,
    resource_policy: Option<&CompiledPolicy>,
    is_cross_account: bool,
    decision: Decision<'_>,
) -> Explanation {
    let caller = question.caller;
    let layers: Vec<_> = [
        (
            PolicyType::ResourceBased,
            resource_policy.map(|policy| vec![(None, policy)]),
        ),
        (
            PolicyType::IdentityBased,
            Some(named(caller.identity)).filter(|list| !list.is_empty()),
        ),
        (
            PolicyType::PermissionsBoundary,
            caller
                .boundary
                .map(|policy| named(std::slice::from_ref(policy))),
        ),
        (PolicyType::Session, caller.session.map(named)),
    ]
    .into_iter()
    .filter_map(|(policy_type, policies)| Some((policy_type, policies?)))
    .collect();
    let keys: BTreeSet<_> = layers
        .iter()
        .flat_map(|(_, policies)| policies)
        .flat_map(|(_, policy)| policy.keys())
        .collect();
    let (mut present, mut missing) = (Vec::new(), Vec::new());
    for key in keys {
        match texts(question, key) {
            Some(values) => present.push(ContextEntry {
                key: key.name(),
                values,
            }),
            None => missing.push(key.name()),
        }
    }
    present.sort_by(|left, right| left.key.cmp(&right.key));
    missing.sort();
    Explanation {
        outcome: decision.into(),
        caller: explained_caller(caller),
        action: String::new(),
        resource: String::new(),
        is_cross_account,
        layers: layers
            .iter()
            .map(|(policy_type, policies)| layer(question, *policy_type, policies))
            .collect(),
        context: present,
        missing_keys: missing,
        is_shortened: false,
    }
}

type Policies<'a> = Vec<(Option<&'a str>, &'a CompiledPolicy)>;

fn named(policies: &[NamedPolicy]) -> Policies<'_> {
    policies
        .iter()
        .map(|one| (Some(&*one.name), &*one.policy))
        .collect()
}

fn explained_caller(caller: &Caller<'_>) -> ExplainedCaller {
    ExplainedCaller {
        id: caller.user_id(),
        arn: caller.arn(),
        account: caller.account().map(|account| account.id.to_string()),
        is_federated: matches!(caller.kind, CallerKind::Federated { .. }),
    }
}

fn layer(question: &Question<'_, '_>, policy_type: PolicyType, policies: &Policies<'_>) -> Layer {
    let policies: Vec<_> = policies
        .iter()
        .map(|(name, policy)| ExplainedPolicy {
            name: name.map(str::to_owned),
            statements: policy
                .compiled_statements()
                .iter()
                .map(|one| statement(question, policy, one))
                .collect(),
        })
        .collect();
    let has = |effect| {
        let mut statements = policies.iter().flat_map(|policy| &policy.statements);
        statements.any(|one| one.applies && one.effect == effect)
    };
    let verdict = if has(Effect::Deny) {
        LayerVerdict::ExplicitDeny
    } else if has(Effect::Allow) {
        LayerVerdict::Allow
    } else {
        LayerVerdict::ImplicitDeny
    };
    Layer {
        policy_type,
        verdict,
        policies,
    }
}

fn statement(
    question: &Question<'_, '_>,
    policy: &CompiledPolicy,
    statement: &CompiledStatement,
) -> ExplainedStatement {
    let trace = policy.trace(
        statement,
        question.caller,
        question.asked,
        question.subject,
        &question.view,
    );
    let source = statement.source();
    let conditions = source.conditions.iter().flatten();
    let list = |element: Option<&[String]>| element.unwrap_or_default().to_vec();
    let principals = source.principal.iter().flat_map(|element| {
        let list = element.principals();
        let everyone = (*list == crate::Principals::Everyone).then(|| "*".to_owned());
        everyone
            .into_iter()
            .chain(list.iter().map(ToString::to_string))
    });
    ExplainedStatement {
        index: statement.reference.index,
        sid: source.sid.clone(),
        effect: statement.effect,
        applies: trace.applies(),
        action_matches: trace.action,
        resource_matches: trace.resource,
        named_as: ways(trace.kinds),
        conditions: conditions
            .zip(&trace.conditions)
            .map(|(condition, holds)| ExplainedCondition {
                operator: condition.operator.to_string(),
                key: condition.key_text.clone(),
                policy_values: condition.values.clone(),
                request_values: texts(question, &condition.key),
                holds: *holds,
            })
            .collect(),
        principals: principals.collect(),
        actions: list(Some(source.action.patterns())),
        resources: list(
            source
                .resource
                .as_ref()
                .map(crate::ResourceElement::patterns),
        ),
    }
}

fn ways(kinds: MatchKinds) -> Vec<NamedAs> {
    let of = |way: &NamedAs| match way {
        NamedAs::Everyone => MatchKinds::EVERYONE,
        NamedAs::Account => MatchKinds::ACCOUNT,
        NamedAs::User => MatchKinds::USER,
        NamedAs::Role => MatchKinds::ROLE,
        NamedAs::Session => MatchKinds::SESSION,
        NamedAs::Issuer => MatchKinds::ISSUER,
        NamedAs::Service => MatchKinds::SERVICE,
        NamedAs::Federated => MatchKinds::FEDERATED,
    };
    let mut ways = NamedAs::ALL.to_vec();
    ways.retain(|way| kinds.intersects(of(way)));
    ways
}

/// The values of a key as text; `None` if it is absent, as an empty list is.
fn texts(question: &Question<'_, '_>, key: &ConditionKey) -> Option<Vec<String>> {
    let values = match question.view.value(key) {
        Values::Absent => Vec::new(),
        Values::One(value) => vec![value.with_text(str::to_owned)],
        Values::Many(list) => (0..)
            .map_while(|index| list.nth(index))
            .map(|value| value.with_text(str::to_owned))
            .collect(),
    };
    Some(values).filter(|values| !values.is_empty())
}

impl StatementTrace {
    fn applies(&self) -> bool {
        let holds = self.conditions.iter().all(|holds| *holds);
        self.action && self.resource && !self.kinds.is_empty() && holds
    }
}
