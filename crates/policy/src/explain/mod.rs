//! The reason of a decision, complete: which policy, which statement, which condition with which value, and what was
//! missing.
//!
//! It is traced over the compiled form that decides, element by element, and its outcome is that of the deciding
//! function itself: there is no second evaluator. It takes memory and time; a server asks for it where a record or a
//! person needs it.

mod authorization_message;
mod encoding;
mod explanation;
mod outcome;
mod text;
mod trace;

pub use encoding::{DecodeExplanationError, EXPLANATION_BYTES_MAX};
pub use explanation::{
    ContextEntry, ExplainedCaller, ExplainedCondition, ExplainedPolicy, ExplainedStatement,
    Explanation, Layer, LayerVerdict, NamedAs,
};
pub use outcome::{AllowedBy, DenyReason, Outcome, PolicyRef};
pub use trace::{explain, explain_action, explain_on_role};
