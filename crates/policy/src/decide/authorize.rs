//! The algorithm. Source: facts: authorization.md 2, 5.

use super::{
    Allow, BucketSecurity, Caller, CallerKind, Decision, Deny, Granted, ObjectSecurity, Permission,
    PolicyType, PublicAccessSetting, Refused, Resource, ResourceName,
    layers::{Layers, Question},
};
use crate::{
    Action, Context, Grant,
    acl::{AclQuestion, find_grant},
    compile::{Asked, S3Subject, Subject, Verdict},
    context::View,
};

/// Longest action name that is asked about without taking memory, service included; AWS has none of half its length.
const ACTION_NAME_BYTES_MAX: usize = 128;

/// Decides a request: every permission it needs must be allowed.
///
/// `bucket` is the bucket that the permissions are about, `None` for what concerns no existing bucket (`ListBuckets`,
/// `CreateBucket`): then the caller's own policies decide. Permissions on two buckets (a copy) take two calls.
///
/// Neither an allow nor a refusal takes memory: the decision refers to the policies, and to the resource.
///
/// With no permissions at all there is nothing that could allow the request, and it is refused.
pub fn authorize<'a>(
    caller: &Caller<'a>,
    bucket: Option<&BucketSecurity<'a>>,
    permissions: &[Permission<'a>],
    context: &dyn Context,
) -> Decision<'a> {
    // PERF: most requests need one permission, and its answer is not moved.
    if let [only] = permissions {
        return on_one(caller, bucket, only, context);
    }
    let mut answers = permissions
        .iter()
        .map(|permission| on_one(caller, bucket, permission, context));
    let Some(first) = answers.next() else {
        return Decision::Deny(Deny {
            reason: Refused::Implicit(PolicyType::IdentityBased),
            action: "",
            resource: ResourceName::Arn(""),
            resource_owner: bucket.map(|bucket| bucket.owner),
        });
    };
    if !first.is_allow() {
        return first;
    }
    answers.find(|other| !other.is_allow()).unwrap_or(first)
}

/// Decides one permission.
///
/// PERF: a function and not a closure, whose captures would be stored and loaded again: 5 ns.
fn on_one<'a>(
    caller: &Caller<'a>,
    bucket: Option<&BucketSecurity<'a>>,
    permission: &Permission<'a>,
    context: &dyn Context,
) -> Decision<'a> {
    with_permission(caller, permission, context, |question| {
        let answer = match bucket {
            Some(bucket) => in_bucket(question, bucket, permission),
            None => own(question),
        };
        match answer {
            Ok(by) => Decision::Allow(Allow { by }),
            Err(reason) => Decision::Deny(Deny {
                reason,
                action: permission.action.name(),
                resource: ResourceName::S3(permission.resource),
                resource_owner: bucket.map(|bucket| bucket.owner),
            }),
        }
    })
}

/// Decides an action of any service by the caller's own policies alone: `iam:CreateUser`, `sts:GetFederationToken`.
///
/// `resource` is an ARN, or `*` for an action that has none.
pub fn authorize_action<'a>(
    caller: &Caller<'a>,
    action: &'a str,
    resource: &'a str,
    context: &dyn Context,
) -> Decision<'a> {
    with_question(caller, action, resource, context, |question| {
        match own(question) {
            Ok(by) => Decision::Allow(Allow { by }),
            Err(reason) => Decision::Deny(Deny {
                reason,
                action,
                resource: ResourceName::Arn(resource),
                resource_owner: None,
            }),
        }
    })
}

/// Hands over an action of any service as a question. Takes no memory for any name that a service has.
pub(crate) fn with_question<'a, R>(
    caller: &Caller<'a>,
    action: &str,
    resource: &str,
    context: &dyn Context,
    use_it: impl FnOnce(&Question<'_, 'a>) -> R,
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

/// Hands over one permission as a question.
#[inline]
pub(crate) fn with_permission<'a, R>(
    caller: &Caller<'a>,
    permission: &Permission<'_>,
    context: &dyn Context,
    use_it: impl FnOnce(&Question<'_, 'a>) -> R,
) -> R {
    let hidden = permission.hides_existing_object_tags;
    let (bucket, key) = match permission.resource {
        Resource::Any => ("*", None),
        Resource::Bucket(bucket) => (bucket, None),
        Resource::Object { bucket, key } => (bucket, Some(key)),
    };
    use_it(&Question {
        caller,
        asked: Asked::S3(permission.action),
        subject: Subject::S3(&S3Subject::new(bucket, key)),
        view: View::of(context, Some(permission.action), hidden),
    })
}

