//! The engine against the naive evaluator.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops where it fails"
)]

#[path = "../../../policy/tests/it/answer.rs"]
mod answer;
mod both;
mod cases;
mod combination;
mod generate;
mod generated;
mod lines;
mod operators;
mod regressions;
mod vectors;
mod wildcards;
#[expect(
    dead_code,
    reason = "shared with the engine's own tests, which use all of it"
)]
#[path = "../../../policy/tests/it/world.rs"]
mod world;
