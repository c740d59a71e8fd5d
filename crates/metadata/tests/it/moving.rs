//! Rows that move from one database to another, and stores that are frozen meanwhile.

use std::{collections::BTreeSet, path::Path};

use buckler_metadata::{
    CompletedUpload, CreateBucket, DatabaseLocation, DeleteObject, Freeze, FreezeState, MoveError,
    NewObject, PutObject, RowMove, Store, StoreError, tables,
};
use buckler_s3::{VersionSelector, Versioning};
use futures_util::future::{join_all, poll_immediate};

use crate::{
    backends::{block_on, on_every_database},
    fixtures::{
        blob_object, bucket, delete_entry, deletion, main_account, new_bucket, now, object,
        other_account,
    },
    upload_fixtures::{complete, completion, new_upload, put_parts},
};

on_every_database!(
    a_frozen_store_refuses_every_change_and_answers_every_question,
    a_thawed_store_is_as_it_was,
    nothing_changes_after_freezing_has_returned,
);

/// Rows that no other fixture makes; every table has some, with nulls, with texts of every plane, and more than a page.
const ROWS: &str = include_str!("moving.sql");

fn freeze(move_id: &str) -> Freeze {
    Freeze {
        move_id: move_id.to_owned(),
        rows_to: Some("postgres://db.example.com:5432/rows".to_owned()),
        blobs_to: None,
        state: FreezeState::Moving,
    }
}

async fn a_frozen_store_refuses_every_change_and_answers_every_question(store: Store) {
    let bucket = bucket(&store).await.id;
    store.put_object(object(bucket, "a", "1")).await.unwrap();
    assert_eq!(store.frozen().await.unwrap(), None);
    store.freeze(&freeze("one")).await.unwrap();
    let put = store.put_object(object(bucket, "b", "2")).await;
    assert_eq!(put, Err(StoreError::Frozen));
    let entry = delete_entry("a", VersionSelector::Latest);
    let deleted = store.delete_object(deletion(bucket), entry).await;
    assert_eq!(deleted, Err(StoreError::Frozen));
    let upload = store.create_upload(new_upload(bucket, "a", 1)).await;
    assert_eq!(upload, Err(StoreError::Frozen));
    let account = store.upsert_account(other_account(), now()).await;
    assert_eq!(account, Err(StoreError::Frozen));
    let setting = store.put_setting("health", Vec::new()).await;
    assert_eq!(setting, Err(StoreError::Frozen));
    let lease = store.take_lease("scrub", "me", now(), now()).await;
    assert_eq!(lease, Err(StoreError::Frozen));
    assert_eq!(store.frozen().await.unwrap(), Some(freeze("one")));
    assert!(store.account(&main_account().id).await.unwrap().is_some());
    store.health().await.unwrap();
    // The reason of a frozen store changes, and it stays frozen.
    let moved = Freeze {
        state: FreezeState::Moved,
        ..freeze("one")
    };
    store.freeze(&moved).await.unwrap();
    assert_eq!(store.frozen().await.unwrap(), Some(moved));
    let put = store.put_object(object(bucket, "b", "2")).await;
    assert_eq!(put, Err(StoreError::Frozen));
}

async fn a_thawed_store_is_as_it_was(store: Store) {
    let bucket = bucket(&store).await.id;
    store.freeze(&freeze("one")).await.unwrap();
    for _ in 0..2 {
        store.thaw().await.unwrap();
    }
    assert_eq!(store.frozen().await.unwrap(), None);
    assert_eq!(store.setting("migrate/freeze").await.unwrap(), None);
    store.put_object(object(bucket, "a", "1")).await.unwrap();
    store.put_setting("health", Vec::new()).await.unwrap();
}

/// Writers run while the store is frozen: each write is either there when freezing has returned, or was refused.
async fn nothing_changes_after_freezing_has_returned(store: Store) {
    let bucket = bucket(&store).await.id;
    let writers = (0..8).map(|writer| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut stored = Vec::new();
            for number in 0.. {
                let name = format!("{writer}/{number}");
                match store.put_object(object(bucket, &name, "text")).await {
                    Ok(PutObject::Stored { .. }) => stored.push(name),
                    Err(StoreError::Frozen) => break,
                    other => panic!("{other:?}"),
                }
            }
            stored
        })
    });
    let writers: Vec<_> = writers.collect();
    // Some writes first: the writers are under way.
    while rows_of(&store, "versions").await < 50 {
        tokio::task::yield_now().await;
    }
    store.freeze(&freeze("one")).await.unwrap();
    let frozen = rows_of(&store, "versions").await;
    let stored = join_all(writers).await;
    let stored: usize = stored.into_iter().map(|names| names.unwrap().len()).sum();
    assert_eq!(
        (stored as u64, rows_of(&store, "versions").await),
        (frozen, frozen)
    );
}

