//! What a request is about, loaded before it is decided on: the bucket's row with its compiled
//! policy, and where an operation is about an object, the object as it is.

use std::sync::Arc;

use buckler_checksum::Checksum;
use buckler_metadata::{BucketRow, ObjectRow, Wanted};
use buckler_policy::{AccountId, BucketSecurity, CompiledPolicy, Grant, PublicAccessBlock};
use buckler_s3::ops::VersionInput;
use buckler_s3::{
    BucketName, ErrorCode, FromRequest, ObjectKey, Operation, Request, S3Error, VersionSelector,
    expected_bucket_owner,
};

use super::caller::Caller;
use super::payload::UnreadPayload;
use crate::context::Context;
use crate::error::{internal, store_error};
use crate::stored_bytes::StoredBytes;

/// A bucket, and what speaks for it in a decision.
///
/// Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    pub(crate) row: Arc<BucketRow>,
    pub(crate) policy: Option<Arc<CompiledPolicy>>,
    /// The grants of the bucket's ACL, the owner's among them.
    pub(crate) acl: Arc<[Grant]>,
}

impl Bucket {
    /// The owner's account id.
    pub(crate) fn owner_text(&self) -> &str {
        self.row.owner.as_str()
    }

    /// The bucket as the policy engine knows buckets.
    pub(crate) fn security(&self) -> BucketSecurity<'_> {
        BucketSecurity {
            name: self.row.name.as_str(),
            owner: self.row.owner,
            policy: self.policy.as_deref(),
            public_access_block: self
                .row
                .public_access_block
                .unwrap_or(PublicAccessBlock::NONE),
            object_ownership: self.row.object_ownership(),
            acl: &self.acl,
        }
    }
}

/// What a [`Subject`] is loaded from.
#[derive(Debug)]
pub(crate) struct Loading<'l, 'b> {
    pub(crate) cx: &'l Context,
    pub(crate) request: &'l Request<'l>,
    pub(crate) operation: Operation,
    pub(crate) caller: &'l Caller,
    /// For the few operations whose body takes part in the decision.
    pub(crate) payload: &'l mut UnreadPayload<'b>,
}

/// What an operation is decided on; each kind loads itself, together with the typed input,
/// because the bucket's absence is answered before most faults of the input and after some
/// (facts: s3-behaviour.md 2.2, "General order of checks").
pub(crate) trait Subject<I>: Sized + Send + Sync {
    /// Loads.
    fn load(loading: Loading<'_, '_>) -> impl Future<Output = Result<(I, Self), S3Error>> + Send;
}

/// No bucket: the operation is about the service.
#[derive(Debug)]
pub(crate) struct NoBucket {
    pub(crate) caller_is_anonymous: bool,
}

impl<I: FromRequest + Send> Subject<I> for NoBucket {
    async fn load(loading: Loading<'_, '_>) -> Result<(I, Self), S3Error> {
        let caller_is_anonymous = loading.caller.is_anonymous();
        Ok((
            I::from_request(loading.request)?,
            Self {
                caller_is_anonymous,
            },
        ))
    }
}

impl<I: FromRequest + Send> Subject<I> for Bucket {
    async fn load(loading: Loading<'_, '_>) -> Result<(I, Self), S3Error> {
        let Loading { cx, request, .. } = loading;
        let bucket = target_bucket(cx, request).await?;
        Ok((I::from_request(request)?, bucket))
    }
}

/// An input that is about one version of one object.
pub(crate) trait AboutObject {
    /// The object's key.
    fn key(&self) -> &ObjectKey;
    /// The version asked for.
    fn version(&self) -> &VersionSelector;
    /// Which of its bytes are wanted.
    fn wanted(&self) -> Wanted {
        Wanted::Whole
    }
}

impl AboutObject for buckler_s3::ops::get_object::Input {
    fn key(&self) -> &ObjectKey {
        &self.key
    }

    fn version(&self) -> &VersionSelector {
        &self.version
    }

    fn wanted(&self) -> Wanted {
        match (self.part_number, self.range) {
            (Some(number), _) => Wanted::Part(number),
            (None, Some(range)) => Wanted::Range(range),
            (None, None) => Wanted::Whole,
        }
    }
}

impl AboutObject for buckler_s3::ops::get_object_attributes::Input {
    fn key(&self) -> &ObjectKey {
        &self.key
    }

    fn version(&self) -> &VersionSelector {
        &self.version
    }
}

impl AboutObject for buckler_s3::ops::put_object_acl::Input {
    fn key(&self) -> &ObjectKey {
        &self.key
    }

    fn version(&self) -> &VersionSelector {
        &self.version
    }
}

impl AboutObject for VersionInput {
    fn key(&self) -> &ObjectKey {
        &self.key
    }

    fn version(&self) -> &VersionSelector {
        &self.version
    }
}

/// A bucket and one of its objects, if it exists.
#[derive(Debug)]
pub(crate) struct InObject {
    pub(crate) bucket: Bucket,
    pub(crate) object: Option<ObjectRow>,
    /// The part that is wanted, of an object that has it.
    pub(crate) part: Option<PartExtent>,
}

