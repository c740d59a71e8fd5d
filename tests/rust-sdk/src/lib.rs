//! Nothing but a home for `tests/it`: the AWS SDK for Rust, with its own retries, checksums and
//! typed errors, against the `buckler` binary as a process of its own.
