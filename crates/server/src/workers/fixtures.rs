//! Stores with things in them for the workers to work on, a clock that a test moves, and a disk that a test breaks.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use buckler_blobs::{BlobId, DurableBlob, Faults, LocalBlobs, Step};
use buckler_checksum::{Algorithm, Hasher};
use buckler_iam::{MasterKey, ProviderTransport};
use buckler_metadata::{
    AccountRow, Body, CreateBucket, DatabaseLocation, DeleteCondition, DeleteEntry, Deletion,
    Initiator, NewBucket, NewObject, NewPart, NewUpload, PutObject, PutPart, Store, StoredChecksum,
    VersionNonce, WritePrecondition,
};
use buckler_policy::{AccountId, Acl, CanonicalId};
use buckler_s3::multipart::{ChecksumPlan, UploadedPart};
use buckler_s3::{
    BucketName, ETag, ObjectKey, ObjectOwnership, PartNumber, StoredHeaders, TagSet,
    UPLOAD_ID_BYTES, UploadId, UserMetadata, VersionSelector,
};
use bytes::Bytes;

use crate::ca_certificates::CaCertificates;
use crate::clock::{Clock, FixedClock};
use crate::config::ServerConfig;
use crate::context::Context;
use crate::http::trusted_proxies::TrustedProxies;

/// What every blob holds.
const BYTES: &[u8] = b"the bytes of a blob";

/// A disk that lets one kind of step fail.
#[derive(Debug, Clone, Default)]
pub(super) struct BrokenDisk(Arc<Mutex<Option<Step>>>);

impl BrokenDisk {
    pub(super) fn fail(&self, step: Step) {
        *self.0.lock().unwrap() = Some(step);
    }

    pub(super) fn mend(&self) {
        *self.0.lock().unwrap() = None;
    }
}

impl Faults for BrokenDisk {
    fn before(&self, step: Step, _: &Path) -> io::Result<()> {
        let failing = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failing == Some(step) {
            return Err(io::Error::other("broken on purpose"));
        }
        Ok(())
    }
}

/// One bucket, and what stands around it.
pub(super) struct World {
    pub(super) context: Context,
    pub(super) clock: FixedClock,
    pub(super) faults: BrokenDisk,
    bucket_id: i64,
    account: AccountRow,
    folder: tempfile::TempDir,
}

