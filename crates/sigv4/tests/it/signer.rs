//! A client of few words: builds requests and signs them over the string that the tests spell out.

use buckler_sigv4::{
    AuthError, CredentialScope, Endpoint, Presented, Request, SecretKey, SignatureV2, SigningKey,
    VerifiedRequest, read,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use sha2::{Digest as _, Sha256};
use time::{Date, Month, OffsetDateTime, Time};

pub(crate) const NOW: &str = "20260102T030405Z";
pub(crate) const SCOPE: &str = "20260102/us-east-1/s3/aws4_request";
pub(crate) const KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
pub(crate) const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
pub(crate) const ENDPOINT: Endpoint<'static> = Endpoint {
    region: "us-east-1",
    service: "s3",
    signature_v2: SignatureV2::Refused,
};

/// Reads `20260102T030405Z`.
pub(crate) fn at(text: &str) -> OffsetDateTime {
    let part = |from: usize, to: usize| text[from..to].parse::<u8>().unwrap();
    let year = text[..4].parse().unwrap();
    let month = Month::try_from(part(4, 6)).unwrap();
    let date = Date::from_calendar_date(year, month, part(6, 8)).unwrap();
    let time = Time::from_hms(part(9, 11), part(11, 13), part(13, 15)).unwrap();
    date.with_time(time).assume_utc()
}

/// The signing key of the example credentials for [`SCOPE`].
pub(crate) fn key() -> SigningKey {
    let scope = CredentialScope::parse(SCOPE).unwrap();
    SigningKey::derive(&SecretKey::new(SECRET.to_owned()), &scope)
}

/// A request that tests bend out of shape.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) now: String,
}

impl Client {
    /// `GET /bucket/key` with `host` and nothing else.
    pub(crate) fn new() -> Self {
        Self {
            method: "GET",
            path: "/bucket/key".to_owned(),
            query: String::new(),
            headers: HeaderMap::new(),
            now: NOW.to_owned(),
        }
        .with("host", "localhost:9000")
    }

    /// The same with date and payload hash, as every header-signed request has them.
    pub(crate) fn dated() -> Self {
        Self::new()
            .with("x-amz-date", NOW)
            .with("x-amz-content-sha256", EMPTY)
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.append(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_bytes(value.as_bytes()).unwrap(),
        );
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    pub(crate) fn query(mut self, query: &str) -> Self {
        query.clone_into(&mut self.query);
        self
    }

    /// What `read` refuses it with.
    #[track_caller]
    pub(crate) fn refusal(&self) -> AuthError {
        match self.read() {
            Err(error) => error,
            Ok(presented) => panic!("not refused: {presented:?}"),
        }
    }

    pub(crate) fn read(&self) -> Result<Presented, AuthError> {
        read(&self.request(), &ENDPOINT, at(&self.now))
    }

    /// `read` and `verify` with the example key.
    pub(crate) fn verify(&self) -> Result<VerifiedRequest, AuthError> {
        match self.read()? {
            Presented::Signed(presentation) => presentation.verify(&self.request(), &key().into()),
            Presented::Anonymous { .. } => panic!("anonymous"),
        }
    }

    pub(crate) fn request(&self) -> Request<'_> {
        Request {
            method: self.method,
            raw_path: &self.path,
            raw_query: &self.query,
            headers: &self.headers,
        }
    }

    /// Adds an `Authorization` whose signature is over the given canonical request.
    pub(crate) fn signed(self, signed_headers: &str, canonical_request: &str) -> Self {
        let signature = sign(canonical_request);
        let value = format!(
            "AWS4-HMAC-SHA256 Credential={KEY_ID}/{SCOPE},SignedHeaders={signed_headers},Signature={signature}"
        );
        self.with("authorization", &value)
    }
}

/// The signature of a canonical request at [`NOW`].
pub(crate) fn sign(canonical_request: &str) -> String {
    let hash = hex::encode(Sha256::digest(canonical_request));
    key().sign(format!("AWS4-HMAC-SHA256\n{NOW}\n{SCOPE}\n{hash}").as_bytes())
}
