//! The extra elements between `Message` and `RequestId`.

/// Extra elements of an error, in AWS's order. Source: facts: s3-behaviour.md 1.3, 1.4 and 3.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Detail {
    /// No extra element.
    #[default]
    None,
    /// Names and values that another room has put in AWS's order already: those of a signature's faults.
    Elements(Vec<(&'static str, String)>),
    /// `BucketName`.
    BucketName(String),
    /// `Key`.
    Key(String),
    /// `Key`, `VersionId`.
    KeyVersion {
        /// The object's key.
        key: String,
        /// The version asked for.
        version_id: String,
    },
    /// `UploadId`.
    UploadId(String),
    /// `Method`, `ResourceType`.
    Method {
        /// The method of the request.
        method: String,
        /// AWS's name of what the method was used on.
        resource_type: &'static str,
    },
    /// `ArgumentName` and, where AWS shows it, `ArgumentValue`.
    Argument {
        /// The parameter or header.
        name: &'static str,
        /// The value as sent.
        value: Option<String>,
    },
    /// `Condition`.
    Condition(&'static str),
    /// `Condition`, `Key`.
    ConditionKey {
        /// The header that named the condition.
        condition: &'static str,
        /// The object's key.
        key: String,
    },
    /// `RangeRequested`, `ActualObjectSize`.
    Range {
        /// The `Range` header as sent.
        requested: String,
        /// Size of the object, in bytes.
        actual_object_size: u64,
    },
    /// `PartNumberRequested`, `ActualPartCount`.
    PartNumber {
        /// The part asked for.
        requested: u32,
        /// How many parts there are.
        actual_part_count: u32,
    },
    /// `Header` and, where AWS shows it, `additionalMessage`.
    Header {
        /// The header's name as AWS writes it.
        name: String,
        /// What AWS adds.
        additional_message: Option<&'static str>,
    },
    /// `QueryParameter`.
    QueryParameter(String),
    /// `HeadersNotSigned`: names joined by `, `.
    HeadersNotSigned(String),
    /// `AWSAccessKeyId`.
    AccessKeyId(String),
    /// What was signed and what was expected.
    SignatureMismatch(Box<SignatureMismatch>),
    /// `RequestTime`, `ServerTime`, `MaxAllowedSkewMilliseconds`.
    TimeSkew {
        /// The request's time as sent.
        request_time: String,
        /// The server's time, `2026-07-06T12:34:56Z`.
        server_time: String,
    },
    /// `X-Amz-Expires`, `Expires`, `ServerTime`.
    Expired {
        /// `X-Amz-Expires` of the URL, in seconds.
        expires_seconds: u32,
        /// When the URL ended, `2026-07-06T12:34:56Z`.
        expires: String,
        /// The server's time, in the same form.
        server_time: String,
    },
    /// `Region`: what the scope should have named.
    Region(String),
    /// `Token-0`.
    Token(String),
    /// `ExpectedDigest`, `CalculatedDigest`.
    Digest {
        /// What the client sent, in the form the operation shows it.
        expected: String,
        /// What the body has.
        calculated: String,
    },
    /// `ClientComputedContentSHA256`, `S3ComputedContentSHA256`.
    ContentSha256 {
        /// The header's value.
        client: String,
        /// What the body has, lower-case hex.
        computed: String,
    },
    /// `Content-MD5`: the header's value.
    ContentMd5(String),
    /// `MaxMessageLengthBytes`.
    MaxMessageLength(u64),
    /// `MaxSizeAllowed`.
    MaxSizeAllowed(u64),
    /// `Size`, `MaxSizeAllowed`.
    Size {
        /// What was sent, in bytes.
        size: u64,
        /// What is allowed, in bytes.
        max_size_allowed: u64,
    },
    /// `ProposedSize`, `MaxSizeAllowed`.
    ProposedSize {
        /// What was announced, in bytes.
        proposed_size: u64,
        /// What is allowed, in bytes.
        max_size_allowed: u64,
    },
    /// `ProposedSize`, `MinSizeAllowed`, and, of a part, `PartNumber`, `ETag`.
    TooSmall {
        /// What was sent, in bytes.
        proposed_size: u64,
        /// What is demanded, in bytes.
        min_size_allowed: u64,
        /// Part number and entity tag without quotes.
        part: Option<Box<(u32, String)>>,
    },
    /// `UploadId`, `PartNumber`, `ETag`.
    Part(Box<(String, u32, String)>),
    /// `NumberBytesExpected`, `NumberBytesProvided`.
    NumberBytes {
        /// What was announced, in bytes.
        expected: u64,
        /// What came, in bytes.
        provided: u64,
    },
    /// `LocationConstraint`.
    LocationConstraint(String),
    /// `Chunk`, `BadChunkSize`.
    Chunk {
        /// Number of the chunk, as AWS counts: 2 when the first of two is too small.
        chunk: u64,
        /// Its size, in bytes.
        bad_chunk_size: u64,
    },
    /// `TagKey`.
    TagKey(String),
    /// `TagKey`, `TagValue`.
    TagValue {
        /// The tag's key.
        key: String,
        /// Its value.
        value: String,
    },
    /// `URI`.
    Uri(String),
    /// `MissingHeaderName`.
    MissingHeaderName(&'static str),
    /// `BucketNamespace`.
    BucketNamespace(String),
    /// `StorageClass`.
    StorageClass(&'static str),
    /// `StorageClassRequested`.
    StorageClassRequested(String),
    /// `Endpoint`, `Bucket`.
    Endpoint {
        /// The endpoint to use.
        endpoint: String,
        /// The bucket's name.
        bucket: String,
    },
}

/// The elements of `SignatureDoesNotMatch`: what the server computed and what it got.
///
/// Source: facts: s3-behaviour.md 3.1. All of it came from the request, none of it is secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureMismatch {
    /// `AWSAccessKeyId`.
    pub access_key_id: String,
    /// `StringToSign`; its bytes follow as `StringToSignBytes`.
    pub string_to_sign: String,
    /// `SignatureProvided`.
    pub signature_provided: String,
    /// `CanonicalRequest`; its bytes follow as `CanonicalRequestBytes`. Chunks and forms have none.
    pub canonical_request: Option<String>,
}

impl Detail {
    /// The elements, in the order in which they are written.
    pub fn elements(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::None => Vec::new(),
            Self::Elements(elements) => elements.clone(),
            Self::BucketName(name) => vec![("BucketName", name.clone())],
            Self::Key(key) => vec![("Key", key.clone())],
            Self::KeyVersion { key, version_id } => {
                vec![("Key", key.clone()), ("VersionId", version_id.clone())]
            }
            Self::UploadId(id) => vec![("UploadId", id.clone())],
            Self::Method {
                method,
                resource_type,
            } => {
                vec![
                    ("Method", method.clone()),
                    ("ResourceType", (*resource_type).to_owned()),
                ]
            }
            Self::Argument { name, value } => with_optional(
                ("ArgumentName", (*name).to_owned()),
                value.clone().map(|value| ("ArgumentValue", value)),
            ),
            Self::Condition(condition) => vec![("Condition", (*condition).to_owned())],
            Self::ConditionKey { condition, key } => {
                vec![("Condition", (*condition).to_owned()), ("Key", key.clone())]
            }
            Self::Range {
                requested,
                actual_object_size,
            } => {
                vec![
                    ("RangeRequested", requested.clone()),
                    ("ActualObjectSize", actual_object_size.to_string()),
                ]
            }
            Self::PartNumber {
                requested,
                actual_part_count,
            } => vec![
                ("PartNumberRequested", requested.to_string()),
                ("ActualPartCount", actual_part_count.to_string()),
            ],
            Self::Header {
                name,
                additional_message,
            } => with_optional(
                ("Header", name.clone()),
                additional_message.map(|message| ("additionalMessage", message.to_owned())),
            ),
            Self::QueryParameter(name) => vec![("QueryParameter", name.clone())],
            Self::HeadersNotSigned(names) => vec![("HeadersNotSigned", names.clone())],
            Self::AccessKeyId(id) => vec![("AWSAccessKeyId", id.clone())],
            Self::SignatureMismatch(mismatch) => mismatch.elements(),
            Self::TimeSkew {
                request_time,
                server_time,
            } => vec![
                ("RequestTime", request_time.clone()),
                ("ServerTime", server_time.clone()),
                ("MaxAllowedSkewMilliseconds", "900000".to_owned()),
            ],
            Self::Expired {
                expires_seconds,
                expires,
                server_time,
            } => vec![
                ("X-Amz-Expires", expires_seconds.to_string()),
                ("Expires", expires.clone()),
                ("ServerTime", server_time.clone()),
            ],
            Self::Region(region) => vec![("Region", region.clone())],
            Self::Token(token) => vec![("Token-0", token.clone())],
            Self::Digest {
                expected,
                calculated,
            } => {
                vec![
                    ("ExpectedDigest", expected.clone()),
                    ("CalculatedDigest", calculated.clone()),
                ]
            }
            Self::ContentSha256 { client, computed } => vec![
                ("ClientComputedContentSHA256", client.clone()),
                ("S3ComputedContentSHA256", computed.clone()),
            ],
            Self::ContentMd5(value) => vec![("Content-MD5", value.clone())],
            Self::MaxMessageLength(bytes) => vec![("MaxMessageLengthBytes", bytes.to_string())],
            Self::MaxSizeAllowed(bytes) => vec![("MaxSizeAllowed", bytes.to_string())],
            Self::Size {
                size,
                max_size_allowed,
            } => {
                vec![
                    ("Size", size.to_string()),
                    ("MaxSizeAllowed", max_size_allowed.to_string()),
                ]
            }
            Self::ProposedSize {
                proposed_size,
                max_size_allowed,
            } => {
                vec![
                    ("ProposedSize", proposed_size.to_string()),
                    ("MaxSizeAllowed", max_size_allowed.to_string()),
                ]
            }
            Self::TooSmall {
                proposed_size,
                min_size_allowed,
                part,
            } => {
                let mut elements = vec![
                    ("ProposedSize", proposed_size.to_string()),
                    ("MinSizeAllowed", min_size_allowed.to_string()),
                ];
                if let Some((number, etag)) = part.as_deref() {
                    elements.extend([("PartNumber", number.to_string()), ("ETag", etag.clone())]);
                }
                elements
            }
            Self::Part(part) => {
                let (upload_id, number, etag) = &**part;
                vec![
                    ("UploadId", upload_id.clone()),
                    ("PartNumber", number.to_string()),
                    ("ETag", etag.clone()),
                ]
            }
            Self::NumberBytes { expected, provided } => {
                vec![
                    ("NumberBytesExpected", expected.to_string()),
                    ("NumberBytesProvided", provided.to_string()),
                ]
            }
            Self::LocationConstraint(region) => vec![("LocationConstraint", region.clone())],
            Self::Chunk {
                chunk,
                bad_chunk_size,
            } => {
                vec![
                    ("Chunk", chunk.to_string()),
                    ("BadChunkSize", bad_chunk_size.to_string()),
                ]
            }
            Self::TagKey(key) => vec![("TagKey", key.clone())],
            Self::TagValue { key, value } => {
                vec![("TagKey", key.clone()), ("TagValue", value.clone())]
            }
            Self::Uri(uri) => vec![("URI", uri.clone())],
            Self::MissingHeaderName(name) => vec![("MissingHeaderName", (*name).to_owned())],
            Self::BucketNamespace(name) => vec![("BucketNamespace", name.clone())],
            Self::StorageClass(class) => vec![("StorageClass", (*class).to_owned())],
            Self::StorageClassRequested(class) => vec![("StorageClassRequested", class.clone())],
            Self::Endpoint { endpoint, bucket } => {
                vec![("Endpoint", endpoint.clone()), ("Bucket", bucket.clone())]
            }
        }
    }
}

impl SignatureMismatch {
    fn elements(&self) -> Vec<(&'static str, String)> {
        let mut elements = vec![
            ("AWSAccessKeyId", self.access_key_id.clone()),
            ("StringToSign", self.string_to_sign.clone()),
            ("SignatureProvided", self.signature_provided.clone()),
            ("StringToSignBytes", spaced_hex(&self.string_to_sign)),
        ];
        if let Some(canonical) = &self.canonical_request {
            elements.push(("CanonicalRequest", canonical.clone()));
            elements.push(("CanonicalRequestBytes", spaced_hex(canonical)));
        }
        elements
    }
}

type Element = (&'static str, String);

fn with_optional(first: Element, second: Option<Element>) -> Vec<Element> {
    std::iter::once(first).chain(second).collect()
}

fn spaced_hex(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if !out.is_empty() {
            out.push(' ');
        }
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}
