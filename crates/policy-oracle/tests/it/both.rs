//! One request, asked of both.

use crate::world::account;
use buckler_policy::{
    Action, BucketSecurity, Caller, CallerKind, CompiledPolicy, ConditionKey, ContextMap, Decision,
    Document, ExplainedStatement, Grant, Granted, NamedAs, NamedPolicy, ObjectOwnership,
    ObjectSecurity, Permission, PublicAccessBlock, Refused, Resource, RoleSecurity, StatementRef,
    authorize, authorize_action, authorize_missing_key, authorize_on_role, explain, explain_action,
    explain_on_role,
};
use buckler_policy_oracle::{
    Bucket, Check, Context, Finding, Place, Role, Trace, World, assume, decide, missing_key, trace,
};
use std::sync::Arc;

pub(crate) const BUCKET: &str = "examplebucket";
pub(crate) const OWNER: &str = "111111111111";
pub(crate) const ROLE: &str = "arn:aws:iam::111111111111:role/team/target";

/// A request in the form that the tests make it in.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) caller: CallerKind<'static>,
    pub(crate) bucket: Option<Document>,
    pub(crate) identity: Vec<Document>,
    pub(crate) boundary: Option<Document>,
    pub(crate) session: Option<Vec<Document>>,
    pub(crate) context: Context,
    pub(crate) question: Question,
    pub(crate) restrict_public_buckets: bool,
    /// Whether it is asked as the source of `CopyObject`.
    pub(crate) hides_existing_object_tags: bool,
    pub(crate) acls: Acls,
}

/// What is asked.
#[derive(Clone, Debug)]
pub(crate) enum Question {
    /// An action on an object of the bucket.
    Object(Action, String),
    /// An action on the bucket.
    Bucket(Action),
    /// Whether the caller may learn that a key does not exist.
    MissingKey(String),
    /// An action of any service on an ARN, which no bucket policy speaks about.
    Elsewhere(&'static str, &'static str),
    /// An action on a role of the owner's account, whose trust policy is the bucket policy's stand-in.
    Role(&'static str),
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
            question: Question::Object(Action::GetObject, "k".to_owned()),
            restrict_public_buckets: false,
            hides_existing_object_tags: false,
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

    /// Hands over the engine's values.
    fn with_engine<R>(
        &self,
        use_them: impl FnOnce(&Caller<'_>, &BucketSecurity<'_>, &ContextMap) -> R,
    ) -> R {
        let bucket_policy = self.bucket.as_ref().map(CompiledPolicy::compile);
        let identity = named(&self.identity);
        let boundary = self
            .boundary
            .as_ref()
            .map(|one| named(std::slice::from_ref(one)).remove(0));
        let session = self.session.as_deref().map(named);
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
        use_them(&caller, &bucket, &typed(&self.context))
    }

    fn permission(&self) -> Option<Permission<'_>> {
        let mut permission = match &self.question {
            Question::Object(action, key) => Permission::on_object(*action, BUCKET, key),
            Question::Bucket(action) => Permission::on_bucket(*action, BUCKET),
            Question::MissingKey(_) | Question::Elsewhere(..) | Question::Role(_) => return None,
        };
        permission.object = self.acls.object();
        permission.hides_existing_object_tags = self.hides_existing_object_tags;
        Some(permission)
    }

    pub(crate) fn engine(&self) -> String {
        self.with_engine(|caller, bucket, context| {
            if let Some(permission) = self.permission() {
                return words(&authorize(caller, Some(bucket), &[permission], context));
            }
            match &self.question {
                Question::Elsewhere(action, arn) => {
                    words(&authorize_action(caller, action, arn, context))
                }
                Question::Role(action) => {
                    words(&authorize_on_role(caller, &role(bucket), action, context))
                }
                Question::MissingKey(key) => {
                    words(&authorize_missing_key(caller, bucket, key, context))
                }
                Question::Object(..) | Question::Bucket(_) => panic!("these have a permission"),
            }
        })
    }

