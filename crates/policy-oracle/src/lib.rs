//! The naive evaluator, straight from AWS's text.
//!
//! It is the definition that `buckler-policy` is held against: it interprets the parsed [`Document`](buckler_policy::Document)
//! anew on every call, takes the request's context as plain strings, and shares no code with the engine below the parser.
//! Nothing here is fast, and nothing but tests may depend on it.

mod acl;
mod condition;
mod decide;
mod glob;
mod principal;
mod public;
mod statement;
mod world;

pub use decide::{Answer, Finding, assume, decide, missing_key, new_policy};
pub use glob::{Glyph, expand, glob};
pub use public::is_public;
pub use statement::{Trace, trace};
pub use world::{Bucket, Check, Context, Place, Role, World};
