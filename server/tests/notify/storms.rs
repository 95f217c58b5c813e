//! Many alerts at once, and one that comes and goes, do not bury anybody in messages.

use super::receiver::Receiver;
use super::world::World;
use protocol::alert::{Alert, AlertChange, AlertKind};
use protocol::host::Level;
use protocol::notify::{Route, RouteMatch};

#[tokio::test]
async fn five_hundred_alerts_within_forty_seconds_are_two_messages() {
    let receiver = Receiver::start().await;
    let mut world = World::new().await;
    world.webhook("hook", &receiver.url).await;
    for batch in 0..20 {
        let alerts: Vec<Alert> = (1..=25).map(|number| world.alert(batch * 25 + number, Level::Critical)).collect();
        world.happen(&alerts, AlertChange::Fired).await;
        world.pass(2_000).await;
        if batch == 10 {
            world
                .happen(
                    &[Alert { ended: Some((world.now_ms(), protocol::alert::Ending::Recovered)), ..alerts[0].clone() }],
                    AlertChange::Resolved,
                )
                .await;
        }
    }
    world.pass(120_000).await;
    let told: i64 = receiver.accepted().iter().map(|accepted| accepted.body["count"].as_i64().unwrap()).sum();
    assert!(receiver.accepted().len() <= 2, "{}", receiver.accepted().len());
    assert_eq!(told, 500, "none is missing");
}

#[tokio::test]
async fn a_host_that_flaps_for_ten_minutes_makes_two_messages_and_one_that_stays_away_a_third() {
    let receiver = Receiver::start().await;
    let mut world = World::new().await;
    world.webhook("hook", &receiver.url).await;
    let offline = |world: &World, id| Alert { host_id: 7, kind: AlertKind::Offline, ..world.alert(id, Level::Critical) };
    for turn in 1..=30 {
        let alert = offline(&world, turn);
        world.happen(std::slice::from_ref(&alert), AlertChange::Fired).await;
        world.pass(10_000).await;
        world.resolve(&alert).await;
        world.pass(10_000).await;
        if turn == 15 {
            world = world.restarted().await;
        }
    }
    assert_eq!(receiver.field("change_name"), ["fired", "resolved"]);
    let alert = offline(&world, 31);
    world.happen(&[alert], AlertChange::Fired).await;
    world.pass(59_000).await;
    assert_eq!(receiver.accepted().len(), 2);
    world.pass(2_000).await;
    assert_eq!(receiver.field("change_name"), ["fired", "resolved", "fired"]);
}

#[tokio::test]
async fn a_warning_that_becomes_critical_within_two_seconds_is_one_message() {
    let receiver = Receiver::start().await;
    let mut world = World::new().await;
    world.webhook("hook", &receiver.url).await;
    let warning = world.fire(1, Level::Warning).await;
    world.pass(1_000).await;
    assert!(receiver.accepted().is_empty());
    let critical = Alert { level: Level::Critical, worst: Level::Critical, ..warning };
    world.happen(std::slice::from_ref(&critical), AlertChange::Raised).await;
    world.pass(1_000).await;
    assert_eq!((receiver.field("level_name"), receiver.field("change_name")), (vec!["critical".to_owned()], vec!["fired".to_owned()]));
    world.resolve(&critical).await;
    world.pass(2_000).await;
    assert_eq!(receiver.field("change_name"), ["fired", "resolved"]);
}

#[tokio::test]
async fn routes_choose_by_tag_and_level_and_silent_news_are_not_told() {
    let (all, some) = (Receiver::start().await, Receiver::start().await);
    let mut world = World::new().await;
    let (first, second) = (world.webhook("all", &all.url).await, world.webhook("some", &some.url).await);
    let profile = tactus::store::HostProfile { address: "10.0.0.1".into(), port: 22, tags: vec!["db".into()], ..Default::default() };
    let host = world.store.insert_host::<tactus::store::StoreError>(&profile, 0, |_| Ok(Default::default())).await.unwrap();
    let route = Route { name: "a".into(), enabled: true, notifiers: vec![first], ..Route::default() };
    let tagged = RouteMatch { tags: vec!["db".into()], levels: vec![Level::Critical], ..Default::default() };
    world.notifications.save_route(&Route { name: "b".into(), notifiers: vec![second], matches: tagged, ..route.clone() }).await.unwrap();
    world.notifications.save_route(&route).await.unwrap();
    world.fire(host, Level::Critical).await;
    world.fire(host + 1, Level::Critical).await;
    world.pass(3_000).await;
    assert_eq!((all.accepted().len(), some.field("host")), (2, vec![format!("host-{host}")]));
    let silent = tactus::store::Happening {
        alert: world.alert(9, Level::Critical),
        latched: true,
        change: Some(AlertChange::Fired),
        at_ms: world.now_ms(),
        by: String::new(),
        silent: true,
    };
    world.store.save_happenings(&[silent]).await.unwrap();
    world.pass(3_000).await;
    assert_eq!(all.accepted().len(), 2);
}
