//! The members of documents and statements, by JSON type only.

use super::PolicyError;
use crate::json::Json;

/// Members taken out of an object by name; what is left at the end is unknown.
pub(super) struct Members(Vec<(String, Json)>);

impl Members {
    /// The members of an object; anything else has the wrong type.
    pub(super) fn of(json: Json) -> Result<Self, PolicyError> {
        match json {
            Json::Object(members) => Ok(Self(members)),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
                Err(PolicyError::InvalidSyntax)
            }
        }
    }

    /// The first member that is not among `known`.
    pub(super) fn refuse_others(&self, known: &[&str]) -> Result<(), PolicyError> {
        match self
            .0
            .iter()
            .find(|(name, _)| !known.contains(&name.as_str()))
        {
            Some((name, _)) => Err(PolicyError::UnknownField(name.clone())),
            None => Ok(()),
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Json> {
        let position = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.swap_remove(position).1)
    }

    /// All members, in order.
    pub(super) fn into_iter(self) -> impl Iterator<Item = (String, Json)> {
        self.0.into_iter()
    }
}

/// A string; anything else has the wrong type.
pub(super) fn string(json: Json) -> Result<String, PolicyError> {
    match json {
        Json::String(text) => Ok(text),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            Err(PolicyError::InvalidSyntax)
        }
    }
}

/// A string or a list of strings.
pub(super) fn strings(json: Json) -> Result<Vec<String>, PolicyError> {
    match json {
        Json::Array(items) => items.into_iter().map(string).collect(),
        one => Ok(vec![string(one)?]),
    }
}

/// A condition value or a list of them: strings, numbers and booleans as their text.
pub(super) fn scalars(json: Json) -> Result<Vec<String>, PolicyError> {
    match json {
        Json::Array(items) => items.into_iter().map(scalar).collect(),
        one => Ok(vec![scalar(one)?]),
    }
}

fn scalar(json: Json) -> Result<String, PolicyError> {
    match json {
        Json::String(text) | Json::Number(text) => Ok(text),
        Json::Bool(value) => Ok(value.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => Err(PolicyError::InvalidSyntax),
    }
}

/// One of two members that exclude each other.
pub(super) enum Either<T> {
    Positive(T),
    Negative(T),
}

/// Takes `name` or `Not` + `name`; both at once is a fault of syntax.
pub(super) fn either(
    members: &mut Members,
    name: &str,
    not_name: &str,
) -> Result<Option<Either<Json>>, PolicyError> {
    match (members.take(name), members.take(not_name)) {
        (Some(_), Some(_)) => Err(PolicyError::InvalidSyntax),
        (Some(json), None) => Ok(Some(Either::Positive(json))),
        (None, Some(json)) => Ok(Some(Either::Negative(json))),
        (None, None) => Ok(None),
    }
}

impl<T> Either<T> {
    pub(super) fn try_map<U>(
        self,
        read: impl FnOnce(T) -> Result<U, PolicyError>,
    ) -> Result<Either<U>, PolicyError> {
        Ok(match self {
            Self::Positive(value) => Either::Positive(read(value)?),
            Self::Negative(value) => Either::Negative(read(value)?),
        })
    }

    pub(super) fn value(&self) -> &T {
        match self {
            Self::Positive(value) | Self::Negative(value) => value,
        }
    }
}
