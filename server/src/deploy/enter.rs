//! The steps that every action begins with: connect, host key, login.

use super::failure::explain;
use super::progress::Reporter;
use super::remote::Remote;
use crate::ssh::{Deadlines, Target, exchange_keys, prepare, reach};
use protocol::deploy::{DeployFailure, DeployStep, StepDetail};

/// Logs in and tells each step.
///
/// # Errors
/// Why the host cannot be entered. A key that cannot be read fails the login before the host is even reached.
pub async fn enter(target: &Target, reporter: &mut Reporter<'_>) -> Result<Remote, DeployFailure> {
    let failed = |error| explain(error, target);
    let deadlines = Deadlines::default();
    let credential = match prepare(&target.credential).await {
        Ok(credential) => credential,
        Err(error) => {
            reporter.fail_at(DeployStep::Authenticate);
            return Err(failed(error));
        }
    };
    reporter.start(DeployStep::Connect);
    let reached = reach(target, &deadlines).await.map_err(failed)?;
    reporter.done(Some(StepDetail::Reached { address: reached.address.ip().to_string() }));
    reporter.start(DeployStep::HostKey);
    let unproven = exchange_keys(reached, target, &deadlines).await.map_err(failed)?;
    reporter.done(Some(StepDetail::HostKey {
        algorithm: unproven.key.algorithm.clone(),
        fingerprint: unproven.key.fingerprint.clone(),
        pinned_before: target.pinned_key.is_some(),
    }));
    reporter.start(DeployStep::Authenticate);
    let session = unproven.log_in(&target.user, &credential, &deadlines).await.map_err(failed)?;
    reporter.done(Some(StepDetail::LoggedIn { user: target.user.clone(), needs_sudo: target.user != "root" }));
    Ok(Remote::new(session, target))
}

/// Logs in again after a connection broke, to the same host key as before.
///
/// # Errors
/// Why the host cannot be entered.
pub async fn reenter(target: &Target, fingerprint: &str) -> Result<Remote, DeployFailure> {
    let failed = |error| explain(error, target);
    let deadlines = Deadlines::default();
    let target = &Target { pinned_key: Some(fingerprint.to_owned()), ..target.clone() };
    let credential = prepare(&target.credential).await.map_err(failed)?;
    let reached = reach(target, &deadlines).await.map_err(failed)?;
    let unproven = exchange_keys(reached, target, &deadlines).await.map_err(failed)?;
    let session = unproven.log_in(&target.user, &credential, &deadlines).await.map_err(failed)?;
    Ok(Remote::new(session, target))
}
