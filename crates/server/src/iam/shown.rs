//! From rows to what answers show.

use buckler_iam::AwsManagedPolicy;
use buckler_iam::ops::{
    ShownGroup, ShownPolicy, ShownPolicyVersion, ShownRole, ShownTag, ShownUser,
};
use buckler_iam::query::QueryError;
use buckler_metadata::{GroupRow, ManagedPolicyRow, PolicyVersionRow, RoleRow, UserRow};
use time::OffsetDateTime;

use crate::error::query::bind_error;
use crate::principals::shown_trust_policy;
use crate::query::call::Call;

pub(super) fn user(row: &UserRow) -> ShownUser {
    ShownUser {
        tags: ShownTag::all(&row.tags),
        ..listed_user(row)
    }
}

/// A user as listings show it: without tags.
pub(super) fn listed_user(row: &UserRow) -> ShownUser {
    ShownUser {
        path: row.path.clone(),
        name: row.name.clone(),
        id: row.unique_id.clone(),
        arn: row.arn(),
        created_at: row.created_at,
        boundary_arn: row.boundary_arn.clone(),
        tags: Vec::new(),
    }
}

pub(super) fn group(row: &GroupRow) -> ShownGroup {
    ShownGroup {
        path: row.path.clone(),
        name: row.name.clone(),
        id: row.unique_id.clone(),
        arn: row.arn(),
        created_at: row.created_at,
    }
}

pub(super) async fn role(call: &Call<'_>, row: &RoleRow) -> Result<ShownRole, QueryError> {
    let trust = shown_trust_policy(&call.cx.store, &row.trust).await;
    Ok(ShownRole {
        path: row.path.clone(),
        name: row.name.clone(),
        id: row.unique_id.clone(),
        arn: row.arn(),
        created_at: row.created_at,
        trust_document: trust.map_err(bind_error)?,
        description: row.description.clone(),
        max_session_seconds: row.max_session_seconds,
        boundary_arn: row.boundary_arn.clone(),
        tags: ShownTag::all(&row.tags),
    })
}

pub(super) fn policy(row: &ManagedPolicyRow) -> ShownPolicy {
    ShownPolicy {
        description: row.description.clone(),
        tags: ShownTag::all(&row.tags),
        ..listed_policy(row)
    }
}

/// A policy as listings show it: without description and tags.
pub(super) fn listed_policy(row: &ManagedPolicyRow) -> ShownPolicy {
    ShownPolicy {
        name: row.name.clone(),
        id: row.unique_id.clone(),
        arn: row.arn(),
        path: row.path.clone(),
        default_version: row.default_version,
        attachment_count: row.attachment_count,
        boundary_count: row.boundary_count,
        description: None,
        created_at: row.created_at,
        updated_at: row.updated_at,
        tags: Vec::new(),
    }
}

/// A policy of AWS's, with how often the account uses it.
pub(super) fn aws_policy(
    policy: AwsManagedPolicy,
    attachment_count: i64,
    boundary_count: i64,
) -> ShownPolicy {
    ShownPolicy {
        name: policy.name.to_owned(),
        id: policy.id.to_owned(),
        arn: policy.arn(),
        path: "/".to_owned(),
        default_version: 1,
        attachment_count,
        boundary_count,
        description: None,
        created_at: aws_created_at(),
        updated_at: aws_created_at(),
        tags: Vec::new(),
    }
}

pub(super) fn version(row: &PolicyVersionRow) -> ShownPolicyVersion {
    ShownPolicyVersion {
        version: row.version,
        document: Some(row.document.clone()),
        is_default: row.is_default,
        created_at: row.created_at,
    }
}

pub(super) fn aws_version(policy: AwsManagedPolicy) -> ShownPolicyVersion {
    ShownPolicyVersion {
        version: 1,
        document: Some(policy.document.to_owned()),
        is_default: true,
        created_at: aws_created_at(),
    }
}

fn aws_created_at() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(AwsManagedPolicy::CREATED_AT_SECONDS)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
