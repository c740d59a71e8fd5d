//! Listing.

use std::collections::BTreeSet;

use buckler_metadata::{ListPage, ListQuery, ListStart, Store};

use crate::{
    backends::on_every_database,
    fixtures::{bucket, main_account, object},
};

on_every_database!(
    keys_are_listed_in_the_order_of_their_bytes,
    pages_continue_where_they_ended,
    common_prefixes_count_and_are_skipped,
    marker_within_a_group_skips_the_group,
    delimiter_may_be_several_characters,
    empty_page_is_not_truncated,
    listing_agrees_with_the_naive_definition,
);

async fn fill(store: &Store, names: &[&str]) -> i64 {
    let bucket = bucket(store).await.id;
    for name in names {
        store.put_object(object(bucket, name, "1")).await.unwrap();
    }
    bucket
}

fn query(bucket_id: i64, prefix: &str, delimiter: &str, entries_max: u32) -> ListQuery {
    ListQuery {
        bucket_id,
        prefix: prefix.to_owned(),
        delimiter: delimiter.to_owned(),
        start: ListStart::Beginning,
        entries_max,
    }
}

fn keys(page: &ListPage) -> String {
    let keys: Vec<_> = page.objects.iter().map(|row| row.key.as_str()).collect();
    keys.join(" ")
}

async fn keys_are_listed_in_the_order_of_their_bytes(store: Store) {
    let bucket = fill(&store, &["b", "a/b", "é", "a", "Z", "😀", "\u{ffff}", "a!"]).await;
    let page = store
        .list_objects(&query(bucket, "", "", 100))
        .await
        .unwrap();
    assert_eq!(keys(&page), "Z a a! a/b b é \u{ffff} 😀");
    assert_eq!(page.next, None);
    let row = &page.objects[0];
    assert_eq!(
        page.owners[&row.owner.unwrap()],
        main_account().canonical_id
    );
    let page = store
        .list_objects(&query(bucket, "a", "", 100))
        .await
        .unwrap();
    assert_eq!(keys(&page), "a a! a/b");
}

async fn pages_continue_where_they_ended(store: Store) {
    let bucket = fill(&store, &["a", "b", "c", "d"]).await;
    let mut query = query(bucket, "", "", 2);
    let page = store.list_objects(&query).await.unwrap();
    assert_eq!(keys(&page), "a b");
    query.start = page.next.unwrap();
    assert_eq!(query.start, ListStart::After("b".to_owned()));
    let page = store.list_objects(&query).await.unwrap();
    assert_eq!((keys(&page).as_str(), page.next), ("c d", None));
}

async fn common_prefixes_count_and_are_skipped(store: Store) {
    let many: Vec<_> = (0..40).map(|i| format!("b/{i:02}")).collect();
    let mut names = vec!["a", "b", "c/1", "c/2", "d"];
    names.extend(many.iter().map(String::as_str));
    let bucket = fill(&store, &names).await;
    let mut query = query(bucket, "", "/", 3);
    let page = store.list_objects(&query).await.unwrap();
    assert_eq!(keys(&page), "a b");
    assert_eq!(page.common_prefixes, ["b/"]);
    query.start = page.next.unwrap();
    assert_eq!(query.start, ListStart::AfterPrefix("b/".to_owned()));
    let page = store.list_objects(&query).await.unwrap();
    assert_eq!(keys(&page), "d");
    assert_eq!(page.common_prefixes, ["c/"]);
    assert_eq!(page.next, None);
}

async fn marker_within_a_group_skips_the_group(store: Store) {
    let bucket = fill(&store, &["a/1", "a/2", "b"]).await;
    let mut query = query(bucket, "", "/", 10);
    query.start = ListStart::AfterGroupOf("a/1".to_owned());
    let page = store.list_objects(&query).await.unwrap();
    assert_eq!((keys(&page).as_str(), page.common_prefixes.len()), ("b", 0));
    query.start = ListStart::After("a/1".to_owned());
    let page = store.list_objects(&query).await.unwrap();
    assert_eq!(page.common_prefixes, ["a/"]);
}

async fn delimiter_may_be_several_characters(store: Store) {
    let bucket = fill(&store, &["x--y--1", "x--y--2", "x-y", "x--z"]).await;
    let page = store
        .list_objects(&query(bucket, "x--", "--", 10))
        .await
        .unwrap();
    assert_eq!(page.common_prefixes, ["x--y--"]);
    assert_eq!(keys(&page), "x--z");
}

async fn empty_page_is_not_truncated(store: Store) {
    let bucket = fill(&store, &["a"]).await;
    let page = store.list_objects(&query(bucket, "", "", 0)).await.unwrap();
    assert_eq!(page, ListPage::default());
    let page = store
        .list_objects(&query(bucket, "b", "/", 5))
        .await
        .unwrap();
    assert_eq!(page, ListPage::default());
}

/// Every page size, prefix and delimiter over a bucket in which they all matter.
async fn listing_agrees_with_the_naive_definition(store: Store) {
    let letters = ["a", "/", "b", "é"];
    let mut names = BTreeSet::new();
    for x in letters {
        for y in letters {
            names.insert(format!("{x}{y}"));
            names.insert(format!("{x}{y}/{y}"));
            names.insert(x.to_owned());
        }
    }
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let bucket = fill(&store, &names).await;
    for prefix in ["", "a", "a/", "é", "//", "x"] {
        for delimiter in ["", "/", "é", "a/"] {
            let expected = naive(&names, prefix, delimiter);
            for entries_max in [1, 2, 3, 7, 100] {
                let found = walk(&store, query(bucket, prefix, delimiter, entries_max)).await;
                assert_eq!(found, expected, "`{prefix}` `{delimiter}` {entries_max}");
            }
        }
    }
}

fn naive(names: &[&str], prefix: &str, delimiter: &str) -> Vec<String> {
    let mut entries = Vec::new();
    for name in names {
        let Some(rest) = name.strip_prefix(prefix) else {
            continue;
        };
        let entry = match rest.split_once(delimiter) {
            Some((group, _)) if !delimiter.is_empty() => format!("{prefix}{group}{delimiter}*"),
            _ => (*name).to_owned(),
        };
        if entries.last() != Some(&entry) {
            entries.push(entry);
        }
    }
    entries
}

/// All pages; common prefixes carry a star.
async fn walk(store: &Store, mut query: ListQuery) -> Vec<String> {
    let mut entries = Vec::new();
    loop {
        let page = store.list_objects(&query).await.unwrap();
        let mut both: Vec<_> = page.objects.iter().map(|row| row.key.to_string()).collect();
        both.extend(
            page.common_prefixes
                .iter()
                .map(|prefix| format!("{prefix}*")),
        );
        both.sort_by(|a, b| a.trim_end_matches('*').cmp(b.trim_end_matches('*')));
        assert!(both.len() <= query.entries_max as usize);
        entries.extend(both);
        match page.next {
            Some(next) => query.start = next,
            None => return entries,
        }
    }
}
