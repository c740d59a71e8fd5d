//! `DeleteBucketOwnershipControls`: removes the setting of Object Ownership.
//!
//! Source: Amazon S3 API Reference, "`DeleteBucketOwnershipControls`"; facts: s3-behaviour.md 14.

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
