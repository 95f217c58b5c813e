//! What people send: rules, maintenance windows, notes. Every wrong field is named.

use app::error::{ApiError, Field, FieldError, FieldReason};
use app::forms::{MaintenanceForm, RuleForm};
use app::views::{AlertAct, MaintenanceTime};
use jiff::tz::TimeZone;
use protocol::alert::{AlertKind, RuleScope, RuleSettings, Side, Watched};
use protocol::metric::Unit;

const LONGEST_NAME: usize = 100;
const LONGEST_NOTE: usize = 500;
const LONGEST_TARGET: usize = 4_096;
const WINDOW_S: (i64, i64) = (0, 600);
const HOLD_S: (i64, i64) = (0, 86_400);
const NO_DATA_S: (i64, i64) = (10, 86_400);
const LONGEST_SNOOZE_MS: i64 = 30 * 86_400_000;
const LONGEST_MINUTES: u16 = 10_080;
/// Thresholds may not be larger: that much of anything is a typing error.
const LARGEST: f64 = 1e15;

/// A rule as it is to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidRule {
    pub scope: RuleScope,
    pub kind: AlertKind,
    pub target: String,
    pub settings: RuleSettings,
}

/// Collects what is wrong.
#[derive(Default)]
struct Wrong(Vec<FieldError>);

impl Wrong {
    fn add(&mut self, field: Field, reason: FieldReason) {
        self.0.push(FieldError { field, reason });
    }

    fn seconds(&mut self, field: Field, text: &str, (least, most): (i64, i64)) -> u32 {
        let found = text.trim().parse().ok().filter(|number| (least..=most).contains(number));
        if found.is_none() {
            self.add(field, if text.trim().is_empty() { FieldReason::Required } else { FieldReason::NotInRange { least, most } });
        }
        found.unwrap_or(least) as u32
    }

    /// A number, or nothing.
    fn number(&mut self, field: Field, text: &str, unit: Unit) -> Option<f64> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let found = text.parse().ok().filter(|number: &f64| number.is_finite());
        let most = if unit == Unit::Percent { 100.0 } else { LARGEST };
        match found {
            None => self.add(field, FieldReason::NotANumber),
            Some(number) if !(0.0..=most).contains(&number) => self.add(field, FieldReason::NotInRange { least: 0, most: most as i64 }),
            Some(_) => {}
        }
        found
    }
}

/// A form's rule, or every field that is wrong.
///
/// # Errors
/// [`ApiError::Invalid`].
pub fn valid_rule(form: &RuleForm) -> Result<ValidRule, ApiError> {
    let mut wrong = Wrong::default();
    let Ok(kind) = form.kind.parse::<AlertKind>() else { return Err(ApiError::field(Field::RuleKind, FieldReason::Unknown)) };
    let (warning, critical) = match kind.watched() {
        // A state has levels, but no thresholds.
        Watched::State => ((!form.warning.trim().is_empty()).then_some(1.0), (!form.critical.trim().is_empty()).then_some(1.0)),
        _ => {
            let warning = wrong.number(Field::Warning, &form.warning, kind.unit());
            (warning, wrong.number(Field::Critical, &form.critical, kind.unit()).or_else(|| kind.critical_of(warning?)))
        }
    };
    if wrong.0.is_empty() {
        let worse = |warning: f64, critical: f64| if kind.side() == Side::Above { critical >= warning } else { critical <= warning };
        match (warning, critical) {
            (None, None) => wrong.add(Field::Warning, FieldReason::NoLevel),
            (Some(warning), Some(critical)) if !worse(warning, critical) => wrong.add(Field::Critical, FieldReason::WrongOrder),
            _ => {}
        }
    }
    let clear_distance = wrong.number(Field::ClearDistance, &form.clear_distance, kind.unit()).unwrap_or_default();
    let target = form.target.trim();
    if !target.is_empty() && (kind.watched() != Watched::Mount || !target.starts_with('/')) {
        wrong.add(Field::RuleTarget, FieldReason::Unknown);
    }
    if target.len() > LONGEST_TARGET {
        wrong.add(Field::RuleTarget, FieldReason::TooLong { most: LONGEST_TARGET });
    }
    check_scope(&mut wrong, &form.scope);
    let settings = RuleSettings {
        enabled: form.enabled,
        warning,
        critical,
        window_s: wrong.seconds(Field::Window, &form.window_s, WINDOW_S),
        hold_s: wrong.seconds(Field::Hold, &form.hold_s, HOLD_S),
        clear_distance,
        clear_s: wrong.seconds(Field::Clear, &form.clear_s, HOLD_S),
        no_data_s: wrong.seconds(Field::NoData, &form.no_data_s, NO_DATA_S),
        warn_no_data: form.warn_no_data,
    };
    let rule = ValidRule { scope: form.scope.clone(), kind, target: target.to_owned(), settings };
    if wrong.0.is_empty() { Ok(rule) } else { Err(ApiError::Invalid(wrong.0)) }
}