    /// What the engine says of every statement, the bucket policy's first; `None` for a missing key.
    pub(crate) fn engine_traces(&self) -> Option<Vec<Trace>> {
        let explanation = self.with_engine(|caller, bucket, context| {
            if let Some(permission) = self.permission() {
                return Some(explain(caller, Some(bucket), &permission, context));
            }
            match &self.question {
                Question::Elsewhere(action, arn) => {
                    Some(explain_action(caller, action, arn, context))
                }
                Question::Role(action) => {
                    Some(explain_on_role(caller, &role(bucket), action, context))
                }
                Question::MissingKey(_) | Question::Object(..) | Question::Bucket(_) => None,
            }
        })?;
        let policies = explanation.layers.iter().flat_map(|layer| &layer.policies);
        let statements = policies.flat_map(|policy| &policy.statements);
        let trace = |one: &ExplainedStatement| Trace {
            action: one.action_matches,
            resource: one.resource_matches,
            named_as: one.named_as.iter().map(|way| format!("{way:?}")).collect(),
            conditions: one.conditions.iter().map(|one| one.holds).collect(),
        };
        Some(statements.map(trace).collect())
    }

    /// What the oracle says of the same statements.
    pub(crate) fn oracle_traces(&self) -> Vec<Trace> {
        let (action, resource) = self.asked();
        let in_bucket = self.permission().is_some();
        let check = Check {
            action,
            resource: &resource,
            object: None,
            hides_existing_object_tags: self.hides_existing_object_tags && in_bucket,
        };
        let without_bucket = matches!(self.question, Question::Elsewhere(..));
        let documents = self.documents();
        let skipped = usize::from(without_bucket && self.bucket.is_some());
        let mut traces: Vec<_> = documents[skipped..]
            .iter()
            .flat_map(|document| trace(document, &self.caller, &check, &self.context))
            .collect();
        for one in &mut traces {
            one.named_as.sort_by_key(|way| {
                NamedAs::ALL
                    .iter()
                    .position(|known| format!("{known:?}") == *way)
            });
            one.named_as.dedup();
        }
        traces
    }

    /// The action and the ARN that are asked about.
    fn asked(&self) -> (&'static str, String) {
        match &self.question {
            Question::Object(action, key) => {
                let resource = Resource::Object {
                    bucket: BUCKET,
                    key,
                };
                (action.name(), resource.arn())
            }
            Question::Bucket(action) => (action.name(), Resource::Bucket(BUCKET).arn()),
            Question::MissingKey(_) => ("s3:ListBucket", Resource::Bucket(BUCKET).arn()),
            Question::Elsewhere(action, arn) => (*action, (*arn).to_owned()),
            Question::Role(action) => (*action, ROLE.to_owned()),
        }
    }

    pub(crate) fn oracle(&self) -> String {
        let bucket = Bucket {
            owner: account(OWNER).id,
            policy: self.bucket.as_ref(),
            public_access_block: self.public_access_block(),
            object_ownership: self.acls.object_ownership,
            acl: &self.acls.bucket,
        };
        let in_bucket = !matches!(self.question, Question::Elsewhere(..) | Question::Role(_));
        let world = World {
            caller: self.caller,
            identity: self.identity.iter().collect(),
            boundary: self.boundary.as_ref(),
            session: self.session.as_ref().map(|all| all.iter().collect()),
            bucket: in_bucket.then_some(bucket),
            context: &self.context,
        };
        if let Question::MissingKey(key) = &self.question {
            return found(&missing_key(&world, BUCKET, key));
        }
        if let Question::Role(action) = &self.question {
            let role = Role {
                arn: ROLE,
                account: account(OWNER).id,
                trust: self.bucket.as_ref(),
            };
            return found(&assume(&world, &role, action));
        }
        let (action, resource) = self.asked();
        let check = Check {
            action,
            resource: &resource,
            object: self.acls.object().filter(|_| in_bucket),
            hides_existing_object_tags: self.hides_existing_object_tags && in_bucket,
        };
        found(&decide(&world, &check))
    }

