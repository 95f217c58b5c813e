//! Replaces the login of a host by a key that may only read: it starts one of two scripts and reaches the agent's port, nothing else.

use super::enter::enter;
use super::failure::explain;
use super::preflight::clean_reason;
use super::progress::{Report, Reporter};
use super::remote::Remote;
use crate::collect::ShellStream;
use crate::ssh::{AS_LOGIN_USER, Credential, Deadlines, Limits, Session, Target, exchange_keys, framed, new_key, prepare, reach};
use probe::shell::{READ_LOOP, READ_SPACE};
use protocol::deploy::{DeployAction, DeployFailure, DeployStep};
use protocol::host::HostId;
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How long each trial of the key may take.
const TRIAL: Duration = Duration::from_secs(8);

/// What the key is tried with: it must not run.
const FORBIDDEN: &str = "echo forbidden-$((20 + 3))\n";

/// The end of our line, by which it is found again.
const MARK: &str = "tactus-may-only-read";

/// Puts a new key on a host, proves that it reads and does nothing else, and answers its private half. `report` is told of every
/// change. When a step fails, the key is taken off again and the old login stays.
///
/// # Errors
/// Why the step failed that the last progress marks as failed.
pub async fn restrict(
    host_id: HostId,
    target: &Target,
    agent_port: u16,
    report: Report<'_>,
    cancel: CancellationToken,
) -> Result<SecretString, DeployFailure> {
    let mut reporter = Reporter::new(host_id, DeployAction::Restrict, report);
    let mut entered = None;
    let outcome = tokio::select! {
        biased;
        () = cancel.cancelled() => Err(DeployFailure::Cancelled),
        outcome = place_and_try(target, agent_port, &mut entered, &mut reporter) => outcome,
    };
    let failure = outcome.as_ref().err().cloned();
    let mut cleaned = true;
    if let Some(remote) = entered {
        if failure.is_some() {
            reporter.fail();
            cleaned = remote.authorize(target, "").await.is_ok();
        } else {
            reporter.done(None);
        }
        remote.session.close().await;
    } else {
        reporter.fail();
    }
    reporter.finish(failure, cleaned);
    outcome
}

async fn place_and_try(
    target: &Target,
    agent_port: u16,
    entered: &mut Option<Remote>,
    reporter: &mut Reporter<'_>,
) -> Result<SecretString, DeployFailure> {
    let remote = entered.insert(enter(target, reporter).await?);
    reporter.start(DeployStep::Preflight);
    let facts = remote.look(target).await?;
    facts.require_root()?;
    if facts.agent.is_none() {
        return Err(DeployFailure::NoAgent);
    }
    reporter.start(DeployStep::PlaceKey);
    let key = new_key().map_err(|error| explain(error, target))?;
    remote.place_scripts(target).await?;
    remote.authorize(target, &entry(&key.public, agent_port)).await?;
    reporter.start(DeployStep::TryKey);
    let restricted = Target {
        credential: Credential::PrivateKey { text: key.private.clone(), passphrase: None },
        sudo_password: None,
        pinned_key: Some(remote.session.key.fingerprint.clone()),
        ..target.clone()
    };
    let session = log_in(&restricted).await?;
    try_key(session, agent_port, target.port).await?;
    Ok(key.private)
}

/// The line in authorized_keys. <https://man.openbsd.org/sshd#AUTHORIZED_KEYS_FILE_FORMAT>
fn entry(public: &str, agent_port: u16) -> String {
    let start = |name: &str, script: &str| format!("{name}) exec sh /usr/local/lib/tactus/{script};;");
    let command = format!(
        "case $SSH_ORIGINAL_COMMAND in {} {} *) echo refused >&2; exit 126;; esac",
        start(READ_LOOP, "loop.sh"),
        start(READ_SPACE, "space.sh")
    );
    // Both: the command is read by the user's own shell, which may know no "case".
    format!("restrict,port-forwarding,permitopen=\"127.0.0.1:{agent_port}\",command=\"exec sh -c '{command}'\" {public} {MARK}")
}

async fn log_in(target: &Target) -> Result<Session, DeployFailure> {
    let failed = |error| explain(error, target);
    let deadlines = Deadlines::default();
    let credential = prepare(&target.credential).await.map_err(failed)?;
    let reached = reach(target, &deadlines).await.map_err(failed)?;
    let unproven = exchange_keys(reached, target, &deadlines).await.map_err(failed)?;
    unproven.log_in(&target.user, &credential, &deadlines).await.map_err(failed)
}

async fn try_key(session: Session, agent_port: u16, ssh_port: u16) -> Result<(), DeployFailure> {
    let wrong = |reason: &str| DeployFailure::KeyNotRestricted { reason: reason.into() };
    let limits = Limits { total: TRIAL, silence: TRIAL };
    let ran = session.run(AS_LOGIN_USER, &SecretString::from(framed(FORBIDDEN)), limits, &mut |_| {}).await;
    if ran.is_ok_and(|output| output.stdout.contains("forbidden-23")) {
        return Err(wrong("it runs commands"));
    }
    if session.connect_loopback(ssh_port).await.is_ok() {
        return Err(wrong("it reaches other ports"));
    }
    if session.connect_loopback(agent_port).await.is_err() {
        return Err(wrong("it does not reach the agent"));
    }
    let reading = async {
        let mut stream = ShellStream::open(Arc::new(session), true).await.map_err(|error| error.to_string())?;
        stream.next(false).await.map_err(|error| error.to_string())
    };
    match timeout(TRIAL, reading).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(reason)) => Err(wrong(&clean_reason(&reason))),
        Err(_) => Err(wrong("it does not read")),
    }
}

#[cfg(test)]
mod tests {
    use super::entry;

    #[test]
    fn the_line_is_one_and_ends_with_our_mark() {
        let line = entry("ssh-ed25519 AAAA", 9101);
        assert!(line.starts_with("restrict,port-forwarding,permitopen=\"127.0.0.1:9101\",command=\"exec sh -c 'case "), "{line}");
        assert!(line.ends_with("\" ssh-ed25519 AAAA tactus-may-only-read"), "{line}");
        assert!(!line.contains('\n') && line.matches('"').count() == 4 && line.matches('\'').count() == 2, "{line}");
    }
}
