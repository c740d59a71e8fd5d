//! Computing any of the ten over a stream.

use core::fmt;

use crc_fast::CrcAlgorithm;
use sha2::Digest as _;
use xxhash_rust::{xxh3::Xxh3, xxh64::Xxh64};

use crate::{Algorithm, Checksum, Md5};

/// A checksum in the making: feed it the bytes in any pieces, then [`finish`](Hasher::finish).
///
/// Holds no more than a few hundred bytes whatever it is fed.
#[derive(Clone)]
pub struct Hasher {
    algorithm: Algorithm,
    state: State,
}

#[derive(Clone)]
enum State {
    Crc32(crc32fast::Hasher),
    /// CRC-32C and CRC-64/NVME.
    Crc(crc_fast::Digest),
    Sha1(sha1::Sha1),
    Sha256(sha2::Sha256),
    Sha512(sha2::Sha512),
    Md5(Md5),
    XxHash64(Xxh64),
    XxHash3(Box<Xxh3>),
}

impl Hasher {
    /// A hasher that has seen nothing.
    pub fn new(algorithm: Algorithm) -> Self {
        let state = match algorithm {
            Algorithm::Crc32 => State::Crc32(crc32fast::Hasher::new()),
            Algorithm::Crc32c => State::Crc(crc_fast::Digest::new(CrcAlgorithm::Crc32Iscsi)),
            Algorithm::Crc64Nvme => State::Crc(crc_fast::Digest::new(CrcAlgorithm::Crc64Nvme)),
            Algorithm::Sha1 => State::Sha1(sha1::Sha1::new()),
            Algorithm::Sha256 => State::Sha256(sha2::Sha256::new()),
            Algorithm::Sha512 => State::Sha512(sha2::Sha512::new()),
            Algorithm::Md5 => State::Md5(Md5::new()),
            Algorithm::XxHash64 => State::XxHash64(Xxh64::new(0)),
            Algorithm::XxHash3 | Algorithm::XxHash128 => State::XxHash3(Box::new(Xxh3::new())),
        };
        Self { algorithm, state }
    }

    /// The checksum of bytes that are all at hand.
    pub fn digest(algorithm: Algorithm, bytes: &[u8]) -> Checksum {
        let mut hasher = Self::new(algorithm);
        hasher.update(bytes);
        hasher.finish()
    }

    /// The algorithm being computed.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Takes the next bytes of the stream.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Crc32(state) => state.update(bytes),
            State::Crc(state) => state.update(bytes),
            State::Sha1(state) => state.update(bytes),
            State::Sha256(state) => state.update(bytes),
            State::Sha512(state) => state.update(bytes),
            State::Md5(state) => state.update(bytes),
            State::XxHash64(state) => state.update(bytes),
            State::XxHash3(state) => state.update(bytes),
        }
    }

    /// The checksum of all that was fed.
    pub fn finish(self) -> Checksum {
        let algorithm = self.algorithm;
        match self.state {
            State::Crc32(state) => Checksum::of(algorithm, &state.finalize().to_be_bytes()),
            State::Crc(state) => Checksum::of(
                algorithm,
                low_bytes(algorithm, &state.finalize().to_be_bytes()),
            ),
            State::Sha1(state) => Checksum::of(algorithm, &state.finalize()),
            State::Sha256(state) => Checksum::of(algorithm, &state.finalize()),
            State::Sha512(state) => Checksum::of(algorithm, &state.finalize()),
            State::Md5(state) => Checksum::of(algorithm, &state.finish()),
            State::XxHash64(state) => Checksum::of(algorithm, &state.digest().to_be_bytes()),
            State::XxHash3(state) if algorithm == Algorithm::XxHash128 => {
                Checksum::of(algorithm, &state.digest128().to_be_bytes())
            }
            State::XxHash3(state) => Checksum::of(algorithm, &state.digest().to_be_bytes()),
        }
    }
}

/// The last `digest_bytes` of a 64-bit number: `crc_fast` gives narrower CRCs in its low half.
pub(crate) fn low_bytes(algorithm: Algorithm, number: &[u8; 8]) -> &[u8] {
    let skip = number.len().saturating_sub(algorithm.digest_bytes());
    number.get(skip..).unwrap_or(number)
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hasher({})", self.algorithm.name())
    }
}
