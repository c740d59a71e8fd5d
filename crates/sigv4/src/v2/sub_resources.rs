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

/// Appends `?acl&versionId=3`: sorted by name, each name once.
///
/// AWS: only the first of a repeated parameter is signed; it is also the only one that counts (facts: s3-behaviour.md
/// 2.1). Names count in their letter case. The lists are those of AWS's answers, not of its documentation, which is older
/// than most sub-resources.
pub(super) fn write(raw_query: &str, to: &mut Vec<u8>) {
    let mut signed = BTreeMap::new();
    for parameter in query::parameters(raw_query) {
        let known = |names: &[&'static str]| {
            let mut names = names.iter();
            names.find(|name| parameter.is_named(name)).copied()
        };
        if let Some(name) = known(&VALUED) {
            let value = || Some(query::decode(parameter.value).collect::<Vec<u8>>());
            signed.entry(name).or_insert_with(value);
        } else if let Some(name) = known(&NAMED) {
            signed.entry(name).or_insert(None);
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
