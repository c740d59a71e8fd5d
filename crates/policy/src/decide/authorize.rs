//! The algorithm. Source: facts: authorization.md 2, 5.

use super::{
    Allow, AllowedBy, BucketSecurity, Caller, CallerKind, Decision, Deny, DenyReason,
    ObjectSecurity, Permission, PolicyType, PublicAccessSetting, ResourceName,
    layers::{Layers, Question},
};
use crate::{
    Action, Context, Grant,
    acl::{AclQuestion, find_grant},
    compile::{Asked, Subject, Verdict},
    context::View,
};

/// Longest action name that is asked about without taking memory, service included; AWS has none of half its length.
const ACTION_NAME_BYTES_MAX: usize = 128;

/// Decides a request: every permission it needs must be allowed.
///
/// `bucket` is the bucket that the permissions are about, `None` for what concerns no existing bucket (`ListBuckets`,
/// `CreateBucket`): then the caller's own policies decide. Permissions on two buckets (a copy) take two calls.
///
/// Neither an allow nor a refusal takes memory.
///
/// With no permissions at all there is nothing that could allow the request, and it is refused.
pub fn authorize<'a>(
    caller: &Caller<'_>,
    bucket: Option<&BucketSecurity<'_>>,
    permissions: &[Permission<'a>],
    context: &dyn Context,
) -> Decision<'a> {
    let mut first = None;
    for permission in permissions {
        match permit(caller, bucket, permission, context) {
            Ok(by) => first = first.or(Some(by)),
            Err(reason) => {
                return Decision::Deny(Deny {
                    reason,
                    action: permission.action.name(),
                    resource: ResourceName::S3(permission.resource),
                    resource_owner: bucket.map(|bucket| bucket.owner),
                });
            }
        }
    }
    match first {
        Some(by) => Decision::Allow(Allow { by }),
        None => Decision::Deny(Deny {
            reason: DenyReason::Implicit(PolicyType::IdentityBased),
            action: "",
            resource: ResourceName::Arn(""),
            resource_owner: bucket.map(|bucket| bucket.owner),
        }),
    }
}

/// Decides an action of any service by the caller's own policies alone: `iam:CreateUser`, `sts:GetFederationToken`.
///
/// `resource` is an ARN, or `*` for an action that has none.
pub fn authorize_action<'a>(
    caller: &Caller<'_>,
    action: &'a str,
    resource: &'a str,
    context: &dyn Context,
) -> Decision<'a> {
    let decided = with_question(caller, action, resource, context, |question| {
        question.ask(None).and_then(|layers| own(question, &layers))
    });
    match decided {
        Ok(by) => Decision::Allow(Allow { by }),
        Err(reason) => Decision::Deny(Deny {
            reason,
            action,
            resource: ResourceName::Arn(resource),
            resource_owner: None,
        }),
    }
}

