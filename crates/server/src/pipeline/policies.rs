//! Policies of identities and sessions, compiled.

use std::sync::Arc;

use buckler_iam::managed_policy_document;
use buckler_metadata::{HeldPolicies, HeldPolicy};
use buckler_policy::{CompiledPolicy, NamedPolicy};
use buckler_s3::S3Error;

use crate::context::Context;
use crate::error::internal;

/// What an identity holds, compiled.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// Inline and managed policies.
    pub(crate) policies: Vec<NamedPolicy>,
    /// The permissions boundary.
    pub(crate) boundary: Option<NamedPolicy>,
}

/// Compiles what an identity holds.
///
/// # Errors
///
/// `InternalError` if a document is no policy, or a policy is not known: it could hold a Deny.
pub(crate) fn held(cx: &Context, held: &HeldPolicies) -> Result<Held, S3Error> {
    let mut policies = Vec::new();
    for (name, document) in &held.inline {
        policies.push(inline(cx, name, document)?);
    }
    for policy in &held.managed {
        policies.push(stored(cx, policy)?);
    }
    let boundary = held.boundary.as_ref();
    Ok(Held {
        policies,
        boundary: boundary.map(|policy| stored(cx, policy)).transpose()?,
    })
}

/// A managed policy of an account, or one of AWS's, which has no document of its own.
fn stored(cx: &Context, policy: &HeldPolicy) -> Result<NamedPolicy, S3Error> {
    match &policy.document {
        Some(document) => inline(cx, &policy.arn, document),
        // INVARIANT: only known policies are attached.
        None => managed(cx, &policy.arn)?
            .ok_or_else(|| internal("an attached policy is not known", &policy.arn)),
    }
}

/// A policy that is part of its holder.
///
/// # Errors
///
/// `InternalError` if the document is no policy.
pub(crate) fn inline(cx: &Context, name: &str, document: &str) -> Result<NamedPolicy, S3Error> {
    Ok(named(name, compiled(cx, document)?))
}

/// A managed policy, if there is one of this ARN.
///
/// # Errors
///
/// `InternalError` if its document is no policy.
pub(crate) fn managed(cx: &Context, arn: &str) -> Result<Option<NamedPolicy>, S3Error> {
    managed_policy_document(arn)
        .map(|document| inline(cx, arn, document))
        .transpose()
}

fn named(name: &str, policy: Arc<CompiledPolicy>) -> NamedPolicy {
    NamedPolicy {
        name: name.into(),
        policy,
    }
}

fn compiled(cx: &Context, document: &str) -> Result<Arc<CompiledPolicy>, S3Error> {
    cx.policies
        .identity(document)
        .map_err(|error| internal("a stored identity policy cannot be read", &error))
}
