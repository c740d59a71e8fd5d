//! Policies of identities: inline documents, and attached managed policies.

use buckler_policy::AccountId;

use crate::{
    Store, StoreError, Upserted,
    connection::Connection,
    sql::{statements, values},
    users,
};

/// A policy document that is part of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlinePolicy {
    /// The user's account.
    pub account_id: AccountId,
    /// The user's name.
    pub user_name: String,
    /// The policy's name, unique in its user.
    pub name: String,
    /// The document, as it was checked.
    pub document: String,
}

/// A managed policy attached to a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedPolicy {
    /// The user's account.
    pub account_id: AccountId,
    /// The user's name.
    pub user_name: String,
    /// The policy's ARN.
    pub policy_arn: String,
}

statements! {
    INLINE = "SELECT document FROM inline_policies WHERE identity_id = $1 AND name = $2";
    INLINE_PUT = "INSERT INTO inline_policies (identity_id, name, document) VALUES ($1, $2, $3)
        ON CONFLICT (identity_id, name) DO UPDATE SET document = excluded.document";
    ATTACH = "INSERT INTO attached_policies (identity_id, policy_arn) VALUES ($1, $2)
        ON CONFLICT (identity_id, policy_arn) DO NOTHING";
}

impl Store {
    /// Gives a user an inline policy, replacing the one of this name.
    ///
    /// # Errors
    /// [`StoreError::MissingParent`] if there is no such user.
    pub async fn put_inline_policy(&self, policy: InlinePolicy) -> Result<Upserted, StoreError> {
        let write = self
            .engine
            .write(policy, |c, policy| Box::pin(put_inline(c, policy)));
        write.await
    }

    /// Attaches a managed policy to a user.
    ///
    /// # Errors
    /// [`StoreError::MissingParent`] if there is no such user.
    pub async fn attach_policy(&self, policy: AttachedPolicy) -> Result<Upserted, StoreError> {
        let write = self
            .engine
            .write(policy, |c, policy| Box::pin(attach(c, policy)));
        write.await
    }
}

pub(crate) async fn put_inline(
    connection: &mut Connection,
    policy: &InlinePolicy,
) -> Result<Upserted, StoreError> {
    let user = users::by_name(connection, &policy.account_id, &policy.user_name)
        .await?
        .ok_or(StoreError::MissingParent)?;
    let (id, name) = (user.unique_id.as_str(), policy.name.as_str());
    let known = connection
        .one(INLINE, values![id, name], |row| {
            Ok(row.text(0)? == policy.document)
        })
        .await?;
    if known == Some(true) {
        return Ok(Upserted::Unchanged);
    }
    connection
        .execute(INLINE_PUT, values![id, name, policy.document.as_str()])
        .await?;
    Ok(known.map_or(Upserted::Created, |_| Upserted::Changed))
}

pub(crate) async fn attach(
    connection: &mut Connection,
    policy: &AttachedPolicy,
) -> Result<Upserted, StoreError> {
    let user = users::by_name(connection, &policy.account_id, &policy.user_name)
        .await?
        .ok_or(StoreError::MissingParent)?;
    let row = values![user.unique_id.as_str(), policy.policy_arn.as_str()];
    let attached = connection.execute(ATTACH, row).await?;
    Ok(if attached == 0 {
        Upserted::Unchanged
    } else {
        Upserted::Created
    })
}