/// Hands over an action of any service as a question. Takes no memory for any name that a service has.
pub(crate) fn with_question<R>(
    caller: &Caller<'_>,
    action: &str,
    resource: &str,
    context: &dyn Context,
    use_it: impl FnOnce(&Question<'_>) -> R,
) -> R {
    let s3 = Action::from_name(action);
    let ask = |asked| {
        use_it(&Question {
            caller,
            asked,
            subject: Subject::Arn(resource),
            view: View::of(context, s3, false),
        })
    };
    if let Some(action) = s3 {
        return ask(Asked::S3(action));
    }
    let mut buffer = [0; ACTION_NAME_BYTES_MAX];
    let lower = buffer.get_mut(..action.len()).and_then(|room| {
        room.copy_from_slice(action.as_bytes());
        room.make_ascii_lowercase();
        std::str::from_utf8(room).ok()
    });
    match lower {
        Some(lower) => ask(Asked::Named(lower)),
        None => ask(Asked::Named(&action.to_ascii_lowercase())),
    }
}

/// One permission.
fn permit(
    caller: &Caller<'_>,
    bucket: Option<&BucketSecurity<'_>>,
    permission: &Permission<'_>,
    context: &dyn Context,
) -> Result<AllowedBy, DenyReason> {
    with_permission(caller, permission, context, |question| match bucket {
        Some(bucket) => in_bucket(question, bucket, permission),
        None => question.ask(None).and_then(|layers| own(question, &layers)),
    })
}

/// Hands over one permission as a question.
pub(crate) fn with_permission<R>(
    caller: &Caller<'_>,
    permission: &Permission<'_>,
    context: &dyn Context,
    use_it: impl FnOnce(&Question<'_>) -> R,
) -> R {
    let hidden = permission.hides_existing_object_tags;
    permission.resource.with_relative_id(|relative| {
        use_it(&Question {
            caller,
            asked: Asked::S3(permission.action),
            subject: Subject::S3(relative),
            view: View::of(context, Some(permission.action), hidden),
        })
    })
}

/// What the caller's own policies allow when no bucket policy takes part.
fn own(question: &Question<'_>, layers: &Layers<'_>) -> Result<AllowedBy, DenyReason> {
    match question.caller.kind {
        CallerKind::Anonymous => Err(DenyReason::Anonymous),
        CallerKind::Service { .. } | CallerKind::Federated { .. } => {
            Err(DenyReason::Implicit(PolicyType::ResourceBased))
        }
        CallerKind::Root { .. }
        | CallerKind::User { .. }
        | CallerKind::AssumedRole { .. }
        | CallerKind::FederatedUser { .. } => same_account(question.caller, layers),
    }
}

fn in_bucket(
    question: &Question<'_>,
    bucket: &BucketSecurity<'_>,
    permission: &Permission<'_>,
) -> Result<AllowedBy, DenyReason> {
    let caller = question.caller;
    let is_policy_api = is_policy_api(permission.action);
    let is_own = caller.is_of(&bucket.owner);
    if is_own && caller.is_root() && is_policy_api {
        return Ok(AllowedBy::RootPolicyApi);
    }
    let mut layers = question.ask(bucket.policy)?;
    let is_service = matches!(caller.kind, CallerKind::Service { .. });
    if bucket.public_access_block.restrict_public_buckets
        && bucket.policy.is_some_and(crate::CompiledPolicy::is_public)
        && !is_own
        && !is_service
    {
        let setting = PublicAccessSetting::RestrictPublicBuckets;
        return Err(DenyReason::BlockPublicAccess(setting));
    }
    let withheld = is_withheld(bucket, permission);
    if withheld {
        layers.resource = Verdict::default();
    }
    let grant = acl_grant(caller, bucket, permission);
    if is_own {
        let by = same_account(caller, &layers)?;
        return match grant {
            _ if !withheld => Ok(by),
            Some(grant) => Ok(AllowedBy::Acl(grant)),
            None => Err(DenyReason::ForeignOwnedObject),
        };
    }
    let by = from_outside(caller, &layers, grant)?;
    if is_policy_api {
        return Err(DenyReason::MethodNotAllowed);
    }
    Ok(by)
}

/// The three operations that the owner's root user always may, and nobody from another account.
///
/// Source: facts: authorization.md 2.1, 2.3.
fn is_policy_api(action: Action) -> bool {
    matches!(
        action,
        Action::GetBucketPolicy | Action::PutBucketPolicy | Action::DeleteBucketPolicy
    )
}

pub(super) fn same_account(
    caller: &Caller<'_>,
    layers: &Layers<'_>,
) -> Result<AllowedBy, DenyReason> {
    if caller.is_root() {
        return Ok(AllowedBy::AccountRoot);
    }
    if let Some(statement) = layers.resource.direct {
        return Ok(AllowedBy::ResourceBased(statement.clone()));
    }
    let by_identity = layers.identity_ref().map(AllowedBy::IdentityBased);
    let by_resource = layers
        .resource
        .limited
        .cloned()
        .map(AllowedBy::ResourceBased);
    let by = by_identity
        .or(by_resource)
        .ok_or(DenyReason::Implicit(PolicyType::IdentityBased))?;
    layers.within_limits(matches!(caller.kind, CallerKind::FederatedUser { .. }))?;
    Ok(by)
}

/// Another account, nobody, or a service: the bucket's side has to allow.
pub(super) fn from_outside(
    caller: &Caller<'_>,
    layers: &Layers<'_>,
    grant: Option<Grant>,
) -> Result<AllowedBy, DenyReason> {
    let by_resource = layers.resource.allow.cloned().map(AllowedBy::ResourceBased);
    match caller.kind {
        // Of a bucket policy, only `*` names a caller without a signature.
        CallerKind::Anonymous => by_resource
            .or(grant.map(AllowedBy::Acl))
            .ok_or(DenyReason::Anonymous),
        CallerKind::Service { .. } | CallerKind::Federated { .. } => {
            by_resource.ok_or(DenyReason::Implicit(PolicyType::ResourceBased))
        }
        CallerKind::Root { .. } => both_sides(by_resource, grant),
        CallerKind::User { .. }
        | CallerKind::AssumedRole { .. }
        | CallerKind::FederatedUser { .. } => {
            if layers.identity.is_none() {
                return Err(DenyReason::Implicit(PolicyType::IdentityBased));
            }
            layers.within_limits(matches!(caller.kind, CallerKind::FederatedUser { .. }))?;
            both_sides(by_resource, grant)
        }
    }
}

fn both_sides(
    by_resource: Option<AllowedBy>,
    grant: Option<Grant>,
) -> Result<AllowedBy, DenyReason> {
    by_resource
        .or(grant.map(AllowedBy::Acl))
        .ok_or(DenyReason::Implicit(PolicyType::ResourceBased))
}

/// Whether the bucket policy's Allows and the owner's own rights give nothing on this object: it belongs to someone
/// else, and only its ACL can open it.
///
/// Source: facts: authorization.md 5.5.
fn is_withheld(bucket: &BucketSecurity<'_>, permission: &Permission<'_>) -> bool {
    let foreign = |object: ObjectSecurity<'_>| object.owner != Some(bucket.owner);
    bucket.object_ownership.acls_enabled()
        && permission.object.is_some_and(foreign)
        && matches!(
            permission.action,
            Action::GetObject
                | Action::GetObjectVersion
                | Action::GetObjectAttributes
                | Action::GetObjectVersionAttributes
                | Action::GetObjectTorrent
                | Action::GetObjectVersionTorrent
                | Action::GetObjectAcl
                | Action::GetObjectVersionAcl
                | Action::PutObjectAcl
                | Action::PutObjectVersionAcl
        )
}

/// The ACL entry that allows the action, while ACLs count.
fn acl_grant(
    caller: &Caller<'_>,
    bucket: &BucketSecurity<'_>,
    permission: &Permission<'_>,
) -> Option<Grant> {
    if !bucket.object_ownership.acls_enabled() || matches!(caller.kind, CallerKind::Service { .. })
    {
        return None;
    }
    let (grants, wanted) = match AclQuestion::about(permission.action)? {
        AclQuestion::OnBucket(wanted) => (bucket.acl, wanted),
        AclQuestion::OnObject(wanted) => (permission.object?.acl, wanted),
    };
    let canonical_id = caller.account().map(|account| &account.canonical_id);
    let ignore_public = bucket.public_access_block.ignore_public_acls;
    find_grant(grants, wanted, canonical_id, ignore_public)
}
