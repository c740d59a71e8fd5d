//! The tests of `buckler-sigv4`: vectors in stages, the rules by name, properties.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test's way to fail; clippy.toml excuses only what stands in a test function itself"
)]

mod chunked;
mod chunked_properties;
mod documented_chunks;
mod header_rules;
mod post_forms;
mod presigned_rules;
mod properties;
mod signature_rules;
mod signer;
mod signer_v4a;
mod v2_properties;
mod v2_rules;
mod v4a_chunked;
mod v4a_rules;
mod vectors;
