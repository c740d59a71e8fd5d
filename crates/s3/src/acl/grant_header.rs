//! The value of an `x-amz-grant-*` header: `id="…", uri="…", emailAddress="…"`.

use buckler_policy::Grantee;

use super::RequestedGrantee;

/// The grantees; `None` if the value is not a list of them. Quotes may be left out, as older clients do.
pub(super) fn parse(value: &str) -> Option<Vec<RequestedGrantee>> {
    let mut grantees = Vec::new();
    let mut rest = value;
    loop {
        let (name, after) = rest.split_once('=')?;
        let (text, after) = text(after.trim_start())?;
        grantees.push(grantee(name.trim(), text)?);
        let after = after.trim_start();
        if after.is_empty() {
            return Some(grantees);
        }
        rest = after.strip_prefix(',')?;
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

fn grantee(name: &str, text: &str) -> Option<RequestedGrantee> {
    if name.eq_ignore_ascii_case("id") {
        return Some(RequestedGrantee::Id(text.to_owned()));
    }
    if name.eq_ignore_ascii_case("uri") {
        return Grantee::from_group_uri(text).map(RequestedGrantee::Group);
    }
    name.eq_ignore_ascii_case("emailAddress")
        .then_some(RequestedGrantee::EmailAddress)
}
