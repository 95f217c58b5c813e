//! What `scripts/preflight.sh` has seen on a host. Pure.

use protocol::deploy::DeployFailure;
use std::collections::BTreeSet;

/// Longest text of a host that is shown, in characters.
const MAX_SHOWN: usize = 300;

/// Longest path of a host that is used.
const MAX_PATH: usize = 200;

/// Facts about a host; `None` where it did not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// `uname -s`.
    pub system: String,
    /// `uname -m`.
    pub machine: String,
    /// Pretty name from os-release.
    pub os: String,
    /// `systemd`, or the name of process number one.
    pub init: String,
    pub systemd_version: Option<u32>,
    pub uid: Option<u32>,
    pub user: String,
    /// Only when it is an absolute path of plain characters.
    pub home: Option<String>,
    /// Free KiB of the places that matter; `None` also where the login user cannot write.
    pub tmp_free_kib: Option<u64>,
    pub home_free_kib: Option<u64>,
    pub lib_free_kib: Option<u64>,
    pub etc_free_kib: Option<u64>,
    /// Listening TCP ports near ours.
    pub listening: BTreeSet<u16>,
    /// `None` without IPv6; else whether a socket for IPv6 refuses IPv4.
    pub ipv6_only: Option<bool>,
    pub agent: Option<InstalledAgent>,
    /// Whether root's rights are there.
    pub root: bool,
    /// Places where even root cannot write.
    pub readonly: Vec<String>,
    pub sudo_missing: bool,
    /// What sudo said.
    pub sudo_said: String,
}

/// An agent of ours that is there already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InstalledAgent {
    pub port: Option<u16>,
    /// As `systemctl is-active` says it.
    pub state: String,
}

impl InstalledAgent {
    /// Whether it holds its port.
    pub fn is_running(&self) -> bool {
        matches!(self.state.as_str(), "active" | "activating" | "reloading" | "deactivating")
    }
}

/// Reads the script's output.
///
/// # Errors
/// [`DeployFailure::PasswordExpired`] when the host asks for a new password instead of running the script;
/// [`DeployFailure::Unexpected`] with what the host said when the script did not run to its end.
pub fn parse(stdout: &str, stderr: &str) -> Result<Facts, DeployFailure> {
    let mut facts = Facts::default();
    let mut complete = false;
    for line in stdout.lines() {
        let Some((name, value)) = line.split_once('=') else { continue };
        let text = || clean(value, MAX_SHOWN);
        match name {
            "system" => facts.system = text(),
            "machine" => facts.machine = text(),
            "os" => facts.os = text(),
            "init" => facts.init = text(),
            "systemd" => facts.systemd_version = value.parse().ok(),
            "uid" => facts.uid = value.parse().ok(),
            "user" => facts.user = text(),
            "home" => facts.home = usable_path(value),
            "tmp_free_kib" => facts.tmp_free_kib = value.parse().ok(),
            "home_free_kib" => facts.home_free_kib = value.parse().ok(),
            "lib_free_kib" => facts.lib_free_kib = value.parse().ok(),
            "etc_free_kib" => facts.etc_free_kib = value.parse().ok(),
            "listening" => facts.listening.extend(u16::from_str_radix(value, 16)),
            "bindv6only" => facts.ipv6_only = Some(value == "1"),
            "agent_port" => facts.agent.get_or_insert_default().port = value.parse().ok(),
            "agent_state" => facts.agent.get_or_insert_default().state = text(),
            "root" => facts.root = value == "yes",
            "readonly" => facts.readonly.push(text()),
            "sudo" => facts.sudo_missing = value == "missing",
            "sudo_said" => facts.sudo_said = clean(&format!("{} {value}", facts.sudo_said), MAX_SHOWN),
            "end" => complete = value == "yes",
            _ => {}
        }
    }
    if complete {
        return Ok(facts);
    }
    let said = format!("{stdout}\n{stderr}");
    let lower = said.to_lowercase();
    // With PAM the login itself succeeds, and this comes instead of the command's output.
    if lower.contains("password has expired") || lower.contains("password change required") || lower.contains("change your password") {
        return Err(DeployFailure::PasswordExpired);
    }
    Err(DeployFailure::Unexpected { reason: clean(&format!("the host runs no commands: {}", said.trim()), MAX_SHOWN) })
}

impl Facts {
    /// Root's rights, by login or by sudo.
    ///
    /// # Errors
    /// [`DeployFailure::SudoMissing`], [`DeployFailure::SudoNotAllowed`], [`DeployFailure::WrongSudoPassword`].
    pub fn require_root(&self) -> Result<(), DeployFailure> {
        const NOT_ALLOWED: [&str; 4] = ["not in the sudoers", "may not run sudo", "not allowed to", "i'm afraid i can't do that"];
        const WRONG_PASSWORD: [&str; 5] =
            ["incorrect password", "try again", "no password was provided", "password is required", "incorrect authentication"];
        if self.root {
            return Ok(());
        }
        if self.sudo_missing {
            return Err(DeployFailure::SudoMissing);
        }
        let said = self.sudo_said.to_lowercase();
        if NOT_ALLOWED.iter().any(|text| said.contains(text)) {
            return Err(DeployFailure::SudoNotAllowed { user: self.user.clone() });
        }
        if WRONG_PASSWORD.iter().any(|text| said.contains(text)) {
            return Err(DeployFailure::WrongSudoPassword);
        }
        Err(DeployFailure::Unexpected { reason: clean(&format!("sudo: {}", self.sudo_said), MAX_SHOWN) })
    }
}

