//! Between a rule and the form in which it is changed. Traffic is typed in megabytes a second, and travels in bytes.

use super::state::Editing;
use crate::browser::FormValues;
use crate::error::Field;
use crate::forms::RuleForm;
use protocol::alert::{AlertKind, Watched};
use protocol::host::Level;
use protocol::metric::Unit;

const MEGABYTE: f64 = 1e6;

/// What is chosen by clicking instead of typing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choices {
    pub enabled: bool,
    pub warn_no_data: bool,
    /// Of a state: which level it has.
    pub state_level: Level,
}

fn scale(kind: AlertKind) -> f64 {
    if kind.unit() == Unit::BytesPerSecond { MEGABYTE } else { 1.0 }
}

/// A value as it stands in a field.
pub fn shown(kind: AlertKind, value: Option<f64>) -> String {
    // Through the short form, so that no digits appear that nobody has typed.
    value.map(|value| format!("{}", ((value / scale(kind)) * 1e6).round() / 1e6)).unwrap_or_default()
}

/// What is typed as it travels; what is no number travels as it is, and the centre says so.
fn sent(kind: AlertKind, text: String) -> String {
    let scale = scale(kind);
    match text.trim().parse::<f64>() {
        Ok(value) if scale != 1.0 => format!("{}", value * scale),
        _ => text,
    }
}

/// Unit of a kind's fields.
pub fn field_unit(kind: AlertKind) -> Option<&'static str> {
    match kind.unit() {
        Unit::Percent => Some("%"),
        Unit::BytesPerSecond => Some("MB/s"),
        Unit::Celsius => Some("°C"),
        Unit::Milliseconds => Some("ms"),
        Unit::Hours => Some("h"),
        Unit::Number => None,
    }
}

/// Whether enough is stored of a kind to look back on it.
pub fn can_replay(kind: AlertKind) -> bool {
    matches!(kind.watched(), Watched::Host(_))
        || matches!(kind, AlertKind::Disk | AlertKind::Inodes | AlertKind::Offline | AlertKind::Degraded)
}

/// The form that is being sent.
pub fn read_form(values: &FormValues, editing: &Editing, choices: Choices) -> RuleForm {
    let kind = editing.line.kind;
    let usual = &editing.line.settings;
    let number = |field: Field| sent(kind, values.text(field));
    let (warning, critical) = match (kind.watched(), choices.state_level) {
        (Watched::State, Level::Critical) => (String::new(), "1".to_owned()),
        (Watched::State, _) => ("1".to_owned(), String::new()),
        _ => (number(Field::Warning), number(Field::Critical)),
    };
    let is_state = kind.watched() == Watched::State;
    // Fields that a state does not have keep what they were.
    let kept = |field: Field, usual: String| if is_state { usual } else { values.text(field) };
    RuleForm {
        scope: editing.scope.clone(),
        kind: kind.name().to_owned(),
        target: if editing.one_mount { values.text(Field::RuleTarget) } else { editing.line.target.clone() },
        enabled: choices.enabled,
        warning,
        critical,
        window_s: kept(Field::Window, usual.window_s.to_string()),
        hold_s: values.text(Field::Hold),
        clear_distance: if is_state { usual.clear_distance.to_string() } else { number(Field::ClearDistance) },
        clear_s: values.text(Field::Clear),
        no_data_s: kept(Field::NoData, usual.no_data_s.to_string()),
        warn_no_data: choices.warn_no_data && !is_state,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traffic_is_typed_in_megabytes() {
        for (kind, value, text) in [
            (AlertKind::NetworkIn, 100e6, "100"),
            (AlertKind::NetworkIn, 1_250_000.0, "1.25"),
            (AlertKind::Cpu, 80.0, "80"),
            (AlertKind::Load, 0.5, "0.5"),
        ] {
            assert_eq!(shown(kind, Some(value)), text);
            assert_eq!(sent(kind, text.into()).parse(), Ok(value));
        }
        assert_eq!((shown(AlertKind::Cpu, None), sent(AlertKind::NetworkIn, "many".into())), (String::new(), "many".into()));
    }
}
