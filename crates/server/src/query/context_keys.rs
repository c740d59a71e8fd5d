//! The condition keys of a call.
//!
//! A key that belongs to the call's subject (`iam:PolicyARN`, `aws:ResourceTag/…`) is there when the operation says
//! so; what is not known cannot allow.

use buckler_policy::{ConditionKey, Context, ContextMap, Values};

use super::call::Call;
use crate::pipeline::caller_keys::caller_key;
use crate::pipeline::connection_keys::connection_key;

/// The keys as one permission sees them.
#[derive(Debug)]
pub(crate) struct Keys<'a> {
    pub(crate) call: &'a Call<'a>,
    /// What the operation says of its subject.
    pub(crate) subject: &'a ContextMap,
}

impl Context for Keys<'_> {
    fn value(&self, key: &ConditionKey) -> Values<'_> {
        let call = self.call;
        if *key == ConditionKey::RequestedRegion {
            // IAM is one for all regions and is asked there. Source: AWS IAM User Guide, "aws:RequestedRegion".
            return "us-east-1".into();
        }
        connection_key(call.client, call.headers, key, call.now)
            .or_else(|| caller_key(call.caller, key, call.now))
            .unwrap_or_else(|| self.subject.value(key))
    }
}
