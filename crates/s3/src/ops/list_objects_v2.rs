//! `ListObjectsV2`: the second form of the listing.
//!
//! Source: Amazon S3 API Reference, "`ListObjectsV2`"; facts: s3-behaviour.md 12.

use buckler_policy::AccountId;

use super::listing::{EncodingType, ListedObject, encode, text, write_entries};
use crate::xml::Writer;
use crate::{
    Answer, BucketName, ContinuationToken, FromRequest, IntoAnswer, MaxKeys, Region, Request,
    S3Error, expected_bucket_owner,
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
    /// `start-after` as sent, possibly empty; a token beats it.
    pub start_after: Option<String>,
    /// `continuation-token`.
    pub continuation_token: Option<ContinuationToken>,
    /// Whether `fetch-owner` is exactly `true`.
    pub fetch_owner: bool,
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
        // AWS's order: encoding type, token, negative numbers.
        let expected_owner = expected_bucket_owner(request.headers())?;
        let encoding_type = EncodingType::from_query(query)?;
        let continuation_token = ContinuationToken::from_query(query)?;
        Ok(Self {
            bucket: request.bucket()?,
            prefix: text(query, "prefix"),
            delimiter: text(query, "delimiter"),
            start_after: query.get("start-after").map(str::to_owned),
            continuation_token,
            fetch_owner: query.get("fetch-owner") == Some("true"),
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
    /// Where the next page begins, when there is one.
    pub next: Option<ContinuationToken>,
    /// The bucket's region, which the answers to both lists name.
    pub region: Region,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        let request = &self.request;
        let encoding = request.encoding_type.as_ref();
        let encoded = |text: &str| encode(encoding, text).into_owned();
        let token = request
            .continuation_token
            .as_ref()
            .map(ContinuationToken::encode);
        let start_after = request.start_after.as_deref().filter(|_| token.is_none());
        let mut writer = Writer::document("ListBucketResult");
        writer.text("Name", request.bucket.as_str());
        writer.text(
            "Prefix",
            &encoded(request.prefix.as_deref().unwrap_or_default()),
        );
        writer.optional("StartAfter", start_after.map(encoded).as_deref());
        writer.optional("ContinuationToken", token.as_deref());
        writer.optional(
            "NextContinuationToken",
            self.next.as_ref().map(ContinuationToken::encode).as_deref(),
        );
        writer.number(
            "KeyCount",
            (self.contents.len() + self.common_prefixes.len()) as u64,
        );
        writer.number("MaxKeys", request.max_keys.as_sent().into());
        writer.optional(
            "Delimiter",
            request.delimiter.as_deref().map(encoded).as_deref(),
        );
        writer.optional("EncodingType", encoding.map(EncodingType::as_str));
        writer.boolean("IsTruncated", self.next.is_some());
        write_entries(
            &mut writer,
            encoding,
            request.fetch_owner,
            &self.contents,
            &self.common_prefixes,
        );
        writer.close("ListBucketResult");
        Answer::xml(writer.finish()).with("x-amz-bucket-region", self.region.as_str())
    }
}