fn check_scope(wrong: &mut Wrong, scope: &RuleScope) {
    if let RuleScope::Group(name) | RuleScope::Tag(name) = scope {
        match name.chars().count() {
            0 => wrong.add(Field::RuleScope, FieldReason::Required),
            count if count > LONGEST_NAME => wrong.add(Field::RuleScope, FieldReason::TooLong { most: LONGEST_NAME }),
            _ => {}
        }
    }
}

/// Whether a maintenance window makes sense.
///
/// # Errors
/// [`ApiError::Invalid`] with every field that is wrong.
pub fn check_maintenance(form: &MaintenanceForm) -> Result<(), ApiError> {
    let mut wrong = Wrong::default();
    match form.name.trim().chars().count() {
        0 => wrong.add(Field::MaintenanceName, FieldReason::Required),
        count if count > LONGEST_NAME => wrong.add(Field::MaintenanceName, FieldReason::TooLong { most: LONGEST_NAME }),
        _ => {}
    }
    check_scope(&mut wrong, &form.plan.scope);
    match &form.plan.time {
        MaintenanceTime::Once { from_ms, to_ms } if from_ms >= to_ms => wrong.add(Field::MaintenanceTime, FieldReason::EmptyRange),
        MaintenanceTime::Once { .. } => {}
        MaintenanceTime::Weekly { days, start_minute, minutes, time_zone } => {
            if days.is_empty() || days.iter().any(|day| !(1..=7).contains(day)) {
                wrong.add(Field::MaintenanceTime, FieldReason::Required);
            }
            if *start_minute >= 1_440 || !(1..=LONGEST_MINUTES).contains(minutes) {
                wrong.add(Field::MaintenanceTime, FieldReason::NotInRange { least: 1, most: i64::from(LONGEST_MINUTES) });
            }
            if TimeZone::get(time_zone).is_err() {
                wrong.add(Field::TimeZone, FieldReason::NotATimeZone);
            }
        }
    }
    if wrong.0.is_empty() { Ok(()) } else { Err(ApiError::Invalid(wrong.0)) }
}

