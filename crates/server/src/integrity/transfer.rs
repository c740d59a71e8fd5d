//! Taking over the blobs that rows name from one place into another: backups, and the way back.

use buckler_blobs::{BlobId, Blobs};
use buckler_metadata::{NamedBlob, NamedBy, Store};

use super::IntegrityError;

/// Which blobs are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Taken {
    /// Those that objects name.
    Objects,
    /// Those that garbage rows name, too: an earlier copy of the rows may still name them as objects'.
    ObjectsAndGarbage,
}

/// How bytes get into the other place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Means {
    /// A second name for the same file where that is possible, a copy where it is not. Blobs never change, so that
    /// neither folder can harm the other; a failing disk can harm both.
    Link,
    /// Always a copy.
    Copy,
}

/// What was taken over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Transferred {
    /// Blobs.
    pub blobs: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Blobs that rows name and the source does not have.
    pub missing: u64,
}

/// Takes the blobs that the rows name from one place into another. Bytes are not compared with checksums here: an
/// examination of the result does that.
///
/// # Errors
///
/// If rows or folders cannot be read or written.
pub async fn transfer(
    store: &Store,
    from: &Blobs,
    to: &Blobs,
    taken: Taken,
    means: Means,
) -> Result<Transferred, IntegrityError> {
    let mut transferred = Transferred::default();
    let mut means = means;
    // Ids are random: each first byte has its share of them.
    for first in 0..=u8::MAX {
        let (least, greatest) = (format!("{first:02x}"), format!("{first:02x}g"));
        let named = store.blobs_named_between(&least, &greatest).await?;
        let mut ids: Vec<BlobId> = named.iter().filter_map(|blob| id(blob, taken)).collect();
        ids.dedup();
        let sizes = from.sizes(ids.clone()).await?;
        let there: Vec<(BlobId, u64)> = ids
            .iter()
            .zip(&sizes)
            .filter_map(|(id, size)| Some((*id, (*size)?)))
            .collect();
        transferred.missing += (ids.len() - there.len()) as u64;
        transferred.blobs += there.len() as u64;
        transferred.bytes += there.iter().map(|(_, size)| size).sum::<u64>();
        if means == Means::Link {
            let ids = there.iter().map(|(id, _)| *id).collect();
            if to.link_from(from, ids).await? {
                continue;
            }
            means = Means::Copy;
        }
        for (id, size_bytes) in there {
            to.copy_from(from, id, size_bytes, None).await?;
        }
    }
    Ok(transferred)
}

fn id(blob: &NamedBlob, taken: Taken) -> Option<BlobId> {
    let is_taken = blob.by == NamedBy::Object || taken == Taken::ObjectsAndGarbage;
    BlobId::parse(&blob.id).filter(|_| is_taken)
}
