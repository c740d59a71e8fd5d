//! The condition keys of a call.
//!
//! A key that belongs to the call's subject (`iam:PolicyARN`, `aws:ResourceTag/…`) is there when the operation says
//! so; what is not known cannot allow.

use buckler_policy::{ConditionKey, Context, ContextMap, Values};

use super::call::Call;
use crate::pipeline::caller_keys::caller_key;

/// The keys as one permission sees them.
#[derive(Debug)]
pub(crate) struct Keys<'a> {
    pub(crate) call: &'a Call<'a>,
    /// What the operation says of its subject.
    pub(crate) subject: &'a ContextMap,
}

impl Context for Keys<'_> {
    fn value(&self, key: &ConditionKey) -> Values<'_> {
        use ConditionKey as K;
        match key {
            K::SourceIp => self.call.source_ip.into(),
            K::SecureTransport | K::ViaAWSService => false.into(),
            K::CurrentTime | K::EpochTime => self.call.now.into(),
            K::UserAgent => self.header("user-agent"),
            K::Referer => self.header("referer"),
            // IAM is one for all regions and is asked there. Source: AWS IAM User Guide, "aws:RequestedRegion".
            K::RequestedRegion => "us-east-1".into(),
            _ => caller_key(self.call.caller, key, self.call.now)
                .unwrap_or_else(|| self.subject.value(key)),
        }
    }
}

impl Keys<'_> {
    fn header(&self, name: &str) -> Values<'_> {
        let value = self.call.headers.get(name);
        Values::text(value.and_then(|value| str::from_utf8(value.as_bytes()).ok()))
    }
}
