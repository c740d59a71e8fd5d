//! Pages of versions and delete markers.

use std::collections::BTreeMap;

use buckler_metadata::{
    DeleteObject, PutObject, Store, VersionKind, VersionsPage, VersionsQuery, VersionsStart,
};
use buckler_s3::{VersionId, VersionSelector, Versioning};

use crate::{
    backends::on_every_database,
    fixtures::{bucket, delete_entry, deletion, main_account, object},
};

on_every_database!(
    unversioned_objects_are_null_and_latest,
    versions_come_newest_first_with_markers_among_them,
    pages_agree_with_the_naive_definition,
    page_goes_on_behind_a_version_that_is_gone,
    page_goes_on_when_the_null_version_is_gone,
    latest_is_told_within_a_key,
    history_is_skipped_in_listings_of_objects,
    cost_follows_the_page,
);

fn query(bucket_id: i64) -> VersionsQuery {
    VersionsQuery {
        bucket_id,
        prefix: String::new(),
        delimiter: String::new(),
        start: VersionsStart::Beginning,
        entries_max: 100,
    }
}

async fn versioned(store: &Store) -> i64 {
    let bucket = bucket(store).await.id;
    set(store, bucket, Versioning::Enabled).await;
    bucket
}

async fn set(store: &Store, bucket: i64, versioning: Versioning) {
    let set = store.put_bucket_versioning(bucket, versioning, None);
    set.await.unwrap();
}

async fn put(store: &Store, bucket: i64, name: &str) -> VersionId {
    match store.put_object(object(bucket, name, "1")).await.unwrap() {
        PutObject::Stored { version_id } => version_id.unwrap_or_else(VersionId::null),
        refused => panic!("{refused:?}"),
    }
}

async fn delete(store: &Store, bucket: i64, name: &str, version: VersionSelector) -> DeleteObject {
    let entry = delete_entry(name, version);
    store.delete_object(deletion(bucket), entry).await.unwrap()
}

async fn marker(store: &Store, bucket: i64, name: &str) -> VersionId {
    match delete(store, bucket, name, VersionSelector::Latest).await {
        DeleteObject::MarkerMade { version_id } => version_id,
        other => panic!("{other:?}"),
    }
}

/// Entries as `key id` with `!` for the latest and `~`, which no id holds, for a marker, common prefixes as `prefix*`.
fn show(page: &VersionsPage) -> Vec<String> {
    let version = |version: &buckler_metadata::ListedVersion| {
        let latest = if version.is_latest { "!" } else { "" };
        let marker = match version.kind {
            VersionKind::Object => "",
            VersionKind::DeleteMarker => "~",
        };
        format!(
            "{} {}{latest}{marker}",
            version.object.key, version.version_id
        )
    };
    let prefixes = page.common_prefixes.iter();
    let entries = page.versions.iter().map(version);
    entries
        .chain(prefixes.map(|prefix| format!("{prefix}*")))
        .collect()
}

async fn unversioned_objects_are_null_and_latest(store: Store) {
    let bucket = bucket(&store).await.id;
    for name in ["b", "a"] {
        put(&store, bucket, name).await;
    }
    let page = store.list_versions(&query(bucket)).await.unwrap();
    assert_eq!(show(&page), ["a null!", "b null!"]);
    let owner = main_account();
    assert_eq!(page.owners.get(&owner.id), Some(&owner.canonical_id));
    let mut none = query(bucket);
    none.entries_max = 0;
    let page = store.list_versions(&none).await.unwrap();
    assert_eq!(page, VersionsPage::default());
}

async fn versions_come_newest_first_with_markers_among_them(store: Store) {
    let bucket = bucket(&store).await.id;
    put(&store, bucket, "a").await;
    set(&store, bucket, Versioning::Enabled).await;
    let first = put(&store, bucket, "a").await;
    let second = marker(&store, bucket, "a").await;
    let third = put(&store, bucket, "a").await;
    let other = marker(&store, bucket, "b").await;
    let page = store.list_versions(&query(bucket)).await.unwrap();
    let expected = [
        format!("a {third}!"),
        format!("a {second}~"),
        format!("a {first}"),
        "a null".to_owned(),
        format!("b {other}!~"),
    ];
    assert_eq!(show(&page), expected);
    assert_eq!(page.next, None);
}

/// Every page size, prefix and delimiter over histories of different lengths.
async fn pages_agree_with_the_naive_definition(store: Store) {
    let bucket = versioned(&store).await;
    let mut model: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let names = ["a", "a/", "a/1", "a/2/x", "b", "b//", "é/1", "é/2"];
    for (index, name) in names.into_iter().enumerate() {
        for round in 0..=(index * 5) % 12 {
            let entry = if round % 3 == 1 {
                format!("{}~", marker(&store, bucket, name).await)
            } else {
                put(&store, bucket, name).await.to_string()
            };
            model.entry(name).or_default().insert(0, entry);
        }
    }
    for prefix in ["", "a", "a/", "é", "x"] {
        for delimiter in ["", "/", "//"] {
            let expected = naive(&model, prefix, delimiter);
            for entries_max in [1, 2, 3, 7, 100] {
                let query = VersionsQuery {
                    prefix: prefix.to_owned(),
                    delimiter: delimiter.to_owned(),
                    entries_max,
                    ..query(bucket)
                };
                let found = walk(&store, query).await;
                assert_eq!(found, expected, "`{prefix}` `{delimiter}` {entries_max}");
            }
        }
    }
}