/// Where a part of an object lies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PartExtent {
    pub(crate) first_byte: u64,
    pub(crate) size_bytes: u64,
    pub(crate) checksum: Option<Checksum>,
}

impl<I: FromRequest + AboutObject + Send> Subject<I> for InObject {
    async fn load(loading: Loading<'_, '_>) -> Result<(I, Self), S3Error> {
        let Loading { cx, request, .. } = loading;
        let bucket = target_bucket(cx, request).await?;
        let input = I::from_request(request)?;
        if let wanted @ Wanted::Part(_) = input.wanted() {
            let (key, version) = (input.key(), input.version());
            let found = with_body(cx, bucket, key, version, wanted).await?;
            return Ok((input, found.place));
        }
        let object = head(cx, &bucket, input.key(), input.version()).await?;
        let place = Self {
            bucket,
            object,
            part: None,
        };
        Ok((input, place))
    }
}

/// An object with its bytes, or where they are: read at once, so that head and body of an answer
/// are of one object even while it is replaced.
#[derive(Debug)]
pub(crate) struct WithBody {
    pub(crate) place: InObject,
    pub(crate) body: Option<StoredBytes>,
}

impl<I: FromRequest + AboutObject + Send> Subject<I> for WithBody {
    async fn load(loading: Loading<'_, '_>) -> Result<(I, Self), S3Error> {
        let Loading { cx, request, .. } = loading;
        let bucket = target_bucket(cx, request).await?;
        let input = I::from_request(request)?;
        let (key, version) = (input.key(), input.version());
        let found = with_body(cx, bucket, key, version, input.wanted()).await?;
        Ok((input, found))
    }
}

/// One version of an object, with those of its bytes that are wanted, or where they are.
///
/// # Errors
///
/// Those of the store.
pub(crate) async fn with_body(
    cx: &Context,
    bucket: Bucket,
    key: &ObjectKey,
    version: &VersionSelector,
    wanted: Wanted,
) -> Result<WithBody, S3Error> {
    let stored = cx
        .store
        .read_object(bucket.row.id, key, version, wanted)
        .await
        .map_err(store_error)?;
    let part = stored
        .as_ref()
        .filter(|_| matches!(wanted, Wanted::Part(_)))
        .and_then(|stored| stored.parts.first())
        .map(|part| PartExtent {
            first_byte: part.first_byte,
            size_bytes: part.size_bytes,
            checksum: part.checksum,
        });
    let (object, body) = match stored.map(StoredBytes::of) {
        Some((object, body)) => (Some(object), body),
        None => (None, None),
    };
    let place = InObject {
        bucket,
        object,
        part,
    };
    Ok(WithBody { place, body })
}

/// The bucket of the request's target, after the expected owner has been compared.
///
/// # Errors
///
/// `InvalidBucketOwnerAWSAccountID`, `NoSuchBucket`, `AccessDenied`.
pub(crate) async fn target_bucket(cx: &Context, request: &Request<'_>) -> Result<Bucket, S3Error> {
    let expected = expected_bucket_owner(request.headers())?;
    owned_bucket(cx, &request.bucket()?, expected.as_ref()).await
}

/// A bucket that must exist and, if an owner is expected, be that account's.
///
/// # Errors
///
/// `NoSuchBucket`, `AccessDenied`.
pub(crate) async fn owned_bucket(
    cx: &Context,
    name: &BucketName,
    expected_owner: Option<&AccountId>,
) -> Result<Bucket, S3Error> {
    let bucket = match cx.kept_bucket(name) {
        Some(bucket) => bucket,
        None => read_bucket(cx, name).await?,
    };
    if expected_owner.is_some_and(|expected| *expected != bucket.row.owner) {
        return Err(S3Error::new(ErrorCode::AccessDenied));
    }
    Ok(bucket)
}

async fn read_bucket(cx: &Context, name: &BucketName) -> Result<Bucket, S3Error> {
    let row = cx
        .store
        .bucket(name)
        .await
        .map_err(store_error)?
        .ok_or_else(|| S3Error::no_such_bucket(name))?;
    let policy = cx
        .policies
        .of_bucket(&row)
        .map_err(|error| internal("a stored bucket policy cannot be read", &error))?;
    let own = Grant::of_owner(row.owner_canonical_id);
    let bucket = Bucket {
        acl: row.acl.grants(&own).into(),
        row: Arc::new(row),
        policy,
    };
    cx.keep_bucket(&bucket);
    Ok(bucket)
}

/// One version of an object, without its bytes.
///
/// # Errors
///
/// Those of the store.
pub(crate) async fn head(
    cx: &Context,
    bucket: &Bucket,
    key: &ObjectKey,
    version: &VersionSelector,
) -> Result<Option<ObjectRow>, S3Error> {
    cx.store
        .head_object(bucket.row.id, key, version)
        .await
        .map_err(store_error)
}
