//! Requests whose string to sign is also that of another.
//!
//! Values stand decoded in the string, so that one of them can look like several. Whoever holds a signed URL could make
//! use of that: hide `response-content-type` in the value before it, or one `x-amz-*` in another. AWS takes such requests.
//! Here their signature does not match, whatever it is; who signs a value that reads `&versionId=` has to use Version 4.

use super::string_to_sign::amz_name;
use super::sub_resources::SubResource;
use crate::Request;
use crate::query::{self, Parameter};

/// Whether another request has the same string to sign and does not mean the same.
pub(crate) fn is_ambiguous(request: &Request<'_>) -> bool {
    query::parameters(request.raw_query).any(|parameter| {
        let value: Vec<u8> = query::decode(parameter.value).collect();
        match amz_name(&parameter) {
            Some(name) => {
                value.contains(&b'\n')
                    || value.contains(&b'\r')
                    || has_other(request, &name, &value)
            }
            None => is_valued(&parameter) && holds_sub_resources(&value),
        }
    })
}

/// Whether there is a header of that name that says something else.
fn has_other(request: &Request<'_>, name: &str, value: &[u8]) -> bool {
    let mut sent = request.headers.get_all(name).iter();
    sent.any(|sent| sent.as_bytes().trim_ascii() != value.trim_ascii())
}

fn is_valued(parameter: &Parameter<'_>) -> bool {
    let name: Vec<u8> = query::decode(parameter.name).collect();
    matches!(SubResource::find(&name), Some(SubResource::Valued(_)))
}

/// Whether a value reads like a value with sub-resources behind it.
fn holds_sub_resources(value: &[u8]) -> bool {
    let pieces = value.split(|byte| *byte == b'&').skip(1);
    let mut names = pieces.filter_map(|piece| piece.split(|byte| *byte == b'=').next());
    names.any(|name| SubResource::find(name).is_some())
}
