//! Between a host as it is listed and the form in which it is changed.

use crate::browser;
use crate::error::Field;
use crate::forms::{HostForm, LoginMethod};
use crate::views::HostSummary;
use leptos::ev::SubmitEvent;

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

/// The form that is being sent.
pub fn read_form(event: &SubmitEvent, method: LoginMethod) -> HostForm {
    let values = browser::values_of(event);
    HostForm {
        address: values.text(Field::Address),
        port: values.text(Field::Port),
        user: values.text(Field::SshUser),
        method,
        password: values.secret(Field::SshPassword),
        private_key: values.secret(Field::PrivateKey),
        passphrase: values.secret(Field::Passphrase),
        sudo_password: values.secret(Field::SudoPassword),
        remark: values.text(Field::Remark),
        tags: values.text(Field::Tags),
        cpu_threshold: values.text(Field::CpuThreshold),
        memory_threshold: values.text(Field::MemoryThreshold),
        disk_threshold: values.text(Field::DiskThreshold),
        fingerprint: values.text(Field::Fingerprint),
        ..HostForm::default()
    }
}
