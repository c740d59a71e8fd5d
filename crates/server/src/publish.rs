//! What the writes of objects share: who owns the result, its ACL, and the
//! publication in the row's own transaction.

use buckler_blobs::BlobId;
use buckler_metadata::{
    Body, IfMatch, NewObject, PutObject, StoreError, Unmet, VersionNonce, WritePrecondition,
};
use buckler_policy::{AccountId, Acl, Action, CanonicalId, Resource};
use buckler_s3::{
    CannedAcl, ETag, ObjectKey, ObjectOwnership, RequestedAcl, S3Error, VersionId, WriteCondition,
    WritePreconditions,
};

use crate::acl::accepted;
use crate::context::Context;
use crate::error::{internal, store_error};
use crate::operation::Need;
use crate::pipeline::authorize::Judge;
use crate::pipeline::caller::Caller;
use crate::pipeline::load::Bucket;
use crate::pipeline::upload::StagedBody;

/// What a write that was published answers.
#[derive(Debug)]
pub(crate) struct Written {
    /// The version's id, `null` while versioning is suspended; `None` in a bucket that never had versions.
    pub(crate) version_id: Option<VersionId>,
}

impl From<StagedBody> for Body {
    /// INVARIANT: the only place where a blob's id becomes part of a row, and it takes a
    /// `DurableBlob` to get here.
    fn from(body: StagedBody) -> Self {
        match body {
            StagedBody::Inline(bytes) => Self::Inline(bytes),
            StagedBody::Blob(blob) => Self::Blob(blob.id().to_string()),
        }
    }
}

/// Makes the object visible, if its condition holds now.
///
/// # Errors
///
/// `PreconditionFailed`, `NoSuchKey` (facts: s3-behaviour.md 8.1); `NoSuchBucket` if the bucket
/// went away meanwhile; those of the store. The bytes of a refused write become garbage.
pub(crate) async fn publish(
    cx: &Context,
    bucket: &Bucket,
    object: NewObject,
) -> Result<Written, S3Error> {
    let key = object.key.clone();
    let (body, size_bytes) = (object.body.clone(), object.size_bytes);
    let refusal = match cx.store.put_object(object).await {
        Ok(PutObject::Stored { version_id }) => return Ok(Written { version_id }),
        Ok(PutObject::PreconditionFailed(unmet)) => unmet_condition(unmet, &key),
        Ok(PutObject::NoSuchBucket) => S3Error::no_such_bucket(&bucket.row.name),
        Err(error) => return Err(undone(cx, &body, error).await),
    };
    discard(cx, &body, size_bytes).await;
    Err(refusal)
}

/// Notes the bytes of a write that was refused as garbage.
pub(crate) async fn discard(cx: &Context, body: &Body, size_bytes: u64) {
    let Body::Blob(id) = body else {
        return;
    };
    let noted = cx.store.add_garbage(id.clone(), size_bytes, cx.clock.now());
    if let Err(error) = noted.await {
        // The sweep at the next start finds it.
        tracing::warn!(%error, blob = id, "a refused write's bytes were not noted as garbage");
    }
}

/// The answer to a write that the store failed. A frozen store has kept no row, for certain, and takes none for the
/// garbage either: the bytes go at once.
pub(crate) async fn undone(cx: &Context, body: &Body, error: StoreError) -> S3Error {
    if let (StoreError::Frozen, Body::Blob(id)) = (&error, body)
        && let Some(id) = BlobId::parse(id)
    {
        remove(cx, id).await;
    }
    store_error(error)
}

async fn remove(cx: &Context, id: BlobId) {
    /// Two removals at once would take each other for a backup that needs the bytes to stay.
    static REMOVING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _removing = REMOVING.lock().await;
    if let Err(error) = cx.blobs.delete(vec![id]).await {
        // The sweep finds it when the store is not frozen any more.
        tracing::warn!(%error, blob = %id, "a refused write's bytes were not removed");
    }
}

/// What it takes to write an object, at once or in parts. Facts: authorization.md 4.4.
pub(crate) fn needs_to_write<'a>(
    bucket: &'a Bucket,
    key: &'a ObjectKey,
    has_tags: bool,
    has_acl: bool,
) -> Vec<Need<'a>> {
    let mut needs = vec![Need::on_object(Action::PutObject, bucket, key)];
    if has_tags {
        needs.push(Need::on_object(Action::PutObjectTagging, bucket, key));
    }
    if has_acl {
        needs.push(Need::acl_of_new_object(bucket, key));
    }
    needs
}

