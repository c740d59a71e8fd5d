//! Who has a managed policy, in one account.

use buckler_policy::AccountId;

use crate::{
    IdentityKind, Store, StoreError,
    record::Record,
    sql::{statements, values},
};

/// How an identity uses a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyUsage {
    /// It is attached.
    PermissionsPolicy,
    /// It is the boundary.
    PermissionsBoundary,
}

/// An identity that has a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyEntity {
    /// What it is.
    pub kind: IdentityKind,
    /// Its name.
    pub name: String,
    /// Its unique id.
    pub unique_id: String,
    /// Its path.
    pub path: String,
    /// How it uses the policy.
    pub usage: PolicyUsage,
}

statements! {
    // Kinds: 0 user, 1 group, 2 role. Usages: 0 attached, 1 boundary.
    ENTITIES = "
        SELECT CAST(0 AS BIGINT), u.name, u.unique_id, u.path, CAST(0 AS BIGINT)
        FROM attached_policies p JOIN users u ON u.unique_id = p.identity_id WHERE p.policy_arn = $1 AND u.account_id = $2
        UNION ALL
        SELECT 1, g.name, g.unique_id, g.path, 0
        FROM attached_policies p JOIN user_groups g ON g.unique_id = p.identity_id
        WHERE p.policy_arn = $1 AND g.account_id = $2
        UNION ALL
        SELECT 2, r.name, r.unique_id, r.path, 0
        FROM attached_policies p JOIN roles r ON r.unique_id = p.identity_id WHERE p.policy_arn = $1 AND r.account_id = $2
        UNION ALL
        SELECT 0, u.name, u.unique_id, u.path, 1 FROM users u WHERE u.boundary_arn = $1 AND u.account_id = $2
        UNION ALL
        SELECT 2, r.name, r.unique_id, r.path, 1 FROM roles r WHERE r.boundary_arn = $1 AND r.account_id = $2
        ORDER BY 1, 2, 5";
}

impl Store {
    /// The identities of an account that have a managed policy: users, groups, roles, each by name. At most as many as
    /// the account has.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn policy_entities(
        &self,
        account: &AccountId,
        arn: &str,
    ) -> Result<Vec<PolicyEntity>, StoreError> {
        let arguments = (*account, arn.to_owned());
        let read = self.engine.read(&arguments, |c, (account, arn)| {
            Box::pin(async move {
                let values = values![arn.as_str(), account.as_str()];
                c.all(ENTITIES, values, read_entity).await
            })
        });
        read.await
    }
}

fn read_entity(row: &Record<'_>) -> Result<PolicyEntity, StoreError> {
    Ok(PolicyEntity {
        kind: match row.int(0)? {
            0 => IdentityKind::User,
            1 => IdentityKind::Group,
            _ => IdentityKind::Role,
        },
        name: row.text(1)?.to_owned(),
        unique_id: row.text(2)?.to_owned(),
        path: row.text(3)?.to_owned(),
        usage: if row.flag(4)? {
            PolicyUsage::PermissionsBoundary
        } else {
            PolicyUsage::PermissionsPolicy
        },
    })
}
