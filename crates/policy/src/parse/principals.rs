//! Principals of bucket policies and trust policies. Source: facts: authorization.md 3.3.

use super::{
    PolicyError,
    elements::{Members, strings},
};
use crate::{AccountId, Arn, CanonicalId, Principal, PrincipalType, Principals, json::Json};

/// `Principal` as it stands in the JSON.
pub(super) enum WrittenPrincipals {
    Text(String),
    Map(Vec<(String, Vec<String>)>),
}

impl WrittenPrincipals {
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Map(types) => types.is_empty(),
        }
    }
}

/// Reads the JSON types only. A bare string other than `"*"` and `""` is a fault of syntax.
pub(super) fn written(json: Json) -> Result<WrittenPrincipals, PolicyError> {
    match json {
        Json::String(text) if text == "*" || text.is_empty() => Ok(WrittenPrincipals::Text(text)),
        other => Members::of(other)?
            .into_iter()
            .map(|(kind, json)| Ok((kind, strings(json)?)))
            .collect::<Result<_, _>>()
            .map(WrittenPrincipals::Map),
    }
}

/// Whether a policy comes from a client or from the store, where users and roles are unique ids.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Sent,
    Stored,
}

/// A principal that cannot exist, as it was written.
pub(super) struct BadPrincipal {
    /// The member of the principal map: `AWS`.
    pub(super) kind: String,
    /// The value under it; empty for an empty list.
    pub(super) text: String,
}

/// Reads the principals.
///
/// # Errors
/// The first that cannot exist.
pub(super) fn read(written: WrittenPrincipals, form: Form) -> Result<Principals, BadPrincipal> {
    let types = match written {
        WrittenPrincipals::Text(_) => return Ok(Principals::Everyone),
        WrittenPrincipals::Map(types) => types,
    };
    let lists = types
        .into_iter()
        .map(|(name, texts)| of_type(name, texts, form));
    lists.collect::<Result<_, _>>().map(Principals::Listed)
}

fn of_type(
    kind: String,
    texts: Vec<String>,
    form: Form,
) -> Result<(PrincipalType, Vec<Principal>), BadPrincipal> {
    let known = PrincipalType::from_name(&kind);
    let mut list = Vec::with_capacity(texts.len());
    for text in texts {
        match known.and_then(|known| principal(known, &text, form)) {
            Some(principal) => list.push(principal),
            None => return Err(BadPrincipal { kind, text }),
        }
    }
    match known {
        Some(known) if !list.is_empty() => Ok((known, list)),
        _ => Err(BadPrincipal {
            kind,
            text: String::new(),
        }),
    }
}

/// A principal as a client may send it; `None` for one that cannot exist.
pub(crate) fn sent_principal(kind: PrincipalType, text: &str) -> Option<Principal> {
    principal(kind, text, Form::Sent)
}

fn principal(kind: PrincipalType, text: &str, form: Form) -> Option<Principal> {
    match kind {
        PrincipalType::Aws => aws(text, form),
        PrincipalType::CanonicalUser => CanonicalId::parse(text).ok().map(Principal::CanonicalUser),
        PrincipalType::Federated => {
            is_plain_name(text).then(|| Principal::Federated(text.to_owned()))
        }
        PrincipalType::Service => is_plain_name(text).then(|| Principal::Service(text.to_owned())),
    }
}

/// A name without wildcards.
fn is_plain_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(['*', '?'])
}

fn aws(text: &str, form: Form) -> Option<Principal> {
    if text == "*" {
        return Some(Principal::Everyone);
    }
    if let Ok(account) = AccountId::parse(text) {
        return Some(Principal::Account(account));
    }
    if !is_plain_name(text) {
        return None;
    }
    if is_unique_id(text) {
        return (form == Form::Stored).then(|| Principal::UniqueId(text.to_owned()));
    }
    let arn = Arn::parse(text).ok()?;
    if arn.partition() != "aws" || !arn.region().is_empty() {
        return None;
    }
    of_arn(arn)
}

/// What an ARN of IAM or STS names; groups, policies and the rest are no principals.
pub(super) fn of_arn(arn: Arn) -> Option<Principal> {
    let iam = match arn.service() {
        "iam" => true,
        "sts" => false,
        _ => return None,
    };
    if iam && arn.account() == "cloudfront" && arn.resource().starts_with("user/") {
        return Some(Principal::OriginAccessIdentity(arn));
    }
    let account = AccountId::parse(arn.account()).ok()?;
    let (kind, name) = match arn.resource().split_once('/') {
        Some((kind, name)) if !name.is_empty() && !name.ends_with('/') => (kind, name),
        Some(_) => return None,
        None => (arn.resource(), ""),
    };
    match (iam, kind) {
        (true, "root") if name.is_empty() => Some(Principal::Account(account)),
        (true, "user") if !name.is_empty() => Some(Principal::User(arn)),
        (true, "role") if !name.is_empty() => Some(Principal::Role(arn)),
        (false, "assumed-role") => {
            let (role, session) = name.split_once('/')?;
            let whole = !role.is_empty() && !session.is_empty() && !session.contains('/');
            whole.then_some(Principal::RoleSession(arn))
        }
        (false, "federated-user") if !name.is_empty() => Some(Principal::FederatedUser(arn)),
        _ => None,
    }
}

fn is_unique_id(text: &str) -> bool {
    (text.starts_with("AIDA") || text.starts_with("AROA"))
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}
