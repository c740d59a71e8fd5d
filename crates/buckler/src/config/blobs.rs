//! Where the bytes are, and with which options a remote store is reached.
//!
//! Its options have names of their own, `BUCKLER_BLOBS_…`: a machine's `AWS_ENDPOINT_URL` and `AWS_ACCESS_KEY_ID` are
//! those of its clients, which may well be clients of this server. Only what a platform gives a process as its identity
//! is taken from where the platform puts it.

use std::collections::BTreeMap;
use std::path::Path;

use buckler_blobs::{BlobLocation, RemoteOptions};
use serde::Deserialize;

use crate::error::Failure;

const BLOBS_FOLDER: &str = "blobs";
/// Before the name of an option, in the environment.
const OPTION: &str = "BUCKLER_BLOBS_";
/// The same for the place that bytes are moved to.
const TARGET_OPTION: &str = "BUCKLER_TO_BLOBS_";
/// What platforms set for the processes they start, by the scheme of the store that it is for.
const IDENTITIES: [(&str, &[&str]); 3] = [
    (
        "s3://",
        &[
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_ROLE_ARN",
            "AWS_ROLE_SESSION_NAME",
        ],
    ),
    ("gs://", &["GOOGLE_APPLICATION_CREDENTIALS"]),
    (
        "az://",
        &[
            "AZURE_CLIENT_ID",
            "AZURE_TENANT_ID",
            "AZURE_FEDERATED_TOKEN_FILE",
        ],
    ),
];

/// The member `blobs` of `buckler.toml`: a URL, or a table with `url` and options.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum BlobsMember {
    Url(String),
    Table(BlobsTable),
}

#[derive(Deserialize)]
pub(super) struct BlobsTable {
    url: String,
    #[serde(flatten)]
    options: BTreeMap<String, OptionValue>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OptionValue {
    Text(String),
    Flag(bool),
    Number(i64),
}

// Options are secrets, among others.
impl std::fmt::Debug for BlobsMember {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::Url(url) | Self::Table(BlobsTable { url, .. })) = self;
        f.debug_tuple("BlobsMember").field(url).finish()
    }
}

/// Reads the URL of the flag, its variable or the file. Options of the file go with the file's URL only: its keys are not
/// sent to another place.
///
/// # Errors
///
/// [`Failure::Configuration`] with one sentence, in which no option's value is.
pub(super) fn location(
    given: Option<String>,
    file: Option<BlobsMember>,
    data: &Path,
) -> Result<BlobLocation, Failure> {
    let (url, of_file) = match (given, file) {
        (Some(url), _) | (None, Some(BlobsMember::Url(url))) => (url, RemoteOptions::default()),
        (None, Some(BlobsMember::Table(table))) => (table.url, options(table.options)),
        (None, None) => return Ok(BlobLocation::Folder(data.join(BLOBS_FOLDER))),
    };
    let options = identity(&url)
        .overridden_by(of_file)
        .overridden_by(from_environment(OPTION));
    BlobLocation::parse(&url, options)
        .map_err(|error| Failure::configuration(format!("`--blobs`: {error}")))
}

/// Reads the URL of the place that bytes are moved to, which has options of its own.
///
/// # Errors
///
/// As those of [`location`].
pub(super) fn target(url: &str) -> Result<BlobLocation, Failure> {
    let options = identity(url).overridden_by(from_environment(TARGET_OPTION));
    BlobLocation::parse(url, options)
        .map_err(|error| Failure::configuration(format!("`--to-blobs`: {error}")))
}

fn options(table: BTreeMap<String, OptionValue>) -> RemoteOptions {
    let text = |value| match value {
        OptionValue::Text(text) => text,
        OptionValue::Flag(flag) => flag.to_string(),
        OptionValue::Number(number) => number.to_string(),
    };
    let options = table.into_iter();
    options.map(|(name, value)| (name, text(value))).collect()
}

fn from_environment(prefix: &str) -> RemoteOptions {
    let option = |(name, value): (String, String)| {
        let name = name.strip_prefix(prefix)?.to_ascii_lowercase();
        Some((name, value))
    };
    variables().filter_map(option).collect()
}

fn identity(url: &str) -> RemoteOptions {
    let of_scheme = IDENTITIES
        .iter()
        .find(|(scheme, _)| url.starts_with(scheme));
    let names = of_scheme.map_or(&[][..], |(_, names)| names);
    variables()
        .filter(|(name, _)| names.contains(&name.as_str()))
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect()
}

fn variables() -> impl Iterator<Item = (String, String)> {
    let text = |text: std::ffi::OsString| text.into_string().ok();
    std::env::vars_os().filter_map(move |(name, value)| Some((text(name)?, text(value)?)))
}
