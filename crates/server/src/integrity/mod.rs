//! Whether rows and bytes fit together: what the sweep, the scrubber and `buckler doctor` share.
//!
//! INVARIANT: nothing here removes what a row names, and nothing that may still get its row: a blob has its name before
//! it has its row, so only what nothing names *twice*, some time apart, is an orphan. No clock takes part in that.

mod carry;
mod damage;
mod examine;
mod orphans;
mod transfer;
mod verify;

use buckler_blobs::BlobError;
use buckler_metadata::StoreError;

pub use carry::{Arrival, CarriedBlob, Carrying, Damaged, carry};
pub(crate) use damage::place;
pub use damage::{Damage, Finding, Subject};
pub use examine::{Depth, Examination, Summary, examine};
pub(crate) use orphans::{Candidates, left_behind, remove as remove_orphans, unnamed};
pub use transfer::{Means, Taken, Transferred, transfer};
pub(crate) use verify::{still_promised, verify};

/// What stops an examination. It can be begun again.
#[derive(Debug, thiserror::Error)]
pub enum IntegrityError {
    /// The rows cannot be read or changed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The bytes cannot be listed or removed.
    #[error(transparent)]
    Blobs(#[from] BlobError),
}
