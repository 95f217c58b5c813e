//! Nothing is lost and nothing comes twice, whatever fails and whenever the centre stops.

use super::receiver::Receiver;
use super::world::World;
use protocol::host::Level;
use protocol::notify::{DeliveryFilter, DeliveryState};
use std::collections::BTreeSet;

const MINUTE_MS: i64 = 60_000;

#[tokio::test]
async fn an_outage_of_an_hour_with_a_restart_delivers_each_once_and_in_order() {
    let receiver = Receiver::start().await;
    let mut world = World::new().await;
    world.webhook("hook", &receiver.url).await;
    receiver.set_broken(true);
    for id in 1..=30 {
        world.fire(id, Level::Critical).await;
        world.pass(2 * MINUTE_MS).await;
        if id % 10 == 0 {
            world = world.restarted().await;
        }
    }
    assert!(receiver.accepted().is_empty());
    // Only the first is tried, and ever more seldom.
    let tried = receiver.asked();
    assert_eq!(tried.iter().collect::<BTreeSet<_>>().len(), 1);
    assert!((6..80).contains(&tried.len()), "{} tries in an hour", tried.len());
    receiver.set_broken(false);
    world.pass(16 * MINUTE_MS).await;
    let expected: Vec<String> = (1..=30).map(|id| format!("host-{id}")).collect();
    assert_eq!(receiver.field("host"), expected);
    assert_eq!(receiver.accepted().iter().map(|accepted| &accepted.key).collect::<BTreeSet<_>>().len(), 30);
}

#[tokio::test]
async fn news_survive_a_stop_before_they_are_told_and_are_told_once() {
    let receiver = Receiver::start().await;
    let mut world = World::new().await;
    world.webhook("hook", &receiver.url).await;
    let alert = world.fire(1, Level::Warning).await;
    world = world.restarted().await;
    world.pass(MINUTE_MS).await;
    world = world.restarted().await;
    world.pass(MINUTE_MS).await;
    assert_eq!(receiver.field("change_name"), ["fired"]);
    // The end is told even if it comes to be told only after hours.
    world.resolve(&alert).await;
    world.skip(5 * 60 * MINUTE_MS);
    world = world.restarted().await;
    world.pass(MINUTE_MS).await;
    assert_eq!(receiver.field("change_name"), ["fired", "resolved"]);
    assert!(world.store.waiting_news(10).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_on_its_way_at_a_crash_comes_once_more_with_the_same_key() {
    let receiver = Receiver::start().await;
    let mut world = World::new().await;
    world.webhook("hook", &receiver.url).await;
    world.fire(1, Level::Warning).await;
    world.skip(2_000);
    receiver.set_stuck(true);
    // The message is with the receiver, and what it says does not reach us any more.
    tokio::select! {
        _ = world.settle() => panic!("it was not stuck"),
        () = receiver.came() => {}
    }
    receiver.set_stuck(false);
    world = world.restarted().await;
    world.pass(MINUTE_MS).await;
    let asked = receiver.asked();
    assert_eq!((asked.len(), &asked[0]), (2, &asked[1]));
    assert_eq!(receiver.accepted().len(), 1);
}

#[tokio::test]
async fn a_message_is_given_up_after_a_day_and_can_be_sent_again() {
    let receiver = Receiver::start().await;
    let mut world = World::new().await;
    let id = world.webhook("hook", &receiver.url).await;
    receiver.set_broken(true);
    world.fire(1, Level::Warning).await;
    world.pass(10 * MINUTE_MS).await;
    world.fire(2, Level::Warning).await;
    world.pass(24 * 60 * MINUTE_MS - 5 * MINUTE_MS).await;
    let of = async |world: &World, state| {
        let filter = DeliveryFilter { state: Some(state), notifier_id: Some(id), before_id: None };
        world.notifications.list_deliveries(&filter).await.unwrap()
    };
    let dead = of(&world, DeliveryState::Dead).await;
    assert_eq!(dead.iter().map(|delivery| delivery.subject.as_str()).collect::<Vec<_>>(), ["[Warning] host-1 CPU usage 93.4% · Alert"]);
    let attempts = &dead[0].attempts;
    assert!(attempts.len() == 20 && attempts.iter().all(|attempt| !attempt.ok), "{attempts:?}");
    assert_eq!(attempts[0].answer, "HTTP 503: down for maintenance, /hook/•••");
    assert_eq!(of(&world, DeliveryState::Waiting).await.len(), 1, "the next one has its own day");
    receiver.set_broken(false);
    world.notifications.resend(dead[0].id).await.unwrap();
    assert!(world.notifications.resend(dead[0].id).await.is_err(), "it waits already");
    world.pass(20 * MINUTE_MS).await;
    assert_eq!(receiver.field("host"), ["host-1", "host-2"]);
    let delivered = of(&world, DeliveryState::Delivered).await;
    assert_eq!(delivered.iter().map(|delivery| delivery.id).collect::<Vec<_>>(), [dead[0].id + 1, dead[0].id], "newest first");
    let older = DeliveryFilter { before_id: Some(delivered[0].id), ..Default::default() };
    assert_eq!(world.notifications.list_deliveries(&older).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_message_that_is_refused_for_good_does_not_hold_up_the_next() {
    let receiver = Receiver::start().await;
    let mut world = World::new().await;
    let id = world.webhook("hook", "http://192.168.9.9/hook").await;
    world.fire(1, Level::Warning).await;
    world.pass(3_000).await;
    let said = world.notifications.list_notifiers().await.unwrap()[0].last.clone().unwrap();
    assert_eq!((said.ok, said.answer.as_str()), (false, "refused: the address is private, and private addresses are not allowed here"));
    world.notifications.save_notifier(Some(id), &super::world::webhook("hook", &receiver.url)).await.unwrap();
    world.fire(2, Level::Warning).await;
    world.pass(3_000).await;
    assert_eq!(receiver.field("host"), ["host-2"]);
}
