//! Policies and tags of a session in little room: the token travels in a header with every request.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

use super::{SessionPolicies, SessionTag};

/// Most bytes of packed policies and tags: what `PackedPolicySize` counts as 100 percent. With it a
/// token stays below 4 KiB. AWS has such a limit and does not say which.
pub const PACKED_BYTES_MAX: usize = 2048;
/// Most bytes of unpacked policies and tags, as far as the limits on each let them grow.
const UNPACKED_BYTES_MAX: u64 = 256 * 1024;

/// How the bytes stand in the token.
#[derive(Serialize, Deserialize)]
pub(super) enum Packed {
    /// As they are: compression did not help.
    Plain(Vec<u8>),
    /// Compressed with DEFLATE.
    Deflated(Vec<u8>),
}

#[derive(Serialize, Deserialize)]
struct Contents {
    policy: Option<String>,
    policy_arns: Vec<String>,
    tags: Vec<(String, String, bool)>,
}

impl Packed {
    /// Packs; `None` only if the encoder fails, which it does not on memory.
    pub(super) fn pack(policies: &SessionPolicies, tags: &[SessionTag]) -> Option<Self> {
        let contents = Contents {
            policy: policies.inline.clone(),
            policy_arns: policies.managed_arns.clone(),
            tags: tags
                .iter()
                .map(|tag| (tag.key.clone(), tag.value.clone(), tag.is_transitive))
                .collect(),
        };
        let plain = postcard::to_allocvec(&contents).ok()?;
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&plain).ok()?;
        let deflated = encoder.finish().ok()?;
        Some(if deflated.len() < plain.len() {
            Self::Deflated(deflated)
        } else {
            Self::Plain(plain)
        })
    }

    /// Unpacks; `None` if the bytes are not what [`Packed::pack`] makes.
    pub(super) fn unpack(&self) -> Option<(SessionPolicies, Vec<SessionTag>)> {
        let contents: Contents = match self {
            Self::Plain(plain) => postcard::from_bytes(plain).ok()?,
            Self::Deflated(deflated) => {
                let mut plain = Vec::new();
                DeflateDecoder::new(deflated.as_slice())
                    .take(UNPACKED_BYTES_MAX)
                    .read_to_end(&mut plain)
                    .ok()?;
                postcard::from_bytes(&plain).ok()?
            }
        };
        let policies = SessionPolicies {
            inline: contents.policy,
            managed_arns: contents.policy_arns,
        };
        let tag = |(key, value, is_transitive)| SessionTag {
            key,
            value,
            is_transitive,
        };
        Some((policies, contents.tags.into_iter().map(tag).collect()))
    }

    /// How much of the room is used, in percent, rounded up: more than 100 is too much.
    pub(super) fn percent(&self) -> usize {
        let (Self::Plain(bytes) | Self::Deflated(bytes)) = self;
        (bytes.len() * 100).div_ceil(PACKED_BYTES_MAX)
    }
}
