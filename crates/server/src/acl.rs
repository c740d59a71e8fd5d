//! ACLs as requests set them and answers show them.
//!
//! Source: facts: s3-behaviour.md 14, authorization.md 5.6, 5.7.

use buckler_policy::{Acl, Action, CanonicalId, Grant, Grantee, Resource};
use buckler_s3::{
    ACL_DOCUMENT_BYTES_MAX, AccessControlPolicy, Detail, ErrorCode, Integrity, ObjectOwnership,
    RequestedAcl, RequestedGrant, RequestedGrantee, S3Error,
};

use crate::context::Context;
use crate::error::store_error;
use crate::pipeline::authorize::Judge;
use crate::pipeline::document::DocumentLimit;
use crate::pipeline::load::Bucket;
use crate::pipeline::payload::UnreadPayload;

const LIMIT: DocumentLimit = DocumentLimit::xml(ACL_DOCUMENT_BYTES_MAX);

/// An owner and grants as an answer shows them.
pub(crate) struct Shown {
    pub(crate) owner: CanonicalId,
    pub(crate) grants: Vec<Grant>,
}

/// The ACL as it counts: that of the bucket's owner where ACLs are off, and without the public grants where those are
/// ignored. Facts: authorization.md 5.6.
pub(crate) fn shown(bucket: &Bucket, owner: CanonicalId, acl: &Acl) -> Shown {
    let owner = shown_owner(bucket, owner);
    let own = Grant::of_owner(owner);
    if !bucket.row.object_ownership().acls_enabled() {
        let grants = vec![own];
        return Shown { owner, grants };
    }
    let ignores_public = bucket.security().public_access_block.ignore_public_acls;
    let grants = acl.grants(&own).iter().copied();
    Shown {
        owner,
        grants: grants
            .filter(|grant| !(ignores_public && grant.grantee.is_public()))
            .collect(),
    }
}

/// Where ACLs are off, the bucket's owner owns everything in it.
fn shown_owner(bucket: &Bucket, owner: CanonicalId) -> CanonicalId {
    match bucket.row.object_ownership() {
        ObjectOwnership::BucketOwnerEnforced => bucket.row.owner_canonical_id,
        ObjectOwnership::BucketOwnerPreferred | ObjectOwnership::ObjectWriter => owner,
    }
}

/// The ACL that PutBucketAcl or PutObjectAcl asks for, in headers or body, on what has this owner.
///
/// # Errors
///
/// `UnexpectedContent` for both, `MissingSecurityHeader` for neither, `MalformedACLError`; `InvalidArgument` for an owner
/// whose id is none, as recorded; `AccessDenied` for a document that names another owner: an ACL gives nothing away but
/// access. Those of the body.
pub(crate) async fn requested(
    headers: Option<RequestedAcl>,
    payload: &mut UnreadPayload<'_>,
    integrity: &Integrity,
    (bucket, owner): (&Bucket, CanonicalId),
) -> Result<RequestedAcl, S3Error> {
    let body = payload.read_document(LIMIT, integrity).await?;
    match headers {
        Some(acl) if body.is_empty() => Ok(acl),
        Some(_) => Err(S3Error::new(ErrorCode::UnexpectedContent)),
        None if body.is_empty() => Err(S3Error::new(ErrorCode::MissingSecurityHeader)
            .with_detail(Detail::MissingHeaderName("x-amz-acl"))),
        None => {
            let document = AccessControlPolicy::parse(&body)?;
            CanonicalId::parse_owner(&document.owner)
                .map_err(|_| invalid_id(AccessControlPolicy::ID_ARGUMENT, &document.owner))?;
            if document.owner != shown_owner(bucket, owner).as_str() {
                return Err(S3Error::new(ErrorCode::AccessDenied));
            }
            Ok(RequestedAcl::Grants(document.grants))
        }
    }
}

/// The ACL to keep on what has this owner; `None` where ACLs are off and this one says no more than that.
///
/// # Errors
///
/// `AccessDenied` for a public one under `BlockPublicAcls`, which comes first (facts: authorization.md 5.6); `action` and
/// `resource` are what its message names. `AccessControlListNotSupported` where ACLs are off. As [`granted`].
pub(crate) async fn accepted(
    cx: &Context,
    judge: Judge<'_>,
    (bucket, owner): (&Bucket, CanonicalId),
    (action, resource): (Action, Resource<'_>),
    acl: RequestedAcl,
) -> Result<Option<Acl>, S3Error> {
    judge.new_acl(bucket, action, resource, acl.is_public())?;
    let bucket_owner = bucket.row.owner_canonical_id;
    if !bucket.row.object_ownership().acls_enabled() {
        return if acl.is_accepted_without_acls(&bucket_owner) {
            Ok(None)
        } else {
            Err(S3Error::new(ErrorCode::AccessControlListNotSupported))
        };
    }
    granted(cx, judge, (owner, bucket_owner), acl)
        .await
        .map(Some)
}

/// The ACL with every grantee looked up.
///
/// # Errors
///
/// `InvalidArgument` for a canonical id that no account has; `MethodNotAllowed` for an e-mail address; those of the store.
pub(crate) async fn granted(
    cx: &Context,
    judge: Judge<'_>,
    (owner, bucket_owner): (CanonicalId, CanonicalId),
    acl: RequestedAcl,
) -> Result<Acl, S3Error> {
    let requested = match acl {
        RequestedAcl::Canned(canned) => {
            return Ok(Acl::new(owner, canned.grants(owner, bucket_owner)));
        }
        RequestedAcl::Grants(requested) => requested,
    };
    let mut grants = Vec::with_capacity(requested.len());
    for RequestedGrant {
        grantee,
        permission,
    } in requested
    {
        let grantee = match grantee {
            RequestedGrantee::Group(group) => group,
            RequestedGrantee::Id { text, argument } => {
                Grantee::CanonicalUser(known_id(cx, &text, argument).await?)
            }
            RequestedGrantee::EmailAddress => return Err(no_email_addresses(judge)),
        };
        grants.push(Grant {
            grantee,
            permission,
        });
    }
    Ok(Acl::new(owner, grants))
}

/// A canonical id that an account has, or one of those that answers show and no account has. An account that is disabled
/// keeps its id, and can be granted what it may use when it is enabled again.
async fn known_id(
    cx: &Context,
    text: &str,
    argument: &'static str,
) -> Result<CanonicalId, S3Error> {
    let invalid = || invalid_id(argument, text);
    let id = CanonicalId::parse_owner(text).map_err(|_| invalid())?;
    if [CanonicalId::ANONYMOUS, CanonicalId::AMAZON_EC2].contains(&id) {
        return Ok(id);
    }
    let account = cx.store.account_by_canonical_id(&id).await;
    account
        .map_err(store_error)?
        .map(|_| id)
        .ok_or_else(invalid)
}

fn invalid_id(argument: &'static str, text: &str) -> S3Error {
    S3Error::invalid_argument("Invalid id", argument, Some(text))
}

/// 405 since October 2025. Facts: authorization.md 5.6; what else the answer holds is not recorded.
fn no_email_addresses(judge: Judge<'_>) -> S3Error {
    let method = judge.facts().request.head.method;
    S3Error::new(ErrorCode::MethodNotAllowed).with_detail(Detail::Method {
        method: method.as_str().to_owned(),
        resource_type: "ACL",
    })
}
