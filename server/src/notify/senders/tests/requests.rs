//! What each notifier sends, byte by byte.

use super::*;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Independent of the code under test.
fn hmac(key: &str, data: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(data.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn percent(text: &str) -> String {
    text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

async fn sent(kind: NotifierKind, below: &str, pairs: &[(&str, &str)], message: &Message, script: Script) -> Heard {
    let receiver = Receiver::start(script).await;
    let notifier = notifier(kind, &format!("{}{below}", receiver.base), pairs);
    assert_eq!(
        notifier.send(message, 0, NOW_MS).await,
        Ok(if script.2.is_empty() { format!("HTTP {}", script.0) } else { script.2.into() })
    );
    receiver.heard()
}

#[tokio::test]
async fn dingtalk() {
    let pairs = [("access_token", "tok"), ("sign_secret", "SEC1"), ("mobiles", "13800000000, 13900000000")];
    let heard = sent(NotifierKind::DingTalk, "/robot/send", &pairs, &message(), (200, "", r#"{"errcode":0,"errmsg":"ok"}"#)).await;
    let sign = percent(&STANDARD.encode(hmac("SEC1", "1783000000000\nSEC1")));
    assert_eq!(heard.method, Method::POST);
    assert_eq!(heard.path, format!("/robot/send?access_token=tok&timestamp=1783000000000&sign={sign}"));
    assert_eq!(heard.header("content-type"), Some("application/json"));
    assert_eq!(
        heard.body,
        r#"{"at":{"atMobiles":["13800000000","13900000000"],"isAtAll":false},"msgtype":"text","text":{"content":"[严重] web-1 CPU <93.4%>\n级别：严重 & \"hot\"\n时间：now"}}"#
    );
    let heard = sent(NotifierKind::DingTalk, "", &[("access_token", "tok")], &message(), (200, "", r#"{"errcode":0}"#)).await;
    assert_eq!(heard.path, "/?access_token=tok");
}

#[tokio::test]
async fn wecom() {
    let heard = sent(NotifierKind::WeCom, "/cgi-bin/webhook/send", &[("key", "k")], &message(), (200, "", r#"{"errcode":0}"#)).await;
    assert_eq!(heard.path, "/cgi-bin/webhook/send?key=k");
    assert_eq!(
        heard.body,
        r#"{"msgtype":"text","text":{"content":"[严重] web-1 CPU <93.4%>\n级别：严重 & \"hot\"\n时间：now","mentioned_mobile_list":[]}}"#
    );
}

#[tokio::test]
async fn feishu() {
    let pairs = [("token", "hook-1"), ("sign_secret", "s3")];
    let heard = sent(NotifierKind::Feishu, "/open-apis/bot/v2/hook", &pairs, &message(), (200, "", r#"{"code":0}"#)).await;
    let sign = STANDARD.encode(hmac("1783000000\ns3", ""));
    assert_eq!(heard.path, "/open-apis/bot/v2/hook/hook-1");
    assert_eq!(
        heard.body,
        format!(
            r#"{{"content":{{"text":"[严重] web-1 CPU <93.4%>\n级别：严重 & \"hot\"\n时间：now"}},"msg_type":"text","sign":"{sign}","timestamp":"1783000000"}}"#
        )
    );
}

#[tokio::test]
async fn telegram() {
    let pairs = [("token", "12:ab"), ("chat_id", "-100"), ("thread_id", "7")];
    let heard = sent(NotifierKind::Telegram, "", &pairs, &message(), (200, "", r#"{"ok":true}"#)).await;
    assert_eq!(heard.path, "/bot12:ab/sendMessage");
    assert_eq!(
        heard.body,
        r#"{"chat_id":"-100","link_preview_options":{"is_disabled":true},"message_thread_id":7,"text":"[严重] web-1 CPU <93.4%>\n级别：严重 & \"hot\"\n时间：now"}"#
    );
}

#[tokio::test]
async fn slack_and_discord() {
    let heard = sent(NotifierKind::Slack, "/services/T/B/x", &[], &message(), (200, "", "ok")).await;
    assert_eq!(heard.path, "/services/T/B/x");
    assert_eq!(heard.body, r#"{"text":"[严重] web-1 CPU &lt;93.4%&gt;\n级别：严重 &amp; \"hot\"\n时间：now"}"#);
    let heard = sent(NotifierKind::Discord, "/api/webhooks/1/x", &[("username", "T")], &message(), (204, "", "")).await;
    assert_eq!(heard.path, "/api/webhooks/1/x?wait=true");
    assert_eq!(
        heard.body,
        r#"{"allowed_mentions":{"parse":[]},"content":"[严重] web-1 CPU <93.4%>\n级别：严重 & \"hot\"\n时间：now","username":"T"}"#
    );
}

#[tokio::test]
async fn ntfy_gotify_and_bark() {
    let heard = sent(NotifierKind::Ntfy, "/", &[("topic", "t"), ("token", "tk")], &message(), (200, "", "{}")).await;
    assert_eq!((heard.path.as_str(), heard.header("authorization")), ("/", Some("Bearer tk")));
    assert_eq!(
        heard.body,
        r#"{"click":"https://t.example/alerts?id=17","message":"级别：严重 & \"hot\"\n时间：now","priority":5,"tags":["rotating_light"],"title":"[严重] web-1 CPU <93.4%>","topic":"t"}"#
    );
    let good = Message { telling: Telling::Resolved, link: None, ..message() };
    let heard = sent(NotifierKind::Ntfy, "/", &[("topic", "t")], &good, (200, "", "{}")).await;
    assert_eq!(heard.header("authorization"), None);
    assert!(heard.body.contains(r#""priority":3,"tags":["white_check_mark"]"#), "{}", heard.body);
    let heard = sent(NotifierKind::Gotify, "/g/", &[("token", "gk")], &message(), (200, "", "{}")).await;
    assert_eq!((heard.path.as_str(), heard.header("x-gotify-key")), ("/g/message", Some("gk")));
    assert_eq!(
        heard.body,
        r#"{"extras":{"client::notification":{"click":{"url":"https://t.example/alerts?id=17"}}},"message":"级别：严重 & \"hot\"\n时间：now","priority":8,"title":"[严重] web-1 CPU <93.4%>"}"#
    );
    let heard = sent(NotifierKind::Bark, "", &[("device_key", "dk")], &message(), (200, "", r#"{"code":200}"#)).await;
    assert_eq!(heard.path, "/push");
    assert_eq!(
        heard.body,
        r#"{"body":"级别：严重 & \"hot\"\n时间：now","device_key":"dk","group":"Tactus","level":"timeSensitive","title":"[严重] web-1 CPU <93.4%>","url":"https://t.example/alerts?id=17"}"#
    );
}

#[tokio::test]
async fn pagerduty() {
    for (telling, action) in
        [(Telling::Fired, "trigger"), (Telling::Raised, "trigger"), (Telling::Acknowledged, "acknowledge"), (Telling::Resolved, "resolve")]
    {
        let message = Message { telling, ..message() };
        let heard =
            sent(NotifierKind::PagerDuty, "/v2/enqueue", &[("routing_key", "rk")], &message, (202, "", r#"{"status":"success"}"#)).await;
        assert_eq!(heard.path, "/v2/enqueue");
        let expected = [
            r#"{"client":"Tactus","client_url":"https://t.example/alerts?id=17","dedup_key":"tactus/web-1/cpu/17/5","event_action":""#,
            action,
            r#"","links":[{"href":"https://t.example/alerts?id=17","text":"Tactus"}],"payload":{"class":"cpu","custom_details":{"text":"级别：严重 & \"hot\"\n时间：now"},"severity":"critical","source":"web-1","summary":"[严重] web-1 CPU <93.4%>","timestamp":"2026-07-02T13:46:40Z"},"routing_key":"rk"}"#,
        ];
        assert_eq!(heard.body, expected.concat());
    }
}

#[tokio::test]
async fn webhook() {
    let headers = "X-Token: t 1\nContent-Type: application/json; charset=utf-8";
    let pairs = [("method", "PUT"), ("headers", headers), ("signing_key", "sk")];
    let heard = sent(NotifierKind::Webhook, "/hook?a=b", &pairs, &message(), (204, "", "")).await;
    assert_eq!((heard.method.as_str(), heard.path.as_str()), ("PUT", "/hook?a=b"));
    assert_eq!(heard.body, r#"{"host":"web-1"}"#);
    let signature: String = hmac("sk", r#"1783000000.{"host":"web-1"}"#).iter().map(|byte| format!("{byte:02x}")).collect();
    for (name, value) in [
        ("x-token", "t 1"),
        ("content-type", "application/json; charset=utf-8"),
        ("idempotency-key", "k-1"),
        ("x-tactus-timestamp", "1783000000"),
        ("x-tactus-signature", &format!("sha256={signature}")),
    ] {
        assert_eq!(heard.header(name), Some(value));
    }
    let heard = sent(NotifierKind::Webhook, "/", &[], &message(), (200, "", "fine")).await;
    assert_eq!((heard.header("x-tactus-signature"), heard.header("content-type")), (None, Some("application/json")));
}

#[tokio::test]
async fn aliyun_sms() {
    let pairs = [
        ("access_key_id", "AK"),
        ("access_key_secret", "AS"),
        ("sign_name", "塔台"),
        ("template_code", "SMS_1"),
        ("phones", "13800000000，13900000000"),
    ];
    let heard = sent(NotifierKind::AliyunSms, "", &pairs, &message(), (200, "", r#"{"Code":"OK","BizId":"1"}"#)).await;
    let query = "PhoneNumbers=13800000000%2C13900000000&SignName=%E5%A1%94%E5%8F%B0&TemplateCode=SMS_1&TemplateParam=%7B%22host%22%3A%20%22web%201%22%7D";
    assert_eq!((heard.method.as_str(), heard.path.as_str(), heard.body.as_str()), ("POST", format!("/?{query}").as_str(), ""));
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let header = |name: &str| heard.header(name).unwrap().to_owned();
    assert_eq!(
        [header("x-acs-action"), header("x-acs-version"), header("x-acs-date"), header("x-acs-content-sha256")],
        ["SendSms", "2017-05-25", "2026-07-02T13:46:40Z", empty]
    );
    let names = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
    let lines: String = names.split(';').map(|name| format!("{name}:{}\n", header(name))).collect();
    let request = format!("POST\n/\n{query}\n{lines}\n{names}\n{empty}");
    let digest: String = <Sha256 as sha2::Digest>::digest(request.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let signature: String = hmac("AS", &format!("ACS3-HMAC-SHA256\n{digest}")).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(header("authorization"), format!("ACS3-HMAC-SHA256 Credential=AK,SignedHeaders={names},Signature={signature}"));
}

#[tokio::test]
async fn twilio_has_a_request_for_each_recipient() {
    let pairs = [("account_sid", "AC1"), ("auth_token", "at"), ("from", "+1555"), ("to", "+1666,+1777")];
    let heard =
        sent(NotifierKind::Twilio, "", &pairs, &Message { body: "b&c".into(), subject: "s".into(), ..message() }, (201, "", "{}")).await;
    assert_eq!(heard.path, "/2010-04-01/Accounts/AC1/Messages.json");
    assert_eq!(heard.header("authorization"), Some(format!("Basic {}", STANDARD.encode("AC1:at")).as_str()));
    assert_eq!(heard.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(heard.body, "To=%2B1666&From=%2B1555&Body=s%0Ab%26c");
    let receiver = Receiver::start((201, "", "{}")).await;
    let service = notifier(NotifierKind::Twilio, &receiver.base, &[("from", "MG9"), pairs[0], pairs[1], pairs[3]]);
    assert_eq!(service.parts(), 2);
    service.send(&Message { body: "b".into(), subject: "s".into(), ..message() }, 1, NOW_MS).await.unwrap();
    assert_eq!(receiver.heard().body, "To=%2B1777&MessagingServiceSid=MG9&Body=s%0Ab");
}
