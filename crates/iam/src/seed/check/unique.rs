//! What must be unique across the file.

use std::collections::HashSet;

use super::super::{SeedAccount, SeedError, SeedHeldPolicies};

/// Checks everything that must be unique. AWS: names are unique ignoring case (facts: authorization.md 7.4).
pub(in super::super) fn unique(accounts: &[SeedAccount]) -> Result<(), SeedError> {
    distinct("account", accounts.iter().map(|account| account.id))?;
    distinct(
        "canonical id",
        accounts.iter().map(|account| account.canonical_id),
    )?;
    let keys = accounts.iter().flat_map(|account| {
        account
            .root
            .iter()
            .chain(account.users.iter().filter_map(|user| user.key.as_ref()))
    });
    distinct("access key", keys.map(|key| &key.id))?;
    let buckets = accounts.iter().flat_map(|account| &account.buckets);
    distinct("bucket", buckets.map(|bucket| &bucket.name))?;
    accounts.iter().try_for_each(of_account)
}

fn of_account(account: &SeedAccount) -> Result<(), SeedError> {
    let policies = account.policies.iter().map(|policy| policy.name.as_str());
    distinct_names("policy", policies)?;
    let users = account.users.iter().map(|user| user.name.as_str());
    distinct_names("user", users)?;
    let groups = account.groups.iter().map(|group| group.name.as_str());
    distinct_names("group", groups)?;
    let roles = account.roles.iter().map(|role| role.name.as_str());
    distinct_names("role", roles)?;
    let held = (account.users.iter().map(|user| &user.holds))
        .chain(account.groups.iter().map(|group| &group.holds))
        .chain(account.roles.iter().map(|role| &role.holds));
    held.into_iter().try_for_each(inline_policies)
}

fn inline_policies(held: &SeedHeldPolicies) -> Result<(), SeedError> {
    distinct(
        "inline policy",
        held.inline.iter().map(|policy| &policy.name),
    )
}

fn distinct_names<'a>(
    kind: &'static str,
    names: impl Iterator<Item = &'a str>,
) -> Result<(), SeedError> {
    let mut seen = HashSet::new();
    for name in names {
        if !seen.insert(name.to_ascii_lowercase()) {
            return Err(duplicate(kind, name));
        }
    }
    Ok(())
}

fn distinct<V: ToString>(
    kind: &'static str,
    values: impl Iterator<Item = V>,
) -> Result<(), SeedError> {
    let mut seen = HashSet::new();
    for value in values {
        let value = value.to_string();
        if seen.contains(&value) {
            return Err(duplicate(kind, &value));
        }
        seen.insert(value);
    }
    Ok(())
}

fn duplicate(kind: &'static str, value: &str) -> SeedError {
    SeedError::Duplicate {
        kind,
        value: value.to_owned(),
    }
}
