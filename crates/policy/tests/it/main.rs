//! Everything that a user of the crate can see, tested from outside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops where it fails"
)]

mod acls;
mod allocations;
mod answer;
mod any_input;
mod explanations;
mod findings;
mod identity_policies;
mod malformed_policies;
mod messages;
mod principals;
mod quota;
mod roles;
mod trust_policies;
mod vectors;
mod world;