impl World {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = FixedClock::at_unix_seconds(1_800_000_000);
        let faults = BrokenDisk::default();
        let store = Store::open(&DatabaseLocation::memory()).await.unwrap();
        let blobs = LocalBlobs::open_with_faults(folder.path(), "store", faults.clone());
        let blobs = blobs.await.unwrap();
        let config = ServerConfig {
            region: "us-east-1".to_owned(),
            domains: Vec::new(),
            new_bucket_public_access_block: true,
            new_bucket_ownership: ObjectOwnership::BucketOwnerEnforced,
            accepts_signature_v2: false,
            scrub_bytes_per_second: 0,
            trusted_proxies: TrustedProxies::default(),
            provider_transport: ProviderTransport::Https,
            ca_certificates: CaCertificates::default(),
        };
        let context = Context::new(
            store,
            blobs.into(),
            MasterKey::from_bytes([7; 32]).into(),
            Clock::Fixed(clock.clone()),
            config,
        );
        let account = AccountRow {
            id: AccountId::parse("111122223333").unwrap(),
            canonical_id: CanonicalId::parse(&"a".repeat(64)).unwrap(),
            name: "main".to_owned(),
            email: "main@example.com".to_owned(),
        };
        let bucket_id = bucket(&context, &account).await;
        Self {
            context,
            clock,
            faults,
            bucket_id,
            account,
            folder,
        }
    }

    /// A blob that nothing names.
    pub(super) async fn blob(&self) -> DurableBlob {
        let mut writer = self.context.blobs.writer().unwrap();
        writer.write(Bytes::from_static(BYTES)).await.unwrap();
        writer.finish().await.unwrap()
    }

    /// The names of all blobs, in order.
    pub(super) async fn blobs(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut walk = self.context.blobs.ids();
        while let Some(batch) = walk.next_batch().await.unwrap() {
            names.extend(batch.into_iter().map(|blob| blob.id.to_string()));
        }
        names
    }

    #[expect(clippy::unused_self, reason = "reads as the other side of `blobs`")]
    pub(super) fn sorted<const N: usize>(&self, blobs: [&DurableBlob; N]) -> Vec<String> {
        let mut names: Vec<_> = blobs.map(|blob| blob.id().to_string()).into();
        names.sort_unstable();
        names
    }

    /// Where a blob lies.
    pub(super) fn path(&self, blob: BlobId) -> PathBuf {
        let name = blob.to_string();
        let (first, rest) = name.split_at(2);
        let (second, _) = rest.split_at(2);
        self.folder.path().join(first).join(second).join(&name)
    }

    /// Stores an object whose bytes are in the blob.
    pub(super) async fn put(&self, key: &str, blob: &DurableBlob) {
        self.put_body(key, Body::Blob(blob.id().to_string())).await;
    }

    /// Stores an object whose bytes are beside its row.
    pub(super) async fn put_inline(&self, key: &str) {
        self.put_body(key, Body::Inline(Bytes::from_static(BYTES)))
            .await;
    }

    async fn put_body(&self, key: &str, body: Body) {
        let object = NewObject {
            bucket_id: self.bucket_id,
            key: ObjectKey::parse(key).unwrap(),
            owner: Some(self.account.id),
            created_at: self.context.clock.now(),
            size_bytes: BYTES.len() as u64,
            etag: ETag::from_md5([7; 16]),
            checksum: Some(StoredChecksum::FullObject(Hasher::digest(
                Algorithm::Crc64Nvme,
                BYTES,
            ))),
            headers: StoredHeaders::default(),
            user_metadata: UserMetadata::default(),
            tags: TagSet::default(),
            acl: Acl::OwnersAlone,
            body,
            precondition: WritePrecondition::None,
            nonce: VersionNonce([0; 16]),
        };
        let put = self.context.store.put_object(object).await.unwrap();
        assert!(matches!(put, PutObject::Stored { .. }), "{put:?}");
    }

    /// Deletes an object: its blob becomes garbage now.
    pub(super) async fn delete(&self, key: &str) {
        let deletion = Deletion {
            bucket_id: self.bucket_id,
            marker_owner: Some(self.account.id),
            now: self.context.clock.now(),
        };
        let entry = DeleteEntry {
            key: ObjectKey::parse(key).unwrap(),
            version: VersionSelector::Latest,
            condition: DeleteCondition::None,
            nonce: VersionNonce([0; 16]),
        };
        let deleted = self.context.store.delete_object(deletion, entry);
        deleted.await.unwrap();
    }

    /// Notes a blob as garbage of now.
    pub(super) async fn garbage(&self, blob: &DurableBlob) {
        let now = self.context.clock.now();
        let id = blob.id().to_string();
        let noted = self.context.store.add_garbage(id, blob.size_bytes(), now);
        noted.await.unwrap();
    }

    /// Begins an upload whose one part is the blob.
    pub(super) async fn put_part(&self, key: &str, blob: &DurableBlob) {
        let (key, id) = (
            ObjectKey::parse(key).unwrap(),
            UploadId::from_bytes([1; UPLOAD_ID_BYTES]),
        );
        let upload = NewUpload {
            bucket_id: self.bucket_id,
            key: key.clone(),
            id,
            created_at: self.context.clock.now(),
            owner: Some(self.account.id),
            initiator: Initiator {
                account: Some(self.account.id),
                user_id: "AIDAEXAMPLE".to_owned(),
                shown: "arn:aws:iam::111122223333:user/alice".to_owned(),
            },
            checksum: ChecksumPlan::Default,
            encryption_named: false,
            headers: StoredHeaders::default(),
            user_metadata: UserMetadata::default(),
            tags: TagSet::default(),
            acl: Acl::OwnersAlone,
        };
        self.context.store.create_upload(upload).await.unwrap();
        let part = NewPart {
            bucket_id: self.bucket_id,
            key,
            upload_id: id,
            part: UploadedPart {
                number: PartNumber::new(3).unwrap(),
                size_bytes: blob.size_bytes(),
                md5: [7; 16],
                checksum: Hasher::digest(Algorithm::Crc64Nvme, BYTES),
            },
            created_at: self.context.clock.now(),
            body: Body::Blob(blob.id().to_string()),
        };
        let put = self.context.store.put_part(part).await.unwrap();
        assert_eq!(put, PutPart::Stored);
    }
}

async fn bucket(context: &Context, account: &AccountRow) -> i64 {
    let now = context.clock.now();
    let upserted = context.store.upsert_account(account.clone(), now);
    upserted.await.unwrap();
    let created = context.store.create_bucket(NewBucket {
        name: BucketName::parse("bucket").unwrap(),
        owner: account.id,
        region: "us-east-1".to_owned(),
        object_ownership: ObjectOwnership::BucketOwnerEnforced,
        public_access_block: None,
        acl: Acl::OwnersAlone,
        created_at: now,
    });
    match created.await.unwrap() {
        CreateBucket::Created(bucket) => bucket.id,
        other => panic!("{other:?}"),
    }
}
