//! Steps of an action on a host, and what they found out, as words.

use crate::i18n::{Locale, td_string};
use protocol::deploy::{DeployStep, StepDetail};

/// Port on which an agent listens unless it is taken.
const USUAL_AGENT_PORT: u16 = 9100;
const BYTES_PER_MB: f64 = 1e6;

/// What a step does, in a few words.
pub fn step_name(locale: Locale, step: DeployStep) -> &'static str {
    match step {
        DeployStep::Connect => td_string!(locale, hosts.step.connect),
        DeployStep::HostKey => td_string!(locale, hosts.step.host_key),
        DeployStep::Authenticate => td_string!(locale, hosts.step.authenticate),
        DeployStep::Preflight => td_string!(locale, hosts.step.preflight),
        DeployStep::Upload => td_string!(locale, hosts.step.upload),
        DeployStep::Install => td_string!(locale, hosts.step.install),
        DeployStep::Start => td_string!(locale, hosts.step.start),
        DeployStep::FirstSample => td_string!(locale, hosts.step.first_sample),
        DeployStep::ShellSample => td_string!(locale, hosts.step.shell_sample),
        DeployStep::PlaceKey => td_string!(locale, hosts.step.place_key),
        DeployStep::TryKey => td_string!(locale, hosts.step.try_key),
        DeployStep::Uninstall => td_string!(locale, hosts.step.uninstall),
    }
}

/// What a step found out, in one line.
pub fn step_detail_text(locale: Locale, detail: &StepDetail) -> String {
    match detail {
        StepDetail::Reached { address } => td_string!(locale, hosts.detail.reached, address = address.as_str()),
        StepDetail::HostKey { algorithm, fingerprint, pinned_before } => key_text(locale, algorithm, fingerprint, *pinned_before),
        StepDetail::LoggedIn { user, needs_sudo: true } => td_string!(locale, hosts.detail.logged_in_sudo, user = user.as_str()),
        StepDetail::LoggedIn { user, needs_sudo: false } => td_string!(locale, hosts.detail.logged_in, user = user.as_str()),
        StepDetail::System { os, architecture, init, port, port_was_taken } => {
            let (os, architecture, init) = (os.as_str(), architecture.as_str(), init.as_str());
            if *port_was_taken && *port != USUAL_AGENT_PORT {
                td_string!(locale, hosts.detail.system_other_port, os = os, architecture = architecture, init = init, port = port)
            } else {
                td_string!(locale, hosts.detail.system, os = os, architecture = architecture, init = init, port = port)
            }
        }
        StepDetail::AgentIsCompiled => td_string!(locale, hosts.detail.agent_is_compiled).into(),
        StepDetail::Uploaded { bytes } => {
            td_string!(locale, hosts.detail.uploaded, size = format!("{:.1}", *bytes as f64 / BYTES_PER_MB))
        }
        StepDetail::Sample { cpu_percent, memory_percent } => {
            td_string!(locale, hosts.detail.sample, cpu = percent(*cpu_percent), memory = percent(*memory_percent))
        }
    }
}

fn key_text(locale: Locale, algorithm: &str, fingerprint: &str, pinned_before: bool) -> String {
    if pinned_before {
        td_string!(locale, hosts.detail.pinned_before, algorithm = algorithm, fingerprint = fingerprint)
    } else {
        td_string!(locale, hosts.detail.pinned_now, algorithm = algorithm, fingerprint = fingerprint)
    }
}

/// One decimal; a gap is a dash.
fn percent(value: Option<f32>) -> String {
    value.map_or_else(|| "–".to_string(), |value| format!("{value:.1}"))
}
