//! Our scripts on a host: constants that reach a shell on its standard input, with their values as lines after them.

use super::failure::explain;
use super::preflight::{self, Facts};
use crate::ssh::{AS_LOGIN_USER, Credential, Limits, Output, Session, SshError, Target, framed, loader};
use probe::shell::{LOOP, SPACE};
use protocol::deploy::DeployFailure;
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

/// `-k` makes sudo ask even if it has asked a moment ago, so that the first line always is what it expects.
const WITH_SUDO_PASSWORD: &str = concat!("sudo -k -S -p \"\" -- ", loader!());
const WITH_FREE_SUDO: &str = concat!("sudo -k -n -- ", loader!());

/// A script that knows the agent's places and how its service is spoken to.
macro_rules! placed {
    ($($script:expr),+) => {
        concat!(include_str!("scripts/init.sh"), include_str!("scripts/place.sh"), $($script),+)
    };
}

const PREFLIGHT: &str = concat!(include_str!("scripts/init.sh"), include_str!("scripts/preflight.sh"));
const HASH: &str = include_str!("scripts/hash.sh");
const DISCARD: &str = include_str!("scripts/discard.sh");
const INSTALL: &str = placed!(include_str!("scripts/change.sh"), include_str!("scripts/install.sh"));
const UPGRADE: &str = placed!(include_str!("scripts/change.sh"), include_str!("scripts/upgrade.sh"));
const UNDO: &str = placed!(include_str!("scripts/undo.sh"));
const COMMIT: &str = placed!(include_str!("scripts/commit.sh"));
const REMOVE: &str = placed!(include_str!("scripts/remove.sh"));
const RESTRICT: &str = placed!(include_str!("scripts/restrict.sh"));
const AUTHORIZE: &str = include_str!("scripts/authorize.sh");

/// For scripts that only look.
const SHORT: Limits = Limits { total: Duration::from_secs(10), silence: Duration::from_secs(10) };

/// For scripts that wait for a service; each of their steps says something.
const LONG: Limits = Limits { total: Duration::from_secs(30), silence: Duration::from_secs(10) };

/// For scripts that may have to wait until another one that lost its connection has ended.
const AFTER_ANOTHER: Limits = Limits { total: Duration::from_secs(35), silence: Duration::from_secs(25) };

/// A logged-in host on which scripts run.
pub struct Remote {
    pub session: Session,
    /// `None` where the login password is a private key's and no sudo password was given.
    password: Option<SecretString>,
    /// Whether the login user is root already.
    is_root: bool,
}

/// Which of the changing scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Install,
    Upgrade,
}

/// What the changing script has said.
#[derive(Debug, PartialEq, Eq)]
pub enum InstallOutcome {
    /// The service runs. What was there before is kept until this one has proven itself.
    Running,
    /// It failed and has undone what it did; `cleaned` says whether it has verified that.
    Failed { failure: DeployFailure, cleaned: bool },
}

impl Remote {
    /// Takes over a session.
    pub fn new(session: Session, target: &Target) -> Self {
        let login = match &target.credential {
            Credential::Password(password) => Some(password),
            Credential::PrivateKey { .. } => None,
        };
        let password = target.sudo_password.as_ref().filter(|password| !password.expose_secret().is_empty()).or(login);
        // sudo reads one line. A password with a line break in it cannot be entered that way.
        let password = password.filter(|password| !password.expose_secret().contains(['\n', '\0'])).cloned();
        Self { session, password, is_root: target.user == "root" }
    }

    /// Looks at the host.
    ///
    /// # Errors
    /// What prevents commands, or [`DeployFailure::PasswordExpired`].
    pub async fn look(&mut self, target: &Target) -> Result<Facts, DeployFailure> {
        let mut input = framed(PREFLIGHT);
        match &self.password {
            Some(password) => input.extend(["password\n", password.expose_secret(), "\n"]),
            None => input.push_str("none\n"),
        }
        let input = SecretString::from(input);
        let ran = self.session.run(AS_LOGIN_USER, &input, SHORT, &mut |_| {}).await;
        let output = ran.map_err(|error| explain(error, target))?;
        let facts = preflight::parse(&output.stdout, &output.stderr)?;
        self.is_root = facts.uid == Some(0);
        Ok(facts)
    }

