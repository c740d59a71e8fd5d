//! From the members of the file to checked values.

mod identities;
mod unique;

use std::fmt::Display;

use buckler_policy::{AccountId, CanonicalId, parse_bucket_policy};
use buckler_s3::BucketName;

pub(super) use unique::unique;

use super::{SeedAccount, SeedBucket, SeedError, SeedKey, file};
use crate::{AccessKeyId, SecretAccessKey, canonical_id_of};
use identities::Identities;

/// Longest secret access key of a seed, in bytes.
const SECRET_BYTES_MAX: usize = 1024;

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
    let of = Identities {
        account: &id,
        place: &place,
    };
    let policies = file.policy.into_iter().map(|entry| of.policy(entry));
    let users = file.user.into_iter().map(|entry| of.user(entry));
    let groups = file.group.into_iter().map(|entry| of.group(entry));
    let roles = file.role.into_iter().map(|entry| of.role(entry));
    let buckets = file.bucket.into_iter().map(|entry| bucket(&place, entry));
    Ok(SeedAccount {
        email: file
            .email
            .unwrap_or_else(|| format!("{}@buckler.invalid", file.id)),
        root: file
            .root
            .map(|entry| key(&place, &entry.access_key, entry.secret_key))
            .transpose()?,
        policies: policies.collect::<Result<_, _>>()?,
        users: users.collect::<Result<_, _>>()?,
        groups: groups.collect::<Result<_, _>>()?,
        roles: roles.collect::<Result<_, _>>()?,
        buckets: buckets.collect::<Result<_, _>>()?,
        id,
        canonical_id,
        name,
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

fn invalid(place: &str, reason: impl Display) -> SeedError {
    SeedError::Invalid {
        place: place.to_owned(),
        reason: reason.to_string(),
    }
}
