//! One request, and all that decides it.

use buckler_policy::{
    AccountId, Action, BucketSecurity, Caller, CompiledPolicy, ConditionKey, ContextMap,
    Explanation, Grant, NamedPolicy, ObjectOwnership, ObjectSecurity, Permission,
    PublicAccessBlock, Resource, RoleSecurity, explain, explain_action, explain_on_role,
};

use super::principal::Principal;
use crate::error::Failure;

/// Everything that one decision is made on.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) principal: Principal,
    pub(super) identity: Vec<NamedPolicy>,
    pub(super) boundary: Option<NamedPolicy>,
    /// `None` for a principal without session policies.
    pub(super) session: Option<Vec<NamedPolicy>>,
    pub(super) action: String,
    pub(super) target: Target,
    pub(super) context: ContextMap,
}

/// On what the action works.
#[derive(Debug)]
pub(super) enum Target {
    /// A bucket of S3 or something in it.
    Bucket { bucket: Bucket, key: Option<String> },
    /// A role and who may assume it.
    Role {
        arn: String,
        account: AccountId,
        trust_policy: CompiledPolicy,
    },
    /// Nothing that has a policy of its own.
    Other(String),
}

/// A bucket and what protects it.
#[derive(Debug)]
pub(super) struct Bucket {
    pub(super) name: String,
    pub(super) owner: AccountId,
    pub(super) policy: Option<CompiledPolicy>,
    pub(super) public_access_block: PublicAccessBlock,
    pub(super) object_ownership: ObjectOwnership,
    /// The grants of the bucket's ACL.
    pub(super) acl: Vec<Grant>,
    /// Whose the object is, where it is known.
    pub(super) object: Option<ObjectAccess>,
}

/// What an object itself says about access.
#[derive(Debug)]
pub(super) struct ObjectAccess {
    /// The account that owns it; `None` for what was written without a signature.
    pub(super) owner: Option<AccountId>,
    /// The grants of its ACL.
    pub(super) acl: Vec<Grant>,
}

/// Bucket and key of the ARN of a bucket or an object.
pub(super) fn bucket_and_key(resource: &str) -> Option<(&str, Option<&str>)> {
    let relative = resource.strip_prefix("arn:aws:s3:::")?;
    let (bucket, key) = match relative.split_once('/') {
        Some((bucket, key)) => (bucket, Some(key)),
        None => (relative, None),
    };
    let is_plain = !bucket.is_empty() && !bucket.contains(['*', '?']);
    is_plain.then_some((bucket, key))
}

/// Whether an action is about a bucket that exists.
pub(super) fn is_in_bucket(action: &str, resource: &str) -> bool {
    let s3 = Action::from_name(action);
    s3.is_some_and(|action| action != Action::CreateBucket) && bucket_and_key(resource).is_some()
}

/// Refuses what is no action at all; the names of other services than S3 are not known here.
pub(super) fn check_action(action: &str) -> Result<(), Failure> {
    let (service, name) = action.split_once(':').unwrap_or_default();
    let is_unknown = service.eq_ignore_ascii_case("s3") && Action::from_name(action).is_none();
    if name.is_empty() || name.contains(['*', '?', ':']) || is_unknown {
        return Err(Failure::configuration(format!(
            "`--action` is `{action}` but takes the name of one action, like s3:GetObject"
        )));
    }
    Ok(())
}

impl Question {
    /// Adds the condition keys that follow from who asks and whose bucket it is.
    pub(super) fn add_known_keys(&mut self) {
        self.principal.fill(&mut self.context);
        if let Target::Bucket { bucket, .. } = &self.target {
            let owner = bucket.owner.as_str();
            self.context.insert(ConditionKey::ResourceAccount, owner);
            self.context.insert(ConditionKey::S3ResourceAccount, owner);
        }
    }

    /// The answer with its reasons.
    pub(super) fn explain(&self) -> Explanation {
        let caller = Caller {
            identity: &self.identity,
            boundary: self.boundary.as_ref(),
            session: self.session.as_deref(),
            ..self.principal.caller()
        };
        match (&self.target, Action::from_name(&self.action)) {
            (Target::Bucket { bucket, key }, Some(action)) => {
                self.explain_in_bucket(&caller, bucket, key.as_deref(), action)
            }
            (Target::Bucket { bucket, .. }, None) => {
                let arn = format!("arn:aws:s3:::{}", bucket.name);
                explain_action(&caller, &self.action, &arn, &self.context)
            }
            (
                Target::Role {
                    arn,
                    account,
                    trust_policy,
                },
                _,
            ) => {
                let role = RoleSecurity {
                    arn,
                    account: *account,
                    trust_policy: Some(trust_policy),
                };
                explain_on_role(&caller, &role, &self.action, &self.context)
            }
            (Target::Other(resource), _) => {
                explain_action(&caller, &self.action, resource, &self.context)
            }
        }
    }

    fn explain_in_bucket(
        &self,
        caller: &Caller<'_>,
        bucket: &Bucket,
        key: Option<&str>,
        action: Action,
    ) -> Explanation {
        let security = BucketSecurity {
            name: &bucket.name,
            owner: bucket.owner,
            policy: bucket.policy.as_ref(),
            public_access_block: bucket.public_access_block,
            object_ownership: bucket.object_ownership,
            acl: &bucket.acl,
        };
        let object = bucket.object.as_ref().map(|object| ObjectSecurity {
            owner: object.owner,
            acl: &object.acl,
        });
        let permission = Permission {
            action,
            resource: match key {
                Some(key) => Resource::Object {
                    bucket: &bucket.name,
                    key,
                },
                None => Resource::Bucket(&bucket.name),
            },
            object,
            hides_existing_object_tags: false,
        };
        explain(caller, Some(&security), &permission, &self.context)
    }
}
