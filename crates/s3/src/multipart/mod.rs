//! Multipart uploads, apart from the form of single requests: which checksum an upload has, and what its parts become.

mod checksum_plan;
mod completion;
mod copy_range;
mod fault;
mod people;

pub use checksum_plan::ChecksumPlan;
pub use completion::{Assembly, ClaimedPart, Completion, UploadedPart};
pub use copy_range::CopyRange;
pub use fault::CompletionFault;

pub(crate) use checksum_plan::type_header;
pub(crate) use people::write_people;

/// Least size of a part that is not the last, in bytes: 5 MiB. Source: facts: s3-behaviour.md 10.2 and 24.
pub const PART_BYTES_MIN: u64 = 5 * 1024 * 1024;
/// Most parts of an upload. Source: facts: s3-behaviour.md 24.
pub const PARTS_MAX: usize = 10_000;
