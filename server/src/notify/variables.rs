//! The variables of templates ([`protocol::notify::TEMPLATE_VARIABLES`]), from what is told.

use super::message::Item;
use super::words;
use minijinja::Value;
use protocol::notify::Language;

/// Alerts that are listed in one message.
const MOST_LISTED: usize = 20;

/// How a notifier speaks.
#[derive(Clone, Copy, Debug)]
pub struct Voice<'a> {
    pub language: Language,
    /// IANA name.
    pub time_zone: &'a str,
    /// Without a slash at its end; empty: there are no links.
    pub public_url: &'a str,
}

impl Voice<'_> {
    /// Where the page shows an alert, or all of them.
    pub fn link(&self, items: &[Item]) -> Option<String> {
        let page = (!self.public_url.is_empty()).then(|| format!("{}/alerts", self.public_url))?;
        Some(if let [item] = items { format!("{page}?id={}", item.alert.id) } else { page })
    }
}

/// The variables for some alerts, the worst first.
pub fn variables(voice: Voice<'_>, items: &[Item]) -> Value {
    let listed: Vec<Value> = items.iter().take(MOST_LISTED).map(|item| Value::from_pairs(of_one(voice, item))).collect();
    let more = items.len() - listed.len();
    let mut pairs = items.first().map(|item| of_one(voice, item)).unwrap_or_default();
    if let Some(link) = voice.link(items) {
        pairs.retain(|(name, _)| *name != "link");
        pairs.push(("link", Value::from(link)));
    }
    pairs.extend([("count", Value::from(items.len())), ("more", Value::from(more)), ("items", Value::from(listed))]);
    Value::from_pairs(pairs)
}

fn of_one(voice: Voice<'_>, item: &Item) -> Vec<(&'static str, Value)> {
    let Voice { language, time_zone, .. } = voice;
    let alert = &item.alert;
    let level = item.level();
    let (by, note) = item.remark();
    let link = voice.link(std::slice::from_ref(item)).unwrap_or_default();
    vec![
        ("host", Value::from(alert.host_name.as_str())),
        ("group", Value::from(alert.group.as_str())),
        ("kind", Value::from(words::subject(language, item))),
        ("kind_name", Value::from(alert.kind.name())),
        ("target", Value::from(alert.target.as_str())),
        ("level", Value::from(words::level(language, level))),
        ("level_name", Value::from(level_name(level))),
        ("change", Value::from(words::change(language, item))),
        ("change_name", Value::from(item.telling.name())),
        ("value", Value::from(words::value(language, alert.kind, alert.value))),
        ("value_number", alert.value.map_or_else(|| Value::from(()), Value::from)),
        ("bound", Value::from(words::value(language, alert.kind, alert.bound))),
        ("at", Value::from(words::moment(time_zone, item.at_ms()))),
        ("at_ms", Value::from(item.at_ms())),
        ("duration", Value::from(words::duration(language, item.lasted_ms()))),
        ("link", Value::from(link)),
        ("by", Value::from(by)),
        ("note", Value::from(note)),
        ("alert_id", Value::from(alert.id)),
        ("host_id", Value::from(alert.host_id)),
    ]
}

/// The store's word for a level.
fn level_name(level: protocol::host::Level) -> &'static str {
    match level {
        protocol::host::Level::Critical => "critical",
        protocol::host::Level::Warning => "warning",
        protocol::host::Level::Calm => "calm",
    }
}
