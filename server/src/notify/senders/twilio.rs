//! Twilio: <https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource>.

use super::http::{Way, accepted, below, form};
use super::sign::base64;
use super::{Fields, Message, Notifier, SendError};
use crate::notify::message::Limit;
use async_trait::async_trait;
use reqwest::Method;

const MOST: Limit = Limit::Letters(1_600);

/// POST `<url>/2010-04-01/Accounts/<sid>/Messages.json` of a form, for each recipient; the answer is 201. A sender that begins with `MG` is
/// a messaging service.
pub struct Twilio {
    pub way: Way,
    pub fields: Fields,
}

#[async_trait]
impl Notifier for Twilio {
    fn parts(&self) -> u32 {
        u32::try_from(self.fields.list("to").len()).unwrap_or(u32::MAX)
    }

    async fn send(&self, message: &Message, part: u32, _now_ms: i64) -> Result<String, SendError> {
        let (sid, from) = (self.fields.text("account_sid"), self.fields.text("from"));
        let recipients = self.fields.list("to");
        let to = recipients.get(part as usize).ok_or_else(|| SendError::Permanent("no recipient".into()))?;
        let url = below(self.fields.text("url"), &["2010-04-01", "Accounts", sid, "Messages.json"])?;
        let sender = if from.starts_with("MG") { "MessagingServiceSid" } else { "From" };
        let body = form(&[("To", to), (sender, from), ("Body", &message.text(MOST))]);
        let login = format!("Basic {}", base64(format!("{sid}:{}", self.fields.text("auth_token")).as_bytes()));
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("authorization", &login)];
        accepted(&self.way.send(Method::POST, url, &headers, body.into_bytes()).await?)
    }
}
