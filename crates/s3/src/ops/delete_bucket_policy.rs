//! `DeleteBucketPolicy`: removes the bucket policy; there need not be one.
//!
//! Source: Amazon S3 API Reference, "`DeleteBucketPolicy`"; facts: authorization.md 1.1.

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
