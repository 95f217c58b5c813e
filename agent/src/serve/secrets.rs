//! What the agent proves itself with and what it expects of its clients.

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// Certificate, key, and the hash of the one token that is accepted. The token itself is never stored.
#[derive(Clone)]
pub struct Secrets {
    pub certificate_pem: String,
    pub key_pem: String,
    /// SHA-256 of the token's 64 ASCII characters.
    pub token_sha256: [u8; 32],
}

/// Why the secrets cannot be used. No variant carries a secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    #[error("cannot read {path}: {source}")]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{0} is not 64 hexadecimal digits")]
    MalformedTokenHash(PathBuf),
    #[error("the certificate is not PEM")]
    MalformedCertificate,
    #[error("the key is not PEM")]
    MalformedKey,
    #[error("certificate and key cannot be used together: {0}")]
    Tls(rustls::Error),
}

impl Secrets {
    /// Reads `certificate.pem`, `key.pem` and `token-sha256` of `folder`.
    ///
    /// # Errors
    /// A file is missing or unreadable, or the hash is malformed.
    pub fn load(folder: &Path) -> Result<Self, SecretsError> {
        let read = |name: &str| {
            let path = folder.join(name);
            std::fs::read_to_string(&path).map_err(|source| SecretsError::Unreadable { path, source })
        };
        let token_sha256 = decode_hash(read("token-sha256")?.trim());
        Ok(Self {
            certificate_pem: read("certificate.pem")?,
            key_pem: read("key.pem")?,
            token_sha256: token_sha256.ok_or_else(|| SecretsError::MalformedTokenHash(folder.join("token-sha256")))?,
        })
    }

    /// Whether the value of an `Authorization` header carries the token. Takes the same time for every wrong token.
    pub(super) fn accepts(&self, authorization: &[u8]) -> bool {
        let Some(token) = authorization.strip_prefix(b"Bearer ") else { return false };
        Sha256::digest(token).as_slice().ct_eq(&self.token_sha256).into()
    }

    /// Settings of the TLS side.
    ///
    /// # Errors
    /// Certificate or key is malformed, or they do not belong together.
    pub(super) fn tls(&self) -> Result<ServerConfig, SecretsError> {
        let certificates = CertificateDer::pem_slice_iter(self.certificate_pem.as_bytes())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| SecretsError::MalformedCertificate)?;
        let key = PrivateKeyDer::from_pem_slice(self.key_pem.as_bytes()).map_err(|_| SecretsError::MalformedKey)?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(SecretsError::Tls)?
            .with_no_client_auth()
            .with_single_cert(certificates, key)
            .map_err(SecretsError::Tls)?;
        // Clients stay connected, so resumption would only keep state for nobody.
        config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secrets(hidden)")
    }
}

fn decode_hash(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    let mut hash = [0; 32];
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn secrets(token: &str) -> Secrets {
        Secrets { certificate_pem: "c".into(), key_pem: "k3y".into(), token_sha256: Sha256::digest(token.as_bytes()).into() }
    }

    #[test]
    fn accepts_only_the_exact_token() {
        let secrets = secrets("abc");
        for (header, accepted) in [
            ("Bearer abc", true),
            ("Bearer abcd", false),
            ("Bearer ab", false),
            ("Bearer ", false),
            ("bearer abc", false),
            ("Basic abc", false),
            ("abc", false),
            ("", false),
        ] {
            assert_eq!(secrets.accepts(header.as_bytes()), accepted, "{header}");
        }
    }

    #[test]
    fn loads_a_folder_and_names_the_file_that_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        let error = || Secrets::load(folder.path()).unwrap_err().to_string();
        assert!(error().contains("token-sha256"), "{}", error());
        for malformed in ["", "00", &"g".repeat(64), &"é".repeat(32)] {
            write("token-sha256", malformed);
            write("certificate.pem", "c");
            write("key.pem", "k");
            assert!(error().ends_with("is not 64 hexadecimal digits"), "{malformed}: {}", error());
        }
        write("token-sha256", &format!("{}\n", "0A".repeat(32)));
        assert_eq!(Secrets::load(folder.path()).unwrap().token_sha256, [10; 32]);
    }

    #[test]
    fn malformed_certificates_and_keys_are_told_apart_and_never_shown() {
        let mut secrets = secrets("t");
        assert!(matches!(secrets.tls(), Err(SecretsError::Tls(_) | SecretsError::MalformedKey | SecretsError::MalformedCertificate)));
        let made = rcgen::generate_simple_self_signed(vec!["tactus-agent".into()]).unwrap();
        secrets.certificate_pem = made.cert.pem();
        assert!(matches!(secrets.tls(), Err(SecretsError::MalformedKey)));
        secrets.key_pem = made.signing_key.serialize_pem();
        assert!(secrets.tls().is_ok());
        assert_eq!(format!("{secrets:?}"), "Secrets(hidden)");
    }
}
