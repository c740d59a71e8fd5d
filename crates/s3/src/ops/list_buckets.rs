//! `ListBuckets`: the buckets of the caller's account.
//!
//! Source: Amazon S3 API Reference, "`ListBuckets`"; facts: s3-behaviour.md 4.4.

use buckler_policy::CanonicalId;
use time::OffsetDateTime;

use crate::xml::Writer;
use crate::{
    Answer, BucketName, ContinuationToken, FromRequest, IntoAnswer, Query, Region, Request,
    S3Error, dates,
};

/// Most buckets in one answer.
pub const BUCKETS_MAX: u32 = 10_000;

/// What the request says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// `max-buckets`, 1 to [`BUCKETS_MAX`].
    pub max_buckets: Option<u32>,
    /// `prefix`.
    pub prefix: Option<String>,
    /// `bucket-region`: [`Input::check_region`] judges it.
    pub bucket_region: Option<String>,
    /// `continuation-token`: begin behind the bucket it names.
    pub continuation_token: Option<ContinuationToken>,
    /// Whether any of the four parameters was sent, which shows regions.
    pub shows_region: bool,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        let query = request.query;
        let names = [
            "max-buckets",
            "prefix",
            "bucket-region",
            "continuation-token",
        ];
        Ok(Self {
            max_buckets: check_max_buckets(query)?,
            prefix: query
                .get("prefix")
                .filter(|text| !text.is_empty())
                .map(str::to_owned),
            bucket_region: query
                .get("bucket-region")
                .filter(|text| !text.is_empty())
                .map(str::to_owned),
            // AWS: an empty one is none here, as recorded; ListObjectsV2 refuses it.
            continuation_token: match query.get("continuation-token") {
                Some("") => None,
                _ => ContinuationToken::from_query(query)?,
            },
            shows_region: names.iter().any(|name| query.contains(name)),
        })
    }
}

impl Input {
    /// How many buckets may come back.
    pub fn limit(&self) -> usize {
        self.max_buckets.unwrap_or(BUCKETS_MAX) as usize
    }

    /// Judges `bucket-region` against the endpoint's region.
    ///
    /// # Errors
    /// `InvalidArgument` for another region and for an unknown one.
    pub fn check_region(&self, endpoint_region: &str) -> Result<(), S3Error> {
        match self.bucket_region.as_deref() {
            None => Ok(()),
            Some(region) if region == endpoint_region => Ok(()),
            Some(region) if Region::is_known(region) => Err(S3Error::invalid_argument(
                "Requests with bucket-region specified must be made to the corresponding regional endpoint",
                "bucket-region",
                None,
            )),
            Some(region) => Err(S3Error::invalid_argument(
                format!("Argument value {region} is not a valid AWS Region"),
                "bucket-region",
                None,
            )),
        }
    }
}

/// Reads `max-buckets`, which routing does as well: AWS judges it before the credentials.
pub(crate) fn check_max_buckets(query: &Query) -> Result<Option<u32>, S3Error> {
    match crate::max_keys::parse_integer(query, "max-buckets")? {
        None => Ok(None),
        Some(number) => match u32::try_from(number) {
            Ok(number) if (1..=BUCKETS_MAX).contains(&number) => Ok(Some(number)),
            _ => Err(S3Error::invalid_argument(
                "Argument max-buckets must be an integer between 1 and 10000",
                "max-buckets",
                query.get("max-buckets"),
            )),
        },
    }
}

/// One bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedBucket {
    /// Its name.
    pub name: BucketName,
    /// When it was made.
    pub created: OffsetDateTime,
    /// Its region.
    pub region: Region,
}

/// A page of buckets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The account's canonical id.
    pub owner: CanonicalId,
    /// The buckets, names ascending.
    pub buckets: Vec<ListedBucket>,
    /// The request's prefix.
    pub prefix: Option<String>,
    /// Where the next page begins, if there is one.
    pub next: Option<ContinuationToken>,
    /// [`Input::shows_region`].
    pub shows_region: bool,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        let mut writer = Writer::document("ListAllMyBucketsResult");
        writer.open("Owner");
        writer.text("ID", self.owner.as_str());
        writer.close("Owner");
        if self.buckets.is_empty() {
            writer.empty("Buckets");
        } else {
            writer.open("Buckets");
            for bucket in &self.buckets {
                writer.open("Bucket");
                writer.text("Name", bucket.name.as_str());
                writer.text("CreationDate", &dates::s3_date(bucket.created));
                writer.optional(
                    "BucketRegion",
                    self.shows_region.then_some(bucket.region.as_str()),
                );
                writer.text("BucketArn", &format!("arn:aws:s3:::{}", bucket.name));
                writer.close("Bucket");
            }
            writer.close("Buckets");
        }
        writer.optional("Prefix", self.prefix.as_deref());
        writer.optional(
            "ContinuationToken",
            self.next.map(|token| token.encode()).as_deref(),
        );
        writer.close("ListAllMyBucketsResult");
        Answer::xml(writer.finish())
    }
}