/// Whether somebody may do this to an alert.
///
/// # Errors
/// [`ApiError::Invalid`] with the field that is wrong.
pub fn check_act(act: &AlertAct, now_ms: i64) -> Result<(), ApiError> {
    match act {
        AlertAct::Acknowledge { note } | AlertAct::Resolve { note } if note.chars().count() > LONGEST_NOTE => {
            Err(ApiError::field(Field::Note, FieldReason::TooLong { most: LONGEST_NOTE }))
        }
        AlertAct::Snooze { until_ms } if *until_ms <= now_ms => Err(ApiError::field(Field::SnoozeUntil, FieldReason::EmptyRange)),
        AlertAct::Snooze { until_ms } if *until_ms > now_ms + LONGEST_SNOOZE_MS => {
            Err(ApiError::field(Field::SnoozeUntil, FieldReason::LongRange))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use app::views::MaintenancePlan;

    fn form(kind: &str, warning: &str, critical: &str) -> RuleForm {
        RuleForm {
            kind: kind.into(),
            enabled: true,
            warning: warning.into(),
            critical: critical.into(),
            window_s: "10".into(),
            hold_s: "0".into(),
            clear_distance: "5".into(),
            clear_s: " 30 ".into(),
            no_data_s: "60".into(),
            ..RuleForm::default()
        }
    }

    #[test]
    fn the_critical_threshold_follows_from_the_warning_one() {
        for (kind, warning, critical, expected) in [
            ("cpu", "70", "", (Some(70.0), Some(80.0))),
            ("cpu", "70.5", "99", (Some(70.5), Some(99.0))),
            ("cpu", "", "99", (None, Some(99.0))),
            ("load", "3", "", (Some(3.0), None)),
            ("disk_forecast", "24", "6", (Some(24.0), Some(6.0))),
            ("offline", "yes", "", (Some(1.0), None)),
        ] {
            let settings = valid_rule(&form(kind, warning, critical)).unwrap().settings;
            assert_eq!((settings.warning, settings.critical), expected, "{kind}");
        }
    }

    #[test]
    fn every_wrong_field_of_a_rule_is_named() {
        let fields = |form: RuleForm| -> Vec<Field> {
            let ApiError::Invalid(errors) = valid_rule(&form).unwrap_err() else { panic!("not invalid") };
            errors.iter().map(|error| error.field).collect()
        };
        assert_eq!(fields(form("heat", "1", "2")), [Field::RuleKind]);
        assert_eq!(fields(form("cpu", "", "")), [Field::Warning]);
        assert_eq!(fields(form("cpu", "x", "101")), [Field::Warning, Field::Critical]);
        assert_eq!(fields(form("cpu", "90", "80")), [Field::Critical]);
        assert_eq!(fields(form("disk_forecast", "6", "24")), [Field::Critical]);
        assert_eq!(fields(form("cpu", "NaN", "")), [Field::Warning]);
        assert_eq!(fields(RuleForm { target: "/data".into(), ..form("cpu", "1", "") }), [Field::RuleTarget]);
        assert_eq!(fields(RuleForm { scope: RuleScope::Tag(String::new()), ..form("cpu", "1", "") }), [Field::RuleScope]);
        let times =
            RuleForm { window_s: "601".into(), hold_s: "-1".into(), clear_s: "".into(), no_data_s: "9".into(), ..form("cpu", "1", "") };
        assert_eq!(fields(times), [Field::Window, Field::Hold, Field::Clear, Field::NoData]);
    }

    #[test]
    fn windows_that_make_no_sense_are_refused() {
        let weekly = |days: &[u8], start_minute, minutes, zone: &str| MaintenanceTime::Weekly {
            days: days.to_vec(),
            start_minute,
            minutes,
            time_zone: zone.into(),
        };
        for (time, expected) in [
            (MaintenanceTime::Once { from_ms: 1, to_ms: 2 }, None),
            (MaintenanceTime::Once { from_ms: 2, to_ms: 2 }, Some(Field::MaintenanceTime)),
            (weekly(&[1, 7], 0, 10_080, "Asia/Shanghai"), None),
            (weekly(&[], 0, 5, "UTC"), Some(Field::MaintenanceTime)),
            (weekly(&[8], 0, 5, "UTC"), Some(Field::MaintenanceTime)),
            (weekly(&[1], 1_440, 5, "UTC"), Some(Field::MaintenanceTime)),
            (weekly(&[1], 0, 5, "Mars/Base"), Some(Field::TimeZone)),
        ] {
            let form = MaintenanceForm { id: 0, name: "x".into(), plan: MaintenancePlan { scope: RuleScope::Default, time } };
            let found = check_maintenance(&form).err().map(|error| match error {
                ApiError::Invalid(errors) => errors[0].field,
                other => panic!("{other}"),
            });
            assert_eq!(found, expected, "{form:?}");
        }
    }
}
