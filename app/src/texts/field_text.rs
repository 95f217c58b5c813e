//! Wrong fields of forms as sentences.

use crate::error::{Field, FieldReason};
use crate::i18n::{Locale, td_string};

/// Name of a field as sentences use it.
pub fn field_name(locale: Locale, field: Field) -> &'static str {
    match field {
        Field::SetupToken => td_string!(locale, errors.field.setup_token),
        Field::UserName => td_string!(locale, errors.field.user_name),
        Field::Password => td_string!(locale, errors.field.password),
        Field::PasswordAgain => td_string!(locale, errors.field.password_again),
        Field::Address => td_string!(locale, errors.field.address),
        Field::Port => td_string!(locale, errors.field.port),
        Field::SshUser => td_string!(locale, errors.field.ssh_user),
        Field::SshPassword => td_string!(locale, errors.field.ssh_password),
        Field::PrivateKey => td_string!(locale, errors.field.private_key),
        Field::Passphrase => td_string!(locale, errors.field.passphrase),
        Field::SudoPassword => td_string!(locale, errors.field.sudo_password),
        Field::Remark => td_string!(locale, errors.field.remark),
        Field::Tags => td_string!(locale, errors.field.tags),
        Field::Group => td_string!(locale, errors.field.group),
        Field::ExporterPort => td_string!(locale, errors.field.exporter_port),
        Field::ExporterCertificate => td_string!(locale, errors.field.exporter_certificate),
        Field::ExporterUser => td_string!(locale, errors.field.exporter_user),
        Field::ExporterPassword => td_string!(locale, errors.field.exporter_password),
        Field::Line => td_string!(locale, errors.field.line),
        Field::Batch => td_string!(locale, errors.field.batch),
        Field::CpuThreshold => td_string!(locale, errors.field.cpu_threshold),
        Field::MemoryThreshold => td_string!(locale, errors.field.memory_threshold),
        Field::DiskThreshold => td_string!(locale, errors.field.disk_threshold),
        Field::Fingerprint => td_string!(locale, errors.field.fingerprint),
        Field::Range => td_string!(locale, errors.field.range),
        Field::Series => td_string!(locale, errors.field.series),
        Field::Points => td_string!(locale, errors.field.points),
        Field::FineDays => td_string!(locale, errors.field.fine_days),
        Field::MediumDays => td_string!(locale, errors.field.medium_days),
        Field::CoarseDays => td_string!(locale, errors.field.coarse_days),
        Field::ProcessDays => td_string!(locale, errors.field.process_days),
        Field::ProcessBudget => td_string!(locale, errors.field.process_budget),
        Field::StorageBudget => td_string!(locale, errors.field.storage_budget),
        Field::RuleKind => td_string!(locale, errors.field.rule_kind),
        Field::RuleTarget => td_string!(locale, errors.field.rule_target),
        Field::RuleScope => td_string!(locale, errors.field.rule_scope),
        Field::Warning => td_string!(locale, errors.field.warning),
        Field::Critical => td_string!(locale, errors.field.critical),
        Field::Window => td_string!(locale, errors.field.window),
        Field::Hold => td_string!(locale, errors.field.hold),
        Field::ClearDistance => td_string!(locale, errors.field.clear_distance),
        Field::Clear => td_string!(locale, errors.field.clear),
        Field::NoData => td_string!(locale, errors.field.no_data),
        Field::Note => td_string!(locale, errors.field.note),
        Field::SnoozeUntil => td_string!(locale, errors.field.snooze_until),
        Field::MaintenanceName => td_string!(locale, errors.field.maintenance_name),
        Field::MaintenanceTime => td_string!(locale, errors.field.maintenance_time),
        Field::TimeZone => td_string!(locale, errors.field.time_zone),
        Field::Behind => td_string!(locale, errors.field.behind),
    }
}

/// Why `field` is wrong and what is expected, as a sentence that stands beside it.
pub fn field_reason_text(locale: Locale, field: Field, reason: &FieldReason) -> String {
    let name = field_name(locale, field);
    match reason {
        FieldReason::Required => td_string!(locale, errors.reason.required, field = name),
        FieldReason::TooShort { least } => td_string!(locale, errors.reason.too_short, field = name, least = least),
        FieldReason::TooLong { most } => td_string!(locale, errors.reason.too_long, field = name, most = most),
        FieldReason::NotInRange { least, most } => {
            td_string!(locale, errors.reason.not_in_range, field = name, least = least, most = most)
        }
        FieldReason::NotAnAddress => td_string!(locale, errors.reason.not_an_address).to_string(),
        FieldReason::ForbiddenAddress => td_string!(locale, errors.reason.forbidden_address).to_string(),
        FieldReason::Taken { name } => td_string!(locale, errors.reason.taken, name = name.as_str()),
        FieldReason::BadCharacters => td_string!(locale, errors.reason.bad_characters, field = name),
        FieldReason::NotAKey => td_string!(locale, errors.reason.not_a_key).to_string(),
        FieldReason::NotAFingerprint => td_string!(locale, errors.reason.not_a_fingerprint).to_string(),
        FieldReason::NotACertificate => td_string!(locale, errors.reason.not_a_certificate).to_string(),
        FieldReason::NotALine => td_string!(locale, errors.reason.not_a_line).to_string(),
        FieldReason::UnknownColumn { name } if name.is_empty() => td_string!(locale, errors.reason.no_address_column).to_string(),
        FieldReason::UnknownColumn { name } => td_string!(locale, errors.reason.unknown_column, name = name.as_str()),
        FieldReason::TooManyLines { most } => td_string!(locale, errors.reason.too_many_lines, most = most),
        FieldReason::Repeated { line } => td_string!(locale, errors.reason.repeated, line = line),
        FieldReason::TooWeak => td_string!(locale, errors.reason.too_weak).to_string(),
        FieldReason::Differs => td_string!(locale, errors.reason.differs).to_string(),
        FieldReason::WrongLogin => td_string!(locale, errors.reason.wrong_login).to_string(),
        FieldReason::WrongToken => td_string!(locale, errors.reason.wrong_token).to_string(),
        FieldReason::EmptyRange => td_string!(locale, errors.reason.empty_range).to_string(),
        FieldReason::FutureRange => td_string!(locale, errors.reason.future_range).to_string(),
        FieldReason::LongRange => td_string!(locale, errors.reason.long_range).to_string(),
        FieldReason::NoLevel => td_string!(locale, errors.reason.no_level).to_string(),
        FieldReason::WrongOrder => td_string!(locale, errors.reason.wrong_order).to_string(),
        FieldReason::NotANumber => td_string!(locale, errors.reason.not_a_number, field = name),
        FieldReason::Unknown => td_string!(locale, errors.reason.unknown, field = name),
        FieldReason::Circle => td_string!(locale, errors.reason.circle).to_string(),
        FieldReason::NotATimeZone => td_string!(locale, errors.reason.not_a_time_zone).to_string(),
        FieldReason::NotATime => td_string!(locale, errors.reason.not_a_time).to_string(),
        FieldReason::UnknownSeries { name } => td_string!(locale, errors.reason.unknown_series, name = name.as_str()),
        FieldReason::NotSoManyLines { most } => td_string!(locale, errors.reason.not_so_many_lines, most = most),
    }
}
