//! What news mean to each route.

use super::{CALM_MS, LASTING_MS, Planner, Scene, Telling, pending, pending_of};
use crate::notify::route::{self, Subject};
use crate::store::{FollowedRow, News};
use protocol::alert::AlertChange;
use protocol::host::Level;
use protocol::notify::RouteId;

impl Planner<'_> {
    pub(super) fn hear(&mut self, news: &News) {
        match news.change {
            AlertChange::Fired | AlertChange::Raised => self.rise(news),
            AlertChange::Resolved => {
                for route_id in self.routes_of(news.alert.id) {
                    self.end(route_id, news);
                }
            }
            AlertChange::Acknowledged => {
                for route_id in self.routes_of(news.alert.id) {
                    self.acknowledge(route_id, news);
                }
            }
            // Less bad than it was told, or nobody wants to hear of it: what is pending looks at the alert itself.
            AlertChange::Lowered | AlertChange::Snoozed => {}
        }
    }

    fn rise(&mut self, news: &News) {
        let Scene { routes, everything, tags, now_ms, .. } = self.scene;
        let subject = Subject { alert: &news.alert, level: news.level, tags: tags.get(&news.alert.host_id).map_or(&[], Vec::as_slice) };
        let routes = if routes.is_empty() { std::slice::from_ref(everything) } else { routes };
        for route in route::plan(routes, subject, now_ms) {
            let key = (route.id, news.alert.id);
            let held_until_ms = self.held_until_ms(route.id, news);
            let row = self.followed.entry(key).or_insert_with(|| unknown(route.id, news));
            if row.told_level.is_some_and(|told| told >= news.level) {
                continue;
            }
            let telling = match (pending_of(row), news.change) {
                // Within the wait it became worse: it is told once, as it is now.
                (Some((Telling::Fired, _)), _) | (None, AlertChange::Fired) => Telling::Fired,
                _ => Telling::Raised,
            };
            let due_ms = held_until_ms.filter(|_| row.told_level.is_none()).unwrap_or(now_ms);
            (row.pending, row.news_id, row.alert) = (pending(telling, due_ms), news.id, news.alert.clone());
            self.changed.insert(key);
        }
    }

    fn end(&mut self, route_id: RouteId, news: &News) {
        let key = (route_id, news.alert.id);
        let now_ms = self.scene.now_ms;
        let is_flapping = self.held_until_ms(route_id, news).is_some();
        let tells_end = self.route(route_id).is_some_and(|route| route.tell_resolved);
        let is_snoozed = news.alert.is_snoozed(now_ms);
        let Some(row) = self.followed.get_mut(&key) else { return };
        self.changed.insert(key);
        let was_told = row.told_level.is_some();
        let was_pending = row.pending.take().is_some();
        (row.alert, row.news_id, row.repeat_at_ms, row.escalate_at_ms) = (news.alert.clone(), news.id, None, None);
        if was_told && tells_end && !is_snoozed {
            row.pending = pending(Telling::Resolved, now_ms);
        } else if was_told {
            self.tell_incident(route_id, news, Telling::Resolved);
        } else if was_pending && !is_snoozed && !is_flapping {
            row.pending = pending(Telling::Passed, now_ms);
        }
    }

    fn acknowledge(&mut self, route_id: RouteId, news: &News) {
        let key = (route_id, news.alert.id);
        let Some(row) = self.followed.get_mut(&key) else { return };
        self.changed.insert(key);
        (row.alert, row.repeat_at_ms, row.escalate_at_ms) = (news.alert.clone(), None, None);
        if row.told_level.is_some() {
            self.tell_incident(route_id, news, Telling::Acknowledged);
        }
    }

    /// Until when an alert is held back, because the same condition has been told and ended only a moment ago; `None`: it is told at once.
    /// What is worse than what was told is.
    fn held_until_ms(&self, route_id: RouteId, news: &News) -> Option<i64> {
        let alert = &news.alert;
        let is_same = |row: &&FollowedRow| {
            let other = &row.alert;
            row.route_id == route_id
                && other.id < alert.id
                && (other.host_id, other.kind, other.target.as_str()) == (alert.host_id, alert.kind, alert.target.as_str())
        };
        let mut ended_ms = None;
        let mut told_ms = None;
        let mut told_level: Option<Level> = None;
        for row in self.followed.values().filter(is_same) {
            ended_ms = ended_ms.max(row.alert.ended.map(|(at_ms, _)| at_ms));
            told_ms = told_ms.max(row.told_at_ms);
            told_level = told_level.max(row.told_level);
        }
        let is_calm = ended_ms.is_none_or(|at_ms| alert.fired_at_ms - at_ms >= CALM_MS);
        if is_calm || told_level.is_none_or(|told| told < news.level) {
            return None;
        }
        told_ms.map(|at_ms| (at_ms + CALM_MS).max(alert.fired_at_ms + LASTING_MS))
    }
}

fn unknown(route_id: RouteId, news: &News) -> FollowedRow {
    FollowedRow {
        route_id,
        alert: news.alert.clone(),
        told_level: None,
        told_at_ms: None,
        pending: None,
        news_id: news.id,
        repeat_at_ms: None,
        escalate_at_ms: None,
        escalated: false,
    }
}
