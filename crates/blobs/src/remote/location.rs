//! Which backend, and how to reach it, as the operator says it.

use std::{collections::BTreeMap, fmt, sync::Arc};

use object_store::path::Path;
use zeroize::Zeroizing;

use super::{RemoteBlobs, RemoteHold, place::Place};
use crate::BlobError;

/// A prefix of a bucket or container, and the options of its client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteLocation {
    pub(super) service: Service,
    pub(super) bucket: String,
    pub(super) prefix: Path,
    pub(super) options: RemoteOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    S3,
    Gcs,
    Azure,
}

/// Options of the backend's client by name, in lower case: those of the `object_store` crate's builders, such as
/// `endpoint`, `region`, `access_key_id`, `secret_access_key` for S3; and `ca_file`, a file of certificate authorities
/// (PEM) that are trusted beside the machine's. Values may be secrets and are never shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RemoteOptions(pub(super) BTreeMap<String, Zeroizing<String>>);

impl fmt::Debug for RemoteOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl FromIterator<(String, String)> for RemoteOptions {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(options: I) -> Self {
        let options = options.into_iter();
        Self(
            options
                .map(|(name, value)| (name, Zeroizing::new(value)))
                .collect(),
        )
    }
}

impl RemoteOptions {
    /// These, where `others` do not say otherwise.
    #[must_use]
    pub fn overridden_by(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }
}

/// Why a location cannot be used. No option's value is in its text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocationError {
    /// None of the forms that are known.
    #[error(
        "`{0}` is not file://PATH, s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or az://CONTAINER/PREFIX"
    )]
    Form(String),
    /// The prefix has an empty segment, or one that is `.` or `..`, or characters that a URL would escape.
    #[error("the prefix `{0}` is not made of plain segments with `/` between them")]
    Prefix(String),
    /// The service's client knows no such option.
    #[error("there is no option `{0}` for this kind of blob store")]
    UnknownOption(String),
    /// The file of certificate authorities cannot be used.
    #[error("the certificate authorities in `{file}` cannot be read: {reason}")]
    CaFile {
        /// As the option `ca_file` names it.
        file: String,
        /// Why.
        reason: String,
    },
    /// The client cannot be made of these options.
    #[error("the options of the blob store do not fit together: {0}")]
    Options(String),
}

impl RemoteLocation {
    /// Reads `s3://BUCKET/PREFIX`, `gs://BUCKET/PREFIX` or `az://CONTAINER/PREFIX`; the prefix may be empty.
    ///
    /// # Errors
    /// [`LocationError`]: nothing is asked of the network.
    pub fn parse(url: &str, options: RemoteOptions) -> Result<Self, LocationError> {
        let form = || LocationError::Form(url.to_owned());
        let (scheme, rest) = url.split_once("://").ok_or_else(form)?;
        let service = match scheme {
            "s3" => Service::S3,
            "gs" => Service::Gcs,
            "az" => Service::Azure,
            _ => return Err(form()),
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        if bucket.is_empty() || !bucket.bytes().all(is_name) {
            return Err(form());
        }
        let bad_prefix = || LocationError::Prefix(prefix.to_owned());
        if prefix.starts_with('/') || !prefix.bytes().all(|byte| is_name(byte) || byte == b'/') {
            return Err(bad_prefix());
        }
        let location = Self {
            service,
            bucket: bucket.to_owned(),
            prefix: Path::parse(prefix).map_err(|_| bad_prefix())?,
            options,
        };
        location.backend()?;
        Ok(location)
    }

    /// Opens the place, and claims it if it is nobody's.
    ///
    /// # Errors
    /// Those of [`RemoteBlobs::open_on`]; [`BlobError::Location`].
    pub async fn open(&self, store_id: &str) -> Result<RemoteBlobs, BlobError> {
        RemoteBlobs::open_on(self.backend()?, self.prefix.clone(), store_id).await
    }

    /// Opens the place to look at it.
    ///
    /// # Errors
    /// Those of [`RemoteBlobs::inspect_on`]; [`BlobError::Location`].
    pub async fn inspect(&self, store_id: &str) -> Result<RemoteBlobs, BlobError> {
        RemoteBlobs::inspect_on(self.backend()?, self.prefix.clone(), store_id).await
    }

    /// Keeps all blobs that are there now, whoever's they are, for as long as the answer lives.
    pub(crate) async fn hold(&self) -> Result<RemoteHold, BlobError> {
        let place = Place::new(self.backend()?, self.prefix.clone());
        RemoteHold::take(Arc::new(place)).await
    }
}

impl fmt::Display for RemoteLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.service {
            Service::S3 => "s3",
            Service::Gcs => "gs",
            Service::Azure => "az",
        };
        write!(f, "{scheme}://{}/{}", self.bucket, self.prefix)
    }
}
