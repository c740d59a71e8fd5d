//! The checksum of a whole from the checksums of its parts, for the linear algorithms.
//!
//! A CRC is the remainder of a division of polynomials over GF(2): that of `a` followed by `b` is that of `a` times
//! `x^(8 * bytes of b)`, plus that of `b`. The CRCs here start from and end with all bits inverted, which cancels out.

use crate::{Algorithm, Checksum, hasher::low_bytes};

/// Why checksums do not combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CombineError {
    /// The two were made by different algorithms.
    #[error("checksums of different algorithms cannot be combined")]
    DifferentAlgorithms,
    /// Only the three CRCs are linear.
    #[error("{} checksums cannot be combined", .0.name())]
    NotLinear(Algorithm),
}

/// Takes the checksums of parts in their order, and has the checksum of all of their bytes.
///
/// PERF: the power of `x` is worked out once for parts of one size that follow each other, as all but the last of an
/// upload mostly do; a part then costs one multiplication (0.1 us). Working it out each time, as the `crc-fast` crate
/// does, took 0.8 s for the 10,000 parts of an upload. `cargo bench -p buckler-checksum` has both.
///
/// Source: the full-object checksum type of multipart uploads; facts: s3-behaviour.md 10.3.
#[derive(Debug, Clone)]
pub struct FullObjectCombiner {
    algorithm: Algorithm,
    field: Field,
    /// `x^(8 * 2^n)` for every bit of a length.
    squares: [u64; 64],
    whole: u64,
    last: Power,
}

/// `x^(8 * bytes)` modulo the algorithm's polynomial.
#[derive(Debug, Clone, Copy)]
struct Power {
    bytes: u64,
    value: u64,
}

impl FullObjectCombiner {
    /// The whole that is the first part alone.
    ///
    /// # Errors
    /// The algorithm is none of the CRCs.
    pub fn new(first: &Checksum) -> Result<Self, CombineError> {
        let algorithm = first.algorithm();
        let field = Field::of(algorithm).ok_or(CombineError::NotLinear(algorithm))?;
        Ok(Self {
            algorithm,
            field,
            squares: field.squares(),
            whole: number(first),
            last: Power {
                bytes: 0,
                value: field.one(),
            },
        })
    }

    /// Appends a part of so many bytes.
    ///
    /// # Errors
    /// The part's algorithm is another.
    pub fn push(&mut self, part: &Checksum, part_bytes: u64) -> Result<(), CombineError> {
        if part.algorithm() != self.algorithm {
            return Err(CombineError::DifferentAlgorithms);
        }
        if part_bytes != self.last.bytes {
            self.last = Power {
                bytes: part_bytes,
                value: self.power_of_bytes(part_bytes),
            };
        }
        self.whole = self.field.multiply(self.whole, self.last.value) ^ number(part);
        Ok(())
    }

    /// `x^(8 * bytes)`.
    fn power_of_bytes(&self, bytes: u64) -> u64 {
        let bits = self.squares.iter().enumerate();
        bits.filter(|(bit, _)| (bytes >> bit) & 1 != 0)
            .fold(self.field.one(), |power, (_, square)| {
                self.field.multiply(power, *square)
            })
    }

    /// The checksum of all bytes so far.
    pub fn checksum(&self) -> Checksum {
        let bytes = self.whole.to_be_bytes();
        Checksum::of(self.algorithm, low_bytes(self.algorithm, &bytes))
    }
}

/// The polynomials over GF(2) modulo one of degree `bits`, as bits in reverse: the highest is the coefficient of `x^0`.
#[derive(Debug, Clone, Copy)]
struct Field {
    /// 32 or 64.
    bits: u32,
    /// Without its highest coefficient.
    polynomial: u64,
}

impl Field {
    /// Sources: RFC 1952 (CRC-32), RFC 3720 (CRC-32C), NVM Express Command Set Specification (CRC-64/NVME).
    const fn of(algorithm: Algorithm) -> Option<Self> {
        let (bits, polynomial) = match algorithm {
            Algorithm::Crc32 => (32, 0xedb8_8320),
            Algorithm::Crc32c => (32, 0x82f6_3b78),
            Algorithm::Crc64Nvme => (64, 0x9a6c_9329_ac4b_c9b5),
            _ => return None,
        };
        Some(Self { bits, polynomial })
    }

    /// `x^0`.
    const fn one(self) -> u64 {
        1 << (self.bits - 1)
    }

    /// By schoolbook multiplication, one coefficient of `a` after the other, from `x^0` on.
    const fn multiply(self, a: u64, mut b: u64) -> u64 {
        let mut product = 0;
        let mut coefficient = self.one();
        while coefficient != 0 {
            if a & coefficient != 0 {
                product ^= b;
            }
            let overflow = b & 1;
            b >>= 1;
            if overflow != 0 {
                b ^= self.polynomial;
            }
            coefficient >>= 1;
        }
        product
    }

    /// `x^8`, and what comes of squaring it again and again.
    fn squares(self) -> [u64; 64] {
        let mut next = self.one() >> 8;
        std::array::from_fn(|_| {
            let square = next;
            next = self.multiply(square, square);
            square
        })
    }
}

/// The digest as a big-endian number; the CRCs have at most eight bytes.
fn number(checksum: &Checksum) -> u64 {
    checksum
        .digest()
        .iter()
        .fold(0, |number, byte| (number << 8) | u64::from(*byte))
}
