//! What a client may cost: connections, bytes, and time at each step.

use std::time::Duration;

/// Connections at a time. More wait unanswered in the kernel's queue.
pub(super) const MAX_CONNECTIONS: usize = 32;

/// Request line and headers together.
pub(super) const MAX_HEADER_BYTES: usize = 8 * 1024;

/// Number of header lines.
pub(super) const MAX_HEADERS: usize = 48;

/// From the connection to the end of the TLS handshake.
pub(super) const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// From the end of the handshake until the client has shown its token: strangers hold no place for long.
pub(super) const AUTHORISE_TIMEOUT: Duration = Duration::from_secs(10);

/// From one answer to the end of the next request's headers. No usual scrape interval, so that a scraper never finds its connection
/// closed at the very moment of its next request.
pub(super) const IDLE_TIMEOUT: Duration = Duration::from_secs(95);

/// How long a message may wait for a client that does not read.
pub(super) const WRITE_TIMEOUT: Duration = Duration::from_secs(5);

/// How often a stream's client must show that it lives.
pub(super) const PING_EVERY: Duration = Duration::from_secs(10);

/// After this long without an answer a stream's client is gone.
pub(super) const SILENCE_LIMIT: Duration = Duration::from_secs(25);

/// How long open connections may take to end after the agent was told to stop.
pub(super) const STOP_TIMEOUT: Duration = Duration::from_secs(2);
