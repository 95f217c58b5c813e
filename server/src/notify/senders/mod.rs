//! One file for each kind of notifier: what a message is to its provider, and what the provider's answer means.

mod aliyun_sms;
mod bark;
mod dingtalk;
mod discord;
mod feishu;
mod fields;
mod gotify;
mod http;
mod ntfy;
mod pagerduty;
mod sign;
mod slack;
mod smtp;
mod telegram;
#[cfg(test)]
mod tests;
mod twilio;
mod webhook;
mod wecom;

pub use fields::Fields;
pub use sign::{percent_encoded, sha256_hex};
pub use webhook::own_headers;

use super::message::Message;
use crate::outbound::Outbound;
use async_trait::async_trait;
use http::Way;
use protocol::notify::NotifierKind;
use std::time::Duration;

/// Why a message has not arrived. The text may hold what the provider answered; it is masked before anybody sees it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It would not arrive later either.
    #[error("{0}")]
    Permanent(String),
    #[error("{reason}")]
    Temporary {
        reason: String,
        /// As long the provider wants to be left alone.
        retry_after: Option<Duration>,
    },
}

impl SendError {
    /// A failure that may pass.
    pub fn temporary(reason: impl Into<String>) -> Self {
        Self::Temporary { reason: reason.into(), retry_after: None }
    }
}

/// A way to reach people.
#[async_trait]
pub trait Notifier: Send + Sync {
    /// Requests that a message needs: one for each recipient where the provider takes only one at a time.
    fn parts(&self) -> u32 {
        1
    }

    /// Sends one part of a message (counted from zero) and answers what the provider said.
    ///
    /// # Errors
    /// The provider cannot be reached or does not want the message, also where it says so in an answer of status 200.
    async fn send(&self, message: &Message, part: u32, now_ms: i64) -> Result<String, SendError>;
}

/// The notifier of a kind with its settings.
pub fn build(kind: NotifierKind, fields: Fields, outbound: Outbound) -> Box<dyn Notifier> {
    let way = Way::new(outbound, &fields);
    match kind {
        NotifierKind::Smtp => Box::new(smtp::Smtp { way, fields }),
        NotifierKind::Webhook => Box::new(webhook::Webhook { way, fields }),
        NotifierKind::DingTalk => Box::new(dingtalk::DingTalk { way, fields }),
        NotifierKind::WeCom => Box::new(wecom::WeCom { way, fields }),
        NotifierKind::Feishu => Box::new(feishu::Feishu { way, fields }),
        NotifierKind::Telegram => Box::new(telegram::Telegram { way, fields }),
        NotifierKind::Slack => Box::new(slack::Slack { way, fields }),
        NotifierKind::Discord => Box::new(discord::Discord { way, fields }),
        NotifierKind::Ntfy => Box::new(ntfy::Ntfy { way, fields }),
        NotifierKind::Gotify => Box::new(gotify::Gotify { way, fields }),
        NotifierKind::Bark => Box::new(bark::Bark { way, fields }),
        NotifierKind::PagerDuty => Box::new(pagerduty::PagerDuty { way, fields }),
        NotifierKind::AliyunSms => Box::new(aliyun_sms::AliyunSms { way, fields }),
        NotifierKind::Twilio => Box::new(twilio::Twilio { way, fields }),
    }
}
