//! The AWS SDK for Rust against the binary.

#[cfg(test)]
mod identities;
#[cfg(test)]
mod listing;
#[cfg(test)]
mod multipart;
#[cfg(test)]
mod objects;
#[cfg(test)]
mod policy;
#[cfg(test)]
mod presigned;
#[cfg(test)]
mod server;
