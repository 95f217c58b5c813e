//! PagerDuty: <https://developer.pagerduty.com/docs/events-api-v2-overview>, events:
//! <https://developer.pagerduty.com/docs/send-alert-event>.

use super::http::{Way, accepted, below};
use super::{Fields, Message, Notifier, SendError};
use crate::notify::message::{Limit, Telling, cut};
use async_trait::async_trait;
use jiff::Timestamp;
use protocol::host::Level;
use serde_json::json;

const MOST_SUMMARY: Limit = Limit::Letters(1_024);
const MOST_DETAILS: Limit = Limit::Bytes(100_000);

/// POST `<url>` of an event that triggers, acknowledges or resolves the incident of its `dedup_key`; the answer is 202.
pub struct PagerDuty {
    pub way: Way,
    pub fields: Fields,
}

#[async_trait]
impl Notifier for PagerDuty {
    async fn send(&self, message: &Message, _part: u32, _now_ms: i64) -> Result<String, SendError> {
        let url = below(self.fields.text("url"), &[])?;
        let action = match message.telling {
            Telling::Resolved | Telling::Passed => "resolve",
            Telling::Acknowledged => "acknowledge",
            _ => "trigger",
        };
        let at = Timestamp::from_millisecond(message.at_ms).map(|at| at.to_string()).unwrap_or_default();
        let mut body = json!({
            "routing_key": self.fields.text("routing_key"),
            "event_action": action,
            "dedup_key": message.incident,
            "client": "Tactus",
            "payload": {
                "summary": cut(&message.subject, MOST_SUMMARY),
                "source": message.host,
                "severity": if message.level == Level::Critical { "critical" } else { "warning" },
                "timestamp": at,
                "class": message.kind,
                "custom_details": { "text": cut(message.body.trim_end(), MOST_DETAILS) },
            },
        });
        if let Some(link) = &message.link {
            body["links"] = json!([{ "href": link, "text": "Tactus" }]);
            body["client_url"] = json!(link);
        }
        accepted(&self.way.post_json(url, &[], &body).await?)
    }
}
