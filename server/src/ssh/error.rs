//! Why a host cannot be reached, entered or written to.

use std::time::Duration;

/// Why something over SSH failed. No variant holds a secret; texts that come from the host are named so.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SshError {
    #[error("the name does not resolve")]
    NameNotFound,
    /// Link-local (where clouds serve their metadata), multicast or unspecified.
    #[error("an address of this kind cannot be a monitored host")]
    AddressForbidden,
    #[error("no answer")]
    Unreachable,
    #[error("the connection was refused")]
    Refused,
    #[error("the connection was closed before the greeting")]
    ClosedBeforeBanner,
    #[error("what answers does not speak SSH")]
    NotSsh,
    #[error("the host key {found} is not {expected}")]
    HostKeyChanged { expected: String, found: String },
    #[error("the private key cannot be read")]
    MalformedKey,
    #[error("the private key needs another passphrase")]
    WrongPassphrase,
    #[error("user name or password rejected")]
    WrongPassword,
    #[error("the private key was rejected")]
    KeyRejected,
    #[error("the password has expired")]
    PasswordExpired,
    /// Names of the methods that the server offers, joined with commas.
    #[error("the server offers only {offered}")]
    MethodRefused { offered: String },
    #[error("the server runs no commands for this user")]
    CommandRefused,
    #[error("the answer is longer than {0} bytes")]
    TooMuchOutput(usize),
    #[error("the server has no SFTP")]
    NoSftp,
    #[error("no room at {path}")]
    DiskFull { path: String },
    /// `reason` comes from the host.
    #[error("{path} cannot be written: {reason}")]
    NotWritable { path: String, reason: String },
    #[error("the connection broke")]
    Disconnected,
    #[error("it took longer than {0:?}")]
    TimedOut(Duration),
    #[error("SSH failed: {0}")]
    Protocol(String),
}

impl From<russh::Error> for SshError {
    fn from(error: russh::Error) -> Self {
        match error {
            russh::Error::Disconnect
            | russh::Error::HUP
            | russh::Error::SendError
            | russh::Error::RecvError
            | russh::Error::KeepaliveTimeout
            | russh::Error::InactivityTimeout
            | russh::Error::IO(_) => Self::Disconnected,
            russh::Error::Version => Self::NotSsh,
            other => Self::Protocol(other.to_string()),
        }
    }
}
