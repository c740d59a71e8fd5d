//! The principals of a bucket policy: bound to unique ids when it is stored, shown as ARNs when it
//! is read. Facts: authorization.md 1.5, 3.3.

use std::collections::HashMap;

use buckler_metadata::{Store, StoreError};
use buckler_policy::{AccountId, Arn, Document, PolicyError, Principal, parse_bucket_policy};
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
    let document = parse_bucket_policy(body, bucket.as_str())?;
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
        // Roles, their sessions and CloudFront identities do not exist here yet.
        Principal::Role(_) | Principal::RoleSession(_) | Principal::OriginAccessIdentity(_) => None,
        Principal::Everyone
        | Principal::UniqueId(_)
        | Principal::Service(_)
        | Principal::Federated(_) => Some(principal.clone()),
    })
}

/// A stored bucket policy as GetBucketPolicy shows it: users by ARN while they exist, by unique id
/// after that.
///
/// # Errors
///
/// [`BindError::Policy`] if what is stored is not a policy: a broken invariant.
pub(crate) async fn shown_form(store: &Store, stored: &str) -> Result<String, BindError> {
    let document = Document::from_stored(stored)?;
    let mut names = HashMap::new();
    for principal in document.all_principals() {
        if let Principal::UniqueId(id) = principal
            && let Some(user) = store.user_by_unique_id(id.as_str()).await?
        {
            names.insert(id.clone(), user.arn());
        }
    }
    let arn = |id: &str| names.get(id).and_then(|arn| Arn::parse(arn).ok());
    Ok(document.unbind(&arn).to_normalized_json())
}
