//! The room's door: rules, records and acts for the page; the judge and its connections for the pipeline.

use super::book::{Held, RuleBook};
use super::check::ValidRule;
use super::judge::Judge;
use super::maintenance::Window;
use super::replay::{Replayed, can_replay, replay};
use super::values::Forecasts;
use crate::clock::now_ms;
use crate::store::{AlertFilter, Happening, MaintenanceRow, News, RuleRow, Store, StoreError};
use app::views::{AlertAct, MaintenancePlan};
use protocol::alert::{Alert, AlertId, MOST_ENDED};
use protocol::host::HostId;
use protocol::live::HostCard;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot, watch};

/// Acts that may wait for the next moment of the pipeline.
const ACTS_KEPT: usize = 64;
/// Hosts of which a replay looks at the rows: a month of each takes some tens of milliseconds.
const HOSTS_REPLAYED: usize = 200;

/// What somebody does to alerts.
#[derive(Debug)]
pub struct Command {
    pub ids: Vec<AlertId>,
    pub act: AlertAct,
    pub by: String,
    /// To how many it was done.
    pub done: oneshot::Sender<u32>,
}

/// What the pipeline judges with.
pub struct Bench {
    pub judge: Judge,
    pub book: watch::Receiver<Arc<RuleBook>>,
    pub forecasts: watch::Receiver<Arc<Forecasts>>,
    pub commands: mpsc::Receiver<Command>,
    pub happened: mpsc::UnboundedSender<Vec<Happening>>,
}

/// What has to run beside it.
pub struct Tasks {
    pub forecasts: watch::Sender<Arc<Forecasts>>,
    pub happened: mpsc::UnboundedReceiver<Vec<Happening>>,
}

/// What a replay looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReplayedAll {
    /// Hosts that the rule would hold for, and how many of them were looked at.
    pub hosts: usize,
    pub looked_at: usize,
    pub replayed: Replayed,
}

/// Alerts, for the page. Cheap to clone.
#[derive(Clone)]
pub struct Alerts {
    store: Store,
    book: Arc<watch::Sender<Arc<RuleBook>>>,
    commands: mpsc::Sender<Command>,
}

impl Alerts {
    /// Reads rules and open alerts and goes on where the last centre stopped.
    ///
    /// # Errors
    /// The database fails.
    pub async fn open(store: Store) -> Result<(Self, Bench, Tasks), StoreError> {
        let book = Arc::new(read_book(&store).await?);
        let latched = store.latched_alerts().await?;
        let ended = store.list_alerts(&AlertFilter { open: Some(false), ..AlertFilter::default() }, MOST_ENDED as u32).await?;
        let judge = Judge::new(book.clone(), latched, ended, store.last_alert_id().await?, 0);
        let (told, books) = watch::channel(book);
        let (commands, incoming) = mpsc::channel(ACTS_KEPT);
        let (forecasts, seen) = watch::channel(Arc::default());
        let (happened, kept) = mpsc::unbounded_channel();
        let bench = Bench { judge, book: books, forecasts: seen, commands: incoming, happened };
        Ok((Self { store, book: Arc::new(told), commands }, bench, Tasks { forecasts, happened: kept }))
    }

