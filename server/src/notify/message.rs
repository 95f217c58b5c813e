//! What is told, and the message that it becomes.

use protocol::alert::{Alert, Ending};
use protocol::host::Level;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is told of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Telling {
    Fired,
    Raised,
    Resolved,
    /// It fired and ended before anybody had been told.
    Passed,
    /// It is open still.
    Repeated,
    /// Nobody has acknowledged it.
    Escalated,
    /// Only for those who keep incidents.
    Acknowledged,
}

impl Telling {
    /// All.
    pub const ALL: [Self; 7] =
        [Self::Fired, Self::Raised, Self::Resolved, Self::Passed, Self::Repeated, Self::Escalated, Self::Acknowledged];

    /// Its name in templates and the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fired => "fired",
            Self::Raised => "raised",
            Self::Resolved => "resolved",
            Self::Passed => "passed",
            Self::Repeated => "repeated",
            Self::Escalated => "escalated",
            Self::Acknowledged => "acknowledged",
        }
    }

    /// What a name of the store means.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|telling| telling.name() == name)
    }

    /// Whether it is good news.
    pub fn is_end(self) -> bool {
        matches!(self, Self::Resolved | Self::Passed)
    }
}

/// One alert that is told, and what of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub alert: Alert,
    pub telling: Telling,
    pub now_ms: i64,
}

impl Item {
    /// When that was.
    pub fn at_ms(&self) -> i64 {
        match self.telling {
            Telling::Fired => self.alert.fired_at_ms,
            Telling::Raised => self.alert.changed_at_ms,
            Telling::Resolved | Telling::Passed => self.alert.ended.map_or(self.now_ms, |(at_ms, _)| at_ms),
            Telling::Acknowledged => self.alert.acknowledged.as_ref().map_or(self.now_ms, |remark| remark.at_ms),
            Telling::Repeated | Telling::Escalated => self.now_ms,
        }
    }

    /// How long the alert has been, or was, open, in milliseconds.
    pub fn lasted_ms(&self) -> i64 {
        let until = self.alert.ended.map_or_else(|| self.at_ms(), |(at_ms, _)| at_ms);
        (until - self.alert.fired_at_ms).max(0)
    }

    /// The level that matters: of what has ended the worst that it had, of anything else the present one.
    pub fn level(&self) -> Level {
        if self.telling.is_end() { self.alert.worst } else { self.alert.level }
    }

    /// How it ended.
    pub fn ending(&self) -> Option<Ending> {
        self.alert.ended.map(|(_, ending)| ending)
    }

    /// Who did it and what was noted; empty where the centre did it itself.
    pub fn remark(&self) -> (&str, &str) {
        let remark = match self.telling {
            Telling::Resolved | Telling::Passed => self.alert.resolved_by_hand.as_ref(),
            Telling::Acknowledged => self.alert.acknowledged.as_ref(),
            _ => None,
        };
        remark.map_or(("", ""), |remark| (&remark.by, &remark.note))
    }

    /// Names an incident at a provider that keeps them: the same for all that is told of one alert, and no other centre's.
    pub fn incident(&self) -> String {
        let Alert { id, host_name, kind, fired_at_ms, .. } = &self.alert;
        let host: String = host_name.chars().take(60).collect();
        format!("tactus/{host}/{kind}/{id}/{fired_at_ms}")
    }
}

/// A message to one notifier, complete: it says the same whenever it goes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The same for every attempt to send it, so that the other side can tell a second copy from a second message.
    pub key: String,
    pub telling: Telling,
    pub level: Level,
    /// One line.
    pub subject: String,
    pub body: String,
    /// The other templates of the notifier's form, rendered, by field.
    pub texts: BTreeMap<String, String>,
    /// See [`Item::incident`]; of several alerts the key of the message.
    pub incident: String,
    /// Host and kind of the (worst) alert.
    pub host: String,
    pub kind: String,
    pub at_ms: i64,
    /// Where the page shows it.
    pub link: Option<String>,
}

impl Message {
    /// Subject and body as one text.
    pub fn text(&self, most: Limit) -> String {
        cut(&format!("{}\n{}", self.subject, self.body.trim_end()), most)
    }
}

/// How long a text may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Of UTF-8.
    Bytes(usize),
    /// Units of UTF-16, as most providers count.
    Letters(usize),
}

/// The beginning of a text that is too long, with an ellipsis behind it.
pub fn cut(text: &str, most: Limit) -> String {
    const MARK: char = '…';
    let (most, size): (_, fn(char) -> usize) = match most {
        Limit::Bytes(most) => (most, char::len_utf8),
        Limit::Letters(most) => (most, char::len_utf16),
    };
    if text.chars().map(size).sum::<usize>() <= most {
        return text.to_owned();
    }
    let mut left = most.saturating_sub(size(MARK));
    let fits = |letter: &char| {
        let fits = size(*letter) <= left;
        left = left.saturating_sub(size(*letter));
        fits
    };
    text.chars().take_while(fits).chain([MARK]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_letters() {
        for (text, most, shown) in [
            ("abc", Limit::Bytes(3), "abc"),
            ("abcd", Limit::Bytes(3), "…"),
            ("告警告警", Limit::Bytes(11), "告警…"),
            ("告警告警", Limit::Letters(4), "告警告警"),
            ("告警告警x", Limit::Letters(4), "告警告…"),
            ("🚨🚨", Limit::Letters(3), "🚨…"),
        ] {
            assert_eq!(cut(text, most), shown);
        }
    }

    #[test]
    fn names_lead_back() {
        for telling in Telling::ALL {
            assert_eq!(Telling::from_name(telling.name()), Some(telling));
            assert_eq!(serde_json::to_value(telling).ok(), Some(serde_json::Value::from(telling.name())));
        }
    }
}
