//! The query protocol of IAM and STS: one form in, one XML document out.
//!
//! A call names its operation in `Action` and its API in `Version`; the rest are parameters such as `UserName` and
//! `Tags.member.1.Key`. What each operation takes, and within which bounds, stands in tables made from AWS's service
//! models (`data/*.json`), so that every call is checked by the same few lines and refused in AWS's words.
//! Source: facts: authorization.md 7.1.

mod answer;
mod call;
mod error;
mod input;
mod operation;
mod pattern;
mod service;
mod table;
mod validation;

pub use answer::{NoResult, WriteResult, error_document, success_document};
pub use call::{BODY_BYTES_MAX, PARAMETERS_MAX, Parameters};
pub use error::{QueryError, QueryErrorCode};
pub use input::{FromInput, Input, Value};
pub use operation::Operation;
pub use service::Service;
