//! Which routes tell an alert.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use protocol::alert::Alert;
use protocol::host::Level;
use protocol::notify::{EVERYTHING, NotifierId, Route, RouteTime};

const DAY_MIN: i16 = 24 * 60;

/// An alert as routes look at it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub alert: &'a Alert,
    pub level: Level,
    /// Tags of its host.
    pub tags: &'a [String],
}

/// The route that holds while there is none: everything to all of these.
pub fn everything(notifiers: Vec<NotifierId>) -> Route {
    Route { id: EVERYTHING, enabled: true, notifiers, tell_resolved: true, ..Route::default() }
}

/// The routes that tell an alert at a moment, in their order.
pub fn plan<'a>(routes: &'a [Route], subject: Subject<'_>, now_ms: i64) -> Vec<&'a Route> {
    let mut found = Vec::new();
    for route in routes.iter().filter(|route| route.enabled && matches(route, subject, now_ms)) {
        found.push(route);
        if route.stop {
            break;
        }
    }
    found
}

fn matches(route: &Route, Subject { alert, level, tags }: Subject<'_>, now_ms: i64) -> bool {
    let wanted = &route.matches;
    (wanted.levels.is_empty() || wanted.levels.contains(&level))
        && (wanted.groups.is_empty() || wanted.groups.contains(&alert.group))
        && (wanted.tags.is_empty() || wanted.tags.iter().any(|tag| tags.contains(tag)))
        && (wanted.kinds.is_empty() || wanted.kinds.contains(&alert.kind))
        && (wanted.hosts.is_empty() || wanted.hosts.contains(&alert.host_id))
        && wanted.time.as_ref().is_none_or(|time| is_in(time, now_ms))
}

/// Whether a moment lies in a time of the day. A zone that is not known is UTC.
fn is_in(time: &RouteTime, now_ms: i64) -> bool {
    let zone = TimeZone::get(&time.zone).unwrap_or(TimeZone::UTC);
    let Ok(now) = Timestamp::from_millisecond(now_ms) else { return false };
    let now = now.to_zoned_datetime(zone);
    let minute = i16::from(now.hour()) * 60 + i16::from(now.minute());
    let today = now.weekday().to_monday_one_offset().unsigned_abs();
    let yesterday = if today == 1 { 7 } else { today - 1 };
    let on = |day| time.weekdays.is_empty() || time.weekdays.contains(&day);
    let limit = |minute: u16| i16::try_from(minute).unwrap_or(DAY_MIN);
    let (from, to) = (limit(time.from_min), limit(time.to_min));
    if from < to { on(today) && (from..to).contains(&minute) } else { (on(today) && minute >= from) || (on(yesterday) && minute < to) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::notify::example::single_example;
    use protocol::alert::AlertKind;
    use protocol::notify::RouteMatch;

    /// 2026-07-02, a Thursday, 13:46:40 UTC.
    const NOW_MS: i64 = 1_783_000_000_000;

    fn route(id: i64, matches: RouteMatch) -> Route {
        Route { id, enabled: true, matches, ..Route::default() }
    }

    fn planned(routes: &[Route], level: Level) -> Vec<i64> {
        let example = single_example(0);
        let tags = ["prod".to_owned(), "db".to_owned()];
        let subject = Subject { alert: &example[0].alert, level, tags: &tags };
        plan(routes, subject, NOW_MS).iter().map(|route| route.id).collect()
    }

    #[test]
    fn an_alert_must_be_in_every_list_that_is_not_empty() {
        let all = RouteMatch {
            levels: vec![Level::Critical],
            groups: vec!["db".into(), "web".into()],
            tags: vec!["x".into(), "db".into()],
            kinds: vec![AlertKind::Cpu],
            hosts: vec![2],
            time: None,
        };
        let routes = [
            route(1, RouteMatch::default()),
            route(2, all.clone()),
            route(3, RouteMatch { groups: vec!["db".into()], ..all.clone() }),
            route(4, RouteMatch { tags: vec!["x".into()], ..all.clone() }),
            route(5, RouteMatch { kinds: vec![AlertKind::Memory], ..all.clone() }),
            route(6, RouteMatch { hosts: vec![3], ..all.clone() }),
            Route { enabled: false, ..route(7, RouteMatch::default()) },
        ];
        assert_eq!(planned(&routes, Level::Critical), [1, 2]);
        assert_eq!(planned(&routes, Level::Warning), [1]);
        let stop = |id| Route { stop: true, ..route(id, all.clone()) };
        assert_eq!(planned(&[stop(1), route(2, RouteMatch::default())], Level::Critical), [1]);
        assert_eq!(planned(&[stop(1), route(2, RouteMatch::default())], Level::Warning), [2], "one that does not match stops nothing");
        assert_eq!(planned(&[everything(vec![1])], Level::Warning), [EVERYTHING]);
    }

    #[test]
    fn times_of_the_day_follow_their_zone_and_go_over_midnight() {
        // In Shanghai it is Thursday, 21:46; in Auckland Friday, 01:46.
        for (zone, weekdays, from_min, to_min, inside) in [
            ("UTC", vec![], 13 * 60, 14 * 60, true),
            ("UTC", vec![], 13 * 60, 13 * 60 + 46, false),
            ("UTC", vec![], 13 * 60 + 46, 13 * 60 + 47, true),
            ("UTC", vec![4], 0, 1_439, true),
            ("UTC", vec![5], 0, 1_439, false),
            ("Asia/Shanghai", vec![4], 21 * 60, 22 * 60, true),
            ("Asia/Shanghai", vec![4], 21 * 60, 7 * 60, true),
            ("Asia/Shanghai", vec![3], 21 * 60, 7 * 60, false),
            ("Pacific/Auckland", vec![4], 22 * 60, 7 * 60, true),
            ("Pacific/Auckland", vec![5], 22 * 60, 7 * 60, false),
            ("Pacific/Auckland", vec![5], 60, 120, true),
            ("UTC", vec![], 600, 600, true),
        ] {
            let time = RouteTime { zone: zone.into(), weekdays, from_min, to_min };
            assert_eq!(is_in(&time, NOW_MS), inside, "{time:?}");
        }
        // In Berlin 02:30 does not exist on 2026-03-29; 03:30 is 01:30 UTC.
        let time = RouteTime { zone: "Europe/Berlin".into(), weekdays: vec![7], from_min: 150, to_min: 240 };
        assert!(is_in(&time, 1_774_747_800_000));
    }
}
