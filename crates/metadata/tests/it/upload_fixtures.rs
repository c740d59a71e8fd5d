//! Uploads and parts to start from.

use buckler_checksum::{Algorithm, Hasher};
use buckler_metadata::{
    Body, CompleteUpload, CompletedUpload, Initiator, NamedBy, NewPart, NewUpload, PutPart, Store,
    WritePrecondition,
};
use buckler_policy::Acl;
use buckler_s3::{
    ETag, PartNumber, StoredHeaders, UPLOAD_ID_BYTES, UploadId, UserMetadata,
    multipart::{ChecksumPlan, ClaimedPart, Completion, UploadedPart},
};
use time::Duration;

use crate::fixtures::{key, main_account, nonce, now, tags};

/// 5 MiB, the least size of a part that is not the last.
pub(crate) const PART: u64 = 5 * 1024 * 1024;

/// The id of an upload that is the `age`th of its key.
pub(crate) fn upload_id(age: u8) -> UploadId {
    let mut bytes = [0; UPLOAD_ID_BYTES];
    bytes[0] = age;
    UploadId::from_bytes(bytes)
}

pub(crate) fn new_upload(bucket_id: i64, name: &str, age: u8) -> NewUpload {
    NewUpload {
        bucket_id,
        key: key(name),
        id: upload_id(age),
        created_at: now(),
        owner: Some(main_account().id),
        initiator: Initiator {
            account: Some(main_account().id),
            user_id: "AIDAEXAMPLE".to_owned(),
            shown: "arn:aws:iam::111122223333:user/alice".to_owned(),
        },
        checksum: ChecksumPlan::Default,
        encryption_named: true,
        headers: StoredHeaders {
            content_type: Some("text/plain".to_owned()),
            ..StoredHeaders::default()
        },
        user_metadata: UserMetadata::from_stored([("colour".to_owned(), "red".to_owned())]),
        tags: tags(&[("team", "blue")]),
        acl: Acl::OwnersAlone,
    }
}

/// A part whose digests are of its blob's name.
pub(crate) fn uploaded(number: u16, size_bytes: u64, blob_id: &str) -> UploadedPart {
    let md5 = Hasher::digest(Algorithm::Md5, blob_id.as_bytes());
    UploadedPart {
        number: PartNumber::new(number).unwrap(),
        size_bytes,
        md5: md5.digest().try_into().unwrap(),
        checksum: Hasher::digest(Algorithm::Crc64Nvme, blob_id.as_bytes()),
    }
}

/// A part in a blob, of the first upload of `a`.
pub(crate) fn new_part(bucket_id: i64, number: u16, size_bytes: u64, blob_id: &str) -> NewPart {
    NewPart {
        bucket_id,
        key: key("a"),
        upload_id: upload_id(1),
        part: uploaded(number, size_bytes, blob_id),
        created_at: now(),
        body: Body::Blob(blob_id.to_owned()),
    }
}

/// Completes the first upload of `a` with these parts.
pub(crate) fn completion(bucket_id: i64, parts: &[UploadedPart]) -> CompleteUpload {
    let claim = |part: &UploadedPart| ClaimedPart {
        number: part.number.get().into(),
        etag: ETag::from_md5(part.md5).to_string(),
        checksum: None,
    };
    CompleteUpload {
        bucket_id,
        key: key("a"),
        id: upload_id(1),
        completion: Completion {
            parts: parts.iter().map(claim).collect(),
            checksum: None,
            checksum_type: None,
            size_bytes: None,
        },
        precondition: WritePrecondition::None,
        now: now() + Duration::seconds(60),
        nonce: nonce(),
    }
}

/// Begins the first upload of `a` and writes parts 1, 2, … of it: [`PART`] bytes each, in blobs of these names.
pub(crate) async fn upload(store: &Store, bucket_id: i64, blobs: &[&str]) -> Vec<UploadedPart> {
    store
        .create_upload(new_upload(bucket_id, "a", 1))
        .await
        .unwrap();
    put_parts(store, bucket_id, blobs).await
}

pub(crate) async fn put_parts(store: &Store, bucket_id: i64, blobs: &[&str]) -> Vec<UploadedPart> {
    let mut parts = Vec::new();
    for (number, blob) in (1..).zip(blobs) {
        let new = new_part(bucket_id, number, PART, blob);
        parts.push(new.part.clone());
        assert_eq!(store.put_part(new).await.unwrap(), PutPart::Stored);
    }
    parts
}

pub(crate) async fn complete(store: &Store, complete: CompleteUpload) -> CompletedUpload {
    store.complete_upload(complete).await.unwrap()
}

/// The names of all garbage blobs, sorted.
pub(crate) async fn garbage(store: &Store) -> Vec<String> {
    let rows = store
        .garbage(now() + Duration::days(1), 1000)
        .await
        .unwrap();
    let mut names: Vec<_> = rows.into_iter().map(|row| row.blob_id).collect();
    names.sort_unstable();
    names
}

/// Of these blobs, those that an object or a part names.
pub(crate) async fn named(store: &Store, blobs: &[&str]) -> Vec<String> {
    let mut kept = Vec::new();
    for blob in blobs {
        if store.blob_named_by(blob).await.unwrap() == Some(NamedBy::Object) {
            kept.push((*blob).to_owned());
        }
    }
    kept
}
