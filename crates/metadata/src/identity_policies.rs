//! Policies of identities: inline documents, and attached managed policies.

use buckler_policy::{
    GROUP_INLINE_POLICIES_CHARACTERS_MAX, ROLE_INLINE_POLICIES_CHARACTERS_MAX,
    USER_INLINE_POLICIES_CHARACTERS_MAX, policy_characters,
};

use crate::{
    EntityKind, IamError, IamLimit, IamRefusal, IdentityKind, IdentityName, Store, StoreError,
    connection::Connection,
    iam_change::{parted, within},
    identities, managed_policies,
    sql::{statements, values},
};

/// Most managed policies attached to an identity. Source: facts: authorization.md 7.5.
const ATTACHED_MAX: u64 = 10;

statements! {
    INLINE_PUT = "INSERT INTO inline_policies (identity_id, name, document) VALUES ($1, $2, $3)
        ON CONFLICT (identity_id, name) DO UPDATE SET document = excluded.document";
    INLINE_OF = "SELECT name, document FROM inline_policies WHERE identity_id = $1 ORDER BY name";
    INLINE_DELETE = "DELETE FROM inline_policies WHERE identity_id = $1 AND name = $2";
    ATTACHED_OF = "SELECT policy_arn FROM attached_policies WHERE identity_id = $1 ORDER BY policy_arn";
    IS_ATTACHED = "SELECT policy_arn FROM attached_policies WHERE identity_id = $1 AND policy_arn = $2";
    COUNT_ATTACHED = "SELECT count(*) FROM attached_policies WHERE identity_id = $1";
    DETACH = "DELETE FROM attached_policies WHERE identity_id = $1 AND policy_arn = $2";
    ATTACH = "INSERT INTO attached_policies (identity_id, policy_arn) VALUES ($1, $2)
        ON CONFLICT (identity_id, policy_arn) DO NOTHING";
}

impl Store {
    /// Names and documents of an identity's inline policies, by name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn inline_policies(
        &self,
        unique_id: &str,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let read = self
            .engine
            .read(unique_id, |c, id| Box::pin(inline_of(c, id)));
        read.await
    }

    /// Gives an identity an inline policy, replacing the one of this name.
    ///
    /// # Errors
    /// [`IamRefusal::NoSuchEntity`]; [`IamRefusal::LimitExceeded`] if all together are too long.
    pub async fn put_identity_policy(
        &self,
        identity: IdentityName,
        name: String,
        document: String,
    ) -> Result<(), IamError> {
        let change = self.change(
            (identity, name, document),
            |c, (identity, name, document)| {
                Box::pin(async move { parted(put(c, identity, name, document).await) })
            },
        );
        change.await
    }

    /// Takes an inline policy away.
    ///
    /// # Errors
    /// [`IamRefusal::NoSuchEntity`] for the identity or the policy.
    pub async fn delete_identity_policy(
        &self,
        identity: IdentityName,
        name: String,
    ) -> Result<(), IamError> {
        let change = self.change((identity, name), |c, (identity, name)| {
            Box::pin(async move { parted(delete(c, identity, name).await) })
        });
        change.await
    }

    /// ARNs of the managed policies attached to an identity, in order; at most 10.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn attached_policies(&self, unique_id: &str) -> Result<Vec<String>, StoreError> {
        let read = self.engine.read(unique_id, |c, id| {
            Box::pin(async move {
                c.all(ATTACHED_OF, values![id], |row| Ok(row.text(0)?.to_owned()))
                    .await
            })
        });
        read.await
    }

    /// Attaches a managed policy of AWS's, or one of the account; one that is attached stays.
    ///
    /// # Errors
    /// [`IamRefusal::NoSuchEntity`] for the identity or the policy; [`IamRefusal::LimitExceeded`].
    pub async fn attach_to_identity(
        &self,
        identity: IdentityName,
        arn: String,
    ) -> Result<(), IamError> {
        let change = self.change((identity, arn), |c, (identity, arn)| {
            Box::pin(async move { parted(attach_to(c, identity, arn).await) })
        });
        change.await
    }

    /// Detaches a managed policy.
    ///
    /// # Errors
    /// [`IamRefusal::NoSuchEntity`] for the identity, or for a policy that is not attached.
    pub async fn detach_from_identity(
        &self,
        identity: IdentityName,
        arn: String,
    ) -> Result<(), IamError> {
        let change = self.change((identity, arn), |c, (identity, arn)| {
            Box::pin(async move { parted(detach(c, identity, arn).await) })
        });
        change.await
    }
}

