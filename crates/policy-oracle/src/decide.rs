//! The algorithm of authorization.md 5.3, line by line.

use crate::{
    Bucket, Check, Place, Role, World, acl,
    principal::{Kind, account},
    public::is_public,
    statement::{Says, ask},
};
use buckler_policy::{CallerKind, Document, ObjectOwnership, PublicAccessBlock};

/// The answer in the words of `decision-vectors.json`.
pub type Answer = &'static str;

const DENY_RESOURCE: Answer = "explicit_deny:resource-based policy";
const DENY_IDENTITY: Answer = "explicit_deny:identity-based policy";
const DENY_BOUNDARY: Answer = "explicit_deny:permissions boundary";
const DENY_SESSION: Answer = "explicit_deny:session policy";
const NO_RESOURCE: Answer = "implicit_deny:no resource-based policy";
const NO_IDENTITY: Answer = "implicit_deny:no identity-based policy";
const NO_BOUNDARY: Answer = "implicit_deny:no permissions boundary";
const NO_SESSION: Answer = "implicit_deny:no session policy";
const ANONYMOUS: Answer = "implicit_deny:anonymous";
const FOREIGN_OBJECT: Answer = "implicit_deny:foreign-owned object";
const RESTRICTED: Answer = "block_public_access:RestrictPublicBuckets";
const ROOT_CANNOT_ASSUME: Answer = "root_cannot_assume_roles";
const BLOCKED_POLICY: Answer = "block_public_access:BlockPublicPolicy";
const METHOD_NOT_ALLOWED: Answer = "method_not_allowed";
const BY_ROOT: Answer = "account root";
const BY_ROOT_POLICY_API: Answer = "root_policy_api";
const BY_RESOURCE: Answer = "resource-based policy";
const BY_IDENTITY: Answer = "identity-based policy";
const BY_ACL: Answer = "acl";

/// An answer, and the statements of the type it names that lead to it, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The answer.
    pub answer: Answer,
    /// The statements that apply; none for an implicit deny, an ACL, or the root user.
    pub statements: Vec<Place>,
}

impl From<Answer> for Finding {
    fn from(answer: Answer) -> Self {
        Self {
            answer,
            statements: Vec::new(),
        }
    }
}

/// Decides one check.
pub fn decide(world: &World<'_>, check: &Check<'_>) -> Finding {
    let caller = &world.caller;
    let is_root = matches!(caller, CallerKind::Root { .. });
    let is_federated = matches!(caller, CallerKind::FederatedUser { .. });
    let bucket = world.bucket.as_ref();
    let is_own = bucket.is_none_or(|bucket| account(caller) == Some(bucket.owner));
    let is_policy_api = [
        "s3:GetBucketPolicy",
        "s3:PutBucketPolicy",
        "s3:DeleteBucketPolicy",
    ]
    .contains(&check.action);
    if bucket.is_some() && is_own && is_root && is_policy_api {
        return BY_ROOT_POLICY_API.into();
    }

    let says = |documents: &[&Document]| ask(documents, caller, check, world.context);
    let policy = bucket.and_then(|bucket| bucket.policy);
    let mut resource = says(policy.as_slice());
    let identity = says(&world.identity);
    let boundary = world.boundary.map(|one| says(&[one]));
    let session = world.session.as_deref().map(says);
    let denials = [
        (DENY_RESOURCE, Some(&resource)),
        (DENY_IDENTITY, Some(&identity)),
        (DENY_BOUNDARY, boundary.as_ref()),
        (DENY_SESSION, session.as_ref()),
    ];
    for (answer, says) in denials {
        let denies = says.map_or(&[][..], |says| &says.denies);
        if !denies.is_empty() {
            return found(answer, denies.to_vec());
        }
    }

    let is_service = matches!(caller, CallerKind::Service { .. });
    let is_restricted = bucket
        .is_some_and(|bucket| bucket.public_access_block.restrict_public_buckets)
        && policy.is_some_and(is_public);
    if is_restricted && !is_own && !is_service {
        return RESTRICTED.into();
    }

    let withheld = is_withheld(world, check);
    if withheld {
        resource = Says::default();
    }
    let a = bucket.is_some_and(|bucket| acl::grants(bucket, check, caller));
    let silent = |says: &Option<Says>| says.as_ref().is_some_and(|says| says.allows.is_empty());
    let limits = || {
        if silent(&boundary) {
            Some(NO_BOUNDARY)
        } else if is_federated && session.is_none() || silent(&session) {
            Some(NO_SESSION)
        } else {
            None
        }
    };
    let from_outside = |by: Vec<Place>, refusal: Answer| match (by.is_empty(), a && !is_service) {
        (true, false) => refusal.into(),
        _ if is_policy_api => METHOD_NOT_ALLOWED.into(),
        (false, _) => found(BY_RESOURCE, by),
        (true, true) => BY_ACL.into(),
    };

    match caller {
        CallerKind::Anonymous => {
            let by = resource.as_kinds(&[Kind::Everyone]);
            from_outside(by, ANONYMOUS)
        }
        CallerKind::Service { .. } | CallerKind::Federated { .. } => {
            let by = resource.as_kinds(&[Kind::Service, Kind::Federated, Kind::Everyone]);
            from_outside(by, NO_RESOURCE)
        }
        _ if is_own => {
            let direct = resource.as_kinds(&[Kind::User, Kind::Session, Kind::Everyone]);
            let limited = resource.as_kinds(&[Kind::Role, Kind::Issuer]);
            let finding = if is_root {
                BY_ROOT.into()
            } else if !direct.is_empty() {
                found(BY_RESOURCE, direct)
            } else if identity.allows.is_empty() && limited.is_empty() {
                return NO_IDENTITY.into();
            } else if let Some(refusal) = limits() {
                return refusal.into();
            } else if identity.allows.is_empty() {
                found(BY_RESOURCE, limited)
            } else {
                found(BY_IDENTITY, identity.allows())
            };
            match (withheld, a) {
                (false, _) => finding,
                (true, true) => BY_ACL.into(),
                (true, false) => FOREIGN_OBJECT.into(),
            }
        }
        _ => {
            if !is_root && identity.allows.is_empty() {
                return NO_IDENTITY.into();
            }
            if let Some(refusal) = limits().filter(|_| !is_root) {
                return refusal.into();
            }
            from_outside(resource.allows(), NO_RESOURCE)
        }
    }
}

