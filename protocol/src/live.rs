//! The live feed: what centre and page say to each other on `/api/live`.
//!
//! The page sends [`ClientMessage`] as JSON text. The centre sends [`ServerMessage`]: binary messages of [`crate::codec`], or JSON
//! in text messages when the client asks for the subprotocol [`JSON_SUBPROTOCOL`]. Every frame is complete in itself, so a slow
//! client may skip any number of them.

use crate::alert::AlertBoard;
use crate::deploy::DeployProgress;
use crate::host::{HostId, HostStatus, Levels, Source, Thresholds};
use crate::snapshot::Snapshot;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Subprotocol with JSON texts, for people and scripts.
pub const JSON_SUBPROTOCOL: &str = "tactus.v1.json";

/// Subprotocol with MessagePack (the default).
pub const BINARY_SUBPROTOCOL: &str = "tactus.v1.msgpack";

/// What a client can listen to. Written `overview` or `host:<id>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Key figures of all hosts, and their inventory.
    Overview,
    /// Everything about one host.
    Host(HostId),
}

impl fmt::Display for Topic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overview => formatter.write_str("overview"),
            Self::Host(id) => write!(formatter, "host:{id}"),
        }
    }
}

/// A text that names no topic.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown topic: expected `overview` or `host:<id>`")]
pub struct UnknownTopic;

impl FromStr for Topic {
    type Err = UnknownTopic;

    fn from_str(text: &str) -> Result<Self, UnknownTopic> {
        match text.split_once(':') {
            None if text == "overview" => Ok(Self::Overview),
            Some(("host", id)) => id.parse().map(Self::Host).map_err(|_| UnknownTopic),
            _ => Err(UnknownTopic),
        }
    }
}

impl Serialize for Topic {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Topic {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// From the page, as JSON text: `{"type":"subscribe","data":"overview"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum ClientMessage {
    Subscribe(Topic),
    Unsubscribe(Topic),
}

/// From the centre. In JSON: `{"type":"overview","data":{…}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum ServerMessage {
    /// First on every connection.
    Hello(Hello),
    /// On subscribing to `overview`, and whenever it changes.
    Inventory(Inventory),
    /// Topic `overview`, every beat.
    Overview(OverviewFrame),
    /// Topic `host:<id>`, every beat.
    Host(HostFrame),
    /// On connecting, and whenever it changes, within the beat.
    Alerts(AlertBoard),
    /// At once, to every client.
    Event(Event),
}

/// First message: who speaks. A page of another `version` was loaded before the centre was upgraded and reloads itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    pub protocol: u16,
    /// Version of the centre.
    pub version: String,
    pub at_ms: i64,
    pub beat_ms: u64,
}

/// What is known of the hosts and seldom changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inventory {
    /// Raised by every change; frames name the revision that they belong to.
    pub revision: u64,
    /// In the order in which they were added.
    pub hosts: Vec<HostCard>,
}

/// One host of the inventory, without anything secret.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HostCard {
    pub id: HostId,
    /// Remark of the user, or the host's own name, or its address.
    pub name: String,
    /// Address without port.
    pub address: String,
    /// SSH port; zero for the centre's own machine.
    pub port: u16,
    pub tags: Vec<String>,
    /// Empty where it belongs to none.
    pub group: String,
    /// Nothing is ever installed on it.
    pub agentless: bool,
    pub thresholds: Thresholds,
    /// From the last facts that were seen.
    pub os: String,
    pub architecture: String,
    pub cores: u32,
    pub memory_total: u64,
    pub agent_version: String,
}

/// Key figures of all hosts at one beat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OverviewFrame {
    /// Running number; a hole means that this client was too slow.
    pub seq: u64,
    pub at_ms: i64,
    pub inventory_revision: u64,
    /// One for each host of the inventory.
    pub hosts: Vec<HostFigures>,
    /// Nothing can be stored at the moment; samples wait in the centre's memory.
    pub store_failing: bool,
}

