//! Everything that is a row: one store interface over `SQLite` and Postgres.
//!
//! This room knows rows and transactions. It must never know HTTP, signatures, decisions or clear-text secrets.
//! Statements are written once: the files with rows speak to a connection that is either database's.
//!
//! ```
//! # tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
//! use buckler_metadata::{DatabaseLocation, Store};
//! let store = Store::open(&DatabaseLocation::parse("sqlite::memory:")?).await?;
//! store.health().await?;
//! store.close().await?;
//! # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
//! ```

mod abort_upload;
mod access_keys;
mod account_admin;
mod accounts;
mod acls;
mod blob_names;
mod bodies;
mod bucket_settings;
mod buckets;
mod complete_upload;
mod connection;
mod delete_object;
mod documents;
mod engine;
mod error;
mod faults;
mod findings;
mod freeze;
mod freshness;
mod garbage;
mod groups;
mod held_policies;
mod hot_objects;
mod iam_accounts;
mod iam_change;
mod identities;
mod identity_policies;
mod identity_settings;
mod if_match;
mod key_ranges;
mod leases;
mod list_versions;
mod listing;
mod location;
mod managed_policies;
mod managed_policy_versions;
mod migrations;
mod name_list;
mod object_acls;
mod object_parts;
mod object_tags;
mod objects;
mod oidc_providers;
mod owners;
mod policy_entities;
mod postgres;
mod put_object;
mod record;
mod roles;
mod row_move;
mod row_pages;
mod sealed_secrets;
mod seed;
mod session_identities;
mod snapshot;
mod sql;
mod sqlite;
mod sqlite_reading;
mod sqlite_writer;
mod store;
mod stored_bytes;
mod tables;
mod times;
mod upload_listing;
mod upload_parts;
mod uploads;
mod upserted;
mod user_access_keys;
mod users;
mod version_change;
mod versions;

pub use abort_upload::AbortUpload;
pub use access_keys::{AccessKeyStatus, CredentialRow, NewAccessKey};
pub use account_admin::{AccountOverview, AccountStatus, NewAccount};
pub use accounts::AccountRow;
pub use blob_names::{NamedBlob, NamedBy, PromisedBlob};
pub use bucket_settings::{BucketChange, OwnershipChange};
pub use buckets::{BucketList, BucketRow, CreateBucket, DeleteBucket, NewBucket};
pub use complete_upload::{CompleteUpload, CompletedUpload};
pub use delete_object::{DeleteCondition, DeleteEntry, DeleteObject, Deletion};
pub use error::{OpenError, StoreError};
pub use faults::{CommitFaults, CommitStep, NoCommitFaults};
pub use findings::FindingRow;
pub use freeze::{Freeze, FreezeState};
pub use freshness::Freshness;
pub use garbage::GarbageRow;
pub use groups::{GroupRow, Membership};
pub use held_policies::{HeldPolicies, HeldPolicy};
pub use iam_accounts::AccountCounts;
pub use iam_change::{EntityKind, IamError, IamLimit, IamRefusal, Reference};
pub use identities::{IdentityKind, IdentityName};
pub use identity_settings::{TagChange, Tagged};
pub use if_match::IfMatch;
pub use list_versions::{ListedVersion, VersionKind, VersionsPage, VersionsQuery, VersionsStart};
pub use listing::{ListPage, ListQuery, ListStart, ListedObject};
pub use location::DatabaseLocation;
pub use managed_policies::ManagedPolicyRow;
pub use managed_policy_versions::{NewPolicyVersion, PolicyVersionName, PolicyVersionRow};
pub use name_list::NameList;
pub use object_parts::{ObjectPart, PartsRef, Wanted};
pub use objects::{Body, ObjectRow, StoredChecksum, StoredObject};
pub use oidc_providers::{
    OIDC_CLIENT_IDS_MAX, OIDC_PROVIDERS_MAX, OIDC_TAGS_MAX, OidcProviderChange,
    OidcProviderOutcome, OidcProviderRefusal, OidcProviderRow,
};
pub use policy_entities::{PolicyEntity, PolicyUsage};
pub use put_object::{NewObject, PutObject, Unmet, WritePrecondition};
pub use roles::{RoleChange, RoleRow, TrustPolicy};
pub use row_move::{MoveError, RowMove, TableDigest};
pub use sealed_secrets::{Resealed, SealedSecret};
pub use seed::SeedChange;
pub use session_identities::{SessionHolder, SessionIdentityRow};
pub use snapshot::snapshot_sqlite;
pub use store::Store;
pub use stored_bytes::{BytesHolder, BytesPosition, InlineBytes, PromisedBody, StoredBytes};
pub use tables::{Table, tables};
pub use upload_listing::{UploadPage, UploadQuery, UploadStart};
pub use upload_parts::{NewPart, PartQuery, PartRow, PutPart};
pub use uploads::{CreateUpload, Initiator, NewUpload, UploadRow};
pub use upserted::Upserted;
pub use user_access_keys::{AccessKeyRow, KeyHolder, KeyUse, LastUse};
pub use users::{Renaming, UserRow};
pub use version_change::VersionChange;
pub use versions::VersionNonce;
