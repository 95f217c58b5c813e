//! From what is told to the messages of each notifier, in its words.

use super::message::{Item, Limit, Message, cut};
use super::plan::{Bundle, Told};
use super::senders::sha256_hex;
use super::template::{self, TemplateError, mentions};
use super::variables::{Voice, variables};
use crate::store::{NewMessage, NotifierRow};
use minijinja::Value;
use protocol::host::Level;
use protocol::notify::{FieldKind, NotifierId};
use std::collections::{BTreeMap, HashSet};

const MOST_SUBJECT: Limit = Limit::Letters(200);

/// The messages of some bundles. Notifiers that are not among `notifiers`, or switched off, get none; nobody is told the same twice where
/// two routes lead to one notifier.
pub fn compose_all(bundles: &[Bundle], notifiers: &BTreeMap<NotifierId, NotifierRow>, public_url: &str) -> Vec<NewMessage> {
    let mut told_before = HashSet::new();
    let mut messages = Vec::new();
    for bundle in bundles {
        for notifier in bundle.notifiers.iter().filter_map(|id| notifiers.get(id)).filter(|notifier| notifier.enabled) {
            let is_new = |told: &&Told| told_before.insert((notifier.id, told.item.alert.id, told.item.telling, told.news_id));
            let told: Vec<Told> = bundle.told.iter().filter(is_new).cloned().collect();
            if notifier.kind.keeps_incidents() {
                // An incident that nobody has opened needs no end.
                let known = told.iter().filter(|told| told.item.telling != super::Telling::Passed);
                messages.extend(known.map(|told| composed(notifier, bundle, std::slice::from_ref(told), public_url)));
            } else if !bundle.incidents_only && !told.is_empty() {
                messages.push(composed(notifier, bundle, &told, public_url));
            }
        }
    }
    messages
}

fn composed(notifier: &NotifierRow, bundle: &Bundle, told: &[Told], public_url: &str) -> NewMessage {
    let items: Vec<Item> = told.iter().map(|told| told.item.clone()).collect();
    let key = key_of(notifier.id, bundle, told);
    let message = compose(notifier, &items, key.clone(), public_url);
    let text = serde_json::to_string(&message).unwrap_or_default();
    NewMessage { idempotency_key: key, notifier_id: notifier.id, subject: message.subject, message: text }
}

/// The same for the same news by the same route to the same notifier. What is repeated differs by its time.
fn key_of(notifier_id: NotifierId, bundle: &Bundle, told: &[Told]) -> String {
    let mut parts = vec![format!("{}/{notifier_id}", bundle.route_id)];
    for Told { item, news_id } in told {
        let is_repeated = matches!(item.telling, super::Telling::Repeated | super::Telling::Escalated);
        let at_ms = if is_repeated { item.now_ms } else { 0 };
        parts.push(format!("{}:{}:{news_id}:{at_ms}", item.alert.id, item.telling.name()));
    }
    sha256_hex(parts.join(",").as_bytes())[..32].to_owned()
}

/// One message of some alerts, the worst first.
pub fn compose(notifier: &NotifierRow, items: &[Item], key: String, public_url: &str) -> Message {
    let voice = Voice { language: notifier.language, time_zone: &notifier.time_zone, public_url };
    let context = variables(voice, items);
    let text = |field: &str| rendered(notifier, field, items.len(), &context);
    let own = notifier.kind.fields().filter(|field| field.kind == FieldKind::Template && !matches!(field.name, "subject" | "body"));
    let texts = own.map(|field| (field.name.to_owned(), text(field.name))).collect();
    let subject: String = text("subject").chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let level = items.iter().map(Item::level).max().unwrap_or(Level::Warning);
    // A list is good news only where all of it is.
    let worst = items.iter().find(|item| !item.telling.is_end()).or(items.first());
    let first = items.first().map(|item| &item.alert);
    Message {
        telling: worst.map_or(super::Telling::Fired, |item| item.telling),
        level,
        subject: cut(subject.trim(), MOST_SUBJECT),
        body: text("body"),
        texts,
        incident: if let [item] = items { item.incident() } else { key.clone() },
        host: first.map(|alert| alert.host_name.clone()).unwrap_or_default(),
        kind: first.map(|alert| alert.kind.name().to_owned()).unwrap_or_default(),
        at_ms: worst.map_or(0, Item::at_ms),
        link: voice.link(items),
        key,
    }
}

