//! Bodies that are documents: XML or JSON, read whole within a bound.

use buckler_policy::PolicyError;
use buckler_s3::S3Error;
use buckler_s3::integrity::Integrity;

use buckler_sigv4::Trailers;

use super::digests::Digests;
use super::payload::UnreadPayload;
use crate::error::policy_error;

/// The largest document of an operation, and the answer to a larger one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DocumentLimit {
    /// Longest body in bytes.
    pub(crate) bytes_max: u64,
    /// The error for a longer one.
    pub(crate) too_large: TooLarge,
}

/// How a document beyond its limit is answered.
#[derive(Debug, Clone, Copy)]
pub(crate) enum TooLarge {
    /// `MaxMessageLengthExceeded`. Facts: s3-behaviour.md 1.4.
    MaxMessageLength,
    /// The size error of a policy. Facts: authorization.md 1.6, 9.2.
    Policy,
}

impl DocumentLimit {
    /// The limit of an XML document.
    pub(crate) const fn xml(bytes_max: u64) -> Self {
        Self {
            bytes_max,
            too_large: TooLarge::MaxMessageLength,
        }
    }

    fn error(self) -> S3Error {
        match self.too_large {
            TooLarge::MaxMessageLength => S3Error::message_too_long(self.bytes_max),
            TooLarge::Policy => policy_error(&PolicyError::TooLarge),
        }
    }
}

impl UnreadPayload<'_> {
    /// Reads a document and checks everything that the request claims of it.
    ///
    /// # Errors
    ///
    /// The limit's own; those of [`super::payload::PayloadReader`] and of
    /// [`super::digests::Digested::verify`].
    pub(crate) async fn read_document(
        &mut self,
        limit: DocumentLimit,
        integrity: &Integrity,
    ) -> Result<Vec<u8>, S3Error> {
        let document = self.read_unverified(limit, integrity).await?;
        document.verified.map(|()| document.bytes)
    }

    /// Reads a document whose faults are answered before those of what the request claims of it.
    ///
    /// # Errors
    ///
    /// The limit's own; those of [`super::payload::PayloadReader`].
    pub(crate) async fn read_unverified(
        &mut self,
        limit: DocumentLimit,
        integrity: &Integrity,
    ) -> Result<UnverifiedDocument, S3Error> {
        let payload = self.payload();
        if self.is_absent() {
            let digested = Digests::of_document(payload, integrity).finish();
            return Ok(UnverifiedDocument {
                bytes: Vec::new(),
                verified: digested.verify(payload, integrity, &Trailers::default()),
            });
        }
        let declared_bytes = self.declared_bytes()?;
        if declared_bytes > limit.bytes_max {
            return Err(limit.error());
        }
        let mut reader = self.open()?;
        let mut digests = Digests::of_document(payload, integrity);
        let mut document = Vec::with_capacity(usize::try_from(declared_bytes).unwrap_or(0));
        while let Some(piece) = reader.next().await? {
            if (document.len() + piece.len()) as u64 > limit.bytes_max {
                return Err(limit.error());
            }
            digests.update(&piece);
            document.extend_from_slice(&piece);
        }
        let trailers = reader.finish()?;
        Ok(UnverifiedDocument {
            bytes: document,
            verified: digests.finish().verify(payload, integrity, &trailers),
        })
    }
}

/// A document, and whether it is what the request claims.
#[derive(Debug)]
pub(crate) struct UnverifiedDocument {
    bytes: Vec<u8>,
    verified: Result<(), S3Error>,
}

impl UnverifiedDocument {
    /// Parses first, and compares then.
    ///
    /// # Errors
    ///
    /// Those of `parse`, then those of [`super::digests::Digested::verify`].
    pub(crate) fn parsed<T>(
        self,
        parse: impl FnOnce(&[u8]) -> Result<T, S3Error>,
    ) -> Result<T, S3Error> {
        let parsed = parse(&self.bytes)?;
        self.verified.map(|()| parsed)
    }
}
