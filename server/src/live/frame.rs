//! One message, encoded once for all subscribers.

use axum::body::Bytes;
use axum::extract::ws::Utf8Bytes;
use protocol::codec::{EncodeError, encode_message};
use protocol::live::ServerMessage;
use std::sync::{Arc, OnceLock};

/// A message with its encodings. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Frame(Arc<Encoded>);

#[derive(Debug)]
struct Encoded {
    message: ServerMessage,
    binary: Bytes,
    /// Made when the first client asks for it: most never do.
    json: OnceLock<Utf8Bytes>,
}

impl Frame {
    /// Encodes a message.
    ///
    /// # Errors
    /// Never in practice; see [`EncodeError`].
    pub fn new(message: ServerMessage) -> Result<Self, EncodeError> {
        let binary = encode_message(&message)?.into();
        Ok(Self(Arc::new(Encoded { message, binary, json: OnceLock::new() })))
    }

    /// MessagePack.
    pub fn binary(&self) -> Bytes {
        self.0.binary.clone()
    }

    /// JSON.
    pub fn json(&self) -> Utf8Bytes {
        let encode = || serde_json::to_string(&self.0.message).unwrap_or_default().into();
        self.0.json.get_or_init(encode).clone()
    }
}
