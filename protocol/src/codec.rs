//! MessagePack (<https://github.com/msgpack/msgpack/blob/master/spec.md>) for both boundaries.
//!
//! Agent payloads are maps with field names: an old centre reads a new agent and the other way round. The page's frames are
//! arrays without names, a quarter of the size, because page and centre always come from one build. They begin with one byte that
//! tells their kind, and not with serde's tag: reading a tagged enum costs the page's wasm several copies of every decoder.

use crate::live::{Event, ServerMessage};
use crate::snapshot::Snapshot;

/// A payload that does not decode.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    #[error("malformed payload: {0}")]
    MessagePack(#[from] rmp_serde::decode::Error),
    #[error("malformed payload: {0}")]
    Json(#[from] serde_json::Error),
    /// Empty, or of a kind that this build does not know.
    #[error("unknown kind of message")]
    UnknownKind,
}

/// A payload that does not encode: only possible when a type's own `Serialize` fails.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    #[error("cannot encode: {0}")]
    MessagePack(#[from] rmp_serde::encode::Error),
    #[error("cannot encode: {0}")]
    Json(#[from] serde_json::Error),
}

/// First byte of a page payload.
mod kind {
    pub const HELLO: u8 = 0;
    pub const INVENTORY: u8 = 1;
    pub const OVERVIEW: u8 = 2;
    pub const HOST: u8 = 3;
    pub const STATUS: u8 = 4;
    pub const DEPLOY: u8 = 5;
    pub const SOURCE: u8 = 6;
    pub const ALERTS: u8 = 7;
}

/// Encodes one snapshot of an agent's stream.
///
/// # Errors
/// Never in practice; see [`EncodeError`].
pub fn encode_snapshot(snapshot: &Snapshot) -> Result<Vec<u8>, EncodeError> {
    Ok(rmp_serde::to_vec_named(snapshot)?)
}

/// Decodes one snapshot of an agent's stream. Unknown fields are ignored, missing ones are gaps.
///
/// # Errors
/// The bytes are not MessagePack, or a known field has another type.
pub fn decode_snapshot(bytes: &[u8]) -> Result<Snapshot, DecodeError> {
    Ok(rmp_serde::from_slice(bytes)?)
}

/// Encodes one message to the page.
///
/// # Errors
/// Never in practice; see [`EncodeError`].
pub fn encode_message(message: &ServerMessage) -> Result<Vec<u8>, EncodeError> {
    let (kind, payload) = match message {
        // What is seldom goes as JSON: the page has a reader for it anyway, because server functions answer the same types.
        ServerMessage::Hello(hello) => (kind::HELLO, serde_json::to_vec(hello)?),
        ServerMessage::Inventory(inventory) => (kind::INVENTORY, serde_json::to_vec(inventory)?),
        ServerMessage::Alerts(board) => (kind::ALERTS, serde_json::to_vec(board)?),
        ServerMessage::Overview(frame) => (kind::OVERVIEW, rmp_serde::to_vec(frame)?),
        // A snapshot leaves out its gaps, which only names can tell.
        ServerMessage::Host(frame) => (kind::HOST, rmp_serde::to_vec_named(frame)?),
        ServerMessage::Event(Event::Status(event)) => (kind::STATUS, serde_json::to_vec(event)?),
        ServerMessage::Event(Event::Source(event)) => (kind::SOURCE, serde_json::to_vec(event)?),
        ServerMessage::Event(Event::Deploy(progress)) => (kind::DEPLOY, serde_json::to_vec(progress)?),
    };
    let mut bytes = Vec::with_capacity(payload.len() + 1);
    bytes.push(kind);
    bytes.extend_from_slice(&payload);
    Ok(bytes)
}

/// Decodes one message to the page.
///
/// # Errors
/// The bytes come from a centre of another build.
pub fn decode_message(bytes: &[u8]) -> Result<ServerMessage, DecodeError> {
    let (kind, payload) = bytes.split_first().ok_or(DecodeError::UnknownKind)?;
    Ok(match *kind {
        kind::HELLO => ServerMessage::Hello(serde_json::from_slice(payload)?),
        kind::INVENTORY => ServerMessage::Inventory(serde_json::from_slice(payload)?),
        kind::OVERVIEW => ServerMessage::Overview(rmp_serde::from_slice(payload)?),
        kind::HOST => ServerMessage::Host(rmp_serde::from_slice(payload)?),
        kind::ALERTS => ServerMessage::Alerts(serde_json::from_slice(payload)?),
        kind::STATUS => ServerMessage::Event(Event::Status(serde_json::from_slice(payload)?)),
        kind::SOURCE => ServerMessage::Event(Event::Source(serde_json::from_slice(payload)?)),
        kind::DEPLOY => ServerMessage::Event(Event::Deploy(serde_json::from_slice(payload)?)),
        _ => return Err(DecodeError::UnknownKind),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn what_is_no_message_is_said() {
        for (bytes, unknown) in [(&[][..], true), (&[99, 0x90], true), (&[kind::OVERVIEW, 0xc1], false), (b"\x05{", false)] {
            let error = decode_message(bytes).unwrap_err();
            assert_eq!(matches!(error, DecodeError::UnknownKind), unknown, "{bytes:?}");
        }
    }
}
