//! Names of fields inside the page.

use crate::error::Field;

/// The `name` of a field, also the end of its ids and test ids.
pub fn field_word(field: Field) -> &'static str {
    match field {
        Field::SetupToken => "setup_token",
        Field::UserName => "user_name",
        Field::Password => "password",
        Field::PasswordAgain => "password_again",
        Field::Address => "address",
        Field::Port => "port",
        Field::SshUser => "ssh_user",
        Field::SshPassword => "ssh_password",
        Field::PrivateKey => "private_key",
        Field::Passphrase => "passphrase",
        Field::SudoPassword => "sudo_password",
        Field::Remark => "remark",
        Field::Tags => "tags",
        Field::Group => "group",
        Field::ExporterPort => "exporter_port",
        Field::ExporterCertificate => "exporter_certificate",
        Field::ExporterUser => "exporter_user",
        Field::ExporterPassword => "exporter_password",
        Field::Line => "line",
        Field::Batch => "batch",
        Field::CpuThreshold => "cpu_threshold",
        Field::MemoryThreshold => "memory_threshold",
        Field::DiskThreshold => "disk_threshold",
        Field::Fingerprint => "fingerprint",
        Field::Range => "range",
        Field::Series => "series",
        Field::Points => "points",
        Field::FineDays => "fine_days",
        Field::MediumDays => "medium_days",
        Field::CoarseDays => "coarse_days",
        Field::ProcessDays => "process_days",
        Field::ProcessBudget => "process_budget",
        Field::StorageBudget => "storage_budget",
    }
}
