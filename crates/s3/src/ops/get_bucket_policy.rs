//! `GetBucketPolicy`: the normalised policy.
//!
//! Source: Amazon S3 API Reference, "`GetBucketPolicy`"; facts: authorization.md 1.1 and 1.5.

use bytes::Bytes;
use http::StatusCode;

use crate::{Answer, IntoAnswer};

pub use super::BucketInput as Input;

/// The policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The policy as JSON, in normal form.
    pub policy: String,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        Answer {
            body: Bytes::from(self.policy),
            ..Answer::empty(StatusCode::OK)
        }
        .with("content-type", "application/json")
    }
}