    /// Records, newest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn list(&self, filter: &AlertFilter, limit: u32) -> Result<Vec<Alert>, StoreError> {
        self.store.list_alerts(filter, limit).await
    }

    /// All that happened to an alert, oldest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn story(&self, id: AlertId) -> Result<Vec<News>, StoreError> {
        self.store.news_of_alert(id).await
    }

    /// Does something to open alerts; answers to how many, or `None` when the centre is stopping.
    pub async fn act(&self, ids: Vec<AlertId>, act: AlertAct, by: &str) -> Option<u32> {
        let (done, answer) = oneshot::channel();
        self.commands.send(Command { ids, act, by: by.to_owned(), done }).await.ok()?;
        answer.await.ok()
    }

    /// All rules that somebody has set.
    pub fn rules(&self) -> Vec<RuleRow> {
        self.book.borrow().rules.clone()
    }

    /// What holds for a host.
    pub fn held(&self, card: &HostCard) -> Vec<Held> {
        self.book.borrow().held(card)
    }

    /// Sets a rule in place of the one of the same scope, kind and target.
    ///
    /// # Errors
    /// The database fails.
    pub async fn save_rule(&self, rule: ValidRule, by: &str) -> Result<i64, StoreError> {
        let id = self.store.save_rule(&row_of(rule, by)).await?;
        self.reload().await?;
        Ok(id)
    }

    /// Takes a rule away.
    ///
    /// # Errors
    /// The database fails.
    pub async fn delete_rule(&self, id: i64) -> Result<(), StoreError> {
        self.store.delete_rule(id).await?;
        self.reload().await
    }

    /// How often a rule would have fired on these hosts; `None`: nothing is stored of its kind.
    ///
    /// # Errors
    /// The database fails or is damaged.
    pub async fn replay(&self, rule: ValidRule, cards: &[HostCard], range: (i64, i64)) -> Result<Option<ReplayedAll>, StoreError> {
        if !can_replay(rule.kind) {
            return Ok(None);
        }
        let (kind, scope, target) = (rule.kind, rule.scope.clone(), rule.target.clone());
        let mut book = RuleBook::clone(&self.book.borrow());
        book.rules.retain(|known| !(known.kind == kind && known.scope == scope && known.target == target));
        // A number that no stored rule has.
        book.rules.push(RuleRow { id: 0, ..row_of(rule, "") });
        let is_new = |held: &Held| matches!(&held.from, super::Origin::Rule { id: 0, .. });
        let rules = cards.iter().map(|card| (card, book.held(card).into_iter().filter(|held| held.kind == kind).collect::<Vec<_>>()));
        let concerned: Vec<_> = rules.filter(|(_, held)| held.iter().any(is_new)).collect();
        let mut all = ReplayedAll { hosts: concerned.len(), ..ReplayedAll::default() };
        for (card, held) in concerned.into_iter().take(HOSTS_REPLAYED) {
            let Replayed { firings, covered_ms, step_ms } = replay(&self.store, card, &held, is_new, range).await?;
            all.looked_at += 1;
            all.replayed.firings.extend(firings);
            all.replayed.covered_ms += covered_ms;
            all.replayed.step_ms = all.replayed.step_ms.max(step_ms);
        }
        all.replayed.firings.sort_by_key(|firing| std::cmp::Reverse(firing.from_ms));
        Ok(Some(all))
    }

    /// Maintenance windows and whether each runs; those that this version does not understand are left out.
    ///
    /// # Errors
    /// The database fails.
    pub async fn maintenance(&self) -> Result<Vec<(MaintenanceRow, Window, bool)>, StoreError> {
        let now = now_ms();
        let rows = self.store.list_maintenance().await?;
        let read = |row: MaintenanceRow| Window::read(&row).map(|window| (row, window.runs(now), window));
        Ok(rows.into_iter().filter_map(read).map(|(row, runs, window)| (row, window, runs)).collect())
    }

    /// Adds a maintenance window (with the number zero) or changes one.
    ///
    /// # Errors
    /// The database fails.
    pub async fn save_maintenance(&self, id: i64, name: &str, plan: &MaintenancePlan, by: &str) -> Result<i64, StoreError> {
        let plan = serde_json::to_string(plan).map_err(|_| StoreError::Malformed { what: "maintenance window" })?;
        let row = MaintenanceRow { id, name: name.trim().to_owned(), plan, created_by: by.to_owned(), created_at_ms: now_ms() };
        let id = self.store.save_maintenance(&row).await?;
        self.reload().await?;
        Ok(id)
    }

    /// Deletes a maintenance window.
    ///
    /// # Errors
    /// The database fails.
    pub async fn delete_maintenance(&self, id: i64) -> Result<(), StoreError> {
        self.store.delete_maintenance(id).await?;
        self.reload().await
    }

    /// Which host lies behind which.
    ///
    /// # Errors
    /// The database fails.
    pub async fn behind(&self) -> Result<Vec<(HostId, HostId)>, StoreError> {
        self.store.list_behind().await
    }

    /// Says behind which host another lies; `false`: it would lie behind itself.
    ///
    /// # Errors
    /// The database fails.
    pub async fn save_behind(&self, id: HostId, behind: Option<HostId>) -> Result<bool, StoreError> {
        if behind.is_some_and(|behind| behind == id || self.book.borrow().ways_to(behind).contains(&id)) {
            return Ok(false);
        }
        self.store.save_behind(id, behind).await?;
        self.reload().await?;
        Ok(true)
    }

    async fn reload(&self) -> Result<(), StoreError> {
        self.book.send_replace(Arc::new(read_book(&self.store).await?));
        Ok(())
    }
}

