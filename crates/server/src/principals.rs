//! The principals of bucket policies and trust policies: bound to unique ids when a policy is stored,
//! shown as ARNs when it is read. Facts: authorization.md 1.5, 3.3.

use std::collections::HashMap;

use buckler_metadata::{Store, StoreError, TrustPolicy};
use buckler_policy::{
    AccountId, Arn, Document, PolicyError, Principal, parse_bucket_policy, parse_trust_policy,
};
use buckler_s3::BucketName;

/// A bucket policy that cannot be stored.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// AWS would refuse it. Displays AWS's message.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Parses a bucket policy, looks up everyone it names, and gives the form to store.
///
/// # Errors
///
/// [`BindError`].
pub async fn bind_bucket_policy(
    store: &Store,
    body: &[u8],
    bucket: &BucketName,
) -> Result<String, BindError> {
    let document = bound_document(store, body, bucket).await?;
    Ok(document.to_normalized_json())
}

/// The document of [`bind_bucket_policy`], before it is written.
pub(crate) async fn bound_document(
    store: &Store,
    body: &[u8],
    bucket: &BucketName,
) -> Result<Document, BindError> {
    bound(store, parse_bucket_policy(body, bucket.as_str())?).await
}

/// The document with everyone it names bound.
async fn bound(store: &Store, document: Document) -> Result<Document, BindError> {
    let mut known = HashMap::new();
    for principal in document.principals() {
        if !known.contains_key(principal) {
            known.insert(principal.clone(), stored_form(store, principal).await?);
        }
    }
    Ok(document.bind(&|principal| known.get(principal).cloned().flatten())?)
}

/// The form under which a principal is stored; `None` if nobody has that name here.
async fn stored_form(
    store: &Store,
    principal: &Principal,
) -> Result<Option<Principal>, StoreError> {
    Ok(match principal {
        Principal::Account(id) => store
            .account(id)
            .await?
            .map(|account| Principal::Account(account.id)),
        Principal::CanonicalUser(id) => store
            .account_by_canonical_id(id)
            .await?
            .map(|account| Principal::Account(account.id)),
        Principal::User(arn) => store
            .user_by_arn(arn.as_str())
            .await?
            .map(|user| Principal::UniqueId(user.unique_id)),
        // Anyone who may federate can make a user of any name: only the account has to be there.
        Principal::FederatedUser(arn) => match AccountId::parse(arn.account()) {
            Ok(id) => store.account(&id).await?.map(|_| principal.clone()),
            Err(_) => None,
        },
        Principal::Role(arn) => store
            .role_by_arn(arn.as_str())
            .await?
            .map(|role| Principal::UniqueId(role.unique_id)),
        // A session may be of any name: only the role has to be there.
        Principal::RoleSession(arn) => session_role(store, arn).await?.then(|| principal.clone()),
        // There are no CloudFront identities here.
        Principal::OriginAccessIdentity(_) => None,
        Principal::Everyone
        | Principal::UniqueId(_)
        | Principal::Service(_)
        | Principal::Federated(_) => Some(principal.clone()),
    })
}

/// Whether the role of a session's ARN is there.
async fn session_role(store: &Store, arn: &Arn) -> Result<bool, StoreError> {
    let name = arn
        .resource()
        .strip_prefix("assumed-role/")
        .and_then(|rest| rest.split('/').next());
    match (AccountId::parse(arn.account()), name) {
        (Ok(account), Some(name)) => Ok(store.role_by_name(&account, name).await?.is_some()),
        _ => Ok(false),
    }
}

/// A stored policy as it is shown: users and roles by ARN while they exist, by unique id after that.
///
/// # Errors
///
/// [`BindError::Policy`] if what is stored is not a policy: a broken invariant.
pub(crate) async fn shown_form(store: &Store, stored: &str) -> Result<String, BindError> {
    let document = Document::from_stored(stored)?;
    Ok(unbound(store, document).await?.to_normalized_json())
}

/// A document that names users and roles by ARN where they exist.
async fn unbound(store: &Store, document: Document) -> Result<Document, StoreError> {
    let mut names = HashMap::new();
    for principal in document.all_principals() {
        if let Principal::UniqueId(id) = principal
            && let Some(arn) = arn_of(store, id).await?
        {
            names.insert(id.clone(), arn);
        }
    }
    let arn = |id: &str| names.get(id).and_then(|arn| Arn::parse(arn).ok());
    Ok(document.unbind(&arn))
}

/// The ARN of the user or role that has this unique id.
async fn arn_of(store: &Store, id: &str) -> Result<Option<String>, StoreError> {
    if let Some(user) = store.user_by_unique_id(id).await? {
        return Ok(Some(user.arn()));
    }
    let role = store.role_by_unique_id(id).await?;
    Ok(role.map(|role| role.arn()))
}

/// Parses a role's trust policy, looks up everyone it names, and binds them to unique ids.
///
/// # Errors
///
/// [`BindError`].
pub async fn bind_trust_policy(store: &Store, document: &str) -> Result<TrustPolicy, BindError> {
    let parsed = parse_trust_policy(document.as_bytes())?;
    let bound = bound(store, parsed).await?;
    Ok(TrustPolicy {
        document: document.to_owned(),
        bound: bound.to_normalized_json(),
    })
}

/// A role's trust policy as it is shown: as it was sent, while everyone it names is who they were.
///
/// # Errors
///
/// [`BindError::Policy`] if what is stored is not a policy: a broken invariant.
pub(crate) async fn shown_trust_policy(
    store: &Store,
    trust: &TrustPolicy,
) -> Result<String, BindError> {
    let bound = Document::from_stored_trust_policy(&trust.bound)?;
    let now = unbound(store, bound).await?.to_normalized_json();
    let sent = parse_trust_policy(trust.document.as_bytes())?;
    if sent.to_normalized_json() == now {
        return Ok(trust.document.clone());
    }
    Ok(now)
}