async fn rows_of(store: &Store, name: &str) -> u64 {
    store
        .table_rows(tables().find(|table| table.name() == name).unwrap())
        .await
        .unwrap()
}

/// A store in which every table has rows.
async fn fill(location: &DatabaseLocation, file: &Path) {
    let store = Store::open(location).await.unwrap();
    let photos = bucket(&store).await;
    for text in ["1", "2"] {
        store
            .put_object(object(photos.id, "null", text))
            .await
            .unwrap();
    }
    let enabled = store.put_bucket_versioning(photos.id, Versioning::Enabled, None);
    enabled.await.unwrap();
    for text in ["3", "4"] {
        store
            .put_object(object(photos.id, "null", text))
            .await
            .unwrap();
    }
    let marker = delete_entry("null", VersionSelector::Latest);
    let deleted = store
        .delete_object(deletion(photos.id), marker)
        .await
        .unwrap();
    assert!(
        matches!(deleted, DeleteObject::MarkerMade { .. }),
        "{deleted:?}"
    );
    let blob: NewObject = blob_object(photos.id, "blob", "00000000000000000000000000000001");
    store.put_object(blob).await.unwrap();
    store
        .create_upload(new_upload(photos.id, "a", 1))
        .await
        .unwrap();
    let parts = put_parts(
        &store,
        photos.id,
        &[
            "00000000000000000000000000000002",
            "00000000000000000000000000000003",
        ],
    )
    .await;
    let done = complete(&store, completion(photos.id, &parts[..1])).await;
    assert!(matches!(done, CompletedUpload::Stored { .. }), "{done:?}");
    store
        .create_upload(new_upload(photos.id, "open", 2))
        .await
        .unwrap();
    store
        .put_setting("store_id", b"0123".to_vec())
        .await
        .unwrap();
    store.close().await.unwrap();
    drop(store);
    rusqlite::Connection::open(file)
        .unwrap()
        .execute_batch(ROWS)
        .unwrap();
}

/// What a file holds, read by nothing of ours: every row of every table that is carried, and the numbers given.
fn contents(file: &Path) -> BTreeSet<String> {
    let database = rusqlite::Connection::open(file).unwrap();
    let mut all = BTreeSet::new();
    let numbers = "SELECT * FROM sqlite_sequence ORDER BY name";
    let tables = tables().map(|table| {
        let own = match table.name() {
            "settings" => "WHERE name NOT LIKE 'migrate/%'",
            _ => "",
        };
        format!("SELECT * FROM {} {own} ORDER BY 1, 2", table.name())
    });
    for sql in tables.chain([numbers.to_owned()]) {
        let mut statement = database.prepare(&sql).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        let before = all.len();
        while let Some(row) = rows.next().unwrap() {
            let cells: Vec<_> = (0..columns)
                .map(|column| row.get_ref(column).unwrap())
                .collect();
            let line = format!("{sql}: {cells:?}");
            all.insert(line);
        }
        assert!(
            all.len() > before,
            "{sql} finds nothing: the test moves no such row"
        );
    }
    all
}

/// Moves everything, as a process that nobody stops.
async fn carry_all(source: &DatabaseLocation, target: &DatabaseLocation) {
    let store = Store::open(source).await.unwrap();
    store.freeze(&freeze("one")).await.unwrap();
    store.close().await.unwrap();
    drop(store);
    let source = Store::open_for_reading(source).await.unwrap();
    let target = Store::open(target).await.unwrap();
    let rows = RowMove::begin(source, target.clone(), "one").await.unwrap();
    assert_eq!(target.arriving().await.unwrap().as_deref(), Some("one"));
    for table in tables() {
        let mut seen = Vec::new();
        rows.carry(table, |rows| seen.push(rows)).await.unwrap();
        assert!(seen.is_sorted(), "{}: {seen:?}", table.name());
        let (here, there) = rows.digests(table).await.unwrap();
        assert_eq!(here, there, "{}", table.name());
        assert!(here.rows > 0, "{} is empty", table.name());
    }
    rows.carry_numbers().await.unwrap();
    rows.release().await.unwrap();
    assert_eq!(target.arriving().await.unwrap(), None);
    assert_eq!(target.frozen().await.unwrap(), None);
    target.close().await.unwrap();
}

