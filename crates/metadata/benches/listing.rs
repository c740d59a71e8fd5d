//! What a page of a listing costs out of a thousand, a hundred thousand and a million keys: the rows alone, and with
//! the document that a client gets. Prints how many rows each page read.
//!
//! On `SQLite` in a temporary file.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench stops where it fails"
)]

mod fixtures;

use buckler_metadata::{
    DatabaseLocation, ListPage, ListQuery, ListStart, Store, VersionsQuery, VersionsStart,
};
use buckler_s3::ops::{ListedObject, list_objects_v2};
use buckler_s3::{
    FromRequest as _, IntoAnswer as _, Region, Request, RequestHead, Versioning, route,
};
use criterion::{Criterion, criterion_group, criterion_main};
use http::{HeaderMap, Method};
use std::{fmt::Display, hint::black_box, time::Duration};
use tokio::runtime::Runtime;

use fixtures::{bucket, fill};

const PAGE: u32 = 1000;

fn key(index: u32) -> String {
    format!("folder/{index:09}/object.bin")
}

fn query(bucket_id: i64, delimiter: &str, start: ListStart) -> ListQuery {
    ListQuery {
        bucket_id,
        prefix: String::new(),
        delimiter: delimiter.to_owned(),
        start,
        entries_max: PAGE,
    }
}

/// A page of a bucket of so many keys.
type PageOf = fn(i64, u32) -> ListQuery;

const PAGES: [(&str, PageOf); 4] = [
    ("page", |bucket, _| query(bucket, "", ListStart::Beginning)),
    ("deep", |bucket, count| {
        let start = ListStart::After(key((count - 1).saturating_sub(PAGE)));
        query(bucket, "", start)
    }),
    ("thousand groups", |bucket, _| ListQuery {
        prefix: "folder/".to_owned(),
        ..query(bucket, "/", ListStart::Beginning)
    }),
    ("one group", |bucket, _| {
        query(bucket, "/", ListStart::Beginning)
    }),
];

/// The document of a page, as the server answers it.
fn document(page: ListPage) -> usize {
    let headers = HeaderMap::new();
    let head = RequestHead {
        method: &Method::GET,
        raw_path: "/bucket",
        raw_query: "list-type=2&fetch-owner=true",
        headers: &headers,
    };
    let route = route(&head, &[]).unwrap();
    let request = Request {
        head,
        target: &route.target,
        query: &route.query,
    };
    let owners = page.owners;
    let contents = page.objects.into_iter().map(|object| ListedObject {
        owner: *owners.get(&object.owner.unwrap()).unwrap(),
        key: object.key,
        last_modified: object.created_at,
        etag: object.etag,
        checksum: object.checksum,
        size_bytes: object.size_bytes,
        storage_class: object.storage_class,
    });
    let output = list_objects_v2::Output {
        request: list_objects_v2::Input::from_request(&request).unwrap(),
        contents: contents.collect(),
        common_prefixes: page.common_prefixes,
        next: None,
        region: Region::new("us-east-1"),
    };
    output.into_answer().body.len()
}

fn measure(
    c: &mut Criterion,
    runtime: &Runtime,
    store: &Store,
    name: impl Display,
    query: &ListQuery,
) {
    let page = runtime.block_on(store.list_objects(query)).unwrap();
    println!(
        "{name}: {} objects, {} common prefixes, {} rows read",
        page.objects.len(),
        page.common_prefixes.len(),
        page.rows_read
    );
    c.bench_function(&name.to_string(), |b| {
        b.iter(|| black_box(runtime.block_on(store.list_objects(query)).unwrap()));
    });
}

fn listing(c: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let store = runtime.block_on(fixtures::open(&DatabaseLocation::memory()));
    let buckets = [1_000, 100_000, 1_000_000].map(|count| {
        let bucket = runtime.block_on(async {
            let bucket = bucket(&store, &format!("keys-{count}")).await;
            fill(&store, bucket, (0..count).map(key)).await;
            bucket
        });
        (count, bucket)
    });
    // A page out of few keys and out of many, one right after the other: it is their ratio that counts.
    for (name, page_of) in PAGES {
        for (count, bucket) in buckets {
            let query = page_of(bucket, count);
            measure(c, &runtime, &store, format!("{name}/{count}"), &query);
        }
    }
    let [(_, bucket_of_thousand), ..] = buckets;
    let first = query(bucket_of_thousand, "", ListStart::Beginning);
    c.bench_function("document of 1000", |b| {
        b.iter(|| {
            let page = runtime.block_on(store.list_objects(&first)).unwrap();
            black_box(document(page))
        });
    });
    let bucket_of_groups = runtime.block_on(async {
        let bucket = bucket(&store, "thirty-two-groups").await;
        let keys = (0..10_000_u32).map(|index| format!("{:02}/{index:06}", index % 32));
        fill(&store, bucket, keys).await;
        bucket
    });
    let groups = query(bucket_of_groups, "/", ListStart::Beginning);
    measure(c, &runtime, &store, "32 groups of 10000 keys", &groups);
    versions(c, &runtime, &store);
}

/// A thousand keys of a hundred versions: a page of objects, and one of versions.
fn versions(c: &mut Criterion, runtime: &Runtime, store: &Store) {
    let bucket = runtime.block_on(async {
        let bucket = bucket(store, "histories").await;
        let set = store.put_bucket_versioning(bucket, Versioning::Enabled, None);
        set.await.unwrap();
        for _ in 0..100 {
            fill(store, bucket, (0..1000).map(key)).await;
        }
        bucket
    });
    let objects = query(bucket, "", ListStart::Beginning);
    measure(c, runtime, store, "1000 keys of 100 versions", &objects);
    let query = VersionsQuery {
        bucket_id: bucket,
        prefix: String::new(),
        delimiter: String::new(),
        start: VersionsStart::Beginning,
        entries_max: PAGE,
    };
    c.bench_function("page of versions", |b| {
        b.iter(|| black_box(runtime.block_on(store.list_versions(&query)).unwrap()));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(1));
    targets = listing
}
criterion_main!(benches);
