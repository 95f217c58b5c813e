//! Real parts that tests run against: an sshd of their own on loopback, and a host with a real systemd.
// Each test program uses its own choice of these.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

pub mod collection;
pub mod relay;
pub mod sshd;
pub mod systemd_host;

use protocol::deploy::{DeployFailure, DeployProgress, DeployStep, StepState};
use secrecy::SecretString;
use std::sync::Mutex;
use tactus::ssh::{Credential, Target};

/// Says loudly that a test did not run, or fails where the real parts are required (`TACTUS_REQUIRE_REAL=1`).
pub fn skip(needs: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    assert!(std::env::var_os("TACTUS_REQUIRE_REAL").is_none(), "{test} cannot run ({needs}), but TACTUS_REQUIRE_REAL is set");
    eprintln!("SKIPPED ({needs}): {test}");
}

/// Whether the test runs as root; says so if not.
pub fn is_root() -> bool {
    let root = effective_uid() == Some(0);
    if !root {
        skip("needs root");
    }
    root
}

fn effective_uid() -> Option<u32> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("Uid:"))?.split_whitespace().nth(1)?.parse().ok()
}

/// A text that occurs nowhere else.
pub fn unique(prefix: &str) -> String {
    format!("{prefix}{:08x}", rand::random::<u32>())
}

/// A login by password.
pub fn with_password(address: &str, port: u16, user: &str, password: &str) -> Target {
    Target {
        address: address.into(),
        port,
        user: user.into(),
        credential: Credential::Password(SecretString::from(password)),
        sudo_password: None,
        pinned_key: None,
        expected_fingerprint: None,
    }
}

/// A login by private key.
pub fn with_key(address: &str, port: u16, user: &str, text: &str, passphrase: Option<&str>) -> Target {
    let credential = Credential::PrivateKey { text: SecretString::from(text), passphrase: passphrase.map(SecretString::from) };
    Target { credential, ..with_password(address, port, user, "") }
}

/// Collects the progress of one action.
#[derive(Default)]
pub struct Told {
    events: Mutex<Vec<DeployProgress>>,
}

impl Told {
    pub fn hear(&self, progress: &DeployProgress) {
        self.events.lock().unwrap().push(progress.clone());
    }

    pub fn last(&self) -> DeployProgress {
        self.events.lock().unwrap().last().cloned().expect("nothing was told")
    }

    pub fn count(&self) -> usize {
        self.events.lock().unwrap().len()
    }

    pub fn failed_step(&self) -> Option<DeployStep> {
        self.last().steps.iter().find(|report| report.state == StepState::Failed).map(|report| report.step)
    }

    /// Checks that the action failed at a step for a reason, is over, and left nothing.
    pub fn assert_failed(&self, step: DeployStep, failure: &DeployFailure) {
        let last = self.last();
        assert!(last.finished, "{last:?}");
        assert_eq!(last.failure.as_ref(), Some(failure));
        assert_eq!(self.failed_step(), Some(step), "{last:?}");
        assert!(last.cleaned, "{last:?}");
    }
}
