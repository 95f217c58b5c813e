//! What went wrong over SSH, said as the page says it.

use super::preflight::clean_reason;
use crate::ssh::{SshError, Target};
use protocol::deploy::DeployFailure;

/// Adds what the person has entered to what went wrong.
pub fn explain(error: SshError, target: &Target) -> DeployFailure {
    let (address, port) = (target.address.clone(), target.port);
    match error {
        SshError::NameNotFound => DeployFailure::AddressNotFound { address },
        SshError::Unreachable => DeployFailure::Unreachable { address, port },
        SshError::Refused => DeployFailure::ConnectionRefused { address, port },
        SshError::ClosedBeforeBanner => DeployFailure::ClosedBeforeBanner,
        SshError::NotSsh => DeployFailure::NotSsh { port },
        SshError::HostKeyChanged { expected, found } => DeployFailure::HostKeyChanged { expected, found },
        SshError::MalformedKey => DeployFailure::MalformedKey,
        SshError::WrongPassphrase => DeployFailure::WrongPassphrase,
        SshError::WrongPassword => DeployFailure::WrongPassword,
        SshError::KeyRejected => DeployFailure::KeyRejected,
        SshError::PasswordExpired => DeployFailure::PasswordExpired,
        SshError::MethodRefused { offered } => DeployFailure::LoginMethodRefused { offered: clean_reason(&offered) },
        SshError::NoSftp => DeployFailure::NoSftp,
        SshError::DiskFull { path } => DeployFailure::DiskFull { path },
        SshError::NotWritable { path, reason } => DeployFailure::NotWritable { path, reason: clean_reason(&reason) },
        SshError::Disconnected => DeployFailure::Disconnected,
        SshError::TimedOut(after) => DeployFailure::TimedOut { seconds: after.as_secs() },
        error @ (SshError::AddressForbidden | SshError::CommandRefused | SshError::TooMuchOutput(_) | SshError::Protocol(_)) => {
            DeployFailure::Unexpected { reason: clean_reason(&error.to_string()) }
        }
    }
}
