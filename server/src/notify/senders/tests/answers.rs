//! What the answers of providers mean: an error inside of a good status is one, and what passes is told from what stays.

use super::super::SendError;
use super::*;
use std::time::Duration;

/// What a kind needs to be sent at all.
fn pairs(kind: NotifierKind) -> &'static [(&'static str, &'static str)] {
    match kind {
        NotifierKind::DingTalk => &[("access_token", "a")],
        NotifierKind::WeCom => &[("key", "a")],
        NotifierKind::Feishu | NotifierKind::Gotify => &[("token", "a")],
        NotifierKind::Telegram => &[("token", "a"), ("chat_id", "1")],
        NotifierKind::Ntfy => &[("topic", "a")],
        NotifierKind::Bark => &[("device_key", "a")],
        NotifierKind::PagerDuty => &[("routing_key", "a")],
        NotifierKind::AliyunSms => {
            &[("access_key_id", "a"), ("access_key_secret", "b"), ("sign_name", "c"), ("template_code", "d"), ("phones", "1")]
        }
        NotifierKind::Twilio => &[("account_sid", "a"), ("auth_token", "b"), ("from", "1"), ("to", "2")],
        NotifierKind::Webhook | NotifierKind::Slack | NotifierKind::Discord => &[],
        NotifierKind::Smtp => panic!("it does not speak HTTP"),
    }
}

async fn answered(kind: NotifierKind, script: Script) -> Result<String, SendError> {
    let receiver = Receiver::start(script).await;
    let result = notifier(kind, &receiver.base, pairs(kind)).send(&message(), 0, NOW_MS).await;
    receiver.heard();
    result
}

#[tokio::test]
async fn statuses_stay_or_pass_for_every_kind() {
    for &kind in NotifierKind::ALL.iter().filter(|kind| **kind != NotifierKind::Smtp) {
        for status in [301, 302, 400, 401, 403, 404, 410] {
            let error = answered(kind, (status, "", "no such robot")).await.unwrap_err();
            assert!(matches!(&error, SendError::Permanent(text) if text.starts_with(&format!("HTTP {status}"))), "{kind:?} {error:?}");
        }
        for (status, after) in [(429, "17"), (500, ""), (503, "5"), (408, "")] {
            let error = answered(kind, (status, after, "later")).await.unwrap_err();
            let retry_after = after.parse().ok().map(Duration::from_secs);
            assert_eq!(error, SendError::Temporary { reason: format!("HTTP {status}: later"), retry_after }, "{kind:?}");
        }
    }
}

#[tokio::test]
async fn errors_inside_of_a_good_status_are_errors() {
    use NotifierKind::{AliyunSms, Bark, DingTalk, Feishu, Slack, Telegram, WeCom};
    for (kind, answer, passes) in [
        (DingTalk, r#"{"errcode":310000,"errmsg":"keywords not in content"}"#, false),
        (DingTalk, r#"{"errcode":130101,"errmsg":"send too fast"}"#, true),
        (DingTalk, "<html>portal</html>", false),
        (WeCom, r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#, false),
        (WeCom, r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#, true),
        (Feishu, r#"{"code":19021,"msg":"sign match fail"}"#, false),
        (Feishu, r#"{"code":11232,"msg":"frequency limited"}"#, true),
        (Telegram, r#"{"ok":false,"description":"chat not found"}"#, false),
        (Slack, r#"{"ok":false,"error":"channel_not_found"}"#, false),
        (Slack, "no_text", false),
        (Bark, r#"{"code":400,"message":"device not found"}"#, false),
        (AliyunSms, r#"{"Code":"isv.MOBILE_NUMBER_ILLEGAL","Message":"x"}"#, false),
        (AliyunSms, r#"{"Code":"isv.BUSINESS_LIMIT_CONTROL","Message":"x"}"#, true),
        (AliyunSms, "{}", false),
    ] {
        let error = answered(kind, (200, "", answer)).await.unwrap_err();
        assert_eq!(matches!(error, SendError::Temporary { .. }), passes, "{answer}");
        assert_eq!(error.to_string(), answer);
    }
    let throttled = answered(AliyunSms, (400, "3", r#"{"Code":"Throttling.User"}"#)).await.unwrap_err();
    assert!(matches!(throttled, SendError::Temporary { retry_after: Some(after), .. } if after == Duration::from_secs(3)));
}

#[tokio::test]
async fn a_wait_inside_of_the_answer_is_honoured() {
    for (kind, answer, seconds) in [
        (NotifierKind::Telegram, r#"{"ok":false,"error_code":429,"parameters":{"retry_after":31}}"#, 31),
        (NotifierKind::Discord, r#"{"message":"You are being rate limited.","retry_after":0.65}"#, 1),
    ] {
        let error = answered(kind, (429, "", answer)).await.unwrap_err();
        assert!(
            matches!(error, SendError::Temporary { retry_after: Some(after), .. } if after == Duration::from_secs(seconds)),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn refused_addresses_and_dead_receivers() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let dead = notifier(NotifierKind::Slack, &format!("http://{closed}/x"), &[]).send(&message(), 0, NOW_MS).await.unwrap_err();
    assert!(matches!(dead, SendError::Temporary { .. }), "{dead:?}");
    let private = notifier(NotifierKind::Slack, "http://192.168.1.1/x", &[]).send(&message(), 0, NOW_MS).await.unwrap_err();
    assert!(matches!(&private, SendError::Permanent(text) if text.contains("private")), "{private:?}");
    // Without leave it is the same for mail.
    let pairs = [("host", "10.0.0.1"), ("from", "a@example.org"), ("to", "b@example.org")];
    let (mut values, secrets) = (BTreeMap::new(), BTreeMap::new());
    values.extend(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let mail = build(NotifierKind::Smtp, Fields::new(NotifierKind::Smtp, values, secrets), Outbound::new(true));
    let error = mail.send(&message(), 0, NOW_MS).await.unwrap_err();
    assert!(matches!(&error, SendError::Permanent(text) if text.contains("private")), "{error:?}");
}
