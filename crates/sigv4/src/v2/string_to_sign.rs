//! The string to sign of a request.

use std::collections::BTreeMap;

use http::HeaderName;
use http::header::CONTENT_TYPE;

use super::sub_resources;
use crate::Request;
use crate::query::{self, Parameter};

/// What of a signature's string the request itself does not say.
#[derive(Debug)]
pub(crate) struct Signed {
    /// The line of the date: `Date`, empty beside `x-amz-date`; `Expires` of a query.
    pub(crate) date: String,
    /// The bucket that the host names.
    pub(crate) host_bucket: Option<String>,
}

/// Method, `Content-MD5`, `Content-Type` and date, a line each; the lines of `x-amz-*`; the resource.
pub(crate) fn string_to_sign(request: &Request<'_>, signed: &Signed) -> Vec<u8> {
    write(request, signed, request.raw_path)
}

/// The same with a slash behind a bucket that stands alone in the path.
///
/// AWS does not take it. But it is the same resource, and boto3 spells it so for buckets in path style, which AWS's own
/// endpoints no longer see from it, and this server does.
pub(crate) fn other_spelling(request: &Request<'_>, signed: &Signed) -> Option<Vec<u8>> {
    let bucket = request.raw_path.strip_prefix('/')?;
    let is_bucket = signed.host_bucket.is_none() && !bucket.is_empty() && !bucket.contains('/');
    is_bucket.then(|| write(request, signed, &format!("/{bucket}/")))
}

fn write(request: &Request<'_>, signed: &Signed, raw_path: &str) -> Vec<u8> {
    let mut to = Vec::with_capacity(256);
    to.extend_from_slice(request.method.as_bytes());
    to.push(b'\n');
    for name in [HeaderName::from_static("content-md5"), CONTENT_TYPE] {
        write_values(&values(request, &name), &mut to);
        to.push(b'\n');
    }
    to.extend_from_slice(signed.date.as_bytes());
    to.push(b'\n');
    for (name, values) in amz_values(request) {
        to.extend_from_slice(name.as_bytes());
        to.push(b':');
        write_values(&values, &mut to);
        to.push(b'\n');
    }
    if let Some(bucket) = &signed.host_bucket {
        to.push(b'/');
        to.extend_from_slice(bucket.as_bytes());
    }
    to.extend_from_slice(raw_path.as_bytes());
    sub_resources::write(request.raw_query, &mut to);
    to
}

/// The values of `x-amz-*` by lower-case name.
///
/// AWS signs a parameter of the query as a header, and in place of a header of that name; of several the first, which is
/// the one that counts.
fn amz_values(request: &Request<'_>) -> BTreeMap<String, Vec<Vec<u8>>> {
    let mut all = BTreeMap::new();
    for parameter in query::parameters(request.raw_query) {
        if let Some(name) = amz_name(&parameter) {
            let value = || vec![query::decode(parameter.value).collect()];
            all.entry(name).or_insert_with(value);
        }
    }
    for name in request.headers.keys() {
        if name.as_str().starts_with(AMZ) {
            let values = || values(request, name);
            all.entry(name.as_str().to_owned()).or_insert_with(values);
        }
    }
    all
}

/// The beginning of the names that are signed.
const AMZ: &str = "x-amz-";

/// The lower-case name of a parameter that is signed as a header.
pub(super) fn amz_name(parameter: &Parameter<'_>) -> Option<String> {
    let name: Vec<u8> = query::decode(parameter.name).collect();
    let name = HeaderName::from_bytes(&name.to_ascii_lowercase()).ok()?;
    let name = name.as_str();
    name.starts_with(AMZ).then(|| name.to_owned())
}

fn values(request: &Request<'_>, name: &HeaderName) -> Vec<Vec<u8>> {
    let values = request.headers.get_all(name).iter();
    values.map(|value| value.as_bytes().to_vec()).collect()
}

/// Writes values trimmed and separated by commas.
fn write_values(values: &[Vec<u8>], to: &mut Vec<u8>) {
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            to.push(b',');
        }
        to.extend_from_slice(value.trim_ascii());
    }
}
