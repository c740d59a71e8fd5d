//! Work that no request waits for.

pub(crate) mod collector;
#[cfg(test)]
mod fixtures;
mod pace;
mod scrub_progress;
pub(crate) mod scrubber;
pub(crate) mod sweeper;

use std::convert::Infallible;
use std::sync::Arc;

use crate::context::Context;

pub use scrub_progress::ScrubProgress;

/// Does all of it until it is dropped.
pub(crate) async fn run(context: Arc<Context>) -> Infallible {
    tokio::select! {
        never = collector::run(&context) => never,
        never = sweeper::run(&context) => never,
        never = scrubber::run(&context) => never,
    }
}
