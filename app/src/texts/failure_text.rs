//! Why an action on a host failed, as sentences with what to do.

use crate::i18n::{Locale, td_string};
use protocol::deploy::DeployFailure;

/// Cause and remedy in one or two sentences.
pub fn failure_text(locale: Locale, failure: &DeployFailure) -> String {
    match failure {
        DeployFailure::AddressNotFound { address } => td_string!(locale, hosts.failure.address_not_found, address = address.as_str()),
        DeployFailure::Unreachable { address, port } => {
            td_string!(locale, hosts.failure.unreachable, address = address.as_str(), port = port)
        }
        DeployFailure::ConnectionRefused { address, port } => {
            td_string!(locale, hosts.failure.connection_refused, address = address.as_str(), port = port)
        }
        DeployFailure::ClosedBeforeBanner => td_string!(locale, hosts.failure.closed_before_banner).to_string(),
        DeployFailure::NotSsh { port } => td_string!(locale, hosts.failure.not_ssh, port = port),
        DeployFailure::HostKeyChanged { .. } => td_string!(locale, hosts.failure.host_key_changed).to_string(),
        DeployFailure::WrongPassword => td_string!(locale, hosts.failure.wrong_password).to_string(),
        DeployFailure::KeyRejected => td_string!(locale, hosts.failure.key_rejected).to_string(),
        DeployFailure::WrongPassphrase => td_string!(locale, hosts.failure.wrong_passphrase).to_string(),
        DeployFailure::MalformedKey => td_string!(locale, hosts.failure.malformed_key).to_string(),
        DeployFailure::PasswordExpired => td_string!(locale, hosts.failure.password_expired).to_string(),
        DeployFailure::LoginMethodRefused { offered } => td_string!(locale, hosts.failure.login_method_refused, offered = offered.as_str()),
        DeployFailure::SudoMissing => td_string!(locale, hosts.failure.sudo_missing).to_string(),
        DeployFailure::SudoNotAllowed { user } => td_string!(locale, hosts.failure.sudo_not_allowed, user = user.as_str()),
        DeployFailure::WrongSudoPassword => td_string!(locale, hosts.failure.wrong_sudo_password).to_string(),
        DeployFailure::NotLinux { found } => td_string!(locale, hosts.failure.not_linux, found = found.as_str()),
        DeployFailure::UnknownArchitecture { found } => td_string!(locale, hosts.failure.unknown_architecture, found = found.as_str()),
        DeployFailure::AgentNotBundled { architecture } => {
            td_string!(locale, hosts.failure.agent_not_bundled, architecture = architecture.as_str())
        }
        DeployFailure::UnknownInit { init } => td_string!(locale, hosts.failure.unknown_init, init = init.as_str()),
        DeployFailure::NotOlder { running, bundled } => {
            td_string!(locale, hosts.failure.not_older, running = running.as_str(), bundled = bundled.as_str())
        }
        DeployFailure::NoAgent => td_string!(locale, hosts.failure.no_agent).to_string(),
        DeployFailure::CanaryFailed { name } => td_string!(locale, hosts.failure.canary_failed, name = name.as_str()),
        DeployFailure::NeedsPassword => td_string!(locale, hosts.failure.needs_password).to_string(),
        DeployFailure::KeyNotRestricted { reason } => td_string!(locale, hosts.failure.key_not_restricted, reason = reason.as_str()),
        DeployFailure::NoFreePort { first, last } => td_string!(locale, hosts.failure.no_free_port, first = first, last = last),
        DeployFailure::NoSftp => td_string!(locale, hosts.failure.no_sftp).to_string(),
        DeployFailure::DiskFull { path } => td_string!(locale, hosts.failure.disk_full, path = path.as_str()),
        DeployFailure::NotWritable { path, reason } => {
            td_string!(locale, hosts.failure.not_writable, path = path.as_str(), reason = reason.as_str())
        }
        DeployFailure::UploadCorrupted => td_string!(locale, hosts.failure.upload_corrupted).to_string(),
        DeployFailure::ServiceFailed { log } => td_string!(locale, hosts.failure.service_failed, log = log.as_str()),
        DeployFailure::AgentUnreachable { address, port } => {
            td_string!(locale, hosts.failure.agent_unreachable, address = address.as_str(), port = port)
        }
        DeployFailure::AgentRejected { reason } => td_string!(locale, hosts.failure.agent_rejected, reason = reason.as_str()),
        DeployFailure::Disconnected => td_string!(locale, hosts.failure.disconnected).to_string(),
        DeployFailure::TimedOut { seconds } => td_string!(locale, hosts.failure.timed_out, seconds = seconds),
        DeployFailure::Cancelled => td_string!(locale, hosts.failure.cancelled).to_string(),
        DeployFailure::Unexpected { reason } => td_string!(locale, hosts.failure.unexpected, reason = reason.as_str()),
    }
}
