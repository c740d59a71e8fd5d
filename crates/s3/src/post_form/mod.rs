//! The browser's form: an upload by `POST` on a bucket. Its fields, its policy, and the request that it stands for.
//!
//! A form becomes a request: [`FormFields::headers`] are the headers of the PutObject that would do the same, so that
//! whatever reads, limits and authorises an upload does so for both.
//!
//! Source: Amazon S3 API Reference, "Browser-based uploads using POST"; facts: s3-behaviour.md 22.

mod conditions;
mod fields;
mod headers;
mod policy;
mod size_range;

pub use fields::{FORM_FIELDS_BYTES_MAX, FormFields};
pub use policy::PostPolicy;
pub use size_range::SizeRange;

use crate::{Detail, ErrorCode, S3Error};

impl S3Error {
    /// The answer to a form without a file, or with several.
    pub fn one_file_only(files: usize) -> Self {
        Self::invalid_argument(
            "POST requires exactly one file upload per request.",
            "file",
            Some(&files.to_string()),
        )
    }

    /// The answer to a body that is no form.
    pub fn not_a_form() -> Self {
        Self::new(ErrorCode::PreconditionFailed).with_detail(Detail::Condition(
            "Bucket POST must be of the enclosure-type multipart/form-data",
        ))
    }
}
