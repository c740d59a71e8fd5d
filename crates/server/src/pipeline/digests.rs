//! What is computed over a body while it passes, and what it is compared with.
//!
//! Order and texts: facts: authorization.md 1.3, s3-behaviour.md 5.2.

use buckler_checksum::{Algorithm, Checksum, Hasher, Md5};
use buckler_s3::integrity::{
    ChecksumClaim, Integrity, bad_checksum, bad_md5, content_sha256_mismatch,
};
use buckler_s3::{ErrorCode, S3Error};
use buckler_sigv4::{Payload, Trailers};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

/// The digests of one body, in the making. Each buffer is passed over once.
#[derive(Clone)]
pub(crate) struct Digests {
    is_object: bool,
    md5: Option<Md5>,
    sha256: Option<Sha256>,
    checksum: Option<Hasher>,
    /// The checksum of a part that its upload asks for, where the request claims one of another algorithm.
    of_upload: Option<Hasher>,
}

/// The digests of one body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Digested {
    is_object: bool,
    pub(crate) md5: Option<[u8; 16]>,
    sha256: Option<[u8; 32]>,
    pub(crate) checksum: Option<Checksum>,
    pub(crate) of_upload: Option<Checksum>,
}

impl Digests {
    /// For a document: what the request claims, and nothing else.
    pub(crate) fn of_document(payload: Payload, integrity: &Integrity) -> Self {
        Self {
            is_object: false,
            md5: integrity.content_md5.as_ref().map(|_| Md5::new()),
            sha256: signed_sha256(payload),
            checksum: integrity.algorithm().map(Hasher::new),
            of_upload: None,
        }
    }

    /// For an object: MD5 for the entity tag, and the claimed checksum or CRC64NVME.
    pub(crate) fn of_object(payload: Payload, integrity: &Integrity) -> Self {
        Self {
            is_object: true,
            md5: Some(Md5::new()),
            sha256: signed_sha256(payload),
            checksum: Some(Hasher::new(
                integrity.algorithm().unwrap_or(Algorithm::Crc64Nvme),
            )),
            of_upload: None,
        }
    }

    /// For a part: MD5 for the entity tag, the claimed checksum, and the one of the upload's algorithm.
    pub(crate) fn of_part(payload: Payload, integrity: &Integrity, algorithm: Algorithm) -> Self {
        let claimed = integrity.algorithm().unwrap_or(algorithm);
        Self {
            is_object: false,
            checksum: Some(Hasher::new(claimed)),
            of_upload: (claimed != algorithm).then(|| Hasher::new(algorithm)),
            ..Self::of_object(payload, integrity)
        }
    }

    /// For a copy: MD5 and one checksum, and nothing to compare them with.
    pub(crate) fn of_copy(algorithm: Algorithm) -> Self {
        Self {
            is_object: true,
            md5: Some(Md5::new()),
            sha256: None,
            checksum: Some(Hasher::new(algorithm)),
            of_upload: None,
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        if let Some(md5) = &mut self.md5 {
            md5.update(bytes);
        }
        self.update_others(bytes);
    }

    /// Takes the next pieces of several bodies. PERF: their MD5s, which are most of the work, in step with each other.
    pub(crate) fn update_together<'b>(
        bodies: impl IntoIterator<Item = (&'b mut Self, &'b [Bytes])>,
    ) {
        let md5s = bodies.into_iter().filter_map(|(digests, pieces)| {
            for piece in pieces {
                digests.update_others(piece);
            }
            let md5 = digests.md5.as_mut()?;
            Some((md5, pieces.iter().map(|piece| &**piece)))
        });
        Md5::update_together(md5s);
    }

    fn update_others(&mut self, bytes: &[u8]) {
        if let Some(sha256) = &mut self.sha256 {
            sha256.update(bytes);
        }
        if let Some(checksum) = &mut self.checksum {
            checksum.update(bytes);
        }
        if let Some(of_upload) = &mut self.of_upload {
            of_upload.update(bytes);
        }
    }

    pub(crate) fn finish(self) -> Digested {
        Digested {
            is_object: self.is_object,
            md5: self.md5.map(Md5::finish),
            sha256: self.sha256.map(|sha256| sha256.finalize().into()),
            checksum: self.checksum.map(Hasher::finish),
            of_upload: self.of_upload.map(Hasher::finish),
        }
    }
}

impl std::fmt::Debug for Digests {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Digests").finish_non_exhaustive()
    }
}

fn signed_sha256(payload: Payload) -> Option<Sha256> {
    matches!(payload, Payload::Signed(_)).then(Sha256::new)
}

impl Digested {
    /// Compares with everything that the request claimed: the signed payload hash first, then
    /// `Content-MD5`, then the checksum.
    ///
    /// # Errors
    ///
    /// `XAmzContentSHA256Mismatch`, `BadDigest`, and the errors of a trailer.
    pub(crate) fn verify(
        &self,
        payload: Payload,
        integrity: &Integrity,
        trailers: &Trailers,
    ) -> Result<(), S3Error> {
        self.verify_payload_hash(payload)?;
        if let (Some(claimed), Some(computed)) = (&integrity.content_md5, &self.md5)
            && claimed.digest != *computed
        {
            return Err(bad_md5(claimed, *computed, self.is_object));
        }
        let claimed = match &integrity.claim {
            ChecksumClaim::None => return Ok(()),
            ChecksumClaim::Header(checksum) => *checksum,
            ChecksumClaim::Trailer(algorithm) => trailer_checksum(*algorithm, trailers)?,
        };
        match self.checksum {
            Some(computed) if computed == claimed => Ok(()),
            _ => Err(bad_checksum(claimed.algorithm())),
        }
    }

    fn verify_payload_hash(&self, payload: Payload) -> Result<(), S3Error> {
        let (Payload::Signed(claimed), Some(computed)) = (payload, &self.sha256) else {
            return Ok(());
        };
        if claimed == *computed {
            return Ok(());
        }
        Err(content_sha256_mismatch(&hex::encode(claimed), *computed))
    }
}

/// The checksum in the trailer that the request announced.
fn trailer_checksum(algorithm: Algorithm, trailers: &Trailers) -> Result<Checksum, S3Error> {
    let (_, value) = trailers
        .iter()
        .find(|(name, _)| name == algorithm.header_name())
        .ok_or_else(|| S3Error::new(ErrorCode::MalformedTrailerError))?;
    Integrity::trailer_checksum(algorithm, value)
}
