//! Listing uploads in progress: page by page as all at once.

use buckler_metadata::{Store, UploadPage, UploadQuery, UploadStart};
use buckler_s3::UploadId;

use crate::{
    backends::on_every_database,
    fixtures::{bucket, key, now},
    upload_fixtures::{completion, new_upload, put_parts, upload_id},
};

on_every_database!(
    uploads_are_listed_by_key_and_age,
    pages_join_without_gap,
    common_prefixes_count_once,
    marker_of_an_aborted_upload_works,
    completed_uploads_are_not_listed,
    many_uploads_below_a_prefix_are_skipped,
);

/// `(key, age)` of uploads: several of some keys.
const UPLOADS: [(&str, u8); 8] = [
    ("a", 3),
    ("a/1", 2),
    ("a/1", 5),
    ("a/2", 1),
    ("b", 4),
    ("b", 6),
    ("b", 7),
    ("é/x", 8),
];

async fn filled(store: &Store) -> i64 {
    let bucket = bucket(store).await.id;
    for (name, age) in UPLOADS.iter().rev() {
        store
            .create_upload(new_upload(bucket, name, *age))
            .await
            .unwrap();
    }
    bucket
}

fn query(bucket_id: i64) -> UploadQuery {
    UploadQuery {
        bucket_id,
        prefix: String::new(),
        delimiter: String::new(),
        start: UploadStart::Beginning,
        entries_max: 1000,
    }
}

fn entries(page: &UploadPage) -> Vec<(String, UploadId)> {
    let entry = |row: &buckler_metadata::UploadRow| (row.key.to_string(), row.id);
    page.uploads.iter().map(entry).collect()
}

fn all() -> Vec<(String, UploadId)> {
    let entry = |(name, age): &(&str, u8)| ((*name).to_owned(), upload_id(*age));
    UPLOADS.iter().map(entry).collect()
}

/// Where a client goes on.
fn next(page: &UploadPage) -> UploadStart {
    match page.last.clone().unwrap() {
        (name, Some(id)) => UploadStart::AfterUpload(name, id),
        (prefix, None) => UploadStart::AfterKey(prefix),
    }
}

async fn uploads_are_listed_by_key_and_age(store: Store) {
    let bucket = filled(&store).await;
    let page = store.list_uploads(&query(bucket)).await.unwrap();
    assert_eq!(entries(&page), all());
    assert!(!page.is_truncated);
    let empty = UploadQuery {
        entries_max: 0,
        ..query(bucket)
    };
    let page = store.list_uploads(&empty).await.unwrap();
    assert_eq!(page, UploadPage::default());
}

async fn pages_join_without_gap(store: Store) {
    let bucket = filled(&store).await;
    for entries_max in 1..=9 {
        let mut query = UploadQuery {
            entries_max,
            ..query(bucket)
        };
        let mut found = Vec::new();
        loop {
            let page = store.list_uploads(&query).await.unwrap();
            found.extend(entries(&page));
            if !page.is_truncated {
                break;
            }
            query.start = next(&page);
        }
        assert_eq!(found, all(), "{entries_max} in a page");
    }
}

async fn common_prefixes_count_once(store: Store) {
    let bucket = filled(&store).await;
    for entries_max in 1..=6 {
        let mut query = UploadQuery {
            delimiter: "/".to_owned(),
            entries_max,
            ..query(bucket)
        };
        let (mut uploads, mut prefixes) = (Vec::new(), Vec::new());
        loop {
            let page = store.list_uploads(&query).await.unwrap();
            uploads.extend(entries(&page).into_iter().map(|(name, _)| name));
            prefixes.extend(page.common_prefixes.clone());
            if !page.is_truncated {
                break;
            }
            query.start = next(&page);
        }
        assert_eq!(uploads, ["a", "b", "b", "b"], "{entries_max} in a page");
        assert_eq!(prefixes, ["a/", "é/"], "{entries_max} in a page");
    }
    let below = UploadQuery {
        prefix: "a/".to_owned(),
        delimiter: "/".to_owned(),
        ..query(bucket)
    };
    let page = store.list_uploads(&below).await.unwrap();
    assert_eq!(entries(&page), all()[1..4]);
}

async fn marker_of_an_aborted_upload_works(store: Store) {
    let bucket = filled(&store).await;
    store
        .abort_upload(bucket, key("b"), upload_id(6), now())
        .await
        .unwrap();
    let after = UploadQuery {
        start: UploadStart::AfterUpload("b".to_owned(), upload_id(6)),
        ..query(bucket)
    };
    let page = store.list_uploads(&after).await.unwrap();
    assert_eq!(entries(&page), all()[6..]);
    let after_key = UploadQuery {
        start: UploadStart::AfterKey("b".to_owned()),
        ..query(bucket)
    };
    let page = store.list_uploads(&after_key).await.unwrap();
    assert_eq!(entries(&page), all()[7..]);
}

async fn completed_uploads_are_not_listed(store: Store) {
    let bucket = bucket(&store).await.id;
    store
        .create_upload(new_upload(bucket, "a", 1))
        .await
        .unwrap();
    let parts = put_parts(&store, bucket, &["one"]).await;
    store
        .complete_upload(completion(bucket, &parts))
        .await
        .unwrap();
    let page = store.list_uploads(&query(bucket)).await.unwrap();
    assert_eq!(page, UploadPage::default());
}

async fn many_uploads_below_a_prefix_are_skipped(store: Store) {
    let bucket = bucket(&store).await.id;
    for number in 0..30 {
        for name in [format!("p/{number}"), format!("q/{number}")] {
            let new = new_upload(bucket, &name, number);
            store.create_upload(new).await.unwrap();
        }
    }
    let grouped = UploadQuery {
        delimiter: "/".to_owned(),
        ..query(bucket)
    };
    let page = store.list_uploads(&grouped).await.unwrap();
    assert_eq!(page.common_prefixes, ["p/", "q/"]);
    assert!(page.uploads.is_empty() && !page.is_truncated);
}