/// What the caller's own policies allow when no bucket policy takes part.
fn own<'a>(question: &Question<'_, 'a>) -> Result<Granted<'a>, Refused<'a>> {
    let layers = &mut Layers::default();
    question.ask(None, layers)?;
    match question.caller.kind {
        CallerKind::Anonymous => Err(Refused::Anonymous),
        CallerKind::Service { .. } | CallerKind::Federated { .. } => {
            Err(Refused::Implicit(PolicyType::ResourceBased))
        }
        CallerKind::Root { .. }
        | CallerKind::User { .. }
        | CallerKind::AssumedRole { .. }
        | CallerKind::FederatedUser { .. } => same_account(question.caller, layers),
    }
}

fn in_bucket<'a>(
    question: &Question<'_, 'a>,
    bucket: &BucketSecurity<'a>,
    permission: &Permission<'a>,
) -> Result<Granted<'a>, Refused<'a>> {
    let caller = question.caller;
    let is_policy_api = is_policy_api(permission.action);
    let is_own = caller.is_of(&bucket.owner);
    if is_own && caller.is_root() && is_policy_api {
        return Ok(Granted::RootPolicyApi);
    }
    let layers = &mut Layers::default();
    question.ask(bucket.policy, layers)?;
    let is_service = matches!(caller.kind, CallerKind::Service { .. });
    if bucket.public_access_block.restrict_public_buckets
        && bucket.policy.is_some_and(crate::CompiledPolicy::is_public)
        && !is_own
        && !is_service
    {
        let setting = PublicAccessSetting::RestrictPublicBuckets;
        return Err(Refused::BlockPublicAccess(setting));
    }
    let withheld = is_withheld(bucket, permission);
    if withheld {
        layers.resource = Verdict::default();
    }
    let grant = acl_grant(caller, bucket, permission);
    if is_own {
        let by = same_account(caller, layers)?;
        return match grant {
            _ if !withheld => Ok(by),
            Some(grant) => Ok(Granted::Acl(grant)),
            None => Err(Refused::ForeignOwnedObject),
        };
    }
    let by = from_outside(caller, layers, grant)?;
    if is_policy_api {
        return Err(Refused::MethodNotAllowed);
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

pub(super) fn same_account<'a>(
    caller: &Caller<'_>,
    layers: &Layers<'a>,
) -> Result<Granted<'a>, Refused<'a>> {
    if caller.is_root() {
        return Ok(Granted::AccountRoot);
    }
    if let Some(statement) = layers.resource.direct {
        return Ok(Granted::ResourceBased(statement));
    }
    let by = layers
        .by_identity()
        .or(layers.resource.limited.map(Granted::ResourceBased))
        .ok_or(Refused::Implicit(PolicyType::IdentityBased))?;
    layers.within_limits(matches!(caller.kind, CallerKind::FederatedUser { .. }))?;
    Ok(by)
}

/// Another account, nobody, or a service: the bucket's side has to allow.
pub(super) fn from_outside<'a>(
    caller: &Caller<'_>,
    layers: &Layers<'a>,
    grant: Option<&'a Grant>,
) -> Result<Granted<'a>, Refused<'a>> {
    let by_resource = layers.by_resource();
    let by_either = || by_resource.or(grant.map(Granted::Acl));
    match caller.kind {
        // Of a bucket policy, only `*` names a caller without a signature.
        CallerKind::Anonymous => by_either().ok_or(Refused::Anonymous),
        CallerKind::Service { .. } | CallerKind::Federated { .. } => {
            by_resource.ok_or(Refused::Implicit(PolicyType::ResourceBased))
        }
        CallerKind::Root { .. } => by_either().ok_or(Refused::Implicit(PolicyType::ResourceBased)),
        CallerKind::User { .. }
        | CallerKind::AssumedRole { .. }
        | CallerKind::FederatedUser { .. } => {
            if layers.identity.is_none() {
                return Err(Refused::Implicit(PolicyType::IdentityBased));
            }
            layers.within_limits(matches!(caller.kind, CallerKind::FederatedUser { .. }))?;
            by_either().ok_or(Refused::Implicit(PolicyType::ResourceBased))
        }
    }
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
fn acl_grant<'a>(
    caller: &Caller<'_>,
    bucket: &BucketSecurity<'a>,
    permission: &Permission<'a>,
) -> Option<&'a Grant> {
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
