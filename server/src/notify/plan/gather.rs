//! What is due, told one by one or in a list.

use super::storm::{Recents, Way};
use super::{Bundle, CALM_MS, LASTING_MS, Planner, Told, is_waiting, pending, pending_of};
use crate::notify::message::{Item, Telling};
use crate::store::FollowedRow;
use protocol::alert::AlertId;
use protocol::notify::{NotifierId, Route, RouteId};
use std::collections::BTreeMap;

const MINUTE_MS: i64 = 60_000;

/// When a row has something to do without any news.
pub(super) fn next_at_ms(row: &FollowedRow) -> Option<i64> {
    let pending = pending_of(row).map(|(_, due_ms)| due_ms);
    // While something is pending, nothing is repeated.
    let repeat = row.repeat_at_ms.filter(|_| is_waiting(row) && row.pending.is_none());
    let escalate = row.escalate_at_ms.filter(|_| is_waiting(row) && !row.escalated);
    [pending, repeat, escalate].into_iter().flatten().min()
}

impl Planner<'_> {
    pub(super) fn gather(&mut self, recents: &mut Recents) {
        self.remind();
        let mut due: BTreeMap<RouteId, Vec<AlertId>> = BTreeMap::new();
        for row in self.followed.values() {
            if pending_of(row).is_some_and(|(_, due_ms)| is_due(row, due_ms, self.scene.now_ms)) {
                due.entry(row.route_id).or_default().push(row.alert.id);
            }
        }
        for (route_id, alerts) in due {
            self.tell(route_id, &alerts, recents);
        }
        self.escalate(recents);
    }

    /// What nobody has looked at is told again; what is snoozed waits for its hour.
    fn remind(&mut self) {
        let now_ms = self.scene.now_ms;
        for (key, row) in &mut self.followed {
            if row.pending.is_none() && is_waiting(row) && row.repeat_at_ms.is_some_and(|at_ms| at_ms <= now_ms) {
                row.pending = pending(Telling::Repeated, now_ms);
                self.changed.insert(*key);
            }
            let waits = pending_of(row).filter(|(telling, due_ms)| *due_ms <= now_ms && !telling.is_end());
            if let (Some((telling, _)), Some(until_ms)) = (waits, row.alert.snoozed_until_ms.filter(|until_ms| now_ms < *until_ms)) {
                row.pending = pending(telling, until_ms);
                self.changed.insert(*key);
            }
        }
    }

    fn tell(&mut self, route_id: RouteId, alerts: &[AlertId], recents: &mut Recents) {
        let now_ms = self.scene.now_ms;
        let route = self.route(route_id);
        // Of a route that is gone nothing is told.
        let way = route.map(|_| recents.take((route_id, false), alerts.len(), self.scene.digest_above, now_ms));
        let mut by_audience: BTreeMap<Vec<NotifierId>, Vec<Told>> = BTreeMap::new();
        for alert_id in alerts {
            let key = (route_id, *alert_id);
            let Some(row) = self.followed.get_mut(&key) else { continue };
            let Some((telling, _)) = pending_of(row) else { continue };
            self.changed.insert(key);
            let Some(route) = route else {
                (row.pending, row.repeat_at_ms, row.escalate_at_ms) = (None, None, None);
                continue;
            };
            if let Some(Way::Later(due_ms)) = way {
                row.pending = pending(telling, due_ms);
                continue;
            }
            note_told(row, route, telling, now_ms);
            let mut notifiers = route.notifiers.clone();
            if row.escalated {
                notifiers.extend(route.escalate_to.iter().filter(|id| !route.notifiers.contains(id)));
            }
            let item = Item { alert: row.alert.clone(), telling, now_ms };
            by_audience.entry(notifiers).or_default().push(Told { item, news_id: row.news_id });
        }
        for (notifiers, told) in by_audience {
            self.bundle(route_id, &notifiers, told, way == Some(Way::Digest));
        }
    }

    /// Tells others of what nobody has acknowledged.
    fn escalate(&mut self, recents: &mut Recents) {
        let now_ms = self.scene.now_ms;
        let mut due: BTreeMap<RouteId, Vec<Told>> = BTreeMap::new();
        let is_due = |row: &FollowedRow| is_waiting(row) && !row.escalated && row.escalate_at_ms.is_some_and(|at_ms| at_ms <= now_ms);
        for (key, row) in self.followed.iter_mut().filter(|(_, row)| is_due(row)) {
            self.changed.insert(*key);
            if let Some(until_ms) = row.alert.snoozed_until_ms.filter(|until_ms| now_ms < *until_ms) {
                row.escalate_at_ms = Some(until_ms);
                continue;
            }
            let item = Item { alert: row.alert.clone(), telling: Telling::Escalated, now_ms };
            due.entry(row.route_id).or_default().push(Told { item, news_id: row.news_id });
        }
        for (route_id, told) in due {
            let route = self.route(route_id);
            let way = recents.take((route_id, true), told.len(), self.scene.digest_above, now_ms);
            for told in &told {
                let Some(row) = self.followed.get_mut(&(route_id, told.item.alert.id)) else { continue };
                match way {
                    Way::Later(at_ms) => row.escalate_at_ms = Some(at_ms),
                    Way::Single | Way::Digest => (row.escalated, row.escalate_at_ms) = (true, None),
                }
            }
            if let (Some(route), Way::Single | Way::Digest) = (route, way) {
                self.bundle(route_id, &route.escalate_to, told, way == Way::Digest);
            }
        }
    }

    fn bundle(&mut self, route_id: RouteId, notifiers: &[NotifierId], mut told: Vec<Told>, is_digest: bool) {
        let bundle = |told| Bundle { route_id, notifiers: notifiers.to_vec(), told, incidents_only: false };
        if is_digest {
            told.sort_by_key(|told| (told.item.telling.is_end(), std::cmp::Reverse(told.item.level()), told.news_id));
            self.bundles.push(bundle(told));
        } else {
            self.bundles.extend(told.into_iter().map(|told| bundle(vec![told])));
        }
    }
}

/// What would have to wait for longer than anything is ever held back was put off by a clock that has been set back since.
fn is_due(row: &FollowedRow, due_ms: i64, now_ms: i64) -> bool {
    due_ms <= now_ms || (due_ms - now_ms > CALM_MS + LASTING_MS && !row.alert.is_snoozed(now_ms))
}

fn note_told(row: &mut FollowedRow, route: &Route, telling: Telling, now_ms: i64) {
    let minutes = |minutes: Option<u32>| minutes.map(|minutes| now_ms + i64::from(minutes.max(1)) * MINUTE_MS);
    let is_first = row.told_level.is_none();
    row.pending = None;
    row.told_at_ms = Some(now_ms);
    row.told_level = row.told_level.max(Some(row.alert.level));
    if telling.is_end() || row.alert.acknowledged.is_some() {
        return;
    }
    row.repeat_at_ms = minutes(route.repeat_every_min);
    if is_first && !route.escalate_to.is_empty() {
        row.escalate_at_ms = minutes(route.escalate_after_min);
    }
}
