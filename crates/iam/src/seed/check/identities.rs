//! Managed policies, users, groups and roles.

use std::collections::{BTreeMap, HashSet};
use std::ops::RangeInclusive;

use buckler_policy::{
    AccountId, MANAGED_POLICY_CHARACTERS_MAX, TRUST_POLICY_CHARACTERS_MAX, parse_identity_policy,
    parse_trust_policy, policy_characters,
};
use buckler_s3::{Tag, TagSet};

use super::super::{
    SeedError, SeedGroup, SeedHeldPolicies, SeedInlinePolicy, SeedManagedPolicy, SeedRole,
    SeedUser, file,
};
use super::{invalid, key};
use crate::{GroupName, Path, PolicyName, RoleName, UserName, managed_policy_document};

/// Shortest and longest `max_session_seconds`. Facts: authorization.md 7.5.
const MAX_SESSION_SECONDS: RangeInclusive<i64> = 3_600..=43_200;
/// Longest description, in characters. Source: IAM API Reference, "CreateRole", "CreatePolicy".
const DESCRIPTION_CHARS_MAX: usize = 1000;
/// Most tags of a user, role or policy; longest key and value, in characters. Facts: authorization.md 7.5.
const TAGS_MAX: usize = 50;
const TAG_KEY_CHARS_MAX: usize = 128;
const TAG_VALUE_CHARS_MAX: usize = 256;

/// The account whose identities are read, and how a mistake in it is told.
pub(super) struct Identities<'a> {
    pub(super) account: &'a AccountId,
    pub(super) place: &'a str,
}

impl Identities<'_> {
    pub(super) fn policy(&self, file: file::ManagedPolicy) -> Result<SeedManagedPolicy, SeedError> {
        let name = PolicyName::parse(&file.name).map_err(|error| invalid(self.place, error))?;
        let place = format!("{}, policy {name}", self.place);
        parse_identity_policy(file.document.as_bytes()).map_err(|error| invalid(&place, error))?;
        if policy_characters(&file.document) > MANAGED_POLICY_CHARACTERS_MAX {
            let reason =
                format!("a managed policy has at most {MANAGED_POLICY_CHARACTERS_MAX} characters");
            return Err(invalid(&place, reason));
        }
        Ok(SeedManagedPolicy {
            path: path(&place, file.path)?,
            description: description(&place, file.description)?,
            tags: tags(&place, file.tags)?,
            document: file.document,
            name,
        })
    }

    pub(super) fn user(&self, file: file::User) -> Result<SeedUser, SeedError> {
        let name = UserName::parse(&file.name).map_err(|error| invalid(self.place, error))?;
        let place = format!("{}, user {name}", self.place);
        let key = match (file.access_key, file.secret_key) {
            (Some(id), Some(secret)) => Some(key(&place, &id, secret)?),
            (None, None) => None,
            _ => return Err(invalid(&place, "access_key and secret_key come together")),
        };
        Ok(SeedUser {
            path: path(&place, file.path)?,
            boundary_arn: self.boundary(&place, file.permissions_boundary)?,
            tags: tags(&place, file.tags)?,
            holds: self.held(&place, file.policies, file.inline)?,
            name,
            key,
        })
    }

    pub(super) fn group(&self, file: file::Group) -> Result<SeedGroup, SeedError> {
        let name = GroupName::parse(&file.name).map_err(|error| invalid(self.place, error))?;
        let place = format!("{}, group {name}", self.place);
        let members = file.members.iter();
        let members = members
            .map(|member| UserName::parse(member).map_err(|error| invalid(&place, error)))
            .collect::<Result<_, _>>()?;
        Ok(SeedGroup {
            path: path(&place, file.path)?,
            holds: self.held(&place, file.policies, file.inline)?,
            members,
            name,
        })
    }

    pub(super) fn role(&self, file: file::Role) -> Result<SeedRole, SeedError> {
        let name = RoleName::parse(&file.name).map_err(|error| invalid(self.place, error))?;
        let place = format!("{}, role {name}", self.place);
        parse_trust_policy(file.trust.as_bytes())
            .map_err(|error| invalid(&place, format!("trust: {error}")))?;
        if policy_characters(&file.trust) > TRUST_POLICY_CHARACTERS_MAX {
            let reason = format!("trust has at most {TRUST_POLICY_CHARACTERS_MAX} characters");
            return Err(invalid(&place, reason));
        }
        let max_session_seconds = file
            .max_session_seconds
            .unwrap_or(*MAX_SESSION_SECONDS.start());
        if !MAX_SESSION_SECONDS.contains(&max_session_seconds) {
            return Err(invalid(&place, "max_session_seconds is 3600 to 43200"));
        }
        Ok(SeedRole {
            path: path(&place, file.path)?,
            description: description(&place, file.description)?,
            boundary_arn: self.boundary(&place, file.permissions_boundary)?,
            tags: tags(&place, file.tags)?,
            holds: self.held(&place, file.policies, file.inline)?,
            trust: file.trust,
            max_session_seconds,
            name,
        })
    }

    fn held(
        &self,
        place: &str,
        arns: Vec<String>,
        inline: file::Inline,
    ) -> Result<SeedHeldPolicies, SeedError> {
        arns.iter().try_for_each(|arn| self.known(place, arn))?;
        let inline = match inline {
            file::Inline::One(policy) => vec![policy],
            file::Inline::Several(policies) => policies,
        };
        let inline = inline
            .into_iter()
            .map(|policy| inline_policy(place, policy));
        Ok(SeedHeldPolicies {
            managed_arns: arns,
            inline: inline.collect::<Result<_, _>>()?,
        })
    }

    fn boundary(&self, place: &str, arn: Option<String>) -> Result<Option<String>, SeedError> {
        if let Some(arn) = &arn {
            self.known(place, arn)?;
        }
        Ok(arn)
    }

    /// Whether there can be a managed policy of this ARN. Whether one of the account's own is there, the store knows.
    fn known(&self, place: &str, arn: &str) -> Result<(), SeedError> {
        let own = format!("arn:aws:iam::{}:policy/", self.account);
        if managed_policy_document(arn).is_some() || arn.starts_with(&own) {
            return Ok(());
        }
        let reason = format!("`{arn}` is no managed policy of this server");
        Err(invalid(place, reason))
    }
}

