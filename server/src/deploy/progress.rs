//! Tells how an action goes, after every change.

use crate::clock::now_ms;
use protocol::deploy::{DeployAction, DeployFailure, DeployProgress, DeployStep, StepDetail, StepReport, StepState};
use protocol::host::HostId;
use std::time::Instant;

/// Who is told. It must not block.
pub type Report<'a> = &'a (dyn Fn(&DeployProgress) + Send + Sync);

/// Holds the progress of one action and times its steps.
pub struct Reporter<'a> {
    progress: DeployProgress,
    report: Report<'a>,
    running: Option<(DeployStep, Instant)>,
}

impl<'a> Reporter<'a> {
    /// Tells that all steps wait.
    pub fn new(host_id: HostId, action: DeployAction, report: Report<'a>) -> Self {
        let progress = DeployProgress::new(host_id, action, now_ms());
        report(&progress);
        Self { progress, report, running: None }
    }

    /// Tells that a step runs; the one before it is done.
    pub fn start(&mut self, step: DeployStep) {
        if self.running.is_some() {
            self.end_running(StepState::Done, None);
        }
        self.running = Some((step, Instant::now()));
        self.change(step, |report| report.state = StepState::Running);
        (self.report)(&self.progress);
    }

    /// Tells what the running step waits for.
    pub fn note(&mut self, detail: StepDetail) {
        if let Some((step, _)) = self.running {
            self.change(step, |report| report.detail = Some(detail));
            (self.report)(&self.progress);
        }
    }

    /// Tells that the running step is done, and what it found out.
    pub fn done(&mut self, detail: Option<StepDetail>) {
        self.end_running(StepState::Done, detail);
        (self.report)(&self.progress);
    }

    /// Tells that the running step has failed, or the next one when none runs. The action is not over yet: what was put on the host
    /// is still to be taken off. Only the first failure counts.
    pub fn fail(&mut self) {
        let waiting = self.progress.steps.iter().find(|report| report.state == StepState::Waiting).map(|report| report.step);
        if let Some(step) = self.running.map(|(step, _)| step).or(waiting) {
            self.fail_at(step);
        }
    }

    /// Tells that a step has failed without the ones before it.
    pub fn fail_at(&mut self, step: DeployStep) {
        if self.progress.steps.iter().all(|report| report.state != StepState::Failed) {
            self.running.get_or_insert_with(|| (step, Instant::now()));
            self.end_running(StepState::Failed, None);
            (self.report)(&self.progress);
        }
    }

    /// Tells that the action is over.
    pub fn finish(mut self, failure: Option<DeployFailure>, cleaned: bool) {
        self.progress.finished = true;
        self.progress.failure = failure;
        self.progress.cleaned = cleaned;
        (self.report)(&self.progress);
    }

    fn end_running(&mut self, state: StepState, detail: Option<StepDetail>) {
        if let Some((step, since)) = self.running.take() {
            let elapsed_ms = u64::try_from(since.elapsed().as_millis()).ok();
            self.change(step, |report| {
                report.state = state;
                report.elapsed_ms = elapsed_ms;
                if detail.is_some() {
                    report.detail = detail;
                }
            });
        }
    }

    fn change(&mut self, step: DeployStep, change: impl FnOnce(&mut StepReport)) {
        if let Some(report) = self.progress.steps.iter_mut().find(|report| report.step == step) {
            change(report);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use std::sync::Mutex;

    #[test]
    fn every_change_is_told_with_the_whole_state() {
        let told = Mutex::new(Vec::new());
        let report = |progress: &DeployProgress| told.lock().unwrap().push(progress.clone());
        let mut reporter = Reporter::new(7, DeployAction::Remove, &report);
        reporter.start(DeployStep::Connect);
        reporter.done(Some(StepDetail::Reached { address: "::1".into() }));
        reporter.note(StepDetail::AgentIsCompiled);
        reporter.start(DeployStep::HostKey);
        reporter.note(StepDetail::AgentIsCompiled);
        reporter.start(DeployStep::Authenticate);
        reporter.fail();
        reporter.finish(Some(DeployFailure::WrongPassword), true);
        let told = told.into_inner().unwrap();
        assert_eq!(told.len(), 8);
        assert!(told.iter().take(7).all(|progress| !progress.finished && progress.failure.is_none()));
        let last = told.last().unwrap();
        assert!(last.finished && last.cleaned);
        let states: Vec<_> = last.steps.iter().map(|report| report.state).collect();
        use StepState::{Done, Failed, Waiting};
        assert_eq!(states, [Done, Done, Failed, Waiting, Waiting]);
        assert!(last.steps.iter().take(3).all(|report| report.elapsed_ms.is_some()));
    }

    #[test]
    fn a_failure_before_any_step_runs_has_a_step_too() {
        let last = Mutex::new(None);
        let report = |progress: &DeployProgress| *last.lock().unwrap() = Some(progress.clone());
        let mut reporter = Reporter::new(7, DeployAction::Install, &report);
        reporter.fail_at(DeployStep::Authenticate);
        reporter.fail();
        reporter.finish(Some(DeployFailure::MalformedKey), true);
        let last = last.into_inner().unwrap().unwrap();
        let failed: Vec<_> = last.steps.iter().filter(|report| report.state == StepState::Failed).map(|report| report.step).collect();
        assert_eq!(failed, [DeployStep::Authenticate]);
    }
}
