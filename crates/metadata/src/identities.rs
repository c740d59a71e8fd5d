//! What users, groups and roles have in common: they are found by name, and hold policies.

use buckler_policy::AccountId;

use crate::{
    EntityKind, IamError, IamRefusal, Reference, StoreError,
    connection::Connection,
    sql::{Sql, statements, values},
};

/// What kind of identity it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdentityKind {
    /// A user.
    User,
    /// A group.
    Group,
    /// A role.
    Role,
}

impl IdentityKind {
    /// The kind as a kind of entity.
    pub const fn entity(self) -> EntityKind {
        match self {
            Self::User => EntityKind::User,
            Self::Group => EntityKind::Group,
            Self::Role => EntityKind::Role,
        }
    }

    const fn by_name(self) -> Sql {
        match self {
            Self::User => USER,
            Self::Group => GROUP,
            Self::Role => ROLE,
        }
    }
}

/// An identity as calls name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityName {
    /// Its account.
    pub account: AccountId,
    /// What kind it is.
    pub kind: IdentityKind,
    /// Its name, in any letter case.
    pub name: String,
}

impl IdentityName {
    pub(crate) fn no_such(&self) -> IamRefusal {
        IamRefusal::no_such(self.kind.entity(), &self.name)
    }
}

statements! {
    USER = "SELECT unique_id FROM users WHERE account_id = $1 AND lower(name) = lower($2)";
    GROUP = "SELECT unique_id FROM user_groups WHERE account_id = $1 AND lower(name) = lower($2)";
    ROLE = "SELECT unique_id FROM roles WHERE account_id = $1 AND lower(name) = lower($2)";
    HAS_INLINE = "SELECT name FROM inline_policies WHERE identity_id = $1 LIMIT 1";
    HAS_ATTACHED = "SELECT policy_arn FROM attached_policies WHERE identity_id = $1 LIMIT 1";
}

/// The unique id of an identity.
pub(crate) async fn unique_id(
    connection: &mut Connection,
    identity: &IdentityName,
) -> Result<Option<String>, StoreError> {
    let named = values![identity.account.as_str(), identity.name.as_str()];
    connection
        .one(identity.kind.by_name(), named, |row| {
            Ok(row.text(0)?.to_owned())
        })
        .await
}

/// The unique id of an identity that has to be there.
pub(crate) async fn found(
    connection: &mut Connection,
    identity: &IdentityName,
) -> Result<String, IamError> {
    let found = unique_id(connection, identity).await?;
    Ok(found.ok_or_else(|| identity.no_such())?)
}

/// Refuses a new name, or a new letter case of another's.
pub(crate) async fn is_free(
    connection: &mut Connection,
    identity: &IdentityName,
    own_id: &str,
) -> Result<(), IamError> {
    match unique_id(connection, identity).await? {
        Some(id) if id != own_id => {
            Err(IamRefusal::exists(identity.kind.entity(), &identity.name).into())
        }
        _ => Ok(()),
    }
}

/// Refuses the deletion of an identity that holds policies.
pub(crate) async fn holds_no_policies(
    connection: &mut Connection,
    unique_id: &str,
) -> Result<(), IamError> {
    if exists(connection, HAS_ATTACHED, unique_id).await? {
        return Err(IamRefusal::Referenced(Reference::AttachedPolicies).into());
    }
    if exists(connection, HAS_INLINE, unique_id).await? {
        return Err(IamRefusal::Referenced(Reference::InlinePolicies).into());
    }
    Ok(())
}

/// Whether a statement has an answer for an id.
pub(crate) async fn exists(
    connection: &mut Connection,
    sql: Sql,
    id: &str,
) -> Result<bool, StoreError> {
    let found = connection.one(sql, values![id], |_| Ok(())).await?;
    Ok(found.is_some())
}

/// How many rows a counting statement counts.
pub(crate) async fn count(
    connection: &mut Connection,
    sql: Sql,
    id: &str,
) -> Result<i64, StoreError> {
    let counted = connection.one(sql, values![id], |row| row.int(0)).await?;
    Ok(counted.unwrap_or(0))
}
