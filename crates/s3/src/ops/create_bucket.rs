//! `CreateBucket`: makes a bucket.
//!
//! Source: Amazon S3 API Reference, "`CreateBucket`"; facts: s3-behaviour.md 4.1.

use http::StatusCode;

use crate::xml::read;
use crate::{
    AlgorithmNameRule, Answer, BucketName, CannedAcl, Detail, ErrorCode, FromRequest, Integrity,
    IntoAnswer, ObjectOwnership, PublicAccessBlock, Region, Request, RequestedAcl, S3Error,
    US_EAST_1,
};

/// Most bytes of the document. Ours: it also holds up to 50 tags; AWS's own limit is not recorded.
pub const DOCUMENT_BYTES_MAX: u64 = 64 * 1024;

/// What the request's head says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The bucket to make.
    pub bucket: BucketName,
    /// The ACL asked for. Under `BucketOwnerEnforced` only none and `private` are taken.
    pub acl: Option<RequestedAcl>,
    /// `x-amz-object-ownership`, if it was named.
    pub object_ownership: Option<ObjectOwnership>,
    /// Claims about the body; none is demanded.
    pub integrity: Integrity,
    /// The host that was asked.
    pub host: String,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        let headers = request.headers();
        refuse_unbuilt(request)?;
        Ok(Self {
            bucket: request.bucket()?,
            object_ownership: object_ownership(request)?,
            acl: RequestedAcl::from_headers(headers, &CannedAcl::OF_BUCKETS)?,
            integrity: Integrity::parse(headers, false, AlgorithmNameRule::MustMatch)?,
            host: request.header("host").unwrap_or_default(),
        })
    }
}

impl Input {
    /// Judges the ACL against the ownership and Block Public Access that the bucket will have: while ACLs are off none
    /// but `private` is taken, and under `BlockPublicAcls` no public one.
    ///
    /// # Errors
    /// `InvalidBucketAclWithObjectOwnership`, `InvalidBucketAclWithBlockPublicAccessError`.
    pub fn check_acl(
        &self,
        ownership: ObjectOwnership,
        block: Option<PublicAccessBlock>,
    ) -> Result<(), S3Error> {
        let blocks_public = block.is_some_and(|block| block.block_public_acls);
        match &self.acl {
            None | Some(RequestedAcl::Canned(CannedAcl::Private)) => Ok(()),
            _ if ownership == ObjectOwnership::BucketOwnerEnforced => Err(S3Error::of_bucket(
                ErrorCode::InvalidBucketAclWithObjectOwnership,
                &self.bucket,
            )),
            Some(acl) if blocks_public && acl.is_public() => Err(S3Error::of_bucket(
                ErrorCode::InvalidBucketAclWithBlockPublicAccessError,
                &self.bucket,
            )),
            Some(_) => Ok(()),
        }
    }
}

/// Buckets with object lock, and the account-regional namespace.
fn refuse_unbuilt(request: &Request<'_>) -> Result<(), S3Error> {
    const LOCK: &str = "x-amz-bucket-object-lock-enabled";
    const NAMESPACE: &str = "x-amz-bucket-namespace";
    if request
        .header(LOCK)
        .is_some_and(|text| text.eq_ignore_ascii_case("true"))
    {
        return Err(S3Error::header_not_implemented(LOCK));
    }
    match request.header(NAMESPACE).as_deref() {
        None | Some("global") => Ok(()),
        Some(_) => Err(S3Error::header_not_implemented(NAMESPACE)),
    }
}

fn object_ownership(request: &Request<'_>) -> Result<Option<ObjectOwnership>, S3Error> {
    const HEADER: &str = "x-amz-object-ownership";
    let Some(text) = request.header(HEADER) else {
        return Ok(None);
    };
    match ObjectOwnership::from_name(&text) {
        Some(ownership) => Ok(Some(ownership)),
        None => Err(S3Error::new(ErrorCode::InvalidArgument)
            .with_message(format!("Invalid x-amz-object-ownership header: {text}"))
            .with_detail(Detail::Argument {
                name: HEADER,
                value: None,
            })),
    }
}

/// The body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// `LocationConstraint`; [`crate::resolve_location`] judges it.
    pub location_constraint: Option<String>,
}

impl Document {
    /// Reads a `CreateBucketConfiguration`; an empty body is an empty document.
    ///
    /// # Errors
    /// `MalformedXML`; `NotImplemented` for a directory bucket (`Location`, `Bucket`) and for tags.
    pub fn parse(body: &[u8]) -> Result<Self, S3Error> {
        if body.is_empty() {
            return Ok(Self::default());
        }
        let root = read(body, "CreateBucketConfiguration")?;
        root.allow(&["LocationConstraint", "Location", "Bucket", "Tags"])?;
        for name in ["Location", "Bucket", "Tags"] {
            if root
                .optional(name)?
                .is_some_and(|element| !element.children().is_empty())
            {
                return Err(
                    S3Error::new(ErrorCode::NotImplemented).with_message(format!(
                        "the element `{name}` is not supported yet; create the bucket without it"
                    )),
                );
            }
        }
        Ok(Self {
            location_constraint: root.optional_text("LocationConstraint")?.map(str::to_owned),
        })
    }
}

/// The new bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its name.
    pub bucket: BucketName,
    /// Its region.
    pub region: Region,
    /// The request's [`Input::host`].
    pub host: String,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        Answer::empty(StatusCode::OK)
            .with("location", &self.location())
            .with("x-amz-bucket-arn", &format!("arn:aws:s3:::{}", self.bucket))
    }
}

impl Output {
    /// AWS: a path in us-east-1, and elsewhere the bucket as a host, as recorded.
    fn location(&self) -> String {
        let Self { bucket, host, .. } = self;
        if self.region.as_str() == US_EAST_1 {
            return format!("/{bucket}");
        }
        let endpoint = host
            .strip_prefix(bucket.as_str())
            .and_then(|rest| rest.strip_prefix('.'))
            .unwrap_or(host);
        format!("http://{bucket}.{endpoint}/")
    }
}
