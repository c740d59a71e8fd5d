//! One function for each rule; a store of another kind runs the same ones.

use std::ops::Range;

use buckler_blobs::{
    BlobError, BlobId, Blobs, DurableBlob, LocalBlobs, PART_BYTES, READ_BYTES, RemoteBlobs,
    WRITE_BATCH_BYTES,
};
use buckler_checksum::{Algorithm, Hasher};
use bytes::Bytes;
use futures_util::StreamExt as _;

/// Makes a test of each rule for local folders.
macro_rules! on_local_folders {
    ($($rule:ident),* $(,)?) => {
        mod on_local_folders {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $rule() {
                let folder = tempfile::tempdir().unwrap();
                let blobs = super::LocalBlobs::open(folder.path(), "store").await.unwrap();
                super::$rule(blobs.into()).await;
            })*
        }
    };
}

/// The same for prefixes of a remote store.
macro_rules! on_remote_stores {
    ($($rule:ident),* $(,)?) => {
        mod on_remote_stores {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $rule() {
                let backend = std::sync::Arc::new(object_store::memory::InMemory::new());
                let blobs = super::RemoteBlobs::open_on(backend, "a/b".into(), "store").await.unwrap();
                super::$rule(blobs.into()).await;
            })*
        }
    };
}

macro_rules! everywhere {
    ($($rule:ident),* $(,)?) => {
        on_local_folders!($($rule),*);
        on_remote_stores!($($rule),*);
    };
}

everywhere!(
    bytes_read_back_as_written,
    empty_blob_is_a_blob,
    range_reads_only_the_range,
    absent_blob_is_not_found,
    blob_shorter_than_promised_is_corrupt,
    last_piece_of_a_damaged_blob_never_comes,
    sizes_are_those_of_the_files,
    deleting_is_repeatable,
    every_blob_is_found_by_the_sweep,
    blobs_are_written_at_the_same_time,
    copy_of_damaged_bytes_is_refused_and_leaves_nothing,
    held_blobs_are_not_removed,
    blobs_of_many_parts_read_back_as_written,
);

/// Bytes in which every position differs from its neighbours.
pub(crate) fn pattern(bytes: usize) -> Vec<u8> {
    (0..=250).cycle().take(bytes).collect()
}

pub(crate) async fn store(
    blobs: &(impl Clone + Into<Blobs>),
    body: &[u8],
    frame: usize,
) -> DurableBlob {
    let mut writer = blobs.clone().into().writer().unwrap();
    for piece in body.chunks(frame) {
        writer.write(Bytes::copy_from_slice(piece)).await.unwrap();
    }
    writer.finish().await.unwrap()
}

pub(crate) async fn read(
    blobs: &(impl Clone + Into<Blobs>),
    id: BlobId,
    range: Range<u64>,
) -> Result<Vec<u8>, BlobError> {
    let mut reader = blobs.clone().into().read(id, range).await?;
    let mut body = Vec::new();
    while let Some(piece) = reader.next().await {
        let piece = piece?;
        assert!(piece.len() <= READ_BYTES);
        body.extend(piece);
    }
    Ok(body)
}

async fn bytes_read_back_as_written(blobs: Blobs) {
    for bytes in [1, READ_BYTES, READ_BYTES + 1, 3 * WRITE_BATCH_BYTES + 17] {
        let body = pattern(bytes);
        for frame in [16 * 1024 - 1, 2 * WRITE_BATCH_BYTES] {
            let blob = store(&blobs, &body, frame).await;
            assert_eq!(blob.size_bytes(), bytes as u64);
            let found = read(&blobs, blob.id(), 0..bytes as u64).await.unwrap();
            assert!(found == body, "{bytes} bytes in frames of {frame}");
        }
    }
}

async fn empty_blob_is_a_blob(blobs: Blobs) {
    let blob = store(&blobs, b"", 1).await;
    assert_eq!(blob.size_bytes(), 0);
    assert!(read(&blobs, blob.id(), 0..0).await.unwrap().is_empty());
}

async fn range_reads_only_the_range(blobs: Blobs) {
    let body = pattern(2 * READ_BYTES + 5);
    let blob = store(&blobs, &body, 1 << 20).await;
    for range in [
        0..1,
        7..7,
        250..READ_BYTES + 300,
        body.len() - 1..body.len(),
    ] {
        let asked = range.start as u64..range.end as u64;
        let found = read(&blobs, blob.id(), asked).await.unwrap();
        assert!(found == body[range.clone()], "{range:?}");
    }
}

async fn absent_blob_is_not_found(blobs: Blobs) {
    let id = BlobId::parse("00112233445566778899aabbccddeeff").unwrap();
    let refused = read(&blobs, id, 0..1).await.unwrap_err();
    assert!(matches!(refused, BlobError::NotFound(absent) if absent == id));
}

async fn blob_shorter_than_promised_is_corrupt(blobs: Blobs) {
    let blob = store(&blobs, b"12345", 5).await;
    let refused = read(&blobs, blob.id(), 0..6).await.unwrap_err();
    let BlobError::Corrupt {
        expected_bytes: 6, ..
    } = refused
    else {
        panic!("{refused:?}");
    };
}

async fn deleting_is_repeatable(blobs: Blobs) {
    let blob = store(&blobs, b"1", 1).await;
    let both = vec![blob.id(), BlobId::random().unwrap()];
    for _ in 0..2 {
        blobs.delete(both.clone()).await.unwrap();
        assert_eq!(blobs.sizes(both.clone()).await.unwrap(), [None, None]);
    }
    let refused = read(&blobs, blob.id(), 0..1).await.unwrap_err();
    assert!(matches!(refused, BlobError::NotFound(_)));
}