fn found(answer: Answer, statements: Vec<Place>) -> Finding {
    Finding { answer, statements }
}

/// Decides an action on a role: its trust policy is a resource-based policy, which root users cannot use.
///
/// Source: facts: authorization.md 7.6.
pub fn assume(world: &World<'_>, role: &Role<'_>, action: &str) -> Finding {
    if matches!(world.caller, CallerKind::Root { .. }) {
        return ROOT_CANNOT_ASSUME.into();
    }
    let in_role = World {
        bucket: Some(Bucket {
            owner: role.account,
            policy: role.trust,
            public_access_block: PublicAccessBlock::NONE,
            object_ownership: ObjectOwnership::BucketOwnerEnforced,
            acl: &[],
        }),
        ..world.clone()
    };
    let check = Check {
        action,
        resource: role.arn,
        object: None,
        hides_existing_object_tags: false,
    };
    let finding = decide(&in_role, &check);
    // Unlike other resource-based policies, a trust policy has to allow, whatever identity policies say.
    let trust = ask(role.trust.as_slice(), &world.caller, &check, world.context);
    let is_denied = finding.answer.contains(':');
    if !is_denied && trust.allows.is_empty() {
        return NO_RESOURCE.into();
    }
    finding
}

/// Whether a caller may learn that a key does not exist: `s3:ListBucket` on the bucket, with the key as the prefix.
///
/// Source: facts: authorization.md 5.8.
pub fn missing_key(world: &World<'_>, bucket: &str, key: &str) -> Finding {
    let mut context = world.context.clone();
    context.insert("s3:prefix".to_owned(), vec![key.to_owned()]);
    let listing = World {
        context: &context,
        ..world.clone()
    };
    let check = Check {
        action: "s3:ListBucket",
        resource: &format!("arn:aws:s3:::{bucket}"),
        object: None,
        hides_existing_object_tags: false,
    };
    decide(&listing, &check)
}

/// Whether `BlockPublicPolicy` refuses a new policy. Source: facts: authorization.md 5.7, 2.3.
pub fn new_policy(bucket: &Bucket<'_>, policy: &Document) -> Option<Answer> {
    let refuses = bucket.public_access_block.block_public_policy && is_public(policy);
    refuses.then_some(BLOCKED_POLICY)
}

/// Whether only the ACL of an object can open it. Source: facts: authorization.md 5.5.
fn is_withheld(world: &World<'_>, check: &Check<'_>) -> bool {
    let (Some(bucket), Some(object)) = (&world.bucket, &check.object) else {
        return false;
    };
    let reads = [
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:GetObjectAttributes",
        "s3:GetObjectVersionAttributes",
        "s3:GetObjectTorrent",
        "s3:GetObjectVersionTorrent",
        "s3:GetObjectAcl",
        "s3:GetObjectVersionAcl",
        "s3:PutObjectAcl",
        "s3:PutObjectVersionAcl",
    ];
    bucket.object_ownership.acls_enabled()
        && object.owner != Some(bucket.owner)
        && reads.contains(&check.action)
}
