//! What the page does: it fills in, tries, looks at previews and never gets a secret back.

use super::receiver::Receiver;
use super::world::{World, form, webhook};
use protocol::notify::{FieldProblem, NotifierForm, NotifierKind, NotifySettings, Route};
use tactus::notify::NotifyError;

#[tokio::test]
async fn secrets_go_in_and_never_come_out() {
    let world = World::new().await;
    let id = world.webhook("hook", "http://127.0.0.1:9/hook/secret-path-1").await;
    let view = world.notifications.list_notifiers().await.unwrap().remove(0);
    assert_eq!((view.id, view.name.as_str(), view.kind), (id, "hook", NotifierKind::Webhook));
    assert_eq!(view.secrets_set.iter().collect::<Vec<_>>(), ["url"]);
    assert!(!serde_json::to_string(&view).unwrap().contains("secret-path"));
    // An empty secret stays what it was; the sealed text is that of before.
    let before = world.store.get_notifier(id).await.unwrap().unwrap().sealed;
    let kept = NotifierForm { enabled: false, ..form("renamed", NotifierKind::Webhook) };
    world.notifications.save_notifier(Some(id), &kept).await.unwrap();
    assert_eq!(world.store.get_notifier(id).await.unwrap().unwrap().sealed, before);
    let taken = world.notifications.save_notifier(None, &webhook("RENAMED", "http://a/")).await.unwrap_err();
    assert!(matches!(taken, NotifyError::Invalid(wrong) if wrong[0].problem == FieldProblem::Taken));
    assert!(matches!(world.notifications.save_notifier(Some(99), &kept).await, Err(NotifyError::NotFound)));
    world.notifications.delete_notifier(id).await.unwrap();
    assert!(world.notifications.list_notifiers().await.unwrap().is_empty());
    assert!(matches!(world.notifications.test_notifier(id).await, Err(NotifyError::NotFound)));
}

#[tokio::test]
async fn a_test_says_what_the_provider_says() {
    let receiver = Receiver::start().await;
    let world = World::new().await;
    let id = world.webhook("hook", &receiver.url).await;
    let result = world.notifications.test_notifier(id).await.unwrap();
    assert_eq!((result.ok, result.answer.as_str()), (true, "thank you"));
    assert_eq!(receiver.field("host"), ["web-1"]);
    receiver.set_broken(true);
    let result = world.notifications.test_notifier(id).await.unwrap();
    assert_eq!((result.ok, result.answer.as_str()), (false, "HTTP 503: down for maintenance, /hook/•••"));
}

#[tokio::test]
async fn previews_show_templates_of_a_form_that_is_not_complete_yet() {
    let world = World::new().await;
    let link = NotifySettings { public_url: " https://t.example/ ".into(), ..Default::default() };
    world.notifications.save_settings(&link).await.unwrap();
    let own = |text: &str| NotifierForm { fields: [("body".to_owned(), text.to_owned())].into(), ..form("", NotifierKind::Smtp) };
    let preview = world.notifications.preview(&own("{{ host }} {{ link }}"), false).await.unwrap();
    let expected = [("subject", "[Critical] web-1 CPU usage 93.4% · Alert"), ("body", "web-1 https://t.example/alerts?id=17")];
    assert_eq!(preview.texts, expected.map(|(field, text)| (field.to_owned(), text.to_owned())));
    let usual = world.notifications.usual_template(protocol::notify::Language::English, "body");
    assert_eq!(world.notifications.preview(&own(usual), false).await.unwrap(), world.notifications.preview(&own(""), false).await.unwrap());
    let digest = world.notifications.preview(&own(""), true).await.unwrap();
    assert!(digest.texts[1].1.starts_with("25 alerts, the worst is Critical.\n"), "{digest:?}");
    let Err(NotifyError::Invalid(wrong)) = world.notifications.preview(&own("{{ hots }}"), false).await else { panic!("it is wrong") };
    assert_eq!((wrong.len(), wrong[0].field.as_str(), wrong[0].detail.as_str()), (1, "body", "unknown variable: hots"));
}

#[tokio::test]
async fn routes_and_settings_are_checked() {
    let world = World::new().await;
    let id = world.webhook("hook", "http://127.0.0.1:9/").await;
    let route = Route { name: "all".into(), enabled: true, notifiers: vec![id], ..Route::default() };
    let first = world.notifications.save_route(&route).await.unwrap();
    let second = world.notifications.save_route(&Route { name: "other".into(), ..route.clone() }).await.unwrap();
    world.notifications.order_routes(&[second, first]).await.unwrap();
    assert_eq!(world.notifications.list_routes().await.unwrap().iter().map(|route| route.id).collect::<Vec<_>>(), [second, first]);
    assert!(matches!(world.notifications.save_route(&Route { id: 99, ..route.clone() }).await, Err(NotifyError::NotFound)));
    assert!(matches!(world.notifications.save_route(&Route { notifiers: vec![99], ..route }).await, Err(NotifyError::Invalid(_))));
    world.notifications.delete_route(first).await.unwrap();
    assert_eq!(world.notifications.list_routes().await.unwrap().len(), 1);
    for wrong in [
        NotifySettings { public_url: "t.example".into(), ..Default::default() },
        NotifySettings { digest_above: 0, ..Default::default() },
        NotifySettings { group_wait_s: 301, ..Default::default() },
    ] {
        assert!(matches!(world.notifications.save_settings(&wrong).await, Err(NotifyError::Invalid(_))), "{wrong:?}");
    }
}
