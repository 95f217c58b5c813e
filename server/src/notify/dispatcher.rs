//! The task that turns news into messages.

use super::clock::{Clock, until};
use super::compose::compose_all;
use super::error::NotifyError;
use super::plan::{self, Recents, Scene};
use super::route::everything;
use crate::store::{Handover, News, Store};
use protocol::host::HostId;
use protocol::notify::{NotifySettings, Route};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Name of the general settings in the store.
pub const SETTINGS: &str = "notify";
/// News that are looked at in one step.
const MOST_NEWS: u32 = 10_000;
/// After a failure of the database.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Turns news into messages.
pub struct Dispatcher {
    store: Store,
    clock: Clock,
    recents: Recents,
}

impl Dispatcher {
    /// Everything that it must remember is in the store.
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock, recents: Recents::default() }
    }

    /// Works until `stop`. `news` wakes it when there are some; it wakes `outbox` when there are messages.
    pub async fn run(mut self, news: Arc<Notify>, outbox: Arc<Notify>, stop: CancellationToken) {
        loop {
            let next = self.step().await;
            let pause = match next {
                Ok((told, next_at_ms)) => {
                    if told > 0 {
                        outbox.notify_one();
                    }
                    until(next_at_ms, (self.clock)())
                }
                Err(error) => {
                    tracing::error!(%error, "alerts cannot be handed on");
                    AGAIN_AFTER
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = news.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Does what is due now. Answers how many messages there are new, and when the next thing is due without any news.
    ///
    /// # Errors
    /// The database fails; then nothing has been done.
    pub async fn step(&mut self) -> Result<(usize, Option<i64>), NotifyError> {
        let now_ms = (self.clock)();
        let settings: NotifySettings = self.store.setting(SETTINGS).await?.unwrap_or_default();
        let waiting = self.store.waiting_news(MOST_NEWS).await?;
        let (news, wait_until_ms) = ripe(waiting, i64::from(settings.group_wait_s) * 1_000, now_ms);
        let followed = self.store.list_followed(now_ms - plan::REMEMBERED_MS).await?;
        if news.is_empty() && followed.is_empty() {
            return Ok((0, wait_until_ms));
        }
        let routes = self.store.list_routes().await?;
        let notifiers: BTreeMap<_, _> = self.store.list_notifiers().await?.into_iter().map(|row| (row.id, row)).collect();
        let everything = everything(notifiers.keys().copied().collect());
        let tags = self.tags(&routes).await?;
        let scene = Scene { routes: &routes, everything: &everything, tags: &tags, digest_above: settings.digest_above, now_ms };
        // What is told is counted only once it is written.
        let mut recents = self.recents.clone();
        let plan = plan::plan(scene, followed, &mut recents, &news);
        let messages = compose_all(&plan.bundles, &notifiers, settings.public_url.trim_end_matches('/'));
        let count = messages.len();
        let news: Vec<i64> = news.iter().map(|news| news.id).collect();
        if !(news.is_empty() && plan.changed.is_empty() && messages.is_empty()) {
            self.store.hand_over(&Handover { news, followed: plan.changed, messages, at_ms: now_ms }).await?;
        }
        self.recents = recents;
        Ok((count, [wait_until_ms, plan.next_at_ms].into_iter().flatten().min()))
    }

    /// Tags of all hosts, if a route asks for any.
    async fn tags(&self, routes: &[Route]) -> Result<BTreeMap<HostId, Vec<String>>, NotifyError> {
        if routes.iter().all(|route| route.matches.tags.is_empty()) {
            return Ok(BTreeMap::new());
        }
        Ok(self.store.list_hosts().await?.into_iter().map(|host| (host.id, host.profile.tags)).collect())
    }
}

/// The first news wait for others, so that they are told together: all of them now, or none and until when.
fn ripe(waiting: Vec<News>, wait_ms: i64, now_ms: i64) -> (Vec<News>, Option<i64>) {
    let Some(first) = waiting.first() else { return (Vec::new(), None) };
    let until_ms = first.at_ms + wait_ms;
    // News from the future are those of a clock that was set back since.
    if until_ms <= now_ms || first.at_ms > now_ms { (waiting, None) } else { (Vec::new(), Some(until_ms)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::example::single_example;
    use protocol::alert::AlertChange;
    use protocol::host::Level;

    #[test]
    fn the_first_news_decide_how_long_is_waited() {
        let news = |id, at_ms| {
            let alert = single_example(at_ms).remove(0).alert;
            News { id, change: AlertChange::Fired, level: Level::Warning, value: None, at_ms, by: String::new(), alert }
        };
        let waiting = vec![news(1, 10_000), news(2, 11_999)];
        assert_eq!(ripe(waiting.clone(), 2_000, 11_999), (vec![], Some(12_000)));
        assert_eq!(ripe(waiting.clone(), 2_000, 12_000), (waiting.clone(), None));
        assert_eq!(ripe(waiting.clone(), 2_000, 9_000), (waiting, None), "the clock was set back");
        assert_eq!(ripe(vec![], 2_000, 0), (vec![], None));
    }
}
