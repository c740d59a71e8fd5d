//! Whether a caller may learn that a key does not exist. Source: facts: authorization.md 5.8.

use super::{BucketSecurity, Caller, Decision, Permission, authorize};
use crate::{Action, ConditionKey, Context, Values};

/// Decides between 404 and 403 when a read was allowed and the key does not exist.
///
/// An allow means `NoSuchKey`. A refusal is about `s3:ListBucket` on the bucket, with the key as the value of
/// `s3:prefix`, and its message says so.
pub fn authorize_missing_key<'a>(
    caller: &Caller<'a>,
    bucket: &BucketSecurity<'a>,
    key: &str,
    context: &dyn Context,
) -> Decision<'a> {
    let listing = KeyAsPrefix { key, context };
    let permission = Permission::on_bucket(Action::ListBucket, bucket.name);
    authorize(caller, Some(bucket), &[permission], &listing)
}

/// The request's context as if it listed the one key.
struct KeyAsPrefix<'a> {
    key: &'a str,
    context: &'a dyn Context,
}

impl Context for KeyAsPrefix<'_> {
    fn value(&self, key: &ConditionKey) -> Values<'_> {
        match key {
            ConditionKey::S3Prefix => Values::text(Some(self.key)),
            other => self.context.value(other),
        }
    }
}
