//! Web identity: tokens of OpenID Connect providers.
//!
//! This room judges a token against its provider's keys and the time; where the keys come from is
//! the server's matter. A token is first read ([`UnverifiedToken`]), to learn whose it says it is,
//! and believed only after [`UnverifiedToken::verify`].

mod backend;
mod keys;
mod provider_url;
mod token;

pub use keys::ProviderKeys;
pub use provider_url::{InvalidProviderUrl, ProviderTransport, ProviderUrl};
pub use token::{Claims, UnverifiedToken, WebIdentityFault};