/// A text of a host made fit to be shown: no control characters, one space between words, at most `most` characters.
pub fn clean(text: &str, most: usize) -> String {
    let visible: String = text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(most).collect()
}

/// A text of a host that explains a failure, cut to what the page shows.
pub fn clean_reason(text: &str) -> String {
    clean(text, MAX_SHOWN)
}

fn usable_path(path: &str) -> Option<String> {
    let plain = path.chars().all(|character| character.is_ascii_alphanumeric() || "/._-@+".contains(character));
    (path.starts_with('/') && plain && path.len() <= MAX_PATH).then(|| path.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const DEBIAN: &str = "system=Linux\nmachine=x86_64\nos=Debian GNU/Linux 12 (bookworm)\ninit=systemd\nsystemd=252\nuid=1000\n\
        user=ada\nhome=/home/ada\ntmp_free_kib=1000\nhome_free_kib=\nlib_free_kib=5000\netc_free_kib=5000\nlistening=238C\n\
        listening=2395\nbindv6only=0\nagent_port=9101\nagent_state=active\nroot=yes\nend=yes\n";

    #[test]
    fn a_usual_host() {
        let facts = parse(DEBIAN, "").unwrap();
        assert_eq!(facts.os, "Debian GNU/Linux 12 (bookworm)");
        assert_eq!((facts.systemd_version, facts.uid), (Some(252), Some(1000)));
        assert_eq!((facts.tmp_free_kib, facts.home_free_kib), (Some(1000), None));
        assert_eq!(facts.listening, BTreeSet::from([9100, 9109]));
        assert_eq!(facts.ipv6_only, Some(false));
        assert_eq!(facts.home.as_deref(), Some("/home/ada"));
        assert_eq!(facts.agent, Some(InstalledAgent { port: Some(9101), state: "active".into() }));
        assert_eq!(facts.require_root(), Ok(()));
    }

    #[test]
    fn a_host_that_runs_nothing() {
        for (stdout, stderr, expired) in [
            ("", "WARNING: Your password has expired.\nPassword change required but no TTY available.\n", true),
            ("You are required to change your password immediately (administrator enforced).\n", "", true),
            ("This account is currently not available.\n", "", false),
            ("system=Linux\nmachine=x86_64\n", "", false),
            ("\u{1b}[31mgo away\u{7}", "", false),
        ] {
            match parse(stdout, stderr) {
                Err(DeployFailure::PasswordExpired) => assert!(expired, "{stdout}"),
                Err(DeployFailure::Unexpected { reason }) => {
                    assert!(!expired, "{stdout}");
                    assert!(!reason.chars().any(char::is_control), "{reason:?}");
                }
                other => panic!("{stdout}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_sudo_says() {
        let ada = || "ada".to_owned();
        for (lines, outcome) in [
            ("sudo=missing", Err(DeployFailure::SudoMissing)),
            ("sudo_said=ada is not in the sudoers file.", Err(DeployFailure::SudoNotAllowed { user: ada() })),
            ("sudo_said=Sorry, user ada may not run sudo on web1.", Err(DeployFailure::SudoNotAllowed { user: ada() })),
            (
                "sudo_said=Sorry, user ada is not allowed to execute '/usr/bin/sh -c' as root on web1.",
                Err(DeployFailure::SudoNotAllowed { user: ada() }),
            ),
            ("sudo_said=Sorry, try again.\nsudo_said=sudo: 1 incorrect password attempt", Err(DeployFailure::WrongSudoPassword)),
            ("sudo_said=sudo: a password is required", Err(DeployFailure::WrongSudoPassword)),
            (
                "sudo_said=sudo: sorry, you must have a tty to run sudo",
                Err(DeployFailure::Unexpected { reason: "sudo: sudo: sorry, you must have a tty to run sudo".into() }),
            ),
            ("root=yes", Ok(())),
        ] {
            let facts = parse(&format!("user=ada\n{lines}\nend=yes\n"), "").unwrap();
            assert_eq!(facts.require_root(), outcome, "{lines}");
        }
    }

    #[test]
    fn hostile_values_stay_values() {
        let facts = parse("home=/tmp/x; touch /tmp/y\nuser=\u{1b}]0;x\u{7}\nlistening=zz\nsystemd=-1\nend=yes\n", "").unwrap();
        assert_eq!(facts.home, None);
        assert_eq!(facts.user, "]0;x");
        assert!(facts.listening.is_empty());
        assert_eq!(facts.systemd_version, None);
        assert_eq!(clean(&"x".repeat(1000), 300).len(), 300);
    }
}
