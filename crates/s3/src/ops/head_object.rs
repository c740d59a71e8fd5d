//! `HeadObject`: the head of what `GetObject` would answer.
//!
//! Source: Amazon S3 API Reference, "`HeadObject`"; facts: s3-behaviour.md 6.

pub use super::get_object::{Extent, Input, NotModified, Output};
