//! What the rest of the request's way wants to know of an operation.

use super::row::{Level, Row, When};
use super::{Operation, ROWS};

impl Operation {
    fn row(self) -> Option<&'static Row> {
        ROWS.iter().find(|row| row.operation == self)
    }

    /// Whether it is on a bucket: the bucket must exist, there is no key.
    pub fn is_on_bucket(self) -> bool {
        self.row().is_some_and(|row| row.level == Level::Bucket)
    }

    /// Whether it is on an object.
    pub fn is_on_object(self) -> bool {
        self.row().is_some_and(|row| row.level == Level::Object)
    }

    /// The HTTP method.
    pub fn method(self) -> &'static str {
        self.row().map_or("", |row| row.method)
    }

    /// The subresource that selects it, empty for none. Parts of uploads say `partNumber`, uploads `uploadId`.
    pub fn subresource(self) -> &'static str {
        self.row().map_or("", |row| row.selector)
    }

    /// The operation that requests under this name are recognised as, for the names of before 2015 which the model
    /// keeps (`GetBucketLifecycle` ...).
    pub fn newer_name(self) -> Option<Self> {
        self.row().and_then(|row| match row.when {
            When::OldName(operation) => Some(operation),
            _ => None,
        })
    }

    /// Whether requests are routed to it: not those of directory buckets, Object Lambda, and the names of before 2015.
    pub fn is_routable(self) -> bool {
        self.row().is_some_and(|row| row.when.is_routable())
    }

    /// Whether `versionId` names a version of its object. Source: the S3 API model.
    pub const fn accepts_version_id(self) -> bool {
        matches!(
            self,
            Self::GetObject
                | Self::HeadObject
                | Self::DeleteObject
                | Self::GetObjectAcl
                | Self::PutObjectAcl
                | Self::GetObjectAttributes
                | Self::GetObjectTagging
                | Self::PutObjectTagging
                | Self::DeleteObjectTagging
                | Self::GetObjectRetention
                | Self::PutObjectRetention
                | Self::GetObjectLegalHold
                | Self::PutObjectLegalHold
                | Self::GetObjectTorrent
                | Self::RestoreObject
                | Self::SelectObjectContent
                | Self::UpdateObjectEncryption
        )
    }

    /// Whether the body is an object's or a part's data. Only these take streaming payloads (`aws-chunked`); others
    /// answer [`crate::S3Error::streaming_not_accepted`], after the bucket was found and before their input is read. Source: facts: s3-behaviour.md 3.3.
    pub const fn is_upload(self) -> bool {
        matches!(self, Self::PutObject | Self::UploadPart)
    }

    /// Whether it takes a body at all; a body on others is answered with `UnexpectedContent`.
    /// Source: facts: s3-behaviour.md 2.2; the S3 API model.
    pub fn takes_body(self) -> bool {
        let without = matches!(
            self,
            Self::CreateMultipartUpload | Self::CopyObject | Self::UploadPartCopy
        );
        !without && matches!(self.method(), "PUT" | "POST")
    }

    /// Whether the XML of its errors begins with the declaration. Source: facts: s3-behaviour.md 1.3.
    pub const fn error_has_declaration(self) -> bool {
        !matches!(
            self,
            Self::CompleteMultipartUpload
                | Self::CopyObject
                | Self::UploadPartCopy
                | Self::GetObjectAttributes
        )
    }
}

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
