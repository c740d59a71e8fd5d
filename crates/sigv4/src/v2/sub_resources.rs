//! The parameters of a query that are part of the resource.

use std::collections::BTreeMap;

use crate::query;

/// Signed by name alone, whatever value was sent.
const NAMED: [&str; 39] = [
    "abac",
    "accelerate",
    "acl",
    "analytics",
    "annotation",
    "annotationName",
    "attributes",
    "cors",
    "delete",
    "encryption",
    "intelligent-tiering",
    "inventory",
    "legal-hold",
    "lifecycle",
    "location",
    "logging",
    "metadataAnnotationTable",
    "metadataConfiguration",
    "metadataInventoryTable",
    "metadataJournalTable",
    "metadataTable",
    "metrics",
    "notification",
    "object-lock",
    "ownershipControls",
    "policy",
    "policyStatus",
    "publicAccessBlock",
    "replication",
    "requestPayment",
    "restore",
    "retention",
    "select",
    "tagging",
    "torrent",
    "uploads",
    "versioning",
    "versions",
    "website",
];

/// Signed with their decoded value.
const VALUED: [&str; 10] = [
    "partNumber",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "select-type",
    "uploadId",
    "versionId",
];

/// A parameter that is signed.
pub(super) enum SubResource {
    Named(&'static str),
    Valued(&'static str),
}

impl SubResource {
    /// Finds it by its decoded name, in its letter case.
    pub(super) fn find(name: &[u8]) -> Option<Self> {
        let among = |names: &[&'static str]| {
            let mut names = names.iter();
            names.find(|known| known.as_bytes() == name).copied()
        };
        let valued = || among(&VALUED).map(Self::Valued);
        among(&NAMED).map(Self::Named).or_else(valued)
    }
}

/// Appends `?acl&versionId=3`: sorted by name, each name once.
///
/// AWS: only the first of a repeated parameter is signed; it is also the only one that counts (facts: s3-behaviour.md
/// 2.1). The lists are those of AWS's answers, not of its documentation, which is older than most sub-resources.
pub(super) fn write(raw_query: &str, to: &mut Vec<u8>) {
    let mut signed = BTreeMap::new();
    for parameter in query::parameters(raw_query) {
        let name: Vec<u8> = query::decode(parameter.name).collect();
        match SubResource::find(&name) {
            Some(SubResource::Valued(name)) => {
                let value = || Some(query::decode(parameter.value).collect::<Vec<u8>>());
                signed.entry(name).or_insert_with(value);
            }
            Some(SubResource::Named(name)) => {
                signed.entry(name).or_insert(None);
            }
            None => {}
        }
    }
    for (index, (name, value)) in signed.iter().enumerate() {
        to.push(if index == 0 { b'?' } else { b'&' });
        to.extend_from_slice(name.as_bytes());
        if let Some(value) = value {
            to.push(b'=');
            to.extend_from_slice(value);
        }
    }
}
