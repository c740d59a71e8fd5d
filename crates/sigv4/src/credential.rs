//! The credential: whose key, and its scope.

use time::OffsetDateTime;

use crate::scope::TERMINAL;
use crate::timestamp;
use crate::{AuthError, CredentialFault, CredentialScope, Endpoint, Method};

/// `<access key id>/<date>/<region>/<service>/<terminal>`, in form but not yet judged against the endpoint.
#[derive(Debug)]
pub(crate) struct Credential<'a> {
    access_key_id: &'a str,
    date: &'a str,
    region: &'a str,
    service: &'a str,
    terminal: &'a str,
}

impl<'a> Credential<'a> {
    /// Splits the five parts; the date must be a day.
    pub(crate) fn parse(text: &'a str) -> Result<Self, CredentialFault> {
        let parts: Vec<_> = text.splitn(6, '/').collect();
        let [access_key_id, date, region, service, terminal] = *parts.as_slice() else {
            return Err(CredentialFault::Malformed);
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
        if self.region != endpoint.region {
            return Err(CredentialFault::Region {
                region: self.region.to_owned(),
                expected: endpoint.region.to_owned(),
            });
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
            region,
            service,
            terminal,
        } = self;
        format!("{access_key_id}/{date}/{region}/{service}/{terminal}")
    }

    pub(crate) fn access_key_id(&self) -> &'a str {
        self.access_key_id
    }

    pub(crate) fn scope(&self) -> CredentialScope {
        CredentialScope::new(self.date, self.region, self.service)
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
