//! What a local store leaves in its folder, and who may open it.

use std::path::Path;

use buckler_blobs::{BlobError, BlobId, Blobs, LocalBlobs, Tenancy, WRITE_BATCH_BYTES};
use bytes::Bytes;

use crate::suite::{pattern, read, store};

fn temporary_files(root: &Path) -> usize {
    std::fs::read_dir(root.join("tmp")).unwrap().count()
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_writer_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = LocalBlobs::open(folder.path(), "store").await.unwrap();
    let mut writer = blobs.writer().unwrap();
    let batch = Bytes::from(pattern(WRITE_BATCH_BYTES));
    for _ in 0..3 {
        writer.write(batch.clone()).await.unwrap();
    }
    drop(writer);
    drop(blobs);
    // The batch under way may outlive the writer; the folder is cleared when it has ended.
    loop {
        drop(LocalBlobs::open(folder.path(), "store").await.unwrap());
        if temporary_files(folder.path()) == 0 {
            break;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_clears_what_a_crash_left_and_keeps_blobs() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = LocalBlobs::open(folder.path(), "store").await.unwrap();
    let blob = store(&blobs, b"kept", 4).await;
    drop(blobs);
    let left = folder
        .path()
        .join("tmp")
        .join(BlobId::random().unwrap().to_string());
    std::fs::write(left, b"half").unwrap();
    let blobs = LocalBlobs::open(folder.path(), "store").await.unwrap();
    assert_eq!(temporary_files(folder.path()), 0);
    assert_eq!(read(&blobs, blob.id(), 0..4).await.unwrap(), b"kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn second_opener_shares_the_folder_and_clears_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let first = LocalBlobs::open(folder.path(), "store").await.unwrap();
    let under_way = folder.path().join("tmp").join("half");
    std::fs::write(&under_way, b"half").unwrap();
    let second = LocalBlobs::open(folder.path(), "store").await.unwrap();
    assert!(under_way.exists());
    let blob = store(&first, b"shared", 6).await;
    assert_eq!(read(&second, blob.id(), 0..6).await.unwrap(), b"shared");
}

#[tokio::test(flavor = "multi_thread")]
async fn folder_of_another_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(LocalBlobs::open(folder.path(), "one").await.unwrap());
    let refused = LocalBlobs::open(folder.path(), "other").await.unwrap_err();
    assert!(matches!(refused, BlobError::OtherStore));
}

#[test]
fn ids_are_32_lower_case_digits() {
    let id = BlobId::random().unwrap();
    assert_eq!(BlobId::parse(&id.to_string()), Some(id));
    let text = "00112233445566778899aabbccddeeff";
    for wrong in [
        text.get(1..).unwrap(),
        &text.to_uppercase(),
        "",
        &text.replace('0', "g"),
    ] {
        assert_eq!(BlobId::parse(wrong), None, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sole_tenant_keeps_others_out_while_it_lives() {
    let folder = tempfile::tempdir().unwrap();
    let first = LocalBlobs::open(folder.path(), "store").await.unwrap();
    let second = LocalBlobs::open(folder.path(), "store").await.unwrap();
    assert!(first.sole_tenant().await.unwrap().is_none());
    // The refusal has not cost the first its own place.
    assert!(second.sole_tenant().await.unwrap().is_none());
    drop(second);
    let alone = first.sole_tenant().await.unwrap().unwrap();
    let opening = tokio::spawn(LocalBlobs::open(folder.path().to_owned(), "store"));
    tokio::task::yield_now().await;
    assert!(!opening.is_finished());
    drop(alone);
    let third = opening.await.unwrap().unwrap();
    assert_eq!(third.tenancy(), Tenancy::Shared);
}

#[tokio::test(flavor = "multi_thread")]
async fn held_blobs_are_not_removed() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = LocalBlobs::open(folder.path(), "store").await.unwrap();
    let blob = store(&blobs, b"1", 1).await;
    let other = LocalBlobs::open(folder.path(), "store").await.unwrap();
    let (one, two) = (Blobs::from(other), Blobs::from(blobs.clone()));
    let (first, second) = (one.hold().await.unwrap(), two.hold().await.unwrap());
    for hold in [first, second] {
        let refused = blobs.delete(vec![blob.id()]).await.unwrap_err();
        assert!(matches!(refused, BlobError::Held), "{refused:?}");
        drop(hold);
    }
    assert_eq!(blobs.delete(vec![blob.id()]).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn linked_blobs_outlive_their_source() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let source = LocalBlobs::open(one.path(), "store").await.unwrap();
    let copy = LocalBlobs::open(two.path(), "store").await.unwrap();
    let blob = store(&source, b"12345", 5).await;
    for _ in 0..2 {
        assert!(copy.link_from(&source, vec![blob.id()]).await.unwrap());
    }
    source.delete(vec![blob.id()]).await.unwrap();
    assert_eq!(read(&copy, blob.id(), 0..5).await.unwrap(), b"12345");
    let refused = copy.link_from(&source, vec![BlobId::random().unwrap()]);
    assert!(matches!(refused.await, Err(BlobError::NotFound(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_at_a_folder_changes_nothing_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("nowhere");
    LocalBlobs::inspect(&nowhere, "store").await.unwrap_err();
    assert!(!nowhere.exists());
    drop(LocalBlobs::open(folder.path(), "store").await.unwrap());
    std::fs::write(folder.path().join("tmp").join("half"), b"half").unwrap();
    let seen = LocalBlobs::inspect(folder.path(), "store").await.unwrap();
    assert_eq!(seen.tenancy(), Tenancy::Alone);
    let unfinished = seen.unfinished().await.unwrap();
    assert_eq!(
        (unfinished[0].name.as_str(), unfinished[0].size_bytes),
        ("half", Some(4))
    );
    let beside = LocalBlobs::inspect(folder.path(), "store").await.unwrap();
    assert_eq!(beside.tenancy(), Tenancy::Shared);
    seen.remove_unfinished(unfinished).await.unwrap();
    assert_eq!(temporary_files(folder.path()), 0);
    let refused = LocalBlobs::inspect(folder.path(), "other").await;
    assert!(matches!(refused, Err(BlobError::OtherStore)));
}
