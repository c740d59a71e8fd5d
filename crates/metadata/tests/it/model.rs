//! Objects against a map of versions: whatever is done, the store answers as the map does.

use std::{cell::Cell, collections::BTreeMap};

use buckler_metadata::{
    Body, CreateBucket, DatabaseLocation, DeleteCondition, DeleteObject, IfMatch, ListQuery,
    ListStart, PutObject, Store, Unmet, VersionKind, VersionsQuery, VersionsStart,
    WritePrecondition,
};
use buckler_s3::{VersionId, VersionSelector, Versioning};
use proptest::{collection::vec, prelude::*};

use crate::{
    backends::block_on,
    fixtures::{delete_entry, deletion, etag, key, main_account, new_bucket, now, object},
};

const BODIES: [&str; 3] = ["1", "2", "3"];

#[derive(Debug, Clone)]
enum Op {
    Versioning(Versioning),
    Put(&'static str, &'static str, Condition),
    Delete(&'static str, Which, Condition),
    Get(&'static str, Which),
    List(&'static str, u32),
    ListVersions(&'static str, u32),
}

#[derive(Debug, Clone)]
enum Condition {
    None,
    /// `If-None-Match: *` of a put, `If-Match: *` of a deletion.
    Star,
    ETag(&'static str),
}

#[derive(Debug, Clone, Copy)]
enum Which {
    Latest,
    Null,
    /// Counted from the newest; one that is not there is some other id.
    Nth(usize),
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
    let which = || {
        prop_oneof![
            3 => Just(Which::Latest),
            1 => Just(Which::Null),
            2 => (0..4_usize).prop_map(Which::Nth),
        ]
    };
    let state = prop::sample::select(&[Versioning::Enabled, Versioning::Suspended][..]);
    prop_oneof![
        1 => state.prop_map(Op::Versioning),
        6 => (name(), body(), condition()).prop_map(|(n, b, c)| Op::Put(n, b, c)),
        4 => (name(), which(), condition()).prop_map(|(n, w, c)| Op::Delete(n, w, c)),
        3 => (name(), which()).prop_map(|(n, w)| Op::Get(n, w)),
        1 => (prop::sample::select(&["", "a", "a/", "z"][..]), 1..5_u32).prop_map(|(p, n)| Op::List(p, n)),
        1 => (prop::sample::select(&["", "a", "a/", "z"][..]), 1..5_u32)
            .prop_map(|(p, n)| Op::ListVersions(p, n)),
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
            proptest!(config, |(ops in vec(op(), 1..60))| {
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
    let bucket = bucket.id;
    let mut model = Model::default();
    for op in ops {
        match op {
            Op::Versioning(versioning) => {
                model.versioning = Some(versioning);
                let set = store.put_bucket_versioning(bucket, versioning, None);
                set.await.unwrap();
            }
            Op::Put(name, body, condition) => {
                let mut new = object(bucket, name, body);
                new.precondition = match condition {
                    Condition::None => WritePrecondition::None,
                    Condition::Star => WritePrecondition::IfNoneMatchAny,
                    Condition::ETag(tag) => WritePrecondition::IfMatch(IfMatch::Tag(etag(tag))),
                };
                let unmet = model.put_unmet(name, &condition);
                match store.put_object(new).await.unwrap() {
                    PutObject::Stored { version_id } => {
                        prop_assert_eq!(None, unmet);
                        let versioned = model.versioning.is_some();
                        prop_assert_eq!(version_id.is_some(), versioned);
                        let id = version_id.unwrap_or_else(VersionId::null);
                        let expects_null = model.versioning != Some(Versioning::Enabled);
                        prop_assert_eq!(id.is_null(), expects_null);
                        model.add(name, id, Some(body));
                    }
                    PutObject::PreconditionFailed(found) => {
                        prop_assert_eq!(Some(found), unmet);
                    }
                    PutObject::NoSuchBucket => panic!("the bucket is gone"),
                }
            }
            Op::Delete(name, which, condition) => {
                let version = model.selector(name, which);
                let mut entry = delete_entry(name, version.clone());
                entry.condition = match condition {
                    Condition::None => DeleteCondition::None,
                    Condition::Star => DeleteCondition::IfMatch(IfMatch::Any),
                    Condition::ETag(tag) => DeleteCondition::IfMatch(IfMatch::Tag(etag(tag))),
                };
                let found = store.delete_object(deletion(bucket), entry).await.unwrap();
                if let DeleteObject::MarkerMade { version_id } = &found {
                    prop_assert_eq!(model.delete_unmet(name, &version, &condition), None);
                    prop_assert!(version == VersionSelector::Latest && model.versioning.is_some());
                    let expects_null = model.versioning == Some(Versioning::Suspended);
                    prop_assert_eq!(version_id.is_null(), expects_null);
                    model.add(name, version_id.clone(), None);
                } else {
                    prop_assert_eq!(&found, &model.delete(name, &version, &condition));
                }
            }
            Op::Get(name, which) => {
                let version = model.selector(name, which);
                let found = store.get_object(bucket, &key(name), &version).await;
                let found = found.unwrap();
                let expected = model.find(name, &version).map(|at| &model.keys[name][at]);
                let found = found.map(|stored| (stored.object.version_id, stored.body));
                let expected = expected.map(|version| {
                    let body = version.body.map(|body| Body::Inline(body.into()));
                    (version.id.clone(), body)
                });
                prop_assert_eq!(found, expected);
            }
            Op::List(prefix, entries_max) => {
                let found = list(store, bucket, prefix, entries_max).await;
                let live = |name: &&&str| model.live(name).is_some();
                let names = model.keys.keys().filter(live);
                let expected: Vec<_> = names
                    .filter(|name| name.starts_with(prefix))
                    .map(|name| (*name).to_owned())
                    .collect();
                prop_assert_eq!(found, expected);
            }
            Op::ListVersions(prefix, entries_max) => {
                let found = list_versions(store, bucket, prefix, entries_max).await;
                let keys = model.keys.iter();
                let expected: Vec<_> = keys
                    .filter(|(name, _)| name.starts_with(prefix))
                    .flat_map(|(name, versions)| {
                        versions.iter().enumerate().map(|(at, version)| {
                            let is_object = version.body.is_some();
                            ((*name).to_owned(), version.id.clone(), at == 0, is_object)
                        })
                    })
                    .collect();
                prop_assert_eq!(found, expected);
            }
        }
    }
    Ok(())
}

/// The versions of each key, newest first.
#[derive(Debug, Default)]
struct Model {
    versioning: Option<Versioning>,
    keys: BTreeMap<&'static str, Vec<ModelVersion>>,
}

#[derive(Debug)]
struct ModelVersion {
    id: VersionId,
    /// `None` for a delete marker.
    body: Option<&'static str>,
}

impl Model {
    fn add(&mut self, name: &'static str, id: VersionId, body: Option<&'static str>) {
        let versions = self.keys.entry(name).or_default();
        if id.is_null() {
            versions.retain(|version| !version.id.is_null());
        }
        versions.insert(0, ModelVersion { id, body });
    }

    fn live(&self, name: &str) -> Option<&'static str> {
        self.keys.get(name)?.first()?.body
    }

    fn selector(&self, name: &str, which: Which) -> VersionSelector {
        match which {
            Which::Latest => VersionSelector::Latest,
            Which::Null => VersionSelector::Id(VersionId::null()),
            Which::Nth(nth) => {
                let versions = self.keys.get(name);
                let version = versions.and_then(|versions| versions.get(nth));
                let other = VersionId::from_bytes([7; 24]);
                VersionSelector::Id(version.map_or(other, |version| version.id.clone()))
            }
        }
    }

    fn find(&self, name: &str, version: &VersionSelector) -> Option<usize> {
        let versions = self.keys.get(name)?;
        match version {
            VersionSelector::Latest => (!versions.is_empty()).then_some(0),
            VersionSelector::Id(id) => versions.iter().position(|version| version.id == *id),
        }
    }

    fn put_unmet(&self, name: &str, condition: &Condition) -> Option<Unmet> {
        match (condition, self.live(name)) {
            (Condition::Star, Some(_)) => Some(Unmet::IfNoneMatch),
            (Condition::ETag(_), None) => Some(Unmet::NoSuchKey),
            (Condition::ETag(tag), Some(current)) if *tag != current => Some(Unmet::IfMatch),
            _ => None,
        }
    }

    fn delete_unmet(
        &self,
        name: &str,
        version: &VersionSelector,
        condition: &Condition,
    ) -> Option<Unmet> {
        let at = self.find(name, version);
        let live = at.and_then(|at| self.keys[name][at].body);
        match (condition, live) {
            (Condition::None, _) | (Condition::Star, Some(_)) => None,
            (_, None) => Some(Unmet::NoSuchKey),
            (Condition::ETag(tag), Some(body)) => (*tag != body).then_some(Unmet::IfMatch),
        }
    }

    /// Every deletion but those that make a marker.
    fn delete(
        &mut self,
        name: &'static str,
        version: &VersionSelector,
        condition: &Condition,
    ) -> DeleteObject {
        if let Some(unmet) = self.delete_unmet(name, version, condition) {
            return DeleteObject::PreconditionFailed(unmet);
        }
        let Some(at) = self.find(name, version) else {
            return DeleteObject::Absent;
        };
        let gone = self.keys.get_mut(name).unwrap().remove(at);
        match (version, gone.body) {
            (VersionSelector::Latest, _) => DeleteObject::Deleted,
            (VersionSelector::Id(_), Some(_)) => DeleteObject::VersionDeleted,
            (VersionSelector::Id(_), None) => DeleteObject::MarkerDeleted,
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

/// Key, id, whether it is the latest, whether it is an object.
type Shown = (String, VersionId, bool, bool);

async fn list_versions(
    store: &Store,
    bucket_id: i64,
    prefix: &str,
    entries_max: u32,
) -> Vec<Shown> {
    let mut query = VersionsQuery {
        bucket_id,
        prefix: prefix.to_owned(),
        delimiter: String::new(),
        start: VersionsStart::Beginning,
        entries_max,
    };
    let mut versions = Vec::new();
    loop {
        let page = store.list_versions(&query).await.unwrap();
        versions.extend(page.versions.into_iter().map(|version| {
            let is_object = version.kind == VersionKind::Object;
            let key = version.object.key.to_string();
            (key, version.version_id, version.is_latest, is_object)
        }));
        match page.next {
            Some(next) => query.start = next,
            None => return versions,
        }
    }
}