fn inline_policy(place: &str, file: file::InlinePolicy) -> Result<SeedInlinePolicy, SeedError> {
    let name = PolicyName::parse(&file.name).map_err(|error| invalid(place, error))?;
    parse_identity_policy(file.document.as_bytes())
        .map_err(|error| invalid(place, format!("inline policy {name}: {error}")))?;
    Ok(SeedInlinePolicy {
        name,
        document: file.document,
    })
}

fn path(place: &str, path: Option<String>) -> Result<Path, SeedError> {
    path.map_or_else(
        || Ok(Path::default()),
        |text| Path::parse(&text).map_err(|error| invalid(place, error)),
    )
}

fn description(place: &str, text: Option<String>) -> Result<Option<String>, SeedError> {
    // Source: IAM API Reference, "CreateRole": tabs, line breaks and what Latin-1 prints.
    let allowed =
        |letter: char| matches!(letter, '\t' | '\n' | '\r' | ' '..='~' | '\u{a1}'..='\u{ff}');
    match &text {
        Some(text)
            if text.chars().count() > DESCRIPTION_CHARS_MAX || !text.chars().all(allowed) =>
        {
            let reason = format!(
                "a description has at most {DESCRIPTION_CHARS_MAX} printable characters of Latin-1"
            );
            Err(invalid(place, reason))
        }
        _ => Ok(text),
    }
}

/// Tags as IAM takes them: keys are unique whatever the letter case, and `aws:` is AWS's own.
fn tags(place: &str, tags: BTreeMap<String, String>) -> Result<TagSet, SeedError> {
    if tags.len() > TAGS_MAX {
        return Err(invalid(place, format!("there are at most {TAGS_MAX} tags")));
    }
    let mut seen = HashSet::new();
    for (key, value) in &tags {
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(invalid(place, format!("tag `{key}`: `aws:` is AWS's own")));
        }
        if !seen.insert(key.to_lowercase()) {
            let reason = format!("tag `{key}` is there twice: letter case does not count");
            return Err(invalid(place, reason));
        }
        if !is_tag(key, 1..=TAG_KEY_CHARS_MAX) || !is_tag(value, 0..=TAG_VALUE_CHARS_MAX) {
            let reason = format!(
                "tag `{key}`: a key has 1 to {TAG_KEY_CHARS_MAX}, a value at most {TAG_VALUE_CHARS_MAX} \
                 letters, digits, spaces and `_.:/=+-@`"
            );
            return Err(invalid(place, reason));
        }
    }
    let tags = tags.into_iter().map(|(key, value)| Tag { key, value });
    Ok(TagSet::from_stored(tags))
}

fn is_tag(text: &str, chars: RangeInclusive<usize>) -> bool {
    let allowed =
        |letter: char| letter.is_alphanumeric() || letter == ' ' || "_.:/=+-@".contains(letter);
    chars.contains(&text.chars().count()) && text.chars().all(allowed)
}
