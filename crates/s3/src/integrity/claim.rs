//! Checksum headers and trailers.

use buckler_checksum::{Algorithm, Checksum};
use http::HeaderMap;

use super::ContentMd5;
use crate::request::{header, header_text, value_text};
use crate::{ErrorCode, S3Error};

/// Headers that begin like checksums and are none.
const NOT_CHECKSUMS: [&str; 3] = [
    "x-amz-checksum-mode",
    "x-amz-checksum-type",
    "x-amz-checksum-algorithm",
];
const PREFIX: &str = "x-amz-checksum-";
const SINGLE: &str = "Expecting a single x-amz-checksum- header";
const MULTIPLE: &str =
    "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.";

/// What `x-amz-sdk-checksum-algorithm` must agree with. Source: facts: authorization.md 1.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlgorithmNameRule {
    /// It must name the algorithm of the checksum that was sent.
    MustMatch,
    /// It does not count once a checksum was sent.
    IgnoredWhenChecksumGiven,
}

/// Where the checksum of the body stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ChecksumClaim {
    /// Nowhere.
    #[default]
    None,
    /// In a header.
    Header(Checksum),
    /// In the trailer, still to come.
    Trailer(Algorithm),
}

/// The claims of a request about its body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Integrity {
    /// `Content-MD5`.
    pub content_md5: Option<ContentMd5>,
    /// A checksum in a header or trailer.
    pub claim: ChecksumClaim,
    /// `x-amz-sdk-checksum-algorithm`, when it names an algorithm.
    pub named_algorithm: Option<Algorithm>,
}

impl Integrity {
    /// Reads the headers. `streaming` says whether the payload is `aws-chunked`.
    ///
    /// # Errors
    /// AWS's answer for the first thing wrong, in the order of facts: authorization.md 1.3.
    pub fn parse(
        headers: &HeaderMap,
        streaming: bool,
        rule: AlgorithmNameRule,
    ) -> Result<Self, S3Error> {
        let sent = checksum_headers(headers);
        let announced = announced_trailers(headers);
        if sent.len() > 1
            || announced
                .iter()
                .filter(|name| name.starts_with(PREFIX))
                .count()
                > 1
        {
            return Err(S3Error::invalid_request(MULTIPLE));
        }
        let trailer = announced.first();
        let claimed = match (sent.first(), trailer) {
            (Some(_), Some(trailer)) if trailer.starts_with(PREFIX) => {
                return Err(S3Error::invalid_request(SINGLE));
            }
            (Some(_), Some(_)) => return Err(unknown_trailer()),
            _ if announced.len() > 1 => return Err(unknown_trailer()),
            (Some((name, _)), None) => {
                Some(Algorithm::from_header_name(name).ok_or_else(unknown_header)?)
            }
            (None, Some(trailer)) => {
                Some(Algorithm::from_header_name(trailer).ok_or_else(unknown_trailer)?)
            }
            (None, None) => None,
        };
        let named_algorithm = named_algorithm(headers, claimed, rule)?;
        let claim = match (claimed, sent.first()) {
            (Some(algorithm), Some((name, value))) => ChecksumClaim::Header(
                Checksum::from_base64(algorithm, value).map_err(|_| invalid_value(name))?,
            ),
            (Some(algorithm), None) => ChecksumClaim::Trailer(algorithm),
            (None, _) => ChecksumClaim::None,
        };
        if trailer.is_some() && !streaming {
            return Err(S3Error::new(ErrorCode::MalformedTrailerError));
        }
        Ok(Self {
            content_md5: ContentMd5::from_headers(headers)?,
            claim,
            named_algorithm,
        })
    }

    /// The algorithm of the checksum that was sent or announced.
    pub const fn algorithm(&self) -> Option<Algorithm> {
        match &self.claim {
            ChecksumClaim::None => None,
            ChecksumClaim::Header(checksum) => Some(checksum.algorithm()),
            ChecksumClaim::Trailer(algorithm) => Some(*algorithm),
        }
    }

    /// Whether the request claims anything about its body.
    pub fn is_claimed(&self) -> bool {
        self.content_md5.is_some() || self.claim != ChecksumClaim::None
    }

