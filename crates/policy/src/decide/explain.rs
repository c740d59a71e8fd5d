//! AWS's words for a refusal. Source: facts: authorization.md 6.

use super::{Caller, Decision, Deny, DenyReason, PublicAccessSetting};

/// What AWS says when it says nothing.
const PLAIN: &str = "Access Denied";

/// What AWS says with 405.
const METHOD_NOT_ALLOWED: &str = "The specified method is not allowed against this resource.";

impl Decision {
    /// The message of the error answer; empty for an allow.
    pub fn access_denied_message(&self, caller: &Caller<'_>) -> String {
        match self {
            Self::Allow(_) => String::new(),
            Self::Deny(deny) => deny.message(caller),
        }
    }
}

impl Deny {
    /// The message of the error answer.
    ///
    /// Details are only for callers of the account that owns the resource. All others, anonymous callers among them, get
    /// `Access Denied`.
    pub fn message(&self, caller: &Caller<'_>) -> String {
        if self.reason == DenyReason::MethodNotAllowed {
            return METHOD_NOT_ALLOWED.to_owned();
        }
        let Some(arn) = caller.arn() else {
            return PLAIN.to_owned();
        };
        let is_foreign = self
            .resource_owner
            .is_some_and(|owner| !caller.is_of(&owner));
        let Some(reason) = self.reason_text().filter(|_| !is_foreign) else {
            return PLAIN.to_owned();
        };
        let (action, resource) = (&self.action, &self.resource);
        format!(
            "User: {arn} is not authorized to perform: {action} on resource: \"{resource}\" {reason}"
        )
    }

    /// The last part of the long message; `None` where AWS has none that is known.
    fn reason_text(&self) -> Option<String> {
        match &self.reason {
            DenyReason::Explicit { policy_type, .. } => {
                let article = if policy_type.name().starts_with('i') { "an" } else { "a" };
                Some(format!("with an explicit deny in {article} {policy_type}"))
            }
            DenyReason::Implicit(policy_type) => {
                Some(format!("because no {policy_type} allows the {} action", self.action))
            }
            DenyReason::BlockPublicAccess(PublicAccessSetting::BlockPublicPolicy) => Some(
                "because public policies are blocked by the BlockPublicPolicy block public access setting."
                    .to_owned(),
            ),
            DenyReason::BlockPublicAccess(PublicAccessSetting::BlockPublicAcls) => Some(
                "because public access control lists (ACLs) are blocked by the BlockPublicAcls block public access setting"
                    .to_owned(),
            ),
            DenyReason::BlockPublicAccess(PublicAccessSetting::RestrictPublicBuckets)
            | DenyReason::Anonymous
            | DenyReason::ForeignOwnedObject
            | DenyReason::MethodNotAllowed => None,
        }
    }
}