async fn inline_of(
    connection: &mut Connection,
    id: &str,
) -> Result<Vec<(String, String)>, StoreError> {
    connection
        .all(INLINE_OF, values![id], |row| {
            Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))
        })
        .await
}

async fn put(
    connection: &mut Connection,
    identity: &IdentityName,
    name: &str,
    document: &str,
) -> Result<(), IamError> {
    connection.lock_account(&identity.account).await?;
    let id = identities::found(connection, identity).await?;
    let others = inline_of(connection, &id).await?;
    let characters: usize = others
        .iter()
        .filter(|(other, _)| other != name)
        .map(|(_, document)| policy_characters(document))
        .sum();
    let (limit, max) = inline_limit(identity.kind);
    if characters + policy_characters(document) > max {
        return Err(IamRefusal::LimitExceeded {
            limit,
            max: max as u64,
            name: identity.name.clone(),
        }
        .into());
    }
    connection
        .execute(INLINE_PUT, values![id.as_str(), name, document])
        .await?;
    Ok(())
}

const fn inline_limit(kind: IdentityKind) -> (IamLimit, usize) {
    match kind {
        IdentityKind::User => (
            IamLimit::UserPolicyCharacters,
            USER_INLINE_POLICIES_CHARACTERS_MAX,
        ),
        IdentityKind::Group => (
            IamLimit::GroupPolicyCharacters,
            GROUP_INLINE_POLICIES_CHARACTERS_MAX,
        ),
        IdentityKind::Role => (
            IamLimit::RolePolicyCharacters,
            ROLE_INLINE_POLICIES_CHARACTERS_MAX,
        ),
    }
}

async fn delete(
    connection: &mut Connection,
    identity: &IdentityName,
    name: &str,
) -> Result<(), IamError> {
    connection.lock_account(&identity.account).await?;
    let id = identities::found(connection, identity).await?;
    let deleted = connection
        .execute(INLINE_DELETE, values![id.as_str(), name])
        .await?;
    if deleted > 0 {
        return Ok(());
    }
    let kind = match identity.kind {
        IdentityKind::User => EntityKind::UserPolicy,
        IdentityKind::Group => EntityKind::GroupPolicy,
        IdentityKind::Role => EntityKind::RolePolicy,
    };
    Err(IamRefusal::no_such(kind, name).into())
}

async fn attach_to(
    connection: &mut Connection,
    identity: &IdentityName,
    arn: &str,
) -> Result<(), IamError> {
    connection.lock_account(&identity.account).await?;
    let id = identities::found(connection, identity).await?;
    managed_policies::is_attachable(connection, &identity.account, arn).await?;
    let row = values![id.as_str(), arn];
    if connection
        .one(IS_ATTACHED, row, |_| Ok(()))
        .await?
        .is_some()
    {
        return Ok(());
    }
    let count = identities::count(connection, COUNT_ATTACHED, &id).await?;
    let limit = match identity.kind {
        IdentityKind::User => IamLimit::PoliciesPerUser,
        IdentityKind::Group => IamLimit::PoliciesPerGroup,
        IdentityKind::Role => IamLimit::PoliciesPerRole,
    };
    within(limit, &identity.name, count, ATTACHED_MAX)?;
    connection.execute(ATTACH, row).await?;
    Ok(())
}

async fn detach(
    connection: &mut Connection,
    identity: &IdentityName,
    arn: &str,
) -> Result<(), IamError> {
    connection.lock_account(&identity.account).await?;
    let id = identities::found(connection, identity).await?;
    let detached = connection
        .execute(DETACH, values![id.as_str(), arn])
        .await?;
    if detached > 0 {
        return Ok(());
    }
    Err(IamRefusal::no_such(EntityKind::Policy, arn).into())
}
