//! `DeleteBucket`: removes an empty bucket.
//!
//! Source: Amazon S3 API Reference, "`DeleteBucket`"; facts: s3-behaviour.md 4.3.

use http::StatusCode;

use crate::{Answer, IntoAnswer};

pub use super::BucketInput as Input;

/// Done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output;

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        Answer::empty(StatusCode::NO_CONTENT)
    }
}
