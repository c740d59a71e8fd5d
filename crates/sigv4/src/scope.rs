//! The credential scope: the day, region and service that a signing key is good for.

use core::fmt;

/// The word that ends every scope of this version of the protocol.
pub(crate) const TERMINAL: &str = "aws4_request";

/// Date, region and service of a credential. Displayed as `20260101/us-east-1/s3/aws4_request`.
///
/// Source: AWS IAM User Guide, "Create a signed AWS API request", step "credential scope".
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CredentialScope {
    date: String,
    region: String,
    service: String,
}

impl CredentialScope {
    /// Reads `date/region/service/aws4_request`; `None` if there are not four parts, the date is not eight
    /// digits that name a day, or the last part is another word.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/');
        let (date, region, service) = (parts.next()?, parts.next()?, parts.next()?);
        let well_formed = parts.next()? == TERMINAL
            && parts.next().is_none()
            && crate::timestamp::parse_day(date).is_some();
        well_formed.then(|| Self::new(date, region, service))
    }

    /// A scope of parts that were checked already.
    pub(crate) fn new(date: &str, region: &str, service: &str) -> Self {
        Self {
            date: date.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
        }
    }

    /// The day, as `yyyyMMdd`.
    pub fn date(&self) -> &str {
        &self.date
    }

    /// The region, as the client named it.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The service, as the client named it.
    pub fn service(&self) -> &str {
        &self.service
    }
}

impl CredentialScope {
    /// As `Display` has it. PERF: without the formatting machinery.
    pub(crate) fn to_text(&self) -> String {
        [&*self.date, &*self.region, &*self.service, TERMINAL].join("/")
    }
}

impl fmt::Display for CredentialScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}
