//! Values of the interface between page and centre as sentences in the user's language. Pure.

mod alert_text;
mod api_text;
mod deploy_text;
mod failure_text;
mod field_text;
mod host_text;
mod metric_text;
mod notify_text;
#[cfg(test)]
mod tests;

pub use alert_text::{
    alert_kind_name, alert_mark, alert_name, alert_state_text, alert_text, bound_text, condition_text, lasted_ms, level_name, named,
    spoken_text, turn_text, value_text,
};
pub use api_text::api_error_text;
pub use deploy_text::{step_detail_text, step_name};
pub use failure_text::failure_text;
pub use field_text::field_reason_text;
pub use host_text::{change_text, share_name, source_name, status_name};
pub use metric_text::{series_name, unit_name};
pub use notify_text::{
    choice_name, delivery_state_name, field_problem_text, notifier_field_hint, notifier_field_label, notifier_kind_hint,
    notifier_kind_name, variable_text,
};