    /// SHA-256 of the uploaded agent as the host sees it.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn hash_upload(&self, uploads: &str) -> Result<String, SshError> {
        let output = self.run(false, HASH, &[uploads], SHORT, &mut |_| {}).await?;
        Ok(value_of(&output.stdout, "sha256").unwrap_or_default().to_owned())
    }

    /// Puts the uploads in their places and starts the service. `on_start` is called when all is in its place.
    ///
    /// # Errors
    /// The connection fails: then nobody knows how far the script came, and [`Remote::undo`] is due.
    pub async fn change(
        &self,
        change: Change,
        uploads: &str,
        port: u16,
        on_start: &mut (dyn FnMut() + Send),
    ) -> Result<InstallOutcome, SshError> {
        let script = match change {
            Change::Install => INSTALL,
            Change::Upgrade => UPGRADE,
        };
        let mut on_line = |line: &str| {
            if line == "step=start" {
                on_start();
            }
        };
        let output = self.run(true, script, &[uploads, &format!("{port:04X}")], LONG, &mut on_line).await?;
        Ok(read_outcome(&output))
    }

    /// Brings the host back to what it was before an installation; says whether that was verified.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn undo(&self, uploads: &str) -> Result<bool, SshError> {
        Ok(is_clean(&self.run(true, UNDO, &[uploads], AFTER_ANOTHER, &mut |_| {}).await?))
    }

    /// Keeps the change for good and forgets what was there before; `false` when the host has undone it already.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn commit(&self) -> Result<bool, SshError> {
        Ok(is_clean(&self.run(true, COMMIT, &[], SHORT, &mut |_| {}).await?))
    }

    /// Puts the two scripts in their place that a key may start which may only read.
    ///
    /// # Errors
    /// The connection fails, or [`DeployFailure::Unexpected`] with what the host said.
    pub async fn place_scripts(&self, target: &Target) -> Result<(), DeployFailure> {
        let lines = LOOP.lines().count().to_string();
        let ran = self.run(true, RESTRICT, &[&lines, LOOP.trim_end(), SPACE.trim_end()], SHORT, &mut |_| {}).await;
        let output = ran.map_err(|error| explain(error, target))?;
        said_yes(&output, "placed")
    }

    /// Puts a line into the login user's authorized_keys in place of an earlier one of ours; an empty one only takes that out.
    ///
    /// # Errors
    /// The connection fails, or [`DeployFailure::Unexpected`] with what the host said.
    pub async fn authorize(&self, target: &Target, entry: &str) -> Result<(), DeployFailure> {
        let ran = self.run(false, AUTHORIZE, &[entry], SHORT, &mut |_| {}).await;
        let output = ran.map_err(|error| explain(error, target))?;
        said_yes(&output, "clean")
    }

    /// Deletes uploads that were not installed; says whether that was verified.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn discard(&self, uploads: &str) -> Result<bool, SshError> {
        Ok(is_clean(&self.run(false, DISCARD, &[uploads], SHORT, &mut |_| {}).await?))
    }

    /// Stops the agent and deletes all that belongs to it.
    ///
    /// # Errors
    /// The connection fails, or [`DeployFailure::Unexpected`] when something is left.
    pub async fn remove(&self, target: &Target) -> Result<(), DeployFailure> {
        let ran = self.run(true, REMOVE, &[], AFTER_ANOTHER, &mut |_| {}).await;
        let output = ran.map_err(|error| explain(error, target))?;
        said_yes(&output, "clean")
    }

    async fn run(
        &self,
        as_root: bool,
        script: &'static str,
        values: &[&str],
        limits: Limits,
        on_line: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Output, SshError> {
        let mut input = String::new();
        let command = match &self.password {
            _ if self.is_root || !as_root => AS_LOGIN_USER,
            Some(password) => {
                input.extend([password.expose_secret(), "\n"]);
                WITH_SUDO_PASSWORD
            }
            None => WITH_FREE_SUDO,
        };
        input.push_str(&framed(script));
        for value in values {
            input.extend([value, "\n"]);
        }
        self.session.run(command, &SecretString::from(input), limits, on_line).await
    }
}

