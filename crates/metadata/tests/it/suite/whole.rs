//! What concerns the whole store.

use buckler_metadata::{Store, StoreError};

use crate::backends::on_every_database;

on_every_database!(
    every_statement_fits_the_schema,
    closed_store_says_so,
    settings_keep_the_first_value
);

async fn every_statement_fits_the_schema(store: Store) {
    assert!(store.check_statements().await.unwrap() > 30);
}

async fn closed_store_says_so(store: Store) {
    store.health().await.unwrap();
    store.close().await.unwrap();
    let refused = store.put_setting("a", b"b".to_vec()).await;
    assert_eq!(refused, Err(StoreError::Closed));
    assert_eq!(store.health().await, Err(StoreError::Closed));
}

async fn settings_keep_the_first_value(store: Store) {
    assert_eq!(store.setting("server-id").await.unwrap(), None);
    for value in [b"first", b"other"] {
        let now = store.setting_or_insert("server-id", value.to_vec());
        assert_eq!(now.await.unwrap(), b"first");
    }
    store
        .put_setting("server-id", b"new".to_vec())
        .await
        .unwrap();
    assert_eq!(store.setting("server-id").await.unwrap().unwrap(), b"new");
}
