//! AWS's words for a refusal. Source: facts: authorization.md 6, 7.3.

use super::{Caller, CallerKind, Decision, Deny, PolicyType, PublicAccessSetting, Refused};

/// What AWS says when it says nothing.
const PLAIN: &str = "Access Denied";

/// What AWS says with 405.
const METHOD_NOT_ALLOWED: &str = "The specified method is not allowed against this resource.";

/// What STS says to root users.
const NOT_BY_ROOT: &str = "Roles may not be assumed by root accounts.";

impl Decision<'_> {
    /// The message of the error answer; empty for an allow.
    pub fn access_denied_message(&self, caller: &Caller<'_>) -> String {
        match self {
            Self::Allow(_) => String::new(),
            Self::Deny(deny) => deny.message(caller),
        }
    }
}

impl Deny<'_> {
    /// The message of the error answer.
    ///
    /// Of S3, details are only for callers of the account that owns the resource. All others, anonymous callers among
    /// them, get `Access Denied`. STS names caller and role to everyone it knows, and gives no reason that would tell
    /// whether the role exists.
    pub fn message(&self, caller: &Caller<'_>) -> String {
        let is_foreign = self
            .resource_owner
            .is_some_and(|owner| !caller.is_of(&owner));
        Refusal {
            reason: self.reason,
            action: self.action,
            resource: &self.resource.to_string(),
            caller: RefusedCaller {
                arn: caller.arn().as_deref(),
                is_foreign,
                is_federated: matches!(caller.kind, CallerKind::Federated { .. }),
            },
        }
        .message()
    }
}

/// What a message is made from.
pub(crate) struct Refusal<'a> {
    pub(crate) reason: Refused<'a>,
    pub(crate) action: &'a str,
    pub(crate) resource: &'a str,
    pub(crate) caller: RefusedCaller<'a>,
}

/// Whom a message is for.
pub(crate) struct RefusedCaller<'a> {
    pub(crate) arn: Option<&'a str>,
    pub(crate) is_foreign: bool,
    pub(crate) is_federated: bool,
}

impl Refusal<'_> {
    pub(crate) fn message(&self) -> String {
        match self.service() {
            Service::S3 => self.message_of_s3(),
            Service::Role => self.message_of_role(),
            Service::Other => match self.caller.arn {
                Some(arn) => self.long(arn, self.resource, self.reason_text()),
                None => PLAIN.to_owned(),
            },
        }
    }

    fn service(&self) -> Service {
        if self.action.starts_with("s3:") {
            Service::S3
        } else if is_about_role(self.action) {
            Service::Role
        } else {
            Service::Other
        }
    }

    fn message_of_s3(&self) -> String {
        if self.reason == Refused::MethodNotAllowed {
            return METHOD_NOT_ALLOWED.to_owned();
        }
        match (self.caller.arn, self.reason_text()) {
            (Some(arn), reason @ Some(_)) if !self.caller.is_foreign => {
                // AWS: S3 alone puts the resource in quotes.
                self.long(arn, &format!("\"{}\"", self.resource), reason)
            }
            _ => PLAIN.to_owned(),
        }
    }

    /// `AssumeRole` and its like. Source: facts: authorization.md 7.3.
    fn message_of_role(&self) -> String {
        if self.reason == Refused::RootCannotAssumeRoles {
            return NOT_BY_ROOT.to_owned();
        }
        if self.caller.is_federated {
            return format!("Not authorized to perform {}", self.action);
        }
        let Some(arn) = self.caller.arn else {
            return PLAIN.to_owned();
        };
        // A Deny of the caller's own says nothing about the role.
        let is_own_deny = matches!(
            self.reason,
            Refused::Explicit { policy_type, .. } if policy_type != PolicyType::ResourceBased
        );
        let reason = self.reason_text().filter(|_| is_own_deny);
        self.long(arn, self.resource, reason)
    }

    fn long(&self, arn: &str, resource: &str, reason: Option<String>) -> String {
        let space = if reason.is_some() { " " } else { "" };
        format!(
            "User: {arn} is not authorized to perform: {} on resource: {resource}{space}{}",
            self.action,
            reason.unwrap_or_default()
        )
    }

    /// The last part of the long message; `None` where AWS has none that is known.
    fn reason_text(&self) -> Option<String> {
        match self.reason {
            Refused::Explicit {
                policy_type,
                policy,
                ..
            } => {
                let article = if policy_type.name().starts_with('i') { "an" } else { "a" };
                // AWS: since 2026 the ARN is added, except for resource-based policies. An inline policy has none.
                let arn = policy.filter(|name| name.starts_with("arn:"));
                let arn = arn.map(|arn| format!(", with policy ARN: {arn}"));
                Some(format!(
                    "with an explicit deny in {article} {policy_type}{}",
                    arn.unwrap_or_default()
                ))
            }
            Refused::Implicit(policy_type) => {
                Some(format!("because no {policy_type} allows the {} action", self.action))
            }
            Refused::BlockPublicAccess(PublicAccessSetting::BlockPublicPolicy) => Some(
                "because public policies are blocked by the BlockPublicPolicy block public access setting."
                    .to_owned(),
            ),
            Refused::BlockPublicAccess(PublicAccessSetting::BlockPublicAcls) => Some(
                "because public access control lists (ACLs) are blocked by the BlockPublicAcls block public access setting"
                    .to_owned(),
            ),
            Refused::BlockPublicAccess(PublicAccessSetting::RestrictPublicBuckets)
            | Refused::Anonymous
            | Refused::ForeignOwnedObject
            | Refused::MethodNotAllowed
            | Refused::RootCannotAssumeRoles => None,
        }
    }
}

/// Whose words are used.
#[derive(Clone, Copy)]
enum Service {
    S3,
    /// STS about a role.
    Role,
    /// IAM and the rest.
    Other,
}

/// Whether this is one of the actions that a role's trust policy decides.
fn is_about_role(action: &str) -> bool {
    let name = action.strip_prefix("sts:").unwrap_or_default();
    name.starts_with("AssumeRole") || matches!(name, "TagSession" | "SetSourceIdentity")
}
