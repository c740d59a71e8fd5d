//! The identity behind a session: who it is now, and its policies as they are now.

use crate::{
    AccountRow, Store, StoreError, UserRow,
    accounts::read_account_from,
    record::Record,
    sql::{statements, values},
};

/// The long-lived identity that a session belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionIdentityRow {
    /// The account.
    pub account: AccountRow,
    /// The user.
    pub user: UserRow,
    /// Names and documents of its inline policies, by name.
    pub inline_policies: Vec<(String, String)>,
    /// ARNs of the managed policies attached to it, in order.
    pub attached_policies: Vec<String>,
}

statements! {
    // One row of kind 0, then the inline policies, then the attached ones.
    IDENTITY = "
        SELECT CAST(0 AS BIGINT), a.id, a.canonical_id, a.name, a.email, u.unique_id, u.path, u.name, u.boundary_arn
        FROM users u JOIN accounts a ON a.id = u.account_id WHERE u.unique_id = $1
        UNION ALL
        SELECT 1, p.name, p.document, NULL, NULL, NULL, NULL, NULL, NULL
        FROM inline_policies p WHERE p.identity_id = $1
        UNION ALL
        SELECT 2, p.policy_arn, NULL, NULL, NULL, NULL, NULL, NULL, NULL
        FROM attached_policies p WHERE p.identity_id = $1
        ORDER BY 1, 2";
}

impl Store {
    /// The identity of this unique id with its policies, in one round trip; `None` once it was deleted.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn session_identity(
        &self,
        unique_id: &str,
    ) -> Result<Option<SessionIdentityRow>, StoreError> {
        let read = self.engine.read(unique_id, |c, id| {
            Box::pin(async move { Ok(assemble(c.all(IDENTITY, values![id], read_part).await?)) })
        });
        read.await
    }
}

enum Part {
    Identity(Box<SessionIdentityRow>),
    Inline(String, String),
    Attached(String),
}

fn read_part(row: &Record<'_>) -> Result<Part, StoreError> {
    match row.int(0)? {
        0 => read_identity(row).map(|identity| Part::Identity(Box::new(identity))),
        1 => Ok(Part::Inline(
            row.text(1)?.to_owned(),
            row.text(2)?.to_owned(),
        )),
        _ => Ok(Part::Attached(row.text(1)?.to_owned())),
    }
}

fn read_identity(row: &Record<'_>) -> Result<SessionIdentityRow, StoreError> {
    let account = read_account_from(row, 1)?;
    Ok(SessionIdentityRow {
        user: UserRow {
            unique_id: row.text(5)?.to_owned(),
            account_id: account.id,
            path: row.text(6)?.to_owned(),
            name: row.text(7)?.to_owned(),
            boundary_arn: row.text_or_null(8)?.map(str::to_owned),
        },
        account,
        inline_policies: Vec::new(),
        attached_policies: Vec::new(),
    })
}

fn assemble(parts: Vec<Part>) -> Option<SessionIdentityRow> {
    let mut parts = parts.into_iter();
    let Some(Part::Identity(mut identity)) = parts.next() else {
        return None;
    };
    for part in parts {
        match part {
            Part::Identity(_) => {}
            Part::Inline(name, document) => identity.inline_policies.push((name, document)),
            Part::Attached(arn) => identity.attached_policies.push(arn),
        }
    }
    Some(*identity)
}
