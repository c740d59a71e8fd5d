//! Each step of the way to the disk fails once: the caller learns it, and nothing is left.

use std::{
    io,
    path::Path,
    sync::{Arc, Mutex},
};

use buckler_blobs::{BlobError, Faults, LocalBlobs, Step, WRITE_BATCH_BYTES};
use bytes::Bytes;

use crate::suite::{pattern, read, store};

/// Fails one kind of step with one error, while it is armed; notes all steps.
#[derive(Debug, Clone, Default)]
struct FailAt {
    armed: Arc<Mutex<Option<(Step, io::ErrorKind)>>>,
    steps: Arc<Mutex<Vec<Step>>>,
}

impl Faults for FailAt {
    fn before(&self, step: Step, _: &Path) -> io::Result<()> {
        self.steps.lock().unwrap().push(step);
        match *self.armed.lock().unwrap() {
            Some((failing, kind)) if failing == step => Err(kind.into()),
            _ => Ok(()),
        }
    }
}

const WRITING: [Step; 6] = [
    Step::CreateFile,
    Step::Write,
    Step::SyncFile,
    Step::CreateFolder,
    Step::Rename,
    Step::SyncFolder,
];

#[tokio::test(flavor = "multi_thread")]
async fn failed_step_fails_the_blob_and_leaves_nothing() {
    for step in WRITING {
        for frames in [1, 3] {
            check(step, frames).await;
        }
    }
}

async fn check(step: Step, frames: usize) {
    let folder = tempfile::tempdir().unwrap();
    let faults = FailAt::default();
    let opened = LocalBlobs::open_with_faults(folder.path(), "store", faults.clone());
    let blobs = opened.await.unwrap();
    *faults.armed.lock().unwrap() = Some((step, io::ErrorKind::StorageFull));
    let failed = write(&blobs, frames).await.unwrap_err();
    assert!(matches!(failed, BlobError::Full), "{step:?}: {failed:?}");
    let found = blobs.ids().next_batch().await.unwrap();
    assert_eq!(found, None, "{step:?} left a blob");
    let left = std::fs::read_dir(folder.path().join("tmp"))
        .unwrap()
        .count();
    assert_eq!(left, 0, "{step:?} left a file");
    *faults.armed.lock().unwrap() = None;
    write(&blobs, frames).await.unwrap();
}

async fn write(blobs: &LocalBlobs, frames: usize) -> Result<(), BlobError> {
    let mut writer = blobs.writer()?;
    for _ in 0..frames {
        writer
            .write(Bytes::from(pattern(WRITE_BATCH_BYTES)))
            .await?;
    }
    writer.finish().await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_are_synced_before_the_name_and_the_name_before_the_answer() {
    let folder = tempfile::tempdir().unwrap();
    let faults = FailAt::default();
    let opened = LocalBlobs::open_with_faults(folder.path(), "store", faults.clone());
    let blobs = opened.await.unwrap();
    faults.steps.lock().unwrap().clear();
    store(&blobs, b"1", 1).await;
    let steps = faults.steps.lock().unwrap().clone();
    let expected = [
        Step::CreateFile,
        Step::Write,
        Step::SyncFile,
        Step::CreateFolder,
        Step::CreateFolder,
        Step::SyncFolder,
        Step::SyncFolder,
        Step::Rename,
        Step::SyncFolder,
    ];
    assert_eq!(steps, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn read_error_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let faults = FailAt::default();
    let opened = LocalBlobs::open_with_faults(folder.path(), "store", faults.clone());
    let blobs = opened.await.unwrap();
    let blob = store(&blobs, b"12345", 5).await;
    *faults.armed.lock().unwrap() = Some((Step::Read, io::ErrorKind::PermissionDenied));
    let failed = read(&blobs, blob.id(), 0..5).await.unwrap_err();
    assert!(matches!(failed, BlobError::Io(_)), "{failed:?}");
}
