//! Copying the bytes that rows need to another place, compared with their checksums on the way.
//!
//! The rows do not change meanwhile: their store is frozen. What is at the target already stays, so that a copying that
//! was cut off goes on.

use std::collections::BTreeSet;

use buckler_blobs::{BlobError, BlobId, Blobs};
use buckler_checksum::Checksum;
use buckler_metadata::{PromisedBlob, Store, StoredChecksum};
use futures_util::{StreamExt as _, stream};

use super::{Damage, IntegrityError};

/// Rows read at once.
const PAGE: u32 = 256;

/// How to copy.
#[derive(Debug, Clone, Copy)]
pub struct Carrying {
    /// Blobs that are copied at once.
    pub parallel: usize,
    /// Whether each blob is read once more where it has arrived.
    pub arrival: Arrival,
    /// What becomes of damaged bytes.
    pub damaged: Damaged,
}

/// How blobs are looked at that are at the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arrival {
    /// Their lengths, as far as they were there before.
    Measured,
    /// All bytes of all of them.
    Read,
}

/// What becomes of bytes that are not what their row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Damaged {
    /// They stay behind.
    Left,
    /// They are copied as they are.
    Carried,
}

/// What happened to one blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CarriedBlob<'a> {
    /// Its bytes are at the target.
    Arrived {
        /// How many.
        size_bytes: u64,
    },
    /// It was there before.
    Found {
        /// How many bytes.
        size_bytes: u64,
    },
    /// It is damaged at the source.
    Damaged {
        /// Its name.
        id: &'a str,
        /// How.
        damage: &'a Damage,
        /// How many bytes its row promises.
        size_bytes: u64,
    },
}

/// What one blob came to.
enum Outcome {
    Arrived(u64),
    Found(u64),
    Damaged(PromisedBlob, Damage),
}

/// Copies every blob that objects and parts of uploads need, and tells `report` of each.
///
/// # Errors
///
/// If rows cannot be read, or the target cannot be written. It can be called again.
pub async fn carry(
    store: &Store,
    from: &Blobs,
    to: &Blobs,
    carrying: Carrying,
    mut report: impl FnMut(CarriedBlob<'_>),
) -> Result<(), IntegrityError> {
    let mut after = String::new();
    loop {
        let page = store.promised_blobs(&after, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after.clone_from(&last.id);
        let present = present(to, &page).await?;
        let copies = page.into_iter().map(|promised| {
            let is_present = present.contains(&promised.id);
            one(from, to, carrying, promised, is_present)
        });
        let mut copies = stream::iter(copies).buffer_unordered(carrying.parallel.max(1));
        while let Some(outcome) = copies.next().await {
            match outcome? {
                Outcome::Arrived(size_bytes) => report(CarriedBlob::Arrived { size_bytes }),
                Outcome::Found(size_bytes) => report(CarriedBlob::Found { size_bytes }),
                Outcome::Damaged(promised, damage) => report(CarriedBlob::Damaged {
                    id: &promised.id,
                    damage: &damage,
                    size_bytes: promised.size_bytes,
                }),
            }
        }
    }
}

/// Which of these blobs the target has, whole.
async fn present(to: &Blobs, page: &[PromisedBlob]) -> Result<BTreeSet<String>, BlobError> {
    let ids: Vec<BlobId> = page.iter().filter_map(|p| BlobId::parse(&p.id)).collect();
    let sizes = to.sizes(ids.clone()).await?;
    let sizes = ids.into_iter().map(|id| id.to_string()).zip(sizes);
    let whole = sizes.filter(|(id, size)| {
        page.iter()
            .any(|promised| promised.id == *id && Some(promised.size_bytes) == *size)
    });
    Ok(whole.map(|(id, _)| id).collect())
}

async fn one(
    from: &Blobs,
    to: &Blobs,
    carrying: Carrying,
    promised: PromisedBlob,
    is_present: bool,
) -> Result<Outcome, BlobError> {
    let Some(id) = BlobId::parse(&promised.id) else {
        let damage = Damage::Row(format!("`{}` is no blob's name", promised.id));
        return Ok(Outcome::Damaged(promised, damage));
    };
    let whole = match checksum(&promised) {
        Ok(checksum) => {
            let whole = Whole {
                id,
                size_bytes: promised.size_bytes,
                checksum,
            };
            whole.carry(from, to, carrying.arrival, is_present).await?
        }
        Err(damage) => Err(damage),
    };
    match whole {
        Ok(outcome) => Ok(outcome),
        Err(damage) => {
            if carrying.damaged == Damaged::Carried {
                as_it_is(from, to, id).await?;
            }
            Ok(Outcome::Damaged(promised, damage))
        }
    }
}

/// The checksum of all bytes.
fn checksum(promised: &PromisedBlob) -> Result<Checksum, Damage> {
    match &promised.checksum {
        Ok(Some(StoredChecksum::FullObject(checksum))) => Ok(*checksum),
        Ok(_) => Err(Damage::NoChecksum),
        Err(error) => Err(Damage::Row(error.to_string())),
    }
}

/// A blob that can be compared.
struct Whole {
    id: BlobId,
    size_bytes: u64,
    checksum: Checksum,
}

impl Whole {
    /// Copies it if need be; the inner error is what is wrong with it at the source.
    async fn carry(
        &self,
        from: &Blobs,
        to: &Blobs,
        arrival: Arrival,
        is_present: bool,
    ) -> Result<Result<Outcome, Damage>, BlobError> {
        let reads = arrival == Arrival::Read;
        if is_present && (!reads || self.is_at(to).await?) {
            return Ok(Ok(Outcome::Found(self.size_bytes)));
        }
        let copied = to.copy_from(from, self.id, self.size_bytes, Some(self.checksum));
        match copied.await {
            Ok(_) => {}
            Err(BlobError::NotFound(_)) => return Ok(Err(Damage::Missing)),
            Err(BlobError::WrongChecksum(_)) => return Ok(Err(Damage::Checksum)),
            Err(error @ BlobError::Corrupt { .. }) => {
                return Ok(Err(Damage::Unreadable(error.to_string())));
            }
            Err(error) => return Err(error),
        }
        if reads && !self.is_at(to).await? {
            return Err(BlobError::WrongChecksum(self.id));
        }
        Ok(Ok(Outcome::Arrived(self.size_bytes)))
    }

    /// Whether a place has all of it, by reading it.
    async fn is_at(&self, blobs: &Blobs) -> Result<bool, BlobError> {
        let read = blobs.read_verified(self.id, self.size_bytes, self.checksum);
        let mut reader = match read.await {
            Ok(reader) => reader,
            Err(error) => return not_whole(error),
        };
        while let Some(piece) = reader.next().await {
            if let Err(error) = piece {
                return not_whole(error);
            }
        }
        Ok(true)
    }
}

/// `false` if it is the bytes that are wrong, the error if it is the place.
fn not_whole(error: BlobError) -> Result<bool, BlobError> {
    match error {
        BlobError::NotFound(_) | BlobError::Corrupt { .. } | BlobError::WrongChecksum(_) => {
            Ok(false)
        }
        error => Err(error),
    }
}

/// Copies what there is, whatever it is.
async fn as_it_is(from: &Blobs, to: &Blobs, id: BlobId) -> Result<(), BlobError> {
    let sizes = from.sizes(vec![id]).await?;
    if let Some(size_bytes) = sizes.first().copied().flatten() {
        to.copy_from(from, id, size_bytes, None).await?;
    }
    Ok(())
}
