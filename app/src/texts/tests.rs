//! Every value has a text of its own in both languages, with the host's own words in it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::error::{ApiError, Field, FieldReason};
use crate::i18n::Locale;
use protocol::deploy::{DeployAction, DeployFailure, StepDetail};
use std::collections::HashSet;

const LOCALES: [Locale; 2] = [Locale::en, Locale::zh_CN];

/// Texts are there, differ from each other, have no hole left, and are of the language that was asked for.
fn check(texts: impl Fn(Locale) -> Vec<String>) {
    for locale in LOCALES {
        let all = texts(locale);
        for text in &all {
            assert!(text.chars().count() >= 2 && !text.contains("{{"), "{text}");
            let chinese = text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
            assert_eq!(chinese, locale == Locale::zh_CN, "{text}");
        }
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len(), "a text is used twice: {all:#?}");
    }
}

/// One of each failure. The match makes the compiler ask for new ones.
fn failures() -> Vec<DeployFailure> {
    use DeployFailure as F;
    let (text, address, port) = (|| "quux".to_string(), || "quux".to_string(), 4242);
    let all = vec![
        F::AddressNotFound { address: address() },
        F::Unreachable { address: address(), port },
        F::ConnectionRefused { address: address(), port },
        F::ClosedBeforeBanner,
        F::NotSsh { port },
        F::HostKeyChanged { expected: text(), found: text() },
        F::WrongPassword,
        F::KeyRejected,
        F::WrongPassphrase,
        F::MalformedKey,
        F::PasswordExpired,
        F::LoginMethodRefused { offered: text() },
        F::SudoMissing,
        F::SudoNotAllowed { user: text() },
        F::WrongSudoPassword,
        F::NotLinux { found: text() },
        F::UnknownArchitecture { found: text() },
        F::AgentNotBundled { architecture: text() },
        F::UnknownInit { init: text() },
        F::NotOlder { running: text(), bundled: "0.1.0".into() },
        F::NoAgent,
        F::CanaryFailed { name: text() },
        F::NeedsPassword,
        F::KeyNotRestricted { reason: text() },
        F::NoFreePort { first: 4242, last: 4250 },
        F::NoSftp,
        F::DiskFull { path: text() },
        F::NotWritable { path: text(), reason: "read-only".into() },
        F::UploadCorrupted,
        F::ServiceFailed { log: text() },
        F::AgentUnreachable { address: address(), port },
        F::AgentRejected { reason: text() },
        F::Disconnected,
        F::TimedOut { seconds: 4242 },
        F::Cancelled,
        F::Unexpected { reason: text() },
    ];
    for failure in &all {
        match failure {
            F::AddressNotFound { .. } | F::Unreachable { .. } | F::ConnectionRefused { .. } | F::ClosedBeforeBanner | F::NotSsh { .. } => {}
            F::HostKeyChanged { .. } | F::WrongPassword | F::KeyRejected | F::WrongPassphrase | F::MalformedKey | F::PasswordExpired => {}
            F::LoginMethodRefused { .. } | F::SudoMissing | F::SudoNotAllowed { .. } | F::WrongSudoPassword | F::NotLinux { .. } => {}
            F::UnknownArchitecture { .. } | F::AgentNotBundled { .. } | F::UnknownInit { .. } | F::NoAgent => {}
            F::NotOlder { .. } | F::CanaryFailed { .. } | F::NeedsPassword | F::KeyNotRestricted { .. } => {}
            F::NoFreePort { .. } | F::NoSftp | F::DiskFull { .. } | F::NotWritable { .. } | F::UploadCorrupted => {}
            F::ServiceFailed { .. } | F::AgentUnreachable { .. } | F::AgentRejected { .. } | F::Disconnected => {}
            F::TimedOut { .. } | F::Cancelled | F::Unexpected { .. } => {}
        }
    }
    all
}

#[test]
fn every_failure_is_a_sentence_with_the_hosts_own_words() {
    check(|locale| failures().iter().map(|failure| failure_text(locale, failure)).collect());
    for failure in failures() {
        let named = failure.to_string();
        for locale in LOCALES {
            let text = failure_text(locale, &failure);
            // Both fingerprints of a changed key stand below the sentence.
            if !matches!(failure, DeployFailure::HostKeyChanged { .. }) {
                for value in ["quux", "4242"] {
                    assert_eq!(text.contains(value), named.contains(value), "{text}");
                }
            }
        }
    }
}

#[test]
fn every_error_of_the_centre_is_a_sentence() {
    let errors = [
        ApiError::Unauthorized,
        ApiError::Forbidden,
        ApiError::NotFound,
        ApiError::Invalid(Vec::new()),
        ApiError::Throttled { wait_s: 42 },
        ApiError::Deploy(DeployFailure::NoSftp),
        ApiError::Busy,
        ApiError::Unavailable,
        ApiError::Network,
        ApiError::Internal { reference: "a1b2".into() },
    ];
    check(|locale| errors.iter().map(|error| api_error_text(locale, error)).collect());
    for locale in LOCALES {
        assert!(api_error_text(locale, &ApiError::Throttled { wait_s: 42 }).contains("42"));
        assert!(api_error_text(locale, &ApiError::Internal { reference: "a1b2".into() }).contains("a1b2"));
    }
}

#[test]
fn every_reason_is_a_sentence() {
    let reasons = [
        FieldReason::Required,
        FieldReason::TooShort { least: 10 },
        FieldReason::TooLong { most: 64 },
        FieldReason::NotInRange { least: 1, most: 65_535 },
        FieldReason::NotAnAddress,
        FieldReason::ForbiddenAddress,
        FieldReason::Taken { name: "web-01".into() },
        FieldReason::BadCharacters,
        FieldReason::NotAKey,
        FieldReason::NotAFingerprint,
        FieldReason::TooWeak,
        FieldReason::Differs,
        FieldReason::WrongLogin,
        FieldReason::WrongToken,
    ];
    check(|locale| reasons.iter().map(|reason| field_reason_text(locale, Field::Address, reason)).collect());
    assert_eq!(field_reason_text(Locale::en, Field::Port, &reasons[3]), "SSH port must be a whole number from 1 to 65535.");
    assert_eq!(field_reason_text(Locale::zh_CN, Field::Remark, &reasons[2]), "备注最多 64 个字符。");
}

#[test]
fn steps_and_findings_are_told() {
    let steps: HashSet<_> = [DeployAction::Install, DeployAction::Remove].into_iter().flat_map(|action| action.steps()).collect();
    check(|locale| steps.iter().map(|&&step| step_name(locale, step).to_string()).collect());
    let system = |port, port_was_taken| StepDetail::System {
        os: "Debian 12".into(),
        architecture: "x86_64".into(),
        init: "systemd 252".into(),
        port,
        port_was_taken,
    };
    for (detail, text) in [
        (StepDetail::AgentIsCompiled, "Waiting for the agent, which is being compiled"),
        (StepDetail::Uploaded { bytes: 1_860_000 }, "1.9 MB, hash checked"),
        (StepDetail::Sample { cpu_percent: Some(12.34), memory_percent: None }, "CPU 12.3 % · memory – %"),
        (StepDetail::LoggedIn { user: "root".into(), needs_sudo: false }, "As root"),
        (system(9100, false), "Debian 12 · x86_64 · systemd 252 · port 9100"),
        (system(9101, true), "Debian 12 · x86_64 · systemd 252 · port 9101 (9100 is taken)"),
    ] {
        assert_eq!(step_detail_text(Locale::en, &detail), text);
    }
}
