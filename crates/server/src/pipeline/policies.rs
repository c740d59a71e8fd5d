//! Policies of identities and sessions, compiled.

use std::sync::Arc;

use buckler_iam::managed_policy_document;
use buckler_policy::{CompiledPolicy, NamedPolicy};
use buckler_s3::S3Error;

use crate::context::Context;
use crate::error::internal;

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
