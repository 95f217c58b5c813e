//! Which certificates are trusted.

use super::OutboundError;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use std::sync::{Arc, OnceLock};

/// The machine's certificates, or Mozilla's where it has none, as a small container. Read once, when first needed.
pub fn machine_certificates() -> &'static [CertificateDer<'static>] {
    static FOUND: OnceLock<Vec<CertificateDer<'static>>> = OnceLock::new();
    FOUND.get_or_init(|| {
        let found = rustls_native_certs::load_native_certs().certs;
        if found.is_empty() { webpki_root_certs::TLS_SERVER_ROOT_CERTS.to_vec() } else { found }
    })
}

/// How TLS is spoken when the machine's certificates and those of `ca_pem` are trusted.
///
/// # Errors
/// [`OutboundError::Certificates`].
pub fn tls_config(ca_pem: &str) -> Result<ClientConfig, OutboundError> {
    static STORE: OnceLock<RootCertStore> = OnceLock::new();
    let machine = STORE.get_or_init(|| {
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(machine_certificates().iter().cloned());
        store
    });
    let mut store = machine.clone();
    for certificate in certificates_of(ca_pem)? {
        store.add(certificate).map_err(|_| OutboundError::Certificates)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Ok(builder.map_err(|_| OutboundError::Certificates)?.with_root_certificates(store).with_no_client_auth())
}

/// The certificates of a text in PEM form; none of an empty one.
///
/// # Errors
/// [`OutboundError::Certificates`]: it is malformed, or there is text but no certificate in it.
pub fn certificates_of(pem: &str) -> Result<Vec<CertificateDer<'static>>, OutboundError> {
    let found = CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<Vec<_>, _>>().map_err(|_| OutboundError::Certificates)?;
    if found.is_empty() && !pem.trim().is_empty() { Err(OutboundError::Certificates) } else { Ok(found) }
}
