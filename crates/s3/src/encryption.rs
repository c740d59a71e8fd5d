//! Encryption headers of requests. Source: facts: s3-behaviour.md 18.

use http::HeaderMap;

use crate::S3Error;
use crate::request::{header, header_text};

const ALGORITHM: &str = "x-amz-server-side-encryption";
const CUSTOMER_KEY: [&str; 3] = [
    "x-amz-server-side-encryption-customer-algorithm",
    "x-amz-server-side-encryption-customer-key",
    "x-amz-server-side-encryption-customer-key-md5",
];
const COPY_SOURCE_KEY: [&str; 3] = [
    "x-amz-copy-source-server-side-encryption-customer-algorithm",
    "x-amz-copy-source-server-side-encryption-customer-key",
    "x-amz-copy-source-server-side-encryption-customer-key-md5",
];
const KMS: [&str; 3] = [
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-context",
    "x-amz-server-side-encryption-bucket-key-enabled",
];

/// Reads the encryption headers of a write; the answer says whether `AES256` was asked for by name, which counts as a
/// change in a self-copy.
///
/// # Errors
/// `InvalidArgument` for an unknown method; `NotImplemented` for KMS and for keys of the customer, which are not built.
pub(crate) fn of_write(headers: &HeaderMap) -> Result<bool, S3Error> {
    refuse_any(headers, &CUSTOMER_KEY)?;
    refuse_any(headers, &COPY_SOURCE_KEY)?;
    let named = header_text(headers, ALGORITHM);
    match named.as_deref() {
        None | Some("AES256") => {}
        Some("aws:kms" | "aws:kms:dsse") => return Err(S3Error::header_not_implemented(ALGORITHM)),
        Some(other) => {
            return Err(S3Error::invalid_argument(
                "The encryption method specified is not supported",
                ALGORITHM,
                Some(other),
            ));
        }
    }
    refuse_any(headers, &KMS)?;
    Ok(named.is_some())
}

/// Checks the encryption headers of a read.
///
/// # Errors
/// `InvalidArgument` for a method, which only writes name (AWS's text is not recorded); `NotImplemented` for keys of
/// the customer.
pub(crate) fn of_read(headers: &HeaderMap) -> Result<(), S3Error> {
    refuse_any(headers, &CUSTOMER_KEY)?;
    match header_text(headers, ALGORITHM) {
        Some(value) => Err(S3Error::invalid_argument(
            "x-amz-server-side-encryption header is not supported for this operation.",
            ALGORITHM,
            Some(&value),
        )),
        None => Ok(()),
    }
}

fn refuse_any(headers: &HeaderMap, names: &[&str]) -> Result<(), S3Error> {
    match names.iter().find(|name| header(headers, name).is_some()) {
        Some(name) => Err(S3Error::header_not_implemented(name)),
        None => Ok(()),
    }
}
