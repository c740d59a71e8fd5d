//! The policy simulator: the engine that decides requests, asked what it would decide.
//!
//! Source: AWS IAM API Reference; facts: authorization.md 7.8.

mod calls;
mod engine;
mod source;
mod world;

pub(crate) use calls::{
    GetContextKeysForCustomPolicy, GetContextKeysForPrincipalPolicy, SimulateCustomPolicy,
    SimulatePrincipalPolicy,
};
