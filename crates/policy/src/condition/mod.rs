//! Condition operators, compiled: one file per family.
//!
//! Source: facts: authorization.md 4.

mod arn;
mod binary;
mod boolean;
mod compiled;
mod date;
mod ip;
mod order;
mod text;

pub(crate) use arn::ArnPattern;
pub(crate) use binary::is_base64;
pub(crate) use boolean::parse_bool;
pub(crate) use compiled::CompiledCondition;
pub(crate) use date::parse_date;
pub(crate) use ip::parse_range;
