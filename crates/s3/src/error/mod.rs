//! The error table: every code with its status and message in one row, the typed extra elements, the answer's XML.

mod code;
mod detail;
mod s3_error;

pub use code::ErrorCode;
pub use detail::{Detail, SignatureMismatch};
pub use s3_error::S3Error;
