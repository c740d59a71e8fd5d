//! The scope, which names no region.

use core::fmt;

use crate::scope::TERMINAL;

/// Date and service of a credential, and the access key id that its key is derived for. Displayed as
/// `20260101/s3/aws4_request`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ScopeV4A {
    access_key_id: String,
    date: String,
    service: String,
}

impl ScopeV4A {
    /// A scope of parts that were checked already.
    pub(crate) fn new(access_key_id: &str, date: &str, service: &str) -> Self {
        Self {
            access_key_id: access_key_id.to_owned(),
            date: date.to_owned(),
            service: service.to_owned(),
        }
    }

    /// The access key's id.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// The service, as the client named it.
    pub fn service(&self) -> &str {
        &self.service
    }
}

impl fmt::Display for ScopeV4A {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { date, service, .. } = self;
        write!(f, "{date}/{service}/{TERMINAL}")
    }
}
