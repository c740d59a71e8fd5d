//! The policies that an identity holds now: its own, those of its groups, and its boundary.
//!
//! They are read with the identity itself, in one statement: see [`with_policies`].

use crate::{StoreError, record::Record};

/// The policies of a user or a role, as they are now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeldPolicies {
    /// Names and documents of inline policies, those of a user's groups among them.
    pub inline: Vec<(String, String)>,
    /// Managed policies that are attached to it, or to a user's groups.
    pub managed: Vec<HeldPolicy>,
    /// The permissions boundary.
    pub boundary: Option<HeldPolicy>,
}

/// A managed policy that an identity holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPolicy {
    /// Its ARN.
    pub arn: String,
    /// The document of its default version; `None` for one without a row: AWS's own.
    pub document: Option<String>,
}

/// A statement that reads an identity and all that it holds.
///
/// `$self` selects the identity's unique id and boundary as `id` and `boundary_arn`; `$first` selects the identity
/// itself in 16 columns, the first of them 0. What follows are rows with a kind in the first column, a name in the
/// fourth and a document in the fifth.
macro_rules! with_policies {
    ($this:literal, $first:literal) => {
        concat!(
            "WITH self (id, boundary_arn) AS (",
            $this,
            "), holders (id) AS (SELECT id FROM self UNION ALL
                SELECT m.group_id FROM self s JOIN group_members m ON m.user_id = s.id) ",
            $first,
            " UNION ALL SELECT 1, NULL, NULL, p.name, p.document, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                NULL, NULL
            FROM holders h JOIN inline_policies p ON p.identity_id = h.id
            UNION ALL SELECT 2, NULL, NULL, p.policy_arn, v.document, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                NULL, NULL, NULL
            FROM holders h JOIN attached_policies p ON p.identity_id = h.id
            LEFT JOIN managed_policies m ON m.arn = p.policy_arn
            LEFT JOIN managed_policy_versions v ON v.policy_id = m.unique_id AND v.version = m.default_version
            UNION ALL SELECT 3, NULL, NULL, s.boundary_arn, v.document, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                NULL, NULL, NULL
            FROM self s LEFT JOIN managed_policies m ON m.arn = s.boundary_arn
            LEFT JOIN managed_policy_versions v ON v.policy_id = m.unique_id AND v.version = m.default_version
            WHERE s.boundary_arn IS NOT NULL
            ORDER BY 1, 4"
        )
    };
}
pub(crate) use with_policies;

/// One row of such a statement.
pub(crate) enum Part<I> {
    Identity(Box<I>),
    Inline(String, String),
    Managed(HeldPolicy),
    Boundary(HeldPolicy),
}

pub(crate) fn read_part<I>(
    row: &Record<'_>,
    identity: impl FnOnce(&Record<'_>) -> Result<I, StoreError>,
) -> Result<Part<I>, StoreError> {
    let held = || {
        Ok::<_, StoreError>(HeldPolicy {
            arn: row.text(3)?.to_owned(),
            document: row.text_or_null(4)?.map(str::to_owned),
        })
    };
    Ok(match row.int(0)? {
        0 => Part::Identity(Box::new(identity(row)?)),
        1 => Part::Inline(row.text(3)?.to_owned(), row.text(4)?.to_owned()),
        2 => Part::Managed(held()?),
        _ => Part::Boundary(held()?),
    })
}

/// The identity, which comes first, and what it holds.
pub(crate) fn assemble<I>(parts: Vec<Part<I>>) -> Option<(I, HeldPolicies)> {
    let mut parts = parts.into_iter();
    let Some(Part::Identity(identity)) = parts.next() else {
        return None;
    };
    let mut held = HeldPolicies::default();
    for part in parts {
        match part {
            Part::Identity(_) => {}
            Part::Inline(name, document) => held.inline.push((name, document)),
            Part::Managed(policy) => held.managed.push(policy),
            Part::Boundary(policy) => held.boundary = Some(policy),
        }
    }
    Some((*identity, held))
}
