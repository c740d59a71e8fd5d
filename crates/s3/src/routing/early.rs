//! What AWS refuses before it looks at credentials. Source: facts: s3-behaviour.md 2.2, "General order of checks".

use http::Method;

use super::selector::Selected;
use crate::max_keys::not_negative;
use crate::operation::Level;
use crate::ops::get_object_attributes::Attribute;
use crate::{ErrorCode, Operation, Query, RequestHead, S3Error, Target};

/// AWS: `website` is the one selector whose value counts.
pub(super) fn check_website_value(selected: &Selected, query: &Query) -> Result<(), S3Error> {
    match query.get("website") {
        Some(value) if selected.name == Some("website") && !value.is_empty() => {
            Err(S3Error::invalid_argument(
                "The website parameter must not have a value",
                "website",
                Some(value),
            ))
        }
        _ => Ok(()),
    }
}

/// The checks, in AWS's order: part numbers, integers, version ids, and those of single operations.
pub(super) fn check(
    head: &RequestHead<'_>,
    operation: Option<Operation>,
    selected: &Selected,
    target: &Target,
    query: &Query,
) -> Result<(), S3Error> {
    check_key(head, selected, target)?;
    check_part_number(head, operation, target, query)?;
    check_integers(operation, query)?;
    check_version_id(operation, selected, target, query)?;
    check_listing_mixture(operation, query)?;
    check_copy_source(head, operation)?;
    check_object_attributes(head, operation)?;
    if selected.name == Some("renameObject") && head.method == Method::PUT {
        return Err(S3Error::query_not_implemented("renameObject"));
    }
    Ok(())
}

/// Subresources that keys do not have, and those that buckets do not have.
fn check_key(head: &RequestHead<'_>, selected: &Selected, target: &Target) -> Result<(), S3Error> {
    match (target, selected.name) {
        (Target::Object(..), Some("logging")) => {
            Err(S3Error::new(ErrorCode::NoLoggingStatusForKey))
        }
        (Target::Object(..), Some("versions")) => Err(S3Error::invalid_request(
            "There is no such thing as the ?versions sub-resource for a key",
        )),
        (Target::Bucket(_), Some("uploadId"))
            if [Method::GET, Method::POST, Method::DELETE].contains(head.method) =>
        {
            Err(S3Error::invalid_request("A key must be specified"))
        }
        (Target::Bucket(_), Some("restore")) if head.method == Method::POST => {
            Err(S3Error::new(ErrorCode::UserKeyMustBeSpecified))
        }
        _ => Ok(()),
    }
}

fn check_part_number(
    head: &RequestHead<'_>,
    operation: Option<Operation>,
    target: &Target,
    query: &Query,
) -> Result<(), S3Error> {
    let Some(value) = query.get("partNumber") else {
        return Ok(());
    };
    match (target, operation) {
        (Target::Bucket(_), _) => Err(S3Error::invalid_request(
            "Object must have a valid key name.",
        )),
        (_, Some(Operation::PutObject | Operation::CopyObject)) if head.method == Method::PUT => {
            Err(S3Error::invalid_argument(
                "This operation does not accept partNumber without uploadId",
                "partNumber",
                Some(value),
            ))
        }
        (
            _,
            Some(
                Operation::GetObject
                | Operation::HeadObject
                | Operation::UploadPart
                | Operation::UploadPartCopy,
            ),
        ) => crate::PartNumber::parse_or_refuse(value).map(drop),
        _ => Ok(()),
    }
}

/// Parameters that must be integers, negative or not. An empty one counts as absent.
fn check_integers(operation: Option<Operation>, query: &Query) -> Result<(), S3Error> {
    let names: &[&'static str] = match operation {
        Some(Operation::ListObjects | Operation::ListObjectsV2 | Operation::ListObjectVersions) => {
            &["max-keys"]
        }
        Some(Operation::ListMultipartUploads) => &["max-uploads"],
        Some(Operation::ListParts) => {
            // AWS: here negative ones, too, before the upload is looked for. Source: facts: s3-behaviour.md 10.5.
            not_negative(query, "max-parts")?;
            return not_negative(query, "part-number-marker").map(drop);
        }
        Some(Operation::ListBuckets) => {
            return crate::ops::list_buckets::check_max_buckets(query).map(drop);
        }
        _ => &[],
    };
    for name in names {
        crate::max_keys::parse_integer(query, name)?;
    }
    Ok(())
}

/// Refuses `versionId` where there are no versions; an empty one everywhere.
fn check_version_id(
    operation: Option<Operation>,
    selected: &Selected,
    target: &Target,
    query: &Query,
) -> Result<(), S3Error> {
    let Some(value) = query.get("versionId") else {
        return Ok(());
    };
    let refuse =
        |message: &'static str| Err(S3Error::invalid_argument(message, "versionId", Some(value)));
    if matches!(target, Target::Service) {
        return Ok(());
    }
    if operation == Some(Operation::GetBucketAcl) {
        return refuse("Invalid version id specified");
    }
    if selected.level == Level::Bucket
        || operation.is_some_and(|operation| !operation.accepts_version_id())
    {
        return refuse("This operation does not accept a version-id.");
    }
    if value.is_empty() {
        return refuse("Version id cannot be the empty string");
    }
    Ok(())
}

/// Parameters of one list operation on the other. AWS's texts are not known; these are ours.
fn check_listing_mixture(operation: Option<Operation>, query: &Query) -> Result<(), S3Error> {
    let foreign: &[&'static str] = match operation {
        Some(Operation::ListObjects) => &["continuation-token", "start-after", "fetch-owner"],
        Some(Operation::ListObjectsV2) => &["marker"],
        _ => &[],
    };
    match foreign.iter().find(|name| query.contains(name)) {
        Some(name) => Err(S3Error::invalid_argument(
            format!("The parameter {name} is not supported by this version of the list operation"),
            name,
            query.get(name),
        )),
        None => Ok(()),
    }
}

fn check_copy_source(head: &RequestHead<'_>, operation: Option<Operation>) -> Result<(), S3Error> {
    let writes = [Method::PUT, Method::POST].contains(head.method);
    let copies = matches!(
        operation,
        Some(Operation::CopyObject | Operation::UploadPartCopy) | None
    );
    match crate::request::header(head.headers, "x-amz-copy-source") {
        Some(value) if writes && !copies => Err(S3Error::invalid_argument(
            "You can only specify a copy source header for copy requests.",
            "x-amz-copy-source",
            Some(&crate::request::value_text(value)),
        )),
        _ => Ok(()),
    }
}

fn check_object_attributes(
    head: &RequestHead<'_>,
    operation: Option<Operation>,
) -> Result<(), S3Error> {
    if operation != Some(Operation::GetObjectAttributes) {
        return Ok(());
    }
    match Attribute::of_headers(head.headers) {
        Ok(_) => Ok(()),
        Err(sent) => Err(S3Error::invalid_argument(
            "Invalid attribute name specified.",
            "x-amz-object-attributes",
            Some(&sent),
        )),
    }
}
