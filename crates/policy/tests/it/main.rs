//! Everything that a user of the crate can see, tested from outside.

mod malformed_policies;
mod vectors;
mod world;
