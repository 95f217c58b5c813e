//! MessagePack (<https://github.com/msgpack/msgpack/blob/master/spec.md>) for both boundaries.
//!
//! Agent payloads are maps with field names: an old centre reads a new agent and the other way round. Page payloads are
//! arrays without names, a quarter of the size, because page and centre always come from one build.

use crate::live::ServerMessage;
use crate::snapshot::Snapshot;

/// A payload that does not decode.
#[derive(Debug, thiserror::Error)]
#[error("malformed payload: {0}")]
pub struct DecodeError(#[from] rmp_serde::decode::Error);

/// A payload that does not encode: only possible when a type's own `Serialize` fails.
#[derive(Debug, thiserror::Error)]
#[error("cannot encode: {0}")]
pub struct EncodeError(#[from] rmp_serde::encode::Error);

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
    Ok(match message {
        // A snapshot leaves out its gaps, which only names can tell.
        ServerMessage::Host(_) => rmp_serde::to_vec_named(message)?,
        _ => rmp_serde::to_vec(message)?,
    })
}

/// Decodes one message to the page.
///
/// # Errors
/// The bytes come from a centre of another build.
pub fn decode_message(bytes: &[u8]) -> Result<ServerMessage, DecodeError> {
    Ok(rmp_serde::from_slice(bytes)?)
}
