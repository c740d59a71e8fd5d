//! Policies and settings in the rows of a store, which a server may be using.

use std::sync::Arc;

use buckler_iam::managed_policy_document;
use buckler_metadata::{
    BucketRow, DatabaseLocation, HeldPolicy, RoleRow, SessionHolder, SessionIdentityRow, Store,
};
use buckler_policy::{
    CallerAccount, CompiledPolicy, ConditionKey, ContextMap, Document, Grant, NamedPolicy,
    PublicAccessBlock, parse_identity_policy,
};
use buckler_s3::{BucketName, ObjectKey, VersionSelector};

use super::arguments::ExplainArguments;
use super::principal::Principal;
use super::question::{Bucket, ObjectAccess, Question, Target, bucket_and_key, is_in_bucket};
use crate::config;
use crate::error::Failure;

/// Reads everything that one question needs.
///
/// # Errors
///
/// [`Failure::Configuration`] if the store, the bucket or the principal are not there.
pub(super) fn question(
    arguments: &ExplainArguments,
    principal: Principal,
) -> Result<Question, Failure> {
    let location = match (&arguments.database, &arguments.data) {
        (Some(url), _) => DatabaseLocation::parse(url).map_err(Failure::configuration)?,
        (None, data) => config::database_in(data.as_deref()),
    };
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::runtime)?
        .block_on(async {
            let store = Store::open_for_reading(&location)
                .await
                .map_err(Failure::configuration)?;
            let question = read(&store, arguments, principal).await;
            store.close().await.map_err(Failure::runtime)?;
            question
        })
}

async fn read(
    store: &Store,
    arguments: &ExplainArguments,
    principal: Principal,
) -> Result<Question, Failure> {
    let (principal, held) = holder(store, principal).await?;
    Ok(Question {
        identity: held.identity,
        boundary: held.boundary,
        session: None,
        action: arguments.action.clone(),
        target: target(store, arguments).await?,
        context: held.tags,
        principal,
    })
}

/// What a principal holds.
#[derive(Default)]
struct Held {
    identity: Vec<NamedPolicy>,
    boundary: Option<NamedPolicy>,
    /// `aws:PrincipalTag/…`.
    tags: ContextMap,
}

/// The principal as the rows have it, and the policies it holds.
async fn holder(store: &Store, principal: Principal) -> Result<(Principal, Held), Failure> {
    match principal {
        Principal::User { arn, .. } => {
            let user = store.user_by_arn(&arn).await.map_err(Failure::runtime)?;
            let user = user.ok_or_else(|| unknown("user", &arn))?;
            let row = identity(store, "user", &arn, &user.unique_id).await?;
            let principal = Principal::User {
                account: account(&row),
                arn,
                unique_id: user.unique_id,
            };
            Ok((principal, held(&row)?))
        }
        Principal::Session {
            account: named,
            session_arn,
            role_arn,
            ..
        } => {
            // The ARN of a session has no path, and names of roles are unique without one.
            let name = role_arn.rsplit('/').next().unwrap_or_default();
            let role = store.role_by_name(&named.id, name).await;
            let role = role.map_err(Failure::runtime)?;
            let is_named = |role: &RoleRow| {
                role.arn() == role_arn || role_arn.ends_with(&format!(":role/{}", role.name))
            };
            let role = role
                .filter(is_named)
                .ok_or_else(|| unknown("role", &role_arn))?;
            let row = identity(store, "role", &role_arn, &role.unique_id).await?;
            let principal = Principal::Session {
                account: account(&row),
                session_arn,
                role_arn: role.arn(),
                role_id: role.unique_id,
            };
            Ok((principal, held(&row)?))
        }
        Principal::Root { account } => {
            let row = store.account(&account.id).await.map_err(Failure::runtime)?;
            let row = row.ok_or_else(|| unknown("account", account.id.as_str()))?;
            let account = CallerAccount {
                id: row.id,
                canonical_id: row.canonical_id,
            };
            Ok((Principal::Root { account }, Held::default()))
        }
        Principal::FederatedUser { arn, .. } => Err(Failure::configuration(format!(
            "which user made the session `{arn}` is in no row; ask about the user, with --session-policy"
        ))),
        Principal::Anonymous | Principal::Service { .. } => Ok((principal, Held::default())),
    }
}

/// A user or role with all that it holds.
async fn identity(
    store: &Store,
    what: &str,
    arn: &str,
    unique_id: &str,
) -> Result<SessionIdentityRow, Failure> {
    let row = store.session_identity(unique_id).await;
    row.map_err(Failure::runtime)?
        .ok_or_else(|| unknown(what, arn))
}

fn account(row: &SessionIdentityRow) -> CallerAccount {
    CallerAccount {
        id: row.account.id,
        canonical_id: row.account.canonical_id,
    }
}

