//! What a backend answers when it does not do what it was asked.

use std::fmt;

use object_store::Error;

use crate::BlobError;

/// Longest text of a failure in a log line, in characters: backends answer with documents.
const TEXT_MAX: usize = 400;

/// A request to the backend that failed, after its tries.
///
/// Its text is one line, and never holds a credential: the crate keeps them out of its errors.
#[derive(Debug)]
pub struct RemoteFailure(Error);

impl RemoteFailure {
    /// Whether the same request may succeed later: the backend is overloaded or cannot be reached. Otherwise it refuses
    /// the credentials, or what is asked.
    pub const fn is_passing(&self) -> bool {
        !matches!(
            self.0,
            Error::PermissionDenied { .. }
                | Error::Unauthenticated { .. }
                | Error::NotFound { .. }
                | Error::NotSupported { .. }
                | Error::NotImplemented { .. }
                | Error::InvalidPath { .. }
                | Error::UnknownConfigurationKey { .. }
        )
    }
}

impl fmt::Display for RemoteFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = with_causes(&self.0);
        let mut words = text.split(|c: char| c.is_whitespace() || c.is_control());
        let mut room = TEXT_MAX;
        let mut separator = "";
        for word in words.by_ref().filter(|word| !word.is_empty()) {
            let Some(left) = room.checked_sub(word.chars().count() + 1) else {
                return f.write_str(" …");
            };
            room = left;
            write!(f, "{separator}{word}")?;
            separator = " ";
        }
        Ok(())
    }
}

/// What the crate says, and what it leaves to the causes: why a connection was refused, for example.
fn with_causes(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = error.source();
    }
    text
}

impl std::error::Error for RemoteFailure {}

impl From<Error> for BlobError {
    fn from(error: Error) -> Self {
        Self::Remote(RemoteFailure(error))
    }
}

/// `None` for what is not there.
pub(super) fn found<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What is to be gone, and was not there, is gone.
pub(super) fn unless_absent(result: Result<(), Error>) -> Result<(), Error> {
    found(result).map(drop)
}
