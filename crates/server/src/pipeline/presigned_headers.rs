//! Headers that a presigned URL carries as parameters.
//!
//! Signers that cannot make the URL's user send a header put it into the URL instead (`x-amz-meta-a=b`), and S3 takes
//! most of them as if they had been sent. Seen on AWS, by maintainers of its SDKs: user metadata and encryption count
//! (aws-sdk-js-v3 4694, aws-sdk-ruby 1808, smithy-typescript 1421), conditions of writes do, as recorded, tags do not (aws-sdk-go-v2 1017), nor does a
//! checksum, which the signer could only have computed over no body at all (localstack 12169).

use std::borrow::Cow;

use buckler_s3::{Query, header_of_metadata};
use http::{HeaderMap, HeaderName, HeaderValue};

/// Beginnings of the names that count. What routes a request (`x-amz-copy-source`) is not among them.
const COUNTED: [&str; 11] = [
    "if-match",
    "if-none-match",
    "x-amz-acl",
    "x-amz-expected-bucket-owner",
    "x-amz-grant-",
    "x-amz-meta-",
    "x-amz-object-lock-",
    "x-amz-request-payer",
    "x-amz-server-side-encryption",
    "x-amz-storage-class",
    "x-amz-website-redirect-location",
];

/// The headers of a presigned request, with those that its URL carries. A header that was sent counts before a
/// parameter of its name, and the first of several parameters before the others.
pub(crate) fn with_parameters<'h>(headers: &'h HeaderMap, query: &Query) -> Cow<'h, HeaderMap> {
    let mut all = Cow::Borrowed(headers);
    for (name, value) in query.iter() {
        let Some((name, value)) = as_header(name, value) else {
            continue;
        };
        if !all.contains_key(&name) {
            all.to_mut().insert(name, value);
        }
    }
    all
}

/// A parameter as a header, if it counts as one and can be one.
fn as_header(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    let name = name.to_ascii_lowercase();
    COUNTED
        .iter()
        .any(|counted| name.starts_with(counted))
        .then_some(())?;
    let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
    let value = if name.as_str().starts_with("x-amz-meta-") {
        header_of_metadata(value, false)?
    } else {
        HeaderValue::from_bytes(value.as_bytes()).ok()?
    };
    Some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(sent: &[(&'static str, &'static str)], query: &str) -> Vec<(String, String)> {
        let mut map = HeaderMap::new();
        for (name, value) in sent {
            map.append(*name, HeaderValue::from_static(value));
        }
        let query = Query::parse(query).unwrap();
        let all = with_parameters(&map, &query);
        let text = |value: &HeaderValue| String::from_utf8(value.as_bytes().to_vec()).unwrap();
        let mut pairs: Vec<_> = all
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect();
        pairs.sort();
        pairs
    }

    #[test]
    fn parameters_that_count_are_headers() {
        let query = "X-Amz-Date=d&x-id=PutObject&X-Amz-Meta-A=%C3%BC&x-amz-acl=private&x-amz-storage-class=STANDARD&\
                     If-None-Match=%2A";
        let expected = [
            ("if-none-match", "*"),
            ("x-amz-acl", "private"),
            ("x-amz-meta-a", "=?UTF-8?B?w7w=?="),
            ("x-amz-storage-class", "STANDARD"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(headers(&[], query), expected);
    }

    #[test]
    fn others_do_not() {
        let query = "x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-tagging=a%3Db&x-amz-copy-source=b%2Fk&acl=x&\
                     x-amz-content-sha256=x&x-amz-security-token=t&x-amz-meta-%0A=x&x-amz-acl=%0A";
        assert_eq!(headers(&[], query), []);
    }

    #[test]
    fn what_was_sent_counts_first() {
        let query = "x-amz-acl=public-read&x-amz-meta-a=1&x-amz-meta-a=2";
        let expected = [("x-amz-acl", "private"), ("x-amz-meta-a", "1")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(headers(&[("x-amz-acl", "private")], query), expected);
    }
}
