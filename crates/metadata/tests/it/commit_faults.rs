//! A commit that fails changes nothing; one whose answer is lost has happened.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use buckler_metadata::{CommitFaults, CommitStep, DatabaseLocation, Store, StoreError};

use crate::backends::block_on;

#[derive(Debug, Clone, Default)]
struct FailAt(Arc<AtomicU8>);

impl CommitFaults for FailAt {
    fn before(&self, step: CommitStep) -> Result<(), StoreError> {
        let armed = match self.0.load(Ordering::SeqCst) {
            1 => CommitStep::Commit,
            2 => CommitStep::Answer,
            _ => return Ok(()),
        };
        (step != armed).then_some(()).ok_or(StoreError::Full)
    }
}

fn check(location: &DatabaseLocation) {
    block_on(async {
        let faults = FailAt::default();
        let store = Store::open_with_faults(location, faults.clone())
            .await
            .unwrap();
        for (armed, value, expected) in [
            (1, b"one", None),
            (2, b"two", Some(b"two".to_vec())),
            (1, b"tre", Some(b"two".to_vec())),
        ] {
            faults.0.store(armed, Ordering::SeqCst);
            let failed = store.put_setting("a", value.to_vec()).await;
            assert_eq!(failed, Err(StoreError::Full), "{armed}");
            assert_eq!(store.setting("a").await.unwrap(), expected, "{armed}");
        }
        faults.0.store(0, Ordering::SeqCst);
        store.put_setting("a", b"ok".to_vec()).await.unwrap();
        assert_eq!(store.setting("a").await.unwrap(), Some(b"ok".to_vec()));
        store.close().await.unwrap();
    });
}

#[test]
fn failed_commit_changes_nothing_on_sqlite() {
    check(&DatabaseLocation::memory());
}

#[test]
fn failed_commit_changes_nothing_on_postgres() {
    let url = buckler_testkit::postgres::database().unwrap();
    check(&DatabaseLocation::parse(&url).unwrap());
}
