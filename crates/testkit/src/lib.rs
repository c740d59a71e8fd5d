//! A server in-process, the callers, a fake clock and failing stores, for tests.

pub mod postgres;
