//! The keys of OpenID Connect providers: fetched when a token needs them, and kept for a while.

mod fetch;
mod key_cache;
mod trust;

pub(crate) use key_cache::KeyCache;
