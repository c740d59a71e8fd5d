//! Reading the parameters that many operations share.

use std::collections::HashSet;

use buckler_s3::{Tag, TagSet};

use super::PageRequest;
use crate::query::{Input, QueryError};

/// Declares the input of an operation: each member, its type, and how it is read from which parameter.
macro_rules! inputs {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty = $how:ident($($wire:literal)?),)* })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            $(
                #[doc = concat!("`", $($wire,)? "`; see [`crate::ops`].")]
                pub $field: $type,
            )*
        }

        impl $crate::query::FromInput for $name {
            fn from_input(
                input: &$crate::query::Input,
            ) -> Result<Self, $crate::query::QueryError> {
                Ok(Self { $($field: $crate::ops::read::$how(input $(, $wire)?)?,)* })
            }
        }
    )+};
}
pub(super) use inputs;

type Read<T> = Result<T, QueryError>;

pub(super) fn text(input: &Input, name: &str) -> Read<String> {
    input.required(name).map(str::to_owned)
}

#[expect(clippy::unnecessary_wraps, reason = "all readers have one shape")]
pub(super) fn optional(input: &Input, name: &str) -> Read<Option<String>> {
    Ok(input.text(name).map(str::to_owned))
}

/// A path; `/` by default.
#[expect(clippy::unnecessary_wraps, reason = "all readers have one shape")]
pub(super) fn path(input: &Input, name: &str) -> Read<String> {
    Ok(input.text(name).unwrap_or("/").to_owned())
}

#[expect(clippy::unnecessary_wraps, reason = "all readers have one shape")]
pub(super) fn integer(input: &Input, name: &str) -> Read<Option<i64>> {
    Ok(input.integer(name))
}

#[expect(clippy::unnecessary_wraps, reason = "all readers have one shape")]
pub(super) fn flag(input: &Input, name: &str) -> Read<bool> {
    Ok(input.is_true(name))
}

#[expect(clippy::unnecessary_wraps, reason = "all readers have one shape")]
pub(super) fn texts(input: &Input, name: &str) -> Read<Vec<String>> {
    Ok(input.texts(name).map(str::to_owned).collect())
}

pub(super) fn page(input: &Input) -> Read<PageRequest> {
    PageRequest::read(input)
}

/// Tags. Keys are unique whatever the letter case, and `aws:` is AWS's own.
pub(super) fn tags(input: &Input, name: &str) -> Read<TagSet> {
    let mut seen = HashSet::new();
    let mut tags = Vec::new();
    for tag in input.structures(name) {
        let (key, value) = (tag.required("Key")?, tag.required("Value")?);
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(QueryError::invalid_input(
                "Tag keys beginning with \"aws:\" are reserved for system use.",
            ));
        }
        if !seen.insert(key.to_lowercase()) {
            return Err(QueryError::invalid_input(
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
            ));
        }
        tags.push(Tag {
            key: key.to_owned(),
            value: value.to_owned(),
        });
    }
    Ok(TagSet::from_stored(tags))
}

/// The ARN of a managed policy.
pub(super) fn policy_arn(input: &Input, name: &str) -> Read<String> {
    let arn = input.required(name)?;
    check_policy_arn(arn)?;
    Ok(arn.to_owned())
}

/// The ARN of a managed policy, if it is there.
pub(super) fn optional_policy_arn(input: &Input, name: &str) -> Read<Option<String>> {
    let arn = input.text(name);
    arn.map(check_policy_arn).transpose()?;
    Ok(arn.map(str::to_owned))
}

/// A recording: `Invalid ARN:  Could not be parsed!` (facts: authorization.md 7.3).
fn check_policy_arn(arn: &str) -> Read<()> {
    let Some(rest) = arn.strip_prefix("arn:") else {
        return Err(QueryError::validation("Invalid ARN:  Could not be parsed!"));
    };
    let parts: Vec<_> = rest.splitn(5, ':').collect();
    match parts.as_slice() {
        ["aws", "iam", "", _, resource] if resource.starts_with("policy/") => Ok(()),
        [_, _, _, _, _] => Err(QueryError::validation(format!("ARN {arn} is not valid."))),
        _ => Err(QueryError::validation("Invalid ARN:  Could not be parsed!")),
    }
}
