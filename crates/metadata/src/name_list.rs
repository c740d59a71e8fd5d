//! A page of users, groups, roles or policies of an account, by name without letter case, as AWS lists them.

use buckler_policy::AccountId;

use crate::sql::Value;

/// Which entities of an account to list, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameList {
    /// The account.
    pub account: AccountId,
    /// What their paths begin with; empty for all.
    pub path_prefix: String,
    /// The last name of the page before; empty to begin.
    pub after: String,
    /// Entities at most. Ask for one more than the page holds to learn whether there is another.
    pub limit: u32,
}

impl NameList {
    /// The parameters of a listing: account, name before, path prefix, limit.
    pub(crate) fn values(&self) -> [Value<'_>; 4] {
        [
            Value::from(self.account.as_str()),
            Value::from(self.after.as_str()),
            Value::from(self.path_prefix.as_str()),
            Value::from(i64::from(self.limit)),
        ]
    }
}
