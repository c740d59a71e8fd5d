//! The credential: whose key, and its scope.

use time::OffsetDateTime;

use crate::scope::TERMINAL;
use crate::timestamp;
use crate::{
    AuthError, CredentialFault, CredentialScope, Endpoint, Method, Payload, ScopeV4A, Version, v4a,
};

/// The algorithm that a header or a query names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// Signature Version 4.
    Hmac,
    /// Signature Version 4A.
    Ecdsa,
}

impl Algorithm {
    /// Reads its name; `None` for any other.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "AWS4-HMAC-SHA256" => Some(Self::Hmac),
            v4a::ALGORITHM => Some(Self::Ecdsa),
            _ => None,
        }
    }

    /// Whether a request of this algorithm may have such a body: chunks are signed as their request is.
    pub(crate) fn may_sign(self, payload: Payload) -> bool {
        match payload {
            Payload::StreamingSigned | Payload::StreamingSignedTrailer => self == Self::Hmac,
            Payload::StreamingEcdsa | Payload::StreamingEcdsaTrailer => self == Self::Ecdsa,
            Payload::Unsigned | Payload::Signed(_) | Payload::StreamingUnsignedTrailer => true,
        }
    }
}

/// `<access key id>/<date>/<region>/<service>/<terminal>`, in form but not yet judged against the endpoint. One of Version
/// 4A names no region.
#[derive(Debug)]
pub(crate) struct Credential<'a> {
    access_key_id: &'a str,
    date: &'a str,
    region: Option<&'a str>,
    service: &'a str,
    terminal: &'a str,
}

impl<'a> Credential<'a> {
    /// Splits the parts: five, or four for Version 4A; the date must be a day.
    pub(crate) fn parse(text: &'a str, algorithm: Algorithm) -> Result<Self, CredentialFault> {
        let parts: Vec<_> = text.splitn(6, '/').collect();
        let (access_key_id, date, region, service, terminal) = match (algorithm, parts.as_slice()) {
            (Algorithm::Hmac, &[id, date, region, service, terminal]) => {
                (id, date, Some(region), service, terminal)
            }
            (Algorithm::Ecdsa, &[id, date, service, terminal]) => {
                (id, date, None, service, terminal)
            }
            (Algorithm::Hmac, _) => return Err(CredentialFault::Malformed),
            (Algorithm::Ecdsa, _) => return Err(CredentialFault::MalformedV4A),
        };
        if timestamp::parse_day(date).is_none() {
            return Err(CredentialFault::DateForm {
                date: date.to_owned(),
            });
        }
        Ok(Self {
            access_key_id,
            date,
            region,
            service,
            terminal,
        })
    }

    /// Judges the scope: region first, the day last.
    ///
    /// AWS judges a presigned URL's time window before the day; both callers did by now.
    /// Source: facts: s3-behaviour.md 3.1 "Rules", 3.2.
    pub(crate) fn judge(
        &self,
        endpoint: &Endpoint<'_>,
        signed_at: OffsetDateTime,
        method: Method,
    ) -> Result<(), AuthError> {
        if let Err(fault) = self.judge_place(endpoint) {
            return Err(match method {
                Method::Form => fault.of_form(self.text()),
                Method::Header | Method::Query => fault.of(method),
            });
        }
        let request_date = timestamp::day(signed_at);
        if self.date == request_date {
            return Ok(());
        }
        Err(match method {
            Method::Header => AuthError::HeaderCredential(CredentialFault::DateMismatch),
            Method::Query => AuthError::QueryCredentialDate {
                credential_date: self.date.to_owned(),
                request_date,
            },
            Method::Form => CredentialFault::DateMismatch.of_form(self.text()),
        })
    }

    fn judge_place(&self, endpoint: &Endpoint<'_>) -> Result<(), CredentialFault> {
        match self.region {
            Some("") => return Err(CredentialFault::RegionEmpty),
            Some(region) if region != endpoint.region => {
                return Err(CredentialFault::Region {
                    region: region.to_owned(),
                    expected: endpoint.region.to_owned(),
                });
            }
            // The set of Version 4A is judged apart.
            Some(_) | None => {}
        }
        if self.service != endpoint.service {
            return Err(CredentialFault::Service {
                service: self.service.to_owned(),
                expected: endpoint.service.to_owned(),
            });
        }
        if self.terminal != TERMINAL {
            return Err(CredentialFault::Terminal {
                terminal: self.terminal.to_owned(),
            });
        }
        Ok(())
    }

    /// The credential as sent.
    fn text(&self) -> String {
        let Self {
            access_key_id,
            date,
            service,
            terminal,
            ..
        } = self;
        let region = self.region.map(|region| format!("{region}/"));
        let region = region.unwrap_or_default();
        format!("{access_key_id}/{date}/{region}{service}/{terminal}")
    }

    pub(crate) fn access_key_id(&self) -> &'a str {
        self.access_key_id
    }

    pub(crate) fn version(&self) -> Version {
        match self.region {
            Some(region) => Version::V4(CredentialScope::new(self.date, region, self.service)),
            None => Version::V4A(ScopeV4A::new(self.access_key_id, self.date, self.service)),
        }
    }
}

impl CredentialFault {
    /// The error of a header or of a query that has this fault.
    pub(crate) fn of(self, method: Method) -> AuthError {
        match method {
            Method::Header => AuthError::HeaderCredential(self),
            Method::Query => AuthError::QueryCredential(self),
            Method::Form => self.of_form(String::new()),
        }
    }

    /// The error of a form whose field `x-amz-credential` has this fault.
    pub(crate) fn of_form(self, credential: String) -> AuthError {
        AuthError::FormCredential {
            fault: self,
            credential,
        }
    }
}
