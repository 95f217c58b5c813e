//! Mail, to a real SMTP server.

use super::mail_server::MailServer;
use super::world::{World, form};
use protocol::host::Level;
use protocol::notify::{DeliveryFilter, DeliveryState, NotifierForm, NotifierId, NotifierKind};
use protocol::secret::Secret;
use serde_json::json;

const MINUTE_MS: i64 = 60_000;

fn mail_form(server: &MailServer, pairs: &[(&str, &str)]) -> NotifierForm {
    let port = server.port.to_string();
    let usual = [
        ("host", "localhost"),
        ("port", port.as_str()),
        ("from", "塔台 <tactus@example.org>"),
        ("to", "ann@example.org"),
        ("ca_pem", server.ca.as_str()),
    ];
    let fields = usual.iter().chain(pairs);
    NotifierForm {
        fields: fields.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        ..form("mail", NotifierKind::Smtp)
    }
}

async fn save(world: &World, form: &NotifierForm) -> NotifierId {
    world.notifications.save_notifier(None, form).await.unwrap()
}

#[tokio::test]
async fn starttls_and_tls_with_an_authority_of_ones_own_and_a_login() {
    for security in ["starttls", "tls"] {
        let options = json!({ "security": security, "user": "ann", "password": "pä ss" });
        let Some(mut server) = MailServer::start(options).await else { return };
        let world = World::new().await;
        let login = NotifierForm {
            secrets: [("password".to_owned(), Secret::new("pä ss"))].into(),
            ..mail_form(&server, &[("user", "ann"), ("security", security), ("to", "Ann <ann@example.org>, bob@example.org")])
        };
        let id = save(&world, &login).await;
        let result = world.notifications.test_notifier(id).await.unwrap();
        assert!(result.ok && result.answer.contains("kept"), "{result:?}");
        for recipient in ["ann@example.org", "bob@example.org"] {
            let mail = server.mail().await;
            assert!(mail.tls && mail.login);
            assert_eq!((mail.from.as_str(), mail.to.as_slice()), ("tactus@example.org", &[recipient.to_owned()][..]));
            assert_eq!(mail.header("To"), "Ann <ann@example.org>, bob@example.org");
            assert!(mail.header("From").ends_with("<tactus@example.org>"));
            assert_eq!(mail.header("Date"), "Thu, 02 Jul 2026 13:46:40 +0000");
            assert_eq!(mail.header("Message-ID"), format!("<test-{id}-{}@example.org>", world.now_ms()));
            assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
            assert!(mail.header("Content-Type").starts_with("text/plain; charset=utf-8"));
        }
    }
}

#[tokio::test]
async fn no_certificate_is_taken_on_trust_and_no_password_goes_in_the_clear() {
    let Some(server) = MailServer::start(json!({})).await else { return };
    let world = World::new().await;
    let mut unknown = mail_form(&server, &[]);
    unknown.fields.remove("ca_pem");
    let id = save(&world, &unknown).await;
    let result = world.notifications.test_notifier(id).await.unwrap();
    assert!(!result.ok && result.answer.contains("UnknownIssuer"), "{result:?}");
    let other_name = NotifierForm { name: "ip".into(), ..mail_form(&server, &[("host", "127.0.0.1")]) };
    let id = save(&world, &other_name).await;
    let result = world.notifications.test_notifier(id).await.unwrap();
    assert!(!result.ok && result.answer.contains("not valid for name"), "{result:?}");
    assert!(server.rest().await.is_empty());
    let Some(plain) = MailServer::start(json!({ "security": "none" })).await else { return };
    let strict = NotifierForm { name: "strict".into(), ..mail_form(&plain, &[]) };
    let id = save(&world, &strict).await;
    let result = world.notifications.test_notifier(id).await.unwrap();
    assert_eq!((result.ok, result.answer.as_str()), (false, "the server does not offer STARTTLS"));
    let open = NotifierForm { name: "open".into(), ..mail_form(&plain, &[("security", "none")]) };
    let id = save(&world, &open).await;
    assert!(world.notifications.test_notifier(id).await.unwrap().ok);
    assert_eq!(plain.rest().await.len(), 1);
}

#[tokio::test]
async fn a_wrong_password_is_final_and_is_not_shown() {
    let Some(server) = MailServer::start(json!({ "user": "ann", "password": "right" })).await else { return };
    let mut world = World::new().await;
    let wrong =
        NotifierForm { secrets: [("password".to_owned(), Secret::new("wrong-horse"))].into(), ..mail_form(&server, &[("user", "ann")]) };
    save(&world, &wrong).await;
    world.fire(1, Level::Critical).await;
    world.pass(MINUTE_MS).await;
    let deliveries = world.notifications.list_deliveries(&DeliveryFilter::default()).await.unwrap();
    let delivery = &deliveries[0];
    assert_eq!((delivery.state, delivery.attempts.len()), (DeliveryState::Dead, 1), "{delivery:?}");
    let answer = &delivery.attempts[0].answer;
    assert!(answer.contains("535") && !answer.contains("wrong-horse"), "{answer}");
    assert!(server.rest().await.is_empty());
}

#[tokio::test]
async fn a_busy_server_is_tried_again_and_a_wrong_recipient_keeps_nothing_from_the_others() {
    let Some(mut server) = MailServer::start(json!({ "busy": 2, "refuse": ["gone@example.org"] })).await else { return };
    let mut world = World::new().await;
    save(&world, &mail_form(&server, &[("to", "gone@example.org, ann@example.org")])).await;
    world.fire(1, Level::Critical).await;
    world.pass(MINUTE_MS).await;
    let mail = server.mail().await;
    assert_eq!(mail.to, ["ann@example.org"]);
    let deliveries = world.notifications.list_deliveries(&DeliveryFilter::default()).await.unwrap();
    let said: Vec<(bool, &str)> = deliveries[0]
        .attempts
        .iter()
        .map(|attempt| {
            (
                attempt.ok,
                if attempt.answer.contains("451") {
                    "451"
                } else if attempt.answer.contains("550") {
                    "550"
                } else {
                    ""
                },
            )
        })
        .collect();
    assert_eq!(said, [(false, "550"), (false, "451"), (false, "451"), (true, "")]);
    assert_eq!(deliveries[0].state, DeliveryState::Dead, "not all have it, and that is to be seen");
    assert!(server.rest().await.is_empty());
}

#[tokio::test]
async fn an_hour_without_the_server_and_a_restart_lose_nothing_and_repeat_nothing() {
    let Some(mut server) = MailServer::start(json!({})).await else { return };
    let mut world = World::new().await;
    save(&world, &mail_form(&server, &[])).await;
    world.fire(1, Level::Critical).await;
    world.pass(MINUTE_MS).await;
    let first = server.mail().await;
    assert_eq!(first.header("Message-ID").len(), "<@example.org>".len() + 32);
    server.stop().await;
    for id in 2..=13 {
        world.fire(id, Level::Critical).await;
        world.pass(5 * MINUTE_MS).await;
        if id == 7 {
            world = world.restarted().await;
        }
    }
    server.start_again(json!({})).await;
    world.pass(16 * MINUTE_MS).await;
    let rest = server.rest().await;
    let subjects: Vec<String> = rest.iter().map(|mail| mail.header("Subject")).collect();
    let expected: Vec<String> = (2..=13).map(|id| format!("host-{id}")).collect();
    assert_eq!(subjects.len(), 12);
    for (mail, host) in rest.iter().zip(&expected) {
        assert!(mail.text.contains(&format!("{host} ")), "{host} is not in its place: {subjects:?}");
    }
}
