//! Bucket and key from host and path. Source: facts: s3-behaviour.md 2.1.

use http::HeaderMap;
use http::header::HOST;

use super::percent;
use crate::{BucketName, Detail, ErrorCode, ObjectKey, S3Error, Target};

/// Reads the target: virtual-host style when the host lies below one of `domains`, path style otherwise.
pub(super) fn target(
    raw_path: &str,
    headers: &HeaderMap,
    domains: &[String],
) -> Result<Target, S3Error> {
    let path = raw_path
        .strip_prefix('/')
        .ok_or_else(|| invalid_uri(raw_path))?;
    match bucket_of_host(headers, domains) {
        Some(bucket) => below_bucket(BucketName::parse_or_refuse(&bucket)?, path, raw_path),
        None if path.is_empty() => Ok(Target::Service),
        None => {
            let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
            let bucket = percent::decode_path(bucket).map_err(|_| invalid_uri(raw_path))?;
            below_bucket(BucketName::parse_or_refuse(&bucket)?, key, raw_path)
        }
    }
}

/// `InvalidURI` with the path as sent.
pub(super) fn invalid_uri(raw: &str) -> S3Error {
    S3Error::new(ErrorCode::InvalidURI).with_detail(Detail::Uri(raw.to_owned()))
}

fn below_bucket(bucket: BucketName, raw_key: &str, raw_path: &str) -> Result<Target, S3Error> {
    if raw_key.is_empty() {
        return Ok(Target::Bucket(bucket));
    }
    let key = percent::decode_path(raw_key).map_err(|_| invalid_uri(raw_path))?;
    Ok(Target::Object(bucket, ObjectKey::parse_or_refuse(&key)?))
}

/// The bucket that a request's host names (virtual-host style), in lower case and of whatever form: the part of the host
/// left of the longest of `domains` that it lies below.
pub fn bucket_of_host(headers: &HeaderMap, domains: &[String]) -> Option<String> {
    let host = headers.get(HOST)?.to_str().ok()?.to_ascii_lowercase();
    let host = without_port(&host);
    let bucket = |domain: &String| {
        let below = host
            .strip_suffix(&domain.to_ascii_lowercase())?
            .strip_suffix('.')?;
        (!below.is_empty()).then(|| below.to_owned())
    };
    // The longest domain leaves the shortest bucket. A host that is a domain itself names no bucket, also when it
    // lies below a shorter domain.
    if domains
        .iter()
        .any(|domain| domain.eq_ignore_ascii_case(host))
    {
        return None;
    }
    domains.iter().filter_map(bucket).min_by_key(String::len)
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}
