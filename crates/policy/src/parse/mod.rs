//! From bytes to a [`Document`](crate::Document), or to the error AWS answers with.

mod bucket_policy;
mod conditions;
mod elements;
mod error;
mod identity_policy;
mod principals;
mod reach;
mod size;
mod stored;

pub use bucket_policy::{
    BUCKET_POLICY_BODY_BYTES_MAX, BUCKET_POLICY_BYTES_MAX, parse_bucket_policy,
};
pub use error::PolicyError;
pub use identity_policy::{IDENTITY_POLICY_BYTES_MAX, parse_identity_policy};