fn value_of<'a>(stdout: &'a str, name: &str) -> Option<&'a str> {
    stdout.lines().find_map(|line| line.split_once('=').filter(|(found, _)| *found == name).map(|(_, value)| value))
}

fn said_yes(output: &Output, name: &str) -> Result<(), DeployFailure> {
    if value_of(&output.stdout, name) == Some("yes") {
        return Ok(());
    }
    let reason = format!("the host's answer is incomplete: {} {}", output.stdout, output.stderr);
    Err(DeployFailure::Unexpected { reason: preflight::clean_reason(&reason) })
}

fn is_clean(output: &Output) -> bool {
    value_of(&output.stdout, "clean") == Some("yes")
}

/// Reads what a changing script has said.
fn read_outcome(output: &Output) -> InstallOutcome {
    let said = &output.stdout;
    if value_of(said, "installed") == Some("yes") {
        return InstallOutcome::Running;
    }
    let failure = if value_of(said, "service") == Some("failed") {
        let log: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("log=")).collect();
        DeployFailure::ServiceFailed { log: preflight::clean_reason(&log.join(" · ")) }
    } else {
        let reason = preflight::clean_reason(&output.stderr);
        let path = value_of(said, "failed_at").map(preflight::clean_reason);
        match path {
            Some(path) if reason.contains("No space left") => DeployFailure::DiskFull { path },
            Some(path) if ["Read-only", "Permission denied", "not permitted"].iter().any(|text| reason.contains(text)) => {
                DeployFailure::NotWritable { path, reason }
            }
            _ => DeployFailure::Unexpected { reason: preflight::clean_reason(&format!("{} {reason}", said.replace('\n', " "))) },
        }
    };
    InstallOutcome::Failed { failure, cleaned: is_clean(output) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_of_the_installing_script() {
        let full = "cp: error writing '/usr/local/lib/tactus/tactus-agent.new': No space left on device";
        let path = || "/usr/local/lib/tactus/tactus-agent".to_owned();
        for (stdout, stderr, outcome) in [
            ("previous=yes\nstep=start\ninstalled=yes\n", "", InstallOutcome::Running),
            (
                "failed_at=/usr/local/lib/tactus/tactus-agent\nstep=stop\nclean=yes\n",
                full,
                InstallOutcome::Failed { failure: DeployFailure::DiskFull { path: path() }, cleaned: true },
            ),
            (
                "failed_at=/usr/local/lib/tactus/tactus-agent\nleft=/etc/tactus-agent\n",
                "cp: Read-only file system",
                InstallOutcome::Failed {
                    failure: DeployFailure::NotWritable { path: path(), reason: "cp: Read-only file system".into() },
                    cleaned: false,
                },
            ),
            (
                "step=start\nservice=failed\nlog=cannot bind\u{1b}[0m\nlog=Result=exit-code\nstep=stop\nclean=yes\n",
                "",
                InstallOutcome::Failed {
                    failure: DeployFailure::ServiceFailed { log: "cannot bind [0m · Result=exit-code".into() },
                    cleaned: true,
                },
            ),
        ] {
            let output = Output { status: Some(0), stdout: stdout.into(), stderr: stderr.into() };
            assert_eq!(read_outcome(&output), outcome, "{stdout}");
        }
    }

    #[test]
    fn scripts_do_not_contain_the_marks_that_frame_them() {
        for script in [PREFLIGHT, HASH, DISCARD, INSTALL, UPGRADE, UNDO, COMMIT, REMOVE, RESTRICT, AUTHORIZE] {
            assert!(!script.contains("#tactus-"), "{script}");
            assert!(script.ends_with('\n'));
        }
        for command in [AS_LOGIN_USER, WITH_SUDO_PASSWORD, WITH_FREE_SUDO] {
            assert!(!command.contains(['\n', '!']), "{command}");
            assert_eq!(command.matches('\'').count(), 2, "{command}");
        }
    }
}
