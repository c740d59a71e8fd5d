//! The second half of authentication: the signature itself.

use crate::canonical::canonical_request;
use crate::presentation::Covered;
use crate::{
    AuthError, ChunkSigner, Payload, Presentation, Request, SignatureMismatch, VerifyingKey,
    Version, string_to_sign, v2,
};

/// A request whose signature was found good. Only [`Presentation::verify`] makes one.
#[derive(Debug)]
pub struct VerifiedRequest {
    presentation: Presentation,
    key: VerifyingKey,
}

impl Presentation {
    /// Judges the signature over the request, in constant time, with the key derived for [`Self::version`].
    ///
    /// The request must be the one that was read. The payload is judged by what it is declared to be; that the
    /// body is so, is for the caller to judge when it is there.
    ///
    /// # Errors
    /// [`AuthError::SignatureDoesNotMatch`], with what was signed.
    pub fn verify(
        self,
        request: &Request<'_>,
        key: &VerifyingKey,
    ) -> Result<VerifiedRequest, AuthError> {
        let (string_to_sign, canonical_request) = self.signed_texts(request);
        let is_good = key.verifies(&string_to_sign, &self.signature)
            || self
                .other_spelling(request)
                .is_some_and(|text| key.verifies(&text, &self.signature));
        if is_good && !self.is_ambiguous(request) {
            return Ok(VerifiedRequest {
                presentation: self,
                key: key.clone(),
            });
        }
        Err(AuthError::SignatureDoesNotMatch(Box::new(
            SignatureMismatch {
                access_key_id: self.access_key_id,
                signature_provided: self.signature,
                string_to_sign,
                canonical_request,
            },
        )))
    }
}

impl Presentation {
    /// The string to sign, and the canonical request in it; a form has none, its policy is signed as it stands.
    fn signed_texts(&self, request: &Request<'_>) -> (Vec<u8>, Option<Vec<u8>>) {
        let (timestamp, signed_headers) = match &self.covered {
            Covered::Policy(policy) => return (policy.clone().into_bytes(), None),
            Covered::RequestV2(signed) => return (v2::string_to_sign(request, signed), None),
            Covered::Request {
                timestamp,
                signed_headers,
            } => (timestamp, signed_headers),
        };
        let canonical_request = canonical_request(
            request,
            self.method,
            signed_headers,
            self.payload.hash.as_bytes(),
        );
        let string_to_sign =
            string_to_sign::of_request(timestamp, &self.version, &canonical_request);
        (string_to_sign.into_bytes(), Some(canonical_request))
    }

    /// Whether a good signature says too little.
    fn is_ambiguous(&self, request: &Request<'_>) -> bool {
        match &self.covered {
            Covered::RequestV2(_) => v2::is_ambiguous(request),
            Covered::Request { .. } | Covered::Policy(_) => false,
        }
    }

    /// Another string that counts as this request's.
    fn other_spelling(&self, request: &Request<'_>) -> Option<Vec<u8>> {
        match &self.covered {
            Covered::RequestV2(signed) => v2::other_spelling(request, signed),
            Covered::Request { .. } | Covered::Policy(_) => None,
        }
    }
}

impl VerifiedRequest {
    /// What was presented, now proven.
    pub fn presentation(&self) -> &Presentation {
        &self.presentation
    }

    /// How the body is covered by the signature.
    pub fn payload(&self) -> Payload {
        self.presentation.payload()
    }

    /// What verifies the chunks of a body whose chunks are signed with this key; `None` for every other body.
    pub fn chunk_signer(&self) -> Option<ChunkSigner> {
        let presentation = &self.presentation;
        let Covered::Request { timestamp, .. } = &presentation.covered else {
            return None;
        };
        let is_of_version = match self.payload() {
            Payload::StreamingSigned | Payload::StreamingSignedTrailer => {
                matches!(presentation.version, Version::V4(_))
            }
            Payload::StreamingEcdsa | Payload::StreamingEcdsaTrailer => {
                matches!(presentation.version, Version::V4A(_))
            }
            Payload::Unsigned | Payload::Signed(_) | Payload::StreamingUnsignedTrailer => false,
        };
        is_of_version.then(|| {
            ChunkSigner::new(
                self.key.clone(),
                timestamp.clone(),
                presentation.version.clone(),
                presentation.signature.clone(),
            )
        })
    }
}
