//! Alerts that nobody has had: for previews, tests of notifiers and the check of templates.

use super::message::{Item, Telling};
use protocol::alert::{Alert, AlertKind};
use protocol::host::Level;

/// One alert.
pub fn single_example(now_ms: i64) -> Vec<Item> {
    vec![item(1, now_ms)]
}

/// More alerts than one message lists.
pub fn digest_example(now_ms: i64) -> Vec<Item> {
    (1..=25).map(|number| item(number, now_ms)).collect()
}

fn item(number: i64, now_ms: i64) -> Item {
    let alert = Alert {
        id: 16 + number,
        host_id: 1 + number,
        host_name: format!("web-{number}"),
        group: "web".into(),
        kind: AlertKind::Cpu,
        target: String::new(),
        level: Level::Critical,
        worst: Level::Critical,
        no_data: false,
        value: Some(93.4),
        bound: Some(90.0),
        fired_at_ms: now_ms,
        changed_at_ms: now_ms,
        ended: None,
        acknowledged: None,
        resolved_by_hand: None,
        snoozed_until_ms: None,
    };
    Item { alert, telling: Telling::Fired, now_ms }
}