    /// Every policy that takes part.
    pub(crate) fn documents(&self) -> Vec<&Document> {
        let session = self.session.iter().flatten();
        let all = self.bucket.iter().chain(&self.identity);
        all.chain(&self.boundary).chain(session).collect()
    }
}

/// The role that the bucket's owner has, with the bucket's policy for its trust policy.
fn role<'a>(bucket: &BucketSecurity<'a>) -> RoleSecurity<'a> {
    RoleSecurity {
        arn: ROLE,
        account: bucket.owner,
        trust_policy: bucket.policy,
    }
}

fn found(finding: &Finding) -> String {
    with_place(finding.answer, finding.statements.first().copied())
}

/// Policies whose names are their positions.
fn named(documents: &[Document]) -> Vec<NamedPolicy> {
    let policy = |(index, document): (usize, &Document)| NamedPolicy {
        name: index.to_string().into(),
        policy: Arc::new(CompiledPolicy::compile(document)),
    };
    documents.iter().enumerate().map(policy).collect()
}

/// An answer with the first of the statements that lead to it: `acl`, `identity-based policy, 0.2`.
fn with_place(answer: &str, place: Option<Place>) -> String {
    match place {
        None => answer.to_owned(),
        Some(Place { policy, statement }) => format!("{answer}, {policy}.{statement}"),
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

/// A decision in the words of `decision-vectors.json`, with the statement that decided.
pub(crate) fn words(decision: &Decision) -> String {
    let at = |policy: &str, statement: &StatementRef| {
        Some(Place {
            policy: policy.parse().unwrap(),
            statement: statement.index,
        })
    };
    let deny = match decision {
        Decision::Allow(allow) => {
            return match allow.by {
                Granted::AccountRoot => "account root".to_owned(),
                Granted::RootPolicyApi => "root_policy_api".to_owned(),
                Granted::ResourceBased(statement) => {
                    with_place("resource-based policy", at("0", statement))
                }
                Granted::IdentityBased { policy, statement } => {
                    with_place("identity-based policy", at(policy, statement))
                }
                Granted::Acl(_) => "acl".to_owned(),
            };
        }
        Decision::Deny(deny) => deny,
    };
    match deny.reason {
        Refused::Explicit {
            policy_type,
            policy,
            statement,
        } => {
            let policy = policy.unwrap_or("0");
            with_place(
                &format!("explicit_deny:{policy_type}"),
                at(policy, statement),
            )
        }
        Refused::Implicit(policy_type) => format!("implicit_deny:no {policy_type}"),
        Refused::Anonymous => "implicit_deny:anonymous".to_owned(),
        Refused::ForeignOwnedObject => "implicit_deny:foreign-owned object".to_owned(),
        Refused::BlockPublicAccess(setting) => {
            format!("block_public_access:{}", setting.name())
        }
        Refused::MethodNotAllowed => "method_not_allowed".to_owned(),
        Refused::RootCannotAssumeRoles => "root_cannot_assume_roles".to_owned(),
    }
}

/// An answer without its statement.
pub(crate) fn reason(answer: &str) -> &str {
    answer.split_once(", ").map_or(answer, |(reason, _)| reason)
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
        ("other federated", other_federated()),
        ("anonymous", CallerKind::Anonymous),
        (
            "service",
            CallerKind::Service {
                name: "logging.s3.amazonaws.com",
            },
        ),
        (
            "web identity",
            CallerKind::Federated {
                provider: "graph.facebook.com",
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

fn other_federated() -> CallerKind<'static> {
    CallerKind::FederatedUser {
        account: account("222222222222"),
        arn: "arn:aws:sts::222222222222:federated-user/far",
        issuer_arn: "arn:aws:iam::222222222222:user/eve",
        issuer_id: "AIDAEVE00000000000000",
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
