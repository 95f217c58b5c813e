//! Proving who logs in: password, keyboard-interactive where that is what the server calls a password, private key.

use super::connect::KeyCheck;
use super::{Deadlines, PreparedCredential, Session, SshError, Unproven};
use russh::client::{AuthResult, Handle, KeyboardInteractiveAuthResponse};
use russh::keys::{HashAlg, PrivateKey, PrivateKeyWithHashAlg};
use russh::{MethodKind, MethodSet};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use tokio::time::timeout;

/// A server that asks more questions than this is not asking for a password.
const MAX_QUESTIONS: usize = 5;

impl Unproven {
    /// Logs in. The host key has been checked, so this is where the secret may be sent.
    ///
    /// # Errors
    /// [`SshError::WrongPassword`], [`SshError::KeyRejected`], [`SshError::MethodRefused`], [`SshError::PasswordExpired`],
    /// [`SshError::Disconnected`], [`SshError::TimedOut`].
    pub async fn log_in(self, user: &str, credential: &PreparedCredential, deadlines: &Deadlines) -> Result<Session, SshError> {
        let Self { mut handle, cutter, address, key } = self;
        let login = async {
            match credential {
                PreparedCredential::Password(password) => with_password(&mut handle, user, password).await,
                PreparedCredential::Key(private) => with_key(&mut handle, user, private).await,
            }
        };
        timeout(deadlines.login, login).await.map_err(|_| SshError::TimedOut(deadlines.login))??;
        Ok(Session { handle, cutter, address, key })
    }
}

async fn with_password(handle: &mut Handle<KeyCheck>, user: &str, password: &SecretString) -> Result<(), SshError> {
    let (offered, partial) = match handle.authenticate_password(user, password.expose_secret()).await? {
        AuthResult::Success => return Ok(()),
        AuthResult::Failure { remaining_methods, partial_success } => (remaining_methods, partial_success),
    };
    if offered.is_empty() && handle.is_closed() {
        return Err(SshError::Disconnected);
    }
    match (partial, offered.contains(&MethodKind::Password), offered.contains(&MethodKind::KeyboardInteractive)) {
        (false, true, _) => Err(SshError::WrongPassword),
        (false, false, true) => by_questions(handle, user, password).await,
        _ => Err(SshError::MethodRefused { offered: names(&offered) }),
    }
}

async fn by_questions(handle: &mut Handle<KeyCheck>, user: &str, password: &SecretString) -> Result<(), SshError> {
    let mut reply = handle.authenticate_keyboard_interactive_start(user, None).await?;
    for _ in 0..MAX_QUESTIONS {
        let prompts = match reply {
            KeyboardInteractiveAuthResponse::Success => return Ok(()),
            KeyboardInteractiveAuthResponse::Failure { partial_success: true, remaining_methods } => {
                return Err(SshError::MethodRefused { offered: names(&remaining_methods) });
            }
            KeyboardInteractiveAuthResponse::Failure { .. } => return Err(SshError::WrongPassword),
            KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } => prompts,
        };
        if prompts.iter().any(|prompt| prompt.prompt.to_lowercase().contains("new password")) {
            return Err(SshError::PasswordExpired);
        }
        // Only a question whose answer is hidden is one for the password; others (names, one-time codes) we cannot answer.
        if prompts.iter().any(|prompt| prompt.echo) || prompts.len() > 1 {
            return Err(SshError::MethodRefused { offered: "keyboard-interactive".into() });
        }
        let answers = prompts.iter().map(|_| password.expose_secret().to_owned()).collect();
        reply = handle.authenticate_keyboard_interactive_respond(answers).await?;
    }
    Err(SshError::MethodRefused { offered: "keyboard-interactive".into() })
}

async fn with_key(handle: &mut Handle<KeyCheck>, user: &str, key: &Arc<PrivateKey>) -> Result<(), SshError> {
    let hash = if key.algorithm().is_rsa() {
        // SHA-1 signatures are never made, even for a server that knows nothing else.
        let best = handle.best_supported_rsa_hash().await?.flatten();
        Some(best.unwrap_or(HashAlg::Sha256))
    } else {
        None
    };
    let key = PrivateKeyWithHashAlg::new(key.clone(), hash);
    match handle.authenticate_publickey(user, key).await? {
        AuthResult::Success => Ok(()),
        AuthResult::Failure { remaining_methods, .. } if remaining_methods.is_empty() && handle.is_closed() => Err(SshError::Disconnected),
        AuthResult::Failure { remaining_methods, partial_success } => {
            if partial_success || !remaining_methods.contains(&MethodKind::PublicKey) {
                Err(SshError::MethodRefused { offered: names(&remaining_methods) })
            } else {
                Err(SshError::KeyRejected)
            }
        }
    }
}

fn names(methods: &MethodSet) -> String {
    methods.iter().map(String::from).collect::<Vec<_>>().join(", ")
}
