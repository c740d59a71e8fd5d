//! Whom a fetch trusts: the certificates of the machine and of the operator, and beyond them the one that a thumbprint
//! of the provider names.
//!
//! AWS: thumbprints count only where no trusted authority vouches for the certificate. Source: IAM User Guide, "Obtain the
//! thumbprint for an OpenID Connect identity provider".

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use sha1::{Digest as _, Sha1};

use crate::ca_certificates::CaCertificates;

/// The authorities that vouch for everybody.
#[derive(Debug)]
pub(super) struct Trust {
    crypto: Arc<CryptoProvider>,
    /// `None` on a machine without any.
    authorities: Option<Arc<WebPkiServerVerifier>>,
}

impl Trust {
    /// Reads the certificates of the machine, and adds those of the operator.
    pub(super) fn new(ca_certificates: &CaCertificates) -> Self {
        let crypto = Arc::new(ring::default_provider());
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::warn!(%error, "a trusted certificate of this machine cannot be read");
        }
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(found.certs);
        roots.add_parsable_certificates(ca_certificates.iter().cloned());
        let authorities =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&crypto))
                .build()
                .ok();
        Self {
            crypto,
            authorities,
        }
    }

    /// How to speak TLS to a provider with these thumbprints.
    ///
    /// # Errors
    ///
    /// None that the program could cause.
    pub(super) fn config(&self, thumbprints: &[String]) -> Result<ClientConfig, Error> {
        let verifier = Verifier {
            crypto: Arc::clone(&self.crypto),
            authorities: self.authorities.clone(),
            thumbprints: thumbprints.to_vec(),
        };
        let config = ClientConfig::builder_with_provider(Arc::clone(&self.crypto))
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        Ok(config)
    }
}

/// Judges the certificate of one provider.
#[derive(Debug)]
struct Verifier {
    crypto: Arc<CryptoProvider>,
    authorities: Option<Arc<WebPkiServerVerifier>>,
    thumbprints: Vec<String>,
}

impl Verifier {
    /// The certificate that stands at the top of what the server shows, if a thumbprint names it.
    fn named<'a>(
        &self,
        end_entity: &'a CertificateDer<'_>,
        intermediates: &'a [CertificateDer<'_>],
    ) -> Option<&'a CertificateDer<'a>> {
        let top = intermediates.last().unwrap_or(end_entity);
        let thumbprint = hex::encode(Sha1::digest(top));
        let is_named = |known: &String| known.eq_ignore_ascii_case(&thumbprint);
        self.thumbprints.iter().any(is_named).then_some(top)
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let judge = |verifier: &WebPkiServerVerifier| {
            verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
        };
        let refusal = match self.authorities.as_deref().map(judge) {
            Some(Ok(verified)) => return Ok(verified),
            Some(Err(refusal)) => refusal,
            None => Error::InvalidCertificate(CertificateError::UnknownIssuer),
        };
        let Some(named) = self.named(end_entity, intermediates) else {
            return Err(refusal);
        };
        // Name, time and signatures are judged all the same: the thumbprint names the authority, nothing else.
        let mut roots = RootCertStore::empty();
        roots.add(named.clone().into_owned())?;
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&self.crypto))
                .build()
                .map_err(|error| Error::General(error.to_string()))?;
        judge(&verifier)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(
            message,
            cert,
            dss,
            &self.crypto.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            cert,
            dss,
            &self.crypto.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.crypto
            .signature_verification_algorithms
            .supported_schemes()
    }
}