async fn read_book(store: &Store) -> Result<RuleBook, StoreError> {
    let windows = store.list_maintenance().await?.iter().filter_map(Window::read).collect();
    Ok(RuleBook::new(store.list_rules().await?, windows, store.list_behind().await?))
}

fn row_of(rule: ValidRule, by: &str) -> RuleRow {
    let ValidRule { scope, kind, target, settings } = rule;
    RuleRow { id: 0, scope, kind, target, settings, updated_by: by.to_owned(), updated_at_ms: now_ms() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::alert::{Look, Outcome};
    use protocol::alert::AlertChange;
    use protocol::host::HostStatus;
    use protocol::snapshot::{Mount, Snapshot};

    const HOSTS: HostId = 50;

    /// So many beats in which the file system of each host is as full as `used` says; writes what happens as the centre does.
    async fn live(bench: &mut Bench, store: &Store, beats: std::ops::Range<u64>, used: u64) -> Vec<AlertChange> {
        let mut changes = Vec::new();
        let mount = Mount { mount_point: "/".into(), used_bytes: used, available_bytes: 100 - used, ..Mount::default() };
        let snapshot = Snapshot { mounts: vec![mount], ..Snapshot::default() };
        for beat in beats {
            let (now, at_ms) = (beat * 500, 1_000_000 + beat as i64 * 500);
            bench.judge.begin(now, at_ms, (1..=HOSTS).map(|id| (id, HostStatus::Online)));
            for id in 1..=HOSTS {
                let look = Look { id, status: HostStatus::Online, snapshot: Some(&snapshot), skew_ms: None, cores: 1 };
                bench.judge.look(look, false, now, at_ms);
            }
            let Outcome { happenings, .. } = bench.judge.finish(at_ms);
            store.save_happenings(&happenings).await.unwrap();
            changes.extend(happenings.iter().filter_map(|one| one.change));
        }
        changes
    }

    async fn start(store: &Store) -> Bench {
        let (_, mut bench, _) = Alerts::open(store.clone()).await.unwrap();
        let cards: Vec<HostCard> = (1..=HOSTS).map(|id| HostCard { id, ..HostCard::default() }).collect();
        bench.judge.take_book(Arc::new(RuleBook::default()), &cards, 0);
        bench
    }

    #[tokio::test]
    async fn a_restart_with_fifty_open_alerts_repeats_and_loses_none() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("tactus.db")).await.unwrap();
        let mut bench = start(&store).await;
        assert_eq!(live(&mut bench, &store, 0..10, 95).await, [AlertChange::Fired; 50]);
        // Somebody has ended one of them by hand.
        assert_eq!(bench.judge.act(&[7], &AlertAct::Resolve { note: String::new() }, "ann", 5), 1);
        store.save_happenings(&bench.judge.finish(5).happenings).await.unwrap();
        let mut again = start(&store).await;
        assert_eq!(live(&mut again, &store, 0..100, 95).await, []);
        assert_eq!(again.judge.finish(0).board, None);
        let open = store.list_alerts(&AlertFilter { open: Some(true), ..AlertFilter::default() }, 100).await.unwrap();
        assert_eq!(open.len(), 49);
        assert_eq!(live(&mut again, &store, 100..200, 10).await, [AlertChange::Resolved; 49]);
        assert!(store.latched_alerts().await.unwrap().is_empty());
        let mut third = start(&store).await;
        assert_eq!(live(&mut third, &store, 0..100, 95).await, [AlertChange::Fired; 50], "numbers are not used twice");
        assert_eq!(store.last_alert_id().await.unwrap(), 100);
    }
}
