//! The one step that grants access.
//!
//! It asks `policy::authorize` for every permission that an operation needs, and only it makes an
//! [`Authorized`], without which no operation runs.

use buckler_policy::{
    Action, Caller, CompiledPolicy, Decision, Grant, ObjectSecurity, Permission, Refused, Resource,
};
use buckler_s3::{ErrorCode, ObjectKey, Operation as Name, Region, S3Error};

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
        let own = self.owners_grant(need);
        let permission = Permission {
            action: need.action,
            resource: need.resource,
            object: self.object(need, &own),
            hides_existing_object_tags: matches!(need.view, View::CopySource { .. }),
        };
        let decision = buckler_policy::authorize(&caller, security.as_ref(), &[permission], &keys);
        if need.unless_denied && is_implicit(decision) {
            return Ok(());
        }
        if is_unanswered(decision) && self.may_list_absent(need) {
            return Ok(());
        }
        let answer = self.answer(&caller, decision);
        match need
            .bucket
            .filter(|_| self.facts.operation == Name::HeadBucket)
        {
            // Facts: s3-behaviour.md 4.3: the region is told to those who are refused, too.
            Some(bucket) => {
                let region = Region::new(&bucket.row.region);
                answer.map_err(|error| error.with_header("x-amz-bucket-region", region.as_str()))
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
        self.answer(&caller, decision).err().unwrap_or(missing)
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
            .or_else(|deny| self.answer(&caller, Decision::Deny(deny)))
    }

    /// Refuses a public ACL where Block Public Access says so, in an operation of this action and resource.
    ///
    /// # Errors
    ///
    /// `AccessDenied`, for the owner's root user, too. Facts: authorization.md 5.7.
    pub(crate) fn new_acl(
        self,
        bucket: &Bucket,
        action: Action,
        resource: Resource<'_>,
        is_public: bool,
    ) -> Result<(), S3Error> {
        let caller = self.facts.caller.for_policy();
        buckler_policy::authorize_new_acl(&bucket.security(), action, resource, is_public)
            .or_else(|deny| self.answer(&caller, Decision::Deny(deny)))
    }

    /// What a private ACL of the object grants.
    fn owners_grant(self, need: &Need<'_>) -> Grant {
        let owner = match need.object {
            Some(object) => object.owner_canonical_id,
            None => self.facts.caller.owner_id(),
        };
        Grant::of_owner(owner)
    }

    /// The object and its ACL. A delete marker has none; an object that is not there yet has its writer's alone.
    fn object<'a>(self, need: &Need<'a>, own: &'a Grant) -> Option<ObjectSecurity<'a>> {
        if need.of_new_object {
            return Some(ObjectSecurity {
                owner: self.facts.caller.account_id().copied(),
                acl: std::slice::from_ref(own),
            });
        }
        let object = need.object.filter(|object| !object.is_delete_marker)?;
        Some(ObjectSecurity {
            owner: object.owner,
            acl: object.acl.grants(own),
        })
    }

    /// Whether this is a read, by way of ACLs, of a key that does not exist, from someone who may list the bucket: who
    /// would be let in is not known of an object that is not there, and that it is not there is no secret to them.
    fn may_list_absent(self, need: &Need<'_>) -> bool {
        let is_read = matches!(
            need.action,
            Action::GetObject | Action::GetObjectVersion | Action::GetObjectAttributes
        );
        let is_there = need.object.is_some_and(|object| !object.is_delete_marker);
        match (need.bucket, need.resource) {
            (Some(bucket), Resource::Object { key, .. })
                if is_read && !is_there && bucket.row.object_ownership().acls_enabled() =>
            {
                let caller = self.facts.caller.for_policy();
                let keys = self.keys(&Need::on_bucket(Action::ListBucket, bucket));
                buckler_policy::authorize_missing_key(&caller, &bucket.security(), key, &keys)
                    .is_allow()
            }
            _ => false,
        }
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

    fn answer(self, caller: &Caller<'_>, decision: Decision<'_>) -> Result<(), S3Error> {
        let Decision::Deny(deny) = decision else {
            return Ok(());
        };
        audit::refused(&deny);
        match deny.reason {
            Refused::MethodNotAllowed => Err(S3Error::method_not_allowed(
                self.facts.request.head.method,
                POLICY_RESOURCE_TYPE,
                POLICY_ALLOW,
            )),
            _ => Err(S3Error::new(ErrorCode::AccessDenied).with_message(deny.message(caller))),
        }
    }
}

/// Whether nothing denies, and nothing allows.
fn is_implicit(decision: Decision<'_>) -> bool {
    matches!(decision, Decision::Deny(deny) if matches!(deny.reason, Refused::Implicit(_)))
}

/// The same, of anybody: nobody without a signature is refused by a policy of their own.
fn is_unanswered(decision: Decision<'_>) -> bool {
    is_implicit(decision)
        || matches!(decision, Decision::Deny(deny) if deny.reason == Refused::Anonymous)
}

impl<'a> Need<'a> {
    /// A permission on a bucket.
    pub(crate) fn on_bucket(action: Action, bucket: &'a Bucket) -> Self {
        Self {
            action,
            resource: Resource::Bucket(bucket.row.name.as_str()),
            bucket: Some(bucket),
            object: None,
            of_new_object: false,
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

    /// Giving the object that the request makes an ACL. Facts: authorization.md 4.4.
    ///
    /// Who may write may say who reads it: the writer owns it. AWS: its own example of a policy that demands
    /// `bucket-owner-full-control` allows another account no more than `s3:PutObject`.
    pub(crate) fn acl_of_new_object(bucket: &'a Bucket, key: &'a ObjectKey) -> Self {
        Self {
            of_new_object: true,
            ..Self::on_object(Action::PutObjectAcl, bucket, key)
        }
    }
}
