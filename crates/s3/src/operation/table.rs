//! The table.

use super::row::{Level, Row, When};

/// Makes the enum, its names and the rows from one line per operation.
macro_rules! operations {
    ($($name:ident: $method:literal $level:ident $selector:literal $when:expr;)+) => {
        /// An operation of Amazon S3, by AWS's name: the 111 of its API model, and `PostObject`, the browser form.
        ///
        /// Source: the S3 API model; facts: s3-behaviour.md 2.2.
        #[expect(missing_docs, reason = "the names are AWS's and the table is the documentation")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Operation { $($name),+ }

        impl Operation {
            /// Every operation, in alphabetical order.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// AWS's name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }

            /// The operation of that name, to the letter.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $(stringify!($name) => Some(Self::$name),)+ _ => None }
            }
        }

        /// The rows, in alphabetical order of operations.
        pub(crate) const ROWS: &[Row] = &[$(Row {
            operation: Operation::$name,
            method: $method,
            level: Level::$level,
            selector: $selector,
            when: $when,
        }),+];
    };
}

#[rustfmt::skip]
operations! {
    // operation: method, level, subresource, what else
    AbortMultipartUpload: "DELETE" Object   "uploadId"                 When::Always;
    CompleteMultipartUpload: "POST"   Object   "uploadId"                 When::Always;
    CopyObject: "PUT"    Object   ""                         When::Copy;
    CreateBucket: "PUT"    Bucket   ""                         When::Always;
    CreateBucketMetadataConfiguration: "POST"   Bucket   "metadataConfiguration"    When::Always;
    CreateBucketMetadataTableConfiguration: "POST"   Bucket   "metadataTable"            When::Always;
    CreateMultipartUpload: "POST"   Object   "uploads"                  When::Always;
    CreateSession: "GET"    Bucket   "session"                  When::Elsewhere;
    DeleteBucket: "DELETE" Bucket   ""                         When::Always;
    DeleteBucketAnalyticsConfiguration: "DELETE" Bucket   "analytics"                When::Always;
    DeleteBucketCors: "DELETE" Bucket   "cors"                     When::Always;
    DeleteBucketEncryption: "DELETE" Bucket   "encryption"               When::Always;
    DeleteBucketIntelligentTieringConfiguration: "DELETE" Bucket   "intelligent-tiering"      When::Always;
    DeleteBucketInventoryConfiguration: "DELETE" Bucket   "inventory"                When::Always;
    DeleteBucketLifecycle: "DELETE" Bucket   "lifecycle"                When::Always;
    DeleteBucketMetadataConfiguration: "DELETE" Bucket   "metadataConfiguration"    When::Always;
    DeleteBucketMetadataTableConfiguration: "DELETE" Bucket   "metadataTable"            When::Always;
    DeleteBucketMetricsConfiguration: "DELETE" Bucket   "metrics"                  When::Always;
    DeleteBucketOwnershipControls: "DELETE" Bucket   "ownershipControls"        When::Always;
    DeleteBucketPolicy: "DELETE" Bucket   "policy"                   When::Always;
    DeleteBucketReplication: "DELETE" Bucket   "replication"              When::Always;
    DeleteBucketTagging: "DELETE" Bucket   "tagging"                  When::Always;
    DeleteBucketWebsite: "DELETE" Bucket   "website"                  When::Always;
    DeleteObject: "DELETE" Object   ""                         When::Always;
    DeleteObjectTagging: "DELETE" Object   "tagging"                  When::Always;
    DeleteObjects: "POST"   Bucket   "delete"                   When::Always;
    DeletePublicAccessBlock: "DELETE" Bucket   "publicAccessBlock"        When::Always;
    GetBucketAbac: "GET"    Bucket   "abac"                     When::Always;
    GetBucketAccelerateConfiguration: "GET"    Bucket   "accelerate"               When::Always;
    GetBucketAcl: "GET"    Bucket   "acl"                      When::Always;
    GetBucketAnalyticsConfiguration: "GET"    Bucket   "analytics"                When::Id;
    GetBucketCors: "GET"    Bucket   "cors"                     When::Always;
    GetBucketEncryption: "GET"    Bucket   "encryption"               When::Always;
    GetBucketIntelligentTieringConfiguration: "GET"    Bucket   "intelligent-tiering"      When::Id;
    GetBucketInventoryConfiguration: "GET"    Bucket   "inventory"                When::Id;
    GetBucketLifecycle: "GET"    Bucket   "lifecycle"                When::OldName(Operation::GetBucketLifecycleConfiguration);
    GetBucketLifecycleConfiguration: "GET"    Bucket   "lifecycle"                When::Always;
    GetBucketLocation: "GET"    Bucket   "location"                 When::Always;
    GetBucketLogging: "GET"    Bucket   "logging"                  When::Always;
    GetBucketMetadataConfiguration: "GET"    Bucket   "metadataConfiguration"    When::Always;
    GetBucketMetadataTableConfiguration: "GET"    Bucket   "metadataTable"            When::Always;
    GetBucketMetricsConfiguration: "GET"    Bucket   "metrics"                  When::Id;
    GetBucketNotification: "GET"    Bucket   "notification"             When::OldName(Operation::GetBucketNotificationConfiguration);
    GetBucketNotificationConfiguration: "GET"    Bucket   "notification"             When::Always;
    GetBucketOwnershipControls: "GET"    Bucket   "ownershipControls"        When::Always;
    GetBucketPolicy: "GET"    Bucket   "policy"                   When::Always;
    GetBucketPolicyStatus: "GET"    Bucket   "policyStatus"             When::Always;
    GetBucketReplication: "GET"    Bucket   "replication"              When::Always;
    GetBucketRequestPayment: "GET"    Bucket   "requestPayment"           When::Always;
    GetBucketTagging: "GET"    Bucket   "tagging"                  When::Always;
    GetBucketVersioning: "GET"    Bucket   "versioning"               When::Always;
    GetBucketWebsite: "GET"    Bucket   "website"                  When::Always;
    GetObject: "GET"    Object   ""                         When::Always;
    GetObjectAcl: "GET"    Object   "acl"                      When::Always;
    GetObjectAttributes: "GET"    Object   "attributes"               When::Always;
    GetObjectLegalHold: "GET"    Object   "legal-hold"               When::Always;
    GetObjectLockConfiguration: "GET"    Bucket   "object-lock"              When::Always;
    GetObjectRetention: "GET"    Object   "retention"                When::Always;
    GetObjectTagging: "GET"    Object   "tagging"                  When::Always;
    GetObjectTorrent: "GET"    Object   "torrent"                  When::Always;
    GetPublicAccessBlock: "GET"    Bucket   "publicAccessBlock"        When::Always;
    HeadBucket: "HEAD"   Bucket   ""                         When::Always;
    HeadObject: "HEAD"   Object   ""                         When::Always;
    ListBucketAnalyticsConfigurations: "GET"    Bucket   "analytics"                When::NoId;
    ListBucketIntelligentTieringConfigurations: "GET"    Bucket   "intelligent-tiering"      When::NoId;
    ListBucketInventoryConfigurations: "GET"    Bucket   "inventory"                When::NoId;
    ListBucketMetricsConfigurations: "GET"    Bucket   "metrics"                  When::NoId;
    ListBuckets: "GET"    Service  ""                         When::Always;
    ListDirectoryBuckets: "GET"    Service  ""                         When::Elsewhere;
    ListMultipartUploads: "GET"    Bucket   "uploads"                  When::Always;
    ListObjectVersions: "GET"    Bucket   "versions"                 When::Always;
    ListObjects: "GET"    Bucket   ""                         When::NotListType2;
    ListObjectsV2: "GET"    Bucket   ""                         When::ListType2;
    ListParts: "GET"    Object   "uploadId"                 When::Always;
    PostObject: "POST"   Bucket   ""                         When::Always;
    PutBucketAbac: "PUT"    Bucket   "abac"                     When::Always;
    PutBucketAccelerateConfiguration: "PUT"    Bucket   "accelerate"               When::Always;
    PutBucketAcl: "PUT"    Bucket   "acl"                      When::Always;
    PutBucketAnalyticsConfiguration: "PUT"    Bucket   "analytics"                When::Always;
    PutBucketCors: "PUT"    Bucket   "cors"                     When::Always;
    PutBucketEncryption: "PUT"    Bucket   "encryption"               When::Always;
    PutBucketIntelligentTieringConfiguration: "PUT"    Bucket   "intelligent-tiering"      When::Always;
    PutBucketInventoryConfiguration: "PUT"    Bucket   "inventory"                When::Always;
    PutBucketLifecycle: "PUT"    Bucket   "lifecycle"                When::OldName(Operation::PutBucketLifecycleConfiguration);
    PutBucketLifecycleConfiguration: "PUT"    Bucket   "lifecycle"                When::Always;
    PutBucketLogging: "PUT"    Bucket   "logging"                  When::Always;
    PutBucketMetricsConfiguration: "PUT"    Bucket   "metrics"                  When::Always;
    PutBucketNotification: "PUT"    Bucket   "notification"             When::OldName(Operation::PutBucketNotificationConfiguration);
    PutBucketNotificationConfiguration: "PUT"    Bucket   "notification"             When::Always;
    PutBucketOwnershipControls: "PUT"    Bucket   "ownershipControls"        When::Always;
    PutBucketPolicy: "PUT"    Bucket   "policy"                   When::Always;
    PutBucketReplication: "PUT"    Bucket   "replication"              When::Always;
    PutBucketRequestPayment: "PUT"    Bucket   "requestPayment"           When::Always;
    PutBucketTagging: "PUT"    Bucket   "tagging"                  When::Always;
    PutBucketVersioning: "PUT"    Bucket   "versioning"               When::Always;
    PutBucketWebsite: "PUT"    Bucket   "website"                  When::Always;
    PutObject: "PUT"    Object   ""                         When::NotCopy;
    PutObjectAcl: "PUT"    Object   "acl"                      When::Always;
    PutObjectLegalHold: "PUT"    Object   "legal-hold"               When::Always;
    PutObjectLockConfiguration: "PUT"    Bucket   "object-lock"              When::Always;
    PutObjectRetention: "PUT"    Object   "retention"                When::Always;
    PutObjectTagging: "PUT"    Object   "tagging"                  When::Always;
    PutPublicAccessBlock: "PUT"    Bucket   "publicAccessBlock"        When::Always;
    RenameObject: "PUT"    Object   "renameObject"             When::Elsewhere;
    RestoreObject: "POST"   Object   "restore"                  When::Always;
    SelectObjectContent: "POST"   Object   "select"                   When::Always;
    UpdateBucketMetadataInventoryTableConfiguration: "PUT"    Bucket   "metadataInventoryTable"   When::Always;
    UpdateBucketMetadataJournalTableConfiguration: "PUT"    Bucket   "metadataJournalTable"     When::Always;
    UpdateObjectEncryption: "PUT"    Object   "encryption"               When::Always;
    UploadPart: "PUT"    Object   "partNumber"               When::NotCopy;
    UploadPartCopy: "PUT"    Object   "partNumber"               When::Copy;
    WriteGetObjectResponse: "POST"   Service  ""                         When::Elsewhere;
}
