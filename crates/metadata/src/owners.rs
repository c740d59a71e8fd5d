//! Who owns an object or an upload: an account, or nobody that is known.

use buckler_policy::{AccountId, CanonicalId};

use crate::{StoreError, record::Record};

/// What stands in the row for what was written without a signature. No account has an id like it.
const ANONYMOUS: &str = "anonymous";

/// The owner as rows hold it; `None` is anonymous.
pub(crate) fn write_owner(owner: Option<&AccountId>) -> &str {
    owner.map_or(ANONYMOUS, AccountId::as_str)
}

/// Reads what [`write_owner`] wrote.
pub(crate) fn read_owner(row: &Record<'_>, column: usize) -> Result<Option<AccountId>, StoreError> {
    match row.text(column)? {
        ANONYMOUS => Ok(None),
        _ => row
            .parsed(column, |text| AccountId::parse(text).ok())
            .map(Some),
    }
}

/// The canonical id of that owner; the column is null for no other than the anonymous one.
pub(crate) fn read_canonical_id(
    row: &Record<'_>,
    column: usize,
    owner: Option<&AccountId>,
) -> Result<CanonicalId, StoreError> {
    match owner {
        None => Ok(CanonicalId::ANONYMOUS),
        Some(_) => row.parsed(column, |text| CanonicalId::parse(text).ok()),
    }
}
