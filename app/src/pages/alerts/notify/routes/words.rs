//! A route in words. Pure.

use crate::i18n::{Locale, td_string};
use crate::moment::step_text;
use crate::pages::alerts::maintenance::{clock_text, day_name};
use crate::texts::alert_kind_name;
use protocol::host::{HostId, Level};
use protocol::notify::{NotifierId, Route, RouteMatch, RouteTime};

/// Names of what routes know by number.
pub struct Names<'a> {
    pub notifier: &'a dyn Fn(NotifierId) -> Option<String>,
    pub host: &'a dyn Fn(HostId) -> String,
}

/// What is between the names of a list.
fn joined(locale: Locale, names: impl IntoIterator<Item = impl Into<String>>) -> String {
    let names: Vec<String> = names.into_iter().map(Into::into).collect();
    names.join(if locale == Locale::zh_CN { "、" } else { ", " })
}

fn length(locale: Locale, minutes: u32) -> String {
    step_text(i64::from(minutes) * 60_000, locale)
}

/// A time of the day: `Mon, Fri 22:00–06:00 (Asia/Shanghai)`.
fn time_words(locale: Locale, time: &RouteTime) -> String {
    let days = match time.weekdays.as_slice() {
        [] => td_string!(locale, notify.words.every_day).to_owned(),
        days => joined(locale, days.iter().map(|day| day_name(locale, *day))),
    };
    let (from, until, zone) = (clock_text(time.from_min), clock_text(time.to_min), time.zone.as_str());
    td_string!(locale, notify.words.time, days = days, from = from, until = until, zone = zone)
}

/// Which alerts: `Critical alerts · group web · CPU`.
pub fn which_words(locale: Locale, matches: &RouteMatch, names: &Names<'_>) -> String {
    let has = |level| matches.levels.contains(&level);
    let levels = match (has(Level::Critical), has(Level::Warning)) {
        (true, false) => td_string!(locale, notify.words.critical),
        (false, true) => td_string!(locale, notify.words.warning),
        _ => td_string!(locale, notify.words.all),
    };
    let mut parts = vec![levels.to_owned()];
    if !matches.groups.is_empty() {
        parts.push(td_string!(locale, notify.words.group, names = joined(locale, matches.groups.clone())));
    }
    if !matches.tags.is_empty() {
        parts.push(td_string!(locale, notify.words.tag, names = joined(locale, matches.tags.clone())));
    }
    if !matches.hosts.is_empty() {
        parts.push(td_string!(locale, notify.words.host, names = joined(locale, matches.hosts.iter().map(|id| (names.host)(*id)))));
    }
    if !matches.kinds.is_empty() {
        parts.push(joined(locale, matches.kinds.iter().map(|kind| alert_kind_name(locale, *kind))));
    }
    parts.extend(matches.time.as_ref().map(|time| time_words(locale, time)));
    parts.join(" · ")
}

/// All of it: `Critical alerts · group web → DingTalk ops; repeats every 30 min; escalates after 15 min to SMS`.
pub fn route_words(locale: Locale, route: &Route, names: &Names<'_>) -> String {
    let people = |ids: &[NotifierId]| {
        let name = |id: &NotifierId| (names.notifier)(*id).unwrap_or_else(|| td_string!(locale, notify.words.gone).to_owned());
        if ids.is_empty() { td_string!(locale, notify.words.nobody).to_owned() } else { joined(locale, ids.iter().map(name)) }
    };
    let which = which_words(locale, &route.matches, names);
    let mut parts = vec![td_string!(locale, notify.words.to, which = which, whom = people(&route.notifiers))];
    if let Some(minutes) = route.repeat_every_min {
        parts.push(td_string!(locale, notify.words.repeat, time = length(locale, minutes)));
    }
    if let Some(minutes) = route.escalate_after_min {
        parts.push(td_string!(locale, notify.words.escalate, time = length(locale, minutes), whom = people(&route.escalate_to)));
    }
    if !route.tell_resolved {
        parts.push(td_string!(locale, notify.words.not_resolved).to_owned());
    }
    if route.stop {
        parts.push(td_string!(locale, notify.words.stop).to_owned());
    }
    parts.join(if locale == Locale::zh_CN { "；" } else { "; " })
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::alert::AlertKind;

    fn words(locale: Locale, route: &Route) -> String {
        let notifier = |id| [(1, "ops"), (2, "SMS")].iter().find(|(known, _)| *known == id).map(|(_, name)| (*name).to_owned());
        route_words(locale, route, &Names { notifier: &notifier, host: &|id| format!("web-{id}") })
    }

    #[test]
    fn routes_in_both_languages() {
        let full = Route {
            matches: RouteMatch {
                levels: vec![Level::Critical],
                groups: vec!["web".into(), "db".into()],
                tags: vec!["prod".into()],
                kinds: vec![AlertKind::Cpu],
                hosts: vec![7],
                time: Some(RouteTime { zone: "Asia/Shanghai".into(), weekdays: vec![1, 5], from_min: 1_320, to_min: 360 }),
            },
            notifiers: vec![1],
            repeat_every_min: Some(30),
            escalate_after_min: Some(15),
            escalate_to: vec![2, 3],
            tell_resolved: true,
            ..Route::default()
        };
        let silent = Route { stop: true, ..Route::default() };
        for (route, english, chinese) in [
            (
                &full,
                "Critical alerts · group web, db · tag prod · host web-7 · CPU · Mon, Fri 22:00–06:00 (Asia/Shanghai) → ops; \
                 repeats every 30 min; escalates after 15 min to SMS, a deleted notifier",
                "严重告警 · 分组 web、db · 标签 prod · 主机 web-7 · CPU · 周一、周五 22:00–06:00（Asia/Shanghai） → ops；\
                 每 30 分钟重复一次；15 分钟后升级通知 SMS、已删除的渠道",
            ),
            (
                &silent,
                "All alerts → nobody; does not tell the end; later routes are not asked",
                "全部告警 → 不通知任何人；告警结束时不通知；不再匹配后面的路由",
            ),
        ] {
            assert_eq!(words(Locale::en, route), english);
            assert_eq!(words(Locale::zh_CN, route), chinese);
        }
    }
}
