//! What an agent and the centre know of each other: a certificate and a token, made anew at each installation.

use protocol::deploy::DeployFailure;
use rcgen::{CertificateParams, KeyPair};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The name in the certificate. The centre compares the certificate itself, not the name.
const CERTIFICATE_NAME: &str = "tactus-agent";

/// The secrets of one agent. The agent gets certificate, key and the hash of the token; the centre keeps the token and the hash of
/// the certificate.
pub struct Credentials {
    pub certificate_pem: String,
    /// SHA-256 of the certificate (DER).
    pub certificate_sha256: [u8; 32],
    pub key_pem: SecretString,
    /// 64 hexadecimal digits: 256 random bits.
    pub token: SecretString,
    /// SHA-256 of the token's 64 characters, 64 hexadecimal digits.
    pub token_sha256: String,
}

impl Credentials {
    /// Makes new ones (P-256; under a millisecond in a release build).
    ///
    /// # Errors
    /// [`DeployFailure::Unexpected`] when the random source fails.
    pub fn generate() -> Result<Self, DeployFailure> {
        let failed = |error: rcgen::Error| DeployFailure::Unexpected { reason: format!("no certificate: {error}") };
        let key = KeyPair::generate().map_err(failed)?;
        let params = CertificateParams::new(vec![CERTIFICATE_NAME.into()]).map_err(failed)?;
        let certificate = params.self_signed(&key).map_err(failed)?;
        let token = SecretString::from(hex(&rand::random::<[u8; 32]>()));
        Ok(Self {
            certificate_pem: certificate.pem(),
            certificate_sha256: Sha256::digest(certificate.der()).into(),
            key_pem: SecretString::from(key.serialize_pem()),
            token_sha256: hex(&Sha256::digest(token.expose_secret())),
            token,
        })
    }
}

/// Bytes as lowercase hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn each_agent_has_its_own_secrets() {
        let (one, two) = (Credentials::generate().unwrap(), Credentials::generate().unwrap());
        assert_ne!(one.token.expose_secret(), two.token.expose_secret());
        assert_ne!(one.certificate_sha256, two.certificate_sha256);
        assert_eq!(one.token.expose_secret().len(), 64);
        assert!(one.token.expose_secret().bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase()));
        assert_eq!(one.token_sha256, hex(&Sha256::digest(one.token.expose_secret())));
        assert!(one.key_pem.expose_secret().starts_with("-----BEGIN PRIVATE KEY-----"));
    }
}
