//! `ListObjects`: the first form of the listing.
//!
//! Source: Amazon S3 API Reference, "`ListObjects`"; facts: s3-behaviour.md 12.

use buckler_policy::AccountId;

use super::listing::{EncodingType, ListedObject, encode, text, write_entries};
use crate::xml::Writer;
use crate::{
    Answer, BucketName, FromRequest, IntoAnswer, MaxKeys, Region, Request, S3Error,
    expected_bucket_owner,
};

/// What the request says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The bucket.
    pub bucket: BucketName,
    /// `prefix`; empty counts as absent.
    pub prefix: Option<String>,
    /// `delimiter`, one or more characters; empty counts as absent.
    pub delimiter: Option<String>,
    /// `marker`: begin behind it; inside a common prefix, behind the whole of it.
    pub marker: Option<String>,
    /// `max-keys`.
    pub max_keys: MaxKeys,
    /// `encoding-type`.
    pub encoding_type: Option<EncodingType>,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        let query = request.query;
        let expected_owner = expected_bucket_owner(request.headers())?;
        let encoding_type = EncodingType::from_query(query)?;
        Ok(Self {
            bucket: request.bucket()?,
            prefix: text(query, "prefix"),
            delimiter: text(query, "delimiter"),
            marker: text(query, "marker"),
            max_keys: MaxKeys::from_query(query)?,
            encoding_type,
            expected_owner,
        })
    }
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The request, which the answer repeats.
    pub request: Input,
    /// Objects, by the bytes of their keys.
    pub contents: Vec<ListedObject>,
    /// Common prefixes, likewise.
    pub common_prefixes: Vec<String>,
    /// The last key or common prefix of this page, when another follows.
    pub next_marker: Option<String>,
    /// Whether owners are shown: not to a caller without a signature, as AWS was recorded.
    pub shows_owner: bool,
    /// The bucket's region, which the answers to both lists name. AWS: recorded, and documented nowhere.
    pub region: Region,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        let request = &self.request;
        let encoding = request.encoding_type.as_ref();
        let encoded = |text: &str| encode(encoding, text).into_owned();
        let mut writer = Writer::document("ListBucketResult");
        writer.text("Name", request.bucket.as_str());
        writer.text(
            "Prefix",
            &encoded(request.prefix.as_deref().unwrap_or_default()),
        );
        writer.text(
            "Marker",
            &encoded(request.marker.as_deref().unwrap_or_default()),
        );
        if request.delimiter.is_some() {
            writer.optional(
                "NextMarker",
                self.next_marker.as_deref().map(encoded).as_deref(),
            );
        }
        writer.number("MaxKeys", request.max_keys.as_sent().into());
        writer.optional(
            "Delimiter",
            request.delimiter.as_deref().map(encoded).as_deref(),
        );
        writer.optional("EncodingType", encoding.map(EncodingType::as_str));
        writer.boolean("IsTruncated", self.next_marker.is_some());
        write_entries(
            &mut writer,
            encoding,
            self.shows_owner,
            &self.contents,
            &self.common_prefixes,
        );
        writer.close("ListBucketResult");
        Answer::xml(writer.finish()).with("x-amz-bucket-region", self.region.as_str())
    }
}