/// A template of somebody's own, where it works; else the usual one, so that no alert is lost by a template. One that does not speak of
/// several alerts is not used for several.
fn rendered(notifier: &NotifierRow, field: &str, count: usize, context: &Value) -> String {
    let usual = template::usual(notifier.language, field);
    let own = notifier.fields.get(field).filter(|source| !source.trim().is_empty());
    let speaks = |source: &str| match field {
        "subject" => mentions(source, "count") || mentions(source, "items"),
        "body" => mentions(source, "items"),
        _ => true,
    };
    let own = own.filter(|source| count == 1 || speaks(source));
    let failed = |error: TemplateError| tracing::warn!(notifier = notifier.name, field, %error, "the usual template is used instead");
    own.and_then(|source| template::render(source, context).map_err(failed).ok())
        .or_else(|| template::render(usual, context).map_err(failed).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::notify::Telling;
    use crate::notify::example::{digest_example, single_example};
    use protocol::notify::{Language, NotifierKind};

    fn notifier(id: NotifierId, kind: NotifierKind, fields: &[(&str, &str)]) -> NotifierRow {
        NotifierRow {
            id,
            name: format!("n{id}"),
            kind,
            enabled: id < 9,
            language: Language::English,
            time_zone: "UTC".into(),
            fields: fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
            sealed: BTreeMap::new(),
        }
    }

    fn bundle(notifiers: &[NotifierId], items: Vec<Item>) -> Bundle {
        let told = items.into_iter().zip(1..).map(|(item, news_id)| Told { item, news_id }).collect();
        Bundle { route_id: 1, notifiers: notifiers.to_vec(), told, incidents_only: false }
    }

    fn all() -> BTreeMap<NotifierId, NotifierRow> {
        let list = [
            notifier(1, NotifierKind::Smtp, &[]),
            notifier(2, NotifierKind::PagerDuty, &[]),
            notifier(3, NotifierKind::Webhook, &[]),
            notifier(9, NotifierKind::Slack, &[]),
        ];
        list.into_iter().map(|notifier| (notifier.id, notifier)).collect()
    }

    #[test]
    fn each_notifier_gets_what_it_can_use() {
        let mut many = digest_example(0);
        many[3].telling = Telling::Passed;
        let messages = compose_all(&[bundle(&[1, 2, 3, 9, 77], many)], &all(), "");
        let of = |id| messages.iter().filter(|message| message.notifier_id == id).count();
        assert_eq!((of(1), of(2), of(3), of(9), of(77)), (1, 24, 1, 0, 0));
        let keys: HashSet<_> = messages.iter().map(|message| &message.idempotency_key).collect();
        assert_eq!(keys.len(), messages.len());
        let webhook: Message = serde_json::from_str(&messages.last().unwrap().message).unwrap();
        let json: serde_json::Value = serde_json::from_str(&webhook.texts["json"]).unwrap();
        assert_eq!((json["count"].as_i64(), json["items"].as_array().unwrap().len()), (Some(25), 20));
        let quiet = Bundle { incidents_only: true, ..bundle(&[1, 2], single_example(0)) };
        assert_eq!(compose_all(&[quiet], &all(), "").iter().map(|message| message.notifier_id).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn two_routes_to_one_notifier_tell_once_and_keys_are_stable() {
        let first = bundle(&[1], single_example(0));
        let second = Bundle { route_id: 2, ..bundle(&[1, 3], single_example(0)) };
        let messages = compose_all(&[first.clone(), second], &all(), "");
        assert_eq!(messages.iter().map(|message| message.notifier_id).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(messages[0].idempotency_key, compose_all(std::slice::from_ref(&first), &all(), "")[0].idempotency_key);
        let repeated = |now_ms| {
            let mut bundle = first.clone();
            (bundle.told[0].item.telling, bundle.told[0].item.now_ms) = (Telling::Repeated, now_ms);
            compose_all(&[bundle], &all(), "")[0].idempotency_key.clone()
        };
        assert_ne!(repeated(5), repeated(6));
    }

    #[test]
    fn a_template_that_fails_or_does_not_fit_gives_way_to_the_usual_one() {
        let compose = |fields: &[(&str, &str)], items: &[Item]| compose(&notifier(1, NotifierKind::Smtp, fields), items, "k".into(), "");
        let own = [("subject", "{{ host }}\r\nBcc: x"), ("body", "{{ items|length }} {{ host }}")];
        let message = compose(&own, &single_example(0));
        assert_eq!((message.subject.as_str(), message.body.as_str()), ("web-1  Bcc: x", "1 web-1"));
        let message = compose(&own, &digest_example(0));
        assert_eq!((message.subject.as_str(), message.body.as_str()), ("[Critical] 25 alerts: web-1, web-2, web-3 and others", "20 web-1"));
        let broken = compose(&[("body", "{{ nothing }}")], &single_example(0));
        assert!(broken.body.starts_with("Alert: web-1"), "{}", broken.body);
    }
}
