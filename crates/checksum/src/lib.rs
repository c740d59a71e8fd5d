//! The ten checksum algorithms of Amazon S3: streaming, composite, full-object. Pure.
//!
//! This room knows the algorithms' names on the wire, how to compute them over a stream, and how the
//! checksums of an upload's parts become the checksum of its object. It must never know requests, headers'
//! precedence or error codes; those belong to `buckler-s3`.
//!
//! ```
//! use buckler_checksum::{Algorithm, Hasher};
//!
//! let mut hasher = Hasher::new(Algorithm::Crc32);
//! hasher.update(b"1234");
//! hasher.update(b"56789");
//! assert_eq!(hasher.finish().to_base64(), "y/Q5Jg==");
//! ```

mod algorithm;
mod checksum;
mod checksum_type;
mod composite;
mod full_object;
mod hasher;
mod md5;

pub use algorithm::Algorithm;
pub use checksum::{Checksum, ParseChecksumError};
pub use checksum_type::ChecksumType;
pub use composite::{CompositeChecksum, CompositeError, CompositeHasher};
pub use full_object::{CombineError, FullObjectCombiner};
pub use hasher::Hasher;
pub use md5::{MD5_LANES, Md5};