/// Key figures of one host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HostFigures {
    pub id: HostId,
    pub status: HostStatus,
    pub source: Option<Source>,
    /// From the agent's sampling to the centre's receipt, in milliseconds, by both clocks; at least zero. For other sources
    /// the time that one collection took.
    pub latency_ms: Option<f32>,
    /// When the figures were sampled: UTC, milliseconds, by the host's clock. Figures of an offline host are gaps.
    pub sampled_at_ms: Option<i64>,
    pub cpu_percent: Option<f32>,
    pub memory_percent: Option<f32>,
    /// Of the fullest file system.
    pub disk_percent: Option<f32>,
    pub load_one: Option<f32>,
    pub in_bytes_per_s: Option<f64>,
    pub out_bytes_per_s: Option<f64>,
    pub uptime_s: Option<u64>,
    /// How the figures stand to their thresholds.
    pub levels: Levels,
}

/// Everything about one host at one beat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HostFrame {
    pub seq: u64,
    pub at_ms: i64,
    pub figures: HostFigures,
    /// Complete (facts and processes carried over); `None` while nothing has been read.
    pub snapshot: Option<Box<Snapshot>>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", content = "detail", rename_all = "snake_case")]
pub enum Event {
    /// A host changed its state.
    Status(StatusEvent),
    /// A host is read in another way.
    Source(SourceEvent),
    /// An action on a host went a step further.
    Deploy(DeployProgress),
}

/// A change of state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatusEvent {
    pub host_id: HostId,
    pub at_ms: i64,
    pub from: HostStatus,
    pub to: HostStatus,
    pub source: Option<Source>,
    /// Technical reason in English, for logs and tooltips; empty where there is none.
    pub reason: String,
}

/// A change of the way in which a host is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceEvent {
    pub host_id: HostId,
    pub at_ms: i64,
    /// `None`: there was none yet, or the host was offline.
    pub from: Option<Source>,
    pub to: Source,
    /// Technical reason in English, for logs and tooltips: why the former source failed, or that a better one answers again.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{decode_message, encode_message};
    use crate::snapshot::{Cpu, Snapshot};

    fn messages() -> Vec<ServerMessage> {
        let figures = HostFigures { id: 3, source: Some(Source::Agent), cpu_percent: Some(12.5), ..HostFigures::default() };
        let status =
            StatusEvent { host_id: 3, at_ms: 1, from: HostStatus::Online, to: HostStatus::Offline, source: None, reason: String::new() };
        vec![
            ServerMessage::Hello(Hello { protocol: 1, version: "0.1.0".into(), at_ms: 5, beat_ms: 500 }),
            ServerMessage::Inventory(Inventory { revision: 2, hosts: vec![HostCard { id: 3, name: "web".into(), ..HostCard::default() }] }),
            ServerMessage::Overview(OverviewFrame { seq: 1, at_ms: 2, inventory_revision: 2, hosts: vec![figures], store_failing: true }),
            ServerMessage::Host(HostFrame {
                seq: 1,
                at_ms: 2,
                figures,
                snapshot: Some(Box::new(Snapshot {
                    cpu: Some(Cpu { cores_percent: vec![Some(1.0), None], ..Cpu::default() }),
                    ..Snapshot::default()
                })),
            }),
            ServerMessage::Alerts(AlertBoard { revision: 3, ..AlertBoard::default() }),
            ServerMessage::Event(Event::Status(status)),
            ServerMessage::Event(Event::Source(SourceEvent {
                host_id: 3,
                at_ms: 1,
                from: Some(Source::Agent),
                to: Source::Ssh,
                reason: "closed".into(),
            })),
            ServerMessage::Event(Event::Deploy(DeployProgress::new(3, crate::deploy::DeployAction::Install, 7))),
        ]
    }

    #[test]
    fn every_message_survives_both_encodings() {
        for message in messages() {
            let text = serde_json::to_string(&message).unwrap();
            assert_eq!(serde_json::from_str::<ServerMessage>(&text).unwrap(), message);
            assert_eq!(decode_message(&encode_message(&message).unwrap()).unwrap(), message, "{text}");
        }
    }

    #[test]
    fn topics_are_written_as_documented() {
        assert_eq!(serde_json::to_string(&ClientMessage::Subscribe(Topic::Host(3))).unwrap(), r#"{"type":"subscribe","data":"host:3"}"#);
        assert_eq!("host:x".parse::<Topic>(), Err(UnknownTopic));
        assert_eq!("all".parse::<Topic>(), Err(UnknownTopic));
    }
}