async fn every_blob_is_found_by_the_sweep(blobs: Blobs) {
    let mut stored = Vec::new();
    for bytes in 0..20 {
        let blob = store(&blobs, &pattern(bytes), 100).await;
        stored.push((blob.id(), blob.size_bytes()));
    }
    let _unfinished = blobs.writer().unwrap();
    let mut found = Vec::new();
    let mut ids = blobs.ids();
    while let Some(batch) = ids.next_batch().await.unwrap() {
        assert!(!batch.is_empty());
        found.extend(batch.iter().map(|blob| (blob.id, blob.size_bytes)));
    }
    stored.sort();
    assert_eq!(found, stored);
}

async fn blobs_are_written_at_the_same_time(blobs: Blobs) {
    let writes: Vec<_> = (1..30)
        .map(|i| {
            let blobs = blobs.clone();
            tokio::spawn(async move {
                let body = pattern(i * 20_000);
                let blob = store(&blobs, &body, 9_000).await;
                let found = read(&blobs, blob.id(), 0..body.len() as u64).await;
                found.unwrap() == body
            })
        })
        .collect();
    for write in writes {
        assert!(write.await.unwrap());
    }
}

async fn last_piece_of_a_damaged_blob_never_comes(blobs: Blobs) {
    for bytes in [0, 1, READ_BYTES, 2 * READ_BYTES + 7] {
        let body = pattern(bytes);
        let blob = store(&blobs, &body, 1 << 20).await;
        for algorithm in [Algorithm::Crc64Nvme, Algorithm::Sha256] {
            let right = Hasher::digest(algorithm, &body);
            let whole = verified(&blobs, blob.id(), bytes, right).await;
            assert!(whole.is_ok_and(|found| found == body), "{bytes}");
            let wrong = Hasher::digest(algorithm, b"other bytes");
            let (came, error) = verified(&blobs, blob.id(), bytes, wrong).await.unwrap_err();
            assert!(came.len() < bytes.max(1), "{bytes}: all of it came");
            assert!(matches!(error, BlobError::WrongChecksum(_)), "{error:?}");
        }
    }
}

/// All bytes, or those that came before the error.
async fn verified(
    blobs: &Blobs,
    id: BlobId,
    bytes: usize,
    checksum: buckler_checksum::Checksum,
) -> Result<Vec<u8>, (Vec<u8>, BlobError)> {
    let mut body = Vec::new();
    let opened = blobs.read_verified(id, bytes as u64, checksum).await;
    let mut reader = opened.map_err(|error| (Vec::new(), error))?;
    while let Some(piece) = reader.next().await {
        match piece {
            Ok(piece) => body.extend(piece),
            Err(error) => return Err((body, error)),
        }
    }
    Ok(body)
}

async fn sizes_are_those_of_the_files(blobs: Blobs) {
    let blob = store(&blobs, b"12345", 5).await;
    let ids = vec![BlobId::random().unwrap(), blob.id()];
    assert_eq!(blobs.sizes(ids).await.unwrap(), [None, Some(5)]);
}

async fn copy_of_damaged_bytes_is_refused_and_leaves_nothing(copy: Blobs) {
    let folder = tempfile::tempdir().unwrap();
    let source = LocalBlobs::open(folder.path(), "store").await.unwrap();
    let body = pattern(2 * WRITE_BATCH_BYTES + 17);
    let size_bytes = body.len() as u64;
    let blob = store(&source, &body, body.len()).await;
    let source = source.into();
    let right = Hasher::digest(Algorithm::Crc64Nvme, &body);
    let wrong = Hasher::digest(Algorithm::Crc64Nvme, b"others");
    // Whoever is refused may try again at once: nothing of the copy before is in the way.
    for _ in 0..16 {
        let copied = copy.copy_from(&source, blob.id(), size_bytes, Some(wrong));
        let refused = copied.await;
        assert!(
            matches!(refused, Err(BlobError::WrongChecksum(id)) if id == blob.id()),
            "{refused:?}"
        );
    }
    assert_eq!(copy.ids().next_batch().await.unwrap(), None);
    let copied = copy.copy_from(&source, blob.id(), size_bytes, Some(right));
    assert_eq!(copied.await.unwrap().id(), blob.id());
    let found = read(&copy, blob.id(), 0..size_bytes).await.unwrap();
    assert!(found == body);
}

async fn held_blobs_are_not_removed(blobs: Blobs) {
    let blob = store(&blobs, b"1", 1).await;
    let (first, second) = (blobs.hold().await.unwrap(), blobs.hold().await.unwrap());
    for hold in [first, second] {
        let refused = blobs.delete(vec![blob.id()]).await;
        assert!(matches!(refused, Err(BlobError::Held)), "{refused:?}");
        hold.release().await.unwrap();
    }
    blobs.delete(vec![blob.id()]).await.unwrap();
    assert_eq!(blobs.sizes(vec![blob.id()]).await.unwrap(), [None]);
}

async fn blobs_of_many_parts_read_back_as_written(blobs: Blobs) {
    for bytes in [
        PART_BYTES - 1,
        PART_BYTES,
        PART_BYTES + 1,
        4 * PART_BYTES + 3,
    ] {
        let body = pattern(bytes);
        for frame in [1_000, PART_BYTES / 2 + 1, 2 * PART_BYTES] {
            let blob = store(&blobs, &body, frame).await;
            assert_eq!(blob.size_bytes(), bytes as u64);
            let found = read(&blobs, blob.id(), 0..bytes as u64).await.unwrap();
            assert!(found == body, "{bytes} bytes in frames of {frame}");
            blobs.delete(vec![blob.id()]).await.unwrap();
        }
    }
    assert_eq!(blobs.unfinished().await.unwrap(), []);
}
