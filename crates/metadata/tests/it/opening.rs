//! Opening, refusing to open, and opening again.

use buckler_metadata::{DatabaseLocation, OpenError, Store, Upserted};

use crate::{
    backends::block_on,
    fixtures::{main_account, now},
};

#[test]
fn second_process_on_the_same_sqlite_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let location = DatabaseLocation::sqlite(folder.path().join("rows.db"));
    block_on(async {
        let first = Store::open(&location).await.unwrap();
        let second = Store::open(&location).await;
        assert!(
            matches!(second, Err(OpenError::Locked { .. })),
            "{second:?}"
        );
        first.close().await.unwrap();
        drop(first);
        Store::open(&location).await.unwrap();
    });
}

#[test]
fn rows_survive_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = DatabaseLocation::sqlite(folder.path().join("deep/rows.db"));
    let url = buckler_testkit::postgres::database().unwrap();
    for location in [sqlite, DatabaseLocation::parse(&url).unwrap()] {
        block_on(async {
            let store = Store::open(&location).await.unwrap();
            let made = store.upsert_account(main_account(), now()).await.unwrap();
            assert_eq!(made, Upserted::Created);
            store.close().await.unwrap();
            drop(store);
            let store = Store::open(&location).await.unwrap();
            let found = store.account(&main_account().id).await.unwrap();
            assert_eq!(found, Some(main_account()));
        });
    }
}

#[test]
fn newer_schema_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.db");
    let location = DatabaseLocation::sqlite(&file);
    block_on(async { drop(Store::open(&location).await.unwrap()) });
    let raise = "INSERT INTO schema_versions (version) VALUES (9999)";
    rusqlite::Connection::open(&file)
        .unwrap()
        .execute(raise, [])
        .unwrap();
    let refused = block_on(Store::open(&location));
    let Err(OpenError::NewerSchema { found: 9999, known }) = refused else {
        panic!("{refused:?}");
    };
    assert!(known < 9999);
}

#[test]
fn every_migration_file_is_embedded() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
    let source = include_str!("../../src/migrations.rs");
    for database in ["sqlite", "postgres"] {
        for file in std::fs::read_dir(format!("{folder}/{database}")).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            assert!(source.contains(&name), "{database}/{name} is not embedded");
        }
    }
}

#[test]
fn locations_never_show_a_password() {
    let url = "postgres://buckler:hunter2@db.example.com/rows";
    let location = DatabaseLocation::parse(url).unwrap();
    assert_eq!(location.to_string(), "postgres://db.example.com:5432/rows");
    assert!(!format!("{location:?}").contains("hunter2"));
    for wrong in ["postgres://u:hunter2@[/x", "mysql://hunter2", "sqlite://"] {
        let refused = DatabaseLocation::parse(wrong).unwrap_err();
        assert!(!refused.to_string().contains("hunter2"), "{refused}");
    }
}

#[test]
fn a_reader_sees_what_is_committed_beside_it_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = DatabaseLocation::sqlite(folder.path().join("rows.db"));
    let url = buckler_testkit::postgres::database().unwrap();
    for location in [sqlite, DatabaseLocation::parse(&url).unwrap()] {
        block_on(async {
            let missing = Store::open_for_reading(&location).await;
            assert!(missing.is_err(), "{missing:?}");
            let writer = Store::open(&location).await.unwrap();
            let reader = Store::open_for_reading(&location).await.unwrap();
            let id = main_account().id;
            assert_eq!(reader.account(&id).await.unwrap(), None);
            writer.upsert_account(main_account(), now()).await.unwrap();
            assert_eq!(reader.account(&id).await.unwrap(), Some(main_account()));
            let change = reader.put_setting("name", b"value".to_vec()).await;
            assert!(change.is_err(), "{change:?}");
            assert_eq!(writer.setting("name").await.unwrap(), None);
            writer.close().await.unwrap();
            drop(writer);
            assert_eq!(reader.account(&id).await.unwrap(), Some(main_account()));
            reader.close().await.unwrap();
        });
    }
}

#[test]
fn a_reader_leaves_an_older_schema_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.db");
    let location = DatabaseLocation::sqlite(&file);
    block_on(async { drop(Store::open(&location).await.unwrap()) });
    rusqlite::Connection::open(&file)
        .unwrap()
        .execute("DELETE FROM schema_versions WHERE version > 1", [])
        .unwrap();
    let refused = block_on(Store::open_for_reading(&location));
    assert!(
        matches!(refused, Err(OpenError::OlderSchema { found: 1, .. })),
        "{refused:?}"
    );
}
