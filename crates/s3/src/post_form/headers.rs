//! The headers that a form's fields stand for.

use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::FormFields;
use crate::{Detail, ErrorCode, S3Error, header_of_metadata, tagging};

/// Headers of the request itself that count beside a form: those about the sender's connection, not the object.
const OF_THE_REQUEST: [&str; 4] = [
    "host",
    "referer",
    "user-agent",
    "x-amz-expected-bucket-owner",
];
/// Fields that are headers of an upload under the same name, apart from `x-amz-*`.
const SAME_NAME: [&str; 10] = [
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-md5",
    "content-type",
    "expires",
    "redirect",
    "success_action_redirect",
    "success_action_status",
];
/// Fields `x-amz-*` that are no headers of an upload: those of the signature, and what has another form here or none.
const NOT_HEADERS: [&str; 12] = [
    "x-amz-algorithm",
    "x-amz-content-sha256",
    "x-amz-copy-source",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-decoded-content-length",
    "x-amz-expected-bucket-owner",
    "x-amz-metadata-directive",
    "x-amz-security-token",
    "x-amz-signature",
    "x-amz-tagging",
    "x-amz-trailer",
];

impl FormFields {
    /// The headers of the upload that this form asks for. Conditions like `If-None-Match` are not among them: forms have
    /// none.
    ///
    /// # Errors
    /// `InvalidArgument` for a value that no header can have; the errors of the document in `tagging`.
    pub fn headers(&self, of_request: &HeaderMap) -> Result<HeaderMap, S3Error> {
        let mut headers = HeaderMap::new();
        for name in OF_THE_REQUEST {
            if let Some(value) = of_request.get(name) {
                headers.insert(HeaderName::from_static(name), value.clone());
            }
        }
        for (name, value) in self.iter() {
            if let Some(header) = header_name(name) {
                headers.append(header, header_value(name, value)?);
            }
        }
        if let Some(document) = self.get("tagging") {
            headers.insert(
                HeaderName::from_static("x-amz-tagging"),
                header_value("tagging", &tagging_header(document)?)?,
            );
        }
        Ok(headers)
    }
}

fn header_name(field: &str) -> Option<HeaderName> {
    if field == "acl" {
        return Some(HeaderName::from_static("x-amz-acl"));
    }
    let is_amz = field.starts_with("x-amz-") && !NOT_HEADERS.contains(&field);
    if is_amz || SAME_NAME.contains(&field) {
        return HeaderName::from_bytes(field.as_bytes()).ok();
    }
    None
}

fn header_value(field: &str, value: &str) -> Result<HeaderValue, S3Error> {
    let header = if field.starts_with("x-amz-meta-") {
        header_of_metadata(value, true)
    } else {
        HeaderValue::from_bytes(value.as_bytes()).ok()
    };
    header.ok_or_else(|| {
        S3Error::new(ErrorCode::InvalidArgument).with_detail(Detail::Elements(vec![
            ("ArgumentName", field.to_owned()),
            ("ArgumentValue", value.to_owned()),
        ]))
    })
}

/// The document `Tagging` as the header that says the same.
fn tagging_header(document: &str) -> Result<String, S3Error> {
    let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let tags = tagging::parse_object(document.as_bytes())?;
    let pairs: Vec<_> = tags
        .iter()
        .map(|tag| format!("{}={}", encode(&tag.key), encode(&tag.value)))
        .collect();
    Ok(pairs.join("&"))
}