#[test]
fn all_rows_survive_the_way_to_postgres_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let url = buckler_testkit::postgres::database().unwrap();
    let postgres = DatabaseLocation::parse(&url).unwrap();
    let [first, last] = [file("first.db"), file("last.db")];
    block_on(async {
        fill(&DatabaseLocation::sqlite(&first), &first).await;
        carry_all(&DatabaseLocation::sqlite(&first), &postgres).await;
        carry_all(&postgres, &DatabaseLocation::sqlite(&last)).await;
        let (before, after) = (contents(&first), contents(&last));
        let differ: Vec<_> = before.symmetric_difference(&after).collect();
        assert!(differ.is_empty(), "{:#?}", &differ[..differ.len().min(4)]);
        // New rows get numbers that no row ever had, on both.
        for location in [postgres, DatabaseLocation::sqlite(&last)] {
            let store = Store::open(&location).await.unwrap();
            store.thaw().await.unwrap();
            let made = store
                .create_bucket(new_bucket("new", &main_account()))
                .await;
            let Ok(CreateBucket::Created(made)) = made else {
                panic!("{made:?}");
            };
            assert!(made.id > 70, "{}", made.id);
            store.put_object(object(made.id, "a", "1")).await.unwrap();
            store
                .create_upload(new_upload(made.id, "a", 9))
                .await
                .unwrap();
        }
    });
}

/// Kills nothing: stops between pages, and goes on from what the target has noted, with new stores each time.
#[test]
fn a_move_that_was_cut_off_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let (file, to) = (folder.path().join("rows.db"), folder.path().join("to.db"));
    let (from, to) = (
        DatabaseLocation::sqlite(&file),
        DatabaseLocation::sqlite(&to),
    );
    block_on(async {
        fill(&from, &file).await;
        let store = Store::open(&from).await.unwrap();
        store.freeze(&freeze("one")).await.unwrap();
        drop(store);
        let versions = tables().find(|table| table.name() == "versions").unwrap();
        for table in tables() {
            let source = Store::open_for_reading(&from).await.unwrap();
            let target = Store::open(&to).await.unwrap();
            let rows = RowMove::begin(source, target.clone(), "one").await.unwrap();
            // Polled a few times and dropped: some pages are there, or none.
            for polls in 1..4 {
                let mut carry = Box::pin(rows.carry(table, |_| ()));
                for _ in 0..polls {
                    if poll_immediate(&mut carry).await.is_some() {
                        break;
                    }
                    tokio::task::yield_now().await;
                }
            }
            // A page that was dropped on its way to the writer may be written when the note has been read.
            while let Err(error) = rows.carry(table, |_| ()).await {
                assert_eq!(error, MoveError::Concurrent);
            }
            let again = rows.carry(table, |_| ()).await.unwrap();
            let (here, there) = rows.digests(table).await.unwrap();
            assert_eq!((here, there.rows), (there, again), "{}", table.name());
        }
        let target = Store::open(&to).await.unwrap();
        assert_eq!(
            target.table_rows(versions).await.unwrap(),
            Store::open_for_reading(&from)
                .await
                .unwrap()
                .table_rows(versions)
                .await
                .unwrap()
        );
    });
}

#[test]
fn rows_go_nowhere_but_into_an_empty_store_or_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| DatabaseLocation::sqlite(folder.path().join(name));
    block_on(async {
        let open = async |name: &str| Store::open(&at(name)).await.unwrap();
        let (source, used, half) = (open("source").await, open("used").await, open("half").await);
        let begin = async |target: &Store, id: &str| {
            let begun = RowMove::begin(source.clone(), target.clone(), id).await;
            begun.map(drop)
        };
        assert_eq!(begin(&half, "one").await, Err(MoveError::NotFrozen));
        source.freeze(&freeze("one")).await.unwrap();
        assert_eq!(begin(&half, "two").await, Err(MoveError::NotFrozen));
        bucket(&used).await;
        let refused = begin(&used, "one").await;
        assert_eq!(refused, Err(MoveError::NotEmpty { table: "accounts" }));
        assert_eq!(used.arriving().await.unwrap(), None);
        for _ in 0..2 {
            assert_eq!(begin(&half, "one").await, Ok(()));
        }
        source.freeze(&freeze("two")).await.unwrap();
        assert_eq!(begin(&half, "two").await, Err(MoveError::OtherMove));
    });
}
