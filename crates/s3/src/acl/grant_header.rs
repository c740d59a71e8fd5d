//! The value of an `x-amz-grant-*` header: `id="…", uri="…", emailAddress="…"`.

use buckler_policy::Grantee;

use super::RequestedGrantee;
use crate::S3Error;

/// Why a value was not taken.
pub(super) enum Fault<'v> {
    /// It is no list of grantees.
    Format,
    /// A URI is no group's.
    Group(&'v str),
}

impl Fault<'_> {
    /// AWS: both as recorded.
    pub(super) fn error(&self, header: &'static str, value: &str) -> S3Error {
        match self {
            Self::Format => {
                S3Error::invalid_argument("Argument format not recognized", header, Some(value))
            }
            Self::Group(uri) => S3Error::invalid_argument("Invalid group uri", "uri", Some(uri)),
        }
    }
}

/// The grantees. Quotes may be left out, as older clients do.
pub(super) fn parse(value: &str) -> Result<Vec<RequestedGrantee>, Fault<'_>> {
    let mut grantees = Vec::new();
    let mut rest = value;
    loop {
        let (name, after) = rest.split_once('=').ok_or(Fault::Format)?;
        let (text, after) = text(after.trim_start()).ok_or(Fault::Format)?;
        grantees.push(grantee(name.trim(), text)?);
        let after = after.trim_start();
        if after.is_empty() {
            return Ok(grantees);
        }
        rest = after.strip_prefix(',').ok_or(Fault::Format)?;
    }
}

/// The text of a grantee, and what stands behind it.
fn text(from: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = from.strip_prefix('"') {
        return quoted.split_once('"');
    }
    let (text, rest) = from.split_at(from.find(',').unwrap_or(from.len()));
    Some((text.trim_end(), rest))
}

fn grantee<'v>(name: &str, text: &'v str) -> Result<RequestedGrantee, Fault<'v>> {
    if name.eq_ignore_ascii_case("id") {
        return Ok(RequestedGrantee::Id {
            text: text.to_owned(),
            argument: "id",
        });
    }
    if name.eq_ignore_ascii_case("uri") {
        let group = Grantee::from_group_uri(text).ok_or(Fault::Group(text))?;
        return Ok(RequestedGrantee::Group(group));
    }
    if name.eq_ignore_ascii_case("emailAddress") {
        return Ok(RequestedGrantee::EmailAddress);
    }
    Err(Fault::Format)
}
