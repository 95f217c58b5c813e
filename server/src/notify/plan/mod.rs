//! From news to what is told to whom: pure, time passed in.

mod gather;
mod hear;
mod storm;
#[cfg(test)]
mod tests;

pub use storm::Recents;

use super::message::{Item, Telling};
use crate::store::{FollowedRow, News};
use protocol::alert::AlertId;
use protocol::host::HostId;
use protocol::notify::{EVERYTHING, NotifierId, Route, RouteId};
use std::collections::{BTreeMap, BTreeSet};

/// What a plan depends on beside the news.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// In their order; empty: `everything` holds.
    pub routes: &'a [Route],
    /// The route that holds while there is none. What it has told it also ends, when routes are there later.
    pub everything: &'a Route,
    pub tags: &'a BTreeMap<HostId, Vec<String>>,
    /// More alerts than this within a minute are told in one message.
    pub digest_above: u32,
    pub now_ms: i64,
}

/// An alert that is told, and the last news that led to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub item: Item,
    pub news_id: i64,
}

/// What one route tells to some notifiers in one message. Notifiers that keep incidents get a message for each alert.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundle {
    pub route_id: RouteId,
    pub notifiers: Vec<NotifierId>,
    /// The worst first.
    pub told: Vec<Told>,
    /// Only for those who keep incidents.
    pub incidents_only: bool,
}

/// What is to be done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// In the order of their news.
    pub bundles: Vec<Bundle>,
    /// What is known differently now.
    pub changed: Vec<FollowedRow>,
    /// When there is something to do again without any news.
    pub next_at_ms: Option<i64>,
}

/// Hears `news`, which may be none, and says what is told now. `followed` is what is known so far, of all alerts that are open, that
/// ended less than [`REMEMBERED_MS`] ago, or that there are news of.
pub fn plan(scene: Scene<'_>, followed: Vec<FollowedRow>, recents: &mut Recents, news: &[News]) -> Plan {
    let followed = followed.into_iter().map(|row| ((row.route_id, row.alert.id), row)).collect();
    let mut planner = Planner { scene, followed, changed: BTreeSet::new(), bundles: Vec::new() };
    for news in news {
        planner.hear(news);
    }
    planner.gather(recents);
    let Planner { followed, changed, mut bundles, .. } = planner;
    bundles.sort_by_key(|bundle| bundle.told.iter().map(|told| told.news_id).min());
    let next_at_ms = followed.values().filter_map(gather::next_at_ms).min();
    let changed = changed.iter().filter_map(|key| followed.get(key).cloned()).collect();
    Plan { bundles, changed, next_at_ms }
}

/// An alert that comes again within this time after its end is not told at once.
pub const CALM_MS: i64 = 5 * 60_000;
/// As long such an alert must have been open before it is told.
pub const LASTING_MS: i64 = 60_000;
/// For how long an alert that has ended is known. What flaps for longer is told once more.
pub const REMEMBERED_MS: i64 = 15 * 60_000;

struct Planner<'a> {
    scene: Scene<'a>,
    followed: BTreeMap<(RouteId, AlertId), FollowedRow>,
    changed: BTreeSet<(RouteId, AlertId)>,
    bundles: Vec<Bundle>,
}

impl<'a> Planner<'a> {
    fn route(&self, id: RouteId) -> Option<&'a Route> {
        let Scene { routes, everything, .. } = self.scene;
        if id == EVERYTHING { Some(everything) } else { routes.iter().find(|route| route.id == id && route.enabled) }
    }

    /// The routes that know an alert.
    fn routes_of(&self, id: AlertId) -> Vec<RouteId> {
        self.followed.keys().filter(|(_, alert)| *alert == id).map(|(route, _)| *route).collect()
    }

    /// Tells those who keep incidents, and nobody else.
    fn tell_incident(&mut self, route_id: RouteId, news: &News, telling: Telling) {
        let Some(route) = self.route(route_id) else { return };
        let mut notifiers = route.notifiers.clone();
        if self.followed.get(&(route_id, news.alert.id)).is_some_and(|row| row.escalated) {
            notifiers.extend(&route.escalate_to);
        }
        let item = Item { alert: news.alert.clone(), telling, now_ms: self.scene.now_ms };
        self.bundles.push(Bundle { route_id, notifiers, told: vec![Told { item, news_id: news.id }], incidents_only: true });
    }
}

/// What is to be told, and when.
fn pending_of(row: &FollowedRow) -> Option<(Telling, i64)> {
    row.pending.as_ref().and_then(|(name, due_ms)| Some((Telling::from_name(name)?, *due_ms)))
}

fn pending(telling: Telling, due_ms: i64) -> Option<(String, i64)> {
    Some((telling.name().to_owned(), due_ms))
}

/// Whether somebody still has to look at it.
fn is_waiting(row: &FollowedRow) -> bool {
    row.alert.is_open() && row.alert.acknowledged.is_none() && row.told_level.is_some()
}