    /// Demands a claim, for the operations that do.
    ///
    /// # Errors
    /// `InvalidRequest`. Source: facts: s3-behaviour.md 9.
    pub fn require(self) -> Result<Self, S3Error> {
        if self.is_claimed() {
            Ok(self)
        } else {
            Err(S3Error::invalid_request(
                "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
            ))
        }
    }

    /// Reads the value of a trailer that was announced.
    ///
    /// # Errors
    /// `InvalidRequest` for a malformed one. Source: facts: s3-behaviour.md 3.3.
    pub fn trailer_checksum(algorithm: Algorithm, value: &str) -> Result<Checksum, S3Error> {
        Checksum::from_base64(algorithm, value).map_err(|_| {
            S3Error::invalid_request(format!(
                "Value for {} trailing header is invalid.",
                algorithm.header_name()
            ))
        })
    }
}

/// The one checksum header of a request whose body the checksum is not of.
///
/// # Errors
/// `InvalidRequest` for several, and for an algorithm that does not exist.
pub(crate) fn single_checksum_header(
    headers: &HeaderMap,
) -> Result<Option<(Algorithm, String)>, S3Error> {
    let mut sent = checksum_headers(headers).into_iter();
    match (sent.next(), sent.next()) {
        (None, _) => Ok(None),
        (Some(_), Some(_)) => Err(S3Error::invalid_request(MULTIPLE)),
        (Some((name, value)), None) => {
            let algorithm = Algorithm::from_header_name(&name).ok_or_else(unknown_header)?;
            Ok(Some((algorithm, value)))
        }
    }
}

/// Names and values of all checksum headers, known or not. Two lines of one header are two.
fn checksum_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|(name, _)| {
            name.as_str().starts_with(PREFIX) && !NOT_CHECKSUMS.contains(&name.as_str())
        })
        .map(|(name, value)| {
            (
                name.as_str().to_owned(),
                value_text(value).trim().to_owned(),
            )
        })
        .collect()
}

/// The names in `x-amz-trailer`, lower case.
pub fn announced_trailers(headers: &HeaderMap) -> Vec<String> {
    if header(headers, "x-amz-trailer").is_none() {
        return Vec::new();
    }
    headers
        .get_all("x-amz-trailer")
        .iter()
        .flat_map(|value| {
            let text = value_text(value).to_ascii_lowercase();
            text.split(',')
                .map(|name| name.trim().to_owned())
                .collect::<Vec<_>>()
        })
        .filter(|name| !name.is_empty())
        .collect()
}

fn named_algorithm(
    headers: &HeaderMap,
    claimed: Option<Algorithm>,
    rule: AlgorithmNameRule,
) -> Result<Option<Algorithm>, S3Error> {
    const HEADER: &str = "x-amz-sdk-checksum-algorithm";
    let Some(text) = header_text(headers, HEADER) else {
        return Ok(None);
    };
    let named = Algorithm::from_name(&text);
    match (claimed, named) {
        (None, _) => Err(S3Error::invalid_request(
            "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
        )),
        (Some(_), named) if rule == AlgorithmNameRule::IgnoredWhenChecksumGiven => Ok(named),
        (Some(_), None) => Err(unsupported_algorithm()),
        (Some(claimed), Some(named)) if claimed != named => Err(S3Error::invalid_request(
            "Value for x-amz-sdk-checksum-algorithm header is invalid.",
        )),
        (Some(_), named) => Ok(named),
    }
}

/// `InvalidRequest` for an algorithm that does not exist, with the ten that do.
pub(crate) fn unsupported_algorithm() -> S3Error {
    S3Error::invalid_request(
        "Checksum algorithm provided is unsupported. Please try again with any of the valid types: \
         [CRC32, CRC32C, CRC64NVME, MD5, SHA1, SHA256, SHA512, XXHASH128, XXHASH3, XXHASH64]",
    )
}

fn unknown_header() -> S3Error {
    S3Error::invalid_request(
        "The algorithm type you specified in x-amz-checksum- header is invalid.",
    )
}

fn unknown_trailer() -> S3Error {
    S3Error::invalid_request("The value specified in the x-amz-trailer header is not supported")
}

/// `InvalidRequest` for a checksum header's malformed value.
pub(crate) fn invalid_value(header: &str) -> S3Error {
    S3Error::invalid_request(format!("Value for {header} header is invalid."))
}
