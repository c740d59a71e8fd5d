//! `HeadBucket`: whether a bucket exists and may be listed.
//!
//! Source: Amazon S3 API Reference, "`HeadBucket`"; facts: s3-behaviour.md 4.3.

use http::StatusCode;

use crate::{Answer, BucketName, IntoAnswer, Region};

pub use super::BucketInput as Input;

/// What is said about the bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The bucket.
    pub bucket: BucketName,
    /// Its region.
    pub region: Region,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        Answer::empty(StatusCode::OK)
            .with("x-amz-bucket-region", self.region.as_str())
            .with("x-amz-bucket-arn", &format!("arn:aws:s3:::{}", self.bucket))
            .with("x-amz-access-point-alias", "false")
            .with("content-type", "application/xml")
    }
}
