//! The identity behind a session: who it is now, and its policies as they are now.

use crate::{
    AccountRow, HeldPolicies, RoleRow, Store, StoreError, UserRow,
    accounts::read_account_from,
    held_policies::{assemble, read_part, with_policies},
    record::Record,
    roles::read_role_from,
    sql::{statements, values},
    users::read_user_from,
};

/// The long-lived identity that a session belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionIdentityRow {
    /// The account.
    pub account: AccountRow,
    /// Who it is.
    pub holder: SessionHolder,
    /// Its policies, as they are now.
    pub policies: HeldPolicies,
}

/// A user or a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionHolder {
    /// A user.
    User(UserRow),
    /// A role.
    Role(RoleRow),
}

statements! {
    DOCUMENT = "SELECT v.document FROM managed_policies m
        JOIN managed_policy_versions v ON v.policy_id = m.unique_id AND v.version = m.default_version
        WHERE m.arn = $1";
    IDENTITY = with_policies!(
        "SELECT unique_id, boundary_arn FROM users WHERE unique_id = $1
         UNION ALL SELECT unique_id, boundary_arn FROM roles WHERE unique_id = $1",
        "SELECT CAST(0 AS BIGINT), a.canonical_id, a.name, a.id, a.email, u.unique_id, u.account_id, u.path, u.name,
            u.boundary_arn, u.tags, u.created_at, NULL, NULL, NULL, CAST(NULL AS BIGINT)
         FROM users u JOIN accounts a ON a.id = u.account_id WHERE u.unique_id = $1 AND a.is_disabled = 0
         UNION ALL
         SELECT 0, a.canonical_id, a.name, a.id, a.email, r.unique_id, r.account_id, r.path, r.name,
            r.boundary_arn, r.tags, r.created_at, r.description, r.trust_document, r.trust_policy, r.max_session_seconds
         FROM roles r JOIN accounts a ON a.id = r.account_id WHERE r.unique_id = $1 AND a.is_disabled = 0"
    );
}

impl Store {
    /// The document that counts of a managed policy that an account has made; `None` once it was deleted.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn policy_document(&self, arn: &str) -> Result<Option<String>, StoreError> {
        let read = self.engine.read(arn, |c, arn| {
            Box::pin(async move {
                c.one(DOCUMENT, values![arn], |row| Ok(row.text(0)?.to_owned()))
                    .await
            })
        });
        read.await
    }

    /// The user or role of this unique id with its policies, in one round trip; `None` once it was deleted.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn session_identity(
        &self,
        unique_id: &str,
    ) -> Result<Option<SessionIdentityRow>, StoreError> {
        let read = self.engine.read(unique_id, |c, id| {
            Box::pin(async move {
                let parts = c
                    .all(IDENTITY, values![id], |row| read_part(row, read_identity))
                    .await?;
                let identity = assemble(parts);
                Ok(
                    identity.map(|((account, holder), policies)| SessionIdentityRow {
                        account,
                        holder,
                        policies,
                    }),
                )
            })
        });
        read.await
    }
}

fn read_identity(row: &Record<'_>) -> Result<(AccountRow, SessionHolder), StoreError> {
    let account = read_account_from(row, [3, 1, 2, 4])?;
    let holder = if row.int_or_null(15)?.is_some() {
        SessionHolder::Role(read_role_from(row, 5)?)
    } else {
        SessionHolder::User(read_user_from(row, 5)?)
    };
    Ok((account, holder))
}
