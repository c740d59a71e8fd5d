//! Rows to start from.

use std::sync::atomic::{AtomicU64, Ordering};

use buckler_checksum::{Algorithm, Hasher};
use buckler_metadata::{
    AccountRow, Body, BucketRow, CreateBucket, DeleteCondition, DeleteEntry, Deletion, NewBucket,
    NewObject, Store, StoredChecksum, VersionNonce, WritePrecondition,
};
use buckler_policy::{AccountId, Acl, CanonicalId};
use buckler_s3::{
    BucketName, ETag, ObjectKey, ObjectOwnership, PublicAccessBlock, StoredHeaders, Tag, TagSet,
    UserMetadata, VersionSelector,
};
use bytes::Bytes;
use time::{Duration, OffsetDateTime};

pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap() + Duration::microseconds(123_456)
}

pub(crate) fn main_account() -> AccountRow {
    account("111122223333", 'a')
}

pub(crate) fn other_account() -> AccountRow {
    account("444455556666", 'b')
}

fn account(id: &str, digit: char) -> AccountRow {
    AccountRow {
        id: AccountId::parse(id).unwrap(),
        canonical_id: CanonicalId::parse(&digit.to_string().repeat(64)).unwrap(),
        name: format!("account {digit}"),
        email: format!("{digit}@example.com"),
    }
}

pub(crate) fn new_bucket(name: &str, owner: &AccountRow) -> NewBucket {
    NewBucket {
        name: BucketName::parse(name).unwrap(),
        owner: owner.id,
        region: "us-east-1".to_owned(),
        object_ownership: ObjectOwnership::BucketOwnerEnforced,
        public_access_block: Some(PublicAccessBlock::ALL),
        acl: Acl::OwnersAlone,
        created_at: now(),
    }
}

/// Makes the main account and a bucket of it.
pub(crate) async fn bucket(store: &Store) -> BucketRow {
    store.upsert_account(main_account(), now()).await.unwrap();
    let created = store.create_bucket(new_bucket("photos", &main_account()));
    match created.await.unwrap() {
        CreateBucket::Created(bucket) | CreateBucket::AlreadyOwned(bucket) => bucket,
        CreateBucket::AlreadyExists => panic!("the bucket is another account's"),
    }
}

pub(crate) fn key(text: &str) -> ObjectKey {
    ObjectKey::parse(text).unwrap()
}

pub(crate) fn etag(text: &str) -> ETag {
    ETag::parse(text).unwrap()
}

pub(crate) fn tags(pairs: &[(&str, &str)]) -> TagSet {
    TagSet::from_stored(pairs.iter().map(|(key, value)| Tag {
        key: (*key).to_owned(),
        value: (*value).to_owned(),
    }))
}

/// An object whose entity tag is its text.
pub(crate) fn object(bucket_id: i64, name: &str, text: &'static str) -> NewObject {
    NewObject {
        bucket_id,
        key: key(name),
        owner: Some(main_account().id),
        created_at: now(),
        size_bytes: text.len() as u64,
        etag: etag(text),
        checksum: Some(StoredChecksum::FullObject(Hasher::digest(
            Algorithm::Crc64Nvme,
            text.as_bytes(),
        ))),
        headers: StoredHeaders {
            content_type: Some("text/plain".to_owned()),
            ..StoredHeaders::default()
        },
        user_metadata: UserMetadata::from_stored([("colour".to_owned(), "grün \"1\"".to_owned())]),
        tags: tags(&[("team", "blue")]),
        acl: Acl::OwnersAlone,
        body: Body::Inline(Bytes::from_static(text.as_bytes())),
        precondition: WritePrecondition::None,
        nonce: nonce(),
    }
}

/// Random enough: no two are the same within a run.
pub(crate) fn nonce() -> VersionNonce {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    VersionNonce(u128::from(next).to_be_bytes())
}

/// Deletions of the main account.
pub(crate) fn deletion(bucket_id: i64) -> Deletion {
    Deletion {
        bucket_id,
        marker_owner: Some(main_account().id),
        now: now(),
    }
}

pub(crate) fn delete_entry(name: &str, version: VersionSelector) -> DeleteEntry {
    DeleteEntry {
        key: key(name),
        version,
        condition: DeleteCondition::None,
        nonce: nonce(),
    }
}

pub(crate) fn blob_object(bucket_id: i64, name: &str, blob_id: &str) -> NewObject {
    NewObject {
        body: Body::Blob(blob_id.to_owned()),
        size_bytes: 7,
        ..object(bucket_id, name, "blob")
    }
}
