//! AWS IAM policies: parse, validate, normalise, compile, decide, explain. Pure.

mod account_id;
mod action;
mod canonical_id;
mod condition_key;

pub use account_id::{AccountId, ParseAccountIdError};
pub use action::{Action, Scope};
pub use canonical_id::{CanonicalId, ParseCanonicalIdError};
pub use condition_key::{ConditionKey, ValueType};
