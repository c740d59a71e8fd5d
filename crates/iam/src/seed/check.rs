//! From the members of the file to checked values.

use std::collections::HashSet;
use std::fmt::Display;

use buckler_policy::{
    AccountId, CanonicalId, parse_bucket_policy, parse_identity_policy, parse_trust_policy,
};
use buckler_s3::BucketName;

use super::{
    SeedAccount, SeedBucket, SeedError, SeedInlinePolicy, SeedKey, SeedRole, SeedUser, file,
};
use crate::{
    AccessKeyId, Path, SecretAccessKey, UserName, canonical_id_of, managed_policy_document,
};

/// Longest secret access key of a seed, in bytes.
const SECRET_BYTES_MAX: usize = 1024;
/// Shortest and longest `max_session_seconds`. Facts: authorization.md 7.5.
const MAX_SESSION_SECONDS: std::ops::RangeInclusive<i64> = 3_600..=43_200;

pub(super) fn account(file: file::Account) -> Result<SeedAccount, SeedError> {
    let place = format!("account {}", file.id);
    let id = AccountId::parse(&file.id)
        .map_err(|_| invalid(&place, "an account id has 12 decimal digits"))?;
    let canonical_id = match &file.canonical_id {
        Some(text) => CanonicalId::parse(text).ok(),
        None => canonical_id_of(&id),
    }
    .ok_or_else(|| {
        invalid(
            &place,
            "a canonical id has 64 lower-case hexadecimal digits",
        )
    })?;
    let name = file.name.unwrap_or_else(|| file.id.clone());
    let users = file.user.into_iter().map(|entry| user(&place, entry));
    let roles = file.role.into_iter().map(|entry| role(&place, entry));
    let buckets = file.bucket.into_iter().map(|entry| bucket(&place, entry));
    Ok(SeedAccount {
        email: file
            .email
            .unwrap_or_else(|| format!("{}@buckler.invalid", file.id)),
        root: file
            .root
            .map(|entry| key(&place, &entry.access_key, entry.secret_key))
            .transpose()?,
        users: users.collect::<Result<_, _>>()?,
        roles: roles.collect::<Result<_, _>>()?,
        buckets: buckets.collect::<Result<_, _>>()?,
        id,
        canonical_id,
        name,
    })
}

fn user(account: &str, file: file::User) -> Result<SeedUser, SeedError> {
    let name = UserName::parse(&file.name).map_err(|error| invalid(account, error))?;
    let place = format!("{account}, user {name}");
    let path = match &file.path {
        Some(text) => Path::parse(text).map_err(|error| invalid(&place, error))?,
        None => Path::default(),
    };
    let key = match (file.access_key, file.secret_key) {
        (Some(id), Some(secret)) => Some(key(&place, &id, secret)?),
        (None, None) => None,
        _ => return Err(invalid(&place, "access_key and secret_key come together")),
    };
    Ok(SeedUser {
        inline_policies: inline_policies(&place, file.inline)?,
        managed_policies: managed_policies(&place, file.policies)?,
        name,
        path,
        key,
    })
}

fn role(account: &str, file: file::Role) -> Result<SeedRole, SeedError> {
    let name = UserName::parse(&file.name)
        .map_err(|_| invalid(account, format!("`{}` is no role name", file.name)))?;
    let place = format!("{account}, role {name}");
    let path = match &file.path {
        Some(text) => Path::parse(text).map_err(|error| invalid(&place, error))?,
        None => Path::default(),
    };
    parse_trust_policy(file.trust.as_bytes())
        .map_err(|error| invalid(&place, format!("trust: {error}")))?;
    let max_session_seconds = file
        .max_session_seconds
        .unwrap_or(*MAX_SESSION_SECONDS.start());
    if !MAX_SESSION_SECONDS.contains(&max_session_seconds) {
        return Err(invalid(&place, "max_session_seconds is 3600 to 43200"));
    }
    let boundary = managed_policies(&place, file.permissions_boundary.into_iter().collect())?;
    Ok(SeedRole {
        boundary_arn: boundary.into_iter().next(),
        inline_policies: inline_policies(&place, file.inline)?,
        managed_policies: managed_policies(&place, file.policies)?,
        trust: file.trust,
        max_session_seconds,
        name,
        path,
    })
}

