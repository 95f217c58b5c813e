//! Between a host as it is listed and the form in which it is changed.

use crate::browser::FormValues;
use crate::error::Field;
use crate::forms::{HostForm, LoginMethod};
use crate::views::HostSummary;
use leptos::prelude::*;

/// What the form shows for a host: everything but its secrets, which the centre keeps to itself, and its pinned key, which
/// belongs to the address and not to the form.
pub fn form_of(host: &HostSummary) -> HostForm {
    let thresholds = host.card.thresholds;
    HostForm {
        address: host.card.address.clone(),
        port: host.card.port.to_string(),
        user: host.ssh_user.clone(),
        method: host.method,
        remark: host.remark.clone(),
        group: host.card.group.clone(),
        agentless: host.card.agentless,
        exporter_port: host.exporter_port.to_string(),
        exporter_tls: host.exporter_tls,
        exporter_certificate: host.exporter_certificate.clone(),
        exporter_user: host.exporter_user.clone(),
        tags: host.card.tags.join(", "),
        cpu_threshold: format!("{:.0}", thresholds.cpu_percent),
        memory_threshold: format!("{:.0}", thresholds.memory_percent),
        disk_threshold: format!("{:.0}", thresholds.disk_percent),
        ..HostForm::default()
    }
}

/// What is chosen by clicking instead of typing.
#[derive(Clone, Copy)]
pub struct Choices {
    pub method: RwSignal<LoginMethod>,
    pub agentless: RwSignal<bool>,
    pub exporter_tls: RwSignal<bool>,
}

impl Choices {
    /// As a form has them at first.
    pub fn of(form: &HostForm) -> Self {
        Self {
            method: RwSignal::new(form.method),
            agentless: RwSignal::new(form.agentless),
            exporter_tls: RwSignal::new(form.exporter_tls),
        }
    }
}

/// The form that is being sent.
pub fn read_form(values: &FormValues, choices: Choices) -> HostForm {
    HostForm {
        address: values.text(Field::Address),
        port: values.text(Field::Port),
        user: values.text(Field::SshUser),
        method: choices.method.get_untracked(),
        password: values.secret(Field::SshPassword),
        private_key: values.secret(Field::PrivateKey),
        passphrase: values.secret(Field::Passphrase),
        sudo_password: values.secret(Field::SudoPassword),
        remark: values.text(Field::Remark),
        tags: values.text(Field::Tags),
        group: values.text(Field::Group),
        agentless: choices.agentless.get_untracked(),
        exporter_port: values.text(Field::ExporterPort),
        exporter_tls: choices.exporter_tls.get_untracked(),
        exporter_certificate: values.text(Field::ExporterCertificate),
        exporter_user: values.text(Field::ExporterUser),
        exporter_password: values.secret(Field::ExporterPassword),
        cpu_threshold: values.text(Field::CpuThreshold),
        memory_threshold: values.text(Field::MemoryThreshold),
        disk_threshold: values.text(Field::DiskThreshold),
        fingerprint: values.text(Field::Fingerprint),
    }
}
