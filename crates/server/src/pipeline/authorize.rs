//! The one step that grants access.
//!
//! It asks `policy::authorize` for every permission that an operation needs, and only it makes an
//! [`Authorized`], without which no operation runs.

use buckler_policy::{
    Action, Caller, CompiledPolicy, Decision, DenyReason, ObjectSecurity, Permission, Resource,
};
use buckler_s3::{ErrorCode, ObjectKey, Operation as Name, S3Error};

use super::audit;
use super::context_keys::{Keys, RequestFacts, View};
use super::load::Bucket;
use super::payload::UnreadPayload;
use crate::operation::{Need, Operation};

/// `ResourceType` of 405 on the policy operations. Facts: s3-behaviour.md 2.2.
const POLICY_RESOURCE_TYPE: &str = "BUCKETPOLICY";
/// `Allow` of the same answer.
const POLICY_ALLOW: &str = "DELETE, GET, PUT";

/// A request that may be carried out.
#[derive(Debug)]
pub(crate) struct Authorized<'r, O: Operation> {
    /// What is asked.
    pub(crate) input: O::Input,
    /// What was loaded for the decision.
    pub(crate) subject: O::Subject,
    /// The body.
    pub(crate) payload: UnreadPayload<'r>,
    judge: Judge<'r>,
}

/// Judges permissions of one request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judge<'r> {
    facts: &'r RequestFacts<'r>,
}

/// Judges everything that the operation needs.
///
/// # Errors
///
/// `AccessDenied` in the form of facts: authorization.md 6; `MethodNotAllowed` on the policy
/// operations for a permitted caller of another account (2.1).
pub(crate) fn authorize<'r, O: Operation>(
    facts: &'r RequestFacts<'r>,
    input: O::Input,
    subject: O::Subject,
    payload: UnreadPayload<'r>,
) -> Result<Authorized<'r, O>, S3Error> {
    let judge = Judge { facts };
    for need in O::permissions(&input, &subject) {
        judge.judge(&need)?;
    }
    Ok(Authorized {
        input,
        subject,
        payload,
        judge,
    })
}

impl<'r, O: Operation> Authorized<'r, O> {
    /// For the permissions that show only while the operation runs: the keys of a batch, and what
    /// a caller may know of a key that does not exist.
    pub(crate) fn judge(&self) -> Judge<'r> {
        self.judge
    }

    /// The facts that the decision was made on.
    pub(crate) fn facts(&self) -> &'r RequestFacts<'r> {
        self.judge.facts
    }
}

impl<'r> Judge<'r> {
    /// The facts that decisions are made on.
    pub(crate) fn facts(self) -> &'r RequestFacts<'r> {
        self.facts
    }

    /// Judges one permission.
    ///
    /// # Errors
    ///
    /// As [`authorize`].
    pub(crate) fn judge(self, need: &Need<'_>) -> Result<(), S3Error> {
        let caller = self.facts.caller.for_policy();
        let keys = self.keys(need);
        let security = need.bucket.map(Bucket::security);
        let permission = Permission {
            action: need.action,
            resource: need.resource,
            object: need.object.map(|object| ObjectSecurity {
                owner: Some(object.owner),
                acl: &[],
            }),
            hides_existing_object_tags: matches!(need.view, View::CopySource { .. }),
        };
        let decision = buckler_policy::authorize(&caller, security.as_ref(), &[permission], &keys);
        if need.unless_denied && is_implicit(&decision) {
            return Ok(());
        }
        let answer = self.answer(&caller, &decision);
        match need
            .bucket
            .filter(|_| self.facts.operation == Name::HeadBucket)
        {
            // Facts: s3-behaviour.md 4.3: the region is told to those who are refused, too.
            Some(bucket) => {
                answer.map_err(|error| error.with_header("x-amz-bucket-region", &bucket.row.region))
            }
            None => answer,
        }
    }

    /// The error for a key that does not exist: `missing` for a caller who may list the bucket,
    /// and otherwise a refusal about `s3:ListBucket`. Facts: authorization.md 5.8.
    pub(crate) fn missing_key(self, bucket: &Bucket, key: &ObjectKey, missing: S3Error) -> S3Error {
        let caller = self.facts.caller.for_policy();
        let keys = self.keys(&Need::on_bucket(Action::ListBucket, bucket));
        let decision =
            buckler_policy::authorize_missing_key(&caller, &bucket.security(), key.as_str(), &keys);
        self.answer(&caller, &decision).err().unwrap_or(missing)
    }

    /// Refuses a public policy where Block Public Access says so.
    ///
    /// # Errors
    ///
    /// `AccessDenied`, for the owner's root user, too. Facts: authorization.md 5.7, 2.3.
    pub(crate) fn new_policy(
        self,
        bucket: &Bucket,
        policy: &CompiledPolicy,
    ) -> Result<(), S3Error> {
        let caller = self.facts.caller.for_policy();
        buckler_policy::authorize_new_policy(&bucket.security(), policy)
            .or_else(|deny| self.answer(&caller, &Decision::Deny(deny)))
    }

    fn keys<'a>(self, need: &Need<'a>) -> Keys<'a>
    where
        'r: 'a,
    {
        let object = need
            .object
            .filter(|_| need.action.sees_existing_object_tags());
        Keys {
            facts: self.facts,
            view: need.view,
            bucket: need.bucket,
            object_tags: object.map(|object| &object.tags),
        }
    }

    fn answer(self, caller: &Caller<'_>, decision: &Decision) -> Result<(), S3Error> {
        let Decision::Deny(deny) = decision else {
            return Ok(());
        };
        audit::refused(deny);
        match deny.reason {
            DenyReason::MethodNotAllowed => Err(S3Error::method_not_allowed(
                self.facts.request.head.method,
                POLICY_RESOURCE_TYPE,
                POLICY_ALLOW,
            )),
            _ => Err(S3Error::new(ErrorCode::AccessDenied).with_message(deny.message(caller))),
        }
    }
}

/// Whether nothing denies, and nothing allows.
fn is_implicit(decision: &Decision) -> bool {
    matches!(decision, Decision::Deny(deny) if matches!(deny.reason, DenyReason::Implicit(_)))
}

impl<'a> Need<'a> {
    /// A permission on a bucket.
    pub(crate) fn on_bucket(action: Action, bucket: &'a Bucket) -> Self {
        Self {
            action,
            resource: Resource::Bucket(bucket.row.name.as_str()),
            bucket: Some(bucket),
            object: None,
            view: View::Request,
            unless_denied: false,
        }
    }

    /// A permission on an object of a bucket.
    pub(crate) fn on_object(action: Action, bucket: &'a Bucket, key: &'a ObjectKey) -> Self {
        Self {
            resource: Resource::Object {
                bucket: bucket.row.name.as_str(),
                key: key.as_str(),
            },
            ..Self::on_bucket(action, bucket)
        }
    }
}