fn naive(model: &BTreeMap<&str, Vec<String>>, prefix: &str, delimiter: &str) -> Vec<String> {
    let mut entries = Vec::new();
    for (name, versions) in model {
        let Some(rest) = name.strip_prefix(prefix) else {
            continue;
        };
        match rest.split_once(delimiter).filter(|_| !delimiter.is_empty()) {
            Some((group, _)) => {
                let entry = format!("{prefix}{group}{delimiter}*");
                if entries.last() != Some(&entry) {
                    entries.push(entry);
                }
            }
            None => {
                for (index, version) in versions.iter().enumerate() {
                    let latest = if index == 0 { "!" } else { "" };
                    let (id, mark) = match version.strip_suffix('~') {
                        Some(id) => (id, "~"),
                        None => (version.as_str(), ""),
                    };
                    entries.push(format!("{name} {id}{latest}{mark}"));
                }
            }
        }
    }
    entries
}

/// All pages; entries and common prefixes put back into one order.
async fn walk(store: &Store, mut query: VersionsQuery) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        let page = store.list_versions(&query).await.unwrap();
        let mut entries = show(&page);
        assert!(entries.len() <= query.entries_max as usize);
        let name = |entry: &String| match entry.strip_suffix('*') {
            Some(prefix) => prefix.to_owned(),
            None => entry.rsplit_once(' ').unwrap().0.to_owned(),
        };
        entries.sort_by_key(name);
        all.extend(entries);
        match page.next {
            Some(next) => query.start = next,
            None => return all,
        }
    }
}

/// Clients delete page by page, and the marker of the next page is what they have just deleted.
async fn page_goes_on_behind_a_version_that_is_gone(store: Store) {
    let bucket = versioned(&store).await;
    for _ in 0..9 {
        put(&store, bucket, "a").await;
    }
    put(&store, bucket, "b").await;
    let mut query = query(bucket);
    query.entries_max = 4;
    let mut pages = Vec::new();
    loop {
        let page = store.list_versions(&query).await.unwrap();
        pages.push(page.versions.len());
        for version in page.versions {
            let selector = VersionSelector::Id(version.version_id);
            delete(&store, bucket, version.object.key.as_str(), selector).await;
        }
        match page.next {
            Some(next) => query.start = next,
            None => break,
        }
    }
    assert_eq!(pages, [4, 4, 2]);
    query.start = VersionsStart::Beginning;
    let page = store.list_versions(&query).await.unwrap();
    assert!(page.versions.is_empty());
}

async fn page_goes_on_when_the_null_version_is_gone(store: Store) {
    let bucket = bucket(&store).await.id;
    put(&store, bucket, "a").await;
    set(&store, bucket, Versioning::Enabled).await;
    let above = put(&store, bucket, "a").await;
    let mut query = query(bucket);
    query.start = VersionsStart::AfterVersion("a".to_owned(), VersionId::null());
    let page = store.list_versions(&query).await.unwrap();
    assert!(page.versions.is_empty());
    let null = VersionSelector::Id(VersionId::null());
    delete(&store, bucket, "a", null).await;
    let page = store.list_versions(&query).await.unwrap();
    assert_eq!(show(&page), [format!("a {above}!")]);
}

async fn latest_is_told_within_a_key(store: Store) {
    let bucket = versioned(&store).await;
    let first = put(&store, bucket, "a").await;
    let second = put(&store, bucket, "a").await;
    let mut query = query(bucket);
    query.start = VersionsStart::AfterVersion("a".to_owned(), second.clone());
    let page = store.list_versions(&query).await.unwrap();
    assert_eq!(show(&page), [format!("a {first}")]);
    delete(&store, bucket, "a", VersionSelector::Id(second)).await;
    let page = store.list_versions(&query).await.unwrap();
    assert_eq!(show(&page), [format!("a {first}!")]);
}

async fn history_is_skipped_in_listings_of_objects(store: Store) {
    let bucket = versioned(&store).await;
    for name in ["a", "b", "c/1", "c/2", "d"] {
        for _ in 0..30 {
            put(&store, bucket, name).await;
        }
    }
    marker(&store, bucket, "b").await;
    for delimiter in ["", "/"] {
        for entries_max in [1, 2, 10] {
            let mut query = buckler_metadata::ListQuery {
                bucket_id: bucket,
                prefix: String::new(),
                delimiter: delimiter.to_owned(),
                start: buckler_metadata::ListStart::Beginning,
                entries_max,
            };
            let mut found = Vec::new();
            loop {
                let page = store.list_objects(&query).await.unwrap();
                found.extend(page.objects.iter().map(|object| object.key.to_string()));
                found.extend(page.common_prefixes);
                match page.next {
                    Some(next) => query.start = next,
                    None => break,
                }
            }
            found.sort();
            let expected: &[&str] = match delimiter {
                "" => &["a", "c/1", "c/2", "d"],
                _ => &["a", "c/", "d"],
            };
            assert_eq!(found, expected, "{entries_max}");
        }
    }
}

/// What lies below a common prefix, and what is older than the current version, is not read.
async fn cost_follows_the_page(store: Store) {
    let bucket = versioned(&store).await;
    for name in ["a/1", "a/2", "b", "c/1"] {
        for _ in 0..60 {
            put(&store, bucket, name).await;
        }
    }
    let mut query = query(bucket);
    query.delimiter = "/".to_owned();
    query.entries_max = 3;
    let page = store.list_versions(&query).await.unwrap();
    assert_eq!(page.common_prefixes, ["a/"]);
    assert!(page.rows_read <= 24, "{}", page.rows_read);
    let query = buckler_metadata::ListQuery {
        bucket_id: bucket,
        prefix: String::new(),
        delimiter: "/".to_owned(),
        start: buckler_metadata::ListStart::Beginning,
        entries_max: 100,
    };
    let page = store.list_objects(&query).await.unwrap();
    assert_eq!(page.common_prefixes, ["a/", "c/"]);
    assert!(page.rows_read <= 40, "{}", page.rows_read);
}
