//! An explanation for people to read, and the message of the error answer made from it.

use super::explanation::{
    ExplainedCondition, ExplainedStatement, Explanation, Layer, LayerVerdict, NamedAs,
};
use super::{AllowedBy, DenyReason, Outcome};
use crate::{
    Granted, Refused, StatementRef,
    decide::{Refusal, RefusedCaller},
};
use std::fmt;

impl Explanation {
    /// The message of the error answer, as [`Deny::message`](crate::Deny::message) words it; empty for an allow.
    pub fn access_denied_message(&self) -> String {
        let reason = match &self.outcome {
            Outcome::Allowed(_) => return String::new(),
            Outcome::Denied(reason) => reason,
        };
        Refusal {
            reason: reason.into(),
            action: &self.action,
            resource: &self.resource,
            caller: RefusedCaller {
                arn: self.caller.arn.as_deref(),
                is_foreign: self.is_cross_account,
                is_federated: self.caller.is_federated,
            },
        }
        .message()
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.outcome)?;
        writeln!(
            f,
            "  caller    {}",
            self.caller.arn.as_deref().unwrap_or(&self.caller.id)
        )?;
        writeln!(f, "  action    {}", self.action)?;
        writeln!(f, "  resource  {}", self.resource)?;
        for layer in &self.layers {
            write_layer(f, layer)?;
        }
        if !self.missing_keys.is_empty() {
            writeln!(f, "  missing   {}", self.missing_keys.join(", "))?;
        }
        Ok(())
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allowed(by) => write!(f, "allowed: {by}"),
            Self::Denied(reason) => write!(f, "denied: {reason}"),
        }
    }
}

impl fmt::Display for AllowedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Granted::from(self).fmt(f)
    }
}

impl fmt::Display for DenyReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Refused::from(self).fmt(f)
    }
}

impl fmt::Display for Granted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AccountRoot => f.write_str("root user of the account"),
            Self::RootPolicyApi => {
                f.write_str("root user of the bucket owner's account, who always may")
            }
            Self::ResourceBased(statement) => {
                write!(f, "resource-based policy, {statement}")
            }
            Self::IdentityBased { policy, statement } => {
                write!(f, "identity-based policy {policy}, {statement}")
            }
            Self::Acl(grant) => {
                write!(f, "ACL, {:?} to {:?}", grant.permission, grant.grantee)
            }
        }
    }
}

impl fmt::Display for Refused<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Explicit {
                policy_type,
                policy,
                statement,
            } => {
                write!(f, "explicit deny in the {policy_type}")?;
                if let Some(name) = policy {
                    write!(f, " {name}")?;
                }
                write!(f, ", {statement}")
            }
            Self::Implicit(policy_type) => write!(f, "no {policy_type} allows it"),
            Self::Anonymous => f.write_str("nothing lets anonymous callers in"),
            Self::ForeignOwnedObject => f.write_str(
                "the object is another account's, and its ACL does not let the caller in",
            ),
            Self::BlockPublicAccess(setting) => write!(f, "blocked by {}", setting.name()),
            Self::MethodNotAllowed => {
                f.write_str("allowed, but the caller is not of the owner's account")
            }
            Self::RootCannotAssumeRoles => f.write_str("root users cannot assume roles"),
        }
    }
}

impl fmt::Display for StatementRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "statement {}", self.index)?;
        match &self.sid {
            Some(sid) => write!(f, " ({sid})"),
            None => Ok(()),
        }
    }
}

fn write_layer(f: &mut fmt::Formatter<'_>, layer: &Layer) -> fmt::Result {
    let verdict = match layer.verdict {
        LayerVerdict::Allow => "allows",
        LayerVerdict::ImplicitDeny => "does not allow",
        LayerVerdict::ExplicitDeny => "denies",
    };
    for policy in &layer.policies {
        let name = policy.name.as_deref().unwrap_or_default();
        let space = if name.is_empty() { "" } else { " " };
        writeln!(f, "  {}{space}{name}: {verdict}", layer.policy_type)?;
        for statement in &policy.statements {
            write_statement(f, statement)?;
        }
    }
    Ok(())
}

fn write_statement(f: &mut fmt::Formatter<'_>, statement: &ExplainedStatement) -> fmt::Result {
    write!(f, "    {}", statement.effect.name())?;
    write!(f, " statement {}", statement.index)?;
    if let Some(sid) = &statement.sid {
        write!(f, " ({sid})")?;
    }
    writeln!(f, ": {}", why(statement))?;
    if !(statement.action_matches && statement.resource_matches) || statement.named_as.is_empty() {
        return Ok(());
    }
    for condition in &statement.conditions {
        write_condition(f, condition)?;
    }
    Ok(())
}

/// Why a statement applies or not: what failed first, in the order of its elements.
fn why(statement: &ExplainedStatement) -> String {
    if statement.named_as.is_empty() {
        return "is not about this caller".to_owned();
    }
    if !statement.action_matches {
        return "is not about this action".to_owned();
    }
    if !statement.resource_matches {
        return "is not about this resource".to_owned();
    }
    if !statement.applies {
        return "a condition does not hold".to_owned();
    }
    let ways: Vec<_> = statement.named_as.iter().copied().map(way).collect();
    format!("applies, names {}", ways.join(" and "))
}

fn way(way: NamedAs) -> &'static str {
    match way {
        NamedAs::Everyone => "everyone",
        NamedAs::Account => "the account",
        NamedAs::User => "the user",
        NamedAs::Role => "the role",
        NamedAs::Session => "the session",
        NamedAs::Issuer => "the session's issuer",
        NamedAs::Service => "the service",
        NamedAs::Federated => "the identity provider",
    }
}

fn write_condition(f: &mut fmt::Formatter<'_>, condition: &ExplainedCondition) -> fmt::Result {
    let ExplainedCondition {
        operator,
        key,
        policy_values,
        request_values,
        holds,
    } = condition;
    let verdict = if *holds { "holds" } else { "does not hold" };
    let policy = policy_values.join(", ");
    let request = match request_values {
        Some(values) => values.join(", "),
        None => "absent".to_owned(),
    };
    writeln!(
        f,
        "      {operator} {key} [{policy}] {verdict}: the request has [{request}]"
    )
}
