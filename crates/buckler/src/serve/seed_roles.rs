//! The roles of a seed: made when everyone may be there whom they trust, and changed where they differ.

use buckler_iam::{Seed, SeedRole, new_role_id};
use buckler_metadata::{
    IamError, IdentityKind, IdentityName, RoleChange, RoleRow, Store, TrustPolicy,
};
use buckler_policy::AccountId;
use buckler_s3::TagSet;
use buckler_server::{Clock, bind_trust_policy};

use super::storage::Opened;
use crate::error::Failure;

/// Makes the roles of a seed as given, in the order of the file; safe to repeat.
///
/// # Errors
///
/// [`Failure`]: a role that trusts nobody known is a mistake in the file.
pub(crate) async fn apply(seed: &Seed, opened: &Opened) -> Result<(), Failure> {
    for account in &seed.accounts {
        for role in &account.roles {
            apply_role(&opened.store, account.id, role)
                .await
                .map_err(|failure| failure.in_role(account.id, role))?;
        }
    }
    Ok(())
}

/// Why a role could not be made.
enum RoleFailure {
    Refused(String),
    Failed(String),
}

impl RoleFailure {
    fn in_role(self, account: AccountId, role: &SeedRole) -> Failure {
        let name = &role.name;
        match self {
            Self::Refused(reason) => {
                Failure::configuration(format!("account {account}, role {name}: {reason}"))
            }
            Self::Failed(reason) => Failure::runtime(reason),
        }
    }

    fn failed(error: impl std::fmt::Display) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<IamError> for RoleFailure {
    fn from(error: IamError) -> Self {
        match error {
            IamError::Refused(refusal) => Self::Refused(refusal.to_string()),
            IamError::Store(error) => Self::failed(error),
        }
    }
}

async fn apply_role(store: &Store, account: AccountId, role: &SeedRole) -> Result<(), RoleFailure> {
    let trust = bind_trust_policy(store, &role.trust).await;
    let trust = trust.map_err(|error| RoleFailure::Refused(format!("trust: {error}")))?;
    let known = store.role_by_name(&account, role.name.as_str()).await;
    let unique_id = match known.map_err(RoleFailure::failed)? {
        None => create(store, account, role, trust).await?,
        Some(known) => {
            change(store, role, trust, &known).await?;
            known.unique_id
        }
    };
    let name = IdentityName {
        account,
        kind: IdentityKind::Role,
        name: role.name.to_string(),
    };
    policies(store, role, &name, &unique_id).await
}

async fn create(
    store: &Store,
    account: AccountId,
    role: &SeedRole,
    trust: TrustPolicy,
) -> Result<String, RoleFailure> {
    let row = RoleRow {
        unique_id: new_role_id().map_err(RoleFailure::failed)?,
        account_id: account,
        path: role.path.as_str().to_owned(),
        name: role.name.to_string(),
        description: None,
        trust,
        max_session_seconds: role.max_session_seconds,
        boundary_arn: role.boundary_arn.clone(),
        tags: TagSet::default(),
        created_at: Clock::System.now(),
    };
    let unique_id = row.unique_id.clone();
    tracing::info!(role = row.arn(), "the accounts file made a role");
    store.create_role(row).await?;
    Ok(unique_id)
}

async fn change(
    store: &Store,
    role: &SeedRole,
    trust: TrustPolicy,
    known: &RoleRow,
) -> Result<(), RoleFailure> {
    let mut changes = Vec::new();
    if known.trust != trust {
        changes.push(RoleChange::Trust(trust));
    }
    if known.max_session_seconds != role.max_session_seconds {
        changes.push(RoleChange::Settings {
            description: None,
            max_session_seconds: Some(role.max_session_seconds),
        });
    }
    for change in changes {
        tracing::info!(role = known.arn(), "the accounts file changed a role");
        let (account, name) = (known.account_id, known.name.clone());
        store.update_role(account, name, change).await?;
    }
    Ok(())
}

async fn policies(
    store: &Store,
    role: &SeedRole,
    name: &IdentityName,
    unique_id: &str,
) -> Result<(), RoleFailure> {
    let inline = store.inline_policies(unique_id).await;
    let inline = inline.map_err(RoleFailure::failed)?;
    for policy in &role.inline_policies {
        let wanted = (policy.name.clone(), policy.document.clone());
        if !inline.contains(&wanted) {
            let (policy, document) = wanted;
            store
                .put_identity_policy(name.clone(), policy, document)
                .await?;
        }
    }
    let attached = store.attached_policies(unique_id).await;
    let attached = attached.map_err(RoleFailure::failed)?;
    for arn in &role.managed_policies {
        if !attached.contains(arn) {
            store.attach_to_identity(name.clone(), arn.clone()).await?;
        }
    }
    Ok(())
}
