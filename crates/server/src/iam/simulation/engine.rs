//! Decides as a request would be decided, and tells how: the same engine, asked for its explanation.
//!
//! ACLs and Block Public Access are not known here, as on AWS. Source: facts: authorization.md 7.8.

use std::collections::HashMap;
use std::sync::Arc;

use buckler_iam::ops::{ContextEntry, EvaluationResult, MatchedStatement};
use buckler_policy::{
    AccountId, Action, BucketSecurity, Caller, CallerAccount, CallerKind, CompiledPolicy,
    ConditionKey, ContextMap, DenyReason, Explanation, LayerVerdict, NamedPolicy, ObjectOwnership,
    Outcome, Permission, PolicyType, Position, PublicAccessBlock, StatementSpan, explain,
    explain_action,
};

/// `SourcePolicyType`. AWS: the reference lists `user`, `group`, `role` and others; what was recorded are these two.
const IAM_POLICY: &str = "IAM Policy";
const RESOURCE_POLICY: &str = "Resource Policy";

/// Whose policies are simulated.
#[derive(Debug, Clone)]
pub(super) struct Principal {
    pub(super) account: CallerAccount,
    /// The ARN of a user or role; a group is simulated as a user of no name.
    pub(super) arn: String,
    pub(super) unique_id: String,
    pub(super) is_role: bool,
    /// The ARN of the session that a role is simulated as.
    pub(super) session_arn: String,
}

/// Where a policy comes from.
#[derive(Debug)]
pub(super) struct NamedSource {
    /// `SourcePolicyId`.
    pub(super) id: String,
    /// Where its statements stand in it.
    pub(super) statements: Vec<StatementSpan>,
}

/// All that decides.
#[derive(Debug)]
pub(super) struct World {
    pub(super) principal: Principal,
    pub(super) policies: Vec<NamedPolicy>,
    pub(super) boundary: Option<NamedPolicy>,
    /// From the name of a policy to where it comes from.
    pub(super) sources: HashMap<Arc<str>, NamedSource>,
    /// Where the statements of the resource policy stand in it.
    pub(super) resource_statements: Vec<StatementSpan>,
    pub(super) resource_owner: AccountId,
    pub(super) context: ContextMap,
}

/// A context of the entries of a call.
pub(super) fn context(mut keys: ContextMap, entries: &[ContextEntry]) -> ContextMap {
    for entry in entries {
        let key = ConditionKey::parse(&entry.name);
        match entry.values.as_slice() {
            [one] if !entry.is_list => keys.insert(key, one),
            many => keys.insert_many(key, many.to_vec()),
        }
    }
    keys
}

impl World {
    /// Decides one action on one resource. `resource_policy` counts for actions of S3.
    pub(super) fn evaluate(
        &self,
        action: &str,
        resource: &str,
        resource_policy: Option<&CompiledPolicy>,
    ) -> EvaluationResult {
        let caller = self.caller();
        let s3 = Action::from_name(action).zip(S3Resource::parse(resource));
        let why = match (s3, resource_policy) {
            (Some((action, place)), Some(policy)) => {
                let bucket = BucketSecurity {
                    name: place.bucket,
                    owner: self.resource_owner,
                    policy: Some(policy),
                    public_access_block: PublicAccessBlock::default(),
                    object_ownership: ObjectOwnership::BucketOwnerEnforced,
                    acl: &[],
                };
                explain(
                    &caller,
                    Some(&bucket),
                    &place.permission(action),
                    &self.context,
                )
            }
            _ => explain_action(&caller, action, resource, &self.context),
        };
        EvaluationResult {
            action: action.to_owned(),
            resource: resource.to_owned(),
            decision: decision(&why.outcome),
            matched: self.matched(&why),
            missing_context: why.missing_keys.clone(),
            allowed_by_boundary: boundary(&why),
            names_resource: resource != "*",
        }
    }

    fn caller(&self) -> Caller<'_> {
        let principal = &self.principal;
        let kind = if principal.is_role {
            CallerKind::AssumedRole {
                account: principal.account,
                session_arn: &principal.session_arn,
                role_arn: &principal.arn,
                role_id: &principal.unique_id,
                provider: None,
            }
        } else {
            CallerKind::User {
                account: principal.account,
                arn: &principal.arn,
                unique_id: &principal.unique_id,
            }
        };
        Caller {
            identity: &self.policies,
            boundary: self.boundary.as_ref(),
            ..Caller::new(kind)
        }
    }

    /// The statements that apply, policy by policy.
    fn matched(&self, why: &Explanation) -> Vec<MatchedStatement> {
        let mut matched = Vec::new();
        for layer in &why.layers {
            for policy in &layer.policies {
                let applying = policy.statements.iter().filter(|one| one.applies);
                let name = policy.name.as_deref();
                matched
                    .extend(applying.map(|one| self.statement(layer.policy_type, name, one.index)));
            }
        }
        matched
    }

    fn statement(&self, kind: PolicyType, name: Option<&str>, index: usize) -> MatchedStatement {
        let known = name.and_then(|name| self.sources.get(name));
        let (id, policy_type, spans) = match known {
            Some(source) => (&*source.id, IAM_POLICY, &*source.statements),
            None if kind == PolicyType::ResourceBased => {
                let spans = &*self.resource_statements;
                ("ResourcePolicy", RESOURCE_POLICY, spans)
            }
            None => (name.unwrap_or_default(), IAM_POLICY, [].as_slice()),
        };
        MatchedStatement {
            policy_id: id.to_owned(),
            policy_type,
            span: spans.get(index).map(|span| {
                let place = |position: Position| (position.line, position.column);
                (place(span.start), place(span.end))
            }),
        }
    }
}

fn decision(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Allowed(_) => "allowed",
        Outcome::Denied(DenyReason::Explicit { .. }) => "explicitDeny",
        Outcome::Denied(_) => "implicitDeny",
    }
}

fn boundary(why: &Explanation) -> Option<bool> {
    let mut layers = why.layers.iter();
    let layer = layers.find(|layer| layer.policy_type == PolicyType::PermissionsBoundary)?;
    Some(layer.verdict == LayerVerdict::Allow)
}

/// A bucket or an object, by ARN.
#[derive(Debug, Clone, Copy)]
pub(super) struct S3Resource<'a> {
    pub(super) bucket: &'a str,
    key: Option<&'a str>,
}

impl<'a> S3Resource<'a> {
    /// `arn:aws:s3:::BUCKET/KEY`.
    pub(super) fn parse(arn: &'a str) -> Option<Self> {
        let relative = arn.strip_prefix("arn:aws:s3:::")?;
        Some(match relative.split_once('/') {
            Some((bucket, key)) => Self {
                bucket,
                key: Some(key),
            },
            None => Self {
                bucket: relative,
                key: None,
            },
        })
    }

    fn permission(self, action: Action) -> Permission<'a> {
        match self.key {
            Some(key) => Permission::on_object(action, self.bucket, key),
            None => Permission::on_bucket(action, self.bucket),
        }
    }
}
