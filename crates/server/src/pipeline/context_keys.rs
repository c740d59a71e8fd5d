//! The condition keys of one request, typed and lazy: a key costs something only when a policy
//! asks for it.
//!
//! A request header becomes its own `s3:x-amz-*` key and nothing else (`aws:Referer` and
//! `aws:UserAgent` aside). When each key is present: facts: authorization.md 4.3.

use buckler_policy::{ConditionKey, Context, Values};
use buckler_s3::{Operation, Request, TagSet};
use time::OffsetDateTime;

use super::caller::{Caller, Proof};
use super::caller_keys::caller_key;
use super::connection_keys::connection_key;
use super::header_texts::HeaderTexts;
use super::load::Bucket;
use super::object_lock_keys::remaining_retention_days;
use crate::http::trusted_proxies::Client;

/// Everything about a request that conditions can ask for and that does not depend on the
/// permission in question.
#[derive(Debug)]
pub(crate) struct RequestFacts<'r> {
    pub(crate) request: Request<'r>,
    pub(crate) operation: Operation,
    pub(crate) caller: &'r Caller,
    /// The headers of the request as texts.
    pub(crate) headers: HeaderTexts<'r>,
    /// Where it came from.
    pub(crate) client: Client,
    pub(crate) now: OffsetDateTime,
    pub(crate) region: &'r str,
    /// Tags that the request would write.
    pub(crate) request_tags: Option<RequestTags<'r>>,
    /// The encryption that the request's upload was created with by name.
    pub(crate) inherited_encryption: Option<&'r str>,
    /// `LocationConstraint` of CreateBucket.
    pub(crate) location_constraint: Option<&'r str>,
}

/// Tags that the request would write, and their keys apart.
#[derive(Debug)]
pub(crate) struct RequestTags<'r> {
    tags: &'r TagSet,
    keys: Vec<&'r str>,
}

impl<'r> RequestTags<'r> {
    pub(crate) fn new(tags: &'r TagSet) -> Self {
        Self {
            tags,
            keys: tags.iter().map(|tag| tag.key.as_str()).collect(),
        }
    }
}

/// From which side a permission looks at the request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum View<'a> {
    /// The request itself.
    Request,
    /// The source of a copy: what the request says of its destination is not there, and
    /// `s3:VersionId` is the source's.
    CopySource {
        /// The version that the copy source names.
        version_id: Option<&'a str>,
    },
    /// One entry of a batch: `s3:VersionId` is the entry's.
    Entry {
        /// The version that the entry names.
        version_id: Option<&'a str>,
    },
    /// The source of a part, which unlike that of a copy shows its tags (facts: authorization.md 4.3).
    PartSource {
        /// The version that the copy source names.
        version_id: Option<&'a str>,
    },
}

/// The keys as one permission sees them.
#[derive(Debug)]
pub(crate) struct Keys<'a> {
    pub(crate) facts: &'a RequestFacts<'a>,
    pub(crate) view: View<'a>,
    pub(crate) bucket: Option<&'a Bucket>,
    /// Tags of the object before the request, where the action sees them.
    pub(crate) object_tags: Option<&'a TagSet>,
}

/// Until when the request wants its object locked.
const RETAIN_UNTIL: &str = "x-amz-object-lock-retain-until-date";
/// `s3:max-keys` of a listing that does not say.
const MAX_KEYS_DEFAULT: i64 = 1000;

impl Context for Keys<'_> {
    fn value(&self, key: &ConditionKey) -> Values<'_> {
        use ConditionKey as K;
        let facts = self.facts;
        match key {
            K::RequestedRegion => facts.region.into(),
            K::ResourceAccount | K::S3ResourceAccount => {
                Values::text(self.bucket.map(Bucket::owner_text))
            }
            K::ExistingObjectTag(name) => Values::text(tag_value(self.object_tags, name)),
            K::S3Prefix => self.listing_parameter("prefix"),
            K::S3Delimiter => self.listing_parameter("delimiter"),
            K::S3MaxKeys => self.max_keys(),
            K::S3VersionId => self.version_id(),
            K::S3Locationconstraint => Values::text(facts.location_constraint),
            _ => connection_key(facts.client, &facts.headers, key, facts.now)
                .or_else(|| caller_key(facts.caller, key, facts.now))
                .unwrap_or_else(|| self.proof_key(key)),
        }
    }
}

