//! Types that cross a process boundary: agent to centre, centre to browser. No I/O.
//!
//! Time is UTC milliseconds, sizes are bytes, rates are per second, shares are per cent (0 to 100).
//! A metric that could not be read is `None` or absent: a gap, never a zero.

pub mod alert;
pub mod beat;
pub mod codec;
pub mod deploy;
pub mod history;
pub mod host;
pub mod live;
pub mod metric;
pub mod notify;
pub mod secret;
pub mod snapshot;

/// Version of the agent's and the page's payloads. Raised only when an old reader would misunderstand a new payload;
/// additions do not raise it, because agent payloads name their fields and readers ignore names they do not know.
pub const PROTOCOL_VERSION: u16 = 1;

/// TCP port on which an agent serves unless its host has the port taken.
pub const DEFAULT_AGENT_PORT: u16 = 9100;
