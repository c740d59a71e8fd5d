//! What AWS tells a client whose signature is another.

/// The material of a `SignatureDoesNotMatch` answer: what the server signed, so that a client can compare.
///
/// It holds nothing that the client did not send, and no signature of the server's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureMismatch {
    pub(crate) access_key_id: String,
    pub(crate) signature_provided: String,
    pub(crate) string_to_sign: Vec<u8>,
    /// `None` for a form and for Version 2.
    pub(crate) canonical_request: Option<Vec<u8>>,
}

impl SignatureMismatch {
    /// The access key's id, as sent.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// The signature, as sent.
    pub fn signature_provided(&self) -> &str {
        &self.signature_provided
    }

    /// The string to sign, as the server made it; with Version 2 it has header values, which need not be UTF-8.
    pub fn string_to_sign(&self) -> &[u8] {
        &self.string_to_sign
    }

    /// The canonical request, as the server made it; its header values need not be UTF-8. Empty for a form and for Version 2.
    pub fn canonical_request(&self) -> &[u8] {
        self.canonical_request.as_deref().unwrap_or_default()
    }

    /// The elements of AWS's answer, in their order.
    pub(crate) fn extras(&self) -> Vec<(&'static str, String)> {
        let mut extras = vec![
            ("AWSAccessKeyId", self.access_key_id.clone()),
            ("StringToSign", text(&self.string_to_sign)),
            ("SignatureProvided", self.signature_provided.clone()),
            ("StringToSignBytes", spaced_hex(&self.string_to_sign)),
        ];
        if let Some(canonical) = &self.canonical_request {
            extras.push(("CanonicalRequest", text(canonical)));
            extras.push(("CanonicalRequestBytes", spaced_hex(canonical)));
        }
        extras
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// `41 57 53`: the form of AWS's `…Bytes` elements.
fn spaced_hex(bytes: &[u8]) -> String {
    let pairs: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}