impl Keys<'_> {
    fn proof_key(&self, key: &ConditionKey) -> Values<'_> {
        use ConditionKey as K;
        let caller = self.facts.caller;
        match key {
            K::S3AuthType => Values::text(caller.proof().map(Proof::auth_type)),
            K::S3Signatureversion => Values::text(caller.proof().map(Proof::version)),
            K::S3SignatureAge => match caller.proof().filter(|proof| proof.is_presigned()) {
                Some(proof) => proof.age_milliseconds(self.facts.now).into(),
                None => Values::Absent,
            },
            K::S3XAmzContentSha256 => self.content_sha256(),
            _ => self.destination_key(key),
        }
    }

    /// Keys that are about what the request writes. The source of a copy does not have them.
    fn destination_key(&self, key: &ConditionKey) -> Values<'_> {
        use ConditionKey as K;
        if matches!(self.view, View::CopySource { .. } | View::PartSource { .. }) {
            return Values::Absent;
        }
        match key {
            K::RequestObjectTag(name) => Values::text(tag_value(
                self.facts.request_tags.as_ref().map(|set| set.tags),
                name,
            )),
            K::S3RequestObjectTagKeys => match &self.facts.request_tags {
                Some(tags) => Values::Many(&tags.keys),
                None => Values::Absent,
            },
            K::S3ObjectCreationOperation => self.creates_object(),
            K::S3IfMatch if self.is_conditional_write() || self.is_delete() => {
                self.header("if-match")
            }
            K::S3IfNoneMatch if self.is_conditional_write() => self.header("if-none-match"),
            K::S3ObjectLockMode => self.header("x-amz-object-lock-mode"),
            K::S3ObjectLockLegalHold => self.header("x-amz-object-lock-legal-hold"),
            K::S3ObjectLockRetainUntilDate => self.header(RETAIN_UNTIL),
            K::S3ObjectLockRemainingRetentionDays => {
                remaining_retention_days(self.facts.headers.get(RETAIN_UNTIL), self.facts.now)
            }
            K::S3XAmzAcl => self.header("x-amz-acl"),
            K::S3XAmzCopySource => self.header("x-amz-copy-source"),
            K::S3XAmzMetadataDirective => self.header("x-amz-metadata-directive"),
            K::S3XAmzServerSideEncryption => match self.facts.inherited_encryption {
                Some(inherited) => inherited.into(),
                None => self.header("x-amz-server-side-encryption"),
            },
            K::S3XAmzServerSideEncryptionAwsKmsKeyId => {
                self.header("x-amz-server-side-encryption-aws-kms-key-id")
            }
            K::S3XAmzServerSideEncryptionCustomerAlgorithm => {
                self.header("x-amz-server-side-encryption-customer-algorithm")
            }
            K::S3XAmzStorageClass => self.header("x-amz-storage-class"),
            K::S3XAmzWebsiteRedirectLocation => self.header("x-amz-website-redirect-location"),
            K::S3XAmzGrantRead => self.header("x-amz-grant-read"),
            K::S3XAmzGrantWrite => self.header("x-amz-grant-write"),
            K::S3XAmzGrantReadAcp => self.header("x-amz-grant-read-acp"),
            K::S3XAmzGrantWriteAcp => self.header("x-amz-grant-write-acp"),
            K::S3XAmzGrantFullControl => self.header("x-amz-grant-full-control"),
            K::S3XAmzObjectOwnership => self.header("x-amz-object-ownership"),
            K::S3XAmzBucketNamespace => self.header("x-amz-bucket-namespace"),
            // Tags of buckets, services, endpoints, access points:
            // this server has none of them yet, and what is not known cannot allow.
            _ => Values::Absent,
        }
    }

    fn header(&self, name: &str) -> Values<'_> {
        Values::text(self.facts.headers.get(name))
    }

    /// `s3:ObjectCreationOperation`: whether the request makes an object, for requests that take part in making one.
    fn creates_object(&self) -> Values<'_> {
        use Operation as O;
        match self.facts.operation {
            O::PutObject | O::PostObject | O::CopyObject | O::CompleteMultipartUpload => {
                true.into()
            }
            O::CreateMultipartUpload | O::UploadPart | O::UploadPartCopy => false.into(),
            _ => Values::Absent,
        }
    }

    fn is_conditional_write(&self) -> bool {
        use Operation as O;
        matches!(
            self.facts.operation,
            O::PutObject | O::CopyObject | O::CompleteMultipartUpload
        )
    }

    fn is_delete(&self) -> bool {
        self.facts.operation == Operation::DeleteObject
    }

    /// A parameter of the listings. An absent one is absent, an empty one is empty
    /// (facts: authorization.md 4.3, 9.2).
    fn listing_parameter(&self, name: &str) -> Values<'_> {
        if self.is_listing() {
            Values::text(self.facts.request.query.get(name))
        } else {
            Values::Absent
        }
    }

    fn max_keys(&self) -> Values<'_> {
        if !self.is_listing() {
            return Values::Absent;
        }
        match self
            .facts
            .request
            .query
            .get("max-keys")
            .filter(|text| !text.is_empty())
        {
            Some(text) => text.into(),
            None => MAX_KEYS_DEFAULT.into(),
        }
    }

    fn is_listing(&self) -> bool {
        use Operation as O;
        matches!(
            self.facts.operation,
            O::ListObjects | O::ListObjectsV2 | O::ListObjectVersions
        )
    }

    fn version_id(&self) -> Values<'_> {
        match self.view {
            View::CopySource { version_id }
            | View::PartSource { version_id }
            | View::Entry { version_id } => Values::text(version_id),
            View::Request => Values::text(self.facts.request.query.get("versionId")),
        }
    }

    fn content_sha256(&self) -> Values<'_> {
        match self.header("x-amz-content-sha256") {
            // A presigned URL has no such header and an unsigned payload.
            Values::Absent if self.facts.caller.proof().is_some() => "UNSIGNED-PAYLOAD".into(),
            value => value,
        }
    }
}

/// The value of a tag, whose key compares without case (facts: authorization.md 4.1).
pub(crate) fn tag_value<'a>(tags: Option<&'a TagSet>, name: &str) -> Option<&'a str> {
    let mut tags = tags?.iter();
    tags.find(|tag| tag.key.eq_ignore_ascii_case(name))
        .map(|tag| tag.value.as_str())
}
