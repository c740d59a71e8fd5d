//! Objects against a map: whatever is done, the store answers as the map does.

use std::{cell::Cell, collections::BTreeMap};

use buckler_metadata::{
    Body, CreateBucket, DatabaseLocation, DeleteCondition, DeleteEntry, DeleteObject, IfMatch,
    ListQuery, ListStart, PutObject, Store, Unmet, WritePrecondition,
};
use buckler_s3::VersionSelector;
use proptest::{collection::vec, prelude::*};

use crate::{
    backends::block_on,
    fixtures::{etag, key, main_account, new_bucket, now, object},
};

const BODIES: [&str; 3] = ["1", "2", "3"];

#[derive(Debug, Clone)]
enum Op {
    Put(&'static str, &'static str, Condition),
    Delete(&'static str, Condition),
    Get(&'static str),
    List(&'static str, u32),
}

#[derive(Debug, Clone)]
enum Condition {
    None,
    /// `If-None-Match: *` of a put, `If-Match: *` of a deletion.
    Star,
    ETag(&'static str),
}

fn op() -> impl Strategy<Value = Op> {
    let name = || prop::sample::select(&["a", "a/1", "a/2", "b", "b/", "é"][..]);
    let body = || prop::sample::select(&BODIES[..]);
    let condition = || {
        prop_oneof![
            3 => Just(Condition::None),
            1 => Just(Condition::Star),
            1 => body().prop_map(Condition::ETag),
        ]
    };
    prop_oneof![
        4 => (name(), body(), condition()).prop_map(|(n, b, c)| Op::Put(n, b, c)),
        2 => (name(), condition()).prop_map(|(n, c)| Op::Delete(n, c)),
        2 => name().prop_map(Op::Get),
        1 => (prop::sample::select(&["", "a", "a/", "z"][..]), 1..5_u32).prop_map(|(p, n)| Op::List(p, n)),
    ]
}

#[test]
fn store_agrees_with_the_map_on_sqlite() {
    check(&DatabaseLocation::memory(), 200);
}

#[test]
fn store_agrees_with_the_map_on_postgres() {
    let url = buckler_testkit::postgres::database().unwrap();
    check(&DatabaseLocation::parse(&url).unwrap(), 30);
}

/// Runs each case in a bucket of its own.
fn check(location: &DatabaseLocation, cases: u32) {
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    };
    let buckets = Cell::new(0);
    block_on(async {
        let store = Store::open(location).await.unwrap();
        store.upsert_account(main_account(), now()).await.unwrap();
        tokio::task::block_in_place(|| {
            proptest!(config, |(ops in vec(op(), 1..40))| {
                buckets.set(buckets.get() + 1);
                let name = format!("bucket-{}", buckets.get());
                tokio::runtime::Handle::current().block_on(agree(&store, &name, ops))?;
            });
        });
        store.close().await.unwrap();
    });
}

async fn agree(store: &Store, name: &str, ops: Vec<Op>) -> Result<(), TestCaseError> {
    let made = store.create_bucket(new_bucket(name, &main_account()));
    let CreateBucket::Created(bucket) = made.await.unwrap() else {
        panic!("the bucket is there");
    };
    let mut model = BTreeMap::new();
    for op in ops {
        match op {
            Op::Put(name, body, condition) => {
                let expected = put(&mut model, name, body, &condition);
                let mut new = object(bucket.id, name, body);
                new.precondition = match condition {
                    Condition::None => WritePrecondition::None,
                    Condition::Star => WritePrecondition::IfNoneMatchAny,
                    Condition::ETag(tag) => WritePrecondition::IfMatch(IfMatch::Tag(etag(tag))),
                };
                let found = match store.put_object(new).await.unwrap() {
                    PutObject::Stored { .. } => None,
                    PutObject::PreconditionFailed(unmet) => Some(unmet),
                    PutObject::NoSuchBucket => panic!("the bucket is gone"),
                };
                prop_assert_eq!(found, expected);
            }
            Op::Delete(name, condition) => {
                let expected = delete(&mut model, name, &condition);
                let entry = DeleteEntry {
                    key: key(name),
                    version: VersionSelector::Latest,
                    condition: match condition {
                        Condition::None => DeleteCondition::None,
                        Condition::Star => DeleteCondition::IfMatch(IfMatch::Any),
                        Condition::ETag(tag) => DeleteCondition::IfMatch(IfMatch::Tag(etag(tag))),
                    },
                };
                let found = store.delete_object(bucket.id, entry, now()).await.unwrap();
                prop_assert_eq!(found, expected);
            }
            Op::Get(name) => {
                let latest = VersionSelector::Latest;
                let found = store.get_object(bucket.id, &key(name), &latest).await;
                let found = found.unwrap().map(|stored| stored.body);
                let expected = model
                    .get(name)
                    .map(|body| Some(Body::Inline((*body).into())));
                prop_assert_eq!(found, expected);
            }
            Op::List(prefix, entries_max) => {
                let found = list(store, bucket.id, prefix, entries_max).await;
                let with_prefix = model.keys().filter(|name| name.starts_with(prefix));
                let expected: Vec<_> = with_prefix.map(|name| (*name).to_owned()).collect();
                prop_assert_eq!(found, expected);
            }
        }
    }
    Ok(())
}

type Model = BTreeMap<&'static str, &'static str>;

fn put(
    model: &mut Model,
    name: &'static str,
    body: &'static str,
    condition: &Condition,
) -> Option<Unmet> {
    let unmet = match (condition, model.get(name)) {
        (Condition::Star, Some(_)) => Some(Unmet::IfNoneMatch),
        (Condition::ETag(_), None) => Some(Unmet::NoSuchKey),
        (Condition::ETag(tag), Some(current)) if tag != current => Some(Unmet::IfMatch),
        _ => None,
    };
    if unmet.is_none() {
        model.insert(name, body);
    }
    unmet
}

fn delete(model: &mut Model, name: &'static str, condition: &Condition) -> DeleteObject {
    match (condition, model.get(name)) {
        (Condition::None, None) => DeleteObject::Absent,
        (_, None) => DeleteObject::PreconditionFailed(Unmet::NoSuchKey),
        (Condition::ETag(tag), Some(current)) if tag != current => {
            DeleteObject::PreconditionFailed(Unmet::IfMatch)
        }
        _ => {
            model.remove(name);
            DeleteObject::Deleted
        }
    }
}

async fn list(store: &Store, bucket_id: i64, prefix: &str, entries_max: u32) -> Vec<String> {
    let mut query = ListQuery {
        bucket_id,
        prefix: prefix.to_owned(),
        delimiter: String::new(),
        start: ListStart::Beginning,
        entries_max,
    };
    let mut names = Vec::new();
    loop {
        let page = store.list_objects(&query).await.unwrap();
        names.extend(page.objects.iter().map(|row| row.key.to_string()));
        match page.next {
            Some(next) => query.start = next,
            None => return names,
        }
    }
}
