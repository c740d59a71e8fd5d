//! Subresources: the query names that select an operation. Source: facts: s3-behaviour.md 2.2.

use crate::operation::Level;
use crate::{Query, S3Error, Target};

/// Where a subresource exists, and what its resource type is called.
struct Selector {
    name: &'static str,
    bucket: Option<&'static str>,
    object: OnObject,
}

/// What a subresource does on a key.
enum OnObject {
    /// It is a subresource of objects, too; AWS's name of the resource type.
    Is(&'static str),
    /// The bucket's answer is given.
    Bucket,
    /// Refused: `?logging`, `?versions`.
    Refused,
    /// An unknown name there.
    Ignored,
}

use OnObject::{Bucket, Ignored, Is, Refused};

const fn on(name: &'static str, bucket: &'static str, object: OnObject) -> Selector {
    Selector {
        name,
        bucket: Some(bucket),
        object,
    }
}

const fn object_only(name: &'static str, object: &'static str) -> Selector {
    Selector {
        name,
        bucket: None,
        object: Is(object),
    }
}

/// In alphabetical order of names, as AWS lists them in conflicts.
const SELECTORS: &[Selector] = &[
    on("abac", "BUCKET_ABAC", Ignored),
    on("accelerate", "ACCELERATE", Bucket),
    on("acl", "ACL", Is("ACL")),
    on("analytics", "ANALYTICS", Ignored),
    object_only("attributes", "OBJECT_ATTRIBUTES"),
    on("cors", "CORS", Bucket),
    on("delete", "MULTI_OBJECT_DELETE", Bucket),
    on("encryption", "ENCRYPTION", Is("OBJECT_ENCRYPTION")),
    on("intelligent-tiering", "INTELLIGENT_TIERING", Ignored),
    on("inventory", "INVENTORY", Bucket),
    object_only("legal-hold", "OBJECT_LOCK_LEGALHOLD"),
    on("lifecycle", "LIFECYCLE", Bucket),
    on("location", "LOCATION", Bucket),
    on("logging", "LOGGING_STATUS", Refused),
    on("metadataConfiguration", "METADATA_CONFIGURATION", Ignored),
    on(
        "metadataInventoryTable",
        "METADATA_INVENTORY_TABLE",
        Ignored,
    ),
    on("metadataJournalTable", "METADATA_JOURNAL_TABLE", Ignored),
    on("metadataTable", "METADATA_TABLE", Ignored),
    on("metrics", "METRICS", Ignored),
    on("notification", "NOTIFICATION", Bucket),
    on("object-lock", "OBJECT_LOCK_CONFIGURATION", Ignored),
    on("ownershipControls", "OWNERSHIP_CONTROLS", Ignored),
    on("policy", "BUCKETPOLICY", Bucket),
    on("policyStatus", "POLICY_STATUS", Ignored),
    on("publicAccessBlock", "PUBLIC_ACCESS_BLOCK", Ignored),
    object_only("renameObject", "OBJECT"),
    on("replication", "REPLICATION", Bucket),
    on("requestPayment", "REQUEST_PAYMENT", Bucket),
    on("restore", "RESTORE", Is("RESTORE")),
    object_only("retention", "OBJECT_LOCK_RETENTION"),
    object_only("select", "SELECT"),
    on("tagging", "TAGGING", Is("OBJECT_TAGGING")),
    on("torrent", "TORRENT", Is("TORRENT")),
    on("uploadId", "UPLOAD", Is("UPLOAD")),
    on("uploads", "UPLOADS", Is("UPLOADS")),
    on("versioning", "VERSIONING", Bucket),
    on("versions", "BUCKETVERSIONS", Refused),
    on("website", "WEBSITE", Bucket),
];

/// The subresource a request names, and where it looks for it.
pub(super) struct Selected {
    /// The selector's name; `None` for the plain bucket or object.
    pub(super) name: Option<&'static str>,
    /// AWS's name of what was selected.
    pub(super) resource_type: &'static str,
    /// Whether it is of the bucket or of the object.
    pub(super) level: Level,
}

/// Finds the one subresource a request names.
///
/// # Errors
/// `InvalidArgument` for two of them. AWS: which names count as known on a key is unrecorded; here those that
/// have a meaning there.
pub(super) fn select(target: &Target, query: &Query) -> Result<Selected, S3Error> {
    let mut known = SELECTORS
        .iter()
        .filter(|selector| selector.known_on(target) && query.contains(selector.name));
    let first = known.next();
    if let (Some(first), Some(second)) = (first, known.next()) {
        let names: Vec<_> = [first, second]
            .into_iter()
            .chain(known)
            .map(|selector| selector.name)
            .collect();
        let message = format!("Conflicting query string parameters: {}", names.join(", "));
        return Err(S3Error::invalid_argument(
            message,
            "ResourceType",
            Some(first.name),
        ));
    }
    Ok(match (target, first) {
        (Target::Service, _) => Selected::plain("SERVICE", Level::Service),
        (Target::Bucket(_), None) => Selected::plain("BUCKET", Level::Bucket),
        (Target::Object(..), None) => Selected::plain("OBJECT", Level::Object),
        (Target::Bucket(_), Some(selector)) => selector.selected(Level::Bucket, selector.bucket),
        (Target::Object(..), Some(selector)) => match selector.object {
            Is(resource_type) => selector.selected(Level::Object, Some(resource_type)),
            Bucket | Refused | Ignored => selector.selected(Level::Bucket, selector.bucket),
        },
    })
}

impl Selected {
    const fn plain(resource_type: &'static str, level: Level) -> Self {
        Self {
            name: None,
            resource_type,
            level,
        }
    }
}

impl Selector {
    const fn known_on(&self, target: &Target) -> bool {
        match target {
            Target::Service => false,
            Target::Bucket(_) => self.bucket.is_some(),
            Target::Object(..) => !matches!(self.object, Ignored),
        }
    }

    fn selected(&self, level: Level, resource_type: Option<&'static str>) -> Selected {
        Selected {
            name: Some(self.name),
            resource_type: resource_type.unwrap_or("BUCKET"),
            level,
        }
    }
}
