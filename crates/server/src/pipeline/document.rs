//! Bodies that are documents: XML or JSON, read whole within a bound.

use buckler_s3::S3Error;
use buckler_s3::integrity::Integrity;

use super::digests::Digests;
use super::payload::UnreadPayload;

/// The largest document of an operation, and the answer to a larger one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DocumentLimit {
    /// Longest body in bytes.
    pub(crate) bytes_max: usize,
    /// The error for a longer one.
    pub(crate) too_large: fn() -> S3Error,
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
        let payload = self.payload();
        let declared_bytes = self.declared_bytes()?;
        if declared_bytes > limit.bytes_max as u64 {
            return Err((limit.too_large)());
        }
        let mut reader = self.open()?;
        let mut digests = Digests::of_document(payload, integrity);
        let mut document = Vec::with_capacity(usize::try_from(declared_bytes).unwrap_or(0));
        while let Some(piece) = reader.next().await? {
            if document.len() + piece.len() > limit.bytes_max {
                return Err((limit.too_large)());
            }
            digests.update(&piece);
            document.extend_from_slice(&piece);
        }
        let trailers = reader.finish()?;
        digests.finish().verify(payload, integrity, &trailers)?;
        Ok(document)
    }
}