/// Random bytes for the id of a new version.
///
/// # Errors
///
/// `InternalError` if the system has none: an id that another version has would be refused anyway.
pub(crate) fn version_nonce() -> Result<VersionNonce, S3Error> {
    let mut nonce = [0; 16];
    getrandom::fill(&mut nonce).map_err(|error| internal("no random version id", &error))?;
    Ok(VersionNonce(nonce))
}

/// The answer to a write or delete whose condition did not hold.
pub(crate) fn unmet_condition(unmet: Unmet, key: &ObjectKey) -> S3Error {
    match unmet {
        Unmet::NoSuchKey => S3Error::no_such_key(key),
        Unmet::IfMatch => S3Error::precondition_failed("If-Match"),
        Unmet::IfNoneMatch => S3Error::precondition_failed("If-None-Match"),
    }
}

/// The condition as the store judges it.
pub(crate) fn write_precondition(preconditions: &WritePreconditions) -> WritePrecondition {
    match &preconditions.condition {
        WriteCondition::None => WritePrecondition::None,
        WriteCondition::Absent => WritePrecondition::IfNoneMatchAny,
        WriteCondition::Matches(tag) => WritePrecondition::IfMatch(if_match(tag)),
    }
}

/// The tag of `If-Match`, which may be one that no object can have.
pub(crate) fn if_match(tag: &str) -> IfMatch {
    ETag::parse(tag).map_or(IfMatch::Nothing, IfMatch::Tag)
}

/// Who will own an object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner {
    /// The account; `None` for what is written without a signature.
    pub(crate) account: Option<AccountId>,
    pub(crate) canonical_id: CanonicalId,
}

/// Who will own the object that this caller writes with this ACL. Facts: authorization.md 5.5.
pub(crate) fn new_owner(bucket: &Bucket, caller: &Caller, acl: Option<&RequestedAcl>) -> Owner {
    const FOR_BUCKET_OWNER: RequestedAcl = RequestedAcl::Canned(CannedAcl::BucketOwnerFullControl);
    let bucket_owner = Owner {
        account: Some(bucket.row.owner),
        canonical_id: bucket.row.owner_canonical_id,
    };
    match bucket.row.object_ownership() {
        ObjectOwnership::BucketOwnerEnforced => bucket_owner,
        ObjectOwnership::BucketOwnerPreferred if acl == Some(&FOR_BUCKET_OWNER) => bucket_owner,
        ObjectOwnership::BucketOwnerPreferred | ObjectOwnership::ObjectWriter => Owner {
            account: caller.account_id().copied(),
            canonical_id: caller.owner_id(),
        },
    }
}

/// The owner and the ACL of the object that the request writes under this key.
///
/// # Errors
///
/// As [`accepted`].
pub(crate) async fn new_owner_and_acl(
    cx: &Context,
    judge: Judge<'_>,
    bucket: &Bucket,
    key: &ObjectKey,
    acl: Option<RequestedAcl>,
) -> Result<(Owner, Acl), S3Error> {
    let owner = new_owner(bucket, judge.facts().caller, acl.as_ref());
    let Some(acl) = acl else {
        return Ok((owner, Acl::OwnersAlone));
    };
    let resource = Resource::Object {
        bucket: bucket.row.name.as_str(),
        key: key.as_str(),
    };
    let of = (bucket, owner.canonical_id);
    // AWS: its refusal names `s3:PutObject`, although the ACL is what it refuses (public reports of 2025).
    let accepted = accepted(cx, judge, of, (Action::PutObject, resource), acl).await?;
    Ok((owner, accepted.unwrap_or_default()))
}

/// Refuses object-lock headers: no bucket has a lock configuration yet.
///
/// # Errors
///
/// `InvalidRequest`. Facts: s3-behaviour.md 17.
pub(crate) fn refuse_object_lock(is_requested: bool) -> Result<(), S3Error> {
    if is_requested {
        return Err(S3Error::invalid_request(
            "Bucket is missing ObjectLockConfiguration",
        ));
    }
    Ok(())
}
