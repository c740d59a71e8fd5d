//! `x-amz-expected-bucket-owner` and its twin for copy sources. Source: facts: authorization.md 1.4.

use buckler_policy::AccountId;
use http::HeaderMap;

use crate::request::header_text;
use crate::{ErrorCode, S3Error};

/// The account that must own the bucket, when the request names one.
///
/// # Errors
/// `InvalidBucketOwnerAWSAccountID` when it is not 12 digits.
pub fn expected_bucket_owner(headers: &HeaderMap) -> Result<Option<AccountId>, S3Error> {
    read(headers, "x-amz-expected-bucket-owner")
}

/// The account that must own the bucket of a copy's source, when the request names one.
///
/// # Errors
/// `InvalidBucketOwnerAWSAccountID` when it is not 12 digits.
pub fn expected_source_bucket_owner(headers: &HeaderMap) -> Result<Option<AccountId>, S3Error> {
    read(headers, "x-amz-source-expected-bucket-owner")
}

fn read(headers: &HeaderMap, name: &str) -> Result<Option<AccountId>, S3Error> {
    let Some(text) = header_text(headers, name) else {
        return Ok(None);
    };
    AccountId::parse(&text).map(Some).map_err(|_| {
        S3Error::new(ErrorCode::InvalidBucketOwnerAWSAccountID).with_message(format!(
            "The value of the expected bucket owner parameter must be an AWS Account ID... [{text}]"
        ))
    })
}
