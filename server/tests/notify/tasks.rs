//! The tasks themselves, in real time: they are woken, they end, and none waits for another.

use super::receiver::Receiver;
use super::world::World;
use protocol::host::Level;
use protocol::notify::{HeartbeatForm, NotifySettings};
use protocol::secret::Secret;
use std::time::Duration;
use tactus::clock::now_ms;
use tactus::notify::{Notifications, Parts};
use tactus::outbound::Outbound;
use tokio_util::sync::CancellationToken;

/// Notifications of a world, by the wall clock and without waiting for what belongs together.
async fn running(world: &World) -> Notifications {
    let parts = Parts {
        store: world.store.clone(),
        vault: world.vault.clone(),
        outbound: Outbound::new(true),
        news: world.news.clone(),
        clock: std::sync::Arc::new(now_ms),
    };
    let notifications = Notifications::new(parts);
    notifications.save_settings(&NotifySettings { group_wait_s: 0, ..Default::default() }).await.unwrap();
    notifications
}

#[tokio::test]
async fn a_notifier_that_never_answers_holds_up_only_itself() {
    let (stuck, fine) = (Receiver::start().await, Receiver::start().await);
    let world = World::new().await;
    world.webhook("a", &stuck.url).await;
    world.webhook("b", &fine.url).await;
    stuck.set_stuck(true);
    let notifications = running(&world).await;
    let stop = CancellationToken::new();
    let tasks = notifications.run(&stop);
    for id in 1..=2 {
        world.fire(id, Level::Critical).await;
        world.news.notify_one();
        fine.came().await;
        if id == 1 {
            stuck.came().await;
        }
    }
    assert_eq!(stuck.asked().len(), 1, "its second message waits for the first");
    stop.cancel();
    for task in tasks {
        tokio::time::timeout(Duration::from_secs(5), task).await.expect("a task does not end").unwrap();
    }
}

#[tokio::test]
async fn the_heartbeat_beats_as_soon_as_it_is_set_and_keeps_its_url_to_itself() {
    let receiver = Receiver::start().await;
    let world = World::new().await;
    let notifications = running(&world).await;
    let stop = CancellationToken::new();
    let tasks = notifications.run(&stop);
    let form = |url: &str| HeartbeatForm { enabled: true, url: Secret::new(url), method: "POST".into(), allow_private: false };
    assert!(notifications.set_heartbeat(&form("")).await.is_err(), "there is no URL");
    assert!(notifications.set_heartbeat(&form("ftp://x/")).await.is_err());
    receiver.set_broken(true);
    notifications.set_heartbeat(&form(&receiver.url)).await.unwrap();
    receiver.came().await;
    let last = async || {
        loop {
            let view = notifications.heartbeat().await.unwrap();
            if view.last.is_some() {
                return view;
            }
            tokio::task::yield_now().await;
        }
    };
    let view = tokio::time::timeout(Duration::from_secs(10), last()).await.unwrap();
    assert!(view.url_set && view.enabled);
    assert_eq!(view.last.map(|last| (last.ok, last.answer)), Some((false, "HTTP 503 down for maintenance, /hook/•••".into())));
    let text: serde_json::Value = world.store.setting("heartbeat").await.unwrap().unwrap();
    assert!(!text.to_string().contains("secret-path"));
    stop.cancel();
    for task in tasks {
        tokio::time::timeout(Duration::from_secs(5), task).await.expect("a task does not end").unwrap();
    }
}
