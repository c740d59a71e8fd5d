//! One request, asked of both.

use crate::world::account;
use buckler_policy::{
    Action, AllowedBy, BucketSecurity, Caller, CallerKind, CompiledPolicy, ConditionKey,
    ContextMap, Decision, DenyReason, Document, Grant, NamedPolicy, ObjectOwnership,
    ObjectSecurity, Permission, PublicAccessBlock, Resource, authorize,
};
use buckler_policy_oracle::{Bucket, Check, Context, World, decide};
use std::sync::Arc;

pub(crate) const BUCKET: &str = "examplebucket";
pub(crate) const OWNER: &str = "111111111111";

/// A request in the form that the tests make it in.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) caller: CallerKind<'static>,
    pub(crate) bucket: Option<Document>,
    pub(crate) identity: Vec<Document>,
    pub(crate) boundary: Option<Document>,
    pub(crate) session: Option<Document>,
    pub(crate) context: Context,
    pub(crate) action: Action,
    /// `None` asks about the bucket itself.
    pub(crate) key: Option<String>,
    pub(crate) restrict_public_buckets: bool,
    pub(crate) acls: Acls,
}

/// What ACLs say, if they count.
#[derive(Clone, Debug, Default)]
pub(crate) struct Acls {
    pub(crate) object_ownership: ObjectOwnership,
    pub(crate) ignore_public: bool,
    pub(crate) bucket: Vec<Grant>,
    /// The owner and the ACL of the object.
    pub(crate) object: Option<(&'static str, Vec<Grant>)>,
}

impl Acls {
    fn object(&self) -> Option<ObjectSecurity<'_>> {
        self.object.as_ref().map(|(owner, acl)| ObjectSecurity {
            owner: Some(account(owner).id),
            acl,
        })
    }
}

impl Request {
    pub(crate) fn new(caller: CallerKind<'static>) -> Self {
        Self {
            caller,
            bucket: None,
            identity: Vec::new(),
            boundary: None,
            session: None,
            context: Context::new(),
            action: Action::GetObject,
            key: Some("k".to_owned()),
            restrict_public_buckets: false,
            acls: Acls::default(),
        }
    }

    fn public_access_block(&self) -> PublicAccessBlock {
        PublicAccessBlock {
            restrict_public_buckets: self.restrict_public_buckets,
            ignore_public_acls: self.acls.ignore_public,
            ..PublicAccessBlock::default()
        }
    }

    pub(crate) fn engine(&self) -> String {
        let compiled = |document: &Document| NamedPolicy {
            name: "policy".into(),
            policy: Arc::new(CompiledPolicy::compile(document)),
        };
        let bucket_policy = self.bucket.as_ref().map(CompiledPolicy::compile);
        let identity: Vec<_> = self.identity.iter().map(compiled).collect();
        let boundary = self.boundary.as_ref().map(compiled);
        let session = self.session.as_ref().map(|one| vec![compiled(one)]);
        let caller = Caller {
            kind: self.caller,
            identity: &identity,
            boundary: boundary.as_ref(),
            session: session.as_deref(),
        };
        let bucket = BucketSecurity {
            name: BUCKET,
            owner: account(OWNER).id,
            policy: bucket_policy.as_ref(),
            public_access_block: self.public_access_block(),
            object_ownership: self.acls.object_ownership,
            acl: &self.acls.bucket,
        };
        let mut permission = match &self.key {
            Some(key) => Permission::on_object(self.action, BUCKET, key),
            None => Permission::on_bucket(self.action, BUCKET),
        };
        permission.object = self.acls.object();
        let context = typed(&self.context);
        words(&authorize(&caller, Some(&bucket), &[permission], &context))
    }

    pub(crate) fn oracle(&self) -> String {
        let resource = match &self.key {
            Some(key) => Resource::Object {
                bucket: BUCKET,
                key,
            },
            None => Resource::Bucket(BUCKET),
        };
        let policy = self.bucket.as_ref();
        let world = World {
            caller: self.caller,
            identity: self.identity.iter().collect(),
            boundary: self.boundary.as_ref(),
            session: self.session.as_ref().map(|one| vec![one]),
            bucket: Some(Bucket {
                owner: account(OWNER).id,
                policy,
                policy_is_public: policy
                    .is_some_and(|one| CompiledPolicy::compile(one).is_public()),
                public_access_block: self.public_access_block(),
                object_ownership: self.acls.object_ownership,
                acl: &self.acls.bucket,
            }),
            context: &self.context,
        };
        let check = Check {
            action: self.action.name(),
            resource: &resource.arn(),
            object: self.acls.object(),
        };
        decide(&world, &check).to_owned()
    }
}