fn unknown(what: &str, name: &str) -> Failure {
    Failure::configuration(format!("there is no {what} `{name}` in this store"))
}

fn held(row: &SessionIdentityRow) -> Result<Held, Failure> {
    let policies = &row.policies;
    let mut tags = ContextMap::new();
    let of_holder = match &row.holder {
        SessionHolder::User(user) => &user.tags,
        SessionHolder::Role(role) => &role.tags,
    };
    for tag in of_holder {
        let key = tag.key.to_lowercase().into();
        tags.insert(ConditionKey::PrincipalTag(key), &tag.value);
    }
    let inline = policies.inline.iter();
    let inline = inline.map(|(name, document)| compiled(name, document));
    let boundary = policies.boundary.as_ref();
    Ok(Held {
        identity: inline
            .chain(policies.managed.iter().map(managed))
            .collect::<Result<_, _>>()?,
        boundary: boundary.map(managed).transpose()?,
        tags,
    })
}

/// A managed policy of the account, or one of AWS's, which is in no row.
fn managed(policy: &HeldPolicy) -> Result<NamedPolicy, Failure> {
    let document = match &policy.document {
        Some(document) => document,
        None => {
            managed_policy_document(&policy.arn).ok_or_else(|| unknown("policy", &policy.arn))?
        }
    };
    compiled(&policy.arn, document)
}

fn compiled(name: &str, document: &str) -> Result<NamedPolicy, Failure> {
    let document = parse_identity_policy(document.as_bytes());
    let document = document.map_err(|error| damaged(name, &error))?;
    Ok(NamedPolicy {
        name: name.into(),
        policy: Arc::new(CompiledPolicy::compile(&document)),
    })
}

fn damaged(name: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure::runtime(format!(
        "the stored policy `{name}` cannot be read: {error}"
    ))
}

async fn target(store: &Store, arguments: &ExplainArguments) -> Result<Target, Failure> {
    let resource = arguments.resource.as_str();
    if is_in_bucket(&arguments.action, resource)
        && let Some((name, key)) = bucket_and_key(resource)
    {
        return Ok(Target::Bucket {
            bucket: bucket(store, name, key).await?,
            key: key.map(str::to_owned),
        });
    }
    let is_about_role = arguments.action.to_ascii_lowercase().starts_with("sts:");
    if !is_about_role || !resource.contains(":role/") {
        return Ok(Target::Other(resource.to_owned()));
    }
    let role = store
        .role_by_arn(resource)
        .await
        .map_err(Failure::runtime)?;
    let role = role.ok_or_else(|| unknown("role", resource))?;
    let trust = Document::from_stored_trust_policy(&role.trust.bound);
    let trust = trust.map_err(|error| damaged(resource, &error))?;
    Ok(Target::Role {
        arn: resource.to_owned(),
        account: role.account_id,
        trust_policy: CompiledPolicy::compile(&trust),
    })
}

async fn bucket(store: &Store, name: &str, key: Option<&str>) -> Result<Bucket, Failure> {
    let parsed = BucketName::parse(name);
    let parsed =
        parsed.map_err(|_| Failure::configuration(format!("`{name}` is no bucket's name")))?;
    let row = store.bucket(&parsed).await.map_err(Failure::runtime)?;
    let row: BucketRow = row.ok_or_else(|| unknown("bucket", name))?;
    let policy = row.policy.as_deref().map(Document::from_stored).transpose();
    let policy = policy.map_err(|error| damaged(name, &error))?;
    Ok(Bucket {
        name: name.to_owned(),
        owner: row.owner,
        policy: policy.as_ref().map(CompiledPolicy::compile),
        public_access_block: row.public_access_block.unwrap_or(PublicAccessBlock::NONE),
        object_ownership: row.object_ownership(),
        acl: row
            .acl
            .grants(&Grant::of_owner(row.owner_canonical_id))
            .to_vec(),
        object: match key {
            Some(key) => object(store, row.id, key).await?,
            None => None,
        },
    })
}

/// What the current version says about access, if there is one.
async fn object(store: &Store, bucket_id: i64, key: &str) -> Result<Option<ObjectAccess>, Failure> {
    // A pattern, or the name of no object: nothing is known of it.
    let Ok(key) = ObjectKey::parse(key) else {
        return Ok(None);
    };
    let found = store
        .head_object(bucket_id, &key, &VersionSelector::Latest)
        .await
        .map_err(Failure::runtime)?;
    Ok(found.filter(|found| !found.is_delete_marker).map(|found| {
        let own = Grant::of_owner(found.owner_canonical_id);
        ObjectAccess {
            owner: found.owner,
            acl: found.acl.grants(&own).to_vec(),
        }
    }))
}