fn managed_policies(place: &str, arns: Vec<String>) -> Result<Vec<String>, SeedError> {
    let unknown = arns
        .iter()
        .find(|arn| managed_policy_document(arn).is_none());
    match unknown {
        None => Ok(arns),
        Some(arn) => Err(invalid(
            place,
            format!("`{arn}` is no managed policy of this server"),
        )),
    }
}

fn inline_policies(place: &str, inline: file::Inline) -> Result<Vec<SeedInlinePolicy>, SeedError> {
    let policies = match inline {
        file::Inline::One(policy) => vec![policy],
        file::Inline::Several(policies) => policies,
    };
    policies
        .into_iter()
        .map(|policy| inline_policy(place, policy))
        .collect()
}

fn inline_policy(place: &str, file: file::InlinePolicy) -> Result<SeedInlinePolicy, SeedError> {
    if file.name.is_empty() {
        return Err(invalid(place, "an inline policy needs a name"));
    }
    parse_identity_policy(file.document.as_bytes())
        .map_err(|error| invalid(place, format!("inline policy {}: {error}", file.name)))?;
    Ok(SeedInlinePolicy {
        name: file.name,
        document: file.document,
    })
}

fn bucket(account: &str, file: file::Bucket) -> Result<SeedBucket, SeedError> {
    let name = BucketName::parse(&file.name)
        .map_err(|_| invalid(account, format!("`{}` is no bucket name", file.name)))?;
    let place = format!("{account}, bucket {}", file.name);
    if let Some(policy) = &file.policy {
        parse_bucket_policy(policy.as_bytes(), &file.name)
            .map_err(|error| invalid(&place, format!("policy: {error}")))?;
    }
    Ok(SeedBucket {
        name,
        versioning: file.versioning,
        public_access_block: file.public_access_block,
        policy: file.policy,
    })
}

fn key(place: &str, id: &str, secret: String) -> Result<SeedKey, SeedError> {
    let id = AccessKeyId::parse(id).map_err(|error| invalid(place, error))?;
    if secret.is_empty() || secret.len() > SECRET_BYTES_MAX {
        return Err(invalid(place, "a secret key has 1 to 1024 bytes"));
    }
    Ok(SeedKey {
        id,
        secret: SecretAccessKey::new(secret),
    })
}

/// Checks what must be unique across the file.
pub(super) fn unique(accounts: &[SeedAccount]) -> Result<(), SeedError> {
    distinct(
        "account",
        accounts.iter().map(|account| account.id.to_string()),
    )?;
    distinct(
        "canonical id",
        accounts
            .iter()
            .map(|account| account.canonical_id.to_string()),
    )?;
    let keys = accounts.iter().flat_map(|account| {
        account
            .root
            .iter()
            .chain(account.users.iter().filter_map(|user| user.key.as_ref()))
    });
    distinct("access key", keys.map(|key| key.id.to_string()))?;
    let buckets = accounts.iter().flat_map(|account| &account.buckets);
    distinct("bucket", buckets.map(|bucket| bucket.name.to_string()))?;
    for account in accounts {
        // AWS: names are unique ignoring case (facts: authorization.md 7.4).
        let mut seen = HashSet::new();
        for user in &account.users {
            if !seen.insert(user.name.as_str().to_ascii_lowercase()) {
                return Err(duplicate("user", user.name.to_string()));
            }
            let policies = user
                .inline_policies
                .iter()
                .map(|policy| policy.name.clone());
            distinct("inline policy", policies)?;
        }
        let mut seen = HashSet::new();
        for role in &account.roles {
            if !seen.insert(role.name.as_str().to_ascii_lowercase()) {
                return Err(duplicate("role", role.name.to_string()));
            }
            let policies = role.inline_policies.iter();
            distinct("inline policy", policies.map(|policy| policy.name.clone()))?;
        }
    }
    Ok(())
}

fn distinct(kind: &'static str, values: impl Iterator<Item = String>) -> Result<(), SeedError> {
    let mut seen = HashSet::new();
    for value in values {
        if !seen.insert(value.clone()) {
            return Err(duplicate(kind, value));
        }
    }
    Ok(())
}

fn duplicate(kind: &'static str, value: String) -> SeedError {
    SeedError::Duplicate { kind, value }
}

fn invalid(place: &str, reason: impl Display) -> SeedError {
    SeedError::Invalid {
        place: place.to_owned(),
        reason: reason.to_string(),
    }
}
