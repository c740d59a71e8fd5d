//! The second half of authentication: the signature itself.

use crate::canonical::canonical_request;
use crate::{
    AuthError, ChunkSigner, Payload, Presentation, Request, SignatureMismatch, SigningKey,
    string_to_sign,
};

/// A request whose signature was found good. Only [`Presentation::verify`] makes one.
#[derive(Debug)]
pub struct VerifiedRequest {
    presentation: Presentation,
    key: SigningKey,
}

impl Presentation {
    /// Judges the signature over the request, in constant time, with the key derived for [`Self::scope`].
    ///
    /// The request must be the one that was read. The payload is judged by what it is declared to be; that the
    /// body is so, is for the caller to judge when it is there.
    ///
    /// # Errors
    /// [`AuthError::SignatureDoesNotMatch`], with what was signed.
    pub fn verify(
        self,
        request: &Request<'_>,
        key: &SigningKey,
    ) -> Result<VerifiedRequest, AuthError> {
        let (string_to_sign, canonical_request) = self.signed_texts(request);
        if key.verifies(string_to_sign.as_bytes(), &self.signature) {
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
    fn signed_texts(&self, request: &Request<'_>) -> (String, Option<Vec<u8>>) {
        if let Some(policy) = &self.form_policy {
            return (policy.clone(), None);
        }
        let canonical_request = canonical_request(
            request,
            self.method,
            &self.signed_headers,
            self.payload.hash.as_bytes(),
        );
        let string_to_sign =
            string_to_sign::of_request(&self.timestamp, &self.scope, &canonical_request);
        (string_to_sign, Some(canonical_request))
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
        let Presentation {
            timestamp,
            scope,
            signature,
            ..
        } = &self.presentation;
        match self.payload() {
            Payload::StreamingSigned | Payload::StreamingSignedTrailer => Some(ChunkSigner::new(
                self.key.clone(),
                timestamp.clone(),
                scope.clone(),
                signature.clone(),
            )),
            _ => None,
        }
    }
}
