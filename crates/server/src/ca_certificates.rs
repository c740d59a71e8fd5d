//! Certificate authorities that the operator trusts beside those of the machine.

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use thiserror::Error;

/// The certificates of authorities; none by default.
#[derive(Debug, Clone, Default)]
pub struct CaCertificates(Vec<CertificateDer<'static>>);

/// A file that holds no such certificates.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("it holds no certificates of authorities in PEM form")]
pub struct InvalidCaCertificates;

impl CaCertificates {
    /// Reads certificates in PEM form, one or several; other sections are left out.
    ///
    /// # Errors
    ///
    /// [`InvalidCaCertificates`] if there is none, or one that cannot be an authority's.
    pub fn parse(pem: &[u8]) -> Result<Self, InvalidCaCertificates> {
        let certificates = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| InvalidCaCertificates)?;
        let mut roots = RootCertStore::empty();
        for certificate in &certificates {
            roots
                .add(certificate.clone())
                .map_err(|_| InvalidCaCertificates)?;
        }
        if roots.is_empty() {
            return Err(InvalidCaCertificates);
        }
        Ok(Self(certificates))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &CertificateDer<'static>> {
        self.0.iter()
    }
}