/// The oracle's strings as the engine's context.
pub(crate) fn typed(context: &Context) -> ContextMap {
    let mut typed = ContextMap::new();
    for (name, values) in context {
        let key = ConditionKey::parse(name);
        match values.as_slice() {
            [one] => typed.insert(key, one),
            many => typed.insert_many(key, many.to_vec()),
        }
    }
    typed
}

/// A decision in the words of `decision-vectors.json`.
pub(crate) fn words(decision: &Decision) -> String {
    let deny = match decision {
        Decision::Allow(allow) => {
            return match allow.by {
                AllowedBy::AccountRoot => "account root",
                AllowedBy::RootPolicyApi => "root_policy_api",
                AllowedBy::ResourceBased(_) => "resource-based policy",
                AllowedBy::IdentityBased(_) => "identity-based policy",
                AllowedBy::Acl(_) => "acl",
            }
            .to_owned();
        }
        Decision::Deny(deny) => deny,
    };
    match &deny.reason {
        DenyReason::Explicit { policy_type, .. } => format!("explicit_deny:{policy_type}"),
        DenyReason::Implicit(policy_type) => format!("implicit_deny:no {policy_type}"),
        DenyReason::Anonymous => "implicit_deny:anonymous".to_owned(),
        DenyReason::ForeignOwnedObject => "implicit_deny:foreign-owned object".to_owned(),
        DenyReason::BlockPublicAccess(setting) => {
            format!("block_public_access:{}", setting.name())
        }
        DenyReason::MethodNotAllowed => "method_not_allowed".to_owned(),
        DenyReason::RootCannotAssumeRoles => "root_cannot_assume_roles".to_owned(),
    }
}

/// The callers of the tests: root, user, session, federated user of the owner's account and of another, and strangers.
pub(crate) fn callers() -> Vec<(&'static str, CallerKind<'static>)> {
    vec![
        ("own root", root("111111111111")),
        ("own user", own_user()),
        ("own session", own_session()),
        ("own federated", own_federated()),
        ("other root", root("222222222222")),
        ("other user", other_user()),
        ("other session", other_session()),
        ("anonymous", CallerKind::Anonymous),
        (
            "service",
            CallerKind::Service {
                name: "logging.s3.amazonaws.com",
            },
        ),
    ]
}

fn root(id: &str) -> CallerKind<'static> {
    CallerKind::Root {
        account: account(id),
    }
}

fn own_user() -> CallerKind<'static> {
    CallerKind::User {
        account: account("111111111111"),
        arn: "arn:aws:iam::111111111111:user/alice",
        unique_id: "AIDAALICE000000000000",
    }
}

fn own_session() -> CallerKind<'static> {
    CallerKind::AssumedRole {
        account: account("111111111111"),
        session_arn: "arn:aws:sts::111111111111:assumed-role/app/s1",
        role_arn: "arn:aws:iam::111111111111:role/team/app",
        role_id: "AROAAPP00000000000000",
        provider: Some("graph.facebook.com"),
    }
}

fn own_federated() -> CallerKind<'static> {
    CallerKind::FederatedUser {
        account: account("111111111111"),
        arn: "arn:aws:sts::111111111111:federated-user/temp",
        issuer_arn: "arn:aws:iam::111111111111:user/feduser",
        issuer_id: "AIDAFEDUSER0000000000",
    }
}

fn other_user() -> CallerKind<'static> {
    CallerKind::User {
        account: account("222222222222"),
        arn: "arn:aws:iam::222222222222:user/eve",
        unique_id: "AIDAEVE00000000000000",
    }
}

fn other_session() -> CallerKind<'static> {
    CallerKind::AssumedRole {
        account: account("222222222222"),
        session_arn: "arn:aws:sts::222222222222:assumed-role/xrole/sess",
        role_arn: "arn:aws:iam::222222222222:role/xrole",
        role_id: "AROAXROLE000000000000",
        provider: None,
    }
}
