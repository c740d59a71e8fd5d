//! The members of the seed file, as `serde` reads them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::SeedError;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    pub(super) account: Vec<Account>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) canonical_id: Option<String>,
    pub(super) root: Option<Key>,
    #[serde(default)]
    pub(super) policy: Vec<ManagedPolicy>,
    #[serde(default)]
    pub(super) user: Vec<User>,
    #[serde(default)]
    pub(super) group: Vec<Group>,
    #[serde(default)]
    pub(super) role: Vec<Role>,
    #[serde(default)]
    pub(super) bucket: Vec<Bucket>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Key {
    pub(super) access_key: String,
    pub(super) secret_key: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ManagedPolicy {
    pub(super) name: String,
    pub(super) path: Option<String>,
    pub(super) description: Option<String>,
    pub(super) document: String,
    #[serde(default)]
    pub(super) tags: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) path: Option<String>,
    #[serde(default)]
    pub(super) members: Vec<String>,
    #[serde(default)]
    pub(super) policies: Vec<String>,
    #[serde(default)]
    pub(super) inline: Inline,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct User {
    pub(super) name: String,
    pub(super) path: Option<String>,
    pub(super) access_key: Option<String>,
    pub(super) secret_key: Option<String>,
    pub(super) permissions_boundary: Option<String>,
    #[serde(default)]
    pub(super) tags: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) policies: Vec<String>,
    #[serde(default)]
    pub(super) inline: Inline,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    pub(super) name: String,
    pub(super) path: Option<String>,
    pub(super) description: Option<String>,
    pub(super) trust: String,
    pub(super) max_session_seconds: Option<i64>,
    pub(super) permissions_boundary: Option<String>,
    #[serde(default)]
    pub(super) tags: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) policies: Vec<String>,
    #[serde(default)]
    pub(super) inline: Inline,
}

/// One inline policy, or a list of them.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Inline {
    One(InlinePolicy),
    Several(Vec<InlinePolicy>),
}

impl Default for Inline {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InlinePolicy {
    pub(super) name: String,
    pub(super) document: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bucket {
    pub(super) name: String,
    #[serde(default)]
    pub(super) versioning: bool,
    pub(super) public_access_block: Option<bool>,
    pub(super) policy: Option<String>,
}

/// Reads the file. The message of a syntax error gives line and reason, never the line's text,
/// which may hold a secret.
pub(super) fn read(text: &str) -> Result<File, SeedError> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| {
            1 + text
                .bytes()
                .take(span.start)
                .filter(|byte| *byte == b'\n')
                .count()
        });
        SeedError::Syntax(format!("line {line}: {}", error.message()))
    })
}
